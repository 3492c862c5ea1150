"""What do funders spend, folded by whatever one asks, at a cost that does not grow with the number of entries?

One read of the rollups gives the cells of a selection; every figure of a page is folded from them in memory, so that its
totals, its tables and its charts agree by construction. Cells are summed in integer cents and become `Decimal` euros once
folded. What one funder of the selection pays through another one of it is internal (SEMANTICS §1). Everybody sees
aggregates; the lines behind them are another matter.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, Integer, bindparam, case, func, literal_column, select, type_coerce
from sqlmodel import Session

from conference.data.queries.commitment_filters import Filters
from conference.data.queries.commitment_order import sort_key
from conference.data.tables import (
    REFERENCE_TABLES,
    DimensionSet,
    MonthState,
    Organisation,
    RollupFunder,
    RollupMonth,
    RollupTotal,
)
from conference.data.tables.metadata import table_of
from conference.data.tables.sums import MEASURES
from conference.data.types import month_date, month_number
from conference.domain.figures import LIST_AXES, NO_SUMS, Axis, Sums
from conference.domain.french import format_month
from conference.domain.money import ZERO, from_cents

_SETS, _FUNDERS = table_of(DimensionSet), table_of(Organisation)
_Cell = tuple[int, ...]
"""Is internal, one identifier per axis that was read (a month or a year by its number), then committed, ordered and paid in
cents, persons, lines and entries."""


@dataclass(frozen=True, slots=True)
class Group:
    """Figures of one member of each axis asked. `key`: a code per axis; months are "2026-03", years "2026"."""

    key: tuple[str, ...]
    gross: Sums
    internal: Sums

    @property
    def shared(self) -> Sums:
        """What is left once internal transfers are taken out."""
        return self.gross - self.internal


Part = Callable[[Group], Sums]
"""Which figures of a group are told."""


def gross(group: Group) -> Sums:
    """What its funders spend."""
    return group.gross


def internal(group: Group) -> Sums:
    """What they spend through one another."""
    return group.internal


def shared(group: Group) -> Sums:
    """What is left once internal transfers are taken out."""
    return group.shared


class Cells:
    """The cells of a selection, and what they fold to."""

    def __init__(self, cells: Sequence[_Cell], members: "Members") -> None:
        self._cells, self._members = cells, members
        self._folded: dict[tuple[Axis, ...], tuple[Group, ...]] = {}

    def by(self, *axes: Axis) -> tuple[Group, ...]:
        """One group per combination that has entries: funders in French order, list items in that of their list, months in
        time. ValueError: an axis that was not read."""
        if axes not in self._folded:
            self._folded[axes] = self._fold(axes)
        return self._folded[axes]

    def _fold(self, axes: tuple[Axis, ...]) -> tuple[Group, ...]:
        readers = [self._members.reader(axis) for axis in axes]
        gross: dict[tuple[str, ...], list[int]] = {}
        internal: dict[tuple[str, ...], list[int]] = {}
        for cell in self._cells:
            key = tuple([known[cell[place]] for place, known in readers])
            _add(gross, key, cell)
            if cell[0]:
                _add(internal, key, cell)
        ranks = [self._members.ranks(axis) for axis in axes]
        ordered = sorted(gross, key=lambda key: [rank.get(code, code) for rank, code in zip(ranks, key, strict=True)])
        return tuple(Group(key, _sums(gross[key]), _sums(internal.get(key))) for key in ordered)

    def total(self) -> Group:
        """All the cells together."""
        found = self.by()
        return found[0] if found else Group((), NO_SUMS, NO_SUMS)

    def committed_of(self, code: str) -> dict[Axis, Decimal]:
        """Committed by the member `code` of each list read, internal transfers taken out; one pass for all lists."""
        found = {}
        for axis in LIST_AXES:
            if axis in self._members.read:
                place, codes = self._members.reader(axis)
                wanted = {each for each, known in codes.items() if known == code}
                found[axis] = from_cents(sum(c[-6] for c in self._cells if c[place] in wanted and not c[0]))
        return found

    def in_order(self, axis: Axis, codes: Collection[str]) -> tuple[str, ...]:
        """Codes of members in the order of their axis, each once."""
        ranks = self._members.ranks(axis)
        return tuple(sorted(set(codes), key=lambda code: ranks.get(code, code)))

    def label(self, axis: Axis, code: str) -> str:
        """What a member is called: "mars 2026", "2026", "Région", "Contrat de professionnalisation"."""
        return self._members.label(axis, code)


@dataclass(frozen=True)
class Members:
    """Codes, labels and order of what the cells are told by."""

    read: tuple[Axis, ...]
    """The axes that the cells are told by, in their order."""
    known: Mapping[Axis, Mapping[int, tuple[str, str]]]
    """(code, label) of each funder and item by identifier, in the order of its axis."""
    periods: frozenset[int]
    """Numbers of the months, or of the years, that the cells are told by."""

    def reader(self, axis: Axis) -> tuple[int, Mapping[int, str]]:
        """Where a cell tells its member, and the code of each. ValueError: an axis that was not read."""
        place = Axis.MONTH if axis is Axis.YEAR and Axis.MONTH in self.read else axis
        if place not in self.read:
            raise ValueError(f"{axis} was not read")
        if axis in (Axis.MONTH, Axis.YEAR):
            codes = {each: _period(axis, each) for each in self.periods}
        else:
            codes = {each: code for each, (code, _) in self.known[axis].items()}
        return 1 + self.read.index(place), codes

    def label(self, axis: Axis, code: str) -> str:
        """See `Cells.label`."""
        if axis is Axis.MONTH:
            return format_month(date.fromisoformat(f"{code}-01"))
        if axis is Axis.YEAR:
            return code
        return next(label for each, label in self.known[axis].values() if each == code)

    def ranks(self, axis: Axis) -> Mapping[str, Any]:
        """Place of each member among those of its axis; months and years are in the order of their codes."""
        if axis in (Axis.MONTH, Axis.YEAR):
            return {}
        return {code: rank for rank, (code, _) in enumerate(self.known[axis].values())}


def _period(axis: Axis, number: int) -> str:
    """Code of the month 202603 or of its year; a year may be told by its own number."""
    year = number // 100 if number > 9999 else number
    return f"{year}" if axis is Axis.YEAR else f"{month_date(number):%Y-%m}"


def read_cells(session: Session, filters: Filters, *, axes: Collection[Axis]) -> Cells:
    """The cells of `filters` (funders, items of lists, booked months), as fine as `axes` needs and no finer."""
    asked = set(axes) - ({Axis.YEAR} if Axis.MONTH in axes else set())
    read = tuple(axis for axis in Axis if axis in asked)
    shape = _Shape(
        read=read,
        funders=bool(filters.funders),
        items=tuple(name for name, codes in filters.items.items() if codes),
        since=filters.first_month is not None,
        until=filters.last_month is not None,
    )
    given: dict[str, Any] = {f"codes_{name}": list(filters.items[name]) for name in shape.items}
    given |= {"funders": list(filters.funders)} if shape.funders else {}
    given |= {"since": month_number(filters.first_month)} if filters.first_month else {}
    given |= {"until": month_number(filters.last_month)} if filters.last_month else {}
    connection = session.connection()
    cells = [tuple(map(int, row)) for row in connection.execute(_statement(shape), given).all()]
    known: dict[Axis, Mapping[int, tuple[str, str]]] = {
        axis: _known(session, axis) for axis in read if axis not in (Axis.MONTH, Axis.YEAR)
    }
    place = next((1 + rank for rank, axis in enumerate(read) if axis in (Axis.MONTH, Axis.YEAR)), None)
    return Cells(cells, Members(read, known, frozenset(cell[place] for cell in cells) if place else frozenset()))


def _add(folded: dict[tuple[str, ...], list[int]], key: tuple[str, ...], cell: _Cell) -> None:
    target = folded.get(key)
    if target is None:
        folded[key] = list(cell[-6:])
        return
    target[0] += cell[-6]
    target[1] += cell[-5]
    target[2] += cell[-4]
    target[3] += cell[-3]
    target[4] += cell[-2]
    target[5] += cell[-1]


def _sums(cents: Sequence[int] | None) -> Sums:
    if cents is None:
        return NO_SUMS
    committed, ordered, paid, *counts = cents
    return Sums(from_cents(committed), from_cents(ordered) if ordered else ZERO, from_cents(paid), *counts)


@dataclass(frozen=True)
class _Shape:
    """What a statement depends on, but for its values: it is then built once."""

    read: tuple[Axis, ...]
    funders: bool
    items: tuple[str, ...]
    since: bool
    until: bool


@cache
def _statement(shape: _Shape) -> Any:
    """The cells of a selection, by the axes read and no others; from the smallest rollup that knows them."""
    lists = [axis for axis in LIST_AXES if axis in shape.read]
    in_time = shape.since or shape.until or Axis.MONTH in shape.read or Axis.YEAR in shape.read
    by_set = RollupMonth if in_time else RollupTotal
    rollup = table_of(by_set if lists or shape.items else RollupFunder)
    source = rollup.join(_SETS, _SETS.c.id == rollup.c.dimension_set_id) if lists else rollup
    chosen = select(_FUNDERS.c.id).where(_FUNDERS.c.code.in_(bindparam("funders", expanding=True)))
    through = rollup.c.to_funder_id.in_(chosen) if shape.funders else rollup.c.to_funder_id != 0
    internal = case((through, 1), else_=0).label("internal")
    keys = [_key(rollup, axis) for axis in shape.read]
    cents = {name: type_coerce(rollup.c[name], BigInteger) for name in MEASURES}
    amounts = (cents["commitment"] - cents["release"], cents["order"], cents["payment"] - cents["repayment"])
    counts = (rollup.c.person_count, rollup.c.line_count, rollup.c.entry_count)
    wanted = [rollup.c.entry_count != 0, *_wanted(shape, rollup, chosen)]
    query = select(internal, *keys, *(func.sum(each) for each in (*amounts, *counts))).select_from(source)
    return query.where(*wanted).group_by(
        literal_column("internal"), *(literal_column(axis.value) for axis in shape.read)
    )


def _key(rollup: Any, axis: Axis) -> Any:
    if axis is Axis.FUNDER:
        return rollup.c.funder_id.label(axis.value)
    if axis in (Axis.MONTH, Axis.YEAR):
        month = type_coerce(rollup.c.month, Integer)
        return (month if axis is Axis.MONTH else month.op("/")(literal_column("100"))).label(axis.value)
    return _SETS.c[f"{axis.value}_id"].label(axis.value)


def _wanted(shape: _Shape, rollup: Any, chosen: Any) -> list[Any]:
    wanted = [rollup.c.funder_id.in_(chosen)] if shape.funders else []
    if shape.since:
        wanted.append(type_coerce(rollup.c.month, Integer) >= bindparam("since", type_=Integer))
    if shape.until:
        wanted.append(type_coerce(rollup.c.month, Integer) <= bindparam("until", type_=Integer))
    if shape.items:
        sets = select(_SETS.c.id)
        for name in shape.items:
            table = table_of(REFERENCE_TABLES[name])
            codes = table.c.code.in_(bindparam(f"codes_{name}", expanding=True))
            sets = sets.where(_SETS.c[f"{name}_id"].in_(select(table.c.id).where(codes)))
        wanted.append(rollup.c.dimension_set_id.in_(sets))
    return wanted


def _known(session: Session, axis: Axis) -> dict[int, tuple[str, str]]:
    """Members of an axis by identifier, in its order."""
    rows = session.connection().execute(_members_of(axis)).all()
    if axis is Axis.FUNDER:
        rows = sorted(rows, key=lambda row: (sort_key(row[2]), row[1]))
    return {row[0]: (row[1], row[2]) for row in rows}


@cache
def _members_of(axis: Axis) -> Any:
    if axis is Axis.FUNDER:
        return select(_FUNDERS.c.id, _FUNDERS.c.code, _FUNDERS.c.short_name).where(_FUNDERS.c.is_funder)
    table = table_of(REFERENCE_TABLES[axis.value])
    return select(table.c.id, table.c.code, table.c.label).order_by(table.c.position, table.c.code)


def known_until(session: Session, today: date) -> date:
    """First day of the last month, not after that of `today`, that holds entries; that of `today` in an empty conférence."""
    month = today.replace(day=1)
    table = table_of(MonthState)
    query = select(func.max(type_coerce(table.c.month, Integer))).where(table.c.entry_count > 0, table.c.month <= month)
    found = session.connection().execute(query).scalar_one_or_none()
    return month if found is None else month_date(int(found))


def comparison(filters: Filters, until: date) -> Filters | None:
    """The same filters a year earlier; None when no months are asked. A period that goes on after the month `until` is cut
    there first: ten months of a year are compared with ten months of the one before."""
    if not filters.first_month or not filters.last_month:
        return None
    last = min(filters.last_month, until)
    if last < filters.first_month:
        last = filters.last_month
    return replace(filters, first_month=_year_before(filters.first_month), last_month=_year_before(last))


def _year_before(month: date) -> date:
    return month.replace(year=month.year - 1)
