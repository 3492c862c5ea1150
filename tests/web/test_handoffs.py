"""Do the pages of handoffs say what will happen, do it, and tell nobody more than they may know?"""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from flask import Flask
from sqlmodel import select

from conference.data.session import Database
from conference.data.tables import Handoff, HandoffShare, StepFunder
from conference.domain.handoff import HandoffMotive
from conference.domain.ledger import EntrySource
from conference.domain.rights import RightKind
from conference.services.entries import record_payment
from conference.services.handoff_acceptance import accept_handoff
from conference.services.handoffs import draft_handoff, propose_handoff, refuse_handoff
from conference.services.income_rights import RightLine, record_right
from conference.services.organisations import set_confirmation_threshold
from tests.seeds import sign_in_token
from tests.services.handoff_worlds import Course, ledger, line_to, make_course, propose
from tests.web.page_client import PageClient

NOW = datetime.now(UTC)
"""Pages read the clock: a proposal of today is within its delay."""


@pytest.fixture
def course(database: Database) -> Course:
    """The Région's course of money.md 1, with a right that ends before it does."""
    course = make_course(database)
    with database.writing() as session:
        right = RightLine(
            RightKind.AREF, course.world["france_travail"], date(2025, 9, 1), date(2026, 5, 14), Decimal("31.00")
        )
        record_right(session, course.parcours, right, by=course.world.actors["region"], at=NOW)
    return course


def client(app: Flask, database: Database, course: Course, who: str) -> PageClient:
    browser = PageClient(app)
    browser.flask.set_cookie("conference_session", sign_in_token(database, course.world.actors[who]))
    return browser


def proposed(database: Database, course: Course, **more: object) -> int:
    with database.writing() as session:
        return propose(session, course, at=NOW, **more)


def status_of(database: Database, number: int) -> str:
    with database.reading() as session:
        return session.get_one(Handoff, number).status


def spaced(text: str) -> str:
    """Amounts as they are typed here, without the narrow spaces of the screen."""
    return text.replace("\u202f", " ").replace("\xa0", " ")


def test_the_whole_way_from_the_parcours_to_the_other_funder(app: Flask, database: Database, course: Course) -> None:
    region, opco = client(app, database, course, "region"), client(app, database, course, "opco")
    start = f"/parcours/{course.parcours}/relais/nouveau?etape={course.step}&vers=meme&jour=01/01/2026"
    page = spaced(region.get(start).text)
    assert "3 500,00" in page
    assert f'name="asked_{course.nature}"' in page and 'value="3500,00"' in page
    sent = region.post(
        start,
        token_from=start,
        data={"receiver_id": course.world["opco"], f"asked_{course.nature}": "4 500,00", "message": "Suite du cours"},
    )
    assert sent.status_code in (302, 303)
    review = sent.headers["Location"]
    assert review == "/relais/1/proposer"
    page = spaced(region.get(review).text)
    assert "votre organisme dégage 3 500,00 €" in page and "4 500,00 €" in page
    assert opco.get("/relais/1").status_code == 404
    assert region.post(review, token_from=review).status_code == 303
    assert status_of(database, 1) == "proposed"

    assert "1 relais à traiter" in spaced(opco.get("/").text)
    listed = opco.get("/relais")
    assert "R-" in listed.text and "Cours" in listed.text
    page = spaced(opco.get("/relais/1").text)
    assert "Suite du cours" in page and "14 mai 2026" in page and "31,00 €" in page
    with database.reading() as session:
        row = session.get_one(Handoff, 1)
        assert row.read_at is not None and row.outcome_read_at is None
    page = spaced(opco.get("/relais/1/accepter").text)
    assert "dégagement de 3 500,00 €" in page and "4 500,00 € demandés" in page
    done = opco.post(
        "/relais/1/accepter", token_from="/relais/1/accepter", data={f"accepted_{course.nature}": "4000,00"}
    )
    assert done.status_code == 303
    assert "500,00" in spaced(opco.get("/relais/1").text)
    with database.reading() as session:
        share = session.get_one(HandoffShare, (1, course.nature))
        assert share.accepted == Decimal("4000.00")
        assert [entry[1:3] for entry in ledger(session)[1:]] == [
            ("release", Decimal("3500.00")),
            ("commitment", Decimal("4000.00")),
        ]
        assert session.get_one(Handoff, 1).outcome_read_at is None
    assert region.get("/relais/1").status_code == 200
    with database.reading() as session:
        assert session.get_one(Handoff, 1).outcome_read_at is not None
    assert "Rien ne vous attend" in opco.get("/").text or "relais à traiter" not in opco.get("/").text


