"""How is a table laid out, and how does it say what heads what?

Numbers take the width that their longest figure needs, texts what their longest line needs, and what is left is spread over
all columns; where texts do not fit on one line they share the rest by their lengths. Headings with a common group stand under
one spanning heading; the head is repeated on each page. Every heading is a TH with its scope, so that a screen reader
says "Région, mars, engagé" before the amount.
"""

from itertools import groupby
from typing import Any
from xml.sax.saxutils import escape

from reportlab.platypus import Flowable

from conference.documents.fonts import REGULAR, STRONG, printable, text_width, unbroken
from conference.documents.model import Column, Row, Table
from conference.documents.styles import CAPTION, CELL_LEADING, INK, LINE, cell_style
from conference.documents.tagged import CellTags, Node, TaggedParagraph, TaggedTable

PADDING = 2.2
LEAST_TEXT = 48.0
"""Points under which a column of texts is not readable."""


def paragraph_text(text: str) -> str:
    """Plain text made safe for a paragraph: printable, escaped, its narrow spaces kept."""
    return escape(unbroken(printable(text)))


def table_flowables(table: Table, parent: Node, width: float) -> list[Flowable]:
    """The caption and the table, `width` points wide, tagged under `parent`."""
    node = parent.add("Table")
    if table.show_caption:
        caption = TaggedParagraph(paragraph_text(table.caption), CAPTION).tagged(node.add("Caption"))
    else:
        caption, node.alt = None, printable(table.caption)
    flowable = _Layout(table, node, width).flowable()
    return [flowable] if caption is None else [caption, flowable]


