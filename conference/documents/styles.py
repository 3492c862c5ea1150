"""How do our documents look? Calm: ink on white, light rules, two weights of one type.

A4, 25 mm on the left for the binder's holes, 16 mm on the right. Everything must read well in black and white, so
nothing is said by colour alone: the accent only helps the eye.
"""

from functools import cache

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_CENTER, TA_LEFT, TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm

from conference.documents.fonts import REGULAR, STRONG

INK = HexColor("#1d2433")
QUIET = HexColor("#4a5262")
LINE = HexColor("#c3c9d2")
ACCENT = HexColor("#1f5a8a")
WASH = HexColor("#f5f6f8")
PAGE_WIDTH, PAGE_HEIGHT = A4
LEFT, RIGHT, TOP, BOTTOM = 25 * mm, 16 * mm, 16 * mm, 18 * mm
TEXT_WIDTH = PAGE_WIDTH - LEFT - RIGHT
CODE_BOTTOM, CODE_SIZE = 27 * mm, 15 * mm
"""Foot of a page that bears a QR code, and the side of that code without its margin."""


def style(name: str, size: float, *, strong: bool = False, leading: float = 1.4, **more: object) -> ParagraphStyle:
    """A paragraph style in our type; `leading` is a multiple of `size`."""
    font = STRONG if strong else REGULAR
    given = {"textColor": INK, "allowWidows": 0, "allowOrphans": 0} | more
    return ParagraphStyle(name, fontName=font, fontSize=size, leading=size * leading, **given)


CONFERENCE = style("conference", 11, strong=True, leading=1.25)
REGION = style("region", 9.5, leading=1.3, textColor=QUIET)
TITLE = style("title", 17, strong=True, leading=1.15, alignment=TA_RIGHT, spaceAfter=3)
UNDER_TITLE = style("under-title", 9, leading=1.35, alignment=TA_RIGHT, textColor=QUIET)
MENTION = style("mention", 9, strong=True, leading=1.35, alignment=TA_RIGHT)
HEADING_1 = style("heading-1", 11.5, strong=True, leading=1.25, spaceBefore=11, spaceAfter=4)
HEADING_2 = style("heading-2", 10, strong=True, leading=1.25, spaceBefore=8, spaceAfter=3)
BODY = style("body", 9.5, leading=1.45, spaceAfter=5)
STRONG_BODY = style("strong", 9.5, strong=True, leading=1.45, spaceAfter=5)
SMALL = style("small", 8, leading=1.4, spaceAfter=3, textColor=QUIET)
CAPTION = style("caption", 8.5, strong=True, leading=1.3, spaceAfter=2.5)
KEY_LABEL = style("key-label", 8.5, leading=1.25, textColor=QUIET)
BOX_PARTY = style("box-party", 9.5, strong=True, leading=1.3, spaceAfter=2)
BOX_LINE = style("box-line", 8.5, leading=1.35)
KEY_VALUE = style("key-value", 14, strong=True, leading=1.25)


CELL_LEADING = 1.22
_SIDES: dict[str, int] = {"left": TA_LEFT, "right": TA_RIGHT, "centre": TA_CENTER}


@cache
def cell_style(size: float, *, strong: bool, side: str) -> ParagraphStyle:
    """The style of a table's cell, its text at the `left`, the `right` or in the `centre`."""
    return style("cell", size, strong=strong, leading=CELL_LEADING, alignment=_SIDES[side])
