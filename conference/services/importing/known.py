"""What does the ledger already hold of the rows of a file?

A row is known by its identity, unique for its funder. Its amount is compared with what files have told of the line so
far, not with what is left of it: a dégagement or a relais made since by hand is not undone by sending the same file again.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Row
from sqlalchemy import select as sql_select
from sqlmodel import Session, col, select

from conference.data.tables import Balance, Commitment, Entry
from conference.data.tables.sums import MEASURES
from conference.domain import ledger
from conference.domain.ledger import EntryKind, EntrySource
from conference.domain.money import ZERO

CHUNK = 500
_LINES = sql_select(
    col(Balance.commitment_id),
    col(Balance.funder_id),
    col(Balance.identity),
    col(Balance.committed_on),
    col(Balance.shared),
    *(getattr(Balance, name) for name in MEASURES),
    col(Commitment.reference),
    col(Commitment.import_file_id),
    col(Commitment.source),
).join(Commitment, col(Commitment.id) == Balance.commitment_id)
_ENTRIES = sql_select(
    *(getattr(Entry, name) for name in "id commitment_id kind amount effective_on reference source reverses_id".split())
)
_SIGNS = {EntryKind.FORECAST.value: 1, EntryKind.COMMITMENT.value: 1, EntryKind.RELEASE.value: -1}


@dataclass(frozen=True, slots=True)
class Known:
    """A line that is there already. `told`: its amount, in euros, by the files so far; `shared`: it has yearly shares."""

    commitment_id: int
    funder_id: int
    reference: str
    import_file_id: int | None
    committed_on: date | None
    balance: ledger.Balance
    told: Decimal
    shared: bool


@dataclass(frozen=True, slots=True)
class KnownEntry:
    """A live entry that a file brought."""

    entry_id: int
    kind: EntryKind
    amount: Decimal
    effective_on: date
    reference: str | None


def funders_with_lines(session: Session) -> frozenset[int]:
    """Funders of which a line with an identity lives: the others need no look-up at all."""
    query = select(Balance.funder_id).where(col(Balance.identity).is_not(None)).distinct()
    return frozenset(session.exec(query))


def known_lines(session: Session, wanted: Iterable[tuple[int, str]]) -> dict[tuple[int, str], Known]:
    """The living lines of these (funder, identity)."""
    pairs = set(wanted)
    identities = sorted({identity for _, identity in pairs})
    funders = {funder for funder, _ in pairs}
    found: dict[tuple[int, str], Known] = {}
    for start in range(0, len(identities), CHUNK):
        part = identities[start : start + CHUNK]
        query = _LINES.where(col(Balance.identity).in_(part), col(Balance.funder_id).in_(funders))
        rows = [row for row in session.connection().execute(query) if (row.funder_id, row.identity) in pairs]
        found.update({(row.funder_id, row.identity): known for row, known in _known(session, rows)})
    return found


def lines_by_reference(session: Session, wanted: Iterable[tuple[int, str]]) -> dict[tuple[int, str], Known]:
    """The lines of these (funder, reference of the tool: E-2026-000123)."""
    pairs = set(wanted)
    references = sorted({reference for _, reference in pairs})
    found: dict[tuple[int, str], Known] = {}
    for start in range(0, len(references), CHUNK):
        query = _LINES.where(col(Commitment.reference).in_(references[start : start + CHUNK]))
        rows = [row for row in session.connection().execute(query) if (row.funder_id, row.reference) in pairs]
        found.update({(row.funder_id, row.reference): known for row, known in _known(session, rows)})
    return found


def filed_entries(session: Session, commitment_ids: Sequence[int]) -> dict[int, list[KnownEntry]]:
    """Living entries that files brought to these lines, besides their engagements, oldest first."""
    found: dict[int, list[KnownEntry]] = {}
    for entry in _live(session, commitment_ids):
        if entry.source == EntrySource.FILE:
            kind = EntryKind(entry.kind)
            known = KnownEntry(entry.id or 0, kind, entry.amount, entry.effective_on, entry.reference)
            found.setdefault(entry.commitment_id, []).append(known)
    return found


def _known(session: Session, rows: Sequence[Row[Any]]) -> Iterator[tuple[Row[Any], Known]]:
    told = _told(session, rows)
    for row in rows:
        yield (
            row,
            Known(
                commitment_id=row.commitment_id,
                funder_id=row.funder_id,
                reference=row.reference,
                import_file_id=row.import_file_id,
                committed_on=row.committed_on,
                balance=ledger.Balance(**{name: row._mapping[name] for name in MEASURES}),
                told=told.get(row.commitment_id, ZERO),
                shared=bool(row.shared),
            ),
        )


def _told(session: Session, lines: Sequence[Row[Any]]) -> dict[int, Decimal]:
    """Amount of each line by the files: its living engagements and prévisions less its dégagements, as far as files brought
    them; a line that was made otherwise begins with what it was when the first file spoke of it."""
    by_file = {line.commitment_id for line in lines if line.source == EntrySource.FILE}
    found: dict[int, Decimal] = {}
    filed: set[int] = set()
    for entry in _live(session, [line.commitment_id for line in lines]):
        sign = _SIGNS.get(entry.kind)
        if sign is None:
            continue
        is_filed = entry.source == EntrySource.FILE
        number = entry.commitment_id
        if is_filed or (number not in by_file and number not in filed):
            found[number] = found.get(number, ZERO) + sign * entry.amount
        if is_filed:
            filed.add(number)
    return found


def _live(session: Session, commitment_ids: Sequence[int]) -> Iterator[Row[Any]]:
    """Entries that are neither annulations nor annulled, oldest first."""
    for start in range(0, len(commitment_ids), CHUNK):
        query = _ENTRIES.where(col(Entry.commitment_id).in_(commitment_ids[start : start + CHUNK]))
        entries = session.connection().execute(query.order_by(col(Entry.id))).all()
        gone = {entry.reverses_id for entry in entries}
        yield from (entry for entry in entries if entry.reverses_id is None and entry.id not in gone)
