"""Is all that a row gives kept, and is each of its faults told at its cell, with what to do?"""

from datetime import date
from decimal import Decimal

import pytest

from conference.domain.importing.fields import Field, Target, template_fields
from conference.domain.importing.profiles import Cell, Mapping, Record, recognise
from conference.domain.importing.remarks import Remark
from conference.domain.importing.rows import EntryRow, GrantRow, RowReader
from conference.domain.ledger import EntryKind

SHEET = "Feuille 1"
GRANT: dict[str, Cell] = {
    "nomAttribuant": "VILLE",
    "idAttribuant": "21060004500392",
    "dateConvention": "2025-03-10",
    "annee": "",
    "referenceDecision": "CONV 12",
    "nomBeneficiaire": "GRETA",
    "idBeneficiaire": "52499120500013",
    "objet": "Soudure",
    "montant": "900",
    "datesPeriodeVersement": "",
}


def reader_of(headings: list[str], above: tuple[str, ...] = ()) -> RowReader:
    sample: list[Record] = [(i, [title]) for i, title in enumerate(above, start=1)]
    sample.append((len(above) + 1, list[Cell](headings)))
    mapping = recognise(sample)
    assert mapping is not None
    return RowReader(mapping, sheet=SHEET, delimiter=None, sample=sample)


def read(**changes: Cell) -> GrantRow | EntryRow | Remark:
    return reader_of(list(GRANT)).read((7, list({**GRANT, **changes}.values())))


def grant(**changes: Cell) -> GrantRow:
    row = read(**changes)
    assert isinstance(row, GrantRow), row
    return row


TEMPLATE: dict[Field, Cell] = {
    Field.FUNDER_REFERENCE: "A-1",
    Field.DECIDED_ON: date(2026, 5, 14),
    Field.OBJECT: "Soudure",
    Field.AMOUNT: Decimal("1234.5"),
    Field.SCHEME: "PIC",
    Field.AUDIENCE: "Demandeurs d’emploi",
    Field.COST_NATURE: "Coût pédagogique",
    Field.LEVEL: "Niveau 4",
    Field.TERRITORY: "Var",
    Field.SECTOR: "Industrie",
    Field.BENEFICIARY_NAME: "GRETA",
    Field.BENEFICIARY_SIRET: "52499120500013",
    Field.FIRST: date(2026, 9, 1),
    Field.LAST: date(2026, 12, 31),
    Field.PERSONS: Decimal(12),
    Field.DECISION_REFERENCE: "CP 2026-1",
    Field.ACCOUNTING_NUMBER: "EJ 7",
    Field.PAYER: "ASP",
    Field.MANAGER: "Direction",
    Field.RECEIVER: "CFA",
    Field.FUNDER_NAME: "VILLE",
}


def template_row(**changes: Cell) -> GrantRow | EntryRow | Remark:
    fields = template_fields(Target.COMMITMENTS)
    values = TEMPLATE | {Field(name): cell for name, cell in changes.items()}
    return reader_of([facts.label for facts in fields]).read((2, [values.get(facts.field, "") for facts in fields]))


def place(field: Field, target: Target = Target.COMMITMENTS) -> str:
    """Cell of a field in the second line of its template (fewer than 26 columns)."""
    return chr(65 + [facts.field for facts in template_fields(target)].index(field)) + "2"


def test_every_column_of_the_template_is_kept() -> None:
    row = template_row()
    assert isinstance(row, GrantRow)
    assert row == GrantRow(
        row=2,
        funder_name="VILLE",
        funder_siret=None,
        funder_reference="A-1",
        decided_on=date(2026, 5, 14),
        amount=Decimal("1234.50"),
        object="Soudure",
        decision_reference="CP 2026-1",
        beneficiary_name="GRETA",
        beneficiary_siret="52499120500013",
        scheme="PIC",
        audience="Demandeurs d’emploi",
        cost_nature="Coût pédagogique",
        level="Niveau 4",
        territory="Var",
        sector="Industrie",
        first=date(2026, 9, 1),
        last=date(2026, 12, 31),
        persons=12,
        accounting_number="EJ 7",
        payer="ASP",
        manager="Direction",
        receiver="CFA",
        fingerprint=row.fingerprint,
        warnings=(),
    )


