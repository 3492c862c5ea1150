"""How do the days that nobody pays become rows, and the table of needs their sum?

The rows of a parcours are written again only when they differ; the cells that they add up to are moved by the difference in
the same transaction, so that a page reads cells and never a million gaps. A cell counts a parcours once, however many of its
gaps it holds.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import delete, select
from sqlmodel import Session, col

from conference.data.tables import Gap, NeedCell
from conference.data.types import month_number
from conference.data.upsert import add_to_rows, insert_columns
from conference.domain.alert_facts import Followed
from conference.domain.gaps import GapPart
from conference.domain.money import ZERO
from conference.services.numbering import next_id

CHUNK = 500
Key = tuple[date, int, int, str, str]
"""Month, territory, audience, possible payer, reason of a cell."""


class GapRow(NamedTuple):
    """One row of `gap`, without its identifier."""

    parcours_id: int
    step_id: int
    month: date
    first: date
    last: date
    days: int
    amount: Decimal | None
    reason: str
    payer: str
    territory_id: int
    audience_id: int

    @property
    def cell(self) -> Key:
        """The cell that adds it up."""
        return self.month, self.territory_id, self.audience_id, self.payer, self.reason


_COLUMNS = tuple(Gap.__table__.c[name] for name in GapRow._fields)  # type: ignore[attr-defined]


class _Sums:
    """What a cell gains or loses."""

    def __init__(self) -> None:
        self.days = self.unknown_days = self.parcours = 0
        self.amount = ZERO

    def add(self, row: GapRow, sign: int) -> None:
        self.days += sign * row.days
        if row.amount is None:
            self.unknown_days += sign * row.days
        else:
            self.amount += sign * row.amount

    @property
    def moved(self) -> bool:
        return bool(self.days or self.unknown_days or self.parcours or self.amount)


def rows_of(followed: Followed, parts: Iterable[GapPart]) -> tuple[GapRow, ...]:
    """The rows of the gaps of a parcours, in the order of their days."""
    return tuple(
        GapRow(
            *(followed.id, int(part.step_id), part.month, part.first, part.last, part.days, part.amount),
            *(part.reason, part.payer, followed.territory_id, followed.audience_id),
        )
        for part in parts
    )


def gaps_of(session: Session, condition: Any) -> dict[int, tuple[GapRow, ...]]:
    """The stored rows that a condition on `gap` chooses, by parcours, in the order of their days."""
    query = select(*_COLUMNS).where(condition).order_by(col(Gap.parcours_id), col(Gap.first), col(Gap.id))
    found: dict[int, list[GapRow]] = {}
    for row in session.execute(query):
        found.setdefault(row[0], []).append(GapRow(*row))
    return {parcours_id: tuple(rows) for parcours_id, rows in found.items()}


def save_gaps(session: Session, wanted: Mapping[int, Sequence[GapRow]]) -> int:
    """Bring the gaps of these parcours, and the cells that add them up, to `wanted`; the number of parcours that changed."""
    changed: dict[int, tuple[Sequence[GapRow], Sequence[GapRow]]] = {}
    ids = sorted(wanted)
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        stored = gaps_of(session, col(Gap.parcours_id).in_(chunk))
        for parcours_id in chunk:
            before = stored.get(parcours_id, ())
            if before != tuple(wanted[parcours_id]):
                changed[parcours_id] = before, wanted[parcours_id]
    _rewrite(session, changed)
    _move_cells(session, changed.values())
    return len(changed)


def _rewrite(session: Session, changed: Mapping[int, tuple[Sequence[GapRow], Sequence[GapRow]]]) -> None:
    gone = [parcours_id for parcours_id, (before, _) in changed.items() if before]
    for start in range(0, len(gone), CHUNK):
        session.execute(delete(Gap).where(col(Gap.parcours_id).in_(gone[start : start + CHUNK])))
    rows = [row for _, after in changed.values() for row in after]
    if rows:
        first = next_id(session, Gap)
        columns = dict(zip(GapRow._fields, zip(*rows, strict=True), strict=True))
        insert_columns(session, Gap.__table__, {"id": range(first, first + len(rows)), **columns})  # type: ignore[attr-defined]


def _move_cells(session: Session, changed: Iterable[tuple[Sequence[GapRow], Sequence[GapRow]]]) -> None:
    sums: dict[Key, _Sums] = {}
    for before, after in changed:
        for rows, sign in ((before, -1), (after, 1)):
            for row in rows:
                sums.setdefault(row.cell, _Sums()).add(row, sign)
            for cell in {row.cell for row in rows}:
                sums[cell].parcours += sign
    moved = [_values(cell, each) for cell, each in sorted(sums.items()) if each.moved]
    table = NeedCell.__table__  # type: ignore[attr-defined]
    add_to_rows(session, table, [row for row in moved if not _lessens(row)], _ADDED)
    lessened = [row for row in moved if _lessens(row)]
    if lessened:
        _lessen(session, lessened)
        session.execute(delete(NeedCell).where(col(NeedCell.parcours) == 0))


_KEY = ("month", "territory_id", "audience_id", "payer", "reason")
_ADDED = ("days", "amount", "unknown_days", "parcours")


def _values(cell: Key, sums: _Sums) -> dict[str, Any]:
    added = (sums.days, sums.amount, sums.unknown_days, sums.parcours)
    return dict(zip((*_KEY, *_ADDED), (*cell, *added), strict=True))


def _lessens(row: Mapping[str, Any]) -> bool:
    """A count that goes down: the cell is there, and a row with a negative count may not even be offered."""
    return bool(min(row["days"], row["unknown_days"], row["parcours"]) < 0)


def _lessen(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    connection = session.connection()
    mark = "?" if connection.dialect.name == "sqlite" else "%s"
    moved = ", ".join(f'"{name}" = "{name}" + {mark}' for name in _ADDED)
    where = " AND ".join(f'"{name}" = {mark}' for name in _KEY)
    values = [
        (
            *(row["days"], int(row["amount"].scaleb(2)), row["unknown_days"], row["parcours"]),
            *(month_number(row["month"]), row["territory_id"], row["audience_id"], row["payer"], row["reason"]),
        )
        for row in rows
    ]
    connection.exec_driver_sql(f"UPDATE need_cell SET {moved} WHERE {where}", values)
