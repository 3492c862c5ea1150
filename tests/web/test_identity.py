"""Are names on the pages of the identity alone, each opening noted, and two parcours of a person joined by both sides?"""

import json
import re
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import text
from sqlmodel import Session, select

from conference.data.session import Database
from conference.data.tables import Identity, Parcours, ParcoursMerge, Step, StepFunder, Trace
from conference.domain.identity import Person
from conference.domain.rights import RightKind
from conference.services.handoffs import HandoffLine, draft_handoff
from conference.services.identities import record_identity
from conference.services.income_rights import RightLine, record_right
from conference.settings import Settings
from tests.seeds import AT, World, make_world, sign_in_token
from tests.services.test_identities import opened
from tests.web.page_client import PageClient

WHO = Person(
    "Kerguélen-Quemeneur", "Anatoline", date(1990, 5, 2), "06 11 22 33 44", "anatoline@example.org", "FT-778899"
)
SAME = Person("KERGUELEN QUEMENEUR", "anatoline", date(1990, 5, 2))
SECRETS = (
    "Kerguélen",
    "KERGUELEN",
    "Anatoline",
    "anatoline",
    "02/05/1990",
    "1990-05-02",
    "06 11 22 33 44",
    "FT-778899",
)
FORM = {
    "family_name": "Le Goff",
    "given_names": "Marie",
    "birth_date": "12/03/1985",
    "phone": "",
    "mail": "",
    "own_identifier": "",
}
sqlite_only = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
def world(database: Database) -> World:
    return make_world(database)


@pytest.fixture
def parcours(database: Database, world: World, settings: Settings) -> int:
    """The Région's parcours, with a course that the OPCO shares, and an identity."""
    region = world.actors["region"]
    with database.writing() as session:
        number = opened(session, world, "region", "opco")
        record_identity(session, number, WHO, instance=settings.instance, by=region, at=AT)
        right = RightLine(RightKind.AREF, world["france_travail"], date(2026, 5, 1), date(2026, 6, 30))
        record_right(session, number, right, by=region, at=AT)
    return number


def client_of(app: Flask, database: Database, world: World, who: str) -> PageClient:
    client = PageClient(app)
    client.flask.set_cookie("conference_session", sign_in_token(database, world.actors[who]))
    return client


def traces(database: Database) -> list[tuple[str, str, int | None]]:
    with database.reading() as session:
        rows = session.exec(select(Trace).where(Trace.kind == "nominative").order_by(Trace.id))  # type: ignore[arg-type]
        return [(row.subject, row.detail, row.person_count) for row in rows]


def test_funder_reads_and_the_referent_sees_who_did(
    app: Flask, database: Database, world: World, parcours: int
) -> None:
    opco = client_of(app, database, world, "opco")
    page = opco.get(f"/parcours/{parcours}/identite")
    assert page.status_code == 200
    assert "Kerguélen-Quemeneur" in page.text
    assert "Lectures récentes" not in page.text
    assert traces(database) == [("P-2026-000001", "page de l’identité", 1)]
    region = client_of(app, database, world, "region").get(f"/parcours/{parcours}/identite")
    assert "Compte opco" in region.text


@pytest.mark.parametrize(
    ("who", "status"),
    [("france_travail", 404), ("coordinator", 403), ("reader", 403), ("admin", 403)],
)
@sqlite_only
def test_others_are_told_nothing(
    app: Flask, database: Database, world: World, parcours: int, who: str, status: int
) -> None:
    client = client_of(app, database, world, who)
    for address in (
        "identite",
        "identite/modifier",
        "identite/effacer",
        "reunion",
        "export-personne.xlsx",
        "export-personne.json",
    ):
        page = client.get(f"/parcours/{parcours}/{address}")
        assert page.status_code == status, address
        assert not [each for each in SECRETS if each in page.text]
    assert traces(database) == []


@sqlite_only
def test_a_share_does_not_edit(app: Flask, database: Database, world: World, parcours: int) -> None:
    client = client_of(app, database, world, "opco")
    for address in ("identite/modifier", "identite/effacer", "reunion", "export-personne.xlsx", "export-personne.json"):
        assert client.get(f"/parcours/{parcours}/{address}").status_code == 403, address
    assert traces(database) == []


