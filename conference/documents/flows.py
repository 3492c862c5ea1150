"""How is it drawn that an amount goes from funder to scheme to audience?

Each stage is a column of boxes as high as their amounts, each with its name and its amount inside; ribbons join them, as
wide as what goes from one to the other. Boxes and ribbons are outlined, so that black and white tells them apart; a box is
never lower than a line of text, so that the smallest is still named.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from reportlab.graphics.shapes import Drawing, Path, Rect, String
from reportlab.lib.colors import HexColor

from conference.documents.chart import HUES, Flow, Flows, gathered
from conference.documents.fonts import REGULAR, text_width
from conference.documents.plot import INK, PAPER, cut, light, no_figures, short_euros, wrapped

MOST = 8
"""Boxes of a stage."""
BOX = 0.25
"""Share of the width that the boxes of one stage take, with three stages."""
_EDGE = 0.5
"""Room for the outline of the outer boxes."""


@dataclass
class _Box:
    """A member of a stage: its place, its height, and where its next ribbon leaves or arrives."""

    name: str
    value: Decimal
    rank: int
    x: float = 0.0
    top: float = 0.0
    height: float = 0.0
    leaving: float = 0.0
    arriving: float = 0.0


def draw_flows(chart: Flows, width: float, height: float, size: float) -> Drawing:
    """The flows in `width` × `height`; the height grows where the boxes need it."""
    flows = gathered(chart, MOST)
    if not flows:
        return no_figures(width, size)
    return _Flows(chart.stages, flows, width, height, size).draw()


class _Flows:
    def __init__(self, stages: Sequence[str], flows: Sequence[Flow], width: float, height: float, size: float) -> None:
        self.stages, self.flows, self.width, self.size = stages, flows, width, size
        self.wide = width * BOX * 3 / max(3, len(stages))
        self.columns = [self._boxes(stage) for stage in range(len(stages))]
        self.total = sum((flow.value for flow in flows), Decimal(0))
        self.least, self.gap = size * 1.7, size * 0.55
        self.head = size * 2
        most = max(len(column) for column in self.columns)
        self.height = max(height, self.head + most * (self.least + self.gap) + size)
        self.scale = min(self._scale(column) for column in self.columns)
        self.drawing = Drawing(width, self.height)
        self._place()

    def draw(self) -> Drawing:
        for stage in range(len(self.stages) - 1):
            self._ribbons(stage)
        for stage, column in enumerate(self.columns):
            self._heading(stage)
            for box in column.values():
                self._box(box)
        return self.drawing

    def _boxes(self, stage: int) -> dict[str, _Box]:
        sums: dict[str, Decimal] = {}
        for flow in self.flows:
            sums[flow.path[stage]] = sums.get(flow.path[stage], Decimal(0)) + flow.value
        ordered = sorted(sums, key=lambda name: (name.startswith("Autres ("), -sums[name], name))
        return {name: _Box(name, sums[name], rank) for rank, name in enumerate(ordered)}

    def _scale(self, column: dict[str, _Box]) -> float:
        """Points for the whole amount such that the column fits, small boxes taking their least height."""
        room = self.height - _EDGE - self.head - self.gap * (len(column) - 1)
        small: set[str] = set()
        while True:
            left = room - self.least * len(small)
            part = sum((box.value for name, box in column.items() if name not in small), Decimal(0))
            scale = left * float(self.total / part) if part else left
            found = {name for name, box in column.items() if scale * self._share(box) < self.least}
            if found <= small or found == set(column):
                return scale
            small |= found

    def _share(self, box: _Box) -> float:
        return float(box.value / self.total)

    def _place(self) -> None:
        step = (self.width - self.wide - 2 * _EDGE) / max(1, len(self.stages) - 1)
        for stage, column in enumerate(self.columns):
            y = self.height - self.head
            for box in column.values():
                box.x, box.top = _EDGE + step * stage, y
                box.height = max(self.least, self.scale * self._share(box))
                inner = (box.height - self.scale * self._share(box)) / 2
                box.leaving = box.arriving = y - inner
                y -= box.height + self.gap

    def _ribbons(self, stage: int) -> None:
        sums: dict[tuple[str, str], Decimal] = {}
        for flow in self.flows:
            pair = (flow.path[stage], flow.path[stage + 1])
            sums[pair] = sums.get(pair, Decimal(0)) + flow.value
        left, right = self.columns[stage], self.columns[stage + 1]
        for one, other in sorted(sums, key=lambda pair: (left[pair[0]].rank, right[pair[1]].rank)):
            self._ribbon(left[one], right[other], self.scale * float(sums[one, other] / self.total))

    def _ribbon(self, source: _Box, target: _Box, thick: float) -> None:
        x1, x2 = source.x + self.wide, target.x
        y1, y2 = source.leaving, target.arriving
        source.leaving -= thick
        target.arriving -= thick
        middle = (x1 + x2) / 2
        colour = HexColor(HUES[source.rank % len(HUES)])
        path = Path(fillColor=light(colour, 0.25), strokeColor=colour, strokeWidth=0.4)
        path.moveTo(x1, y1)
        path.curveTo(middle, y1, middle, y2, x2, y2)
        path.lineTo(x2, y2 - thick)
        path.curveTo(middle, y2 - thick, middle, y1 - thick, x1, y1 - thick)
        path.closePath()
        self.drawing.add(path)

    def _heading(self, stage: int) -> None:
        x = next(iter(self.columns[stage].values())).x
        self._text(x, self.height - self.size, cut(self.stages[stage], self.wide, self.size))

    def _box(self, box: _Box) -> None:
        self.drawing.add(
            Rect(box.x, box.top - box.height, self.wide, box.height, fillColor=PAPER, strokeColor=INK, strokeWidth=0.8)
        )
        amount, inside = short_euros(box.value), self.wide - self.size * 0.8
        x, middle = box.x + self.size * 0.4, box.top - box.height / 2
        if box.height >= self.size * 2.9:
            lines = [*wrapped(box.name, inside, self.size, int(box.height / self.size / 1.2 - 1.2)), amount]
            for rank, line in enumerate(lines):
                self._text(x, middle + self.size * (0.6 * len(lines) - 0.95 - 1.2 * rank), line)
            return
        base = middle - self.size * 0.34
        self._text(box.x + self.wide - self.size * 0.4, base, amount, "end")
        self._text(x, base, cut(box.name, inside - text_width(amount, self.size) - self.size * 0.5, self.size))

    def _text(self, x: float, y: float, text: str, anchor: str = "start") -> None:
        self.drawing.add(String(x, y, text, fontName=REGULAR, fontSize=self.size, fillColor=INK, textAnchor=anchor))
