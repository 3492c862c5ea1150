"""What do funders spend, by whatever one asks?

Read from the rollups alone, so that the cost does not grow with the number of entries: by funder and month where no
dimension is asked, by dimensions with or without the month otherwise. What one funder of the selection transfers to
another of the selection is internal: sum of funders − internal transfers = shared total, for every period and filter
(SEMANTICS §1).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlmodel import Session

from conference.data.tables import REFERENCE_TABLES, DimensionSet, Organisation, RollupFunder, RollupMonth, RollupTotal
from conference.data.tables.metadata import table_of
from conference.data.tables.sums import MEASURES
from conference.domain.ledger import Balance
from conference.domain.money import ZERO

AXES = ("funder", "month", "year", *REFERENCE_TABLES)
"""What totals can be told by."""


@dataclass(frozen=True)
class Selection:
    """Which entries count: funders (None: all), booked months `first_month`..`last_month`, items of each list."""

    funder_ids: frozenset[int] | None = None
    first_month: date | None = None
    last_month: date | None = None
    items: Mapping[str, frozenset[int]] = field(default_factory=dict)


@dataclass(frozen=True)
class TotalRow:
    """One row: `key` has one value per axis (funder and list codes, the first day of a month, a year)."""

    key: tuple[Any, ...]
    gross: Balance
    internal: Balance

    @property
    def shared(self) -> Balance:
        """What is left once internal transfers are taken out."""
        return minus(self.gross, self.internal)


@dataclass(frozen=True)
class Totals:
    """Rows in the order of their keys, and their three sums."""

    by: tuple[str, ...]
    rows: tuple[TotalRow, ...]
    sum_of_funders: Balance
    internal_transfers: Balance

    @property
    def shared_total(self) -> Balance:
        """Sum of funders − internal transfers."""
        return minus(self.sum_of_funders, self.internal_transfers)


def minus(left: Balance, right: Balance) -> Balance:
    """`left` − `right`, measure by measure."""
    return Balance(**{name: getattr(left, name) - getattr(right, name) for name in MEASURES})


def plus(left: Balance, right: Balance) -> Balance:
    """`left` + `right`, measure by measure."""
    return Balance(**{name: getattr(left, name) + getattr(right, name) for name in MEASURES})


def totals(session: Session, by: Sequence[str], selection: Selection | None = None) -> Totals:
    """Sums of the selected entries by each of the axes `by`. Everybody sees aggregates. ValueError: unknown axis."""
    if unknown := set(by) - set(AXES):
        raise ValueError(f"unknown axis {sorted(unknown)}; known: {', '.join(AXES)}")
    cells: dict[tuple[Any, ...], tuple[Balance, Balance]] = {}
    for found in session.connection().execute(_query(tuple(by), selection or Selection())):
        key = tuple(value.year if axis == "year" else value for axis, value in zip(by, found, strict=False))
        gross, internal = _balance(found[len(by) :][: len(MEASURES)]), _balance(found[len(by) + len(MEASURES) :])
        before = cells.get(key, (Balance(), Balance()))
        cells[key] = plus(before[0], gross), plus(before[1], internal)
    rows = tuple(TotalRow(key, *cells[key]) for key in sorted(cells))
    return Totals(tuple(by), rows, _sum(row.gross for row in rows), _sum(row.internal for row in rows))


def _sum(balances: Iterable[Balance]) -> Balance:
    total = Balance()
    for balance in balances:
        total = plus(total, balance)
    return total


def _balance(values: Sequence[Any]) -> Balance:
    return Balance(**{name: value or ZERO for name, value in zip(MEASURES, values, strict=True)})


def _rollup(by: tuple[str, ...], selection: Selection) -> tuple[Any, bool]:
    """The smallest rollup that can answer, and whether its dimensions are needed."""
    needs_month = bool({"month", "year"} & set(by) or selection.first_month or selection.last_month)
    if set(REFERENCE_TABLES) & set(by) or selection.items:
        return table_of(RollupMonth if needs_month else RollupTotal), True
    return table_of(RollupFunder), False


def _query(by: tuple[str, ...], selection: Selection) -> Select[Any]:
    rollup, with_dimensions = _rollup(by, selection)
    sets = table_of(DimensionSet)
    source = rollup.join(sets, sets.c.id == rollup.c.dimension_set_id) if with_dimensions else rollup
    keys = []
    for axis in by:
        if axis in ("month", "year"):
            keys.append(rollup.c.month.label(axis))
            continue
        named = table_of(Organisation if axis == "funder" else REFERENCE_TABLES[axis])
        column = rollup.c.funder_id if axis == "funder" else sets.c[f"{axis}_id"]
        source = source.join(named, named.c.id == column)
        keys.append(named.c.code)
    inside = (
        rollup.c.to_funder_id.in_(selection.funder_ids)
        if selection.funder_ids is not None
        else rollup.c.to_funder_id != 0
    )
    sums = [func.sum(rollup.c[name]) for name in MEASURES]
    sums += [func.sum(case((inside, rollup.c[name]), else_=ZERO)) for name in MEASURES]
    return select(*keys, *sums).select_from(source).where(*_conditions(rollup, sets, selection)).group_by(*keys)


def _conditions(rollup: Any, sets: Any, selection: Selection) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if selection.funder_ids is not None:
        conditions.append(rollup.c.funder_id.in_(selection.funder_ids))
    if selection.first_month:
        conditions.append(rollup.c.month >= selection.first_month)
    if selection.last_month:
        conditions.append(rollup.c.month <= selection.last_month)
    conditions += [sets.c[f"{name}_id"].in_(ids) for name, ids in selection.items.items()]
    return conditions
