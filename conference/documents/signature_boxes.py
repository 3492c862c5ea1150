"""How is the place laid out where each party signs?

Two boxes side by side, each with who signs and in what name at its top, room for a hand and a stamp, and the day at its foot;
a pair is never cut by a page. Each is one group in the structure, so that a screen reader does not mix two parties.
"""

from collections.abc import Callable, Sequence

from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Flowable
from reportlab.platypus import Table as Grid

from conference.documents.model import SignatureBlock
from conference.documents.styles import BOX_LINE, BOX_PARTY, LINE
from conference.documents.tagged import Node, Silent, TaggedParagraph

ROOM = 70.0
"""Points left for a signature and a stamp."""
_GUTTER = 14.0
Paragraphs = Callable[[str, ParagraphStyle, str, Node], TaggedParagraph]


def signature_flowables(
    blocks: Sequence[SignatureBlock], parent: Node, width: float, paragraph: Paragraphs
) -> list[Flowable]:
    """The boxes, `width` points wide together, tagged under `parent`; `paragraph` makes one from its text, style and tag."""
    made = []
    for rank in range(0, len(blocks), 2):
        boxes = [_box(block, parent.add("Div"), paragraph) for block in blocks[rank : rank + 2]]
        made.append(_pair(boxes, width))
    return made


def _box(block: SignatureBlock, node: Node, paragraph: Paragraphs) -> tuple[list[Flowable], list[Flowable]]:
    """What stands at the top and at the foot of a box."""
    party = paragraph(block.party, BOX_PARTY, "P", node)
    lines = [paragraph(line, BOX_LINE, "P", node) for line in block.lines]
    return [party, *lines], [paragraph(block.date, BOX_LINE, "P", node)]


def _pair(boxes: list[tuple[list[Flowable], list[Flowable]]], width: float) -> Grid:
    one = (width - _GUTTER) / 2
    cells = [[boxes[0][part], "", boxes[1][part] if len(boxes) > 1 else ""] for part in (0, 1)]
    look = [
        ("VALIGN", (0, 0), (-1, 0), "TOP"),
        ("VALIGN", (0, 1), (-1, 1), "BOTTOM"),
        ("LEFTPADDING", (0, 0), (-1, -1), 7),
        ("RIGHTPADDING", (0, 0), (-1, -1), 7),
        ("TOPPADDING", (0, 0), (-1, -1), 6),
        ("BOTTOMPADDING", (0, 0), (-1, 0), ROOM),
        ("BOTTOMPADDING", (0, 1), (-1, 1), 6),
        ("NOSPLIT", (0, 0), (-1, 1)),
        *(("BOX", (column, 0), (column, 1), 0.5, LINE) for column in (0, 2)[: len(boxes)]),
    ]
    widths = [one, _GUTTER, one]
    return Grid(cells, colWidths=widths, style=look, renderCB=Silent(), hAlign="LEFT", spaceAfter=9)
