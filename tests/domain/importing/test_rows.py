"""Is a record read to the commitment or the entry that it says, and refused only where it must be?"""

from datetime import date
from decimal import Decimal

import pytest

from conference.domain.importing.fields import Field, Target, template_fields
from conference.domain.importing.profiles import Cell, Mapping, Record, recognise, with_columns
from conference.domain.importing.remarks import Remark
from conference.domain.importing.rows import EntryRow, GrantRow, RowReader
from conference.domain.ledger import EntryKind

CLEAN: dict[str, Cell] = {
    "nomAttribuant": "VILLE",
    "idAttribuant": "21060004500392",
    "dateConvention": "2025-03-10",
    "referenceDecision": "CONV 12",
    "nomBeneficiaire": "GRETA",
    "idBeneficiaire": "52499120500013",
    "objet": "Soudure",
    "montant": "900",
    "datesPeriodeVersement": "2025-04-01/2025-12-31",
    "pourcentageSubvention": "0.5",
}
HEADINGS = list(CLEAN)


def reader_of(headings: list[str], above: tuple[str, ...] = (), sample: list[Record] | None = None) -> RowReader:
    titles: list[Record] = [(i, [title]) for i, title in enumerate(above, start=1)]
    records = [*titles, (len(above) + 1, list[Cell](headings)), *(sample or [])]
    mapping = recognise(records)
    assert mapping is not None
    return RowReader(mapping, sheet="Feuille 1", delimiter=None, sample=records)


def read(**changes: Cell) -> GrantRow | EntryRow | Remark:
    return reader_of(HEADINGS).read((2, list({**CLEAN, **changes}.values())))


def grant(**changes: Cell) -> GrantRow:
    row = read(**changes)
    assert isinstance(row, GrantRow), row
    return row


def test_clean_row() -> None:
    row = grant()
    assert (row.row, row.funder_name, row.funder_siret, row.decided_on) == (
        2,
        "VILLE",
        "21060004500392",
        date(2025, 3, 10),
    )
    assert (row.amount, row.object, row.decision_reference) == (Decimal("900.00"), "Soudure", "CONV 12")
    assert (row.beneficiary_name, row.beneficiary_siret, row.warnings) == ("GRETA", "52499120500013", ())
    assert (row.funder_reference, row.scheme, row.first, row.persons) == ("", "", None, None)


@pytest.mark.parametrize(
    ("changes", "code", "cell"),
    [
        ({"montant": ""}, "amount_missing", "H2"),
        ({"montant": "1.250"}, "amount", "H2"),
        ({"montant": "0"}, "amount_positive", "H2"),
        ({"montant": "-5"}, "amount_positive", "H2"),
        ({"montant": Decimal("NaN")}, "amount", "H2"),
        ({"dateConvention": "", "datesPeriodeVersement": ""}, "date", "C2"),
        ({"dateConvention": "2025-02-30", "datesPeriodeVersement": ""}, "date", "C2"),
        ({"dateConvention": "", "datesPeriodeVersement": "", "referenceDecision": "2074-15"}, "date", "C2"),
    ],
)
def test_row_is_refused_at_its_cell(changes: dict[str, Cell], code: str, cell: str) -> None:
    row = read(**changes)
    assert isinstance(row, Remark)
    assert (row.row, row.cell, row.code, row.sheet) == (2, cell, code, "Feuille 1")


