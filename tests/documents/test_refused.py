"""Do refused rows come back whole, with why, in a workbook that can be corrected and sent again?"""

import tracemalloc
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conference.documents import refused
from conference.documents.reading.table import open_table
from conference.documents.refused import RefusedRow, RefusedSheet, write_refused
from conference.documents.template import SHEETS, Template, heading_of, template_workbook
from conference.domain.importing.fields import LINE_HEADING, REASON_HEADING, Target, template_fields
from conference.domain.importing.profiles import recognise
from conference.domain.importing.rows import GrantRow, RowReader

HEADINGS = ("Référence", "Montant", "SIRET", "Jour")
REASON = "Le montant « 12.50,00 » n’est pas lisible. Écrivez 1250,00 ou 1 250,00."
ROW = RefusedRow(
    12, ("=1+1", "12.50,00", Decimal("85215620700014"), date(2026, 5, 4)), (REASON, "Le financeur n’est pas indiqué.")
)


def sheet(*rows: RefusedRow, name: str | None = "Feuil1", headings: tuple[str, ...] = HEADINGS) -> RefusedSheet:
    return RefusedSheet(name, headings, rows)


def read(path: Path) -> dict[str, list[tuple[int, list[Any]]]]:
    """The records of each sheet, as the import reads them."""
    with open_table(path, path.name) as table:
        return {each.name or "": list(table.records(each)) for each in table.sheets}


def test_row_comes_back_with_its_cells_its_number_and_why(tmp_path: Path) -> None:
    path = tmp_path / "refus.xlsx"
    assert write_refused(path, sheets=[sheet(ROW)]) == 1
    assert read(path) == {
        "Feuil1": [
            (1, [*HEADINGS, "Ligne du fichier", "Motif du refus"]),
            (2, [*ROW.cells, Decimal(12), f"{REASON} Le financeur n’est pas indiqué."]),
        ]
    }
    assert list(tmp_path.iterdir()) == [path]


def test_cells_are_shown_as_they_were(tmp_path: Path) -> None:
    path = tmp_path / "refus.xlsx"
    write_refused(path, sheets=[sheet(ROW)])
    page: Any = openpyxl.load_workbook(path).active
    assert [page[f"{letter}2"].data_type for letter in "ABCDEF"] == ["s", "s", "n", "d", "n", "s"]
    assert (page["C2"].number_format, page["D2"].number_format) == ("0", "dd/mm/yyyy")
    assert page["F2"].alignment.wrap_text
    assert page.freeze_panes == "A2"
    with ZipFile(path) as files:
        assert "<f>" not in files.read("xl/worksheets/sheet1.xml").decode()


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        (Decimal("1E+30"), "1E+30"),
        (Decimal("NaN"), "NaN"),
        (Decimal("-0.1"), Decimal("-0.1")),
        (Decimal("123456789012345"), Decimal("123456789012345")),
        (date(1899, 12, 31), "31/12/1899"),
        (date(1, 1, 1), "01/01/0001"),
        (date(1900, 1, 1), date(1900, 1, 1)),
        ("0012", "0012"),
        ("_x0041_", "_x0041_"),
        ("deux\nlignes", "deux\nlignes"),
        ("  espaces  ", "  espaces  "),
        ("\x00a\ud800b\uffff", "ab"),
        ("https://exemple.fr", "https://exemple.fr"),
        ("é" * 40_000, "é" * 32_767),
    ],
)
def test_cell_is_kept(tmp_path: Path, cell: Any, told: Any) -> None:
    path = tmp_path / "refus.xlsx"
    write_refused(path, sheets=[sheet(RefusedRow(2, (cell,), ("Refus.",)), headings=("A",))])
    assert read(path)["Feuil1"][1][1][0] == told


def test_row_longer_than_the_headings_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "refus.xlsx"
    rows = (RefusedRow(2, ("a", "b", "c", "d"), ("Refus.",)), RefusedRow(3, ("a",), ("Refus.",)))
    write_refused(path, sheets=[sheet(*rows, headings=("A", "B"))])
    found = [cells for _, cells in read(path)["Feuil1"]]
    assert found[1] == ["a", "b", Decimal(2), "Refus.", "c", "d"]
    assert found[2][:4] == ["a", "", Decimal(3), "Refus."]


def test_file_refused_again_has_its_two_columns_once(tmp_path: Path) -> None:
    path = tmp_path / "refus.xlsx"
    headings = ("A", LINE_HEADING, "B", REASON_HEADING)
    write_refused(path, sheets=[sheet(RefusedRow(5, ("a", Decimal(9), "b", "Vieux."), ("Neuf.",)), headings=headings)])
    found = [cells for _, cells in read(path)["Feuil1"]]
    assert found == [["A", "B", LINE_HEADING, REASON_HEADING], ["a", "b", Decimal(5), "Neuf."]]


