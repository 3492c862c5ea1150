"""How do the refused rows of a file come back to its sender?

As a workbook with the columns of the file as they were read, then the row's number and why it was refused. Written row by
row to a path: a file may hold a million of them. What was text stays text, so that nothing becomes a formula and a
corrected workbook can be sent again; its two added columns are then left.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import chain, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from xlsxwriter import Workbook

from conference.documents.sheet import clean
from conference.documents.workbook import LONGEST_TEXT, NO_DATE, cut_name, sheet_name
from conference.domain.importing.fields import LINE_HEADING, REASON_HEADING, RETURNED

LARGEST_NUMBER = Decimal("1e15")
"""From here on a spreadsheet loses digits: the number is written as text."""
ROWS_PER_SHEET = 1_048_575
"""Rows that a sheet holds under its headings."""

Cell = str | Decimal | date


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row: its number in its sheet or file, from 1, its cells as they were read, why it was refused (French sentences)."""

    row: int
    cells: Sequence[Cell]
    reasons: Sequence[str]


@dataclass(frozen=True)
class RefusedSheet:
    """The refused rows of one sheet, read once. `name` None: a text file. A row may have more cells than headings: what is
    over stands after the reason."""

    name: str | None
    headings: tuple[str, ...]
    rows: Iterable[RefusedRow]


def write_refused(path: Path, *, sheets: Iterable[RefusedSheet]) -> int:
    """Write the workbook at `path`; the number of rows written. A sheet without a refused row is left out.

    Memory does not grow with the rows. When `sheets` raises, nothing stays at `path`.
    """
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with TemporaryDirectory(dir=path.parent) as folder:
        unfinished = Path(folder) / "refused.xlsx"
        book = Workbook(str(unfinished), {"constant_memory": True, "tmpdir": folder, "use_zip64": True, **options})
        book.set_properties({"title": "Lignes refusées", "created": NO_DATE.replace(tzinfo=None)})
        try:
            count = sum(_Writer(book).write(sheet) for sheet in sheets)
            if not book.worksheets():
                _Writer(book).page("Lignes refusées", (LINE_HEADING, REASON_HEADING))
        except BaseException:
            _let_go(book)
            raise
        book.close()
        unfinished.replace(path)
    return count


def _let_go(book: Workbook) -> None:
    """Close the files that wait in the folder without making a workbook of them."""
    for page in book.worksheets():
        page.row_data_fh.close()


class _Writer:
    """Writes the rows of one sheet of the file, on as many sheets as they need."""

    def __init__(self, book: Workbook) -> None:
        self.book = book
        look = {"font_name": "Calibri", "font_size": 11, "valign": "top"}
        self.heading = book.add_format({**look, "bold": True, "bottom": 1, "text_wrap": True, "bg_color": "#F5F6F8"})
        self.text = book.add_format({**look, "num_format": "@"})
        self.number = book.add_format(look)
        self.whole = book.add_format({**look, "num_format": "0"})
        self.day = book.add_format({**look, "num_format": "dd/mm/yyyy"})
        self.reason = book.add_format({**look, "text_wrap": True, "font_color": "#A3262A"})

    def write(self, sheet: RefusedSheet) -> int:
        """The number of rows written."""
        kept = [i for i, heading in enumerate(sheet.headings) if heading not in RETURNED]
        headings = (*(sheet.headings[i] for i in kept), LINE_HEADING, REASON_HEADING)
        rows, count = iter(sheet.rows), 0
        for first in rows:
            page = self.page(sheet.name or "Lignes refusées", headings)
            for rank, row in enumerate(chain((first,), islice(rows, ROWS_PER_SHEET - 1)), start=1):
                self._row(page, rank, row, kept, len(sheet.headings))
                count += 1
        return count

    def page(self, name: str, headings: Sequence[str]) -> Any:
        """A new sheet with its headings. Widths come first: in constant memory the rows are not seen before."""
        page = self.book.add_worksheet(_free_name(self.book, name))
        for column, heading in enumerate(headings):
            page.set_column(column, column, min(max(len(heading) + 3, 12), 34))
        page.set_column(len(headings) - 1, len(headings) - 1, 70)
        page.freeze_panes(1, 0)
        page.set_landscape()
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        page.repeat_rows(0)
        page.set_footer("&L&A&RPage &P sur &N")
        for column, heading in enumerate(headings):
            page.write_string(0, column, clean(heading)[:LONGEST_TEXT], self.heading)
        return page

    def _row(self, page: Any, rank: int, row: RefusedRow, kept: Sequence[int], width: int) -> None:
        for column, i in enumerate(kept):
            if i < len(row.cells):
                self._cell(page, rank, column, row.cells[i])
        last = len(kept)
        page.write_number(rank, last, row.row, self.whole)
        page.write_string(rank, last + 1, clean(" ".join(row.reasons))[:LONGEST_TEXT], self.reason)
        for column, cell in enumerate(row.cells[width:], start=last + 2):
            self._cell(page, rank, column, cell)

    def _cell(self, page: Any, rank: int, column: int, cell: Cell) -> None:
        if isinstance(cell, Decimal) and cell.is_finite() and abs(cell) < LARGEST_NUMBER:
            page.write_number(rank, column, cell, self.whole if cell == cell.to_integral_value() else self.number)
        elif isinstance(cell, date) and cell.year >= 1900:
            page.write_datetime(rank, column, cell, self.day)
        elif isinstance(cell, date):
            page.write_string(rank, column, f"{cell:%d/%m/}{cell.year:04}", self.text)
        elif cell != "":
            page.write_string(rank, column, clean(str(cell))[:LONGEST_TEXT], self.text)


def _free_name(book: Workbook, name: str) -> str:
    """`name` as a sheet can bear it, followed by a number where it is taken."""
    taken = {page.get_name().casefold() for page in book.worksheets()}
    return next(each for each in _names(sheet_name(name)) if each.casefold() not in taken)


def _names(name: str) -> Iterator[str]:
    yield name
    number = 2
    while True:
        ending = f" ({number})"
        yield f"{cut_name(name, 31 - len(ending))}{ending}"
        number += 1
