"""Do the pages that show figures, months, parcours and alerts say the same thing, and only to those who may know it?"""

import subprocess
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask

from conference.data.queries.totals import totals
from conference.data.session import Database
from conference.domain.case import StepKind
from conference.domain.french import format_euros
from conference.domain.ledger import EntrySource
from conference.domain.parcours import KeySituation, ParcoursKind
from conference.domain.rights import RightKind
from conference.services.entries import record_payment
from conference.services.income_rights import RightLine, record_right
from conference.services.parcours import open_parcours
from conference.services.steps import StepLine, add_step
from conference.services.summaries import made_summary
from tests.seeds import AT, World, commit, make_world, sign_in_token
from tests.web.page_client import PageClient

PAGES = (
    "/",
    "/tableau-de-bord",
    "/tableau-de-bord?annee=2026",
    "/tableau-de-bord?annee=1999",
    "/tableau-de-bord?annee=2026&financeur=region",
    "/syntheses",
    "/syntheses?annee=2024",
    "/aide",
)
FOR_WORKERS = ("/parcours", "/parcours?q=P-2026", "/alertes", "/alertes?statut=fermees", "/alertes?statut=toutes")
SECRET = "Conducteur de transport en commun"


@pytest.fixture
def world(database: Database) -> World:
    """A transfer from the Région to the OPCO that spends part of it, and the founding case followed by the Région."""
    made = make_world(database)
    region, opco = made.actors["region"], made.actors["opco"]
    with database.writing() as session:
        commit(session, made, "region", "1000.00", to_funder_id=made["opco"])
        spent = commit(session, made, "opco", "1000.00")
        commit(session, made, "france_travail", "500.00", date(2016, 11, 3))
        record_payment(
            session, spent, amount=Decimal("412.34"), paid_on=date(2026, 3, 9), by=opco, at=AT, source=EntrySource.FORM
        )
        parcours = open_parcours(
            session,
            referent_id=made["region"],
            kind=ParcoursKind.INSERTION,
            key_situation=KeySituation.CAREER_CHANGE,
            target=SECRET,
            by=region,
            at=AT,
        )
        assert parcours.id == 1
        course = StepLine(StepKind.TRAINING, SECRET, date(2026, 1, 5), date(2026, 6, 30))
        add_step(session, 1, course, by=region, at=AT)
        aref = RightLine(
            RightKind.AREF,
            made["france_travail"],
            date(2026, 1, 5),
            date(2026, 5, 14),
            Decimal("31.00"),
            "Notification",
        )
        record_right(session, 1, aref, by=region, at=AT)
    return made


def signed_in(app: Flask, database: Database, world: World, who: str) -> PageClient:
    """A browser in which `who` is signed in."""
    client = PageClient(app)
    client.flask.set_cookie("conference_session", sign_in_token(database, world.actors[who]))
    return client


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize("who", ["region", "region_signatory", "opco", "coordinator", "reader", "admin"])
def test_everyone_opens_the_figures(app: Flask, database: Database, world: World, who: str) -> None:
    client = signed_in(app, database, world, who)
    assert {address: client.get(address).status_code for address in PAGES} == dict.fromkeys(PAGES, 200)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_empty_conference_says_why_its_pages_are_empty(app: Flask, database: Database) -> None:
    empty = make_world(database)
    client = signed_in(app, database, empty, "region")
    for address in (*PAGES, *FOR_WORKERS, "/parcours/nouveau"):
        assert client.get(address).status_code == 200
    assert "Aucune écriture" in client.get("/tableau-de-bord?annee=toutes").text
    assert "Rien ne vous attend" in client.get("/").text


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_reader_sees_figures_and_no_line(app: Flask, database: Database, world: World) -> None:
    client = signed_in(app, database, world, "reader")
    page = client.get("/tableau-de-bord?annee=2026").text
    assert format_euros(Decimal("1000.00")).removesuffix("\u00a0€") in page
    assert "/engagements" not in page
    assert (
        "/engagements?financeur=region"
        in signed_in(app, database, world, "opco").get("/tableau-de-bord?annee=toutes").text
    )


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize("who", ["reader", "admin"])
def test_parcours_and_alerts_are_not_for_readers_nor_administrators(
    app: Flask, database: Database, world: World, who: str
) -> None:
    client = signed_in(app, database, world, who)
    for address in (*FOR_WORKERS, "/parcours/1", "/parcours/nouveau", "/parcours/1/etape", "/parcours/1/droit"):
        answer = client.get(address)
        assert (answer.status_code, SECRET in answer.text) == (403, False)


