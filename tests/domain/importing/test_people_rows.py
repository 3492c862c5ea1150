"""Is a row about a person's parcours read as it is meant, and is nothing of who the person is ever taken?"""

from datetime import date
from decimal import Decimal

import pytest

from conference.domain.importing.field import Field, Target
from conference.domain.importing.fields import FACTS, template_fields
from conference.domain.importing.people_fields import PEOPLE_FIELDS, names_a_person
from conference.domain.importing.people_rows import PeopleReader, PeopleRow
from conference.domain.importing.profiles import Cell, recognise
from conference.domain.importing.remarks import Remark

STEP: dict[Field, Cell] = {
    Field.PARCOURS_REFERENCE: "D-1",
    Field.STEP_REFERENCE: "S-1",
    Field.STEP_KIND: "Formation",
    Field.STEP_TITLE: " Soudure  ",
    Field.FIRST_DAY: "04/05/2026",
    Field.LAST_DAY: date(2026, 7, 31),
}


def read(values: dict[Field, Cell], target: Target = Target.STEPS) -> PeopleRow | Remark:
    """One row under the headings of the template."""
    headings: list[Cell] = [facts.label for facts in template_fields(target)]
    cells = [values.get(facts.field, "") for facts in template_fields(target)]
    mapping = recognise([(1, headings)])
    assert mapping is not None
    assert mapping.target is target
    return PeopleReader(mapping, sheet=None).read((2, cells))


def test_what_is_not_said_stays_unsaid() -> None:
    row = read(
        {**STEP, Field.HOURS: Decimal(400), Field.WEEKLY_HOURS: "17,5", Field.PRESCRIBED: "Non", Field.MAIN: "x"}
    )
    assert isinstance(row, PeopleRow)
    assert (row.parcours, row.reference, row.texts["title"]) == ("D-1", "S-1", "Soudure")
    assert row.days == {"first_day": date(2026, 5, 4), "last_day": date(2026, 7, 31)}
    assert row.numbers == {"hours": Decimal(400), "weekly_hours": Decimal("17.5")}
    assert (row.answers, row.warnings) == ({"prescribed": False}, ())


@pytest.mark.parametrize(
    ("field", "cell", "code"),
    [
        (Field.STEP_REFERENCE, "x" * 81, "too_long"),
        (Field.FIRST_DAY, "bientôt", "date"),
        (Field.STEP_TITLE, "", "missing"),
        (Field.STEP_AMOUNT, "-3", "amount_positive"),
        (Field.PROVIDER, "185057800608436", "nir"),
        (Field.PARCOURS_REFERENCE, "1 85 05 78 006 084 36", "nir"),
    ],
)
def test_what_a_row_cannot_do_without_refuses_it_at_its_cell(field: Field, cell: Cell, code: str) -> None:
    found = read({**STEP, field: cell})
    assert isinstance(found, Remark)
    place = [facts.field for facts in template_fields(Target.STEPS)].index(field)
    assert (found.code, found.cell) == (code, f"{chr(65 + place)}2")
    assert code != "nir" or "85" not in found.message


@pytest.mark.parametrize(
    ("field", "cell", "code"),
    [
        (Field.HOURS, "12,5", "number"),
        (Field.AGE_AT_ENTRY, Decimal(0), "number"),
        (Field.QUALIFYING, "peut-être", "yes_no"),
        (Field.REGISTERED_ON, "hier", "date"),
    ],
)
def test_any_other_fact_is_left_with_a_warning(field: Field, cell: Cell, code: str) -> None:
    found = read({**STEP, field: cell})
    assert isinstance(found, PeopleRow)
    assert [each.code for each in found.warnings] == [code]
    assert not {*found.numbers, *found.answers} & {field.value}
    assert field.value not in found.days


def test_an_example_is_known_whatever_else_it_says() -> None:
    found = read({Field.PARCOURS_REFERENCE: "Exemple-3"}, Target.RIGHTS)
    assert isinstance(found, PeopleRow)
    assert found.parcours == "EXEMPLE"


@pytest.mark.parametrize(
    "heading",
    ["Nom", "NOM de famille", "Prénom(s)", "Date de naissance", "N° sécurité sociale", "NIR", "Né(e) le", "Courriel",
     "Nom du stagiaire", "Adresse", "Téléphone"],
)  # fmt: skip
def test_headings_of_an_identity_are_known(heading: str) -> None:
    assert names_a_person(heading)


def test_no_column_of_the_template_says_who_a_person_is() -> None:
    assert [facts.label for facts in PEOPLE_FIELDS if names_a_person(facts.label)] == []
    assert not any(names_a_person(text) for text in ("Nom de l’organisme", "Nombre d’heures", "Dénomination", "Durée"))
    assert all(facts.field in FACTS for facts in PEOPLE_FIELDS)
