"""Is the template of the conférence one that a person can fill, and that the import reads back as it was filled?"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest

from conference.documents.reading.table import open_table
from conference.documents.template import EXAMPLE_REFERENCE, SHEETS, Template, heading_of, template_workbook
from conference.domain.importing.field import PEOPLE
from conference.domain.importing.fields import ENTRY_KINDS, Field, Target, template_fields
from conference.domain.importing.people_rows import PeopleReader
from conference.domain.importing.profiles import recognise
from conference.domain.importing.remarks import Remark
from conference.domain.importing.rows import EntryRow, GrantRow, RowReader
from conference.domain.ledger import EntryKind

VALUES = {
    Field.FUNDER_NAME: (("Région Exemple", "region"), ("=OPCO Exemple", "opco")),
    Field.PAYER: (("Centre de formation du Bâtiment", "centre"), ("Région Exemple", "region")),
    Field.SCHEME: tuple((f"Dispositif {n} : usage « {n} »", "") for n in range(1, 301)),
    Field.AUDIENCE: (("Jeunes", "Les personnes de moins de 26 ans."),),
    Field.COST_NATURE: (("Coûts pédagogiques", ""),),
    Field.LEVEL: (("Niveau 4", "Baccalauréat"),),
    Field.TERRITORY: (("Bretagne", ""), ("departement_971", "Guadeloupe")),
    Field.SECTOR: (("01", "Culture et production animale"), ("Construction", "")),
    Field.ENTRY_KIND: tuple((label, "") for label in ENTRY_KINDS.values()),
}
TEMPLATE = Template("Conférence « Exemple » & amis", VALUES)
COMMITMENT = {
    Field.FUNDER_REFERENCE: "0012",
    Field.DECIDED_ON: datetime(2026, 3, 2, tzinfo=UTC).replace(tzinfo=None),
    Field.OBJECT: "Formation « soudure »",
    Field.AMOUNT: 1234.56,
    Field.SCHEME: "Dispositif 300 : usage « 300 »",
    Field.AUDIENCE: "Jeunes",
    Field.COST_NATURE: "Coûts pédagogiques",
    Field.LEVEL: "Niveau 4",
    Field.TERRITORY: "departement_971",
    Field.SECTOR: "01",
    Field.BENEFICIARY_NAME: "Centre de formation du Bâtiment",
    Field.BENEFICIARY_SIRET: "12345678200010",
    Field.FIRST: datetime(2026, 4, 1, tzinfo=UTC).replace(tzinfo=None),
    Field.LAST: datetime(2026, 6, 30, tzinfo=UTC).replace(tzinfo=None),
    Field.PERSONS: 7,
    Field.DECISION_REFERENCE: "Délibération 3",
    Field.ACCOUNTING_NUMBER: "00123",
    Field.PAYER: "Centre de formation du Bâtiment",
    Field.MANAGER: "Région Exemple",
    Field.RECEIVER: "=OPCO Exemple",
    Field.FUNDER_NAME: "Région Exemple",
}
PAYMENT = {
    Field.COMMITMENT_REFERENCE: "0012",
    Field.ENTRY_KIND: "Reversement",
    Field.EFFECTIVE_ON: datetime(2026, 7, 1, tzinfo=UTC).replace(tzinfo=None),
    Field.AMOUNT: 100,
    Field.ENTRY_REFERENCE: "118",
    Field.MOTIVE: "Trop-perçu",
    Field.FUNDER_NAME: "Région Exemple",
}


@pytest.fixture(scope="module")
def content() -> bytes:
    return template_workbook(TEMPLATE)


@pytest.fixture
def book(content: bytes) -> Any:
    return openpyxl.load_workbook(BytesIO(content))


def rule(book: Any, target: Target, field: Field) -> Any:
    """The validation of the column of `field`: exactly one, from the example down to the last row of a sheet."""
    letter = letters(target)[field]
    found = [each for each in book[SHEETS[target]].data_validations.dataValidation if f"{letter}2:" in str(each.sqref)]
    assert [str(each.sqref) for each in found] == [f"{letter}2:{letter}1048576"]
    return found[0]


def letters(target: Target) -> dict[Field, str]:
    return {facts.field: chr(65 + i) for i, facts in enumerate(template_fields(target))}


def offered(book: Any, source: str) -> list[str]:
    """The texts of a range such as `Listes!$A$2:$A$9`."""
    sheet, cells = source.split("!")
    return [row[0].value for row in book[sheet][cells.replace("$", "")]]


def texts(book: Any) -> Iterator[str]:
    """Everything in French that somebody reads: cells of the sheets of rows and of help, messages of the validations."""
    for page in book:
        for each in page.data_validations.dataValidation:
            yield from (text for text in (each.error, each.errorTitle, each.prompt, each.promptTitle) if text)
        if page.title != "Listes":
            yield from (cell.value for row in page.iter_rows() for cell in row if isinstance(cell.value, str))


def fill(path: Path, content: bytes) -> None:
    """A person fills one row of each sheet under the example."""
    book: Any = openpyxl.load_workbook(BytesIO(content))
    for target, values in ((Target.COMMITMENTS, COMMITMENT), (Target.ENTRIES, PAYMENT)):
        for field, letter in letters(target).items():
            book[SHEETS[target]][f"{letter}3"] = values[field]
            book[SHEETS[target]][f"{letter}3"].data_type = "s" if isinstance(values[field], str) else "n"
            if isinstance(values[field], datetime):
                book[SHEETS[target]][f"{letter}3"].value = values[field]
    book.save(path)


def rows(path: Path) -> dict[str, list[GrantRow | EntryRow | Remark]]:
    """The rows of each sheet that the import recognises as its template."""
    found: dict[str, list[GrantRow | EntryRow | Remark]] = {}
    with open_table(path, path.name) as table:
        for sheet in table.sheets:
            records = list(table.records(sheet))
            mapping = recognise(records)
            if mapping is not None:
                assert mapping.profile == "template"
                if mapping.target in PEOPLE:
                    assert None not in mapping.columns
                    assert PeopleReader(mapping, sheet=sheet.name).heading_warnings() == ()
                    continue
                reader = RowReader(mapping, sheet=sheet.name, delimiter=table.delimiter, sample=records)
                assert reader.heading_warnings() == ()
                assert None not in mapping.columns
                found[sheet.name or ""] = [reader.read(each) for each in records if each[0] > mapping.heading_row]
    return found


def test_filled_template_is_read_back_as_it_was_filled(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "modele.xlsx"
    fill(path, content)
    found = rows(path)
    assert list(found) == ["Engagements", "Écritures"]
    line, entry = found["Engagements"][1], found["Écritures"][1]
    assert isinstance(line, GrantRow)
    expected: dict[Field, Any] = {
        **COMMITMENT,
        Field.AMOUNT: Decimal("1234.56"),
        Field.DECIDED_ON: date(2026, 3, 2),
        Field.FIRST: date(2026, 4, 1),
        Field.LAST: date(2026, 6, 30),
    }
    assert {field: getattr(line, field.value) for field in expected} == expected
    assert line.warnings == ()
    assert isinstance(entry, EntryRow)
    assert (entry.commitment_reference, entry.kind, entry.effective_on) == (
        "0012",
        EntryKind.REPAYMENT,
        date(2026, 7, 1),
    )
    assert (entry.amount, entry.reference, entry.motive) == (Decimal(100), "118", "Trop-perçu")
    assert (entry.funder_name, entry.warnings) == ("Région Exemple", ())


def test_example_row_reads_without_a_warning_and_is_known_by_its_reference(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "modele.xlsx"
    path.write_bytes(content)
    found = rows(path)
    (line,), (entry,) = found["Engagements"], found["Écritures"]
    assert isinstance(line, GrantRow)
    assert isinstance(entry, EntryRow)
    assert line.funder_reference == entry.commitment_reference == EXAMPLE_REFERENCE
    assert line.warnings == entry.warnings == ()
    assert "jamais importée" in line.object


@pytest.mark.parametrize("target", Target)
def test_headings_are_the_labels_with_units_and_a_star_where_needed(book: Any, target: Target) -> None:
    headings = [cell.value for cell in book[SHEETS[target]][1]]
    assert headings == [heading_of(facts) for facts in template_fields(target)]
    starred = {facts.label for facts in template_fields(target) if facts.required}
    assert {re.sub(r"( \([^)]*\))? \*$", "", each) for each in headings if each.endswith("*")} == starred
    amounts = [each for each in headings if each.startswith("Montant")]
    assert all("(€)" in each for each in amounts)


def test_each_list_is_offered_whole_by_the_columns_that_it_is_of(book: Any) -> None:
    lists = {
        Field.FUNDER_NAME: Field.FUNDER_NAME,
        Field.RECEIVER: Field.FUNDER_NAME,
        Field.PAYER: Field.PAYER,
        Field.MANAGER: Field.PAYER,
        Field.BENEFICIARY_NAME: Field.PAYER,
        **{field: field for field in VALUES if field is not Field.ENTRY_KIND},
    }
    for field, origin in lists.items():
        found = rule(book, Target.COMMITMENTS, field)
        assert found.type == "list"
        assert offered(book, found.formula1 or "") == [text for text, _ in VALUES[origin]]
    kind = rule(book, Target.ENTRIES, Field.ENTRY_KIND)
    assert offered(book, kind.formula1 or "") == list(ENTRY_KINDS.values())
    assert (kind.errorStyle or "stop", kind.showErrorMessage) == ("stop", True)
    assert rule(book, Target.COMMITMENTS, Field.SCHEME).errorStyle == "warning"
    assert not rule(book, Target.COMMITMENTS, Field.BENEFICIARY_NAME).showErrorMessage


def test_what_the_import_refuses_is_refused_by_the_cell(book: Any) -> None:
    for target, letter in ((Target.COMMITMENTS, "D"), (Target.ENTRIES, "D")):
        amount = rule(book, target, Field.AMOUNT)
        assert amount.formula1 == f"AND(ISNUMBER({letter}2),{letter}2>0,ROUND({letter}2,2)={letter}2)"
        assert (amount.type, amount.errorStyle or "stop", amount.showErrorMessage) == ("custom", "stop", True)
    for target, field in ((Target.COMMITMENTS, Field.DECIDED_ON), (Target.ENTRIES, Field.EFFECTIVE_ON)):
        day = rule(book, target, field)
        assert (day.type, day.operator or "between", day.formula1, day.formula2) == (
            "date",
            "between",
            "18264",
            "73415",
        )
        assert (day.errorStyle or "stop", day.showErrorMessage) == ("stop", True)


def test_cells_have_the_format_of_what_they_hold(book: Any) -> None:
    page = book["Engagements"]
    columns = letters(Target.COMMITMENTS)
    shapes = {field: page[f"{columns[field]}2"].number_format for field in columns}
    assert {shapes[field] for field in (Field.DECIDED_ON, Field.FIRST, Field.LAST)} == {"dd/mm/yyyy"}
    assert shapes[Field.AMOUNT] == "#,##0.00"
    assert {shapes[field] for field in (Field.BENEFICIARY_SIRET, Field.FUNDER_REFERENCE, Field.SECTOR)} == {"@"}
    assert page["A2"].font.italic
    assert (page.freeze_panes, page.print_title_rows) == ("B2", "$1:$1")
    assert (page.page_setup.orientation, page.page_setup.paperSize, page.page_setup.fitToHeight) == ("landscape", 9, 0)


def test_columns_of_lists_that_are_empty_take_any_text(tmp_path: Path) -> None:
    content = template_workbook(Template("Exemple", {}))
    book = openpyxl.load_workbook(BytesIO(content))
    assert rule(book, Target.COMMITMENTS, Field.SCHEME).type == "textLength"
    path = tmp_path / "modele.xlsx"
    path.write_bytes(content)
    assert len(rows(path)) == 2


def test_sheets_and_nothing_that_runs(content: bytes, book: Any) -> None:
    assert book.sheetnames == ["Engagements", "Écritures", "Parcours", "Étapes", "Droits", "Listes", "Mode d’emploi"]
    assert book["Listes"]["A3"].value == "=OPCO Exemple"
    with ZipFile(BytesIO(content)) as files:
        pages = [files.read(name).decode() for name in files.namelist() if name.startswith("xl/worksheets/sheet")]
    assert len(pages) == 7
    assert not any("<f>" in page or "hyperlink" in page for page in pages)


def test_help_tells_every_column(book: Any) -> None:
    told = [row[0].value for row in book["Mode d’emploi"].iter_rows(max_col=1)]
    for target in Target:
        labels = [facts.label for facts in template_fields(target)]
        start = told.index(f"Feuille «\u202f{SHEETS[target]}\u202f»")
        assert told[start + 2 : start + 2 + len(labels)] == labels


def test_texts_are_typeset(book: Any) -> None:
    found = list(texts(book))
    assert len(found) > 100
    wrong = [text for text in found if re.search(r"[ ][;:!?»]|« |'", text)]
    assert [text for text in wrong if text not in {value for values in VALUES.values() for value, _ in values}] == []


def test_same_lists_same_bytes(content: bytes) -> None:
    assert template_workbook(TEMPLATE) == content
    assert template_workbook(Template("Autre", VALUES)) != content


def test_lists_do_not_overlap(book: Any) -> None:
    sources = {each.formula1 for name in SHEETS.values() for each in book[name].data_validations.dataValidation}
    columns = sorted({match[1] for source in sources if (match := re.match(r"Listes!\$([A-Z]+)\$2", source or ""))})
    assert len(columns) == len(VALUES)
    assert all(first < second for first, second in pairwise(columns))
