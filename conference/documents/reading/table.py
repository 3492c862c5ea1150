"""What tables does a file hold, and what are their records?

The bytes say what a file is, not its name. Text files are read as a stream; workbooks in a child process with a limit on its
memory, because what a hostile one does to its reader cannot be caught. What is no table is refused with a sentence.
"""

from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from conference.documents.reading.csv_table import CsvTable
from conference.documents.reading.kinds import kind_of
from conference.documents.reading.notes import Note, Sheet
from conference.documents.reading.workbook import Workbook
from conference.domain.importing.profiles import Cell, Record

__all__ = ["Cell", "Note", "Record", "Sheet", "TableFile", "open_table"]


class TableFile(Protocol):
    """An open file."""

    @property
    def kind(self) -> str:
        """ "csv", "xlsx", "xls" or "ods"."""

    @property
    def delimiter(self) -> str | None:
        """What separates the cells of a text file."""

    @property
    def sheets(self) -> tuple[Sheet, ...]:
        """Its sheets, in order."""

    @property
    def notes(self) -> list[Note]:
        """What was put right or left; complete once the records are read."""

    @property
    def total(self) -> int:
        """Its bytes or rows."""

    @property
    def encoding(self) -> str | None:
        """Encoding of a text file, as found so far."""

    @property
    def done(self) -> int:
        """Bytes or rows read so far."""

    def records(self, sheet: Sheet) -> Iterator[Record]:
        """The records of a sheet that are not blank, from its start. Raises Unreadable."""

    def close(self) -> None:
        """Let go of the file, and of whatever reads it."""

    def __enter__(self) -> Self:
        """The file itself."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""


def open_table(path: Path, filename: str) -> TableFile:
    """Open the file at `path`, sent under the name `filename`. Raises Unreadable: it is no table that can be read."""
    kind = kind_of(path, filename)
    return CsvTable(path) if kind == "csv" else Workbook(path, kind)
