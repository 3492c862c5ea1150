"""How are the axes, the legend and the names of a chart drawn?

What the forms share: round numbers on the axis with their unit, horizontal rules, a legend on as many lines as it needs,
categories below. A series is told apart by its name, its hue and its pattern.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from decimal import Decimal

from reportlab.graphics.shapes import Drawing, Line, Rect, String
from reportlab.lib.colors import Color, HexColor

from conference.documents.chart import HUES, Chart, scale_ends
from conference.documents.fonts import REGULAR, printable, text_width
from conference.documents.patterns import hatch
from conference.domain.french import format_number

INK = HexColor("#1d2433")
LINE = HexColor("#d5d9e0")
PAPER = HexColor("#ffffff")
_LEAST = 6
"""Lines of text that the figures themselves are high, at least: a long legend makes the drawing grow."""
_SCALES = ((Decimal(10) ** 9, "Md€"), (Decimal(10) ** 6, "M€"), (Decimal(1000), "k€"), (Decimal(1), "€"))


def unit_of(largest: Decimal, unit: str = "€") -> tuple[Decimal, str]:
    """(euros in one unit, its name) in which amounts up to `largest` are short."""
    if unit != "€":
        return Decimal(1), unit
    return next((scale for scale in _SCALES if largest >= scale[0] * 2), _SCALES[-1])


def short_euros(value: Decimal) -> str:
    """An amount in few signs: "1,2 M€", "940 k€", "12 €"."""
    factor, unit = next((scale for scale in _SCALES if abs(value) >= scale[0]), _SCALES[-1])
    scaled = value / factor
    rounded = scaled.quantize(Decimal(1) if abs(scaled) >= 100 or factor == 1 else Decimal("0.1"))
    return f"{plain(rounded)}\u00a0{unit}"


def plain(number: Decimal) -> str:
    """A number in French without useless decimals: "1 250", "2,5", "−4"."""
    if number == number.to_integral_value():
        return format_number(int(number))
    return f"{number.normalize():f}".replace(".", ",").replace("-", "−")


def cut(text: str, width: float, size: float) -> str:
    """`text` as `width` holds it, ended by … where it is too long."""
    text = printable(text)
    if text_width(text, size) <= width:
        return text
    while text and text_width(f"{text}…", size) > width:
        text = text[:-1]
    return f"{text.rstrip()}…"


def wrapped(text: str, width: float, size: float, most: int) -> list[str]:
    """`text` on at most `most` lines (at least one) of `width`, cut at words; the last one ended by … where it is too long."""
    lines: list[str] = []
    words = printable(text).split(" ")
    while words and len(lines) < most - 1:
        count = next((n for n in range(len(words), 1, -1) if text_width(" ".join(words[:n]), size) <= width), 1)
        lines.append(cut(" ".join(words[:count]), width, size))
        words = words[count:]
    return [*lines, cut(" ".join(words), width, size)] if words else lines


def light(colour: Color, share: float = 0.35) -> Color:
    """The colour mixed with white."""
    return Color(*(1 - (1 - part) * share for part in colour.rgb()))


def no_figures(width: float, size: float) -> Drawing:
    """What stands where there is nothing to draw."""
    drawing = Drawing(width, size * 4)
    text = String(width / 2, size * 1.6, "Aucun chiffre.", fontName=REGULAR, fontSize=size, textAnchor="middle")
    text.fillColor = INK
    drawing.add(text)
    return drawing


class Plot(ABC):
    """A drawing with a legend on top, rules across and categories below; the forms add what they show."""

    def __init__(self, chart: Chart, width: float, height: float, size: float) -> None:
        self.chart, self.size = chart, size
        self.low, self.high, self.step = scale_ends(chart)
        self.factor, self.unit = self._unit()
        ticks = [self._tick(value) for value in self._ticks()]
        self.left = max(text_width(each, size) for each in [*ticks, self.unit]) + size * 0.8
        self.right = width
        self.names = self._names()
        self.bottom = size * (1.85 + 1.25 * max((line for _, _, line in self.names), default=0))
        self.legend = self._legend_places()
        above = size * (2.9 + 1.5 * max(row for _, row in self.legend))
        self.drawing = Drawing(width, max(height, self.bottom + _LEAST * size + above))
        self.top = self.drawing.height - above

    def draw(self) -> Drawing:
        """The whole drawing."""
        self._rules()
        self._legend()
        self.show()
        self._categories()
        return self.drawing

    @abstractmethod
    def show(self) -> None:
        """Draw the figures themselves."""

    @property
    def slot(self) -> float:
        """Width of one category."""
        return (self.right - self.left) / len(self.chart.categories)

    def bar(self, position: int, x: float, y: float, width: float, height: float) -> None:
        """A bar of the series at `position`."""
        colour = HexColor(HUES[position])
        fill: Color | None = colour if position == 0 else light(colour)
        self.drawing.add(Rect(x, y, width, height, fillColor=fill, strokeColor=colour, strokeWidth=0.6))
        for x1, y1, x2, y2 in hatch(position, x, y, width, height, max(2.2, self.size * 0.3)):
            self.drawing.add(Line(x1, y1, x2, y2, strokeColor=colour, strokeWidth=0.7))

    def key(self, position: int, x: float, y: float) -> None:
        """How the series looks, in the legend."""
        self.bar(position, x, y - self.size * 0.1, self.size * 1.4, self.size * 0.9)

    def y(self, value: Decimal) -> float:
        """Height of a value."""
        share = (value - self.low) / (self.high - self.low)
        return self.bottom + (self.top - self.bottom) * float(share)

    def _names(self) -> tuple[tuple[str, float, int], ...]:
        """(text, middle, line) of what names the categories: on the first line one in so many where there are too many, on
        the next ones (the year of a month) each that does not touch the one before."""
        every = max(1, -(-int(self.size * 3.2) // max(1, int(self.slot))))
        room = self.slot * every - self.size * 0.3
        written: list[tuple[str, float, int]] = []
        ends: dict[int, float] = {}
        for place, name in enumerate(self.chart.categories):
            for line, whole in enumerate(name.split("\n")):
                text = cut(whole, room, self.size)
                half = text_width(text, self.size) / 2
                middle = min(max(self.left + self.slot * (place + 0.5), half), self.right - half)
                if text and (place % every == 0 if line == 0 else middle - half >= ends.get(line, 0)):
                    written.append((text, middle, line))
                    ends[line] = middle + half + self.size * 0.3
        return tuple(written)

    def _unit(self) -> tuple[Decimal, str]:
        return unit_of(max(abs(self.low), self.high), self.chart.unit)

    def _ticks(self) -> Iterator[Decimal]:
        value = self.low
        while value <= self.high:
            yield value
            value += self.step

    def _tick(self, value: Decimal) -> str:
        return plain(value / self.factor)

    def _text(self, x: float, y: float, text: str, anchor: str = "start") -> None:
        self.drawing.add(
            String(x, y, printable(text), fontName=REGULAR, fontSize=self.size, fillColor=INK, textAnchor=anchor)
        )

    def _rules(self) -> None:
        for value in self._ticks():
            y = self.y(value)
            colour, width = (INK, 0.8) if value == 0 else (LINE, 0.5)
            self.drawing.add(Line(self.left, y, self.right, y, strokeColor=colour, strokeWidth=width))
            self._text(self.left - self.size * 0.5, y - self.size * 0.32, self._tick(value), "end")

    def _legend(self) -> None:
        for position, (x, row) in enumerate(self.legend):
            y = self.drawing.height - self.size * (1.1 + 1.5 * row)
            self.key(position, x, y)
            self._text(x + self.size * 2, y, self._label(position))
        self._text(self.left - self.size * 0.5, self.top + self.size * 0.9, self.unit, "end")

    def _legend_places(self) -> list[tuple[float, int]]:
        """Where each series is named (x, row): left to right, then on the next row when the width is used up."""
        places, x, row = [], self.left, 0
        for position in range(len(self.chart.series)):
            wide = self.size * 2 + text_width(self._label(position), self.size)
            if x > self.left and x + wide > self.right:
                x, row = self.left, row + 1
            places.append((x, row))
            x += wide + self.size * 1.8
        return places

    def _label(self, position: int) -> str:
        return cut(self.chart.series[position].label, self.right - self.left - self.size * 2, self.size)

    def _categories(self) -> None:
        for text, middle, line in self.names:
            self._text(middle, self.bottom - self.size * (1.15 + 1.15 * line), text, "middle")
