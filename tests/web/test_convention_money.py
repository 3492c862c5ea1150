"""Do the pages of the money of conventions lead from a figure to its lines, from an instalment to its payment, to an end?"""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from flask import Flask
from sqlmodel import select

from conference.data.session import Database
from conference.data.tables import (
    Alert,
    Convention,
    ConventionBonus,
    ConventionCommitment,
    ConventionPayment,
    ConventionVersion,
    Handoff,
    Nature,
)
from conference.domain.ledger import EntrySource
from conference.services.detection import detect
from conference.services.entries import record_payment
from tests.seeds import World, commit, make_world, sign_in_token
from tests.services.convention_worlds import add_instalment, add_share, signed_convention, version_of
from tests.services.handoff_worlds import make_course, propose
from tests.web.page_client import PageClient

TODAY = datetime.now(UTC).date()
THIS_YEAR = {"first": date(TODAY.year, 1, 1), "last": date(TODAY.year + 1, 12, 31)}


def client(app: Flask, database: Database, world: World, who: str) -> PageClient:
    browser = PageClient(app)
    browser.flask.set_cookie("conference_session", sign_in_token(database, world.actors[who]))
    return browser


def spaced(page: str) -> str:
    return page.replace("\u202f", " ").replace("\xa0", " ")


@pytest.fixture
def world(database: Database) -> World:
    """Convention 1 between the Région and the OPCO, of 1,000.00: 600.00 of the Région of which 100.00 is paid."""
    world = make_world(database)
    with database.writing() as session:
        number = signed_convention(session, world, "1000", **THIS_YEAR)  # type: ignore[arg-type]
        version = version_of(session, number)
        add_share(session, world, version, "region", TODAY.year, "700")
        add_instalment(session, world, version, 1, "region", TODAY, "600")
        line = commit(session, world, "region", "600", TODAY, convention_id=number)
        by = world.actors["region"]
        record_payment(
            session, line, amount=Decimal(100), paid_on=TODAY, by=by, at=datetime.now(UTC), source=EntrySource.FORM
        )
    return world


def test_the_figures_and_the_lines_that_make_them(app: Flask, database: Database, world: World) -> None:
    for who in ("region", "opco", "coordinator"):
        page = spaced(client(app, database, world, who).get("/conventions/1/argent").text)
        for told in ("1 000,00 €", "600,00 €", "100,00 €", "400,00 €", "700,00"):
            assert told in page, (who, told)
        assert 'href="/engagements?convention=C-2026-001"' in page
        lines = spaced(client(app, database, world, who).get("/engagements?convention=C-2026-001").text)
        assert "Région Exemple" in lines
    assert client(app, database, world, "france_travail").get("/conventions/1/argent").status_code == 404
    refused = client(app, database, world, "france_travail").get("/engagements?convention=C-2026-001")
    assert refused.status_code == 422


def test_a_commitment_is_made_under_a_convention(app: Flask, database: Database, world: World) -> None:
    officer = client(app, database, world, "region")
    form = {
        "amount": "400,01",
        "decided_on": TODAY.strftime("%d/%m/%Y"),
        "object": "Places de maçon",
        "convention_id": "1",
        "instalment_key": "1-1",
    }
    path = "/engagements/nouveau"
    page = officer.get(f"{path}?convention=1")
    assert '<option value="1" selected>' in page.text
    over = officer.post(path, data=form, token_from=path)
    assert over.status_code == 422
    assert "Cette convention a un plafond de 1 000,00 €. Il reste 400,00 €." in spaced(over.text)
    made = officer.post(path, data=form | {"amount": "400"}, token_from=path)
    assert made.status_code == 302
    shown = spaced(officer.get(made.headers["Location"]).text)
    assert 'href="/conventions/1"' in shown and "de 600,00 €" in shown
    with database.reading() as session:
        assert session.exec(select(ConventionCommitment.instalment_key)).all() == [None, 1]


def test_a_line_is_put_under_a_convention_and_taken_away(app: Flask, database: Database, world: World) -> None:
    with database.writing() as session:
        number = commit(session, world, "opco", "400.01", TODAY)
    officer, path = client(app, database, world, "opco"), f"/engagements/{number}/convention"
    assert "Rattacher à une convention" in officer.get(f"/engagements/{number}").text
    over = officer.post(path, data={"convention_id": "1"}, token_from=path)
    assert over.status_code == 422 and "Il reste 400,00 €" in spaced(over.text)
    with database.writing() as session:
        less = commit(session, world, "opco", "400", TODAY)
    path = f"/engagements/{less}/convention"
    assert officer.post(path, data={"convention_id": "1"}, token_from=path).status_code == 303
    assert officer.post(f"{path}/detacher", data={"motive": ""}, token_from=path).status_code == 422
    assert officer.post(f"{path}/detacher", data={"motive": "Erreur"}, token_from=path).status_code == 303
    assert client(app, database, world, "region").get(path).status_code == 404