def test_a_draft_is_written_again(app: Flask, database: Database, course: Course) -> None:
    with database.writing() as session:
        draft_handoff(session, course.parcours, line_to(course), by=course.world.actors["region"], at=NOW)
    region = client(app, database, course, "region")
    page = region.get("/relais/1/modifier").text
    assert 'value="4500,00"' in page
    data = {"receiver_id": course.world["opco"], f"asked_{course.nature}": "100", "version": "1"}
    assert region.post("/relais/1/modifier", token_from="/relais/1/modifier", data=data).status_code in (302, 303)
    late = region.post("/relais/1/modifier", token_from="/relais/1/modifier", data=data)
    assert late.status_code in (409, 422)
    assert "a changé" in late.text
    with database.reading() as session:
        assert session.get_one(HandoffShare, (1, course.nature)).asked == Decimal("100.00")


def test_who_comes_second_is_told(app: Flask, database: Database, course: Course) -> None:
    number = proposed(database, course)
    opco = client(app, database, course, "opco")
    token = opco.token(f"/relais/{number}/accepter")
    with database.writing() as session:
        by = course.world.actors["opco_signatory"]
        refuse_handoff(session, number, motive=HandoffMotive.NO_CREDIT, answer="", by=by, at=NOW)
    late = opco.post(f"/relais/{number}/accepter", data={"csrf_token": token, f"accepted_{course.nature}": "4500,00"})
    assert late.status_code == 409
    assert "déjà été refusé" in late.text and "Compte opco_signatory" in late.text
    with database.reading() as session:
        assert len(ledger(session)) == 1


def test_refusing_needs_a_motive_and_shuts_the_parcours(app: Flask, database: Database, course: Course) -> None:
    number = proposed(database, course)
    opco, region = client(app, database, course, "opco"), client(app, database, course, "region")
    here = f"/relais/{number}/refuser"
    assert opco.get(f"/parcours/{course.parcours}").status_code == 200
    assert opco.post(here, token_from=here).status_code == 422
    done = opco.post(here, token_from=here, data={"motive": "no_credit", "answer": "Budget clos"})
    assert done.status_code == 303
    assert opco.get(f"/parcours/{course.parcours}").status_code == 404
    page = opco.get(f"/relais/{number}").text
    assert "Crédits épuisés" in page
    for secret in ("Cours", "P-2026-", "31,00", "AREF"):
        assert secret not in page
    page = region.get(f"/relais/{number}").text
    assert "Budget clos" in page and "Cours" in page
    closed = region.get("/relais?onglet=termines").text
    assert "Crédits épuisés" in closed


def test_a_signatory_is_asked_for_above_the_threshold(app: Flask, database: Database, course: Course) -> None:
    number = proposed(database, course)
    with database.writing() as session:
        by = course.world.actors["opco_signatory"]
        set_confirmation_threshold(session, course.world["opco"], threshold=Decimal("4000.00"), by=by, at=NOW)
    here = f"/relais/{number}/accepter"
    opco, signatory = client(app, database, course, "opco"), client(app, database, course, "opco_signatory")
    assert "Un signataire doit accepter" in opco.get(here).text
    asked = {f"accepted_{course.nature}": "4500,00"}
    refused = opco.post(here, token_from=here, data=asked)
    assert refused.status_code == 422
    assert "un signataire" in refused.text
    assert status_of(database, number) == "proposed"
    assert "Un signataire doit accepter" not in signatory.get(here).text
    assert signatory.post(here, token_from=here, data=asked).status_code == 303


