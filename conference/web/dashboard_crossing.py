"""What does one figure say by two axes at once?

A matrix with its margins, each figure with the address of its lines. Members beyond what a page can show are gathered; the
exported table has them all.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from conference.data.glossary import label
from conference.data.queries.cells import Group
from conference.domain.figures import Axis, Measure
from conference.domain.french import typeset
from conference.domain.money import ZERO
from conference.web.dashboard_tables import (
    SHARED,
    Heading,
    Shown,
    ShownRow,
    ShownTable,
    Told,
    member_label,
    opens,
)

MOST = 20
"""Members of an axis that a page shows."""
OTHERS, TOTAL = "*autres*", "*total*"
"""Codes of the rows and columns that are no member."""
GATHERED = typeset(
    "Les plus petits montants, ou les plus anciens mois, sont réunis sous « Autres » : le fichier téléchargé les donne tous."
)


_Pair = tuple[Decimal, Decimal]
"""Of a cell: the gross sum, and what is internal in it."""
_Part = Callable[[_Pair], Decimal]


def _gross(pair: _Pair) -> Decimal:
    return pair[0]


def _taken_out(pair: _Pair) -> Decimal:
    return -pair[1]


def _shared(pair: _Pair) -> Decimal:
    return pair[0] - pair[1]


@dataclass(frozen=True, slots=True)
class _Line:
    """A row or a column of a crossing: a member, or a code that is none, and which of its figures are told."""

    label: str
    code: str
    part: _Part


def crossed_table(
    told: Told, rows: Axis, columns: Axis, measure: Measure, *, most: int | None = MOST, name: str = "croisement"
) -> ShownTable:
    """`measure` by two axes with its margins. With funders figures are gross, then internal transfers are taken out; without
    them they are taken out everywhere. Beyond `most` members an axis gathers the smallest (of months the oldest) under
    « Autres », whose figures open no line."""
    groups = told.now.by(rows, columns)
    down, down_margins = _lines_of(told, rows, _by_member(groups, 0, measure), most, columns)
    across, across_margins = _lines_of(told, columns, _by_member(groups, 1, measure), most, rows)
    folded = _folded(groups, measure, {each.code for each in down}, {each.code for each in across})

    def shown(row: _Line) -> ShownRow:
        cells = tuple(_crossing(told, folded, (rows, row), (columns, each)) for each in (*across, *across_margins))
        return ShownRow(row.label, cells, None if row.code == OTHERS else opens(told.asked, rows, row.code), row.code)

    headings = [Heading(label("axis", rows), numeric=False)]
    headings += [Heading(each.label, "€") for each in (*across, *across_margins)]
    names = label("axis", rows).lower(), label("axis", columns).lower()
    caption = f"{label('measure', measure)} par {names[0]} et par {names[1]}, {told.asked.period}"
    foot = tuple(replace(shown(each), href=None) for each in down_margins)
    gathers = OTHERS in {each.code for each in (*down, *across)}
    return ShownTable(
        name, caption, tuple(headings), tuple(shown(each) for each in down), foot, GATHERED if gathers else ""
    )


def _by_member(groups: Sequence[Group], place: int, measure: Measure) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = {}
    for group in groups:
        code = group.key[place]
        sums[code] = sums.get(code, ZERO) + group.gross.of(measure)
    return sums


def _folded(
    groups: Sequence[Group], measure: Measure, down: Collection[str], across: Collection[str]
) -> dict[tuple[str, str], _Pair]:
    """Each cell of the matrix and of its margins, in one pass: the members that have no line of their own are in OTHERS."""
    cells: dict[tuple[str, str], _Pair] = {}
    for group in groups:
        first, second = group.key
        added, internal = group.gross.of(measure), group.internal.of(measure)
        for row in (first if first in down else OTHERS, TOTAL):
            for column in (second if second in across else OTHERS, TOTAL):
                known = cells.get((row, column), (ZERO, ZERO))
                cells[row, column] = (known[0] + added, known[1] + internal)
    return cells


def _lines_of(
    told: Told, axis: Axis, sums: Mapping[str, Decimal], most: int | None, other: Axis
) -> tuple[list[_Line], list[_Line]]:
    """The members of an axis, then its margins. By funder the sum, the internal transfers and the shared total; of a single
    funder its total, from which nothing is taken out."""
    part = _gross if Axis.FUNDER in (axis, other) else _shared
    if axis is Axis.FUNDER and len(told.asked.filters.funders) != 1:
        parts = (("Somme des financeurs", _gross), ("Transferts internes, à retirer", _taken_out), (SHARED, _shared))
        margins = [_Line(name, TOTAL, kind) for name, kind in parts]
    else:
        name = "Total" if Axis.FUNDER in (axis, other) else SHARED
        margins = [_Line(name, TOTAL, _shared if axis is Axis.FUNDER else part)]
    if most is None or len(sums) <= most:
        kept, rest = list(sums), []
    else:
        in_time = axis in (Axis.MONTH, Axis.YEAR)
        ordered = sorted(sums, key=lambda code: code if in_time else (abs(sums[code]), code), reverse=True)
        kept, rest = ordered[: most - 1], ordered[most - 1 :]
    lines = [_Line(member_label(told, axis, code), code, part) for code in told.now.in_order(axis, kept)]
    return lines + ([_Line(f"Autres ({len(rest)})", OTHERS, part)] if rest else []), margins


def _crossing(
    told: Told, folded: Mapping[tuple[str, str], _Pair], row: tuple[Axis, _Line], column: tuple[Axis, _Line]
) -> Shown:
    (axis, down), (other_axis, across) = row, column
    pair = folded.get((down.code, across.code))
    if pair is None:
        return Shown(None)
    funders = down if axis is Axis.FUNDER else across if other_axis is Axis.FUNDER else None
    value = (funders.part if funders else _shared)(pair)
    if OTHERS in (down.code, across.code) or (funders and funders.code == TOTAL and funders.part is not _shared):
        return Shown(value)
    pairs = ((axis, down.code), (other_axis, across.code))
    return Shown(value, told.asked.lines(**{each.value: code for each, code in pairs if code != TOTAL}))