@pytest.mark.parametrize(
    ("changes", "day", "codes"),
    [
        ({"dateConvention": "2024"}, date(2024, 1, 1), ["year_alone"]),
        ({"dateConvention": Decimal(2024)}, date(2024, 1, 1), ["year_alone"]),
        ({"dateConvention": date(2024, 5, 6)}, date(2024, 5, 6), []),
        ({"dateConvention": ""}, date(2025, 4, 1), ["date_elsewhere"]),
        ({"dateConvention": "", "referenceDecision": "CONV 2 2025-02-03"}, date(2025, 2, 3), ["date_elsewhere"]),
        ({"dateConvention": "", "referenceDecision": "2024_09-CP"}, date(2024, 1, 1), ["date_elsewhere"]),
        ({"idBeneficiaire": "123"}, date(2025, 3, 10), ["siret"]),
        ({"objet": "", "referenceDecision": " "}, date(2025, 3, 10), ["object", "reference"]),
        ({"nomBeneficiaire": "x" * 300}, date(2025, 3, 10), ["too_long"]),
    ],
)
def test_row_is_read_with_a_warning(changes: dict[str, Cell], day: date, codes: list[str]) -> None:
    row = grant(**changes)
    assert (row.decided_on, row.amount) == (day, Decimal("900.00"))
    assert sorted(remark.code for remark in row.warnings) == sorted(codes)
    assert len(row.beneficiary_name) <= 200


def test_fingerprint_ignores_the_amount_the_giver_and_what_a_spreadsheet_rewrites() -> None:
    first = grant().fingerprint
    same = grant(
        montant=Decimal(1),
        nomAttribuant="Autre",
        idAttribuant="",
        dateConvention=date(2025, 3, 10),
        idBeneficiaire=Decimal("52499120500013"),
        pourcentageSubvention=Decimal("0.50"),
        objet=" Soudure ",
    )
    assert first == same.fingerprint
    for name in HEADINGS:
        if name not in ("montant", "nomAttribuant", "idAttribuant"):
            assert grant(**{name: "2025-04-02"}).fingerprint != first, name


def test_template_rows_are_commitments_and_entries() -> None:
    values: dict[Field, Cell] = {
        Field.FUNDER_REFERENCE: "A-1",
        Field.DECIDED_ON: date(2026, 5, 14),
        Field.OBJECT: "Soudure",
        Field.AMOUNT: Decimal("1234.5"),
        Field.FIRST: date(2026, 9, 1),
        Field.LAST: date(2026, 12, 31),
        Field.PERSONS: Decimal(12),
    }
    fields = template_fields(Target.COMMITMENTS)
    reader = reader_of([facts.label for facts in fields])
    row = reader.read((2, [values.get(facts.field, "") for facts in fields]))
    assert isinstance(row, GrantRow)
    assert (row.funder_reference, row.amount, row.first, row.persons) == (
        "A-1",
        Decimal("1234.50"),
        date(2026, 9, 1),
        12,
    )
    values |= {Field.LAST: date(2026, 8, 1), Field.PERSONS: "beaucoup"}
    row = reader.read((3, [values.get(facts.field, "") for facts in fields]))
    assert isinstance(row, GrantRow)
    assert (row.first, row.last, row.persons) == (None, None, None)
    assert {remark.code for remark in row.warnings} == {"dates", "persons", "beneficiary", "reference"}


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("", EntryKind.PAYMENT),
        ("paiement", EntryKind.PAYMENT),
        ("DÉGAGEMENT", EntryKind.RELEASE),
        ("Don", "entry_kind"),
    ],
)
def test_entries_of_the_template(kind: str, expected: EntryKind | str) -> None:
    values: dict[Field, Cell] = {
        Field.COMMITMENT_REFERENCE: "A-1",
        Field.ENTRY_KIND: kind,
        Field.EFFECTIVE_ON: date(2026, 6, 1),
        Field.AMOUNT: "12,50",
    }
    fields = template_fields(Target.ENTRIES)
    reader = reader_of([facts.label for facts in fields])
    row = reader.read((2, [values.get(facts.field, "") for facts in fields]))
    if isinstance(row, Remark):
        assert row.code == expected
        values[Field.ENTRY_KIND] = ""
    else:
        assert isinstance(row, EntryRow)
        assert (row.kind, row.amount, row.commitment_reference) == (expected, Decimal("12.50"), "A-1")
    for field, code in ((Field.COMMITMENT_REFERENCE, "commitment_reference"), (Field.EFFECTIVE_ON, "date_missing")):
        refused = reader.read((3, ["" if facts.field is field else values.get(facts.field, "") for facts in fields]))
        assert isinstance(refused, Remark)
        assert refused.code == code