def test_a_payment_pays_an_instalment(app: Flask, database: Database, world: World) -> None:
    officer = client(app, database, world, "region")
    assert "1 échéance de convention à payer" in spaced(officer.get("/").text)
    assert "600,00" in spaced(officer.get("/conventions/echeances").text)
    path = "/engagements/1/ecriture?type=payment"
    form = {"amount": "500", "effective_on": TODAY.strftime("%d/%m/%Y"), "instalment_key": "1"}
    form["version"] = officer.get(path).text.split('name="version"')[1].split('value="')[1].split('"')[0]
    assert officer.post(path, data=form | {"instalment_key": "9"}, token_from=path).status_code == 422
    assert officer.post(path, data=form, token_from=path).status_code == 302
    with database.reading() as session:
        assert len(session.exec(select(ConventionPayment)).all()) == 1
    assert "100,00" in spaced(officer.get("/conventions/echeances").text)
    assert "aucune échéance" in spaced(client(app, database, world, "opco").get("/conventions/echeances").text)


def test_the_end_releases_what_is_not_spent(app: Flask, database: Database, world: World) -> None:
    with database.writing() as session:
        commit(session, world, "opco", "50", TODAY, convention_id=1)
    assert client(app, database, world, "region").get("/conventions/1/solder").status_code == 403
    signatory, path = client(app, database, world, "region_signatory"), "/conventions/1/resilier"
    page = spaced(signatory.get(path).text)
    assert "500,00" in page and "Par ses propres gestionnaires" in page
    assert signatory.post(path, data={"motive": ""}, token_from=path).status_code == 422
    assert signatory.post(path, data={"motive": "Défaut"}, token_from=path).status_code == 303
    assert signatory.get(path).status_code == 404
    with database.reading() as session:
        assert session.get_one(Convention, 1).status == "terminated"
    opco, path = client(app, database, world, "opco"), "/conventions/1/degager"
    assert "Dégager ce qui reste" in opco.get("/conventions/1/argent").text
    assert opco.get(path).status_code == 200
    assert opco.post(path, data={}, token_from=path).status_code == 303
    assert opco.get(path).status_code == 404


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_the_bonus_says_what_is_missing(app: Flask, database: Database, world: World) -> None:
    with database.writing() as session:
        version = session.get_one(ConventionVersion, 1)
        version.bonus_base = Decimal(20000)
        session.add(ConventionBonus(version_id=1, from_rate=Decimal(0), percent=Decimal(-10)))
    page = spaced(client(app, database, world, "region").get("/conventions/1/argent").text)
    assert "Aucune personne n’est encore suivie" in page


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_an_alert_about_an_instalment_is_opened_decided_and_exported(
    app: Flask, database: Database, world: World
) -> None:
    detect(database, TODAY, datetime.now(UTC))
    officer = client(app, database, world, "region")
    assert 'href="/conventions/1"' in officer.get("/alertes").text
    assert "Échéance de convention" in officer.get("/alertes/1").text
    form = {"outcome": "accepted", "motive": "Mandat en cours", "version": "1"}
    assert officer.post("/alertes/1/decider", data=form, token_from="/alertes/1").status_code == 303
    with database.reading() as session:
        assert session.exec(select(Alert.status)).all() == ["decided"]
    assert "C-2026-001" in officer.get("/alertes/export.csv?statut=toutes").data.decode("utf-8-sig")
    bulk = officer.post(
        "/alertes/decider", data={"ids": "1", "outcome": "accepted", "motive": "Encore"}, token_from="/alertes"
    )
    assert "C-2026-001" in bulk.text


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_the_form_of_a_handoff_names_the_relay(app: Flask, database: Database) -> None:
    course = make_course(database)
    with database.writing() as session:
        told = {"kind": "relay", "first": date(2025, 9, 1), "last": date(TODAY.year + 1, 12, 31)}
        relay = signed_convention(session, course.world, "100", **told)  # type: ignore[arg-type]
        number = propose(session, course, at=datetime.now(UTC))
        nature = session.exec(select(Nature.id).where(Nature.id == course.nature)).one()
    officer, path = client(app, database, course.world, "opco"), f"/relais/{number}/accepter"
    assert "C-2026-001" in officer.get(path).text
    refused = officer.post(path, data={f"accepted_{nature}": "4500"}, token_from=path)
    assert refused.status_code == 422 and "Il reste 100,00 €" in spaced(refused.text)
    assert officer.post(path, data={f"accepted_{nature}": "100"}, token_from=path).status_code == 303
    with database.reading() as session:
        assert session.get_one(Handoff, number).status == "accepted"
        assert session.exec(select(ConventionCommitment.convention_id)).all() == [relay]
