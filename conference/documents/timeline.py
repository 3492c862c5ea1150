"""How are a person's steps and income drawn on one line of time?

One row per thing (the steps, the rights, the income that results), one bar per period, months along the bottom. A bar is
told apart by its hatching and its words before its colour; the table beside the drawing says the same in full.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from reportlab.graphics.shapes import Drawing, Line, Rect, String
from reportlab.lib.colors import Color, HexColor

from conference.documents.fonts import REGULAR, printable, text_width
from conference.documents.patterns import hatch
from conference.documents.plot import INK, LINE
from conference.domain.french import SHORT_MONTHS
from conference.domain.period import Period

Style = Literal["step", "right", "covered", "presumed", "available", "gap", "overlap", "reduced", "dead"]
_STYLES: dict[Style, tuple[str, str, int]] = {
    "step": ("#1f5a8a", "#e9f0f6", 0),
    "right": ("#525b6d", "#f5f6f8", 0),
    "covered": ("#1f6f4a", "#eaf4ee", 0),
    "presumed": ("#1f5a8a", "#ffffff", 3),
    "available": ("#8a5a00", "#ffffff", 7),
    "gap": ("#a3262a", "#ffffff", 5),
    "reduced": ("#525b6d", "#ffffff", 2),
    "dead": ("#525b6d", "#ffffff", 4),
    "overlap": ("#8a5a00", "#fbf3e2", 1),
}
"""Line colour, fill and hatching of each kind of bar."""
SIZE = 13.0
ROW = 34.0 / SIZE
BAR = 22.0 / SIZE
"""Height of a row and of its bar, for type of one point."""


@dataclass(frozen=True)
class Bar:
    """A period with the words written in it where they fit, or else the `short` ones."""

    period: Period
    label: str
    style: Style
    short: str = ""


@dataclass(frozen=True)
class Lane:
    """A named row of bars that do not overlap."""

    label: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Timeline:
    """Rows over the days of `span`. `title` and `description` are what a screen reader says; `today` draws a line."""

    title: str
    description: str
    span: Period
    lanes: tuple[Lane, ...]
    today: date | None = None


def draw_timeline(timeline: Timeline, width: float, size: float = SIZE) -> Drawing:
    """The timeline as a drawing `width` wide, with type of `size`, and as high as its rows need."""
    height = ROW * size * len(timeline.lanes) + 3.5 * size
    drawing = Drawing(width, height)
    left = max(text_width(printable(lane.label), size) for lane in timeline.lanes) + size
    scale = _Scale(timeline.span, left, width - 1, size)
    _months(drawing, scale, height)
    for row, lane in enumerate(timeline.lanes):
        bottom = height - size * 1.5 - ROW * size * row - BAR * size
        drawing.add(_text(0, bottom + BAR * size * 0.3, lane.label, size))
        for bar in lane.bars:
            _bar(drawing, scale, bar, bottom)
    if timeline.today and timeline.span.contains(timeline.today):
        x = scale.start(timeline.today)
        drawing.add(Line(x, size * 1.6, x, height, strokeColor=INK, strokeWidth=1.4))
        drawing.add(_text(min(x + 3, width - text_width("auj.", size)), height - size * 0.8, "auj.", size))
    return drawing


@dataclass(frozen=True)
class _Scale:
    """Where each day stands, between `left` and `right`, with type of `size`."""

    span: Period
    left: float
    right: float
    size: float

    def start(self, day: date) -> float:
        """The left edge of a day."""
        return self.left + (self.right - self.left) * (day - self.span.first).days / self.span.days

    def end(self, day: date) -> float:
        """The right edge of a day."""
        return self.start(day + timedelta(days=1))


def _months(drawing: Drawing, scale: _Scale, height: float) -> None:
    written_until, size = 0.0, scale.size
    for month in _firsts(scale.span):
        x = max(scale.left, scale.start(month))
        drawing.add(Line(x, size * 1.6, x, height, strokeColor=LINE, strokeWidth=0.7))
        words = f"{SHORT_MONTHS[month.month - 1]} {month:%y}"
        end = x + text_width(words, size)
        if x >= written_until and end <= scale.right:
            drawing.add(_text(x, size * 0.4, words, size))
            written_until = end + size
    drawing.add(Line(scale.left, size * 1.6, scale.right, size * 1.6, strokeColor=INK, strokeWidth=0.8))


def _firsts(span: Period) -> Iterator[date]:
    return (part.first.replace(day=1) for part in span.by_month())


def _bar(drawing: Drawing, scale: _Scale, bar: Bar, bottom: float) -> None:
    line, fill, pattern = _STYLES[bar.style]
    size, tall = scale.size, BAR * scale.size
    x, width = scale.start(bar.period.first), scale.end(bar.period.last) - scale.start(bar.period.first)
    colour: Color = HexColor(line)
    drawing.add(Rect(x, bottom, width, tall, fillColor=HexColor(fill), strokeColor=colour, strokeWidth=1.2))
    for x1, y1, x2, y2 in hatch(pattern, x, bottom, width, tall, 5):
        drawing.add(Line(x1, y1, x2, y2, strokeColor=colour, strokeWidth=0.8))
    fitting = (words for words in (bar.label, bar.short) if text_width(printable(words), size) + size * 0.8 <= width)
    words = printable(next(fitting, ""))
    if not words:
        return
    wide = text_width(words, size)
    if pattern:
        drawing.add(
            Rect(x + size * 0.2, bottom + 3, wide + size * 0.4, tall - 6, fillColor=HexColor(fill), strokeColor=None)
        )
    drawing.add(_text(x + size * 0.4, bottom + tall * 0.3, words, size))


def _text(x: float, y: float, words: str, size: float) -> String:
    return String(x, y, printable(words), fontName=REGULAR, fontSize=size, fillColor=INK)
