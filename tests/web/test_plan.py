"""Does the officer plan a step, share its costs, commit, and read what would be paid twice before it is saved?"""

import re
from datetime import date

import pytest
from flask import Flask
from sqlmodel import select

from conference.data.session import Database
from conference.data.tables import Alert
from conference.domain.case import StepKind
from conference.domain.parcours import KeySituation, ParcoursKind
from conference.services.parcours import open_parcours
from conference.services.steps import StepLine, add_step
from tests.seeds import AT, World, commit, make_world
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


def seen_in(page: str) -> str:
    found = re.search(r'name="seen"[^>]*value="(\w+)"', page)
    assert found
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


def test_what_would_be_paid_twice_is_read_before_it_is_saved(
    region: PageClient, world: World, database: Database
) -> None:
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
    assert sent(region, share, {**data, "seen": "yes"}) == 422, "another warning than the one that was read"
    assert sent(region, share, {**data, "seen": seen_in(warned.text)}) == 303
    assert "Deux financements sont à vérifier" in region.get(other).text
    with database.reading() as session:
        assert [row.status for row in session.exec(select(Alert).where(Alert.code == "double_funding"))] == ["open"]


def test_warning_is_lifted_with_a_motive_and_not_asked_again(
    region: PageClient, world: World, database: Database
) -> None:
    other = PLAN.replace("etape/1", "etape/2")
    teaching = choice(region.get(f"{PLAN}/cout").text, "Coûts pédagogiques")
    for plan in (PLAN, other):
        assert sent(region, f"{plan}/cout", {"nature_id": teaching, "amount": "1000"}) == 303
    assert sent(region, f"{PLAN}/part/1", {"funder_id": str(world["opco"]), "amount": "1000"}) == 303
    share, data = f"{other}/part/2", {"funder_id": str(world["region"]), "amount": "1000"}
    warned = region.post(share, token_from=share, data=data)
    motive = {"seen": seen_in(warned.text), "motive": "Deux semaines sont communes, sans cours"}
    assert sent(region, share, {**data, **motive}) == 303
    assert "à vérifier" not in region.get(other).text
    with database.reading() as session:
        [alert] = session.exec(select(Alert).where(Alert.code == "double_funding"))
        assert (alert.status, alert.outcome, alert.outcome_motive) == ("decided", "lifted", motive["motive"])
    engage = f"{other}/engager"
    assert sent(region, engage, {"decided_on": "02/02/2026", "share_ids": "2"}) == 303, "the same line, committed"
    with database.reading() as session:
        [alert] = session.exec(select(Alert).where(Alert.code == "double_funding"))
        assert alert.status == "decided"


def test_aids_that_exclude_each_other_are_told_when_they_are_committed(
    app: Flask, region: PageClient, world: World, database: Database
) -> None:
    """DOMAIN §2: France Travail's AIF and a Région's individual aid, since 2019."""
    teaching = choice(region.get(f"{PLAN}/cout").text, "Coûts pédagogiques")
    assert sent(region, f"{PLAN}/cout", {"nature_id": teaching, "amount": "2000"}) == 303
    for who in ("region", "france_travail"):
        assert sent(region, f"{PLAN}/part/1", {"funder_id": str(world[who]), "amount": "1000"}) == 303
    browsers, engage = Browsers(app, database, world), f"{PLAN}/engager"
    cheque = choice(region.get(engage).text, "Chèque formation")
    assert sent(region, engage, {"decided_on": "02/02/2026", "share_ids": "1", "scheme": cheque}) == 303
    client = browsers("france_travail")
    aif = {"decided_on": "03/02/2026", "share_ids": "2", "scheme": choice(client.get(engage).text, "Aide individuelle")}
    warned = client.post(engage, token_from=engage, data=aif)
    assert warned.status_code == 422
    for said in ("Région", "France Travail", "s’excluent", "2019"):
        assert said in warned.text
    assert sent(client, engage, {**aif, "seen": seen_in(warned.text)}) == 303
    with database.reading() as session:
        [alert] = session.exec(select(Alert).where(Alert.code == "not_cumulable"))
        assert alert.cause == "share:1|share:2"


def test_engagement_is_tied_to_the_step(region: PageClient, world: World, database: Database) -> None:
    with database.writing() as session:
        commit(session, world, "region", "900.00")
        commit(session, world, "opco", "900.00")
    attach = f"{PLAN}/rattacher"
    assert sent(region, attach, {"reference": "E-2026-000009", "amount": "1"}) == 422
    assert sent(region, attach, {"reference": "E-2026-000002", "amount": "1"}) == 422, "another's"
    assert sent(region, attach, {"reference": "E-2026-000001", "amount": "900,01"}) == 422
    assert sent(region, attach, {"reference": "e-2026-000001", "amount": "600"}) == 303
    page = region.get(PLAN).text
    assert "Engagement rattaché" in page
    assert "600,00" in page


def test_plan_is_fit_for_the_screen_of_a_coordinator(app: Flask, database: Database, world: World) -> None:
    assert "Ajouter un coût" not in Browsers(app, database, world)("coordinator").get(PLAN).text


def test_foreign_funder_finds_no_plan(app: Flask, database: Database, world: World) -> None:
    client = Browsers(app, database, world)("opco")
    for address in (
        PLAN,
        f"{PLAN}/cout",
        f"{PLAN}/part/1",
        f"{PLAN}/echeances/1",
        f"{PLAN}/engager",
        f"{PLAN}/rattacher",
    ):
        assert client.get(address).status_code == 404
