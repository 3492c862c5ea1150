"""What did the refused rows of a file hold?

Found again in the file itself, by their sheet and number: only the reasons are kept beside. Sheet by sheet and row after
row, in the order of the file, so that a million of them are never in memory.
"""

from collections.abc import Iterable, Iterator
from itertools import chain, groupby, islice
from pathlib import Path

from conference.documents.reading.table import Record, TableFile, open_table
from conference.documents.refused import RefusedRow, RefusedSheet, write_refused
from conference.domain.importing.profiles import DEEPEST, guess_headings, recognise
from conference.domain.importing.remarks import Remark


def write_refusals(path: Path, *, source: Path, filename: str, remarks: Iterable[Remark]) -> int:
    """Write at `path` a workbook of the refused rows of the file at `source`; how many there are. Raises Unreadable."""
    return write_refused(path, sheets=refused_sheets(source, filename, remarks))


def refused_sheets(path: Path, filename: str, remarks: Iterable[Remark]) -> Iterator[RefusedSheet]:
    """The refused rows of the file at `path`; `remarks`: one per refused row, in the order of the file.

    Each sheet is read while it is the current one. Raises Unreadable.
    """
    with open_table(path, filename) as table:
        for name, told in groupby(remarks, key=lambda remark: remark.sheet):
            sheet = _sheet(table, name, told)
            if sheet is not None:
                yield sheet


def _sheet(table: TableFile, name: str | None, remarks: Iterator[Remark]) -> RefusedSheet | None:
    found = next((sheet for sheet in table.sheets if sheet.name == name), None)
    if found is None:
        return None
    records = table.records(found)
    sample = list(islice(records, DEEPEST))
    mapping = recognise(sample) or guess_headings(sample)
    return RefusedSheet(name, mapping.headings, _rows(chain(sample, records), remarks))


def _rows(records: Iterator[Record], remarks: Iterator[Remark]) -> Iterator[RefusedRow]:
    """Both in the order of the rows: they advance together."""
    record = next(records, None)
    for row, told in groupby(remarks, key=lambda remark: remark.row):
        while record is not None and record[0] < row:
            record = next(records, None)
        if record is None:
            return
        if record[0] == row:
            yield RefusedRow(row, record[1], tuple(remark.message for remark in told))
