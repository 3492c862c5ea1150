"""How does a document become a PDF?

Two passes over one drawing: the pages are drawn by ReportLab and kept, then each gets its foot ("référence – page 1/2
– empreinte abcd…"), because only the end knows how many there are; `archive.py` then makes the file lasting and
readable by all.
"""

from io import BytesIO
from typing import Any

from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate

from conference.documents.archive import Properties, archive
from conference.documents.code_square import draw_code
from conference.documents.fonts import REGULAR, STRONG, printable
from conference.documents.model import Document, fingerprint
from conference.documents.plain_text import PlainCanvas
from conference.documents.story import Story, bottom_of
from conference.documents.styles import (
    CODE_SIZE,
    INK,
    LEFT,
    LINE,
    PAGE_HEIGHT,
    PAGE_WIDTH,
    QUIET,
    RIGHT,
    TEXT_WIDTH,
    TOP,
)
from conference.documents.tagged import artifact
from conference.domain.page_code import page_code

HEAD_ROOM = 8


def render_pdf(document: Document) -> bytes:
    """The document as an archivable (PDF/A-3a), tagged (PDF/UA-1) file. The same document gives the same bytes."""
    story = Story(document)
    mark = fingerprint(document)
    out = BytesIO()
    said = {"title": printable(document.title), "author": printable(document.conference)}
    # Not compressed here: `archive` compresses every stream once, at the end.
    template = BaseDocTemplate(out, **said, invariant=1, pageCompression=0)
    bottom = bottom_of(document)
    first = PageTemplate("first", [_frame(0, bottom)], autoNextPageTemplate="next")
    template.addPageTemplates([first, PageTemplate("next", [_frame(HEAD_ROOM, bottom)])])
    template.build(story.flowables(), canvasmaker=_canvas(document, mark))
    return archive(out.getvalue(), story.tree, _properties(document, mark), document.attachments)


def _frame(head: float, bottom: float) -> Frame:
    height = PAGE_HEIGHT - TOP - bottom - head
    return Frame(LEFT, bottom, TEXT_WIDTH, height, leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0)


def _properties(document: Document, mark: str) -> Properties:
    return Properties(
        title=printable(document.title),
        author=printable(document.conference),
        reference=printable(document.reference),
        description=printable(document.description or document.title),
        keywords=f"{printable(document.reference)}, sha256:{mark}",
        known_on=document.known_on,
    )


def _canvas(document: Document, mark: str) -> type[Canvas]:
    """A canvas that keeps its pages until the end, then writes head and foot on each."""

    class Kept(PlainCanvas):
        def __init__(self, *args: Any, **options: Any) -> None:
            options |= {"initialFontName": REGULAR, "initialFontSize": 9, "lang": "fr-FR"}
            super().__init__(*args, **options)
            self.kept: list[dict[str, Any]] = []

        def showPage(self) -> None:
            self.kept.append(dict(self.__dict__))
            self._startPage()

        def save(self) -> None:
            for rank, page in enumerate(self.kept, start=1):
                self.__dict__.update(page)
                _edges(self, document, mark, rank, len(self.kept))
                super().showPage()
            super().save()

    return Kept


def _edges(canvas: Canvas, document: Document, mark: str, rank: int, total: int) -> None:
    """The foot of every page, and the head of all but the first; both are artifacts."""
    mentions = " – ".join(document.mentions)
    bottom = bottom_of(document)
    with artifact(canvas, "Pagination"):
        _rule(canvas, bottom - 5)
        foot = f"{document.reference} – page {rank}/{total} – empreinte {mark[:16]}…"
        _line(canvas, bottom - 15, foot, mentions, CODE_SIZE + 8 if document.code_start else 0)
        if document.code_start:
            draw_code(canvas, page_code(document.code_start, mark, rank), PAGE_WIDTH - RIGHT, bottom - 11.5, CODE_SIZE)
        if rank > 1:
            top = PAGE_HEIGHT - TOP + 2
            _line(canvas, top, document.conference, document.title)
            _rule(canvas, top - 4)


def _rule(canvas: Canvas, y: float) -> None:
    canvas.setStrokeColor(LINE)
    canvas.setLineWidth(0.5)
    canvas.line(LEFT, y, PAGE_WIDTH - RIGHT, y)


def _line(canvas: Canvas, y: float, left: str, right: str, kept: float = 0) -> None:
    """Two texts at the same height; `kept` points at the right are left to something else."""
    canvas.setFont(REGULAR, 8)
    canvas.setFillColor(QUIET)
    canvas.drawString(LEFT, y, printable(left))
    canvas.setFont(STRONG, 8)
    canvas.setFillColor(INK)
    canvas.drawRightString(PAGE_WIDTH - RIGHT - kept, y, printable(right))