@sqlite_only
def test_reading_is_noted_even_when_the_page_fails(
    app: Flask, database: Database, world: World, parcours: int, settings: Settings
) -> None:
    """The instance lost its key: nothing can be deciphered, and the attempt is kept."""
    (settings.instance / "keys" / "master.key").write_text("00" * 32)
    client = client_of(app, database, world, "opco")
    assert client.get(f"/parcours/{parcours}/identite").status_code == 500
    assert [detail for _, detail, _ in traces(database)] == ["page de l’identité"]


def test_recorded_corrected_erased(app: Flask, database: Database, world: World) -> None:
    with database.writing() as session:
        number = opened(session, world)
    client = client_of(app, database, world, "region")
    address = f"/parcours/{number}/identite"
    assert "pas enregistrée" in client.get(address).text
    assert traces(database) == []
    refused = client.post(
        f"{address}/modifier", f"{address}/modifier", data={**FORM, "own_identifier": "2850375123456"}
    )
    assert refused.status_code == 422
    assert "numéro de sécurité sociale" in refused.text
    kept = client.post(f"{address}/modifier", f"{address}/modifier", data=FORM)
    assert kept.status_code == 303
    assert "Le Goff" in client.get(address).text
    change = {**FORM, "family_name": "Le Braz", "version": "1", "motive": "person"}
    assert client.post(f"{address}/modifier", f"{address}/modifier", data=change).status_code == 303
    assert client.post(f"{address}/modifier", f"{address}/modifier", data=change).status_code == 422
    page = client.get(address).text
    assert "Le Braz" in page
    assert "Identité corrigée" in client.get(f"/parcours/{number}").text
    assert "Le Braz" not in client.get(f"/parcours/{number}").text
    done = client.post(f"{address}/effacer", f"{address}/effacer", data={"motive": "Demande de la personne"})
    assert done.status_code == 303
    assert "Identité effacée" in client.get(address).text
    assert client.get(f"{address}/effacer").status_code == 404


def test_search_by_name_finds_among_what_one_reaches(
    app: Flask, database: Database, world: World, parcours: int
) -> None:
    typed = {"family_name": "kerguelen quemeneur", "given_names": "ANATOLINE", "birth_date": "02/05/1990"}
    address = "/parcours/recherche-identite"
    for who, found in (("region", True), ("opco", True), ("france_travail", False)):
        page = client_of(app, database, world, who).post(address, address, data=typed)
        assert page.status_code == 200
        assert ("P-2026-000001" in page.text) is found, who
    assert traces(database) == [("recherche", "recherche par nom", count) for count in (1, 1, 0)]
    other = client_of(app, database, world, "region").post(address, address, data={**typed, "birth_date": "03/05/1990"})
    assert "P-2026-000001" not in other.text
    nir = client_of(app, database, world, "region").post(
        address, address, data={**typed, "family_name": "2850375123456"}
    )
    assert nir.status_code == 422


