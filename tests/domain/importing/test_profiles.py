"""Are the headings found, and is each column what it says?"""

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


@pytest.mark.parametrize(
    ("columns", "code"),
    [
        ([None, None, Field.DECIDED_ON], "amount"),
        ([None, Field.AMOUNT, None], "date"),
        ([Field.AMOUNT, Field.AMOUNT, Field.DECIDED_ON], "twice"),
        ([Field.COMMITMENT_REFERENCE, Field.AMOUNT, Field.DECIDED_ON], "mixed"),
        ([Field.COMMITMENT_REFERENCE, Field.AMOUNT, None], "date"),
        ([Field.AMOUNT, Field.DECIDED_ON], "columns"),
        ([Field.AMOUNT, None, Field.DECIDED_ON], "unit"),
    ],
)
def test_columns_that_make_no_line_are_refused(columns: list[Field | None], code: str) -> None:
    guess = guess_headings(records(["Reçu (k€)", "Combien", "Quand"]))
    with pytest.raises(Refusal) as refused:
        with_columns(guess, columns)
    assert (refused.value.field, refused.value.code) == ("columns", code)


def test_choosable_fields_begin_with_those_of_the_template() -> None:
    for target in Target:
        chosen = choosable_fields(target)
        assert chosen[: len(template_fields(target))] == template_fields(target)
        assert {facts.field for facts in chosen} == {facts.field for facts in FIELDS if target in facts.targets}
