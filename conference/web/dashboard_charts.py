"""Which drawings does the dashboard hold? Each stands beside the table of its figures: no drawing tells a thing alone."""

from datetime import date
from decimal import Decimal

from conference.data.glossary import label
from conference.data.queries.cells import Cells
from conference.documents.chart import Chart, Flow, Flows, Series
from conference.domain.figures import LIST_AXES, NO_SUMS, Axis, Measure
from conference.domain.french import SHORT_MONTHS, months_between
from conference.web.dashboard_tables import Told

RANKED = 20
"""Bars of a ranked chart; its table has all the members."""
STACKED = 7
"""Series of a stacked chart, the rest gathered."""
MONTHS = 36
"""Months that a line can tell apart."""


def months_chart(told: Told, months: list[date]) -> Chart:
    """Committed and paid by month, and committed a year earlier."""
    now = {group.key[0]: group.shared for group in told.now.by(Axis.MONTH)}
    before = {group.key[0]: group.shared for group in told.before.by(Axis.MONTH)} if told.before else {}
    shown = months[-MONTHS:]
    firsts = {min(each for each in shown if each.year == year) for year in {each.year for each in shown}}
    names = [SHORT_MONTHS[each.month - 1] + (f"\n{each.year}" if each in firsts else "") for each in shown]
    last = max(now, default="")
    codes = [f"{each:%Y-%m}" for each in shown]
    figures = [now.get(code, NO_SUMS) if code <= last else None for code in codes]  # the months to come are not nil
    series = [
        Series("Engagé", tuple(each.committed if each else None for each in figures)),
        Series("Payé", tuple(each.paid if each else None for each in figures)),
    ]
    if before:
        earlier = [before.get(f"{each.year - 1}-{each.month:02d}") for each in shown]
        series.insert(1, Series("Engagé un an plus tôt", tuple(each.committed if each else None for each in earlier)))
    return Chart(
        title=f"Engagé et payé par mois, {told.asked.period}",
        description="Lignes par mois de comptabilisation, total partagé. Les mêmes chiffres figurent dans le tableau.",
        categories=tuple(names),
        series=tuple(series),
        form="lines",
    )


def years_chart(told: Told) -> Chart:
    """Committed and paid by year, for all years together."""
    groups = told.now.by(Axis.YEAR)
    return Chart(
        title="Engagé et payé par année",
        description="Barres par année de comptabilisation, total partagé. Les mêmes chiffres figurent dans le tableau.",
        categories=tuple(group.key[0] for group in groups),
        series=(
            Series("Engagé", tuple(group.shared.committed for group in groups)),
            Series("Payé", tuple(group.shared.paid for group in groups)),
        ),
        category_label="Année",
    )


def ranked_chart(told: Told, axis: Axis) -> Chart:
    """Committed by member of a list, the largest first; by funder it is gross, as in the table."""
    by_funder = axis is Axis.FUNDER
    sums = {group.key[0]: (group.gross if by_funder else group.shared).committed for group in told.now.by(axis)}
    shown = sorted(sums, key=lambda code: -sums[code])[:RANKED]
    name = label("axis", axis)
    which = f"les {RANKED} plus grandes" if len(sums) > RANKED else "de la plus grande à la plus petite"
    return Chart(
        title=f"Engagé par {name.lower()}, {told.asked.period}",
        description=f"Barres par {name.lower()}, {which}. Les chiffres sont dans le tableau.",
        categories=tuple(told.now.label(axis, code) for code in shown),
        series=(Series("Engagé", tuple(sums[code] for code in shown)),),
        category_label=name,
        form="ranked",
    )


def stacked_chart(told: Told, rows: Axis, parts: Axis) -> Chart:
    """Committed by `rows`, gross, each bar made of its `parts`; the smallest parts are gathered."""
    cells = {group.key: group.gross.committed for group in told.now.by(rows, parts)}
    sums: dict[str, Decimal] = {}
    for (_, part), value in cells.items():
        sums[part] = sums.get(part, Decimal(0)) + value
    kept = told.now.in_order(parts, sorted(sums, key=lambda part: (-sums[part], part))[:STACKED])
    members = told.now.in_order(rows, {row for row, _ in cells})
    series = [
        Series(told.now.label(parts, part), tuple(cells.get((row, part), Decimal("0.00")) for row in members))
        for part in kept
    ]
    rest = [
        sum((value for (r, part), value in cells.items() if r == row and part not in kept), Decimal("0.00"))
        for row in members
    ]
    if any(rest):
        series.append(Series("Autres", tuple(rest)))
    names = (label("axis", rows).lower(), label("axis", parts).lower())
    return Chart(
        title=f"Engagé par {names[0]} et par {names[1]}, {told.asked.period}",
        description=f"Barres par {names[0]}, chacune faite de ses parts par {names[1]}. Les chiffres sont dans le tableau.",
        categories=tuple(told.now.label(rows, row) for row in members),
        series=tuple(series),
        category_label=label("axis", rows),
        form="stacked",
    )


def flows_chart(cells: Cells, period: str) -> Flows:
    """Who funds what for whom: funder → scheme → audience, by the committed sum."""
    axes = (Axis.FUNDER, Axis.SCHEME, Axis.AUDIENCE)
    flows = tuple(
        Flow(
            tuple(cells.label(axis, code) for axis, code in zip(axes, group.key, strict=True)),
            group.shared.of(Measure.COMMITTED),
        )
        for group in cells.by(*axes)
    )
    return Flows(
        title=f"Qui finance quoi, pour qui, {period}",
        description="Rubans du financeur au dispositif puis au public, à la mesure de l’engagé. Le tableau dit les chiffres.",
        stages=tuple(label("axis", axis) for axis in axes),
        flows=flows,
    )


def left_out(told: Told, axis: Axis) -> str:
    """Sentence of what the drawing of an axis leaves to its table, "" when it shows every member."""
    if axis is Axis.MONTH and len(_months_told(told)) > MONTHS:
        return f"Le dessin montre les {MONTHS} derniers mois. "
    if axis not in (Axis.MONTH, Axis.YEAR) and len(told.now.by(axis)) > RANKED:
        return f"Le dessin montre les {RANKED} plus grands montants. "
    return ""


def _months_told(told: Told) -> list[date]:
    """The months asked; without a bound, from the first, or to the last, that has entries."""
    first, last = told.asked.filters.first_month, told.asked.filters.last_month
    known = [date.fromisoformat(f"{group.key[0]}-01") for group in told.now.by(Axis.MONTH)]
    begin, end = first or min(known, default=None), last or max(known, default=None)
    return months_between(begin, end) if begin and end else []


def chart_of(told: Told, axis: Axis) -> Chart:
    """The drawing that suits an axis."""
    if axis is Axis.MONTH:
        return months_chart(told, _months_told(told))
    if axis is Axis.YEAR:
        return years_chart(told)
    return ranked_chart(told, axis)


AXES = (Axis.FUNDER, Axis.MONTH, Axis.YEAR, *LIST_AXES)
"""The axes in the order of the menu."""
