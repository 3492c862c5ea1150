"""What does one figure say by two axes at once?

A matrix with its margins, each figure with the address of its lines. Members beyond what a page can show are gathered; the
exported table has them all.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from conference.data.glossary import label
from conference.data.queries.cells import Group
from conference.domain.figures import Axis, Measure
from conference.domain.money import ZERO
from conference.web.dashboard_tables import (
    SHARED,
    Heading,
    Part,
    Shown,
    ShownRow,
    ShownTable,
    Told,
    gross,
    member_label,
    opens,
    shared,
    taken_out,
)

MOST = 20
"""Members of an axis that a page shows."""
OTHERS, TOTAL = "*autres*", "*total*"
"""Codes of the rows and columns that are no member."""


@dataclass(frozen=True, slots=True)
class _Line:
    """A row or a column of a crossing: the members that it adds up, and which of their figures."""

    label: str
    code: str
    members: frozenset[str]
    part: Part


def crossed_table(told: Told, rows: Axis, columns: Axis, measure: Measure, *, most: int | None = MOST) -> ShownTable:
    """`measure` by two axes with its margins. With funders figures are gross, then internal transfers are taken out; without
    them they are taken out everywhere. Beyond `most` members an axis gathers the smallest (of months the oldest) under
    « Autres », whose figures open no line."""
    groups = {group.key: group for group in told.now.by(rows, columns)}
    down, down_margins = _lines_of(told, rows, _by_member(groups, 0, measure), most, columns)
    across, across_margins = _lines_of(told, columns, _by_member(groups, 1, measure), most, rows)

    def shown(row: _Line) -> ShownRow:
        cells = tuple(
            _crossing(told, groups, measure, (rows, row), (columns, each)) for each in (*across, *across_margins)
        )
        return ShownRow(row.label, cells, None if row.code == OTHERS else opens(told.asked, rows, row.code), row.code)

    headings = [Heading(label("axis", rows), numeric=False)]
    headings += [Heading(each.label, "€") for each in (*across, *across_margins)]
    names = label("axis", rows).lower(), label("axis", columns).lower()
    caption = f"{label('measure', measure)} par {names[0]} et par {names[1]}, {told.asked.period}"
    foot = tuple(replace(shown(each), href=None) for each in down_margins)
    return ShownTable("croisement", caption, tuple(headings), tuple(shown(each) for each in down), foot)


def _by_member(groups: Mapping[tuple[str, ...], Group], place: int, measure: Measure) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = {}
    for key, group in groups.items():
        sums[key[place]] = sums.get(key[place], ZERO) + group.gross.of(measure)
    return sums


def _lines_of(
    told: Told, axis: Axis, sums: Mapping[str, Decimal], most: int | None, other: Axis
) -> tuple[list[_Line], list[_Line]]:
    """The members of an axis, then its margins. By funder the sum, the internal transfers and the shared total."""
    part: Part = gross if Axis.FUNDER in (axis, other) else shared
    everyone = frozenset(sums)
    if axis is Axis.FUNDER:
        parts = (("Somme des financeurs", gross), ("Transferts internes, à retirer", taken_out), (SHARED, shared))
        margins = [_Line(name, TOTAL, everyone, kind) for name, kind in parts]
    else:
        margins = [_Line("Total" if other is Axis.FUNDER else SHARED, TOTAL, everyone, part)]
    if most is None or len(sums) <= most:
        kept, rest = list(sums), []
    else:
        in_time = axis in (Axis.MONTH, Axis.YEAR)
        ordered = sorted(sums, key=lambda code: code if in_time else (abs(sums[code]), code), reverse=True)
        kept, rest = ordered[: most - 1], ordered[most - 1 :]
    lines = [
        _Line(member_label(told, axis, code), code, frozenset({code}), part) for code in told.now.in_order(axis, kept)
    ]
    return lines + ([_Line(f"Autres ({len(rest)})", OTHERS, frozenset(rest), part)] if rest else []), margins


def _crossing(
    told: Told,
    groups: Mapping[tuple[str, ...], Group],
    measure: Measure,
    row: tuple[Axis, _Line],
    column: tuple[Axis, _Line],
) -> Shown:
    (axis, down), (other_axis, across) = row, column
    part = down.part if axis is Axis.FUNDER else across.part if other_axis is Axis.FUNDER else shared
    if TOTAL not in (down.code, across.code) and OTHERS not in (down.code, across.code):
        group = groups.get((down.code, across.code))
        found = [group] if group else []
    else:
        found = [group for (a, b), group in groups.items() if a in down.members and b in across.members]
    if not found:
        return Shown(None)
    value = sum((part(group).of(measure) for group in found), ZERO)
    funders = down if axis is Axis.FUNDER else across if other_axis is Axis.FUNDER else None
    if OTHERS in (down.code, across.code) or (funders and funders.code == TOTAL and funders.part is not shared):
        return Shown(value)
    pairs = ((axis, down.code), (other_axis, across.code))
    return Shown(value, told.asked.lines(**{each.value: code for each, code in pairs if code != TOTAL}))
