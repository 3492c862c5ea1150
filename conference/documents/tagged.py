"""How does a drawn page also say what it means (PDF/UA)?

ReportLab's open-source edition draws but does not tag. Here each flowable writes its drawing between BDC and EMC with
a number (MCID), and hangs that number on a node of a tree kept beside the canvas; decoration is marked as an
artifact. Nodes are made when the story is written, in reading order, and not when they are drawn: page breaks cannot
reorder them, and a paragraph or a table split over pages keeps its one node. `archive.py` turns the tree into the
PDF's structure.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Self

from reportlab.graphics import renderPDF
from reportlab.graphics.shapes import Drawing
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Table

from conference.documents.plain_text import PlainParagraph, number


@dataclass(frozen=True)
class Mark:
    """A run of marked content: page (from 0) and MCID on it."""

    page: int
    number: int


@dataclass(frozen=True)
class Annotation:
    """A link: page (from 0) and rank among the page's annotations."""

    page: int
    rank: int


@dataclass
class Node:
    """An element of the structure tree; `attributes` are (owner, name, value), such as ("Table", "Scope", "/Row")."""

    kind: str
    kids: "list[Node | Mark | Annotation]" = field(default_factory=list)
    attributes: tuple[tuple[str, str, Any], ...] = ()
    alt: str = ""

    def add(self, kind: str, *attributes: tuple[str, str, Any], alt: str = "") -> "Node":
        """A new last child."""
        child = Node(kind, attributes=attributes, alt=alt)
        self.kids.append(child)
        return child

    def nodes(self) -> "Iterator[Node]":
        """This node and all below it, in reading order."""
        yield self
        for kid in self.kids:
            if isinstance(kid, Node):
                yield from kid.nodes()


def _page(canvas: Canvas) -> int:
    return int(canvas.getPageNumber()) - 1


@contextmanager
def marked(canvas: Canvas, node: Node) -> Iterator[None]:
    """What is drawn inside is content of `node`."""
    canvas._code.append(_begun(canvas, node))
    yield
    canvas._code.append("EMC")


def _begun(canvas: Canvas, node: Node) -> str:
    """The operator that begins a run of content of `node`."""
    numbers: dict[int, int] = canvas.__dict__.setdefault("tagged_numbers", {})
    page = _page(canvas)
    number = numbers.get(page, 0)
    numbers[page] = number + 1
    node.kids.append(Mark(page, number))
    return f"/{node.kind} <</MCID {number}>> BDC"


@contextmanager
def artifact(canvas: Canvas, kind: str = "Layout") -> Iterator[None]:
    """What is drawn inside is decoration, skipped by screen readers."""
    canvas._code.append("/Artifact BMC" if kind == "Layout" else f"/Artifact <</Type /{kind}>> BDC")
    yield
    canvas._code.append("EMC")


class TaggedParagraph(PlainParagraph):
    """A paragraph whose lines belong to one node, wherever the page breaks fall; optionally wholly a link."""

    node: Node | None = None
    link: str | None = None
    outline: str | None = None
    level = 0

    def tagged(self, node: Node, *, link: str | None = None) -> Self:
        self.node, self.link = node, link
        return self

    def split(self, available_width: float, available_height: float) -> list[Any]:
        parts: list[Any] = super().split(available_width, available_height)
        for part in parts:
            part.node, part.link = self.node, self.link
        return parts

    def drawOn(self, canvas: Canvas, x: float, y: float, _sW: float = 0) -> None:
        """Plain text, neither a link nor a heading, is written straight where it stands."""
        written = None if self.outline or self.link else self.operators(canvas)
        if written is None:
            super().drawOn(canvas, x, y, _sW)
            return
        canvas._code += ["q", f"1 0 0 1 {number(self._hAlignAdjust(x, _sW))} {number(y)} cm"]
        if self.node is not None:
            written = [_begun(canvas, self.node), *written, "EMC"]
        canvas._code += [*written, "Q"]

    def draw(self) -> None:
        if self.outline:
            self._bookmark()
        if self.node is None:
            super().draw()
            return
        with marked(self.canv, self.node):
            super().draw()
        if self.link:
            self._annotate(self.node)

    def _bookmark(self) -> None:
        key = f"section-{self.canv.__dict__.setdefault('tagged_outlines', 0)}"
        self.canv.tagged_outlines += 1
        self.canv.bookmarkHorizontal(key, 0, self.height)
        self.canv.addOutlineEntry(self.outline, key, self.level)

    def _annotate(self, node: Node) -> None:
        rank = len(self.canv._annotationrefs)
        self.canv.linkURL(self.link, (0, 0, self.width, self.height), relative=1)
        node.kids.append(Annotation(_page(self.canv), rank))


