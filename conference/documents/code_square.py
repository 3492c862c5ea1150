"""How is the QR code of a page drawn, so that a scanner reads it and the page stays light?

zxing-cpp, which also reads the codes of scanned pages, gives the modules (twenty times faster than ReportLab's encoder, which
counts: there is one code on each page). Each row's runs of dark modules are rectangles of one path, black on the page's white;
who draws it leaves the four modules of margin that readers need. Level M repairs 15 % of a code that a stamp or a fold harms.
"""

from itertools import groupby
from typing import Any

import zxingcpp
from reportlab.pdfgen.canvas import Canvas


def draw_code(canvas: Canvas, text: str, right: float, top: float, size: float) -> None:
    """Draw `text` as a square of `size` points, without margin, whose upper right corner is (right, top)."""
    rows = dark_modules(text)
    module = size / len(rows)
    path = [f"q {module:.4f} 0 0 {-module:.4f} {right - size:.2f} {top:.2f} cm 0 0 0 rg"]
    for rank, row in enumerate(rows):
        path += [f"{start} {rank} {length} 1 re" for start, length in _runs(row)]
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