def test_sheets_keep_names_that_a_workbook_can_hold(tmp_path: Path) -> None:
    path = tmp_path / "refus.xlsx"
    names = ("Données [2026]", "données  2026 ", "x" * 40, "x" * 31, None)
    row = RefusedRow(2, ("a",), ("Refus.",))
    kept = [sheet(row, name=name) for name in names]
    assert write_refused(path, sheets=[*kept, sheet(name="Sans refus")]) == 5
    assert openpyxl.load_workbook(path).sheetnames == [
        "Données  2026",
        "données  2026 (2)",
        "x" * 31,
        f"{'x' * 27} (2)",
        "Lignes refusées",
    ]


def test_rows_go_on_on_another_sheet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refused, "ROWS_PER_SHEET", 2)
    path = tmp_path / "refus.xlsx"
    rows = [RefusedRow(n, (f"ligne {n}",), ("Refus.",)) for n in range(2, 7)]
    assert write_refused(path, sheets=[sheet(*rows, headings=("A",))]) == 5
    found = read(path)
    assert {name: [cells[0] for _, cells in records] for name, records in found.items()} == {
        "Feuil1": ["A", "ligne 2", "ligne 3"],
        "Feuil1 (2)": ["A", "ligne 4", "ligne 5"],
        "Feuil1 (3)": ["A", "ligne 6"],
    }


def test_nothing_refused_is_a_workbook_with_headings_alone(tmp_path: Path) -> None:
    path = tmp_path / "refus.xlsx"
    assert write_refused(path, sheets=[]) == 0
    assert read(path) == {"Lignes refusées": [(1, [LINE_HEADING, REASON_HEADING])]}


def test_same_rows_same_bytes(tmp_path: Path) -> None:
    paths = (tmp_path / "1.xlsx", tmp_path / "2.xlsx")
    for path in paths:
        write_refused(path, sheets=[sheet(ROW), sheet(ROW, name=None)])
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_failure_on_the_way_leaves_what_was_there(tmp_path: Path) -> None:
    def broken() -> Iterator[RefusedRow]:
        yield ROW
        raise OSError("the file went away")

    path = tmp_path / "refus.xlsx"
    path.write_bytes(b"earlier")
    with pytest.raises(OSError, match="went away"):
        write_refused(path, sheets=[RefusedSheet("Feuil1", HEADINGS, broken())])
    assert path.read_bytes() == b"earlier"
    assert list(tmp_path.iterdir()) == [path]


def test_corrected_template_rows_are_read_again(tmp_path: Path) -> None:
    content = tmp_path / "modele.xlsx"
    content.write_bytes(template_workbook(Template("Exemple", {})))
    headings, example = (cells for _, cells in read(content)["Engagements"])
    wrong = [*example]
    wrong[0], wrong[3] = "R-1", "12.50,00"
    path = tmp_path / "refus.xlsx"
    assert tuple(headings) == tuple(heading_of(facts) for facts in template_fields(Target.COMMITMENTS))
    name = SHEETS[Target.COMMITMENTS]
    write_refused(path, sheets=[RefusedSheet(name, tuple(headings), [RefusedRow(7, wrong, (REASON,))])])
    book = openpyxl.load_workbook(path)
    book[name]["D2"] = 1250
    book.save(path)
    records = read(path)[name]
    mapping = recognise(records)
    assert mapping is not None
    assert mapping.profile == "template"
    row = RowReader(mapping, sheet=name, delimiter=None, sample=records).read(records[1])
    assert isinstance(row, GrantRow)
    assert (row.funder_reference, row.amount, row.decided_on) == ("R-1", Decimal(1250), date(2026, 5, 14))
    assert row.beneficiary_siret == "12345678200010"


def _many(count: int) -> Iterable[RefusedRow]:
    cells = ("texte",) * 14 + (Decimal("1234.56"), date(2026, 5, 4))
    return (RefusedRow(n, (f"{n}", *cells[1:]), (REASON,)) for n in range(count))


def test_memory_does_not_grow_with_the_rows(tmp_path: Path) -> None:
    headings = tuple(f"C{n}" for n in range(16))
    peaks = []
    for count in (200, 4000):
        tracemalloc.start()
        write_refused(tmp_path / "refus.xlsx", sheets=[RefusedSheet(None, headings, _many(count))])
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + 500_000


CELLS = st.one_of(
    st.text(max_size=40),
    st.decimals(allow_nan=True, allow_infinity=True),
    st.dates(),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(CELLS, max_size=6), max_size=4), st.text(max_size=40))
def test_any_cells_make_a_workbook_that_opens(tmp_path: Path, rows: list[list[Any]], name: str) -> None:
    path = tmp_path / "refus.xlsx"
    sheets = [sheet(*(RefusedRow(n, cells, ("Refus.",)) for n, cells in enumerate(rows, start=2)), name=name)]
    assert write_refused(path, sheets=sheets) == len(rows)
    page = openpyxl.load_workbook(path).worksheets[0]
    assert page.max_row == len(rows) + 1