def test_headings_tell_what_is_left_and_what_lacks() -> None:
    reader = reader_of(["nomBeneficiaire", "dateConvention", "montant", "couleur"])
    assert [(each.cell, each.code) for each in reader.heading_warnings()] == [
        ("D1", "unknown_column"),
        (None, "no_column"),
        (None, "no_column"),
    ]
    own = Mapping("own", Target.COMMITMENTS, 1, ("Combien", "Quand"), (None, None))
    told = with_columns(own, [Field.AMOUNT, Field.YEAR])
    assert RowReader(told, sheet=None, delimiter=None, sample=[]).heading_warnings() == ()


SHORT = ["nomBeneficiaire", "objet", "montant", "annee"]


def codes(reader: RowReader, *lines: list[Cell]) -> list[str]:
    rows = [reader.read((i, line)) for i, line in enumerate(lines, start=2)]
    return [row.code if isinstance(row, Remark) else str(row.amount) for row in rows]


def test_line_of_totals_is_not_a_row() -> None:
    rows: list[list[Cell]] = [["X", "a", "100", "2019"], ["Y", "b", "50,50", "2019"]]
    assert codes(reader_of(SHORT), *rows, ["Total 2019", "", "150,50", "2019"]) == ["100.00", "50.50", "total"]
    assert codes(reader_of(SHORT), *rows, ["", "TOTAL :", "7", "2019"])[-1] == "total"
    assert codes(reader_of(SHORT), *rows, ["Total des aides", "2 lignes", "150.50", "2019"])[-1] == "total"
    assert codes(reader_of(SHORT), *rows, ["Total Énergies", "Soudure", "7", "2019"])[-1] == "7.00"
    assert codes(
        reader_of(SHORT), rows[0], ["Sous-total", "a", "100", "2019"], rows[1], ["Sous-total", "b", "50.5", "2019"]
    ) == [
        "100.00",
        "total",
        "50.50",
        "total",
    ]


def test_headings_that_come_again_and_a_second_table() -> None:
    again: list[Cell] = ["nomBeneficiaire", "Objet", "MONTANT", "annee"]
    row: list[Cell] = ["X", "a", "100", "2019"]
    assert codes(reader_of(SHORT), row, again, row) == ["100.00", "headings", "100.00"]
    other: list[Cell] = ["nomBeneficiaire", "annee", "objet", "montant"]
    assert codes(reader_of(SHORT), row, other, ["X", "2018", "100", "2019"]) == ["100.00", "headings", "other_table"]


@pytest.mark.parametrize("title", ["Subventions en milliers d’euros", "Montants (k€)", "Unité : M€", "en francs"])
def test_title_in_another_unit_refuses_every_row(title: str) -> None:
    assert codes(reader_of(SHORT, (title,)), ["X", "a", "100", "2019"]) == ["unit"]
    assert codes(reader_of(SHORT, ("Subventions de plus de 23 k€",)), ["X", "a", "100", "2019"]) == ["100.00"]


def test_column_of_rounded_sirets_gives_none() -> None:
    headings = ["nomBeneficiaire", "idBeneficiaire", "montant", "annee"]
    lucky = "10000000800100"  # its key is right, by chance
    sample: list[Record] = [(i + 2, ["X", f"123456789{i:02d}100.0", "1", "2019"]) for i in range(12)]
    row = reader_of(headings, sample=sample).read((20, ["X", lucky, "1", "2019"]))
    assert isinstance(row, GrantRow)
    assert (row.beneficiary_siret, row.warnings[-1].code) == (None, "siret_lost")
    row = reader_of(headings, sample=sample[:5]).read((20, ["X", lucky, "1", "2019"]))
    assert isinstance(row, GrantRow)
    assert row.beneficiary_siret == lucky
