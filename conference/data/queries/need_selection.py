"""Which cells, or which gaps, does a selection of needs choose? Both tables have the same columns."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, Integer, func, select, type_coerce
from sqlmodel import Session

from conference.data.tables import REFERENCE_TABLES, Gap, NeedCell
from conference.data.tables.metadata import table_of
from conference.data.types import month_number
from conference.domain.money import from_cents
from conference.domain.needs import NOT_SAID, Need, NeedAxis, NeedFilters, stored_payer
from conference.domain.permissions import Actor, Relation, is_granted

CELLS, GAPS = table_of(NeedCell), table_of(Gap)
LISTS = (NeedAxis.TERRITORY, NeedAxis.AUDIENCE)
COLUMN = {axis: f"{axis}_id" if axis in LISTS else axis.value for axis in NeedAxis}
"""Name of the column of each axis."""


def reads_all(reader: Actor) -> bool:
    """May the reader read every parcours, so that nothing is hidden from it?"""
    return is_granted(reader, "parcours.read", Relation.OTHER)


def key_of(table: Any, axis: NeedAxis) -> Any:
    """The column of an axis, months by their number."""
    column = table.c[COLUMN[axis]]
    return type_coerce(column, Integer) if axis is NeedAxis.MONTH else column


def chosen(session: Session, filters: NeedFilters, table: Any) -> list[Any]:
    """The conditions of a selection, on cells or on gaps: both have the same columns."""
    month = type_coerce(table.c.month, Integer)
    wanted: list[Any] = []
    if filters.first_month and filters.first_month == filters.last_month:
        wanted.append(month == month_number(filters.first_month))
    elif filters.first_month or filters.last_month:
        wanted += [month >= month_number(filters.first_month)] if filters.first_month else []
        wanted += [month <= month_number(filters.last_month)] if filters.last_month else []
    for axis, code in ((NeedAxis.TERRITORY, filters.territory), (NeedAxis.AUDIENCE, filters.audience)):
        if code:
            wanted.append(table.c[COLUMN[axis]] == _item_id(session, axis, code))
    if filters.payer:
        wanted.append(table.c.payer == stored_payer(filters.payer))
    return [*wanted, table.c.reason == filters.reason] if filters.reason else wanted


def _item_id(session: Session, axis: NeedAxis, code: str) -> int:
    """Identifier of an item by its code, 0 for NOT_SAID; -1, which nothing has, when there is none."""
    if code == NOT_SAID:
        return 0
    table = table_of(REFERENCE_TABLES[axis.value])
    found = session.connection().execute(select(table.c.id).where(table.c.code == code)).scalar_one_or_none()
    return -1 if found is None else int(found)


def total_of(session: Session, filters: NeedFilters) -> Need:
    """What the selection adds up to, from its cells."""
    cents = func.sum(type_coerce(CELLS.c.amount, BigInteger))
    query = select(func.sum(CELLS.c.days), cents, func.sum(CELLS.c.unknown_days))
    return need_of(session.connection().execute(query.where(*chosen(session, filters, CELLS))).one())


def need_of(row: Sequence[Any]) -> Need:
    """Days, cents and days without an amount, as a sum of the database gives them (None: nothing was added)."""
    return Need(int(row[0] or 0), from_cents(int(row[1] or 0)), int(row[2] or 0))
