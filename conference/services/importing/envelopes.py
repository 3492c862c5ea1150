"""Would a row of a file pass the ceiling of the convention under which its line was made?

Told row by row, in the order in which they are written, so that one row is refused and not the whole file (SEMANTICS §2). The
ceilings are read once for a file, and only when a line that is there already changes.
"""

from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from sqlmodel import Session, col, select

from conference.data.tables import Convention, ConventionBalance, ConventionCommitment
from conference.domain.convention import IN_FORCE
from conference.domain.french import format_euros
from conference.domain.ledger import EntryKind
from conference.domain.money import ZERO

_SIGNS = {EntryKind.COMMITMENT: 1, EntryKind.FORECAST: 1, EntryKind.RELEASE: -1}


class _Envelope(NamedTuple):
    ceiling: Decimal | None
    left: Decimal | None
    in_force: bool


def engaged_by(kind: EntryKind, amount: Decimal) -> Decimal:
    """What an entry takes of an envelope, in euros; negative when it gives back."""
    return _SIGNS.get(kind, 0) * amount


class Envelopes:
    """What is left of each convention, as the rows of one file would leave it."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._taken: dict[int, Decimal] = {}

    def fault(self, commitment_id: int, change: Decimal) -> tuple[str, str] | None:
        """(code, sentence) when `change` euros more would break the rule of its convention; else they are counted."""
        convention_id = self._links.get(commitment_id) if change else None
        if convention_id is None:
            return None
        envelope, taken = self._envelopes[convention_id], self._taken.get(convention_id, ZERO)
        if change > 0 and not envelope.in_force:
            return "convention_not_in_force", "La convention de cet engagement n’est plus en vigueur."
        if change > 0 and envelope.left is not None and change > envelope.left - taken:
            ceiling, left = format_euros(envelope.ceiling or ZERO), format_euros(envelope.left - taken)
            return "convention_ceiling", f"Cette convention a un plafond de {ceiling}. Il reste {left}."
        self._taken[convention_id] = taken + change
        return None

    @cached_property
    def _links(self) -> dict[int, int]:
        query = select(ConventionCommitment.commitment_id, ConventionCommitment.convention_id)
        return dict(self._session.exec(query).all())

    @cached_property
    def _envelopes(self) -> dict[int, _Envelope]:
        query = select(ConventionBalance, Convention.status).join(
            Convention, col(Convention.id) == col(ConventionBalance.convention_id)
        )
        return {
            row.convention_id: _Envelope(
                row.ceiling,
                None if row.ceiling is None else row.ceiling - row.committed - row.forecast,
                status in IN_FORCE,
            )
            for row, status in self._session.exec(query)
        }
