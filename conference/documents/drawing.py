"""How is each form of chart drawn, the same on the page and on paper?

Bars side by side, bars made of their parts, lines over time; ranks and flows have files of their own. Lines differ by their
dashes and their markers, bars by their patterns, so that a black and white print says the same thing.
"""

from decimal import Decimal
from itertools import pairwise

from reportlab.graphics.shapes import Drawing, Line, Rect
from reportlab.lib.colors import HexColor

from conference.documents.chart import HUES, Chart, Flows
from conference.documents.flows import draw_flows
from conference.documents.plot import PAPER, Plot, no_figures
from conference.documents.ranked import draw_ranked
from conference.documents.timeline import Timeline, draw_timeline

DASHES: tuple[list[int] | None, ...] = (None, [5, 3], [1, 2], [7, 2, 1, 2], [3, 1], [9, 3], [2, 4], [6, 1])


def draw_chart(chart: Chart | Flows | Timeline, width: float, height: float, size: float = 8) -> Drawing:
    """The chart as a drawing of `width` × `height` points (or pixels) with text of `size`. A ranked chart takes the height
    that its bars need; ranks and flows grow higher where their texts would touch."""
    if isinstance(chart, Timeline):
        return draw_timeline(chart, width, size)
    if isinstance(chart, Flows):
        return draw_flows(chart, width, height, size)
    if chart.form == "ranked":
        return draw_ranked(chart, width, height, size)
    if all(value is None for each in chart.series for value in each.values):
        return no_figures(width, size)
    if chart.form == "lines":
        return _Lines(chart, width, height, size).draw()
    plot = _Stacked if chart.form == "stacked" else _Bars
    return plot(chart, width, height, size).draw()


class _Bars(Plot):
    """Bars side by side."""

    def show(self) -> None:
        bar = min(self.slot * 0.72 / len(self.chart.series), self.size * 6)
        margin = (self.slot - bar * len(self.chart.series)) / 2
        for position, each in enumerate(self.chart.series):
            for place, value in enumerate(each.values):
                if value:
                    x = self.left + self.slot * place + margin + bar * position
                    zero, end = self.y(Decimal(0)), self.y(value)
                    self.bar(position, x, min(zero, end), bar * 0.92, abs(end - zero))


class _Stacked(Plot):
    """One bar a category, made of its parts: positive ones up, negative ones down."""

    def show(self) -> None:
        wide = min(self.slot * 0.66, self.size * 7)
        for place in range(len(self.chart.categories)):
            up = down = Decimal(0)
            x = self.left + self.slot * place + (self.slot - wide) / 2
            for position, each in enumerate(self.chart.series):
                value = each.values[place]
                if not value:
                    continue
                start = up if value > 0 else down
                low, high = sorted((self.y(start), self.y(start + value)))
                self.bar(position, x, low, wide, high - low)
                up, down = (start + value, down) if value > 0 else (up, start + value)


class _Lines(Plot):
    """A line a series, with a marker at each figure; a figure that is not known leaves a hole."""

    def show(self) -> None:
        for position, each in reversed(list(enumerate(self.chart.series))):
            points = [
                None if value is None else (self.left + self.slot * (place + 0.5), self.y(value))
                for place, value in enumerate(each.values)
            ]
            for one, other in pairwise(points):
                if one and other:
                    self._line(position, *one, *other)
            for point in points:
                if point:
                    self._marker(position, *point)

    def key(self, position: int, x: float, y: float) -> None:
        middle = y + self.size * 0.3
        self._line(position, x, middle, x + self.size * 1.6, middle)
        self._marker(position, x + self.size * 0.8, middle)

    def _line(self, position: int, x1: float, y1: float, x2: float, y2: float) -> None:
        colour = HexColor(HUES[position])
        line = Line(x1, y1, x2, y2, strokeColor=colour, strokeWidth=1.6 if position == 0 else 1.2)
        line.strokeDashArray = DASHES[position]
        self.drawing.add(line)

    def _marker(self, position: int, x: float, y: float) -> None:
        """Filled for the first series, hollow for the second, smaller and filled for the next ones, and so on."""
        colour = HexColor(HUES[position])
        half = self.size * (0.26 if position < 2 else 0.18)
        fill = PAPER if position % 2 else colour
        self.drawing.add(
            Rect(x - half, y - half, 2 * half, 2 * half, fillColor=fill, strokeColor=colour, strokeWidth=1)
        )
