"""Do the pages of conventions lead from a draft to its signature, keep what two people wrote, and hide it from all others?"""

import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from flask import Flask
from sqlmodel import Session, select

from conference.data.queries.convention_facts import facts_of
from conference.data.queries.convention_page import article_views
from conference.data.queries.need_selection import total_of
from conference.data.session import Database
from conference.data.tables import Convention, ConventionVersion, Nature
from conference.domain.convention_facts import ConventionFacts
from conference.domain.needs import NeedFilters
from conference.domain.rights import RightKind
from conference.services.convention_life import move
from conference.services.conventions import begin_avenant
from conference.services.income_rights import RightLine, record_right
from conference.services.plans import PlanOf, set_cost, set_share
from conference.settings import Settings
from tests.seeds import World, make_world, sign_in_token
from tests.services.drafted_conventions import completed, drafted, signed, to_sign
from tests.services.handoff_worlds import make_course, propose
from tests.web.page_client import PageClient

NOW = datetime.now(UTC)


@pytest.fixture
def world(database: Database) -> World:
    return make_world(database)


def client(app: Flask, database: Database, world: World, who: str) -> PageClient:
    browser = PageClient(app)
    browser.flask.set_cookie("conference_session", sign_in_token(database, world.actors[who]))
    return browser


def draft(database: Database, world: World) -> int:
    with database.writing() as session:
        return drafted(session, world).id or 0


def facts(database: Database, version_id: int) -> ConventionFacts:
    with database.reading() as session:
        return facts_of(session, version_id)


def of(session: Session, version_id: int) -> ConventionVersion:
    return session.get_one(ConventionVersion, version_id)


def test_a_convention_is_drafted_written_and_put_to_signature(app: Flask, database: Database, world: World) -> None:
    officer = client(app, database, world, "region")
    assert "Aucune convention" in officer.get("/conventions").text
    data = {
        "lines": "4",
        "kind": "co_funding",
        "title": "Dix places de maçon",
        "first": "01/01/2026",
        "last": "31/12/2026",
        "ceiling": "50 000",
        "organisation_id0": str(world["region"]),
        "role0": "funder",
        "organisation_id1": str(world["opco"]),
        "role1": "funder",
    }
    more = officer.post("/conventions/nouvelle", token_from="/conventions/nouvelle", data={**data, "more": "1"})
    assert more.status_code == 200 and 'name="role8"' in more.text and "Dix places de maçon" in more.text
    made = officer.post("/conventions/nouvelle", token_from="/conventions/nouvelle", data=data)
    assert made.status_code == 303
    text = made.location
    version_id = int(text.rsplit("/", 1)[1])
    assert "Avant la signature" in officer.get(text).text
    with database.reading() as session:
        nature = session.exec(select(Nature.id).where(Nature.code == "pedagogique")).one()
        version = of(session, version_id).version
    plan = {"lines": "4", "version": str(version)}
    for number, (code, percent) in enumerate((("region", "60"), ("opco", "40"))):
        plan |= {
            f"organisation_id{number}": str(world[code]),
            f"year{number}": "2026",
            f"nature_id{number}": str(nature),
            f"percent{number}": percent,
        }
    saved = officer.post(f"{text}/plan", token_from=f"{text}/plan", data=plan)
    assert saved.status_code == 303
    assert [f"{share.amount}" for share in facts(database, version_id).shares] == ["30000.00", "20000.00"]
    stale = officer.post(f"{text}/plan", token_from=f"{text}/plan", data=plan)
    assert stale.status_code == 422 and "Quelqu’un a modifié cette convention" in stale.text
    assert "Ce qui est enregistré" in stale.text and "OPCO Exemple, Financeur" in stale.text
    short = officer.post(f"{text}/plan", token_from=f"{text}/plan", data={"lines": "4", "year0": "2026"})
    assert short.status_code == 422 and "Donnez la partie, l’année et la nature" in short.text
    for part in ("conditions", "parties", "echeancier", "bonus", "remuneration"):
        assert officer.get(f"{text}/{part}").status_code == 200
    page = officer.get(f"{text}/mettre-en-relecture")
    assert page.status_code == 200
    sent = officer.post(f"{text}/mettre-en-relecture", token_from=f"{text}/mettre-en-relecture")
    assert sent.status_code == 303
    with database.reading() as session:
        assert of(session, version_id).status == "in_review"


