"""Can a file be joined to a commitment and had again, and is what should not be there refused?"""

import hashlib
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from sqlmodel import select
from werkzeug.test import TestResponse

from conference.data.session import Database
from conference.data.tables import Trace
from conference.domain.parcours import KeySituation, ParcoursKind
from conference.services.files import file_path
from conference.services.parcours import open_parcours
from conference.settings import Settings
from tests.seeds import AT, World, commit, make_world
from tests.web.ledger_pages import Browsers

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)

PDF = b"%PDF-1.7\n1 0 obj\nendobj\n"
ADD = "/engagements/1/fichiers/ajouter"


@pytest.fixture
def world(database: Database) -> World:
    world = make_world(database)
    with database.writing() as session:
        commit(session, world, "region", "100.00")
    return world


@pytest.fixture
def browsers(app: Flask, database: Database, world: World) -> Browsers:
    return Browsers(app, database, world)


def send(browsers: Browsers, name: str, content: bytes, who: str = "region") -> TestResponse:
    return browsers(who).post(
        ADD,
        token_from="/engagements/nouveau",
        data={"file": (BytesIO(content), name)},
        content_type="multipart/form-data",
    )


def test_a_file_is_joined_and_downloaded(browsers: Browsers, settings: Settings) -> None:
    assert send(browsers, "Décision n° 3.pdf", PDF).status_code == 302
    page = browsers("region").get("/engagements/1")
    assert "Décision n° 3.pdf" in page.text
    answer = browsers("region").get("/engagements/1/fichiers/1")
    assert answer.data == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    assert "filename*=UTF-8''D%C3%A9cision%20n%C2%B0%203.pdf" in answer.headers["Content-Disposition"]
    assert (answer.mimetype, answer.headers["X-Content-Type-Options"]) == ("application/pdf", "nosniff")
    assert file_path(settings.instance, hashlib.sha256(PDF).hexdigest()).read_bytes() == PDF


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("vide.pdf", b"", "est vide"),
        ("page.html", b"<script>alert(1)</script>", "n’est pas d’un type accepté"),
        ("faux.pdf", b"MZ\x90\x00", "n’est pas d’un type accepté"),
        ("image.pdf", b"\x89PNG\r\n\x1a\n....", "n’est pas d’un type accepté"),
        ("dessin.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "n’est pas d’un type accepté"),
        ("bin.txt", b"\x00\x01\x02", "n’est pas d’un type accepté"),
    ],
)
def test_what_is_not_accepted_is_refused_at_the_field(
    browsers: Browsers, settings: Settings, name: str, content: bytes, sentence: str
) -> None:
    answer = send(browsers, name, content)
    assert answer.status_code == 422
    assert sentence in answer.text and 'href="#file"' in answer.text
    assert not (settings.instance / "files").exists()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.PDF", PDF),
        ("a.jpg", b"\xff\xd8\xff\xe0..."),
        ("a.xlsx", b"PK\x03\x04..."),
        ("a.csv", "é;1".encode("cp1252")),
    ],
)
def test_what_is_accepted(browsers: Browsers, name: str, content: bytes) -> None:
    assert send(browsers, name, content).status_code == 302


def test_nothing_chosen_is_said(browsers: Browsers) -> None:
    answer = browsers("region").post(ADD, token_from=ADD, data={})
    assert answer.status_code == 422 and "Choisissez un fichier." in answer.text


def test_too_large_is_refused(database_url: str, tmp_path: Path, world: World, database: Database) -> None:
    import conference

    instance = tmp_path / "small"
    instance.mkdir()
    settings = Settings(instance=instance, database_url=database_url, secure_cookies=False, attachment_bytes=1_000)
    small = Browsers(conference.create_app(settings), database, world)
    answer = send(small, "gros.pdf", PDF + b"x" * 1_000)
    assert answer.status_code == 422 and "dépasse 1 ko" in answer.text


@pytest.mark.parametrize(("command", "code"), [("true", 302), ("false", 422), ("/nowhere/scan", 422)])
def test_the_scanner_decides(
    database_url: str, tmp_path: Path, world: World, database: Database, command: str, code: int
) -> None:
    import conference

    instance = tmp_path / "scanned"
    instance.mkdir()
    settings = Settings(instance=instance, database_url=database_url, secure_cookies=False, virus_scan_command=command)
    scanned = Browsers(conference.create_app(settings), database, world)
    assert send(scanned, "a.pdf", PDF).status_code == code


def test_others_neither_add_nor_read_nor_withdraw(browsers: Browsers) -> None:
    send(browsers, "a.pdf", PDF)
    assert send(browsers, "b.pdf", PDF, who="opco").status_code == 404
    assert browsers("opco").get("/engagements/1/fichiers/1").status_code == 404
    retire = "/engagements/1/fichiers/1/retirer"
    assert browsers("opco").post(retire, token_from="/engagements/nouveau").status_code == 404
    assert browsers("admin").get("/engagements/1/fichiers/1").status_code == 403


def test_a_file_taken_off_is_gone_from_the_page_and_kept(browsers: Browsers, settings: Settings) -> None:
    send(browsers, "a.pdf", PDF)
    region = browsers("region")
    assert region.post("/engagements/1/fichiers/1/retirer", token_from="/engagements/1").status_code == 302
    assert "a.pdf" not in region.get("/engagements/1").text.partition("Fichiers joints")[2].partition("Historique")[0]
    assert region.get("/engagements/1/fichiers/1").status_code == 404
    assert file_path(settings.instance, hashlib.sha256(PDF).hexdigest()).exists()


def test_file_of_a_parcours_is_for_its_funders_and_each_download_is_noted(
    browsers: Browsers, database: Database, world: World
) -> None:
    region = world.actors["region"]
    with database.writing() as session:
        parcours = open_parcours(
            session,
            referent_id=world["region"],
            kind=ParcoursKind.INSERTION,
            key_situation=KeySituation.OTHER,
            by=region,
            at=AT,
        )
        page, pseudonym = f"/parcours/{parcours.id}", parcours.pseudonym
    client = browsers("region")
    add = f"{page}/fichiers/ajouter"
    empty = client.post(add, token_from=add, data={})
    assert (empty.status_code, "Choisissez un fichier" in empty.text) == (422, True)
    content = b"%PDF-1.4\n%%EOF\n"
    sent = {"file": (BytesIO(content), "attestation.pdf")}
    assert client.post(add, token_from=add, data=sent, content_type="multipart/form-data").status_code == 302
    assert "attestation.pdf" in client.get(page).text
    assert client.flask.get(f"{page}/fichiers/1").data == content
    with database.reading() as session:
        [trace] = session.exec(select(Trace).where(Trace.kind == "nominative")).all()
        assert (trace.account_id, trace.subject, trace.person_count) == (region.account_id, pseudonym, 1)
    for who, status in (("opco", 404), ("coordinator", 403), ("reader", 403), ("admin", 403)):
        other = browsers(who)
        assert other.flask.get(f"{page}/fichiers/1").status_code == status, who
    assert "attestation.pdf" not in browsers("coordinator").get(page).text
    assert client.post(f"{page}/fichiers/1/retirer", token_from=add, data={}).status_code == 302
    assert client.flask.get(f"{page}/fichiers/1").status_code == 404
