"""Are the headings found, and is each column what it says?"""

import hashlib
from datetime import date
from decimal import Decimal

import pytest

from conference.domain.importing.fields import FIELDS, Field, Target, choosable_fields, template_fields
from conference.domain.importing.headings import name_columns, plain
from conference.domain.importing.profiles import (
    Cell,
    Mapping,
    Record,
    guess_headings,
    heading_digest,
    recognise,
    with_columns,
)
from conference.domain.refusal import Refusal

CODES = ["nomAttribuant", "idAttribuant", "dateConvention", "nomBeneficiaire", "objet", "montant"]
FIELDS_OF_CODES = (
    Field.FUNDER_NAME,
    Field.FUNDER_SIRET,
    Field.DECIDED_ON,
    Field.BENEFICIARY_NAME,
    Field.OBJECT,
    Field.AMOUNT,
)


def records(*lines: list[str]) -> list[Record]:
    return [(i, list[Cell](line)) for i, line in enumerate(lines, start=1)]


def found(*lines: list[str], wanted: str = "auto") -> Mapping:
    mapping = recognise(records(*lines), wanted)
    assert mapping is not None
    return mapping


def test_heading_is_compared_without_its_dress() -> None:
    assert (
        plain("N° SIRET de l’attribuant (14 chiffres)") == plain("n°  siret de L'ATTRIBUANT\n") == "n siret attribuant"
    )
    assert heading_digest(["Référence\n", "MONTANT "]) == heading_digest(["reference", "Montant"])
    assert heading_digest(["a", "b"]) != heading_digest(["b", "a"])


@pytest.mark.parametrize("case", [str, str.upper, str.lower, lambda text: f" {text} ", lambda text: f"{text}\n"])
def test_codes_are_known_whatever_their_case(case: type[str]) -> None:
    mapping = found([case(code) for code in CODES])
    assert (mapping.profile, mapping.target, mapping.columns) == ("scdl", Target.COMMITMENTS, FIELDS_OF_CODES)


@pytest.mark.parametrize("target", list(Target))
def test_labels_of_the_template_are_known(target: Target) -> None:
    labels = [facts.label for facts in template_fields(target)]
    mapping = found(labels)
    assert (mapping.profile, mapping.target) == ("template", target)
    assert mapping.columns == tuple(facts.field for facts in template_fields(target))
    assert recognise(records(labels), "scdl") is None or target is Target.COMMITMENTS


def test_each_name_of_a_field_names_it_alone() -> None:
    for target in Target:
        for facts in FIELDS:
            if target in facts.targets:
                for name in (facts.label, *facts.titles, *([facts.code] if facts.code else [])):
                    assert name_columns([name], target) == (facts.field,), name


@pytest.mark.parametrize(
    ("headings", "columns"),
    [
        (
            "ANNEE;COLL_NOM;COLL_SIRET;COLL_TYPE;ACTE_DATE;ACTE_REF;ATTRIB_NOM;ATTRIB_SIRET;SUB_OBJ;SUB_MONTANT",
            "year funder_name funder_siret - decided_on decision_reference beneficiary_name beneficiary_siret object amount",
        ),
        (
            (
                "Autorité administrative;SIRET autorité administrative;Date convention;Référence délibération\n;"
                "Nom attributaire;N° SIRET attributaire;Montant décidé ligne;Date premier mandat ligne;Date solde ligne"
            ),
            "funder_name funder_siret decided_on decision_reference beneficiary_name beneficiary_siret amount payment_dates -",
        ),
        (
            "Nom de l'attributaire;SIRET attributaire;Nom du bénéficiaire;dateConvention;montant",
            "funder_name funder_siret beneficiary_name decided_on amount",
        ),
        ("Nom attributaire;dateConvention;montant;objet", "- decided_on amount object"),
    ],
)
def test_usual_variants(headings: str, columns: str) -> None:
    expected = tuple(None if name == "-" else Field(name) for name in columns.split())
    assert name_columns(headings.split(";"), Target.COMMITMENTS) == expected