class _Layout:
    def __init__(self, table: Table, node: Node, width: float) -> None:
        self.table, self.width, self.size = table, width, max(table.size, 7.5)
        self.rows = table.rows or (Row((table.empty, *[""] * (len(table.columns) - 1))),)
        if bad := [row for row in self.rows if len(row.cells) != len(table.columns)]:
            raise ValueError(f"a row of {len(bad[0].cells)} cells in a table of {len(table.columns)} columns")
        self.grouped = any(column.group for column in table.columns)
        self.head = 2 if self.grouped else 1
        self.nodes: list[list[Node | None]] = []
        self.cells: list[list[Any]] = []
        self.spans: list[tuple[Any, ...]] = []
        self.widths = self._fitted_widths()
        self._head_rows(node.add("THead"))
        self._body_rows(node.add("TBody"))

    def flowable(self) -> TaggedTable:
        made = TaggedTable(
            self.cells,
            colWidths=self.widths,
            repeatRows=self.head,
            splitInRow=1,
            renderCB=CellTags(self.nodes),
            hAlign="LEFT",
            style=[*self._look(), *self.spans],
            spaceAfter=6,
        )
        made.origin = list(range(len(self.cells)))
        return made

    def _head_rows(self, head: Node) -> None:
        columns = self.table.columns
        if self.grouped:
            self._group_row(head.add("TR"))
        row = head.add("TR")
        self.nodes.append([None if self._spanned(column) else _heading(row, "/Column") for column in columns])
        self.cells.append(["" if self._spanned(column) else self._cell(column.heading, column) for column in columns])

    def _spanned(self, column: Column) -> bool:
        """Its heading stands in the row of groups and covers both rows."""
        return self.grouped and not column.group

    def _group_row(self, row: Node) -> None:
        nodes: list[Node | None] = []
        cells: list[Any] = []
        for group, members in groupby(self.table.columns, key=lambda column: column.group):
            for first, last in _blocks(list(members), together=bool(group)):
                start = len(cells)
                span = last - first + 1
                column = self.table.columns[start]
                attributes = ("Table", "ColSpan", span) if group else ("Table", "RowSpan", 2)
                nodes += [_heading(row, "/Column", attributes), *[None] * (span - 1)]
                cells += [self._cell(group or column.heading, column, centred=bool(group)), *[""] * (span - 1)]
                self.spans.append(("SPAN", (start, 0), (start + span - 1, 0) if group else (start, 1)))
        self.nodes.append(nodes)
        self.cells.append(cells)

    def _body_rows(self, body: Node) -> None:
        for each in self.rows:
            row = body.add("TR")
            heads = [_heading(row, "/Row")]
            self.nodes.append([*heads, *(row.add("TD") for _ in each.cells[1:])])
            pairs = zip(each.cells, self.table.columns, strict=True)
            self.cells.append([self._body_cell(text, column, strong=each.strong) for text, column in pairs])

    def _body_cell(self, text: str, column: Column, *, strong: bool) -> TaggedParagraph | str:
        """A figure in a column made to hold it is one line that the table draws itself, five times faster than a paragraph."""
        return printable(text) if self._is_plain(column) else self._cell(text, column, strong=strong)

    def _is_plain(self, column: Column) -> bool:
        return self.fits and column.numeric and column.width is None

    def _cell(self, text: str, column: Column, *, strong: bool = False, centred: bool = False) -> TaggedParagraph:
        side = "centre" if centred else "right" if column.numeric else "left"
        look = cell_style(self.size, strong=strong or len(self.cells) < self.head, side=side)
        return TaggedParagraph(paragraph_text(text), look)

    def _fitted_widths(self) -> list[float]:
        """Widths that break no figure: where figures are too long for the page, the type gets smaller, not under 6."""
        while (widths := self._widths()) is None and self.size > 6:
            self.size -= 0.25
        self.fits = widths is not None
        return widths or [self.width / len(self.table.columns)] * len(self.table.columns)

    def _widths(self) -> list[float] | None:
        """The columns' widths at this size; None when the figures leave too little for the texts."""
        needs = [self._need(rank, column) for rank, column in enumerate(self.table.columns)]
        texts = needs.count(None)
        left = self.width - sum(need for need in needs if need is not None)
        if left < LEAST_TEXT * texts:
            return None
        lines = [self._longest(rank) if need is None else 0.0 for rank, need in enumerate(needs)]
        if texts and sum(lines) >= left:
            more = (left - LEAST_TEXT * texts) / sum(lines)
            return [LEAST_TEXT + more * line if need is None else need for line, need in zip(lines, needs, strict=True)]
        spread = (left - sum(lines)) / len(needs)
        return [line + spread if need is None else need + spread for line, need in zip(lines, needs, strict=True)]

    def _longest(self, rank: int) -> float:
        """Points that the longest text of the column takes on one line."""
        heading = self.table.columns[rank].heading
        texts = (heading, *(row.cells[rank] for row in self.rows))
        return max(text_width(printable(text), self.size, strong=True) for text in texts) + 2 * PADDING + 0.5

    def _need(self, rank: int, column: Column) -> float | None:
        """Points that the column needs (its longest figure, the longest word of its heading); None for a text."""
        if column.width is not None or not column.numeric:
            return column.width
        words = [*column.heading.split(" "), *(row.cells[rank] for row in self.rows)]
        widest = max(text_width(printable(word), self.size, strong=True) for word in words)
        return widest + 2 * PADDING + 0.5

    def _look(self) -> list[tuple[Any, ...]]:
        look: list[tuple[Any, ...]] = [
            ("VALIGN", (0, 0), (-1, self.head - 1), "BOTTOM"),
            ("VALIGN", (0, self.head), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), PADDING),
            ("RIGHTPADDING", (0, 0), (-1, -1), PADDING),
            ("TOPPADDING", (0, 0), (-1, -1), self.size * 0.2),
            ("BOTTOMPADDING", (0, 0), (-1, -1), self.size * 0.26),
            ("LINEBELOW", (0, self.head - 1), (-1, self.head - 1), 0.8, INK),
            ("LINEBELOW", (0, self.head), (-1, -1), 0.35, LINE),
        ]
        strong = [rank for rank, row in enumerate(self.rows, start=self.head) if row.strong]
        for rank, column in enumerate(self.table.columns):
            if self._is_plain(column):
                below = (rank, self.head), (rank, -1)
                look += [("FONT", *below, REGULAR, self.size, self.size * CELL_LEADING), ("ALIGN", *below, "RIGHT")]
                look += [("FONTNAME", (rank, row), (rank, row), STRONG) for row in strong]
        look.append(("TEXTCOLOR", (0, 0), (-1, -1), INK))
        look += [("LINEABOVE", (0, rank), (-1, rank), 0.6, INK) for rank in strong]
        starts = [rank for rank in range(1, len(self.table.columns)) if self._starts_group(rank)]
        look += [("LINEBEFORE", (rank, 0), (rank, -1), 0.35, LINE) for rank in starts]
        return look

    def _starts_group(self, rank: int) -> bool:
        return self.grouped and self.table.columns[rank].group != self.table.columns[rank - 1].group


def _heading(row: Node, scope: str, *attributes: tuple[str, str, Any]) -> Node:
    return row.add("TH", ("Table", "Scope", scope), *attributes)


def _blocks(members: list[Column], *, together: bool) -> list[tuple[int, int]]:
    """(first, last) of each heading in a run of columns: one for a group, one each without."""
    return [(0, len(members) - 1)] if together else [(rank, rank) for rank in range(len(members))]
