"""What is a chart, before it is drawn?

One definition gives one ReportLab `Drawing` (`drawing.py`), written as SVG for the page (`svg.py`) and as vectors in a PDF,
and one table of its figures (`chart_table`). A `Chart` tells figures by category; `Flows` tells how an amount goes from one
stage to the next.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

HUES = ("#1f5a8a", "#c27400", "#1f6f4a", "#a3568f", "#4b93c4", "#7a3b12", "#6b6f1d", "#444b5a")
"""Eight hues that colour-blind readers tell apart; series are also told by their patterns, dashes and names."""


@dataclass(frozen=True)
class Series:
    """A name and one value per category, in the chart's unit; None where the figure is not known or not shown."""

    label: str
    values: tuple[Decimal | None, ...]


@dataclass(frozen=True)
class Chart:
    """Figures by category, as grouped bars, stacked bars, lines, or horizontal bars from the top (`ranked`). `title` and
    `description` are what a screen reader says; amounts are in euros."""

    title: str
    description: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    category_label: str = "Mois"
    unit: str = "€"
    source: str = ""
    form: Literal["bars", "stacked", "lines", "ranked"] = "bars"

    def __post_init__(self) -> None:
        if any(len(each.values) != len(self.categories) for each in self.series):
            raise ValueError("each series has one value per category")
        if len(self.series) > len(HUES):
            raise ValueError(f"a chart tells at most {len(HUES)} series apart")


@dataclass(frozen=True)
class Flow:
    """An amount that goes through one member of each stage."""

    path: tuple[str, ...]
    value: Decimal


@dataclass(frozen=True)
class Flows:
    """Who funds what, for whom: ribbons from stage to stage, as wide as their amounts, in euros."""

    title: str
    description: str
    stages: tuple[str, ...]
    flows: tuple[Flow, ...]
    source: str = ""

    def __post_init__(self) -> None:
        if any(len(flow.path) != len(self.stages) for flow in self.flows):
            raise ValueError("each flow has one member per stage")


@dataclass(frozen=True)
class ChartTable:
    """The figures of a chart: `headings` (category, then one per series) and one row per category."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str | Decimal | None, ...], ...]


def chart_table(chart: Chart | Flows) -> ChartTable:
    """The figures that a chart shows, to stand beside it."""
    if isinstance(chart, Flows):
        ordered = sorted(chart.flows, key=lambda flow: (-flow.value, flow.path))
        return ChartTable((*chart.stages, "Montant"), tuple((*flow.path, flow.value) for flow in ordered))
    rows = tuple(
        (category.replace("\n", " "), *(each.values[position] for each in chart.series))
        for position, category in enumerate(chart.categories)
    )
    return ChartTable((chart.category_label, *(each.label for each in chart.series)), rows)


OTHERS = "Autres"


def gathered(chart: Flows, most: int) -> tuple[Flow, ...]:
    """The flows to draw: positive amounts, at most `most` members a stage; the smallest of a stage become « Autres (n) ». What
    is left keeps its sum to the cent."""
    drawn = [flow for flow in chart.flows if flow.value > 0]
    names = [_members(drawn, stage, most) for stage in range(len(chart.stages))]
    sums: dict[tuple[str, ...], Decimal] = {}
    for flow in drawn:
        path = tuple(known.get(member, member) for known, member in zip(names, flow.path, strict=True))
        sums[path] = sums.get(path, Decimal(0)) + flow.value
    return tuple(Flow(path, value) for path, value in sums.items())


def _members(flows: list[Flow], stage: int, most: int) -> dict[str, str]:
    """New names of the members of a stage that are gathered."""
    sums: dict[str, Decimal] = {}
    for flow in flows:
        sums[flow.path[stage]] = sums.get(flow.path[stage], Decimal(0)) + flow.value
    if len(sums) <= most:
        return {}
    smallest = sorted(sums, key=lambda member: (-sums[member], member))[most - 1 :]
    return dict.fromkeys(smallest, f"{OTHERS} ({len(smallest)})")


def scale_ends(chart: Chart) -> tuple[Decimal, Decimal, Decimal]:
    """Lowest value, highest value and step of the axis: round numbers that hold every value and zero."""
    values = [value for each in chart.series for value in each.values if value is not None]
    if chart.form == "stacked":
        values = [end for place in range(len(chart.categories)) for end in _stack_ends(chart, place)]
    low, high = min([Decimal(0), *values]), max([Decimal(0), *values])
    if low == high:
        return Decimal(0), Decimal(4), Decimal(1)
    step = _round_step((high - low) / 4)
    lowest = (low / step).to_integral_value("ROUND_FLOOR") * step
    return lowest, (high / step).to_integral_value("ROUND_CEILING") * step, step


def _stack_ends(chart: Chart, place: int) -> tuple[Decimal, Decimal]:
    values = [each.values[place] or Decimal(0) for each in chart.series]
    return sum((v for v in values if v < 0), Decimal(0)), sum((v for v in values if v > 0), Decimal(0))


def _round_step(raw: Decimal) -> Decimal:
    power = Decimal(1).scaleb(raw.adjusted())
    return next(power * factor for factor in (1, 2, Decimal("2.5"), 5, 10) if power * factor >= raw)