@pytest.mark.parametrize(
    ("changes", "field", "code", "sentence"),
    [
        (
            {"last": date(2026, 8, 31)},
            Field.LAST,
            "dates",
            "La fin de la période précède son début : la période n’est pas reprise.",
        ),
        (
            {"first": "bientôt"},
            Field.FIRST,
            "date",
            "La date « bientôt » n’est pas lisible. Écrivez par exemple 14/05/2026. Elle n’est pas reprise.",
        ),
        (
            {"persons": "beaucoup"},
            Field.PERSONS,
            "persons",
            "Le nombre de personnes « beaucoup » n’est pas lisible. Écrivez par exemple 12.",
        ),
        (
            {"beneficiary_siret": "123"},
            Field.BENEFICIARY_SIRET,
            "siret",
            "Le SIRET « 123 » doit compter 14 chiffres.",
        ),
        ({"object": " "}, Field.OBJECT, "object", "L’objet manque."),
        (
            {"decision_reference": ""},
            Field.DECISION_REFERENCE,
            "reference",
            "La référence de la décision manque.",
        ),
        (
            {"funder_reference": "\t"},
            Field.FUNDER_REFERENCE,
            "reference",
            "La référence manque : la ligne est reconnue à ses autres colonnes.",
        ),
        ({"beneficiary_name": ""}, Field.BENEFICIARY_NAME, "beneficiary", "Le nom du bénéficiaire manque."),
        (
            {"scheme": "x" * 201},
            Field.SCHEME,
            "too_long",
            "Le texte dépasse 200 caractères : la fin n’est pas reprise.",
        ),
        (
            {"accounting_number": "x" * 61},
            Field.ACCOUNTING_NUMBER,
            "too_long",
            "Le texte dépasse 60 caractères : la fin n’est pas reprise.",
        ),
    ],
)
def test_what_is_wrong_and_not_vital_is_a_warning(
    changes: dict[str, Cell], field: Field, code: str, sentence: str
) -> None:
    row = template_row(**changes)
    assert isinstance(row, GrantRow)
    assert row.warnings == (Remark(2, place(field), code, sentence, SHEET),)


def test_period_is_kept_or_left_as_a_whole() -> None:
    one_day = template_row(first=date(2026, 9, 1), last=date(2026, 9, 1))
    assert isinstance(one_day, GrantRow)
    assert (one_day.first, one_day.last, one_day.warnings) == (date(2026, 9, 1), date(2026, 9, 1), ())
    open_end = template_row(last=" ")
    assert isinstance(open_end, GrantRow)
    assert (open_end.first, open_end.last, open_end.warnings) == (date(2026, 9, 1), None, ())
    backwards = template_row(last=date(2026, 8, 31))
    assert isinstance(backwards, GrantRow)
    assert (backwards.first, backwards.last) == (None, None)
    nobody = template_row(persons=" ")
    assert isinstance(nobody, GrantRow)
    assert (nobody.persons, nobody.warnings) == (None, ())


def test_text_is_kept_to_its_length() -> None:
    for name, longest in (("scheme", 200), ("accounting_number", 60), ("object", 1000), ("decision_reference", 300)):
        whole = template_row(**{name: "x" * longest})
        assert isinstance(whole, GrantRow)
        assert (getattr(whole, name), whole.warnings) == ("x" * longest, ())
        cut = template_row(**{name: "x" * (longest - 1) + " y"})
        assert isinstance(cut, GrantRow)
        assert (getattr(cut, name), len(cut.warnings)) == ("x" * (longest - 1), 1)


def test_columns_left_and_facts_that_no_column_gives_are_told() -> None:
    long_heading = "y" * 90
    reader = reader_of(["nomBeneficiaire", "dateConvention", "montant", "couleur", "", long_heading, "Motif du refus"])
    message = "La colonne « {} » n’est pas connue : elle est laissée."
    assert reader.heading_warnings() == (
        Remark(1, "D1", "unknown_column", message.format("couleur"), SHEET),
        Remark(1, "F1", "unknown_column", message.format("y" * 80), SHEET),
        Remark(1, None, "no_column", "Aucune colonne ne donne « Objet ».", SHEET),
        Remark(1, None, "no_column", "Aucune colonne ne donne « Référence de la décision ».", SHEET),
    )
    template = reader_of([facts.label for facts in template_fields(Target.COMMITMENTS) if facts.required] + ["Payeur"])
    assert template.heading_warnings() == ()
    assert reader_of([*GRANT]).heading_warnings() == ()
    own = Mapping("own", Target.COMMITMENTS, 1, ("Combien", "Quand", "Couleur"), (Field.AMOUNT, Field.YEAR, None))
    assert RowReader(own, sheet=SHEET, delimiter=None, sample=[]).heading_warnings() == ()


