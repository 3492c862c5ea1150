"""Does the officer plan a step, share its costs, commit, and read what would be paid twice before it is saved?"""

import re
from datetime import date

import pytest
from flask import Flask

from conference.data.session import Database
from conference.domain.case import StepKind
from conference.domain.parcours import KeySituation, ParcoursKind
from conference.services.parcours import open_parcours
from conference.services.steps import StepLine, add_step
from tests.seeds import AT, World, make_world
from tests.web.ledger_pages import Browsers
from tests.web.page_client import PageClient

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
PLAN = "/parcours/1/etape/1/plan"


@pytest.fixture
def world(database: Database) -> World:
    """A parcours of the Région with two steps on the same days."""
    made = make_world(database)
    region = made.actors["region"]
    with database.writing() as session:
        open_parcours(
            session,
            referent_id=made["region"],
            kind=ParcoursKind.INSERTION,
            key_situation=KeySituation.FIRST_JOB,
            by=region,
            at=AT,
        )
        for title in ("Titre de maçon", "Habilitation"):
            course = StepLine(StepKind.TRAINING, title, date(2026, 1, 5), date(2026, 6, 30), needs_income=False)
            add_step(session, 1, course, by=region, at=AT)
    return made


@pytest.fixture
def region(app: Flask, database: Database, world: World) -> PageClient:
    return Browsers(app, database, world)("region")


def sent(client: PageClient, address: str, data: dict[str, str]) -> int:
    return client.post(address, token_from=address, data=data).status_code


def choice(page: str, label: str) -> str:
    found = re.search(rf'<option value="(\d+)"[^>]*>{label}', page)
    assert found, label
    return found[1]


def test_plan_is_made_shared_and_committed(region: PageClient, world: World) -> None:
    assert "Ce plan est vide" in region.get(PLAN).text
    cost = f"{PLAN}/cout"
    teaching = choice(region.get(cost).text, "Coûts pédagogiques")
    assert sent(region, cost, {"amount": "100"}) == 422
    assert sent(region, cost, {"nature_id": teaching, "amount": "6 000,00"}) == 303
    share = f"{PLAN}/part/1"
    assert sent(region, share, {"funder_id": str(world["region"]), "amount": "10", "percent": "40"}) == 422
    assert sent(region, share, {"funder_id": str(world["region"]), "percent": "40 %"}) == 303
    assert sent(region, share, {"funder_id": str(world["opco"]), "amount": "3600"}) == 303
    page = region.get(PLAN).text
    assert "2\u202f400,00" in page
    assert ">40<" in page
    due = f"{PLAN}/echeances/1"
    assert sent(region, due, {"due0": "01/02/2026", "amount0": "400"}) == 422
    assert sent(region, due, {"due0": "01/02/2026"}) == 422
    full = {"due0": "01/02/2026", "amount0": "400", "due1": "01/05/2026", "amount1": "2000"}
    assert sent(region, due, full) == 303
    assert sent(region, f"{PLAN}/engager", {"decided_on": "02/02/2026", "share_ids": "2"}) == 422, "another's share"
    assert sent(region, f"{PLAN}/engager", {"decided_on": "02/02/2026", "share_ids": "1"}) == 303
    assert "E-2026-" in region.get(PLAN).text
    assert "pas de part à engager" in region.get(f"{PLAN}/engager").text


def test_what_would_be_paid_twice_is_read_before_it_is_saved(region: PageClient, world: World) -> None:
    other = PLAN.replace("etape/1", "etape/2")
    teaching = choice(region.get(f"{PLAN}/cout").text, "Coûts pédagogiques")
    for plan in (PLAN, other):
        assert sent(region, f"{plan}/cout", {"nature_id": teaching, "amount": "1000"}) == 303
    assert sent(region, f"{PLAN}/part/1", {"funder_id": str(world["region"]), "amount": "1000"}) == 303
    share, data = f"{other}/part/2", {"funder_id": str(world["opco"]), "amount": "1000"}
    warned = region.post(share, token_from=share, data=data)
    assert warned.status_code == 422
    assert "À vérifier avant d’enregistrer" in warned.text
    for said in ("Titre de maçon", "Habilitation", "la même nature de coût d’une même personne"):
        assert said in warned.text, "both lines and the rule"
    assert "Aucune" not in region.get(other).text
    assert "Prévue" not in region.get(other).text, "nothing was saved"
    assert sent(region, share, {**data, "seen": "yes"}) == 303
    assert "Deux financements sont à vérifier" in region.get(other).text


def test_foreign_funder_finds_no_plan(app: Flask, database: Database, world: World) -> None:
    client = Browsers(app, database, world)("opco")
    for address in (PLAN, f"{PLAN}/cout", f"{PLAN}/part/1", f"{PLAN}/echeances/1", f"{PLAN}/engager"):
        assert client.get(address).status_code == 404