def test_too_much_is_refused_at_its_field(app: Flask, database: Database, course: Course) -> None:
    number = proposed(database, course)
    here = f"/relais/{number}/accepter"
    opco = client(app, database, course, "opco")
    refused = opco.post(here, token_from=here, data={f"accepted_{course.nature}": "4500,01"})
    assert refused.status_code == 422
    assert f'id="accepted_{course.nature}-error"' in refused.text


def test_what_was_paid_since_is_said_before_the_answer(app: Flask, database: Database, course: Course) -> None:
    number = proposed(database, course)
    with database.writing() as session:
        record_payment(
            session,
            course.commitment,
            amount=Decimal("3000.00"),
            paid_on=date(2025, 12, 1),
            by=course.world.actors["region"],
            at=NOW,
            source=EntrySource.FORM,
        )
    opco = client(app, database, course, "opco")
    page = spaced(opco.get(f"/relais/{number}/accepter").text)
    assert "dégagement de 3 000,00 €" in page and "3 500,00 € à l’envoi" in page
    assert "3 000,00 € au lieu des 3 500,00 €" in spaced(opco.get(f"/relais/{number}").text)


def test_withdrawing(app: Flask, database: Database, course: Course) -> None:
    number = proposed(database, course)
    region, opco = client(app, database, course, "region"), client(app, database, course, "opco")
    here = f"/relais/{number}/retirer"
    assert opco.get(here).status_code == 404
    assert region.post(here, token_from=here).status_code == 303
    assert status_of(database, number) == "withdrawn"
    again = region.get(here)
    assert "ne peut plus être retiré" in again.text
    assert region.get(f"/relais/{number}/modifier").status_code == 409
    assert opco.get(f"/parcours/{course.parcours}").status_code == 404


@pytest.mark.parametrize("who", ["france_travail", "reader", "admin"])
def test_a_foreigner_finds_nothing(app: Flask, database: Database, course: Course, who: str) -> None:
    number = proposed(database, course)
    other = client(app, database, course, who)
    for path in ("", "/accepter", "/refuser", "/retirer", "/modifier", "/proposer"):
        assert other.get(f"/relais/{number}{path}").status_code in (403, 404)
    listed = other.get("/relais")
    assert listed.status_code == (200 if who == "france_travail" else 403)
    assert "P-2026-" not in listed.text and "R-2026-" not in listed.text


def test_a_coordinator_reads_all_and_answers_none(app: Flask, database: Database, course: Course) -> None:
    number = proposed(database, course)
    coordinator = client(app, database, course, "coordinator")
    assert "En attente de réponse" in coordinator.get("/relais").text
    page = coordinator.get(f"/relais/{number}").text
    assert "Accepter" not in page and "Compte" not in page.split("<main")[1].split('class="printed"')[0]
    for path in ("accepter", "refuser", "retirer", "proposer"):
        assert coordinator.get(f"/relais/{number}/{path}").status_code == 403
    with database.reading() as session:
        assert session.get_one(Handoff, number).read_at is None


def test_the_reference_of_a_line_is_shown_to_its_owner_alone(app: Flask, database: Database, course: Course) -> None:
    number = proposed(database, course)
    with database.writing() as session:
        accept_handoff(session, number, by=course.world.actors["opco"], at=NOW)
    link = f'href="/engagements/{course.commitment}"'
    region, opco = client(app, database, course, "region"), client(app, database, course, "opco")
    assert link in region.get(f"/relais/{number}").text
    page = opco.get(f"/relais/{number}").text
    assert link not in page
    assert f'href="/engagements/{course.commitment + 1}"' in page
    assert f'href="/engagements/{course.commitment + 1}"' not in region.get(f"/relais/{number}").text