@pytest.mark.parametrize(
    ("changes", "cell", "code", "sentence"),
    [
        ({"montant": " "}, "I7", "amount_missing", "Le montant manque."),
        ({"montant": "0,00"}, "I7", "amount_positive", "Le montant « 0,00 » doit être supérieur à zéro."),
        ({"montant": "-5"}, "I7", "amount_positive", "Le montant « -5,00 » doit être supérieur à zéro."),
        (
            {"objet": "Total", "nomBeneficiaire": "", "referenceDecision": "", "nomAttribuant": ""},
            "I7",
            "total",
            "Cette ligne est un total : elle n’est pas reprise.",
        ),
        (
            {"dateConvention": "", "referenceDecision": "CONV"},
            "C7",
            "date",
            "La date de convention manque. Rien d’autre dans la ligne ne dit l’année.",
        ),
        (
            {"dateConvention": "hier", "referenceDecision": "1989-4"},
            "C7",
            "date",
            "La date « hier » n’est pas lisible. Écrivez par exemple 14/05/2026. Rien d’autre dans la ligne ne dit l’année.",
        ),
        (
            {name: name for name in GRANT},
            None,
            "headings",
            "Cette ligne répète les titres des colonnes.",
        ),
    ],
)
def test_row_that_cannot_be_known_is_refused(
    changes: dict[str, Cell], cell: str | None, code: str, sentence: str
) -> None:
    assert read(**changes) == Remark(7, cell, code, sentence, SHEET)


@pytest.mark.parametrize(
    ("changes", "day", "sentence"),
    [
        ({"dateConvention": "2024"}, date(2024, 1, 1), "L’année 2024 seule est lue comme le 1er janvier."),
        (
            {"dateConvention": "", "referenceDecision": "CP du 2025-02-03", "annee": "2024"},
            date(2025, 2, 3),
            "La date de convention manque. Celle de la décision est prise : 03/02/2025.",
        ),
        (
            {"dateConvention": "", "annee": "2024", "datesPeriodeVersement": "2025-04-01"},
            date(2024, 1, 1),
            "La date de convention manque. Celle de l’année indiquée est prise : 01/01/2024.",
        ),
        (
            {"dateConvention": "", "annee": "2025", "datesPeriodeVersement": "2025-04-01/2026-01-01"},
            date(2025, 4, 1),
            "La date de convention manque. Celle du premier versement est prise : 01/04/2025.",
        ),
        (
            {"dateConvention": "", "referenceDecision": "2023-CP 4", "datesPeriodeVersement": "2025-04-01"},
            date(2023, 1, 1),
            "La date de convention manque. Celle de l’année de la décision est prise : 01/01/2023.",
        ),
        (
            {"dateConvention": "31/02/2025", "referenceDecision": "2023", "annee": "2022"},
            date(2022, 1, 1),
            (
                "La date « 31/02/2025 » n’existe pas. Vérifiez le jour et le mois. "
                "Celle de l’année indiquée est prise : 01/01/2022."
            ),
        ),
        (
            {"dateConvention": "", "datesPeriodeVersement": date(2025, 4, 1)},
            date(2025, 4, 1),
            "La date de convention manque. Celle du premier versement est prise : 01/04/2025.",
        ),
    ],
)
def test_day_is_taken_elsewhere_in_a_stated_order(changes: dict[str, Cell], day: date, sentence: str) -> None:
    row = grant(**changes)
    assert (row.row, row.decided_on) == (7, day)
    assert [(each.cell, each.message) for each in row.warnings if each.cell == "C7"] == [("C7", sentence)]


def test_title_in_another_unit_and_second_table_are_told() -> None:
    headings = ["nomBeneficiaire", "objet", "montant", "annee"]
    row: list[Cell] = ["X", "a", "100", "2019"]
    assert reader_of(headings, ("Montants en k€",)).read((3, row)) == Remark(
        3,
        None,
        "unit",
        "Le titre « Montants en k€ » dit que les montants ne sont pas en euros : convertissez-les.",
        SHEET,
    )
    reader = reader_of(headings)
    reader.read((4, ["nomBeneficiaire", "annee", "objet", "montant"]))
    assert reader.read((5, row)) == Remark(
        5,
        None,
        "other_table",
        "Un autre tableau commence à la ligne 4 : mettez-le dans une feuille ou un fichier à part.",
        SHEET,
    )