@pytest.mark.parametrize("who", ["opco", "opco_signatory", "france_travail"])
def test_foreign_funder_learns_nothing_of_a_parcours(app: Flask, database: Database, world: World, who: str) -> None:
    client = signed_in(app, database, world, who)
    token = client.token("/parcours/nouveau")
    step = "/parcours/1/etape/1"
    forms = ("/parcours/1/situation", "/parcours/1/etape/nouvelle", step, f"{step}/retirer", f"{step}/interruption")
    for address in ("/parcours/1", "/parcours/1/etape", *forms, f"{step}/resultat", "/parcours/1/droit"):
        missing = client.get(address.replace("/parcours/1", "/parcours/999"))
        answer = client.get(address)
        assert (answer.status_code, missing.status_code) == (404, 404)
        assert SECRET not in answer.text
        if address not in ("/parcours/1", "/parcours/1/etape"):
            sent = {"csrf_token": token, "first": "01/01/2026", "last": "02/01/2026", "kind": "aref", "version": "1"}
            assert client.post(address, data=sent).status_code == 404
    for address in (*FOR_WORKERS, "/"):
        page = client.get(address)
        assert page.status_code == 200
        assert SECRET not in page.text
        assert "P-2026-000001" not in page.text
    assert "0,00\u00a0€" not in client.get("/").text


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_coordinator_reads_and_does_not_write(app: Flask, database: Database, world: World) -> None:
    client = signed_in(app, database, world, "coordinator")
    page = client.get("/parcours/1").text
    assert "47\u00a0jours" in page.replace(" ", "\u00a0")
    assert format_euros(Decimal("1457.00")) in page
    assert "/parcours/1/droit" not in page
    assert client.get("/parcours/1/droit").status_code == 403
    token = client.token("/")
    assert client.post("/parcours/1/droit", data={"csrf_token": token}).status_code == 403


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_alerts_tell_days_euros_and_first_day(app: Flask, database: Database, world: World) -> None:
    for who in ("region", "coordinator"):
        page = signed_in(app, database, world, who).get("/alertes").text
        assert "P-2026-000001" in page
        assert "15\u00a0mai\u00a02026" in page
        assert '<td class="num">47</td>' in page
        assert page.count('<td class="num">1\u202f457,00</td>') == 2


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_officer_follows_a_person_through_the_forms(app: Flask, database: Database, world: World) -> None:
    client = signed_in(app, database, world, "opco")
    new = "/parcours/nouveau"
    assert client.post(new, token_from=new, data={}).status_code == 422
    answer = client.post(new, token_from=new, data={"kind": "insertion", "key_situation": "1"})
    page = answer.headers["Location"].removesuffix("/etape")
    models = client.get(f"{page}/etape").text
    assert "Formation" in models
    step = f"{page}/etape/nouvelle"
    assert "Formation qualifiante" in client.get(f"{step}?modele=training").text
    wrong = {"kind": "training", "title": "CAP", "first": "05/01/2026", "last": "2026-01-04"}
    assert "Le dernier jour précède le premier" in client.post(step, token_from=step, data=wrong).text
    good = {
        **wrong,
        "last": "30 juin 2026",
        "needs_income": "y",
        "funder_ids": [str(world["opco"])],
        "qualifying": "no",
        "weekly_hours": "17,5",
    }
    assert client.post(step, token_from=step, data=good).status_code == 303
    paid = {"kind": "aref", "payer_id": str(world["france_travail"]), "first": "05/01/2026", "days_left": "130"}
    given = client.post(f"{page}/droit", token_from=f"{page}/droit", data={**paid, "daily_amount": "31,00"})
    assert given.status_code == 303
    shown = client.get(page).text
    assert "47 jours sans revenu" in shown.replace("\u00a0", " ")
    assert "1\u202f457,00" in shown
    assert "Rémunération de fin de formation" in shown, "who can take over is told"
    moved = {**good, "last": "14/05/2026", "version": "1"}
    change = f"{page}/etape/2"
    assert 'value="17,5"' in client.get(change).text, "what was typed is shown again as it is typed"
    assert client.post(change, token_from=change, data=moved).status_code == 303
    assert "sans revenu</h" not in client.get(page).text
    assert "dont 130 jours payés" in client.get(page).text.replace("\u00a0", " ")
    stale = client.post(change, token_from=change, data={**moved, "title": "CAP maçon"})
    assert (stale.status_code, "Quelqu’un a modifié cette étape" in stale.text) == (422, True)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_officer_tells_the_situation_interruptions_and_results(app: Flask, database: Database, world: World) -> None:
    client = signed_in(app, database, world, "region")
    page = "/parcours/1"
    situation = {"kind": "insertion", "key_situation": "2", "target": SECRET, "no_benefit": "no", "disabled": ""}
    filled = client.get(f"{page}/situation").text
    version = filled.split('name="version" type="hidden" value="')[1].split('"')[0]
    sent = {**situation, "version": version}
    assert client.post(f"{page}/situation", token_from=f"{page}/situation", data=sent).status_code == 303
    assert client.post(f"{page}/situation", token_from=f"{page}/situation", data=sent).status_code == 422
    away = f"{page}/etape/1/interruption"
    days = {"kind": "absence", "first": "02/02/2026", "last": "06/02/2026"}
    assert client.post(away, token_from=away, data=days).status_code == 303
    twice = client.post(away, token_from=away, data=days)
    assert (twice.status_code, "déjà enregistrée" in twice.text) == (422, True)
    outside = client.post(away, token_from=away, data={**days, "first": "02/02/2025"})
    assert "Ces jours ne sont pas tous dans l’étape" in outside.text
    assert "Absence" in client.get(page).text
    assert client.post(f"{away}/1/retirer", token_from=away, data={}).status_code == 303
    result = f"{page}/etape/1/resultat"
    broken = {"outcome": "broken_off", "ended_on": "15/05/2026", "version": "0"}
    assert "Choisissez le motif de la rupture" in client.post(result, token_from=result, data=broken).text
    assert client.post(result, token_from=result, data={**broken, "motive": "no_income"}).status_code == 303
    assert "Rompue, revenu insuffisant" in client.get(page).text
    assert client.post(result, token_from=result, data={**broken, "motive": "work"}).status_code == 422
    gone = f"{page}/droit/1/retirer"
    assert client.post(gone, token_from=gone, data={}).status_code == 422
    assert client.post(gone, token_from=gone, data={"motive": "Mauvais montant"}).status_code == 303
    assert "177 jours sans revenu" in client.get(page).text.replace("\u00a0", " ")
    withdrawn = f"{page}/etape/1/retirer"
    assert client.post(withdrawn, token_from=withdrawn, data={"motive": "Doublon", "version": "1"}).status_code == 303
    assert "n’a pas encore d’étape" in client.get(page).text


