"""How is a list written as CSV that French Excel opens at a double click?

UTF-8 with its mark, semicolons, comma decimals, days as 14/05/2026, CRLF. A text that looks like a formula gets an
apostrophe before it, which Excel and LibreOffice show and never run.
"""

import csv
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from io import StringIO

from conference.documents.sheet import Cell, CellRow, Sheet, clean, is_formula
from conference.domain.figures import Ratio

BOM = "\ufeff"


def csv_bytes(sheet: Sheet) -> bytes:
    """The whole file: title and notes, an empty line, headings, rows, totals."""
    return b"".join(csv_chunks(sheet))


def csv_chunks(sheet: Sheet, size: int = 1000) -> Iterator[bytes]:
    """The file in pieces of `size` rows, for streaming."""
    yield BOM.encode("utf-8") + _written([(sheet.title,), *((note,) for note in sheet.notes), (), sheet.headings])
    held: list[CellRow] = []
    for row in sheet.rows:
        held.append(row)
        if len(held) == size:
            yield _written(held)
            held = []
    yield _written([*held, *sheet.sums, *([sheet.totals] if sheet.totals is not None else [])])


def _written(rows: Iterable[CellRow]) -> bytes:
    out = StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    for row in rows:
        writer.writerow([_cell(cell) for cell in row])
    return out.getvalue().encode("utf-8")


def _cell(cell: Cell) -> str:
    """Raises TypeError for a value that is not typed for export (floats are not money, instants have a zone)."""
    if cell is None:
        return ""
    if isinstance(cell, bool | float | datetime):
        raise TypeError(f"a cell is text, Decimal, int, Ratio, date or None, not {type(cell).__name__}")
    if isinstance(cell, Decimal):
        return f"{cell:f}".replace(".", ",")
    if isinstance(cell, Ratio):
        return f"{cell.percent:f}%".replace(".", ",")
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    if isinstance(cell, int):
        return str(cell)
    text = clean(cell)
    return f"'{text}" if is_formula(text) else text
