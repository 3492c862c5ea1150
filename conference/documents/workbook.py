"""How is a list written as a workbook?

XlsxWriter, row by row in constant memory; texts stay texts (no formula, no link is ever made of them), amounts are
numbers in euros, days are dates. The properties carry the instant of the data, not that of the export: same list,
same bytes.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

from xlsxwriter import Workbook

from conference.documents.sheet import Cell, Sheet, clean
from conference.domain.figures import Ratio

NO_DATE = datetime(2000, 1, 1, tzinfo=UTC)
EUROS = "#,##0.00\\ [$€-40C]"
LONGEST_TEXT = 32_767
_NOT_IN_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\'\n\r\t", " "))


def xlsx_bytes(sheet: Sheet) -> bytes:
    """The workbook, of one sheet. Amounts are exact up to 15 significant digits, as in any spreadsheet."""
    return book_bytes(sheet.title, [sheet], sheet.known_on)


def book_bytes(title: str, sheets: Sequence[Sheet], known_on: datetime | None) -> bytes:
    """A workbook of several sheets, in their order; two sheets of one name get a number."""
    out = BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = Workbook(out, {"in_memory": True, "constant_memory": True, **options})
    created = (known_on or NO_DATE).astimezone(UTC).replace(tzinfo=None)
    book.set_properties({"title": clean(title), "created": created})
    looks, names = _Looks(book), set[str]()
    for sheet in sheets:
        name = _free_name(sheet_name(sheet.name or sheet.title), names)
        _Writer(book.add_worksheet(name), looks, sheet).write()
    book.close()
    return out.getvalue()


def _free_name(name: str, taken: set[str]) -> str:
    """`name`, or "name 2" where it is taken: Excel compares them without their case."""
    free, rank = name, 1
    while free.lower() in taken:
        rank += 1
        free = f"{cut_name(name, 31 - len(f' {rank}'))} {rank}"
    taken.add(free.lower())
    return free


class _Looks:
    """The formats, once for the whole workbook."""

    def __init__(self, book: Workbook) -> None:
        look: dict[str, Any] = {"font_name": "Calibri", "font_size": 11}
        head = {**look, "bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}
        self.plain = _formats(book, look)
        self.wrapped = _formats(book, {**look, "text_wrap": True, "valign": "top"})
        self.strong = _formats(book, {**look, "bold": True, "top": 1})
        self.heading = book.add_format(head)
        self.title = book.add_format({**look, "bold": True, "font_size": 13})
        self.note = book.add_format({**look, "font_color": "#4A5262"})


class _Writer:
    def __init__(self, page: Any, looks: _Looks, sheet: Sheet) -> None:
        self.page, self.looks, self.sheet = page, looks, sheet

    def write(self) -> None:
        top = len(self.sheet.notes) + 2
        self._page(top)
        self.page.write_string(0, 0, clean(self.sheet.title), self.looks.title)
        for rank, note in enumerate(self.sheet.notes, start=1):
            self.page.write_string(rank, 0, clean(note)[:LONGEST_TEXT], self.looks.note)
        for column, heading in enumerate(self.sheet.headings):
            self.page.write_string(top, column, clean(heading), self.looks.heading)
        last = top
        plain = self.looks.wrapped if self.sheet.wraps else self.looks.plain
        for last, row in enumerate(self.sheet.rows, start=top + 1):
            self._row(last, row, plain)
        if self.sheet.headings:
            self.page.autofilter(top, 0, last, len(self.sheet.headings) - 1)
        totals = () if self.sheet.totals is None else (self.sheet.totals,)
        for rank, row in enumerate((*self.sheet.sums, *totals), start=last + 1):
            self._row(rank, row, self.looks.strong)

    def _page(self, top: int) -> None:
        """Widths come first: in constant memory the rows cannot be seen before they are written."""
        widths = self.sheet.widths or tuple(min(max(len(each) + 3, 14), 40) for each in self.sheet.headings)
        for column, width in enumerate(widths):
            self.page.set_column(column, column, width)
        self.page.freeze_panes(top + 1, 0)
        self.page.set_landscape()
        self.page.set_paper(9)
        self.page.fit_to_pages(1, 0)
        self.page.repeat_rows(top)
        self.page.set_footer("&L&A&RPage &P sur &N")

    def _row(self, rank: int, row: Sequence[Cell], formats: dict[str, Any]) -> None:
        for column, cell in enumerate(row):
            self._cell(rank, column, cell, formats)

    def _cell(self, rank: int, column: int, cell: Cell, formats: dict[str, Any]) -> None:
        """Raises TypeError for a value that is not typed for export (floats are not money, instants have a zone)."""
        if isinstance(cell, bool | float | datetime):
            raise TypeError(f"a cell is text, Decimal, int, Ratio, date or None, not {type(cell).__name__}")
        if isinstance(cell, Decimal):
            self.page.write_number(rank, column, cell, formats["euros"])
        elif isinstance(cell, Ratio):
            self.page.write_number(rank, column, cell.value, formats["ratio"])
        elif isinstance(cell, int):
            self.page.write_number(rank, column, cell, formats["number"])
        elif isinstance(cell, date):
            self.page.write_datetime(rank, column, cell, formats["date"])
        elif cell:
            self.page.write_string(rank, column, clean(cell)[:LONGEST_TEXT], formats["text"])


def _formats(book: Workbook, look: dict[str, Any]) -> dict[str, Any]:
    shapes = {"text": {}, "euros": {"num_format": EUROS}, "number": {"num_format": "#,##0"}}
    shapes |= {"date": {"num_format": "dd/mm/yyyy"}, "ratio": {"num_format": "0.0%"}}
    return {name: book.add_format({**look, **shape}) for name, shape in shapes.items()}


def sheet_name(title: str) -> str:
    """At most 31 characters (of 16 bits, as Excel counts), without those that a sheet's name cannot hold, never empty."""
    return cut_name(clean(title).translate(_NOT_IN_NAMES).strip(), 31) or "Liste"


def cut_name(name: str, longest: int) -> str:
    """`name` cut to `longest` characters of 16 bits."""
    return name.encode("utf-16-le")[: 2 * longest].decode("utf-16-le", errors="ignore").rstrip()
