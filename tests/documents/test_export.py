"""Does an exported list open in French Excel as it was shown, with nothing that runs?"""

import csv
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conference.documents.csv_file import csv_bytes, csv_chunks
from conference.documents.sheet import Sheet, is_formula
from conference.documents.workbook import xlsx_bytes
from conference.domain.figures import Ratio

DANGEROUS = (
    "=1+1",
    "+33 1 23",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "  =1",
    "\u00a0=1",
    "\u202f@x",
    "＝1+1",
    "＋1",
    "－1",
    "＠x",
    "\u200b=1",
    "\ufeff=1",
    "\n=1",
    "−1",
    '=HYPERLINK("http://exemple.fr";"x")',
)
HARMLESS = ("Région", "a=b", "1-2", "", "été @ midi", "'=1", "https://exemple.fr")


def sheet(*rows: tuple[Any, ...], totals: tuple[Any, ...] | None = None) -> Sheet:
    return Sheet(
        "Engagements : mars [2026]",
        ("Filtres : aucun", "=note"),
        ("Objet", "Montant", "Jour", "Nombre"),
        rows,
        totals,
        datetime(2026, 4, 9, 14, 32, tzinfo=UTC),
    )


ROW = ("Formation ; « soudure »", Decimal("-1234.50"), date(2026, 5, 4), 12)
TOTALS = ("Total", Decimal("-1234.50"), None, 12)


def read_csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def read_xlsx(content: bytes) -> Any:
    return openpyxl.load_workbook(BytesIO(content))


def test_csv_is_what_french_excel_expects() -> None:
    assert (
        csv_bytes(sheet(ROW, totals=TOTALS))
        == (
            "\ufeffEngagements : mars [2026]\r\nFiltres : aucun\r\n'=note\r\n\r\n"
            "Objet;Montant;Jour;Nombre\r\n"
            '"Formation ; « soudure »";-1234,50;04/05/2026;12\r\n'
            "Total;-1234,50;;12\r\n"
        ).encode()
    )


@pytest.mark.parametrize("text", DANGEROUS)
def test_formula_is_neutralised_in_csv(text: str) -> None:
    assert is_formula(text)
    assert csv.reader(StringIO(csv_bytes(sheet((text,))).decode("utf-8-sig"), newline=""), delimiter=";")
    assert read_csv(csv_bytes(sheet((text,))))[5][0].startswith("'")


@pytest.mark.parametrize("text", HARMLESS)
def test_plain_text_is_left_alone(text: str) -> None:
    assert not is_formula(text)
    assert (read_csv(csv_bytes(sheet((text, 1))))[5] or [""])[0] == text


@pytest.mark.parametrize("text", DANGEROUS)
def test_text_in_a_workbook_is_a_string_cell_and_never_a_formula(text: str) -> None:
    content = xlsx_bytes(sheet((text,)))
    with ZipFile(BytesIO(content)) as files:
        page = files.read("xl/worksheets/sheet1.xml").decode()
        assert "<f>" not in page
        assert "hyperlink" not in page
    cell = read_xlsx(content).active.cell(6, 1)
    assert cell.data_type in ("s", "inlineStr")


def test_workbook_holds_typed_cells_under_a_frozen_head() -> None:
    book = read_xlsx(xlsx_bytes(sheet(ROW, totals=TOTALS)))
    page = book.active
    assert page.title == "Engagements   mars  2026"
    assert [page.cell(rank, 1).value for rank in (1, 2, 3, 4)] == [
        "Engagements : mars [2026]",
        "Filtres : aucun",
        "=note",
        None,
    ]
    assert [cell.value for cell in page[5]] == ["Objet", "Montant", "Jour", "Nombre"]
    assert [cell.value for cell in page[6]] == [
        ROW[0],
        -1234.5,
        datetime(2026, 5, 4, tzinfo=UTC).replace(tzinfo=None),
        12,
    ]
    assert [cell.data_type for cell in page[6]] == ["s", "n", "d", "n"]
    assert page["B6"].number_format == "#,##0.00\\ [$€-40C]"
    assert page["C6"].number_format == "dd/mm/yyyy"
    assert page["B7"].font.bold
    assert page.freeze_panes == "A6"
    assert page.auto_filter.ref == "A5:D6"
    assert page.column_dimensions["A"].width >= 14
    assert book.properties.created == datetime(2026, 4, 9, 14, 32, tzinfo=UTC).replace(tzinfo=None)


@pytest.mark.parametrize(
    ("value", "signed", "written"),
    [
        ("0.3704", False, "37,0%"),
        ("-0.04", True, "-4,0%"),
        ("0.123", True, "12,3%"),
        ("0.0025", False, "0,3%"),
        ("-0.0045", True, "-0,5%"),
        ("-0.0004", True, "0,0%"),
        ("12.3456", True, "1234,6%"),
        ("1", False, "100,0%"),
    ],
)
def test_ratio_is_a_number_in_percents_and_never_an_amount(value: str, signed: bool, written: str) -> None:
    ratio = Ratio(Decimal(value), signed)
    assert read_csv(csv_bytes(sheet(("Part", ratio, None))))[5] == ["Part", written, ""]
    cell, empty = read_xlsx(xlsx_bytes(sheet(("Part", ratio, None)))).active[6][1:3]
    assert (cell.value, cell.data_type, cell.number_format) == (float(value), "n", "0.0%")
    assert empty.value is None


@pytest.mark.parametrize("write", [csv_bytes, xlsx_bytes])
def test_same_list_same_bytes(write: Callable[[Sheet], bytes]) -> None:
    assert write(sheet(ROW, totals=TOTALS)) == write(sheet(ROW, totals=TOTALS))


@pytest.mark.parametrize("write", [csv_bytes, xlsx_bytes])
@pytest.mark.parametrize("value", [1.5, True, datetime(2026, 1, 1, tzinfo=UTC)])
def test_value_that_is_not_typed_for_export_is_refused(write: Callable[[Sheet], bytes], value: Any) -> None:
    with pytest.raises(TypeError, match="a cell is text, Decimal, int, Ratio, date or None"):
        write(sheet((value,)))


@pytest.mark.parametrize("write", [csv_bytes, xlsx_bytes])
def test_empty_list_and_hostile_text_are_written(write: Callable[[Sheet], bytes]) -> None:
    assert write(sheet())
    assert write(sheet(("\ud800 \x00\x1b 😀 " + "x" * 40_000,)))


def test_pieces_of_a_long_list_make_the_same_file() -> None:
    rows = tuple((f"ligne {n}", Decimal(n), None, n) for n in range(25))
    pieces = list(csv_chunks(sheet(*rows, totals=TOTALS), size=10))
    assert len(pieces) == 4
    assert b"".join(pieces) == csv_bytes(sheet(*rows, totals=TOTALS))


@given(st.text(), st.decimals(places=2, min_value=-(10**12), max_value=10**12))
def test_any_text_and_amount_come_back_from_csv(text: str, amount: Decimal) -> None:
    read = read_csv(csv_bytes(sheet((f"x{text}", amount))))
    assert Decimal(read[5][1].replace(",", ".")) == amount
    assert len(read) == 6
