"""Does the owner of a collective action create it, enrol, plan, commit and move it, and do others see what is theirs alone?"""

import re
from datetime import date

import pytest
from flask import Flask

from conference.data.session import Database
from conference.domain.case import StepKind
from conference.domain.parcours import KeySituation, ParcoursKind
from conference.services.collective_actions import ActionLine, create_action, enrol
from conference.services.parcours import open_parcours
from conference.services.steps import StepLine, add_step
from tests.seeds import AT, World, make_world
from tests.web.ledger_pages import Browsers, version_of
from tests.web.page_client import PageClient

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
TYPED = {"kind": "training", "title": "Titre de maçon", "first": "01/09/2026", "last": "31/12/2026", "places": "60"}
PEOPLE = {"kind": ParcoursKind.INSERTION.value, "key_situation": KeySituation.FIRST_JOB.value}


@pytest.fixture
def world(database: Database) -> World:
    return make_world(database)


@pytest.fixture
def browsers(app: Flask, database: Database, world: World) -> Browsers:
    return Browsers(app, database, world)


def sent(client: PageClient, address: str, data: dict[str, str]) -> int:
    return client.post(address, token_from=address, data=data).status_code


def fact(page: str, name: str) -> str:
    """What the page says of a fact."""
    found = re.search(rf"<dt>{name}</dt>\s*<dd[^>]*>(.*?)</dd>", page, re.S)
    assert found, name
    return re.sub(r"<[^>]+>", "", found[1]).strip()


def test_action_from_its_creation_to_its_engagement(browsers: Browsers, world: World) -> None:
    region = browsers("region")
    assert "Aucune action collective" in region.get("/actions").text
    assert sent(region, "/actions/nouvelle", {**TYPED, "last": "01/01/2026"}) == 422
    assert sent(region, "/actions/nouvelle", TYPED) == 303
    assert "Personne n’est encore inscrit" in region.get("/actions/1").text
    new = "/actions/1/inscrire/nouveaux"
    assert sent(region, new, {**PEOPLE, "count": "61"}) == 422
    assert sent(region, new, {**PEOPLE, "count": "50"}) == 303
    assert fact(region.get("/actions/1").text, "Personnes inscrites") == "50 sur 60 places"
    plan = "/actions/1/plan"
    teaching = re.search(r'<option value="(\d+)"[^>]*>Coûts pédagogiques', region.get(f"{plan}/cout").text)
    assert teaching
    assert sent(region, f"{plan}/cout", {"nature_id": teaching[1], "amount": "125 000,00"}) == 303
    for who, percent in (("region", "40"), ("opco", "60")):
        assert sent(region, f"{plan}/part/1", {"funder_id": str(world[who]), "percent": percent}) == 303
    page = region.get(plan).text
    assert fact(page, "Coût par personne") == "2\u202f500,00\u00a0€"
    assert "50\u202f000,00" in page
    assert sent(region, f"{plan}/engager", {"decided_on": "02/04/2026", "share_ids": "1"}) == 303
    assert "E-2026-000001" in region.get(plan).text
    assert "1\u202f000,00" in region.get("/actions/1").text, "each person's part"
    opco = browsers("opco")
    assert "Titre de maçon" in opco.get("/actions").text
    assert "E-2026-000001" not in opco.get(plan).text, "another's engagement is not named"
    assert opco.get("/actions/1/modifier").status_code == 404
    assert sent(opco, f"{plan}/engager", {"decided_on": "02/04/2026", "share_ids": "2"}) == 303


def test_known_people_are_enrolled_moved_and_removed(browsers: Browsers, database: Database, world: World) -> None:
    region = browsers("region")
    assert sent(region, "/actions/nouvelle", TYPED) == 303
    with database.writing() as session:
        for who in ("region", "region", "opco"):
            open_parcours(
                session,
                referent_id=world[who],
                kind=ParcoursKind.INSERTION,
                key_situation=KeySituation.FIRST_JOB,
                by=world.actors[who],
                at=AT,
            )
    known = "/actions/1/inscrire"
    refused = region.post(known, token_from=known, data={"pseudonyms": "P-2026-000001 P-2026-000003"})
    assert (refused.status_code, "P-2026-000003." in refused.text) == (422, True), "not reached: as one that is not"
    assert sent(region, known, {"pseudonyms": "p-2026-000001\nP-2026-000002"}) == 303
    assert sent(region, known, {"pseudonyms": "P-2026-000001"}) == 422
    change = "/actions/1/modifier"
    later = {**TYPED, "first": "01/10/2026", "last": "31/01/2027", "version": version_of(region, change)}
    assert region.post(change, token_from=change, data=later).location == "/actions/1/aligner"
    assert "diffère de l’action" in region.get("/actions/1").text
    assert sent(region, "/actions/1/aligner", {"steps": "1-9"}) == 422, "not a version that was shown"
    assert sent(region, "/actions/1/aligner", {"steps": "1-1"}) == 303
    assert region.get("/actions/1").text.count("diffère de l’action") == 1
    remove = "/actions/1/personne/2/retirer"
    assert sent(region, remove, {"version": "1"}) == 422
    assert sent(region, remove, {"version": "1", "motive": "Doublon"}) == 303
    region.get("/actions/1")  # says once that the person left
    assert "P-2026-000002" not in region.get("/actions/1").text
    assert region.get("/actions/1/personne/2/retirer").status_code == 404


def test_who_reaches_one_person_sees_it_alone_and_no_small_count(
    browsers: Browsers, database: Database, world: World
) -> None:
    with database.writing() as session:
        region = world.actors["region"]
        line = ActionLine(StepKind.TRAINING, "Titre de maçon", date(2026, 9, 1), date(2026, 12, 31))
        action = create_action(session, world["region"], line, by=region, at=AT)
        ids = [
            open_parcours(
                session,
                referent_id=world["region"],
                kind=ParcoursKind.INSERTION,
                key_situation=KeySituation.FIRST_JOB,
                by=region,
                at=AT,
            ).id
            or 0
            for _ in range(3)
        ]
        shared = StepLine(
            StepKind.ORIENTATION, "Accueil", date(2026, 5, 1), date(2026, 5, 2), funder_ids=(world["opco"],)
        )
        add_step(session, ids[0], shared, by=region, at=AT)
        enrol(session, action.id or 0, ids, by=region, at=AT)
    opco = browsers("opco")
    page = opco.get("/actions/1").text
    assert fact(page, "Personnes inscrites") == "moins de 5"
    assert "P-2026-000001" in page
    assert "P-2026-000002" not in page
    assert "Plan de financement" not in page
    assert "&lt; 5" in opco.get("/actions").text
    for address in ("plan", "plan/cout", "plan/engager", "modifier", "inscrire", "aligner", "personne/2/retirer"):
        assert opco.get(f"/actions/1/{address}").status_code == 404, address
    assert fact(browsers("region").get("/actions/1").text, "Personnes inscrites") == "3"
    assert fact(browsers("coordinator").get("/actions/1").text, "Personnes inscrites") == "3"
    foreign = browsers("france_travail")
    assert "Titre de maçon" not in foreign.get("/actions").text
    assert foreign.get("/actions/1").status_code == foreign.get("/actions/2").status_code == 404
