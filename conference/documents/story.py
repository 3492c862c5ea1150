"""How do a document's blocks become flowables, each tied to its place in the structure tree?

One function per kind of block, in reading order. Level 1 and 2 headings are H2 and H3 under the title's H1.
"""

from collections.abc import Sequence
from functools import singledispatchmethod
from itertools import zip_longest

from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import CondPageBreak, Flowable, PageBreak, Spacer
from reportlab.platypus import Table as Grid

from conference.documents.drawing import draw_chart
from conference.documents.fonts import printable, text_width
from conference.documents.model import (
    Beside,
    Block,
    Document,
    Figure,
    Heading,
    Items,
    KeyFigure,
    KeyFigures,
    Lead,
    NewPage,
    Numbered,
    Room,
    Signatures,
    Table,
    Text,
    Together,
)
from conference.documents.signature_boxes import signature_flowables
from conference.documents.styles import (
    BODY,
    BOTTOM,
    CODE_BOTTOM,
    CONFERENCE,
    HEADING_1,
    HEADING_2,
    INK,
    KEY_LABEL,
    KEY_VALUE,
    LINE,
    MENTION,
    PAGE_HEIGHT,
    REGION,
    SMALL,
    STRONG_BODY,
    TEXT_WIDTH,
    TITLE,
    TOP,
    UNDER_TITLE,
)
from conference.documents.tables import paragraph_text, table_flowables
from conference.documents.tagged import Node, Silent, TaggedFigure, TaggedItem, TaggedParagraph
from conference.documents.timeline import Timeline

_TEXTS = {"body": BODY, "small": SMALL, "strong": STRONG_BODY}
_GUTTER = 14.0
_WIDEST_SIGN = 28.0
_ROOM = {Heading: 60.0, Table: 60.0}
"""Points that must be left on the page for a heading, or a table, to begin there; a heading over a table needs both."""


def bottom_of(document: Document) -> float:
    """Points under the text of a page."""
    return CODE_BOTTOM if document.code_start else BOTTOM


def frame_height(document: Document) -> float:
    """Points that a page after the first holds (its head takes 8)."""
    return PAGE_HEIGHT - TOP - bottom_of(document) - 8


