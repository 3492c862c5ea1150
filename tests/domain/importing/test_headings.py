"""Does a heading name the field that its author meant, and none where that is not sure?"""

import pytest

from conference.domain.importing.field import PEOPLE
from conference.domain.importing.fields import Field, Target, template_fields
from conference.domain.importing.headings import (
    has_odd_unit,
    name_columns,
    plain,
    repeated_fields,
    scdl_count,
    tells_odd_unit,
    template_target,
)


@pytest.mark.parametrize(
    ("heading", "compared"),
    [
        ("Date  de_la convention (AAAA-MM-JJ)", "date convention"),
        ("Œuvre du cœur [x] (y)", "oeuvre coeur"),
        ("N°mandat", "n mandat"),
        ("Nº d’ordre", "n ordre"),
        ("NomAttribuant", "nomattribuant"),
        ("De la (x)", "de la"),
        ("", ""),
        ("À l’Île", "ile"),
        ("Coût(€)total", "cout total"),
    ],
)
def test_headings_are_compared_by_their_words(heading: str, compared: str) -> None:
    assert plain(heading) == compared


def test_code_label_title_and_alias_name_the_field() -> None:
    assert name_columns(["nomAttribuant", "Montant de la subvention", "du", "Début"], Target.COMMITMENTS) == (
        Field.FUNDER_NAME,
        Field.AMOUNT,
        None,
        None,
    )
    assert name_columns(["NOM_DU FINANCEUR", "sub obj", "Effectif", "couleur"], Target.COMMITMENTS) == (
        Field.FUNDER_NAME,
        Field.OBJECT,
        Field.PERSONS,
        None,
    )
    assert name_columns(["Motif", "Objet"], Target.ENTRIES) == (Field.MOTIVE, None)


@pytest.mark.parametrize(
    ("headings", "columns"),
    [
        ("nom attributaire|montant", (None, Field.AMOUNT)),
        ("nom attributaire|nomBeneficiaire", (Field.FUNDER_NAME, Field.BENEFICIARY_NAME)),
        ("nom attributaire|nomAttribuant", (Field.BENEFICIARY_NAME, Field.FUNDER_NAME)),
        ("siret attributaire|idBeneficiaire", (Field.FUNDER_SIRET, Field.BENEFICIARY_SIRET)),
        ("identification attributaire|idAttribuant", (Field.BENEFICIARY_SIRET, Field.FUNDER_SIRET)),
        ("id attributaire|idAttribuant", (Field.BENEFICIARY_SIRET, Field.FUNDER_SIRET)),
        (
            "nom attributaire|nomAttribuant|nomBeneficiaire",
            (None, Field.FUNDER_NAME, Field.BENEFICIARY_NAME),
        ),
        ("nom attributaire|attributaire|nomAttribuant", (None, None, Field.FUNDER_NAME)),
        (
            "couleur|nom attributaire|x|siret attributaire|nomAttribuant",
            (None, Field.BENEFICIARY_NAME, None, Field.BENEFICIARY_SIRET, Field.FUNDER_NAME),
        ),
    ],
)
def test_attributaire_is_who_the_other_columns_are_not(headings: str, columns: tuple[Field | None, ...]) -> None:
    assert name_columns(headings.split("|"), Target.COMMITMENTS) == columns


def test_attributaire_says_nothing_in_a_table_of_entries() -> None:
    assert name_columns(["nom attributaire", "nomAttribuant"], Target.ENTRIES) == (None, Field.FUNDER_NAME)


@pytest.mark.parametrize(
    ("heading", "odd"),
    [
        ("Montant (k€)", True),
        ("Montant\nen  K EUR", True),
        ("Montant M€", True),
        ("Montant en milliers", True),
        ("1 million", True),
        ("en francs", True),
        ("Montant ($)", True),
        ("XPF", True),
        ("Montant (€)", False),
        ("Montant en euros", False),
        ("Tank eur", False),
        ("Plafond de 23 k€ ", True),
    ],
)
def test_heading_says_that_it_is_not_in_euros(heading: str, odd: bool) -> None:
    assert has_odd_unit(heading) is odd
    columns = name_columns(["montant", heading], Target.COMMITMENTS)
    assert columns[0] is Field.AMOUNT or not odd


@pytest.mark.parametrize(
    ("title", "odd"),
    [
        ("Subventions en milliers d’euros", True),
        ("Subventions EN\nM€", True),
        ("Unité  : k€", True),
        ("(francs)", True),
        ("Subventions de plus de 23 k€", False),
        ("Milliers de personnes", False),
    ],
)
def test_title_says_that_the_table_is_not_in_euros(title: str, odd: bool) -> None:
    assert tells_odd_unit(title) is odd


def test_amount_in_thousands_is_left_open() -> None:
    assert name_columns(["Montant (k€)", "Objet (k€)"], Target.COMMITMENTS) == (None, Field.OBJECT)
    assert name_columns(["Montant (€)"], Target.COMMITMENTS) == (Field.AMOUNT,)


def test_fields_named_twice_are_told_in_order_once() -> None:
    headings = ["objet", "montant", "Objet", "Montant (k€)", "annee", "couleur", "couleur", "OBJET"]
    assert repeated_fields(headings, Target.COMMITMENTS) == (Field.AMOUNT, Field.OBJECT)
    assert repeated_fields(["objet", "montant"], Target.COMMITMENTS) == ()


def test_codes_and_titles_of_the_schema_are_counted() -> None:
    assert (
        scdl_count(["idAttribuant", "Identification de l’attribuant", "ID ATTRIBUANT", "Nom du financeur", "couleur"])
        == 3
    )
    assert scdl_count(["nom du financeur"]) == 0


@pytest.mark.parametrize("target", sorted(PEOPLE))
def test_a_sheet_about_people_is_known_by_its_required_labels(target: Target) -> None:
    required = [facts.label for facts in template_fields(target) if facts.required]
    assert template_target([*required, "couleur"]) is target
    assert template_target(required[1:]) is not target


@pytest.mark.parametrize("target", [Target.COMMITMENTS, Target.ENTRIES])
def test_template_is_known_by_its_required_labels_and_one_more(target: Target) -> None:
    fields = template_fields(target)
    labels = [facts.label for facts in fields]
    required = [facts.label for facts in fields if facts.required]
    one_more = next(facts.label for facts in fields if not facts.required)
    assert template_target(labels) is target
    assert template_target([*required, one_more]) is target
    assert template_target([*required, "couleur"]) is None
    assert template_target([*required[1:], one_more, *labels[-2:]]) is None
    assert template_target([label.upper() for label in labels]) is target