def test_two_sides_join_and_part(
    app: Flask, database: Database, world: World, parcours: int, settings: Settings
) -> None:
    with database.writing() as session:
        other = opened(session, world, "france_travail")
        record_identity(session, other, SAME, instance=settings.instance, by=world.actors["france_travail"], at=AT)
    region, theirs = (client_of(app, database, world, who) for who in ("region", "france_travail"))
    page = region.get(f"/parcours/{parcours}/identite").text
    assert "Une personne semblable est suivie par" in page
    assert "France Travail" in page
    assert "P-2026-000002" not in page
    assert "Région Exemple" in theirs.get(f"/parcours/{other}/identite").text
    form = region.get(f"/parcours/{parcours}/reunion").text
    [token] = re.findall(r'<option value="([0-9a-f]{24})"', form)
    asked = region.post(
        f"/parcours/{parcours}/reunion", f"/parcours/{parcours}/reunion", data={"other": token, "keep": "mine"}
    )
    assert asked.status_code == 303
    waiting = theirs.get(f"/parcours/{other}/identite").text
    assert "En attente" in waiting
    assert "P-2026-000001" not in waiting
    agree = f"/parcours/{other}/reunion/1/accepter"
    assert client_of(app, database, world, "opco").get(agree).status_code == 404
    assert theirs.post(agree, agree).status_code == 303
    moved = theirs.get(f"/parcours/{other}/identite")
    assert (moved.status_code, moved.headers["Location"]) == (302, f"/parcours/{parcours}/identite")
    assert "Kerguélen-Quemeneur" in theirs.get(f"/parcours/{parcours}/identite").text
    undo = f"/parcours/{parcours}/reunion/1/defaire"
    assert theirs.post(undo, undo, data={"motive": ""}).status_code == 422
    assert theirs.post(undo, undo, data={"motive": "Deux personnes"}).status_code == 303
    assert theirs.get(f"/parcours/{parcours}/identite").status_code == 404
    with database.reading() as session:
        assert session.get_one(ParcoursMerge, 1).status == "undone"
        assert session.get_one(Parcours, other).merged_into_id is None


@sqlite_only
def test_refused_and_taken_back(
    app: Flask, database: Database, world: World, parcours: int, settings: Settings
) -> None:
    with database.writing() as session:
        other = opened(session, world, "france_travail")
        record_identity(session, other, SAME, instance=settings.instance, by=world.actors["france_travail"], at=AT)
    region, theirs = (client_of(app, database, world, who) for who in ("region", "france_travail"))
    ask = f"/parcours/{parcours}/reunion"
    for ending, client, where in (
        ("refuser", theirs, other),
        ("retirer", region, parcours),
    ):
        [token] = re.findall(r'<option value="([0-9a-f]{24})"', region.get(ask).text)
        assert region.post(ask, ask, data={"other": token, "keep": "other"}).status_code == 303
        with database.reading() as session:
            merge = session.exec(select(ParcoursMerge.id).where(ParcoursMerge.status == "asked")).one()
        address = f"/parcours/{where}/reunion/{merge}/{ending}"
        token_from = address if ending == "refuser" else f"/parcours/{where}/identite"
        assert client.post(address, token_from, data={"motive": "Une autre personne"}).status_code == 303
    assert "Une autre personne" in region.get(f"/parcours/{parcours}/identite").text
    assert "Retirée" in region.get(f"/parcours/{parcours}/identite").text


def test_the_person_is_given_everything(app: Flask, database: Database, world: World, parcours: int) -> None:
    region = client_of(app, database, world, "region")
    client_of(app, database, world, "opco").get(f"/parcours/{parcours}/identite")
    sent = region.get(f"/parcours/{parcours}/export-personne.xlsx")
    assert sent.status_code == 200
    book = load_workbook(BytesIO(sent.data))
    words = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    for expected in ("Kerguélen-Quemeneur", "Soudage", "Région Exemple", "OPCO Exemple", "Formation", "France Travail"):
        assert expected in words, expected
    assert {"Identité", "Parcours", "Étapes", "Droits à un revenu", "Lectures de l’identité"} <= set(book.sheetnames)
    data = json.loads(region.get(f"/parcours/{parcours}/export-personne.json").data)
    assert data["identity"][0]["birth_date"] == "1990-05-02"
    assert data["steps"][0]["title"] == "Soudage"
    assert data["rights"][0]["payer"] == "France Travail"
    assert [each["organisation"] for each in data["readings"]] == ["OPCO Exemple", "Région Exemple"]
    assert [detail for _, detail, _ in traces(database)] == ["page de l’identité", *["export pour la personne"] * 2]


