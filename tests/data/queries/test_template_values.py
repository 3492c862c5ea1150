"""Does the template offer what is in force, in words that the import reads back to the very same item?"""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import Session, col, select

from conference.data.queries.template import template_values
from conference.data.session import Database
from conference.data.staging import Staged
from conference.data.tables import REFERENCE_TABLES, Organisation
from conference.data.tables.reference import UNKNOWN
from conference.documents.template import Template, template_workbook
from conference.domain.importing.fields import ENTRY_KINDS, Field, Target
from conference.domain.importing.profiles import Mapping
from conference.domain.importing.rows import GrantRow, RowReader
from conference.domain.refusal import Forbidden
from conference.services.importing.plan import NewLine, Planner, Sender
from tests.seeds import World, commit, make_world

ON = date(2026, 4, 20)
LISTS = {
    Field.SCHEME: "scheme",
    Field.AUDIENCE: "audience",
    Field.COST_NATURE: "nature",
    Field.LEVEL: "level",
    Field.TERRITORY: "territory",
    Field.SECTOR: "sector",
}


@pytest.fixture
def world(database: Database) -> World:
    return make_world(database)


def add(session: Session, code: str, name: str, **more: Any) -> int:
    row = Organisation(code=code, name=name, short_name=name, kind="other", **more)
    session.add(row)
    session.flush()
    return row.id or 0


def rows(field: Field, texts: list[str]) -> list[Staged]:
    """One row of a table per text, in the column of `field`."""
    reader_columns = (Field.DECIDED_ON, Field.AMOUNT, field)
    mapping = Mapping("own", Target.COMMITMENTS, 1, ("Date", "Montant", "Valeur"), reader_columns)
    reader = RowReader(mapping, sheet=None, delimiter=None, sample=())
    found = [reader.read((n, [ON, Decimal(100), text])) for n, text in enumerate(texts, start=2)]
    return [(None, row) for row in found if isinstance(row, GrantRow)]


def imported(session: Session, world: World, field: Field, texts: list[str]) -> tuple[list[NewLine], list[str]]:
    """What the import makes of each text in that column, and what it warns of."""
    planner = Planner(session, Sender(world.actors["region"]))
    lines = [each for each in planner.settle(rows(field, texts)) if isinstance(each, NewLine)]
    assert len(lines) == len(texts)
    return lines, [warning.message for warning in planner.warnings]


def is_in_force(row: Any) -> bool:
    return bool((row.first or ON) <= ON <= (row.last or ON))


@pytest.mark.parametrize("field", LISTS)
def test_each_value_is_read_back_to_its_own_item(database: Database, world: World, field: Field) -> None:
    name, table = LISTS[field], REFERENCE_TABLES[LISTS[field]]
    with database.reading() as session:
        texts = [text for text, _ in template_values(session, world.actors["region"], on=ON)[field]]
        lines, warnings = imported(session, world, field, texts)
        items = session.exec(select(table).order_by(col(table.position), col(table.id)))
        expected = [row.id for row in items if row.code != UNKNOWN and is_in_force(row)]
    assert warnings == []
    assert [getattr(line.dimensions, name) for line in lines] == expected


def test_department_that_has_the_name_of_its_region_is_offered_by_its_code(database: Database, world: World) -> None:
    with database.reading() as session:
        territories = template_values(session, world.actors["region"], on=ON)[Field.TERRITORY]
    assert dict(territories)["Guadeloupe"] == ""
    assert dict(territories)["departement_971"] == "Guadeloupe"


def test_organisations_are_read_back_to_themselves_even_where_they_share_a_name(
    database: Database, world: World
) -> None:
    with database.writing() as session:
        twins = [add(session, code, "Mission locale", is_funder=True) for code in ("ml_nord", "ml_sud")]
        add(session, "ancien", "Assedic", is_funder=True, last=date(2008, 12, 31))
    with database.reading() as session:
        values = template_values(session, world.actors["region"], on=ON)
        texts = [text for text, _ in values[Field.PAYER] if text != "Région Exemple"]
        lines, warnings = imported(session, world, Field.PAYER, texts)
        funders = [text for text, _ in values[Field.FUNDER_NAME] if text != "Région Exemple"]
        received, more = imported(session, world, Field.RECEIVER, funders)
    assert warnings + more == []
    assert texts == [
        "Centre de formation du Bâtiment",
        "France Travail",
        "ml_nord",
        "ml_sud",
        "OPCO Exemple",
        "Secrétariat de la conférence",
    ]
    codes = ["centre", "france_travail", "", "", "opco", "secretariat"]
    expected = [twins[i - 2] if not code else world[code] for i, code in enumerate(codes)]
    assert [line.others["payer"] for line in lines] == expected
    assert funders == ["France Travail", "ml_nord", "ml_sud", "OPCO Exemple"]
    assert [line.others["receiver"] for line in received] == [expected[1], *twins, world["opco"]]


def test_provider_that_somebody_else_s_line_brought_in_is_not_told(database: Database, world: World) -> None:
    with database.writing() as session:
        hidden = add(session, "secret", "Prestataire de l’OPCO", to_check=True)
        commit(session, world, "opco", "100.00", provider_id=hidden)
    with database.reading() as session:
        own = template_values(session, world.actors["opco"], on=ON)[Field.PAYER]
        other = template_values(session, world.actors["region"], on=ON)[Field.PAYER]
    assert set(own) - set(other) == {("Prestataire de l’OPCO", "secret")}
    assert set(other) < set(own)


def test_kinds_of_entry_are_those_that_a_file_may_bring(database: Database, world: World) -> None:
    with database.reading() as session:
        kinds = template_values(session, world.actors["region"], on=ON)[Field.ENTRY_KIND]
    assert [text for text, _ in kinds] == list(ENTRY_KINDS.values())
    assert dict(kinds)["Paiement"] == "La somme effectivement versée."


def test_who_may_not_import_has_no_template(database: Database, world: World) -> None:
    with database.reading() as session:
        for who in ("reader", "admin"):
            with pytest.raises(Forbidden):
                template_values(session, world.actors[who], on=ON)
        assert template_values(session, world.actors["coordinator"], on=ON)[Field.FUNDER_NAME]


def test_items_of_another_day_are_those_of_that_day(database: Database, world: World) -> None:
    with database.reading() as session:
        now = dict(template_values(session, world.actors["region"], on=ON)[Field.LEVEL])
        then = dict(template_values(session, world.actors["region"], on=date(2010, 1, 1))[Field.LEVEL])
    assert ("Niveau 4" in now, "Niveau 4" in then) == (True, False)
    assert ("Niveau IV (ancien)" in now, "Niveau IV (ancien)" in then) == (False, True)


def test_workbook_of_the_lists_in_force_is_made(database: Database, world: World) -> None:
    with database.reading() as session:
        values = template_values(session, world.actors["region"], on=ON)
    assert template_workbook(Template("Conférence Exemple", values)) == template_workbook(
        Template("Conférence Exemple", values)
    )