def test_titles_above_and_headings_on_two_lines() -> None:
    row = ["Ville", "", "2019-01-01", "X", "Y", "12"]
    mapping = found(["Subventions versées"], ["Année 2019", "", "page 1"], CODES, row)
    assert (mapping.heading_row, mapping.columns) == (3, FIELDS_OF_CODES)
    above, below = (
        ["Nom", "Date de la", "Bénéficiaire", "", "Montant"],
        ["attribuant", "convention", "Nom", "SIRET", ""],
    )
    mapping = found(above, below, ["Ville", "2019-01-01", "X", "", "12"])
    assert found(above, below) == mapping
    assert recognise(records(above, below), "template") is None
    assert mapping.heading_row == 2
    assert mapping.columns == (
        Field.FUNDER_NAME,
        Field.DECIDED_ON,
        Field.BENEFICIARY_NAME,
        Field.BENEFICIARY_SIRET,
        Field.AMOUNT,
    )


def test_first_table_is_read_whatever_comes_further_down() -> None:
    wider = [*CODES, "referenceDecision", "nature"]
    mapping = found(CODES, ["Ville", "", "2019-01-01", "X", "Y", "12"], wider)
    assert (mapping.heading_row, mapping.width) == (1, 6)


@pytest.mark.parametrize(
    "headings",
    [
        ["montant", "dateConvention"],
        ["nomBeneficiaire", "montant"],
        ["nomBeneficiaire", "dateConvention"],
        ["nomBeneficiaire", "dateConvention", "montant", "Montant"],
        ["nomBeneficiaire", "dateConvention", "Montant (en k€)"],
        ["nomBeneficiaire", "dateConvention", "Montant en milliers d’euros"],
        ["nomBeneficiaire", "dateConvention", "Montant (M€)"],
        ["nomBeneficiaire", "dateConvention", "Montant (francs)"],
        ["a", "b", "c"],
        [],
    ],
)
def test_what_is_not_sure_is_asked(headings: list[str]) -> None:
    assert recognise(records(headings, ["X", "2019-01-01", "12"])) is None


def test_guess_shows_the_line_that_names_most() -> None:
    guess = guess_headings(records(["Liste"], ["Qui", "Montant", "Quand"], ["X", "12", "2019"]))
    assert (guess.profile, guess.heading_row, guess.columns) == ("own", 2, (None, Field.AMOUNT, None))
    assert guess_headings([]).headings == ()


def test_columns_explained_by_their_sender() -> None:
    guess = guess_headings(records(["Qui", "Combien", "Quand"]))
    mapping = with_columns(guess, [Field.BENEFICIARY_NAME, Field.AMOUNT, Field.DECIDED_ON])
    assert (mapping.profile, mapping.target) == ("own", Target.COMMITMENTS)
    entries = with_columns(guess, [Field.COMMITMENT_REFERENCE, Field.AMOUNT, Field.EFFECTIVE_ON])
    assert entries.target is Target.ENTRIES


MIXED = (
    "« {} » ne va pas avec « Référence de l’engagement » : un tableau porte soit des engagements, soit des écritures."
)


@pytest.mark.parametrize(
    ("columns", "code", "sentence"),
    [
        ([None, None, Field.DECIDED_ON], "amount", "Dites quelle colonne est le montant."),
        ([None, Field.AMOUNT, None], "date", "Dites quelle colonne est la date de la décision, ou l’année."),
        (
            [Field.AMOUNT, Field.AMOUNT, Field.DECIDED_ON],
            "twice",
            "Deux colonnes sont données comme « Montant » : gardez-en une.",
        ),
        (
            [Field.COMMITMENT_REFERENCE, Field.AMOUNT, Field.DECIDED_ON],
            "mixed",
            MIXED.format("Date de la décision"),
        ),
        ([Field.COMMITMENT_REFERENCE, Field.AMOUNT, None], "date", "Dites quelle colonne est la date."),
        (
            [Field.AMOUNT, Field.DECIDED_ON],
            "columns",
            "Le nombre de colonnes a changé : choisissez le fichier de nouveau.",
        ),
        (
            [Field.AMOUNT, None, Field.DECIDED_ON],
            "unit",
            "La colonne « Reçu (k€) » n’est pas en euros : convertissez-la en euros dans le tableur.",
        ),
    ],
)
def test_columns_that_make_no_line_are_refused(columns: list[Field | None], code: str, sentence: str) -> None:
    guess = guess_headings(records(["Reçu (k€)", "Combien", "Quand"]))
    with pytest.raises(Refusal) as refused:
        with_columns(guess, columns)
    assert (str(refused.value), refused.value.field, refused.value.code) == (sentence, "columns", code)