class Story:
    """Writes a document's flowables and, beside them, the tree of what they mean."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.tree = Node("Document")
        self.numbers = [0, 0]
        self.frame_height = frame_height(document)

    def flowables(self) -> list[Flowable]:
        return [self._masthead(), Spacer(0, 8), *self._run(self.document.blocks, self.tree, TEXT_WIDTH)]

    def _run(self, blocks: Sequence[Block], parent: Node, width: float) -> list[Flowable]:
        """Blocks one after the other; a heading or a table does not begin at the very foot of a page."""
        written: list[Flowable] = []
        for block, following in zip_longest(blocks, blocks[1:]):
            if isinstance(block, Heading | Table):
                room = _ROOM[type(block)] + (_ROOM[Table] if isinstance(following, Table) else 0)
                written.append(CondPageBreak(room))
            written += self.write(block, parent, width)
        return written

    def _masthead(self) -> Flowable:
        """Who on the left; what, which and when on the right."""
        document = self.document
        who = [self._paragraph(document.conference, CONFERENCE, "P")]
        if document.region:
            who.append(self._paragraph(document.region, REGION, "P"))
        what = [self._paragraph(document.title, TITLE, "H1")]
        if document.mentions:
            what.append(self._paragraph(" – ".join(document.mentions), MENTION, "P"))
        what += [self._paragraph(line, UNDER_TITLE, "P") for line in (document.reference, *document.lines)]
        look = [("VALIGN", (0, 0), (-1, -1), "TOP"), ("LINEBELOW", (0, 0), (-1, 0), 0.8, INK), *_NO_PADDING]
        look.append(("BOTTOMPADDING", (0, 0), (-1, 0), 7))
        return _grid([who, what], [TEXT_WIDTH * 0.42, TEXT_WIDTH * 0.58], look)

    def _paragraph(self, text: str, style: object, kind: str, parent: Node | None = None) -> TaggedParagraph:
        return TaggedParagraph(paragraph_text(text), style).tagged((parent or self.tree).add(kind))

    @singledispatchmethod
    def write(self, block: Block, parent: Node, width: float) -> list[Flowable]:
        """The flowables of one block, `width` points wide, tagged under `parent`."""
        raise TypeError(f"no layout for {type(block).__name__}")

    @write.register
    def _(self, block: Heading, parent: Node, width: float) -> list[Flowable]:
        text = f"{self._number(block.level)} {block.text}" if block.numbered else block.text
        made = self._paragraph(text, (HEADING_1, HEADING_2)[block.level - 1], f"H{block.level + 1}", parent)
        made.outline, made.level = printable(text), block.level - 1
        return [made]

    def _number(self, level: int) -> str:
        self.numbers[level - 1] += 1
        if level == 1:
            self.numbers[1] = 0
            return f"{self.numbers[0]}."
        return f"{self.numbers[0]}.{self.numbers[1]}"

    @write.register
    def _(self, block: Text, parent: Node, width: float) -> list[Flowable]:
        style = _TEXTS[block.style]
        if block.link is None:
            return [self._paragraph(block.text, style, "P", parent)]
        node = parent.add("P").add("Link")
        return [TaggedParagraph(f"<u>{paragraph_text(block.text)}</u>", style).tagged(node, link=block.link)]

    @write.register
    def _(self, block: Items, parent: Node, width: float) -> list[Flowable]:
        if not block.texts:
            return []
        node = parent.add("L", ("List", "ListNumbering", "/None"))
        return _spaced([self._item(text, node.add("LI")) for text in block.texts], block.space_after)

    def _item(self, text: str, item: Node, indent: float = 12, sign: str = "–") -> TaggedItem:
        body = TaggedParagraph(paragraph_text(text), BODY).tagged(Node("LBody"))
        return TaggedItem(item, body, indent, sign)

    @write.register
    def _(self, block: Table, parent: Node, width: float) -> list[Flowable]:
        return table_flowables(block, parent, width)

    @write.register
    def _(self, block: Figure, parent: Node, width: float) -> list[Flowable]:
        chart = block.chart
        node = parent.add("Figure", alt=printable(f"{chart.title}. {chart.description}"))
        made: list[Flowable] = [TaggedFigure(node, draw_chart(chart, width, block.height, 7.5))]
        if not isinstance(chart, Timeline) and chart.source:
            made.append(self._paragraph(f"Source\u202f: {chart.source}", SMALL, "P", parent))
        return made

    @write.register
    def _(self, block: KeyFigures, parent: Node, width: float) -> list[Flowable]:
        node = parent.add("L", ("List", "ListNumbering", "/None"))
        value = _fitting(KEY_VALUE, [item.value for item in block.items], width / len(block.items) - 14)
        cells = [self._key_figure(item, node.add("LI").add("LBody"), value) for item in block.items]
        look = [("VALIGN", (0, 0), (-1, -1), "TOP"), *_NO_PADDING, ("RIGHTPADDING", (0, 0), (-1, -1), 6)]
        rules = [("LINEBEFORE", (rank, 0), (rank, 0), 0.5, LINE) for rank in range(1, len(cells))]
        inner = [("LEFTPADDING", (1, 0), (-1, 0), 8)]
        return [_grid(cells, [width / len(cells)] * len(cells), [*look, *rules, *inner]), Spacer(0, 6)]

    def _key_figure(self, item: KeyFigure, node: Node, value: ParagraphStyle) -> list[Flowable]:
        made = [self._paragraph(item.label, KEY_LABEL, "P", node), self._paragraph(item.value, value, "P", node)]
        return [*made, self._paragraph(item.note, KEY_LABEL, "P", node)] if item.note else made

    @write.register
    def _(self, block: Beside, parent: Node, width: float) -> list[Flowable]:
        left = (width - _GUTTER) * block.share
        right = width - _GUTTER - left
        cells = [self.write(block.left, parent, left), "", self.write(block.right, parent, right)]
        look = [("VALIGN", (0, 0), (-1, -1), "TOP"), *_NO_PADDING]
        return [_grid(cells, [left, _GUTTER, right], look), Spacer(0, 4)]

    @write.register
    def _(self, block: Together, parent: Node, width: float) -> list[Flowable]:
        """Asks for the room that all of it needs; where no page has it, for that of all but its last blocks."""
        parts = [self.write(each, parent, width) for each in block.blocks]
        rooms = [sum(self._height(each, width) for each in part) for part in parts]
        least = 0.0
        while sum(rooms) + least > self.frame_height and rooms:
            rooms.pop()
            least = _ROOM[Table]
        return [CondPageBreak(sum(rooms) + least), *(each for part in parts for each in part)]

    def _height(self, flowable: Flowable, width: float) -> float:
        """Points that it takes on the page, with the space around it."""
        height: float = flowable.wrap(width, self.frame_height)[1]
        return height + flowable.getSpaceBefore() + flowable.getSpaceAfter()

    @write.register
    def _(self, block: Lead, parent: Node, width: float) -> list[Flowable]:
        text = f"<b>{paragraph_text(block.head)}</b>{paragraph_text(block.text)}"
        return [TaggedParagraph(text, BODY).tagged(parent.add("P"))]

    @write.register
    def _(self, block: Numbered, parent: Node, width: float) -> list[Flowable]:
        """Texts begin where the longest sign allows, all at the same place."""
        widest = max((text_width(printable(sign), BODY.fontSize) for sign in block.signs), default=0.0)
        indent = min(widest + 6, _WIDEST_SIGN)
        node = parent.add("L", ("List", "ListNumbering", "/Decimal"))
        pairs = zip(block.signs, block.texts, strict=True)
        made = [self._item(text, node.add("LI"), indent, printable(sign)) for sign, text in pairs]
        return _spaced(made, block.space_after)

    @write.register
    def _(self, block: NewPage, parent: Node, width: float) -> list[Flowable]:
        return [PageBreak()]

    @write.register
    def _(self, block: Room, parent: Node, width: float) -> list[Flowable]:
        return [CondPageBreak(block.height)]

    @write.register
    def _(self, block: Signatures, parent: Node, width: float) -> list[Flowable]:
        return signature_flowables(block.blocks, parent, width, self._paragraph)


def _spaced(items: list[TaggedItem], space: float) -> list[Flowable]:
    """A list, with that space under it."""
    return [*items, Spacer(0, space)] if space and items else list(items)


def _fitting(look: ParagraphStyle, texts: Sequence[str], width: float) -> ParagraphStyle:
    """`look`, smaller where that is needed for each text to stand on one line of `width` points; not under 8."""
    widest = max(text_width(printable(text), look.fontSize, strong=True) for text in texts)
    if widest <= width:
        return look
    size = max(8.0, look.fontSize * width / widest)
    return ParagraphStyle(f"{look.name}-fitting", look, fontSize=size, leading=size * 1.25)


_NO_PADDING: list[tuple[object, ...]] = [
    (f"{side}PADDING", (0, 0), (-1, -1), 0) for side in ("LEFT", "RIGHT", "TOP", "BOTTOM")
]


def _grid(cells: Sequence[object], widths: list[float], look: list[tuple[object, ...]]) -> Grid:
    """One row that only places things: no meaning, its rules are decoration."""
    return Grid([list(cells)], colWidths=widths, style=look, renderCB=Silent(), hAlign="LEFT")