@sqlite_only
def test_every_heading_of_the_export_is_french(app: Flask, database: Database, world: World, parcours: int) -> None:
    """Every field that `held_on` may tell has its words."""
    from conference.data.queries.held import _queries
    from conference.web.held_words import CODES, FIELDS, KINDS

    with database.reading() as session:
        queries = _queries(session.get_one(Parcours, parcours))
        told = {kind: [str(each["name"]) for each in query.column_descriptions] for kind, query in queries.items()}
    assert set(KINDS) == {"identity", *told}
    assert {name for names in told.values() for name in names} | set(WHO.__slots__) <= set(FIELDS)
    assert set(CODES) <= {f"{kind}.{name}" for kind, names in told.items() for name in names}


@sqlite_only
def test_names_are_nowhere_else(
    app: Flask, database: Database, world: World, parcours: int, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    """Every page of every role but those of the identity, every table in clear, the logs and the files of the instance."""
    region = client_of(app, database, world, "region")
    region.get(f"/parcours/{parcours}/identite")
    region.get(f"/parcours/{parcours}/export-personne.xlsx")
    pages = [
        "/",
        "/parcours",
        f"/parcours/{parcours}",
        "/alertes",
        "/recherche?q=Kerguélen",
        "/recherche?q=P-2026",
        "/journal",
    ]
    for who in ("region", "opco", "coordinator", "admin", "reader"):
        client = client_of(app, database, world, who)
        for address in pages:
            page = client.get(address, follow_redirects=True).text.replace('value="Kerguélen"', "")
            assert not [each for each in SECRETS if each in page.replace("« Kerguélen »", "")], (who, address)
    with database.reading() as session:
        assert not [each for each in SECRETS if each in _in_clear(session)]
    assert not [each for each in SECRETS if each in caplog.text]
    database.dispose()
    app.extensions["database"].dispose()
    assert database.path is not None
    for path in (*database.path.parent.glob("*.sqlite*"), *settings.instance.rglob("*")):
        if Path(path).is_file():
            assert not [each for each in SECRETS if each.encode() in path.read_bytes()], path


def _in_clear(session: Session) -> str:
    """Every row of every table."""
    names = session.connection().execute(text("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars().all()
    return "\n".join(
        str(tuple(row)) for name in names for row in session.connection().execute(text(f'SELECT * FROM "{name}"'))
    )


def test_retention_is_told_to_who_administers(app: Flask, database: Database, world: World, parcours: int) -> None:
    for who, status in (("coordinator", 200), ("admin", 200), ("region", 403)):
        page = client_of(app, database, world, who).get("/parcours/conservation")
        assert page.status_code == status, who
    assert "36 mois" in client_of(app, database, world, "admin").get("/parcours/conservation").text.replace(
        "\u00a0", " "
    )


def test_an_erased_row_is_gone_from_search(app: Flask, database: Database, world: World, parcours: int) -> None:
    region = client_of(app, database, world, "region")
    address = f"/parcours/{parcours}/identite/effacer"
    region.post(address, address, data={"motive": "Demande"})
    typed = {"family_name": WHO.family_name, "given_names": WHO.given_names, "birth_date": "02/05/1990"}
    page = region.post("/parcours/recherche-identite", "/parcours/recherche-identite", data=typed)
    assert "P-2026-000001" not in page.text
    with database.reading() as session:
        assert session.exec(select(Identity.digest)).one() == ""


@sqlite_only
def test_another_funders_draft_is_not_in_the_export(
    app: Flask, database: Database, world: World, parcours: int
) -> None:
    """A draft is known to its sender alone; the export tells the follower's own."""
    with database.writing() as session:
        step = session.exec(select(Step).where(Step.parcours_id == parcours)).first()
        assert step is not None
        for who, receiver in (("region", "opco"), ("opco", "france_travail")):
            line = HandoffLine(world[who], world[receiver], step.id or 0, step.first, message=f"Brouillon de {who}")
            if session.get(StepFunder, (step.id, world[who])) is None:
                session.add(StepFunder(step_id=step.id or 0, organisation_id=world[who]))
                session.flush()
            draft_handoff(session, parcours, line, by=world.actors[who], at=AT)
    region = client_of(app, database, world, "region")
    data = json.loads(region.get(f"/parcours/{parcours}/export-personne.json").data)
    assert [each["message"] for each in data["handoffs"]] == ["Brouillon de region"]