def test_column_of_rounded_sirets_is_told_at_each() -> None:
    headings = ["nomBeneficiaire", "idBeneficiaire", "montant", "annee"]
    sample: list[Record] = [(1, list[Cell](headings))]
    sample += [(i + 2, ["X", f"123456789{i:02d}100.0", "1", "2019"]) for i in range(12)]
    mapping = recognise(sample)
    assert mapping is not None
    reader = RowReader(mapping, sheet=SHEET, delimiter=None, sample=sample)
    row = reader.read((20, ["X", "10000000800100", "1", "2019"]))
    assert isinstance(row, GrantRow)
    assert row.beneficiary_siret is None
    assert row.warnings[-1] == Remark(
        20,
        "B20",
        "siret_lost",
        "Tous les SIRET de la colonne finissent par 00 : le tableur les a arrondis. Mettez la colonne au format Texte.",
        SHEET,
    )
    empty = reader.read((21, ["X", "", "1", "2019"]))
    assert isinstance(empty, GrantRow)
    assert "siret_lost" not in [each.code for each in empty.warnings]


ENTRY: dict[Field, Cell] = {
    Field.COMMITMENT_REFERENCE: "A-1",
    Field.ENTRY_KIND: "",
    Field.EFFECTIVE_ON: date(2026, 6, 1),
    Field.AMOUNT: "12,50",
    Field.ENTRY_REFERENCE: "M-9",
    Field.MOTIVE: "Solde",
    Field.FUNDER_NAME: "VILLE",
}


def entry(with_siret: str | None = None, **changes: Cell) -> GrantRow | EntryRow | Remark:
    fields = template_fields(Target.ENTRIES)
    values = ENTRY | {Field(name): cell for name, cell in changes.items()}
    headings = [facts.label for facts in fields] + (["SIRET du financeur"] if with_siret else [])
    cells = [values.get(facts.field, "") for facts in fields] + ([with_siret] if with_siret else [])
    return reader_of(headings).read((2, cells))


def test_every_column_of_an_entry_is_kept() -> None:
    assert entry(with_siret="21060004500392") == EntryRow(
        row=2,
        funder_name="VILLE",
        funder_siret="21060004500392",
        commitment_reference="A-1",
        kind=EntryKind.PAYMENT,
        effective_on=date(2026, 6, 1),
        amount=Decimal("12.50"),
        reference="M-9",
        motive="Solde",
        warnings=(),
    )


@pytest.mark.parametrize(
    ("changes", "field", "code", "sentence"),
    [
        (
            {"commitment_reference": " "},
            Field.COMMITMENT_REFERENCE,
            "commitment_reference",
            "La référence de l’engagement manque.",
        ),
        ({"effective_on": ""}, Field.EFFECTIVE_ON, "date_missing", "La date manque."),
        (
            {"entry_kind": "Don" + "x" * 60},
            Field.ENTRY_KIND,
            "entry_kind",
            "Le type d’écriture « Don" + "x" * 57 + " » n’est pas connu. Écrivez l’un de ceux-ci : "
            "Paiement, Reversement, Liquidation, Mandatement, Dégagement, Engagement complémentaire.",
        ),
        ({"amount": "0"}, Field.AMOUNT, "amount_positive", "Le montant « 0,00 » doit être supérieur à zéro."),
    ],
)
def test_entry_that_cannot_be_known_is_refused(
    changes: dict[str, Cell], field: Field, code: str, sentence: str
) -> None:
    assert entry(**changes) == Remark(2, place(field, Target.ENTRIES), code, sentence, SHEET)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("Liquidation", EntryKind.SETTLEMENT),
        ("mandatement", EntryKind.ORDER),
        ("reversement", EntryKind.REPAYMENT),
        ("engagement complémentaire", EntryKind.COMMITMENT),
        ("payment", EntryKind.PAYMENT),
    ],
)
def test_kinds_of_entry_are_known_by_their_names(kind: str, expected: EntryKind) -> None:
    row = entry(entry_kind=kind)
    assert isinstance(row, EntryRow)
    assert row.kind is expected


def test_texts_of_an_entry_are_kept_to_their_length() -> None:
    whole = entry(motive="x" * 500, entry_reference="y" * 120)
    assert isinstance(whole, EntryRow)
    assert (whole.motive, whole.reference, whole.warnings) == ("x" * 500, "y" * 120, ())
    cut = entry(motive="x" * 499 + " y")
    assert isinstance(cut, EntryRow)
    assert cut.motive == "x" * 499
    sentence = "Le texte dépasse 500 caractères : la fin n’est pas reprise."
    assert cut.warnings == (Remark(2, place(Field.MOTIVE, Target.ENTRIES), "too_long", sentence, SHEET),)
