"""Are alerts listed, decided, given to somebody and commented by those who may, and only shown to them?"""

import re
from datetime import date
from decimal import Decimal

import pytest
from flask import Flask

from conference.data.session import Database
from conference.domain.case import StepKind
from conference.domain.parcours import KeySituation, ParcoursKind
from conference.domain.rights import RightKind
from conference.services.income_rights import RightLine, record_right
from conference.services.parcours import open_parcours
from conference.services.steps import StepLine, add_step
from tests.seeds import AT, World, make_world
from tests.web.ledger_pages import Browsers

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
SECRET = "Formation-à-taire"


@pytest.fixture
def world(database: Database) -> World:
    """Two parcours of the Région, each with days that nobody pays."""
    made = make_world(database)
    region = made.actors["region"]
    with database.writing() as session:
        for number in (1, 2):
            open_parcours(
                session,
                referent_id=made["region"],
                kind=ParcoursKind.INSERTION,
                key_situation=KeySituation.FIRST_JOB,
                by=region,
                at=AT,
            )
            course = StepLine(StepKind.TRAINING, SECRET, date(2026, 1, 5), date(2026, 6, 30))
            add_step(session, number, course, by=region, at=AT)
            aref = RightLine(
                RightKind.AREF, made["france_travail"], date(2026, 1, 5), date(2026, 5, 14), Decimal("31.00")
            )
            record_right(session, number, aref, by=region, at=AT)
    return made


@pytest.fixture
def browsers(app: Flask, database: Database, world: World) -> Browsers:
    return Browsers(app, database, world)


def version(page: str, form: str) -> str:
    found = re.search(rf'action="[^"]*{form}".*?name="version" type="hidden" value="(\d+)"', page, re.S)
    assert found
    return found[1]


def test_alert_is_decided_then_reopened_and_commented(browsers: Browsers) -> None:
    client = browsers("coordinator")
    listed = client.get("/alertes").text
    assert listed.count("P-2026-00000") >= 2
    page = client.get("/alertes/1").text
    assert "47" in page
    told = {"outcome": "accepted", "motive": "", "version": version(page, "decider")}
    assert client.post("/alertes/1/decider", token_from="/alertes/1", data=told).status_code == 422
    told["motive"] = "La personne a un autre projet"
    assert client.post("/alertes/1/decider", token_from="/alertes/1", data=told).status_code == 303
    page = client.get("/alertes/1").text
    assert "La personne a un autre projet" in page
    assert "Situation acceptée" in page
    assert client.post("/alertes/1/decider", token_from="/alertes/1", data=told).status_code == 422, "stale"
    assert "P-2026-000001" in client.get("/alertes?statut=decidees").text
    assert "P-2026-000001" not in client.get("/alertes").text
    back = {"motive": "À revoir", "version": version(page, "rouvrir")}
    assert client.post("/alertes/1/rouvrir", token_from="/alertes/1", data=back).status_code == 303
    said = {"text": "Vu avec le référent"}
    assert client.post("/alertes/1/commenter", token_from="/alertes/1", data=said).status_code == 303
    assert client.post("/alertes/1/commenter", token_from="/alertes/1", data={"text": " "}).status_code == 422
    assert "Vu avec le référent" in browsers("region").get("/alertes/1").text


def test_alerts_are_filtered_by_the_address(browsers: Browsers, world: World) -> None:
    client = browsers("region")
    page = client.get("/alertes/1").text
    given = {"owner_id": str(world.actors["region"].account_id), "version": version(page, "confier")}
    assert client.post("/alertes/1/confier", token_from="/alertes/1", data=given).status_code == 303
    mine = client.get("/alertes?responsable=moi").text
    assert ("P-2026-000001" in mine, "P-2026-000002" in mine) == (True, False)
    nobody = client.get("/alertes?responsable=personne").text
    assert ("P-2026-000001" in nobody, "P-2026-000002" in nobody) == (False, True)
    for address in ("?type=income_gap", "?gravite=urgent", "?echeance=30", "?tri=gravite", "?tri=anciennete&page=9"):
        assert client.get(f"/alertes{address}").status_code == 200
    assert "Aucune alerte ne répond" in client.get("/alertes?type=dead_time").text
    for wrong in ("?statut=x&type=y&gravite=z&responsable=a&echeance=b&tri=c",):
        assert "P-2026-000001" in client.get(f"/alertes{wrong}").text


