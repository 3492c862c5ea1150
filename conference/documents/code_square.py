"""How is the QR code of a page drawn, so that a scanner reads it and the page stays light?

zxing-cpp, which also reads the codes of scanned pages, gives the modules (twenty times faster than ReportLab's encoder, which
counts: there is one code on each page). Each row's runs of dark modules are rectangles of one path, black on the page's white,
with the four modules of margin that readers need; level M repairs 15 % of a code that a stamp or a fold damages.
"""

from itertools import groupby
from typing import Any

import zxingcpp
from reportlab.pdfgen.canvas import Canvas

MARGIN = 4


def draw_code(canvas: Canvas, text: str, x: float, y: float, size: float) -> None:
    """Draw `text` as a square of `size` points, margin included, whose lower left corner is (x, y)."""
    rows = dark_modules(text)
    module = size / (len(rows) + 2 * MARGIN)
    top = len(rows) + MARGIN - 1
    path = [f"q {module:.4f} 0 0 {module:.4f} {x:.2f} {y:.2f} cm 0 0 0 rg"]
    for rank, row in enumerate(rows):
        path += [f"{MARGIN + start} {top - rank} {length} 1 re" for start, length in _runs(row)]
    canvas._code += [*path, "f Q"]


def dark_modules(text: str) -> list[list[bool]]:
    """Rows of modules from the top, True where dark."""
    made: Any = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    levels: Any = memoryview(made.to_image(scale=1, add_quiet_zones=False)).tolist()
    return [[level == 0 for level in row] for row in levels]


def _runs(row: list[bool]) -> list[tuple[int, int]]:
    """(start, length) of each run of dark modules."""
    runs, start = [], 0
    for is_dark, run in groupby(row):
        length = len(list(run))
        if is_dark:
            runs.append((start, length))
        start += length
    return runs
