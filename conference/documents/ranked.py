"""How are members ranked: which territory, which scheme weighs how much?

Horizontal bars of the chart's first series, in the order given: a name at the left, cut where it is too long, and the amount
at the end of the bar, so that no axis is needed. A row is never lower than its text: the drawing grows instead. A figure that
is not known, or not shown, has no bar and reads « – »: it is not nil.
"""

from collections.abc import Sequence
from decimal import Decimal

from reportlab.graphics.shapes import Drawing, Line, Rect, String
from reportlab.lib.colors import HexColor

from conference.documents.chart import HUES, Chart
from conference.documents.fonts import REGULAR, text_width
from conference.documents.plot import INK, LINE, cut, no_figures, plain, short_euros

_NAMES = 0.36
"""Share of the width that the names take at most."""


def draw_ranked(chart: Chart, width: float, height: float, size: float) -> Drawing:
    """The bars in `width`, as high as they need, within `height` as long as their texts do not touch."""
    values = chart.series[0].values if chart.series else ()
    if all(value is None for value in values):
        return no_figures(width, size)
    return _Ranked(chart, values, width, height, size).draw()


class _Ranked:
    def __init__(
        self, chart: Chart, values: Sequence[Decimal | None], width: float, height: float, size: float
    ) -> None:
        self.values, self.size = values, size
        self.step = max(size * 1.3, min(size * 2.1, height / len(values)))
        self.names = [cut(name, width * _NAMES - size, size) for name in chart.categories]
        self.told = [_told(value, chart.unit) for value in values]
        self.left = max(text_width(name, size) for name in self.names) + size
        room = width - self.left - max(text_width(each, size) for each in self.told) - size
        known = [value for value in values if value is not None]
        self.low, high = min(Decimal(0), *known), max(Decimal(0), *known)
        self.scale = Decimal(room) / ((high - self.low) or 1)
        self.zero = self.left - float(self.low * self.scale)
        self.drawing = Drawing(width, self.step * len(values) + size * 0.4)

    def draw(self) -> Drawing:
        for rank, value in enumerate(self.values):
            self._row(rank, float((value or 0) * self.scale))
        colour = INK if self.low < 0 else LINE
        self.drawing.add(Line(self.zero, 0, self.zero, self.drawing.height, strokeColor=colour, strokeWidth=0.8))
        return self.drawing

    def _row(self, rank: int, long: float) -> None:
        y = self.drawing.height - self.step * (rank + 0.82)
        if long:
            hue, x = HexColor(HUES[0]), self.zero + min(long, 0.0)
            self.drawing.add(Rect(x, y, abs(long), self.step * 0.64, fillColor=hue, strokeColor=hue, strokeWidth=0.6))
        base = y + self.step * 0.32 - self.size * 0.32
        self._text(self.left - self.size * 0.5, base, self.names[rank], "end")
        self._text(self.zero + max(long, 0.0) + self.size * 0.4, base, self.told[rank], "start")

    def _text(self, x: float, y: float, text: str, anchor: str) -> None:
        self.drawing.add(String(x, y, text, fontName=REGULAR, fontSize=self.size, fillColor=INK, textAnchor=anchor))


def _told(value: Decimal | None, unit: str) -> str:
    if value is None:
        return "–"
    return short_euros(value) if unit == "€" else f"{plain(value)}\u00a0{unit}".strip()
