"""What do the columns of a file that must be explained look like: their heading, and what their first cells hold?

Read again from the file: a person recognises a column by its values more than by its name.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import islice

from conference.documents.reading.table import Cell, open_table
from conference.domain.importing.fields import Field
from conference.domain.importing.remarks import letter_of
from conference.services.imports import columns_of
from conference.services.staging import StagedImport

ROWS = 3
LONGEST = 60


@dataclass(frozen=True)
class ColumnShown:
    """A column of the file: its letter, its heading (may be empty), the first values as text, and the field it is read as."""

    letter: str
    heading: str
    values: tuple[str, ...]
    field: Field | None


def shown_columns(staged: StagedImport) -> tuple[ColumnShown, ...]:
    """The columns of the first sheet of a staged file. Raises Unreadable when the file cannot be read again."""
    state = staged.state
    mapping = columns_of(state.sheets[0])
    rows = list(_first_rows(staged, state.sheets[0]["name"], mapping.heading_row))
    return tuple(
        ColumnShown(
            letter_of(i),
            mapping.headings[i],
            tuple(told_cell(cells[i]) if i < len(cells) else "" for cells in rows),
            field,
        )
        for i, field in enumerate(mapping.columns)
    )


def told_cell(cell: Cell) -> str:
    """What a cell holds, as its sender knows it, cut where it is long."""
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    text = f"{cell:f}".replace(".", ",") if isinstance(cell, Decimal) else " ".join(cell.split())
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1].rstrip()}…"


def _first_rows(staged: StagedImport, name: str | None, heading_row: int) -> Iterator[list[Cell]]:
    with open_table(staged.path, staged.state.filename) as table:
        for sheet in table.sheets:
            if sheet.name == name:
                body = (cells for number, cells in table.records(sheet) if number > heading_row)
                yield from islice(body, ROWS)
                return
