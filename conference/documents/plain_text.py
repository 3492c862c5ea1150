"""How is text without markup laid out and drawn in a fraction of the time?

Most of what documents say is plain text in a known style. ReportLab parses it as markup, breaks it anew each time, and writes
each line through objects made for what it might hold. Here its parser is asked once per style, the lines of a text are kept
for the next paragraph that says the same, and lines on the left (or one line on the right or in the centre) are written
straight, with the very operators that ReportLab writes. Anything else goes to ReportLab.
"""

import re
from functools import lru_cache
from typing import Any

from reportlab.lib.enums import TA_CENTER, TA_LEFT, TA_RIGHT
from reportlab.lib.rl_accel import fp_str
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph

from conference.documents.fonts import DocumentFont

_MARKUP = re.compile("[<&]")
_EXACT = 1e-6
"""Points under which ReportLab does not move."""
number = lru_cache(4096)(fp_str)
"""A number as ReportLab writes it."""


@lru_cache(64)
def _fragment(style: ParagraphStyle) -> Any:
    """What the parser makes of a text without markup in that style."""
    return Paragraph("x", style).frags[0]


@lru_cache(1024)
def _broken(text: str, style: ParagraphStyle, first: float, later: float) -> tuple[Any, float]:
    """The lines of a text, which nobody changes, and the width of the widest."""
    paragraph = Paragraph(None, style, frags=[_fragment(style).clone(text=text)])
    return paragraph.breakLines([first, later]), paragraph._width_max


class PlainCanvas(Canvas):
    """ReportLab's canvas, quicker with a string that is only shown."""

    def drawString(self, x: float, y: float, text: str, *given: Any, **more: Any) -> None:
        written = None if given or more else self._shown(x, y, text)
        if written is None:
            super().drawString(x, y, text, *given, **more)
        else:
            self._code.append(written)

    def drawRightString(self, x: float, y: float, text: str, *given: Any, **more: Any) -> None:
        width = pdfmetrics.stringWidth(text, self._fontname, self._fontsize)
        written = None if given or more else self._shown(x - width, y, text)
        if written is None:
            super().drawRightString(x, y, text, *given, **more)
        else:
            self._code.append(written)

    def _shown(self, x: float, y: float, text: str) -> str | None:
        """What shows a line; None for what is left to ReportLab."""
        font = pdfmetrics.getFont(self._fontname)
        shown = font.operand(text, self) if isinstance(font, DocumentFont) else None
        if shown is None:
            return None
        look = f"{font.getSubsetInternalName(0, self._doc)} {number(self._fontsize)} Tf {number(self._leading)} TL"
        return f"BT 1 0 0 1 {number(x)} {number(y)} Tm {look} ({shown}) Tj T* ET"


class PlainParagraph(Paragraph):
    """ReportLab's paragraph, quicker when its text is plain."""

    is_plain = False

    def __init__(
        self, text: str | None, style: ParagraphStyle, bulletText: str | None = None, frags: list[Any] | None = None
    ) -> None:
        if frags is None and text and not bulletText and not _MARKUP.search(text):
            frags, self.is_plain = [_fragment(style).clone(text=text)], True
        super().__init__(text, style, bulletText, frags)

    def wrap(self, availWidth: float, availHeight: float) -> tuple[float, float]:
        if not self.is_plain or not _is_simple(self.style) or availWidth <= 0:
            size: tuple[float, float] = super().wrap(availWidth, availHeight)
            return size
        self.width, self._wrapWidths = availWidth, [availWidth, availWidth]
        self.blPara, self._width_max = _broken(self.text, self.style, availWidth, availWidth)
        self.height = len(self.blPara.lines) * self.style.leading
        return self.width, self.height

    def breakLines(self, width: list[float]) -> Any:
        if not self.is_plain:
            return super().breakLines(width)
        self.height, self._hyphenations, self._splitLongWordCount = 0, 0, 0
        lines, self._width_max = _broken(self.text, self.style, width[0], width[-1])
        return lines

    def drawPara(self, debug: int = 0) -> None:
        written = None if debug else self.operators(self.canv)
        if written is None:
            super().drawPara(debug)
        else:
            self.canv._code += written

    def operators(self, canvas: Any) -> list[str] | None:
        """What writes its lines, its lower left corner at the origin; None for what is left to ReportLab."""
        style, lines = self.style, self.blPara
        if lines.kind != 0 or not lines.lines or not _is_simple(style) or self.bulletText:
            return None
        moved = _moved(style, lines.lines)
        font = pdfmetrics.getFont(lines.fontName)
        if moved is None or not isinstance(font, DocumentFont):
            return None
        texts = [font.operand(" ".join(words), canvas) for _, words in lines.lines]
        if None in texts:
            return None
        start = f"{moved} 0 Td " if moved else ""
        end = f"{number(-lines.lines[0][0] * _SHARES[style.alignment])} 0 Td " if moved else ""
        name = font.getSubsetInternalName(0, canvas._doc)
        size, leading = number(lines.fontSize), number(style.leading)
        place = f"BT 1 0 0 1 0 {number(self.height - lines.fontSize)} Tm"
        shown = " ".join(f"({text}) Tj T*" for text in texts)
        return ["q", _colour(lines.textColor), f"{place} {start}{name} {size} Tf {leading} TL {shown} {end}ET", "Q"]


_SHARES = {TA_LEFT: 0.0, TA_RIGHT: 1.0, TA_CENTER: 0.5}
"""Part of the room left on a line that stands before it."""


@lru_cache(64)
def _is_simple(style: ParagraphStyle) -> bool:
    """Has it neither background, border, indent, nor what changes lines?"""
    given = ("backColor", "borderWidth", "borderColor", "leftIndent", "firstLineIndent", "rightIndent", "wordWrap")
    plain = not any(getattr(style, name, None) for name in given) and style.alignment in _SHARES
    return plain and getattr(style, "autoLeading", "") in ("", "off") and not style.endDots


def _moved(style: ParagraphStyle, lines: list[Any]) -> str | None:
    """How far right its line begins, "" for not at all; None for what is left to ReportLab."""
    if any(room <= -1e-8 for room, _ in lines):
        return None
    if style.alignment == TA_LEFT:
        return ""
    shift = lines[0][0] * _SHARES[style.alignment]
    return None if len(lines) > 1 else number(shift) if shift > _EXACT else ""


@lru_cache(64)
def _colour(colour: Any) -> str:
    return f"{fp_str((colour.red, colour.green, colour.blue))} rg"
