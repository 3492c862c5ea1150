"""An address that no page gives is answered with a page, never by an error of ours."""

import pytest
from flask import Flask
from sqlalchemy import text

from conference.data.session import Database
from conference.web.access import COOKIE
from conference.web.transaction import business
from tests.seeds import World, make_world, sign_in_token
from tests.web.page_client import PageClient

HUGE = "9" * 25
ADDRESSES = (
    ("region", f"/engagements/{HUGE}"),
    ("region", f"/engagements/{2**63 - 1}"),
    ("region", f"/engagements/{2**63}"),
    ("region", f"/engagements/1/fichiers/{HUGE}"),
    ("region", f"/engagements?page={HUGE}"),
    ("region", "/engagements?q=%00&financeur=%00&dispositif=%00&prestataire=%00"),
    ("region", "/engagements?du=0000-01&au=9999-99"),
    ("region", "/engagements/export.csv?q=%00"),
    ("region", f"/engagements/nouveau?brouillon={HUGE}"),
    ("region", "/tableau-de-bord?annee=" + "1" * 5000),
    ("region", "/tableau-de-bord?financeur=%00"),
    ("region", "/recherche?q=%00"),
    ("region", "/recherche?q=%FF"),
    ("region", f"/parcours/{HUGE}/etape/{HUGE}"),
    ("region", f"/parcours?page={HUGE}"),
    ("region", "/parcours?q=%00"),
    ("region", "/syntheses/9999-12.pdf"),
    ("admin", f"/administration/journal?page={HUGE}"),
    ("admin", f"/administration/journal?compte={HUGE}"),
    ("admin", "/administration/journal?compte=%C2%B2"),
    ("admin", f"/administration/journal?numero={HUGE}"),
    ("admin", "/administration/journal?action=%00&objet=%00"),
    ("admin", f"/administration/comptes/{HUGE}"),
    ("admin", f"/administration/comptes?page={HUGE}"),
    ("admin", f"/administration/comptes?organisme={HUGE}"),
    ("admin", "/administration/comptes?q=%00&role=%00"),
    ("admin", f"/administration/organismes/{HUGE}"),
    ("admin", "/administration/organismes?q=%00&type=%00"),
    ("admin", f"/administration/listes/scheme/{HUGE}"),
    ("admin", "/lien/%00"),
)


@pytest.fixture
def world(database: Database) -> World:
    """The accounts of the seeds."""
    return make_world(database)


def test_an_odd_address_is_no_error_of_ours(app: Flask, database: Database, world: World) -> None:
    clients = {}
    for who in ("region", "admin"):
        clients[who] = PageClient(app)
        clients[who].flask.set_cookie(COOKIE, sign_in_token(database, world.actors[who]))
    answers = {address[:60]: clients[who].flask.get(address).status_code for who, address in ADDRESSES}
    assert {address: code for address, code in answers.items() if code >= 500} == {}


def test_a_query_that_failed_ends_in_a_page(app: Flask, database: Database, world: World) -> None:
    @app.get("/broken")
    def broken() -> str:
        business().execute(text("SELECT nothing FROM nowhere"))
        return ""

    client = PageClient(app)
    client.flask.set_cookie(COOKIE, sign_in_token(database, world.actors["region"]))
    answer = client.get("/broken")
    assert (answer.status_code, "Compte region" in answer.text) == (500, True)


def test_a_form_that_holds_nul_is_no_error_of_ours(app: Flask, world: World) -> None:
    data = {"email": "nobody\0@example.org", "password": "a\0b"}
    assert PageClient(app).post("/connexion", data=data, token_from="/connexion").status_code == 422


def test_a_choice_that_no_list_offers_is_refused(app: Flask, database: Database, world: World) -> None:
    client = PageClient(app)
    client.flask.set_cookie(COOKIE, sign_in_token(database, world.actors["region"]))
    for sent in ("abc", HUGE, "²", "-1"):
        data = {"name": "Compte region", "delegate_id": sent}
        assert client.post("/mon-compte", data=data, token_from="/mon-compte").status_code == 422
