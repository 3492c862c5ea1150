"""How is the QR code of a page drawn, so that a scanner reads it and the page stays light?

zxing-cpp, which also reads the codes of scanned pages, gives the modules (twenty times faster than ReportLab's encoder, which
counts: there is one code on each page). Each row's runs of dark modules are rectangles of one path, black on the page's white;
who draws it leaves the four modules of margin that readers need. Level M repairs 15 % of a code that a stamp or a fold harms.
"""

import re
from functools import lru_cache
from typing import Any

import zxingcpp
from reportlab.pdfgen.canvas import Canvas

_DARK = re.compile(rb"\x00+")


def draw_code(canvas: Canvas, text: str, right: float, top: float, size: float) -> None:
    """Draw `text` as a square of `size` points, without margin, whose upper right corner is (right, top)."""
    count, levels = modules(text)
    module = size / count
    path = [f"q {module:.4f} 0 0 {-module:.4f} {right - size:.2f} {top:.2f} cm 0 0 0 rg"]
    for row in range(count):
        line = levels[row * count : (row + 1) * count]
        path += [_rectangle(row, run.start(), run.end()) for run in _DARK.finditer(line)]
    canvas._code += [*path, "f Q"]


@lru_cache(8192)
def _rectangle(row: int, start: int, end: int) -> str:
    return f"{start} {row} {end - start} 1 re"


def modules(text: str) -> tuple[int, bytes]:
    """How many modules a side has, and the level of each, row after row from the top: 0 where dark."""
    made: Any = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    image = made.to_image(scale=1, add_quiet_zones=False)
    return image.shape[0], bytes(memoryview(image))
