"""How are the axes, the legend and the names of a chart drawn?

What the forms share: round numbers on the axis with their unit, horizontal rules, a legend on as many lines as it needs,
categories below. A series is told apart by its name, its hue and its pattern.
"""

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


def light(colour: Color, share: float = 0.35) -> Color:
    """The colour mixed with white."""
    return Color(*(1 - (1 - part) * share for part in colour.rgb()))


class Plot:
    """A drawing with a legend on top, rules across and categories below; the forms add what they show."""

    def __init__(self, chart: Chart, width: float, height: float, size: float) -> None:
        self.chart, self.size = chart, size
        self.drawing = Drawing(width, height)
        self.low, self.high, self.step = scale_ends(chart)
        self.factor, self.unit = self._unit()
        ticks = [self._tick(value) for value in self._ticks()]
        self.left = max(text_width(each, size) for each in [*ticks, self.unit]) + size * 0.8
        self.right = width
        self.names = self._names()
        lines = max((each.count("\n") + 1 for each in self.names), default=1)
        self.bottom = size * (0.6 + 1.25 * lines)
        self.legend = self._legend_places()
        self.top = height - size * (1.4 + 1.5 * len({y for _, y in self.legend}))

    def draw(self) -> Drawing:
        """The whole drawing."""
        self._rules()
        self._legend()
        if self.chart.categories and self.chart.series:
            self.show()
        else:
            self._text((self.left + self.right) / 2, (self.bottom + self.top) / 2, "Aucun chiffre.", "middle")
        self._categories()
        return self.drawing

    def show(self) -> None:
        """Draw the figures themselves."""
        raise NotImplementedError

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

    def _names(self) -> tuple[str, ...]:
        """Names of the categories, cut to their room, one in so many where there are too many."""
        if not self.chart.categories:
            return ()
        room = self.slot_of(len(self.chart.categories))
        every = max(1, -(-int(self.size * 3.2) // max(1, int(room))))
        return tuple(
            "\n".join(cut(line, room * every - self.size * 0.3, self.size) for line in name.split("\n"))
            if place % every == 0
            else "\n" * name.count("\n")
            for place, name in enumerate(self.chart.categories)
        )

    def slot_of(self, count: int) -> float:
        """Width of one of `count` categories."""
        return (self.right - self.left) / count

    def _unit(self) -> tuple[Decimal, str]:
        if not any(each.values for each in self.chart.series):
            return Decimal(1), self.chart.unit
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
        for position, (x, y) in enumerate(self.legend):
            self.key(position, x, y)
            self._text(x + self.size * 2, y, self.chart.series[position].label)
        self._text(self.left - self.size * 0.5, self.top + self.size * 0.9, self.unit, "end")

    def _legend_places(self) -> list[tuple[float, float]]:
        """Where each series is named: left to right, then on the next line when the width is used up."""
        places, x, y = [], self.left, self.drawing.height - self.size * 1.1
        for each in self.chart.series:
            wide = self.size * 2 + text_width(printable(each.label), self.size)
            if x > self.left and x + wide > self.right:
                x, y = self.left, y - self.size * 1.5
            places.append((x, y))
            x += wide + self.size * 1.8
        return places

    def _categories(self) -> None:
        for place, category in enumerate(self.names):
            for line, text in enumerate(category.split("\n")):
                if text:
                    y = self.bottom - self.size * (1.15 + 1.15 * line)
                    self._text(self.left + self.slot * (place + 0.5), y, text, "middle")