def test_every_tab_is_a_page(app: Flask, database: Database, course: Course) -> None:
    number = proposed(database, course)
    for who in ("region", "opco", "coordinator"):
        browser = client(app, database, course, who)
        for tab in ("a-traiter", "envoyes", "termines", "chaines", "autre"):
            assert browser.get(f"/relais?onglet={tab}&page=3").status_code == 200
    chain_of_two(database, course, number)
    for who in ("region", "opco", "france_travail", "coordinator"):
        browser = client(app, database, course, who)
        page = browser.get("/relais?onglet=chaines").text
        assert "OPCO Exemple → France Travail" in page
        for each in (number, number + 1):
            assert browser.get(f"/relais/{each}").status_code in (200, 404)
    page = client(app, database, course, "opco").get(f"/relais/{number}").text
    assert "Chaîne de relais" in page


def chain_of_two(database: Database, course: Course, number: int) -> None:
    """Région → OPCO → France Travail."""
    actors, world = course.world.actors, course.world
    with database.writing() as session:
        accept_handoff(session, number, by=actors["opco"], at=NOW)
        line = line_to(course, sender_id=world["opco"], receiver_id=world["france_travail"])
        onward = draft_handoff(session, course.parcours, line, by=actors["opco"], at=NOW)
        propose_handoff(session, onward.id or 0, by=actors["opco"], at=NOW)
        accept_handoff(session, onward.id or 0, by=actors["france_travail"], at=NOW)


def test_figures_are_those_of_the_reader(app: Flask, database: Database, course: Course) -> None:
    first = proposed(database, course)
    with database.writing() as session:
        by = course.world.actors["opco"]
        refuse_handoff(session, first, motive=HandoffMotive.DATES, answer="", by=by, at=NOW)
    second = proposed(database, course)
    with database.writing() as session:
        accept_handoff(session, second, by=course.world.actors["opco"], at=NOW)
    page = spaced(client(app, database, course, "opco").get("/relais").text)
    assert "50 %" in page and "1 sur 2" in page and "Dates impossibles" in page
    page = spaced(client(app, database, course, "france_travail").get("/relais").text)
    assert "50 %" not in page and "Dates impossibles" not in page


def test_a_funder_without_a_step_has_nothing_to_hand_over(app: Flask, database: Database, course: Course) -> None:
    with database.writing() as session:
        session.add(StepFunder(step_id=course.step, organisation_id=course.world["opco"]))
        row = session.get_one(StepFunder, (course.step, course.world["region"]))
        session.delete(row)
    page = client(app, database, course, "region").get(f"/parcours/{course.parcours}/relais/nouveau")
    assert page.status_code == 200
    assert "ne finance aucune étape" in page.text


def test_odd_addresses_of_a_new_handoff(app: Flask, database: Database, course: Course) -> None:
    region = client(app, database, course, "region")
    here = f"/parcours/{course.parcours}/relais/nouveau"
    assert region.get(f"{here}?jour=hier").status_code == 200
    assert region.get(f"{here}?etape=abc").status_code == 404
    assert region.get(f"{here}?etape={course.step}&vers=999999").status_code == 404
    assert region.get(f"{here}?etape=99999999999999999999").status_code == 404
    refused = region.post(here, token_from=here, data={"receiver_id": course.world["opco"]})
    assert refused.status_code in (302, 303)
    with database.reading() as session:
        assert len(session.exec(select(HandoffShare)).all()) == 0


def test_a_day_outside_of_the_step_is_refused_on_the_form(app: Flask, database: Database, course: Course) -> None:
    region = client(app, database, course, "region")
    here = f"/parcours/{course.parcours}/relais/nouveau?etape={course.step}&vers=meme&jour=01/01/2031"
    refused = region.post(here, token_from=here, data={"receiver_id": course.world["opco"]})
    assert refused.status_code == 422
    assert "Le premier jour du relais va du" in spaced(refused.text)