def test_long_heading_in_another_unit_is_cut_where_it_is_told() -> None:
    heading = "Reçu k€ " + "x" * 100
    with pytest.raises(Refusal) as refused:
        with_columns(guess_headings(records([heading, "Quand"])), [Field.AMOUNT, Field.YEAR])
    shown = "Reçu k€ " + "x" * 72
    assert str(refused.value) == (
        f"La colonne « {shown} » n’est pas en euros : convertissez-la en euros dans le tableur."
    )


@pytest.mark.parametrize("dated", [Field.DECIDED_ON, Field.YEAR, Field.PAYMENT_DATES])
def test_columns_that_tell_amount_and_year_make_a_line(dated: Field) -> None:
    guess = guess_headings(records(["Liste"], ["Qui", "Combien", "Quand"]))
    columns = (None, Field.AMOUNT, dated)
    assert with_columns(guess, list(columns)) == Mapping(
        "own", Target.COMMITMENTS, 2, ("Qui", "Combien", "Quand"), columns
    )


def test_template_explained_by_its_sender_is_a_table_of_its_own() -> None:
    entries = found([facts.label for facts in template_fields(Target.ENTRIES)])
    assert (entries.profile, entries.target) == ("template", Target.ENTRIES)
    columns = [Field.AMOUNT, Field.YEAR, *[None] * (entries.width - 2)]
    own = with_columns(entries, columns)
    assert own == Mapping("own", Target.COMMITMENTS, 1, entries.headings, tuple(columns))


def test_guess_without_a_heading_is_empty() -> None:
    assert guess_headings([]) == Mapping("own", Target.COMMITMENTS, 0, (), ())


def test_guess_prefers_columns_named_then_texts_then_the_first() -> None:
    lines = [["12", "13", "14"], ["Qui", "Combien", "12"], ["Ville", "Pays", "13"], ["Montant", "12"], ["Objet", "1"]]
    assert guess_headings(records(*lines[:3])) == Mapping(
        "own", Target.COMMITMENTS, 2, ("Qui", "Combien", "12"), (None, None, None)
    )
    assert guess_headings(records(*lines)) == Mapping(
        "own", Target.COMMITMENTS, 4, ("Montant", "12"), (Field.AMOUNT, None)
    )
    assert guess_headings(records(lines[0])) == Mapping(
        "own", Target.COMMITMENTS, 1, ("12", "13", "14"), (None, None, None)
    )
    assert guess_headings(records(*[["x"]] * 29, ["Montant"])).heading_row == 30
    assert guess_headings(records(*[["x"]] * 30, ["Montant"])).heading_row == 1


def test_digest_of_headings_is_the_one_that_the_house_remembers() -> None:
    digest = hashlib.sha256(b"nom\nmontant").hexdigest()
    assert heading_digest(["Nom", "Ligne du fichier", "Motif du refus", "Montant"]) == digest


def test_headings_are_looked_for_among_the_first_thirty_records() -> None:
    row = ["Ville", "", "2019-01-01", "X", "Y", "12"]
    titles = [["Titre"]] * 29
    assert found(*titles, CODES, row).heading_row == 30
    assert recognise(records(*titles, ["Titre"], CODES, row)) is None


def test_profile_that_is_wanted_is_the_only_one() -> None:
    labels = [facts.label for facts in template_fields(Target.COMMITMENTS)]
    assert found(labels).profile == found(labels, wanted="template").profile == "template"
    assert found(labels, wanted="scdl").profile == "scdl"
    assert found(CODES).profile == found(CODES, wanted="scdl").profile == "scdl"
    assert recognise(records(CODES), "template") is None
    assert found(CODES) == Mapping("scdl", Target.COMMITMENTS, 1, tuple(CODES), FIELDS_OF_CODES)


def test_signs_that_a_spreadsheet_leaves_are_no_headings() -> None:
    mapping = found(["\ufeffnomBeneficiaire", " date\nConvention ", "montant ;", " ;", "\t", ""])
    assert mapping.headings == ("nomBeneficiaire", "date Convention", "montant")
    assert mapping.width == 3
    numbers: list[Record] = [(1, ["nomBeneficiaire", "annee", "montant", Decimal(3), date(2025, 1, 1)])]
    dated = recognise(numbers)
    assert dated is not None
    assert dated.headings == ("nomBeneficiaire", "annee", "montant", "3", "2025-01-01")


def test_choosable_fields_begin_with_those_of_the_template() -> None:
    for target in Target:
        chosen = choosable_fields(target)
        assert chosen[: len(template_fields(target))] == template_fields(target)
        assert {facts.field for facts in chosen} == {facts.field for facts in FIELDS if target in facts.targets}
