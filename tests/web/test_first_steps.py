"""An empty conférence: one page, one code, once."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask
from sqlmodel import select

from conference.data.session import Database
from conference.data.tables import Account, ConferenceProfile, Organisation
from conference.domain.permissions import CONSOLE
from conference.services.first_steps import setup_address, setup_code
from conference.services.instance import init_instance
from conference.settings import Settings
from tests.seeds import make_world
from tests.web.page_client import PageClient

GIVEN = {
    "name": "Conférence de Bretagne",
    "region": "Bretagne",
    "first_month": "01/2026",
    "secretariat": "Secrétariat",
    "admin_name": "Anne Martin",
    "email": "anne@example.org",
    "password": "une suite de quatre mots",
    "again": "une suite de quatre mots",
}


@pytest.fixture
def empty(database: Database) -> None:
    """What `conference init` makes."""
    with database.writing() as session:
        init_instance(session, by=CONSOLE, at=datetime.now(UTC))


def test_every_address_leads_to_the_first_page(app: Flask, empty: None) -> None:
    client = PageClient(app)
    for address in ("/", "/connexion", "/engagements", "/administration"):
        assert client.get(address).location == "/premiers-pas"
    assert client.get("/sante").status_code == 200


def test_code_of_the_instance_is_needed(app: Flask, database: Database, empty: None, settings: Settings) -> None:
    client = PageClient(app)
    answer = client.post("/premiers-pas", data={**GIVEN, "code": "aaaa-bbbb-cccc"}, token_from="/premiers-pas")
    assert (answer.status_code, "pas le bon" in answer.text) == (422, True)
    with database.reading() as session:
        assert session.exec(select(Account)).all() == []
    assert setup_address(settings).endswith(f"/premiers-pas?code={setup_code(settings.instance)}")
    assert (settings.instance / "setup-code.txt").stat().st_mode & 0o077 == 0


def test_first_administrator_enters_and_the_page_is_gone(
    app: Flask, database: Database, empty: None, settings: Settings
) -> None:
    client = PageClient(app)
    data = {**GIVEN, "code": setup_code(settings.instance)}
    assert client.post("/premiers-pas", data=data, token_from="/premiers-pas").location == "/connexion"
    assert client.get("/premiers-pas").status_code == 404
    token = client.token("/connexion")
    assert client.post("/premiers-pas", data={**data, "csrf_token": token}).status_code == 404
    with database.reading() as session:
        profile = session.get_one(ConferenceProfile, 1)
        assert (profile.name, profile.first_month, profile.needs_setup) == (GIVEN["name"], date(2026, 1, 1), False)
        assert session.exec(select(Organisation.kind)).one() == "coordination"
        assert session.exec(select(Account.role)).one() == "admin"
    answer = client.post(
        "/connexion", data={"email": GIVEN["email"], "password": GIVEN["password"]}, token_from="/connexion"
    )
    assert answer.location == "/connexion/code"


def test_each_mistake_is_at_its_field_and_nothing_typed_is_lost(app: Flask, empty: None, settings: Settings) -> None:
    client = PageClient(app)
    data = {**GIVEN, "code": setup_code(settings.instance), "password": "AnneMartin12", "again": "AnneMartin12"}
    answer = client.post("/premiers-pas", data=data, token_from="/premiers-pas")
    assert (answer.status_code, "votre nom ou votre adresse" in answer.text) == (422, True)
    assert "Conférence de Bretagne" in answer.text
    data = {**GIVEN, "code": setup_code(settings.instance), "first_month": "01/2099"}
    answer = client.post("/premiers-pas", data=data, token_from="/premiers-pas")
    assert (answer.status_code, "dans le futur" in answer.text) == (422, True)


def test_conference_with_an_account_has_no_first_page(app: Flask, database: Database) -> None:
    make_world(database)
    client = PageClient(app)
    assert client.get("/premiers-pas").status_code == 404
    assert client.get("/connexion").status_code == 200
