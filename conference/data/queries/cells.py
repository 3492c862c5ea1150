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

from sqlalchemy import BigInteger, Integer, case, func, literal_column, select, type_coerce
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

_SETS = table_of(DimensionSet)
_Cell = tuple[int, ...]
"""Month (0: not read), funder, is internal, set (0: not read), then committed, ordered and paid in cents, persons, lines and
entries."""


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
            if cell[2]:
                _add(internal, key, cell)
        ranks = [self._members.ranks(axis) for axis in axes]
        ordered = sorted(gross, key=lambda key: [rank.get(code, code) for rank, code in zip(ranks, key, strict=True)])
        return tuple(Group(key, _sums(gross[key]), _sums(internal.get(key))) for key in ordered)

    def total(self) -> Group:
        """All the cells together."""
        found = self.by()
        return found[0] if found else Group((), NO_SUMS, NO_SUMS)

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

    funders: Mapping[int, tuple[str, str]]
    """(code, short name) by identifier, in French order."""
    items: Mapping[Axis, Mapping[int, tuple[str, str]]]
    """(code, label) by identifier of each list that was asked, in its order."""
    sets: Mapping[int, tuple[int, ...]]
    """Identifiers of the items of each set, in the order of LIST_AXES."""
    months: frozenset[int]
    """Numbers of the months that the cells are told by; 0 alone when there is no cell."""

    def reader(self, axis: Axis) -> tuple[int, Mapping[int, str]]:
        """Where a cell tells its member, and the code of each. ValueError: an axis that was not read."""
        if axis is Axis.FUNDER:
            return 1, {each: code for each, (code, _) in self.funders.items()}
        if axis in (Axis.MONTH, Axis.YEAR):
            if not self.months:
                raise ValueError(f"{axis} was not read")
            return 0, {month: _period(axis, month) for month in self.months if month}
        if axis not in self.items:
            raise ValueError(f"{axis} was not read")
        place, known = LIST_AXES.index(axis), self.items[axis]
        return 3, {set_id: known[members[place]][0] for set_id, members in self.sets.items()}

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
    funders = _funders(session)
    chosen = {each for each, (code, _) in funders.items() if not filters.funders or code in filters.funders}
    query = _query(filters, chosen, selected, needs_month=needs_month, needs_set=bool(lists))
    cells = [tuple(map(int, row)) for row in session.connection().execute(query)]
    months = frozenset(cell[0] for cell in cells) or frozenset({0}) if needs_month else frozenset()
    return Cells(cells, Members(funders, _items(session, lists), _sets(session) if lists else {}, months))


def _add(folded: dict[tuple[str, ...], list[int]], key: tuple[str, ...], cell: _Cell) -> None:
    target = folded.get(key)
    if target is None:
        folded[key] = list(cell[4:])
        return
    target[0] += cell[4]
    target[1] += cell[5]
    target[2] += cell[6]
    target[3] += cell[7]
    target[4] += cell[8]
    target[5] += cell[9]


def _sums(cents: Sequence[int] | None) -> Sums:
    if cents is None:
        return NO_SUMS
    committed, ordered, paid, *counts = cents
    return Sums(from_cents(committed), from_cents(ordered) if ordered else ZERO, from_cents(paid), *counts)


def _query(
    filters: Filters, chosen: set[int], selected: Mapping[str, Sequence[str]], *, needs_month: bool, needs_set: bool
) -> Any:
    by_set = needs_set or bool(selected)
    rollup = table_of(RollupFunder) if not by_set else table_of(RollupMonth)
    if by_set and not needs_month and not filters.by_month:
        rollup = table_of(RollupTotal)
    month = type_coerce(rollup.c.month, Integer) if needs_month else literal_column("0")
    set_id = rollup.c.dimension_set_id if needs_set else literal_column("0")
    through = rollup.c.to_funder_id.in_(sorted(chosen)) if filters.funders else rollup.c.to_funder_id != 0
    internal = case((through, 1), else_=0).label("internal")
    keys = [rollup.c.funder_id, literal_column("internal")]
    keys += ([month] if needs_month else []) + ([set_id] if needs_set else [])
    cents = {name: type_coerce(rollup.c[name], BigInteger) for name in MEASURES}
    amounts = (cents["commitment"] - cents["release"], cents["order"], cents["payment"] - cents["repayment"])
    counts = (rollup.c.person_count, rollup.c.line_count, rollup.c.entry_count)
    sums = [func.sum(each) for each in (*amounts, *counts)]
    wanted = [rollup.c.entry_count != 0]
    if filters.funders:
        wanted.append(rollup.c.funder_id.in_(sorted(chosen)))
    if filters.first_month:
        wanted.append(type_coerce(rollup.c.month, Integer) >= month_number(filters.first_month))
    if filters.last_month:
        wanted.append(type_coerce(rollup.c.month, Integer) <= month_number(filters.last_month))
    if selected:
        wanted.append(rollup.c.dimension_set_id.in_(_sets_of(selected)))
    return select(month, rollup.c.funder_id, internal, set_id, *sums).where(*wanted).group_by(*keys)


def _sets_of(selected: Mapping[str, Sequence[str]]) -> Any:
    query = select(_SETS.c.id)
    for name, codes in selected.items():
        table = table_of(REFERENCE_TABLES[name])
        query = query.where(_SETS.c[f"{name}_id"].in_(select(table.c.id).where(table.c.code.in_(codes))))
    return query


def _funders(session: Session) -> dict[int, tuple[str, str]]:
    table = table_of(Organisation)
    query = select(table.c.id, table.c.code, table.c.short_name).where(table.c.is_funder)
    rows = sorted(session.connection().execute(query), key=lambda row: (sort_key(row.short_name), row.code))
    return {row.id: (row.code, row.short_name) for row in rows}


def _items(session: Session, lists: Sequence[Axis]) -> dict[Axis, dict[int, tuple[str, str]]]:
    items = {}
    for axis in lists:
        table = table_of(REFERENCE_TABLES[axis.value])
        query = select(table.c.id, table.c.code, table.c.label).order_by(table.c.position, table.c.code)
        items[axis] = {row.id: (row.code, row.label) for row in session.connection().execute(query)}
    return items


def _sets(session: Session) -> dict[int, tuple[int, ...]]:
    query = select(_SETS.c.id, *(_SETS.c[f"{axis.value}_id"] for axis in LIST_AXES))
    return {row[0]: tuple(row[1:]) for row in session.connection().execute(query)}


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
