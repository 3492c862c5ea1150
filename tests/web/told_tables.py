"""Which figures does a page, a workbook, a CSV file or a PDF tell? Their tables, read as a person reads them.

Nothing here knows how they are made: a page is parsed as a browser does, a workbook by openpyxl, a PDF by pdftotext.
"""

import csv
import re
import subprocess
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from io import BytesIO, StringIO
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
import openpyxl

from tests.machine import lacking

Cell = Any
"""A text, a Decimal exact to the cent, an int, a date, or None."""


@dataclass(frozen=True)
class ToldRow:
    """A row: its cells, its label first; the address that each opens, or None."""

    cells: tuple[Cell, ...]
    links: tuple[str | None, ...] = ()

    @property
    def label(self) -> str:
        """Its first cell."""
        return str(self.cells[0])


@dataclass(frozen=True)
class ToldTable:
    """A table under its caption, its sums after its rows."""

    caption: str
    headings: tuple[str, ...]
    rows: tuple[ToldRow, ...]

    def column(self, row: ToldRow, heading: str) -> Cell:
        """The cell of `row` under `heading`. ValueError: no such column."""
        return row.cells[self.headings.index(heading)]

    def row(self, label: str) -> ToldRow:
        """The only row with that label. AssertionError: none, or several."""
        found = [row for row in self.rows if row.label == label]
        assert len(found) == 1, (label, [row.label for row in self.rows])
        return found[0]


def plain(text: str) -> str:
    """One space for any run of spaces, narrow and hard ones included."""
    return " ".join(re.sub(r"[\u00a0\u202f\u2009]", " ", text).split())


def told(text: str) -> Cell:
    """ "1 234,50" → Decimal, "1 234" → int, "–" or "" → None, anything else as it reads."""
    text = plain(text)
    bare = text.removesuffix("€").strip().replace("\u2212", "-").replace(" ", "")
    if re.fullmatch(r"-?\d+,\d{1,2}", bare):
        return Decimal(bare.replace(",", "."))
    if re.fullmatch(r"-?\d+", bare):
        return int(bare)
    return None if text in ("–", "") else text


def page_tables(html: str) -> list[ToldTable]:
    """The tables of a page, without what only a screen reader says in their cells."""
    root = html5lib.parse(html, namespaceHTMLElements=False)
    return [_page_table(each) for each in root.iter("table")]


def _page_table(table: Element) -> ToldTable:
    caption = table.find("caption")
    lines = [(group.tag, line) for group in table if group.tag in ("thead", "tbody", "tfoot") for line in group]
    heads = [line for tag, line in lines if tag == "thead"]
    headings = tuple(plain(_text(cell)).removesuffix("(€)").strip() for cell in heads[0]) if heads else ()
    rows = tuple(_page_row(line) for tag, line in lines if tag != "thead")
    return ToldTable(plain(_text(caption, whole=True)) if caption is not None else "", headings, rows)


def _page_row(line: Element) -> ToldRow:
    cells, links = [], []
    for cell in line:
        link = cell.find("a")
        width = int(cell.get("colspan", "1"))
        cells += [told(_text(cell)), *[None] * (width - 1)]
        links += [link.get("href") if link is not None else None, *[None] * (width - 1)]
    return ToldRow((_label(line), *cells[1:]), tuple(links))


def _label(line: Element) -> str:
    return plain(_text(line[0]))


def _text(element: Element, *, whole: bool = False) -> str:
    if element.get("class") == "unseen" and not whole:
        return ""
    inner = "".join(_text(child, whole=whole) + (child.tail or "") for child in element)
    return (element.text or "") + inner


def page_cards(html: str) -> dict[str, tuple[Cell, str | None, str]]:
    """Key figures of a page: label → (value, address that it opens, the words under it)."""
    found = {}
    for card in html5lib.parse(html, namespaceHTMLElements=False).iter("div"):
        if card.get("class") != "card":
            continue
        parts = {each.get("class"): each for each in card.iter("p")}
        hints = [plain(_text(each)) for each in card.iter("p") if each.get("class") == "hint"]
        value = parts["card-value"]
        link = value.find("a")
        label = plain(_text(parts["card-label"]))
        found[label] = (told(_text(value)), link.get("href") if link is not None else None, " ".join(hints))
    return found


def book_tables(content: bytes) -> dict[str, ToldTable]:
    """The sheets of a workbook by name: what comes before their headings, then headings and rows."""
    book = openpyxl.load_workbook(BytesIO(content))
    return {page.title: _rows_table([[_as_seen(cell) for cell in row] for row in page.iter_rows()]) for page in book}


def _as_seen(cell: Any) -> Cell:
    """Its value; of a number whose format says percents, the words that French Excel shows: 0.1234 → "12,3%"."""
    if cell.number_format != "0.0%":
        return cell.value
    assert isinstance(cell.value, int | float), cell.value
    percent = (Decimal(str(cell.value)) * 100).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return f"{percent + Decimal('0.0')}%".replace(".", ",")


def csv_table(content: bytes) -> ToldTable:
    """A CSV file for French Excel: the same layout as a sheet."""
    rows = list(csv.reader(StringIO(content.decode("utf-8-sig")), delimiter=";"))
    return _rows_table([[told(cell) for cell in row] for row in rows])


def _rows_table(rows: list[list[Cell]]) -> ToldTable:
    """Headings are the row after the blank one that ends what the file says of itself."""
    blank = next(rank for rank, row in enumerate(rows) if rank and not any(cell not in (None, "") for cell in row))
    headings = tuple(re.sub(r" \(€\)$", "", plain(str(cell or ""))) for cell in rows[blank + 1])
    body = [ToldRow(tuple(_cell(cell) for cell in row)) for row in rows[blank + 2 :] if any(c is not None for c in row)]
    return ToldTable(plain(str(rows[0][0])), headings, tuple(body))


def _cell(cell: Cell) -> Cell:
    if isinstance(cell, float):
        return Decimal(str(cell)).quantize(Decimal("0.01"))
    return plain(cell) if isinstance(cell, str) else cell


def pdf_rows(content: bytes) -> list[list[Cell]]:
    """The lines of a PDF as they stand on the page, cut where two blanks part them or a figure ends; an amount with its €
    stays a text."""
    try:
        done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=content, capture_output=True, check=True)
    except FileNotFoundError:
        lacking("pdftotext")
    lines = re.sub(r"[\u00a0\u202f\u2009]", " ", done.stdout.decode().replace("\f", "\n")).splitlines()
    parted = (re.sub(r"(?<=,\d\d) (?=[\d−–])|(?<=–) (?=[\d−–])", "  ", line) for line in lines)
    cells = [re.split(r" {2,}", line.strip()) for line in parted if line.strip()]
    return [[cell if "€" in cell else told(cell) for cell in line] for line in cells]
