"""Is the organisation that an officer means found, created when new, and asked for when it could be several?"""

import pytest

from conference.data.session import Database
from conference.data.tables import Organisation
from conference.data.tables.organisation import OrganisationKind
from conference.domain.permissions import CONSOLE
from conference.domain.refusal import Forbidden, Refusal
from conference.services.organisations import add_organisation
from conference.services.providers import find_or_add_provider
from tests.seeds import AT, World, make_world

SIRET = "35600000000048"


@pytest.fixture
def world(database: Database) -> World:
    return make_world(database)


def meant(database: Database, world: World, text: str, who: str = "region") -> Organisation | None:
    with database.writing() as session:
        return find_or_add_provider(session, text, by=world.actors[who], at=AT)


def test_a_name_finds_whatever_its_accents_and_case(database: Database, world: World) -> None:
    found = meant(database, world, "centre de formation du batiment")
    assert found is not None and found.id == world["centre"]
    assert meant(database, world, "  ") is None


def test_a_new_name_is_created_once_to_check(database: Database, world: World) -> None:
    first = meant(database, world, f"Greta du Littoral, {SIRET[:9]} {SIRET[9:]}")
    assert first is not None
    assert (first.name, first.siret, first.to_check, first.is_funder) == ("Greta du Littoral", SIRET, True, False)
    for text in ("GRETA DU LITTORAL", SIRET, f"autre nom {SIRET}"):
        again = meant(database, world, text)
        assert again is not None and again.id == first.id, text


@pytest.mark.parametrize(
    ("text", "code"),
    [(SIRET, "provider_unknown"), ("12345678901234", "siret"), ("123456789", "siret"), ("12", "provider_unknown")],
)
def test_what_cannot_be_understood_is_refused_at_the_field(
    database: Database, world: World, text: str, code: str
) -> None:
    with pytest.raises(Refusal) as refused:
        meant(database, world, text)
    assert (refused.value.code, refused.value.field) == (code, "provider")


def test_several_of_one_name_are_listed(database: Database, world: World) -> None:
    with database.writing() as session:
        for code in ("greta_a", "greta_b"):
            add_organisation(session, code=code, name="Greta", kind=OrganisationKind.PROVIDER, by=CONSOLE, at=AT)
    with pytest.raises(Refusal, match="désigne plusieurs organismes") as refused:
        meant(database, world, "Greta")
    assert refused.value.code == "provider_ambiguous"


def test_a_reader_adds_none(database: Database, world: World) -> None:
    with pytest.raises(Forbidden):
        meant(database, world, "Nouveau", who="reader")
