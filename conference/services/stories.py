"""What happened to a commitment after it was made, when all of it is known at once?

A file or the generator brings a commitment with its payments: writing both in one batch costs one balance and one update
of the rollups, where one call per payment would read the balance again each time.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from conference.domain.ledger import EntryKind
from conference.services.months import OpenMonths
from conference.services.posting import Posting


@dataclass(frozen=True, slots=True)
class Fact:
    """One entry that follows a new commitment: amount in euros, day. `annuls`: position among its line's facts of the one
    that it annuls (its amount is then negative, its kind and day the same, and it has a motive)."""

    kind: EntryKind
    amount: Decimal
    on: date
    annuls: int | None = None
    motive: str | None = None


def following(
    firsts: Sequence[Posting], facts: Sequence[Sequence[Fact]], *, next_entry_id: int, months: OpenMonths
) -> Iterator[Posting]:
    """Postings of the `facts` of each line, to be posted right after `firsts`, whose first one gets `next_entry_id`."""
    entry_id = next_entry_id + len(firsts)
    for first, told in zip(firsts, facts, strict=True):
        for fact in told:
            yield Posting(
                commitment_id=first.commitment_id,
                funder_id=first.funder_id,
                to_funder_id=first.to_funder_id,
                dimension_set_id=first.dimension_set_id,
                kind=fact.kind,
                amount=fact.amount,
                effective_on=fact.on,
                booked_month=months.booking(fact.on),
                source=first.source,
                reverses_id=None if fact.annuls is None else entry_id + fact.annuls,
                motive=fact.motive,
                import_file_id=first.import_file_id,
                source_sheet=first.source_sheet,
                source_row=first.source_row,
            )
        entry_id += len(told)
