"""The process that opens a workbook: `python -I workbook_child.py quick|slow PATH [NUMBER NAME]`, JSON lines on stdout.

Alone with the standard library and a reader of workbooks, under a limit of memory and of time: a hostile workbook (one far
cell is enough) can end this process, never the server. Without a sheet, one line: the sheets. With one, its number of rows,
then one line per record that is not blank: `[number, [cells]]`; a number is a JSON number, a day is `["AAAA-MM-JJ"]`.
`quick` is python-calamine, which holds a whole sheet; `slow` is openpyxl, which reads an XLSX row by row and stands far cells.
"""

import ctypes
import datetime
import json
import resource
import signal
import sys
from collections.abc import Iterator
from io import TextIOWrapper
from pathlib import Path
from typing import Any

MEMORY, COLUMNS, ROWS = 400_000_000, 400, 1_048_576
SECONDS = {"quick": 60, "slow": 300}
"""Of processor: some seven times what a million rows of three columns (quick) take, one and a half of fourteen (slow)."""
NAME = 120
"""Letters of a sheet's name that tell it."""
TOO_WIDE, NO_SUCH_ROW = 3, 4
FAR: list[Any] = []
"""In place of cells: the row has some beyond the last column that is accepted."""
WITH_PARENT = 1  # PR_SET_PDEATHSIG


def cell(value: Any) -> Any:
    """One cell as JSON."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "VRAI" if value else "FAUX"
    if isinstance(value, (datetime.datetime, datetime.date)):
        return [value.isoformat()[:10]]
    if isinstance(value, (datetime.time, datetime.timedelta)):
        return str(value)
    return value


def limit(how: str) -> None:
    """End with the parent, and within its limits."""
    ctypes.CDLL(None).prctl(WITH_PARENT, signal.SIGKILL)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS[how], SECONDS[how]))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def quick_sheets(path: str) -> list[list[Any]]:
    """[name, hidden, is a table (not a chart)] of each sheet."""
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    found = CalamineWorkbook.from_path(path).sheets_metadata
    return [
        [each.name[:NAME], each.visible != SheetVisibleEnum.Visible, each.typ == SheetTypeEnum.WorkSheet]
        for each in found
    ]


def quick_rows(path: str, index: int, _name: str) -> Iterator[Any]:
    """The number of rows, then (number, cells) of each."""
    from python_calamine import CalamineWorkbook

    sheet = CalamineWorkbook.from_path(path).get_sheet_by_index(index)
    if sheet.end is None:
        yield 0
        return
    if sheet.end[1] >= COLUMNS:
        raise TooWide(sheet.end[1] + 1)
    yield sheet.end[0] + 1
    left: list[Any] = [""] * (sheet.start or (0, 0))[1]
    for number, row in enumerate(sheet.iter_rows(), start=1):  # from the first row of the sheet, the first column used
        yield number, left + row


def slow_sheets(path: str) -> list[list[Any]]:
    """[name, hidden, True] of each sheet that holds a table."""
    import openpyxl

    with Path(path).open("rb") as file:
        book = openpyxl.load_workbook(file, read_only=True, data_only=True)
        return [[sheet.title[:NAME], sheet.sheet_state != "visible", True] for sheet in book.worksheets]


def slow_rows(path: str, index: int, name: str) -> Iterator[Any]:
    """The number of rows, then (number, cells) of each; what lies beyond the last column that is accepted is left.

    The sheet is found by its name: this reader does not count the sheets of charts, the quick one does.
    """
    import openpyxl

    file = Path(path).open("rb")  # noqa: SIM115 (by its name openpyxl refuses a file that is not called .xlsx)
    sheets = openpyxl.load_workbook(file, read_only=True, data_only=True).worksheets
    [sheet, *_] = [each for each in sheets if each.title[:NAME] == name]
    sheet.reset_dimensions()
    yield 0
    for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
        if number > ROWS:  # no spreadsheet wrote it: a row that says to be the billionth
            raise SystemExit(NO_SUCH_ROW)
        cells = list(row[:COLUMNS])
        if any(value is not None for value in row[COLUMNS:]):
            yield number, FAR
        while cells and cells[-1] is None:
            cells.pop()
        if cells:
            yield number, cells


class TooWide(Exception):
    """The sheet has more columns than are accepted."""


PLAIN = frozenset({str, int, float})


def main(how: str, path: str, index: str | None = None, name: str = "") -> int:
    """Write what was asked for."""
    limit(how)
    write = sys.stdout.write
    if index is None:
        write(json.dumps((quick_sheets if how == "quick" else slow_sheets)(path)) + "\n")
        return 0
    dumps = json.JSONEncoder(ensure_ascii=False, check_circular=False).encode
    rows = (quick_rows if how == "quick" else slow_rows)(path, int(index), name)
    try:
        write(f"{next(rows)}\n")
    except TooWide as error:
        write(f"{error}\n")
        return TOO_WIDE
    for number, row in rows:
        if row is FAR:
            write(f"[{number}, null]\n")
            continue
        cells = [value if type(value) in PLAIN else cell(value) for value in row]
        if any(value != "" for value in cells):
            write(dumps([number, cells]) + "\n")
    return 0


if __name__ == "__main__":
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="surrogatepass")
    raise SystemExit(main(*sys.argv[1:]))