class TaggedItem(Flowable):
    """An item of a list: its dash, or another sign, then its text, which may go on over a page."""

    def __init__(self, item: Node, body: TaggedParagraph, indent: float, sign: str = "–") -> None:
        super().__init__()
        self.item, self.body, self.indent, self.sign = item, body, indent, sign
        self.label: Node | None = item.add("Lbl")
        if body.node is not None:
            item.kids.append(body.node)

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        width, height = self.body.wrap(available_width - self.indent, available_height)
        return width + self.indent, height

    def split(self, available_width: float, available_height: float) -> list[Any]:
        parts = self.body.split(available_width - self.indent, available_height)
        return [self._part(part, first=position == 0) for position, part in enumerate(parts)]

    def _part(self, body: TaggedParagraph, *, first: bool) -> "TaggedItem":
        part = object.__new__(TaggedItem)
        Flowable.__init__(part)
        part.item, part.body, part.indent, part.sign = self.item, body, self.indent, self.sign
        part.label = self.label if first else None
        return part

    def draw(self) -> None:
        style = self.body.style
        if self.label is not None:
            self.canv.saveState()
            self.canv.setFont(style.fontName, style.fontSize)
            self.canv.setFillColor(style.textColor)
            with marked(self.canv, self.label):
                self.canv.drawString(2, self.body.height - style.fontSize, self.sign)
            self.canv.restoreState()
        self.body.drawOn(self.canv, self.indent, 0)


class TaggedFigure(Flowable):
    """A drawing with its alternative text and its box on the page."""

    def __init__(self, node: Node, drawing: Drawing) -> None:
        super().__init__()
        self.node, self.drawing = node, drawing

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        return self.drawing.width, self.drawing.height

    def draw(self) -> None:
        x, y = self.canv.absolutePosition(0, 0)
        box = [round(x, 2), round(y, 2), round(x + self.drawing.width, 2), round(y + self.drawing.height, 2)]
        self.node.attributes = (("Layout", "BBox", box), ("Layout", "Placement", "/Block"))
        with marked(self.canv, self.node):
            renderPDF.draw(self.drawing, self.canv, 0, 0)


class Silent:
    """ReportLab's table hooks for a table that only places things: its rules are decoration."""

    def __call__(self, table: Any, command: str, *details: Any) -> None:
        if command in ("startBG", "startLines"):
            table.canv._code.append("/Artifact BMC")
        elif command in ("endBG", "endLines"):
            table.canv._code.append("EMC")


class CellTags:
    """ReportLab's table hooks for real tables: each cell's drawing belongs to its TH or TD.

    Rows are given as nodes, header rows first. A header row repeated after a page break is an artifact; which rows were
    drawn is remembered here, shared by all parts of a split table.
    """

    def __init__(self, rows: "list[list[Node | None]]") -> None:
        self.rows = rows
        self.drawn: set[tuple[int, int]] = set()
        self.cell: Any = None

    def __call__(self, table: Any, command: str, *details: Any) -> None:
        if command in ("startBG", "startLines"):
            table.canv._code.append("/Artifact BMC")
        elif command in ("endBG", "endLines"):
            table.canv._code.append("EMC")
        elif command == "startCell":
            row, column = details[0], details[1]
            self.cell = self._context(table, table.origin[row], column)
            self.cell.__enter__()
        elif command == "endCell":
            self.cell.__exit__(None, None, None)

    def _context(self, table: Any, row: int, column: int) -> Any:
        node = self.rows[row][column]
        repeated = (row, column) in self.drawn and row < table.repeatRows
        self.drawn.add((row, column))
        if node is None or repeated:
            return artifact(table.canv, "Layout" if node is None else "Pagination")
        return marked(table.canv, node)


class TaggedTable(Table):
    """A table whose cells are tagged; `origin` gives for each of its rows the rank of that row in the whole table."""

    origin: list[int]

    def split(self, available_width: float, available_height: float) -> list[Any]:
        parts: list[Any] = super().split(available_width, available_height)
        if len(parts) == 2:
            self._share_rows(*parts)
        return parts

    def _share_rows(self, first: "TaggedTable", second: "TaggedTable") -> None:
        """A row split in two stands at the end of `first` and, under the repeated head, at the start of `second`."""
        head = self.origin[: self.repeatRows]
        first.origin = self.origin[: len(first._cellvalues)]
        below = len(second._cellvalues) - len(head)
        second.origin = head + self.origin[len(self.origin) - below :]
