"""Does the quick way of writing plain text write what ReportLab writes, whatever the text, the style and the width?"""

from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reportlab.lib.enums import TA_CENTER, TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph

from conference.documents.fonts import REGULAR, printable, unbroken
from conference.documents.plain_text import PlainCanvas, PlainParagraph
from conference.documents.styles import BODY, style

STYLES = (
    BODY,
    style("right", 8, strong=True, alignment=TA_RIGHT),
    style("centre", 9, alignment=TA_CENTER),
    style("indented", 9, leftIndent=12),
    style("first", 9, firstLineIndent=9),
)
WORDS = st.text(st.characters(min_codepoint=32, max_codepoint=0x2030), max_size=300)
LATIN = "".join(printable(chr(code)) for code in range(33, 0x24F))
"""More characters than one subset of a font holds."""


def drawn(made: Paragraph, canvas: Canvas, width: float) -> tuple[float, list[str]]:
    """Its height, and the operators that draw it at a fixed place."""
    _, height = made.wrap(width, 10_000)
    made.drawOn(canvas, 70.87, 123.4567)
    return height, "\n".join(canvas._code).split("\n")


def both(text: str, look: ParagraphStyle, width: float) -> list[Any]:
    said = unbroken(printable(text))
    plain, theirs = PlainCanvas(BytesIO()), Canvas(BytesIO())
    return [
        drawn(PlainParagraph(escape(said), look), plain, width),
        drawn(Paragraph(escape(said), look), theirs, width),
    ]


@given(text=WORDS, look=st.sampled_from(STYLES), width=st.floats(20, 500))
def test_paragraph_is_what_the_library_draws(text: str, look: ParagraphStyle, width: float) -> None:
    ours, theirs = both(text, look, width)
    assert ours == theirs


@pytest.mark.parametrize("look", STYLES)
@pytest.mark.parametrize(
    "text", [LATIN, " ".join(LATIN), "a\\b (c) d", "é" * 400, "1\u202f457,00\u00a0€", " deux  espaces "]
)
def test_long_words_many_characters_and_signs_are_what_the_library_draws(text: str, look: ParagraphStyle) -> None:
    ours, theirs = both(text, look, 120)
    assert ours == theirs


@given(text=WORDS, x=st.floats(0, 600), y=st.floats(0, 800), size=st.sampled_from([7.5, 8, 9.25]))
def test_string_is_what_the_library_shows(text: str, x: float, y: float, size: float) -> None:
    shown = []
    for canvas in (PlainCanvas(BytesIO()), Canvas(BytesIO())):
        canvas.setFont(REGULAR, size)
        canvas.drawString(x, y, printable(text))
        canvas.drawRightString(x, y, printable(text))
        shown.append(canvas._code)
    assert shown[0] == shown[1]


def test_lines_are_kept_for_the_next_paragraph_and_not_changed_by_its_split() -> None:
    text = "Un paragraphe assez long pour tenir sur plusieurs lignes. " * 4
    first, second = PlainParagraph(text, BODY), PlainParagraph(text, BODY)
    parts = first.split(200, BODY.leading * 3)
    assert len(parts) == 2
    second.wrap(200, 1000)
    kept = [" ".join(words) for _, words in second.blPara.lines]
    for part in parts:
        part.wrap(200, 1000)
    assert [" ".join(words) for part in parts for _, words in part.blPara.lines] == kept
