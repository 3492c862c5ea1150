"""How can a table be the same in the document and in its annex?

One `Grid` of typed values gives both: the PDF's table, where they are written in French, and the workbook's sheet, where
numbers stay numbers. A count that may not be shown is a text in both, so that it cannot be in one and masked in the other.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from conference.documents.model import Column, Row, Table
from conference.documents.sheet import Cell, CellRow, Sheet
from conference.domain.french import format_euros, format_number

NOTHING = "–"
"""What stands where there is no figure."""


@dataclass(frozen=True)
class Field:
    """A column: its heading, the group that it shares with its neighbours, and whether it holds numbers."""

    heading: str
    group: str = ""
    numeric: bool = True


@dataclass(frozen=True)
class GridRow:
    """Typed cells, as many as fields; a `strong` row is a sum."""

    cells: CellRow
    strong: bool = False


@dataclass(frozen=True)
class Grid:
    """A table. `name`: of its sheet; `caption`: of the table, with its unit; `note`: a sentence that follows it."""

    name: str
    caption: str
    fields: tuple[Field, ...]
    rows: tuple[GridRow, ...]
    empty: str = "Aucun chiffre dans cette période."
    note: str = ""


def grid_table(grid: Grid, *, size: float = 8, show_caption: bool = True) -> Table:
    """The table of the document, its values written in French."""
    columns = tuple(Column(field.heading, field.numeric, field.group) for field in grid.fields)
    rows = tuple(Row(tuple(_shown(cell) for cell in row.cells), strong=row.strong) for row in grid.rows)
    return Table(grid.caption, columns, rows, grid.empty, size, show_caption)


def grid_sheet(grid: Grid, notes: tuple[str, ...], known_on: datetime | None) -> Sheet:
    """The sheet of the annex: rows as they are, sums after them."""
    said = (*notes, *([grid.note] if grid.note else []), *([] if grid.rows else [grid.empty]))
    return Sheet(
        title=grid.caption,
        notes=said,
        headings=tuple(_heading(field) for field in grid.fields),
        rows=[row.cells for row in grid.rows if not row.strong],
        sums=tuple(row.cells for row in grid.rows if row.strong),
        known_on=known_on,
        name=grid.name,
        widths=tuple(_width(grid, rank) for rank in range(len(grid.fields))),
    )


def grid_values(grid: Grid) -> Iterator[CellRow]:
    """One row per figure: table, row, column, value. What a program reads."""
    for row in grid.rows:
        label, *cells = row.cells
        for field, cell in zip(grid.fields[1:], cells, strict=True):
            yield grid.caption, label, _heading(field), cell


def _width(grid: Grid, rank: int) -> int:
    """Characters of the longest text of a column, within reason; its amounts need 16."""
    texts = [cell for row in grid.rows if isinstance(cell := row.cells[rank], str)]
    return min(max([16, *(len(each) + 2 for each in texts)]), 60)


def _heading(field: Field) -> str:
    return f"{field.group}, {field.heading[:1].lower()}{field.heading[1:]}" if field.group else field.heading


def _shown(cell: Cell) -> str:
    if cell is None:
        return NOTHING
    if isinstance(cell, Decimal):
        return format_euros(cell).removesuffix("\u00a0€")
    if isinstance(cell, int):
        return format_number(cell)
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    return str(cell)