def test_several_alerts_are_decided_at_once_with_a_report(browsers: Browsers) -> None:
    client = browsers("region")
    assert client.post("/alertes/decider", token_from="/alertes", data={}).status_code == 303
    chosen = {"ids": ["1", "2", "77", "abc"]}
    confirm = client.post("/alertes/decider", token_from="/alertes", data=chosen)
    assert (confirm.status_code, "pour 3 alertes" in confirm.text) == (200, True)
    told = {**chosen, "outcome": "funded", "motive": "La Région paie"}
    report = client.post("/alertes/decider", token_from="/alertes", data=told)
    assert report.status_code == 200
    assert "2 décidées, 1 laissée ouverte" in report.text
    assert "n’existe pas" in report.text
    assert "Aucune alerte ouverte" in client.get("/alertes").text


@pytest.mark.parametrize(("who", "status"), [("opco", 404), ("reader", 403), ("admin", 403)])
def test_who_may_not_know_is_told_nothing(browsers: Browsers, who: str, status: int) -> None:
    client = browsers(who)
    assert client.get("/alertes/1").status_code == status
    token = client.token("/")
    for gesture in ("decider", "rouvrir", "confier", "commenter"):
        answer = client.post(f"/alertes/1/{gesture}", data={"csrf_token": token, "motive": "x", "outcome": "other"})
        assert answer.status_code == status, gesture
        assert SECRET not in answer.text
    if who == "opco":
        page = client.get("/alertes").text
        assert ("P-2026" in page, SECRET in page) == (False, False)


def test_thresholds_are_chosen_by_the_coordination(browsers: Browsers) -> None:
    client = browsers("coordinator")
    page = "/administration/seuils"
    assert client.post(page, token_from=page, data={"gap_look_ahead": "1"}).status_code == 422
    assert client.post(page, token_from=page, data={"gap_look_ahead": "200"}).status_code == 303
    assert 'value="200"' in client.get(page).text
    assert client.post(page, token_from=page, data={}).status_code == 303
    assert 'value="120"' in client.get(page).text
    assert browsers("region").get(page).status_code == 403


def test_coordination_recalculates_at_once(browsers: Browsers) -> None:
    client, page = browsers("coordinator"), "/administration/seuils"
    assert client.post(page, token_from=page, data={"income_floor": "1000"}).status_code == 303
    assert client.post(f"{page}/recalculer", token_from=page, data={}).status_code == 303
    answer = client.get(page).text
    assert "Recalcul terminé." in answer
    assert answer.count("parcours examiné") == 2, "in the message, and as the last run"
    officer = browsers("region")
    assert officer.post(f"{page}/recalculer", token_from="/alertes", data={}).status_code == 403


def test_exported_list_is_the_list_on_screen(browsers: Browsers) -> None:
    client = browsers("region")
    answer = client.flask.get("/alertes/export.csv?type=income_gap&tri=gravite")
    rows = answer.data.decode("utf-8-sig").splitlines()
    assert answer.mimetype == "text/csv"
    assert [row for row in rows if "P-2026-000001" in row and "1457,00" in row.replace("\u202f", "").replace(" ", "")]
    assert rows[-1].split(";")[0].strip('"') == "Jours sans revenu"
    assert "94" in rows[-1]
    none = client.flask.get("/alertes/export.csv?type=dead_time").data.decode("utf-8-sig")
    assert "P-2026" not in none
    assert client.flask.get("/alertes/export.xlsx").data[:2] == b"PK"
    foreign = browsers("opco").flask.get("/alertes/export.csv").data.decode("utf-8-sig")
    assert ("P-2026" in foreign, SECRET in foreign) == (False, False)
    assert browsers("reader").get("/alertes/export.csv").status_code == 403