def test_who_saves_over_somebody_is_shown_both_texts(app: Flask, database: Database, world: World) -> None:
    version_id = draft(database, world)
    with database.reading() as session:
        article = article_views(session, version_id)[0]
    officer, other = (client(app, database, world, who) for who in ("region", "opco"))
    address = f"/conventions/articles/{article.id}"
    sent = {"title": "Objet", "writing": "1"}
    assert officer.post(address, token_from=address, data={**sent, "text": "Dix places."}).status_code == 303
    stale = other.post(address, token_from=address, data={**sent, "text": "Douze places."})
    assert stale.status_code == 409
    assert "<del>" in stale.text and "Douze places." in stale.text
    assert 'name="writing" type="hidden" value="2"' in stale.text or 'value="2"' in stale.text
    again = other.post(address, token_from=address, data={**sent, "writing": "2", "text": "Douze places."})
    assert again.status_code == 303
    assert "Rédaction 3" in officer.get(f"{address}/redactions").text


def test_an_observation_opens_an_article_and_is_closed(app: Flask, database: Database, world: World) -> None:
    version_id = draft(database, world)
    with database.writing() as session:
        move(session, version_id, "submit", by=world.actors["region"], at=NOW)
        article = article_views(session, version_id)[1]
    other = client(app, database, world, "opco")
    address = f"/conventions/articles/{article.id}"
    assert f'href="{address}"' not in other.get(f"/conventions/versions/{version_id}").text
    said = other.post(f"{address}/observer", token_from=f"{address}/observer", data={"text": "Précisez la date."})
    assert said.status_code == 303
    text = other.get(f"/conventions/versions/{version_id}").text
    assert f'href="{address}"' in text and "Précisez la date." in text
    closing = re.search(rf"{address}/observations/\d+/clore", text)
    assert closing
    done = other.post(closing[0], token_from=closing[0], data={"resolution": "Date ajoutée."})
    assert done.status_code == 303
    assert "Date ajoutée." in other.get(f"/conventions/versions/{version_id}").text


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_the_signed_convention_its_avenant_and_what_it_changes(
    app: Flask, database: Database, world: World, settings: Settings
) -> None:
    with database.writing() as session:
        version = drafted(session, world)
        completed(session, world, version)
        signed(session, world, to_sign(session, world, settings.instance, version))
        version_id, convention_id = version.id or 0, version.convention_id
    coordinator = client(app, database, world, "coordinator")
    shown = coordinator.get(f"/conventions/{convention_id}").text
    assert "C-2026-001" in shown and "En vigueur" in shown
    assert "C-2026-001" in coordinator.get("/conventions?etat=en-vigueur&q=ma%C3%A7on").text
    document = coordinator.get(f"/conventions/versions/{version_id}/document")
    assert document.data.startswith(b"%PDF")
    code = coordinator.get("/C/C-2026-001/0/0123456789ABCDEF/P1")
    assert code.status_code == 302 and code.location.endswith(f"/conventions/versions/{version_id}")
    begun = coordinator.post(f"/conventions/{convention_id}/avenant", token_from=f"/conventions/{convention_id}")
    avenant = int(begun.location.rsplit("/", 1)[1])
    with database.reading() as session:
        article = next(each for each in article_views(session, avenant) if each.role == "object")
    address = f"/conventions/articles/{article.id}"
    coordinator.post(address, token_from=address, data={"title": "Objet", "writing": "1", "text": "Autre objet."})
    compared = coordinator.get(f"/conventions/versions/{avenant}/comparaison").text
    assert "<ins>" in compared and "Articles" in compared
    hold = f"/conventions/{convention_id}/suspendre"
    assert coordinator.post(hold, token_from=hold, data={"motive": ""}).status_code == 422
    assert coordinator.post(hold, token_from=hold, data={"motive": "Budget."}).status_code == 303
    assert "Reprendre la convention" in coordinator.get(f"/conventions/{convention_id}").text
    renewed = coordinator.post(f"/conventions/{convention_id}/renouveler", token_from=f"/conventions/{convention_id}")
    assert renewed.status_code == 303


