"""What is a chart, and how is it drawn the same on the page and on paper?

One definition (`Chart`) gives one ReportLab `Drawing`, written as SVG for the page (`svg.py`) and as vectors in a
PDF, and one table of its figures (`chart_table`). A series is told apart by its name in the legend, its hue and its
pattern: the eight hues keep apart for colour-blind readers and the patterns keep apart in black and white.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from reportlab.graphics.shapes import Drawing, Line, Rect, String
from reportlab.lib.colors import Color, HexColor

from conference.documents.fonts import REGULAR, printable, text_width
from conference.documents.patterns import hatch
from conference.domain.french import format_number

HUES = ("#1f5a8a", "#c27400", "#1f6f4a", "#a3568f", "#4b93c4", "#7a3b12", "#6b6f1d", "#444b5a")
INK = HexColor("#1d2433")
LINE = HexColor("#d5d9e0")
_SCALES = ((Decimal(10) ** 9, "Md€"), (Decimal(10) ** 6, "M€"), (Decimal(1000), "k€"), (Decimal(1), "€"))


@dataclass(frozen=True)
class Series:
    """A name and one value per category, in the chart's unit; None where the figure is not known or not shown."""

    label: str
    values: tuple[Decimal | None, ...]


@dataclass(frozen=True)
class Chart:
    """Bars grouped by category. `title` and `description` are what a screen reader says; amounts are in euros."""

    title: str
    description: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    category_label: str = "Mois"
    unit: str = "€"
    source: str = ""

    def __post_init__(self) -> None:
        if any(len(each.values) != len(self.categories) for each in self.series):
            raise ValueError("each series has one value per category")
        if len(self.series) > len(HUES):
            raise ValueError(f"a chart tells at most {len(HUES)} series apart")


