"""Is the conférence's own template, filled and sent, staged without its example, and its refused rows once corrected?"""

from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl

from conference.data.staging import ENTRIES, GRANTS, Staging
from conference.documents.refused import RefusedRow, RefusedSheet, write_refused
from conference.documents.template import Template, template_workbook
from conference.domain.importing.fields import ENTRY_KINDS, Field
from conference.domain.importing.remarks import RemarkKind
from conference.services.importing.reading import ReadTable, read_table

TEMPLATE = Template(
    "Conférence Exemple",
    {
        Field.SCHEME: (("Chèque formation", ""),),
        Field.ENTRY_KIND: tuple((label, "") for label in ENTRY_KINDS.values()),
    },
)


def filled() -> Any:
    """The template with one commitment and one payment under the examples."""
    book: Any = openpyxl.load_workbook(BytesIO(template_workbook(TEMPLATE)))
    for cell, value in (("A3", "R-1"), ("B3", "14/05/2026"), ("D3", "1 250,00"), ("E3", "Chèque formation")):
        book["Engagements"][cell] = value
    for cell, number in (("A3", "R-1"), ("C3", "30/06/2026"), ("D3", 250.5)):
        book["Écritures"][cell] = number
    return book


def read(path: Path, staging: Staging) -> ReadTable:
    return read_table(path, path.name, staging, remembered=lambda digest: None)


def test_filled_template_is_staged_without_its_examples(tmp_path: Path) -> None:
    path = tmp_path / "modele.xlsx"
    filled().save(path)
    with Staging(tmp_path / "rows.sqlite") as staging:
        found = read(path, staging)
        assert (found.profile, found.rows, [each.name for each in found.sheets]) == (
            "template",
            2,
            ["Engagements", "Écritures", "Parcours", "Étapes", "Droits"],
        )
        ((_, line),) = staging.first_rows(GRANTS, 9)
        ((_, entry),) = staging.first_rows(ENTRIES, 9)
        assert (line.row, line.amount, entry.row, entry.amount) == (3, Decimal("1250.00"), 3, Decimal("250.50"))
        notes = [(each.sheet, each.row, each.code) for each in staging.remarks(RemarkKind.NOTE)]
        names = ["Droits", "Engagements", "Parcours", "Écritures", "Étapes"]
        assert notes == [(name, 2, "example") for name in names]
        assert list(staging.remarks(RemarkKind.REFUSED)) == []


def test_empty_template_gives_notes_alone(tmp_path: Path) -> None:
    path = tmp_path / "modele.xlsx"
    path.write_bytes(template_workbook(TEMPLATE))
    with Staging(tmp_path / "rows.sqlite") as staging:
        assert read(path, staging).rows == 0
        assert [each.code for each in staging.remarks(RemarkKind.NOTE)] == ["example"] * 5
        assert list(staging.remarks(RemarkKind.WARNING)) == []


def test_refused_row_once_corrected_is_staged(tmp_path: Path) -> None:
    page = filled()["Engagements"]
    headings = tuple(cell.value for cell in page[1])
    cells = ["" if cell.value is None else cell.value for cell in page[3]]
    path = tmp_path / "refus.xlsx"
    refused = RefusedRow(3, [*cells[:3], "12.50,00", *cells[4:]], ("Le montant n’est pas lisible.",))
    write_refused(path, sheets=[RefusedSheet("Engagements", headings, [refused])])
    with Staging(tmp_path / "rows.sqlite") as staging:
        assert read(path, staging).rows == 1
        assert [each.code for each in staging.remarks(RemarkKind.REFUSED)] == ["amount"]
        staging.clear()
        book: Any = openpyxl.load_workbook(path)
        book["Engagements"]["D2"] = 1250
        book.save(path)
        read(path, staging)
        assert list(staging.remarks(RemarkKind.REFUSED)) == []
        ((_, line),) = staging.first_rows(GRANTS, 9)
        assert (getattr(line, "funder_reference", None), line.amount) == ("R-1", Decimal(1250))
