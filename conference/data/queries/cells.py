"""What do funders spend, folded by whatever one asks, at a cost that does not grow with the number of entries?

One read of the rollups gives the cells of a selection; every figure of a page is folded from them in memory, so that its
totals, its tables and its charts agree by construction. Cells are summed in integer cents and become `Decimal` euros once
folded. What one funder of the selection pays through another one of it is internal (SEMANTICS §1). Everybody sees
aggregates; the lines behind them are another matter.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, Integer, func, select, type_coerce
from sqlmodel import Session

from conference.data.queries.commitment_filters import Filters
from conference.data.queries.commitment_order import sort_key
from conference.data.tables import REFERENCE_TABLES, DimensionSet, Organisation, RollupFunder, RollupMonth, RollupTotal
from conference.data.tables.metadata import table_of
from conference.data.tables.sums import DECISIONS, MEASURES
from conference.data.types import month_date, month_number
from conference.domain.figures import LIST_AXES, NO_SUMS, Axis, Sums
from conference.domain.french import format_month
from conference.domain.money import from_cents

_SUMMED = (*MEASURES, *DECISIONS, "entry_count")
_SETS = table_of(DimensionSet)
Cents = tuple[int, int, int, int, int, int]
"""Committed, ordered and paid in cents, persons, lines, entries."""


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


@dataclass(frozen=True, slots=True)
class _Cell:
    month: int
    funder_id: int
    set_id: int
    gross: Cents
    is_internal: bool


class Cells:
    """The cells of a selection, and what they fold to."""

    def __init__(self, cells: Sequence[_Cell], members: "Members") -> None:
        self._cells, self._members = cells, members

    def by(self, *axes: Axis) -> tuple[Group, ...]:
        """One group per combination that has entries: funders in French order, list items in that of their list, months in
        time. ValueError: an axis that was not read."""
        readers = [self._members.reader(axis) for axis in axes]
        folded: dict[tuple[str, ...], tuple[list[int], list[int]]] = {}
        for cell in self._cells:
            key = tuple([read(cell) for read in readers])
            sums = folded.get(key)
            if sums is None:
                sums = folded[key] = ([0] * 6, [0] * 6)
            _add(sums[0], cell.gross)
            if cell.is_internal:
                _add(sums[1], cell.gross)
        ranks = [self._members.ranks(axis) for axis in axes]
        ordered = sorted(folded, key=lambda key: [rank.get(code, code) for rank, code in zip(ranks, key, strict=True)])
        return tuple(Group(key, *map(_sums, folded[key])) for key in ordered)

    def total(self) -> Group:
        """All the cells together."""
        found = self.by()
        return found[0] if found else Group((), NO_SUMS, NO_SUMS)

    def label(self, axis: Axis, code: str) -> str:
        """What a member is called: "mars 2026", "2026", "Région", "Contrat de professionnalisation"."""
        return self._members.label(axis, code)


@dataclass(frozen=True)
class Members:
    """Codes, labels and order of what the cells are told by."""

    funders: Mapping[int, tuple[str, str]]
    """(code, short name) by identifier, in French order."""
    items: Mapping[Axis, Mapping[int, tuple[str, str]]]
    """(code, label) by identifier of each list that was asked, in its order."""
    sets: Mapping[int, tuple[int, ...]]
    """Identifiers of the items of each set, in the order of LIST_AXES."""
    has_months: bool

    def reader(self, axis: Axis) -> Any:
        """A function from a cell to the code of its member."""
        if axis is Axis.FUNDER:
            codes = {each: code for each, (code, _) in self.funders.items()}
            return lambda cell: codes[cell.funder_id]
        if axis in (Axis.MONTH, Axis.YEAR):
            if not self.has_months:
                raise ValueError(f"{axis} was not read")
            written: dict[int, str] = {}
            return lambda cell: written.get(cell.month) or written.setdefault(cell.month, _period(axis, cell.month))
        if axis not in self.items:
            raise ValueError(f"{axis} was not read")
        place, known = LIST_AXES.index(axis), self.items[axis]
        of_set = {set_id: known[members[place]][0] for set_id, members in self.sets.items()}
        return lambda cell: of_set[cell.set_id]

    def label(self, axis: Axis, code: str) -> str:
        """See `Cells.label`."""
        if axis is Axis.MONTH:
            return format_month(date.fromisoformat(f"{code}-01"))
        if axis is Axis.YEAR:
            return code
        known = self.funders if axis is Axis.FUNDER else self.items[axis]
        return next(label for each, label in known.values() if each == code)

    def ranks(self, axis: Axis) -> Mapping[str, Any]:
        """Place of each member among those of its axis; months and years are in the order of their codes."""
        if axis in (Axis.MONTH, Axis.YEAR):
            return {}
        known = self.funders if axis is Axis.FUNDER else self.items[axis]
        return {code: rank for rank, (code, _) in enumerate(known.values())}


def _period(axis: Axis, month: int) -> str:
    return f"{month // 100}" if axis is Axis.YEAR else f"{month_date(month):%Y-%m}"


def read_cells(session: Session, filters: Filters, *, axes: Collection[Axis]) -> Cells:
    """The cells of `filters` (funders, items of lists, booked months), as fine as `axes` needs and no finer."""
    needs_month = Axis.MONTH in axes or Axis.YEAR in axes
    lists = [axis for axis in LIST_AXES if axis in axes]
    selected = {name: codes for name, codes in filters.items.items() if codes}
    members = _members(session, lists, needs_month, with_sets=bool(lists))
    chosen = {each for each, (code, _) in members.funders.items() if not filters.funders or code in filters.funders}
    query = _query(filters, chosen, selected, needs_month=needs_month, needs_set=bool(lists))
    cells = []
    for month, funder_id, to_funder_id, set_id, *sums in session.connection().execute(query):
        told = dict(zip(_SUMMED, sums, strict=True))
        internal = to_funder_id in chosen if filters.funders else to_funder_id != 0
        cells.append(_Cell(month, funder_id, set_id, _cents(told), internal))
    return Cells(cells, members)


def _add(target: list[int], cents: Cents) -> None:
    for position, value in enumerate(cents):
        if value:
            target[position] += value


def _cents(told: Mapping[str, int]) -> Cents:
    return (
        int(told["commitment"]) - int(told["release"]),
        int(told["order"]),
        int(told["payment"]) - int(told["repayment"]),
        int(told["person_count"]),
        int(told["line_count"]),
        int(told["entry_count"]),
    )


def _sums(cents: Sequence[int]) -> Sums:
    committed, ordered, paid, *counts = cents
    return Sums(from_cents(committed), from_cents(ordered), from_cents(paid), *counts)


def _query(
    filters: Filters, chosen: set[int], selected: Mapping[str, Sequence[str]], *, needs_month: bool, needs_set: bool
) -> Any:
    by_set = needs_set or bool(selected)
    rollup = table_of(RollupFunder) if not by_set else table_of(RollupMonth)
    if by_set and not needs_month and not filters.by_month:
        rollup = table_of(RollupTotal)
    month = type_coerce(rollup.c.month, Integer) if needs_month else func.max(0)
    set_id = rollup.c.dimension_set_id if needs_set else func.max(0)
    keys = [rollup.c.funder_id, rollup.c.to_funder_id]
    groups = [*keys, *([month] if needs_month else []), *([set_id] if needs_set else [])]
    sums = [func.sum(type_coerce(rollup.c[name], BigInteger)) for name in _SUMMED]
    wanted = [rollup.c.entry_count != 0]
    if filters.funders:
        wanted.append(rollup.c.funder_id.in_(sorted(chosen)))
    if filters.first_month:
        wanted.append(type_coerce(rollup.c.month, Integer) >= month_number(filters.first_month))
    if filters.last_month:
        wanted.append(type_coerce(rollup.c.month, Integer) <= month_number(filters.last_month))
    if selected:
        wanted.append(rollup.c.dimension_set_id.in_(_sets_of(selected)))
    return select(month, *keys, set_id, *sums).where(*wanted).group_by(*groups)


def _sets_of(selected: Mapping[str, Sequence[str]]) -> Any:
    query = select(_SETS.c.id)
    for name, codes in selected.items():
        table = table_of(REFERENCE_TABLES[name])
        query = query.where(_SETS.c[f"{name}_id"].in_(select(table.c.id).where(table.c.code.in_(codes))))
    return query


def _members(session: Session, lists: Sequence[Axis], needs_month: bool, *, with_sets: bool) -> Members:
    connection = session.connection()
    funders = table_of(Organisation)
    rows = connection.execute(select(funders.c.id, funders.c.code, funders.c.short_name).where(funders.c.is_funder))
    in_order = sorted(rows, key=lambda row: (sort_key(row.short_name), row.code))
    items = {}
    for axis in lists:
        table = table_of(REFERENCE_TABLES[axis.value])
        query = select(table.c.id, table.c.code, table.c.label).order_by(table.c.position, table.c.code)
        items[axis] = {row.id: (row.code, row.label) for row in connection.execute(query)}
    sets = {}
    if with_sets:
        columns = [_SETS.c[f"{axis.value}_id"] for axis in LIST_AXES]
        sets = {row[0]: tuple(row[1:]) for row in connection.execute(select(_SETS.c.id, *columns))}
    return Members({row.id: (row.code, row.short_name) for row in in_order}, items, sets, needs_month)


def comparison(filters: Filters, today: date) -> Filters | None:
    """The same filters a year earlier; None when no months are asked. A period that goes on after the month of `today` is cut
    there first: ten months of a year are compared with ten months of the one before."""
    if not filters.first_month or not filters.last_month:
        return None
    last = min(filters.last_month, today.replace(day=1))
    if last < filters.first_month:
        last = filters.last_month
    return replace(filters, first_month=_year_before(filters.first_month), last_month=_year_before(last))


def _year_before(month: date) -> date:
    return month.replace(year=month.year - 1)