@dataclass(frozen=True)
class ChartTable:
    """The figures of a chart: `headings` (category, then one per series) and one row per category."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str | Decimal | None, ...], ...]


def chart_table(chart: Chart) -> ChartTable:
    """The figures that a chart shows, to stand beside it."""
    rows = tuple(
        (category.replace("\n", " "), *(each.values[position] for each in chart.series))
        for position, category in enumerate(chart.categories)
    )
    return ChartTable((chart.category_label, *(each.label for each in chart.series)), rows)


def draw_chart(chart: Chart, width: float, height: float, size: float = 8) -> Drawing:
    """The chart as a drawing of `width` × `height` points (or pixels) with text of `size`."""
    return _Bars(chart, width, height, size).draw()


def scale_ends(chart: Chart) -> tuple[Decimal, Decimal, Decimal]:
    """Lowest value, highest value and step of the axis: round numbers that hold every value and zero."""
    values = [value for each in chart.series for value in each.values if value is not None]
    low, high = min([Decimal(0), *values]), max([Decimal(0), *values])
    if low == high:
        return Decimal(0), Decimal(4), Decimal(1)
    step = _round_step((high - low) / 4)
    lowest = (low / step).to_integral_value("ROUND_FLOOR") * step
    return lowest, (high / step).to_integral_value("ROUND_CEILING") * step, step


def _round_step(raw: Decimal) -> Decimal:
    power = Decimal(1).scaleb(raw.adjusted())
    return next(power * factor for factor in (1, 2, Decimal("2.5"), 5, 10) if power * factor >= raw)


class _Bars:
    """Grouped bars: legend on top, horizontal rules, categories below."""

    def __init__(self, chart: Chart, width: float, height: float, size: float) -> None:
        self.chart, self.size = chart, size
        self.drawing = Drawing(width, height)
        self.low, self.high, self.step = scale_ends(chart)
        self.factor, self.unit = self._unit()
        ticks = [self._tick(value) for value in self._ticks()]
        self.left = max(text_width(each, size) for each in [*ticks, self.unit]) + size * 0.8
        self.right = width
        lines = max((each.count("\n") + 1 for each in chart.categories), default=1)
        self.bottom = size * (0.6 + 1.25 * lines)
        self.legend = self._legend_places()
        self.top = height - size * (1.4 + 1.5 * len({y for _, y in self.legend}))

    def draw(self) -> Drawing:
        self._rules()
        self._legend()
        self._bars()
        self._categories()
        return self.drawing

    def _unit(self) -> tuple[Decimal, str]:
        if self.chart.unit != "€" or not any(each.values for each in self.chart.series):
            return Decimal(1), self.chart.unit
        largest = max(abs(self.low), self.high)
        return next((scale for scale in _SCALES if largest >= scale[0] * 2), _SCALES[-1])

    def _ticks(self) -> Iterator[Decimal]:
        value = self.low
        while value <= self.high:
            yield value
            value += self.step

    def _tick(self, value: Decimal) -> str:
        scaled = value / self.factor
        if scaled == scaled.to_integral_value():
            return format_number(int(scaled))
        return f"{scaled.normalize():f}".replace(".", ",").replace("-", "−")

    def _y(self, value: Decimal) -> float:
        share = (value - self.low) / (self.high - self.low)
        return self.bottom + (self.top - self.bottom) * float(share)

    def _text(self, x: float, y: float, text: str, anchor: str = "start") -> None:
        self.drawing.add(
            String(x, y, printable(text), fontName=REGULAR, fontSize=self.size, fillColor=INK, textAnchor=anchor)
        )

    def _rules(self) -> None:
        for value in self._ticks():
            y = self._y(value)
            colour, width = (INK, 0.8) if value == 0 else (LINE, 0.5)
            self.drawing.add(Line(self.left, y, self.right, y, strokeColor=colour, strokeWidth=width))
            self._text(self.left - self.size * 0.5, y - self.size * 0.32, self._tick(value), "end")

    def _legend(self) -> None:
        for position, (x, y) in enumerate(self.legend):
            self._bar(position, x, y - self.size * 0.1, self.size * 1.4, self.size * 0.9)
            self._text(x + self.size * 1.8, y, self.chart.series[position].label)
        self._text(self.left - self.size * 0.5, self.top + self.size * 0.9, self.unit, "end")

    def _legend_places(self) -> list[tuple[float, float]]:
        """Where each series is named: left to right, then on the next line when the width is used up."""
        places, x, y = [], self.left, self.drawing.height - self.size * 1.1
        for each in self.chart.series:
            wide = self.size * 1.8 + text_width(printable(each.label), self.size)
            if x > self.left and x + wide > self.right:
                x, y = self.left, y - self.size * 1.5
            places.append((x, y))
            x += wide + self.size * 1.8
        return places

    def _bars(self) -> None:
        if not self.chart.categories or not self.chart.series:
            self._text((self.left + self.right) / 2, (self.bottom + self.top) / 2, "Aucun chiffre.", "middle")
            return
        slot = (self.right - self.left) / len(self.chart.categories)
        bar = min(slot * 0.72 / len(self.chart.series), self.size * 6)
        margin = (slot - bar * len(self.chart.series)) / 2
        for position, each in enumerate(self.chart.series):
            for place, value in enumerate(each.values):
                if value:
                    x = self.left + slot * place + margin + bar * position
                    zero, end = self._y(Decimal(0)), self._y(value)
                    self._bar(position, x, min(zero, end), bar * 0.92, abs(end - zero))

    def _bar(self, position: int, x: float, y: float, width: float, height: float) -> None:
        colour = HexColor(HUES[position])
        fill: Color | None = colour if position == 0 else _light(colour)
        self.drawing.add(Rect(x, y, width, height, fillColor=fill, strokeColor=colour, strokeWidth=0.6))
        for x1, y1, x2, y2 in hatch(position, x, y, width, height, max(2.2, self.size * 0.3)):
            self.drawing.add(Line(x1, y1, x2, y2, strokeColor=colour, strokeWidth=0.7))

    def _categories(self) -> None:
        if not self.chart.categories:
            return
        slot = (self.right - self.left) / len(self.chart.categories)
        for place, category in enumerate(self.chart.categories):
            for line, text in enumerate(category.split("\n")):
                y = self.bottom - self.size * (1.15 + 1.15 * line)
                self._text(self.left + slot * (place + 0.5), y, text, "middle")


def _light(colour: Color) -> Color:
    return Color(*(1 - (1 - part) * 0.35 for part in colour.rgb()))
