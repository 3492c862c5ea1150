"""Which funders have entries in a selection, of those that should, and up to when?

What « 5 financeurs sur 7 » says beside a total: a funder counts as present when one entry of it is booked in the months
asked; expected is a funder in being at any time of these months. All months together, a funder of the past that never
entered anything here is not waited for.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlmodel import Session

from conference.data.queries.commitment_filters import Filters, O
from conference.data.queries.commitment_order import sort_key
from conference.data.tables import RollupFunder
from conference.domain.french import next_month

R: Any = RollupFunder.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Sent:
    """What one funder entered in the months asked. `is_expected`: in being at some time of them; `last_on`: the last day that
    its entries concern; `last_recorded_at`: when the last of them was learnt; `months`: those that have an entry."""

    code: str
    name: str
    is_expected: bool
    entries: int
    last_on: date | None
    last_recorded_at: datetime | None
    months: tuple[date, ...]


def sent_by_funder(session: Session, filters: Filters) -> tuple[Sent, ...]:
    """Each funder expected in the months asked, or that has entries in them, in French order; within the funders asked."""
    connection = session.connection()
    wanted = {row.id for row in connection.execute(_expected(filters))}
    funders = select(O.c.id, O.c.code, O.c.short_name).where(O.c.is_funder)
    if filters.funders:
        funders = funders.where(O.c.code.in_(filters.funders))
    cells: dict[int, list[Any]] = {}
    columns = (R.c.funder_id, R.c.month, R.c.entry_count, R.c.last_on, R.c.last_recorded_at)
    for row in connection.execute(select(*columns).where(R.c.entry_count > 0, *_months(filters))):
        cells.setdefault(row.funder_id, []).append(row)
    rows = sorted(connection.execute(funders), key=lambda row: (sort_key(row.short_name), row.code))
    return tuple(
        _sent(row, row.id in wanted, cells.get(row.id, [])) for row in rows if row.id in wanted or row.id in cells
    )


def _sent(funder: Any, is_expected: bool, cells: list[Any]) -> Sent:
    return Sent(
        code=funder.code,
        name=funder.short_name,
        is_expected=is_expected,
        entries=sum(cell.entry_count for cell in cells),
        last_on=max((cell.last_on for cell in cells), default=None),
        last_recorded_at=max((cell.last_recorded_at for cell in cells), default=None),
        months=tuple(sorted({cell.month for cell in cells})),
    )


def funders_that_sent(session: Session, filters: Filters) -> tuple[int, int]:
    """(funders with an entry in the months asked, funders expected), within the funders asked."""
    expected = _expected(filters)
    sent = select(func.count(func.distinct(R.c.funder_id))).where(R.c.entry_count > 0, R.c.funder_id.in_(expected))
    connection = session.connection()
    count = connection.execute(select(func.count()).select_from(expected.subquery())).scalar_one()
    return int(connection.execute(sent.where(*_months(filters))).scalar_one()), int(count)


def _expected(filters: Filters) -> Any:
    """Identifiers of the funders in being at some time of the months asked."""
    expected = select(O.c.id).where(O.c.is_funder)
    if filters.funders:
        expected = expected.where(O.c.code.in_(filters.funders))
    if filters.first_month:
        expected = expected.where(or_(O.c.last.is_(None), O.c.last >= filters.first_month))
    else:
        expected = expected.where(or_(O.c.last.is_(None), O.c.id.in_(select(R.c.funder_id).where(R.c.entry_count > 0))))
    if filters.last_month:
        expected = expected.where(or_(O.c.first.is_(None), O.c.first < next_month(filters.last_month)))
    return expected


def _months(filters: Filters) -> list[Any]:
    months = []
    if filters.first_month:
        months.append(R.c.month >= filters.first_month)
    if filters.last_month:
        months.append(R.c.month <= filters.last_month)
    return months
