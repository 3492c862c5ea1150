"""Workbooks, sound and hostile: a child process reads them, and nothing that they hold can end its parent."""

import os
import zipfile
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from conference.documents.reading.table import open_table
from conference.documents.reading.workbook import Workbook
from tests.documents.reading.samples import ENCRYPTED, ods, records, refusal, xlsx, zipped

TABLE = (["Nom", "Montant"], ["Région", 1234.56], ["É", 12])
CELLS = [(1, ["Nom", "Montant"]), (2, ["Région", Decimal("1234.56")]), (3, ["É", Decimal(12)])]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "file"


def children() -> set[str]:
    """Processes that this one has started and not yet waited for."""
    return set(Path(f"/proc/self/task/{os.getpid()}/children").read_text().split())


@pytest.mark.parametrize("content", [xlsx(*TABLE), ods(TABLE)])
def test_new_workbooks_are_read(path: Path, content: bytes) -> None:
    assert records(path, content, "f") == CELLS


def test_old_workbooks_are_read(path: Path) -> None:
    days = ["Jour", date(2026, 5, 14), date(2026, 5, 15)]
    content = Path(__file__).with_name("old.xls").read_bytes()
    assert records(path, content, "f") == [
        (number, [*cells, day]) for (number, cells), day in zip(CELLS, days, strict=True)
    ]


def test_cells_keep_their_type_and_lose_their_time(path: Path) -> None:
    row = [date(2026, 5, 14), datetime(2026, 5, 14, 20, 35, 9), True, 21860194600000.0, 0.1 + 0.2, "", None, "x"]  # noqa: DTZ001
    [(_, cells)] = records(path, xlsx(row))
    day = date(2026, 5, 14)
    assert cells == [day, day, "VRAI", Decimal(21860194600000), Decimal("0.3"), "", "", "x"]


def test_a_table_may_stand_anywhere_in_its_sheet(path: Path) -> None:
    assert records(path, xlsx(cells={"C3": "a", "D5": 2})) == [(3, ["", "", "a", ""]), (5, ["", "", "", Decimal(2)])]


def test_formulas_give_their_kept_value_or_nothing_and_errors_are_text(path: Path) -> None:
    content = xlsx(["a", "b", "c"], ["=1+1", "x", 1])
    assert records(path, content)[1] == (2, ["", "x", Decimal(1)])
    kept = content_with_value(content, "A2", "2")
    assert records(path, kept)[1][1][0] == Decimal(2)


def content_with_value(content: bytes, place: str, value: str) -> bytes:
    """The workbook with the value that a spreadsheet keeps beside a formula."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for entry in old.infolist():
            data = old.read(entry)
            if entry.filename == "xl/worksheets/sheet1.xml":
                data = data.replace(b"<v></v>", f"<v>{value}</v>".encode()).replace(
                    b"<v />", f"<v>{value}</v>".encode()
                )
            new.writestr(entry, data)
    return out.getvalue()


def test_hidden_sheets_are_told(path: Path) -> None:
    book = openpyxl.Workbook()
    book.create_sheet("Cachée").sheet_state = "hidden"
    book.save(path.with_suffix(".xlsx"))
    with open_table(path.with_suffix(".xlsx"), "f") as table:
        assert [(sheet.name, sheet.hidden) for sheet in table.sheets] == [("Sheet", False), ("Cachée", True)]


@pytest.mark.parametrize("place", ["XFD1048576", "A1048576"])
def test_a_far_cell_does_not_hide_the_table(path: Path, place: str) -> None:
    found = records(path, xlsx(*TABLE, cells={place: "égarée"}))
    assert found[:3] == CELLS


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (ENCRYPTED, "locked"),
        (xlsx(*TABLE)[:2000], "damaged"),
        (zipped({"a.txt": "x"}), "not_a_table"),
        (zipped({"word/document.xml": "<a/>"}), "not_a_table"),
        (zipped({"xl/workbook.bin": "x"}), "xlsb"),
        (zipped({"xl/workbook.xml": "<a/>", "xl/worksheets/sheet1.xml": b"0" * 60_000_000}), "bomb"),
        (zipped({"xl/workbook.xml": "<not xml"}), "damaged"),
        (xlsx(["a"] * 500), "too_wide"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le"), "not_a_table"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le") + bytes(3000), "damaged"),
    ],
)
def test_what_cannot_be_opened_gets_its_sentence(path: Path, content: bytes, code: str) -> None:
    before = children()
    assert refusal(path, content, "f.xlsx") == code
    assert children() == before


def test_three_hundred_columns_are_read(path: Path) -> None:
    assert len(records(path, xlsx([f"c{i}" for i in range(300)]))[0][1]) == 300


def test_the_child_ends_with_its_reader(path: Path) -> None:
    path.write_bytes(xlsx(*([i, "x" * 50] for i in range(20_000))))
    before = children()
    book = Workbook(path, "xlsx")
    rows = book.records(book.sheets[0])
    assert next(rows)[0] == 1
    assert len(children() - before) == 1
    book.close()
    assert children() == before
    rows.close()