def test_screen_command_and_document_tell_the_same_figures(
    app: Flask, database: Database, world: World, tmp_path: Path
) -> None:
    with database.reading() as session:
        shared = totals(session, ("funder", "month")).shared_total
        made = made_summary(session, date(2026, 3, 1), threshold=11)
        again = made_summary(session, date(2026, 3, 1), threshold=11)
    assert made.files == again.files
    figures = [shared.committed, shared.paid, shared.still_to_pay]
    told = made.facts()["shared_total"]["all_time"]
    assert [Decimal(told[name]) for name in ("committed", "paid", "still_to_pay")] == figures
    page = signed_in(app, database, world, "reader").get("/tableau-de-bord?annee=toutes").text
    pdf = tmp_path / "summary.pdf"
    pdf.write_bytes(made.files["SYN-2026-03.pdf"])
    read = subprocess.run(["pdftotext", "-layout", pdf, "-"], check=True, capture_output=True, text=True).stdout
    read = " ".join(read.split())
    for figure in figures:
        shown = format_euros(figure).removesuffix("\u00a0€")
        assert shown in page
        assert " ".join(shown.split()) in read
    assert figures == [Decimal("1500.00"), Decimal("412.34"), Decimal("1087.66")]
    assert "1 457,00" not in read, "the days and euros of one person's gap would tell its income"


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_document_is_served_for_known_months_only(app: Flask, database: Database, world: World) -> None:
    client = signed_in(app, database, world, "reader")
    served = client.get("/syntheses/2026-03.pdf")
    with database.reading() as session:
        content = made_summary(session, date(2026, 3, 1), threshold=11).files["SYN-2026-03.pdf"]
    assert (served.mimetype, served.data) == ("application/pdf", content)
    next_year = datetime.now(UTC).year + 1
    for name in ("2016-10", f"{next_year}-01", "mars", "2026-3", "2026-13"):
        assert client.get(f"/syntheses/{name}.pdf").status_code == 404


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_public_pages_need_no_account(app: Flask, database: Database, world: World) -> None:
    client = PageClient(app)
    assert [client.get(each).status_code for each in ("/mentions-legales", "/accessibilite", "/sante")] == [200] * 3
    assert client.get("/sante").text == "ok\n"
    assert client.get("/tableau-de-bord").status_code == 302