def test_for_all_others_a_convention_does_not_exist(app: Flask, database: Database, world: World) -> None:
    version_id = draft(database, world)
    with database.reading() as session:
        convention_id = of(session, version_id).convention_id
        article = article_views(session, version_id)[0]
    addresses = (
        f"/conventions/{convention_id}",
        f"/conventions/versions/{version_id}",
        f"/conventions/versions/{version_id}/document",
        f"/conventions/versions/{version_id}/plan",
        f"/conventions/articles/{article.id}",
        f"/conventions/articles/{article.id}/redactions",
    )
    stranger = client(app, database, world, "france_travail")
    for address in addresses:
        assert stranger.get(address).status_code == 404, address
    assert "Dix places" not in stranger.get("/conventions").text
    with database.writing() as session:
        assert session.get_one(Convention, convention_id).status == "draft"
        with pytest.raises(Exception, match="signée"):
            begin_avenant(session, convention_id, by=world.actors["region"], at=NOW)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_what_is_known_becomes_a_draft_in_one_gesture(app: Flask, database: Database) -> None:
    course = make_course(database)
    world = course.world
    with database.writing() as session:
        right = RightLine(
            RightKind.AREF, world["france_travail"], date(2025, 9, 1), date(2026, 5, 14), Decimal("31.00")
        )
        record_right(session, course.parcours, right, by=world.actors["region"], at=NOW)
        handoff = propose(session, course, at=NOW)
        cost = set_cost(
            session, PlanOf(course.step), course.other_nature, Decimal("1000.00"), by=world.actors["region"], at=NOW
        )
        assert cost is not None
        for code, percent in (("region", "60"), ("opco", "40")):
            told = {"percent": Decimal(percent), "by": world.actors["region"], "at": NOW}
            set_share(session, cost.id or 0, world[code], **told)
    coordinator, officer = (client(app, database, world, who) for who in ("coordinator", "region"))
    page = coordinator.get("/alertes/besoins/convention").text
    selection = re.search(r'name="selection" value="([^"]*)"', page)
    assert selection
    made = coordinator.post(
        "/conventions/nouvelle/besoins", token_from="/alertes/besoins/convention", data={"selection": selection[1]}
    )
    assert made.status_code == 303, made.text
    found = facts(database, int(made.location.rsplit("/", 1)[1]))
    with database.reading() as session:
        assert found.ceiling == total_of(session, NeedFilters()).amount == found.total
    assert found.income is not None and found.income.payer == "Région Exemple"
    assert "P-20" not in coordinator.get(made.location).text
    plan = officer.post("/conventions/nouvelle/plan", token_from="/conventions/nouvelle", data={"etape": course.step})
    assert plan.status_code == 303, plan.text
    assert sorted(share.amount for share in facts(database, int(plan.location.rsplit("/", 1)[1])).shares)
    relay = officer.post(f"/conventions/nouvelle/relais/{handoff}", token_from="/conventions/nouvelle")
    assert relay.status_code == 303
    assert len(facts(database, int(relay.location.rsplit("/", 1)[1])).parties) == 2
    stranger = client(app, database, world, "france_travail")
    assert (
        stranger.post(f"/conventions/nouvelle/relais/{handoff}", token_from="/conventions/nouvelle").status_code == 404
    )
    sent = {"etape": course.step}
    assert stranger.post("/conventions/nouvelle/plan", token_from="/conventions/nouvelle", data=sent).status_code == 404
