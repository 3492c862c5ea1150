"""Does the page Synthèses give each its documents: the months, the scope, the lines that it may list?"""

from io import BytesIO

import openpyxl
import pytest
from flask import Flask

from conference.data.session import Database
from tests.seeds import World, commit, make_world, sign_in_token
from tests.web.page_client import PageClient

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SECRET = "Objet-à-taire"
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
def world(database: Database) -> World:
    made = make_world(database)
    with database.writing() as session:
        commit(session, made, "region", "1000.00", object=SECRET)
        commit(session, made, "opco", "250.50")
    return made


def client_of(app: Flask, database: Database, world: World, who: str) -> PageClient:
    client = PageClient(app)
    client.flask.set_cookie("conference_session", sign_in_token(database, world.actors[who]))
    return client


def lines(content: bytes) -> str | None:
    book = openpyxl.load_workbook(BytesIO(content))
    return str(list(book["Lignes"].iter_rows(values_only=True))) if "Lignes" in book.sheetnames else None


def test_each_month_has_its_document_and_its_annex(app: Flask, database: Database, world: World) -> None:
    page = client_of(app, database, world, "reader").get("/syntheses?annee=2026").text
    assert 'href="/syntheses/2026-03.pdf"' in page
    assert 'href="/syntheses/2026-03-annexe.xlsx"' in page
    assert "Toute la conférence" in page
    assert "lignes du mois" not in page
    assert "lignes du mois" in client_of(app, database, world, "opco").get("/syntheses").text


def test_scope_is_kept_in_every_link(app: Flask, database: Database, world: World) -> None:
    client = client_of(app, database, world, "opco")
    page = client.get("/syntheses?annee=2026&perimetre=region").text
    assert 'href="/syntheses/2026-03.pdf?perimetre=region"' in page
    assert 'href="/syntheses/2026-03-annexe.xlsx?perimetre=region"' in page
    assert "annee=2025&amp;perimetre=region" in page
    assert '<option value="region" selected' in page
    assert "Documents et écritures d’un seul financeur" in page
    row = page.split("mars\u00a02026</th>")[1].split("</tr>")[0]
    assert '<td class="num">1</td>' in row
    whole = client.get("/syntheses?annee=2026").text.split("mars\u00a02026</th>")[1].split("</tr>")[0]
    assert '<td class="num">2</td>' in whole
    assert "perimetre=nulle-part" not in client.get("/syntheses?perimetre=nulle-part").text


def test_files_say_their_name_and_kind(app: Flask, database: Database, world: World) -> None:
    client = client_of(app, database, world, "coordinator")
    document = client.get("/syntheses/2026-03.pdf?perimetre=opco")
    annex = client.get("/syntheses/2026-03-annexe.xlsx")
    assert document.mimetype == "application/pdf"
    assert document.headers["Content-Disposition"] == 'inline; filename="SYN-2026-03-opco.pdf"'
    assert annex.mimetype == XLSX
    assert annex.headers["Content-Disposition"] == 'attachment; filename="SYN-2026-03-annexe.xlsx"'


@pytest.mark.parametrize(
    ("who", "scope", "told"),
    [
        ("region", "", True),
        ("region", "?perimetre=region", True),
        ("opco", "", False),
        ("opco", "?perimetre=region", False),
        ("coordinator", "", False),
        ("admin", "?perimetre=region", False),
    ],
)
def test_annex_holds_the_lines_that_the_reader_may_list(
    app: Flask, database: Database, world: World, who: str, scope: str, told: bool
) -> None:
    found = lines(client_of(app, database, world, who).get(f"/syntheses/2026-03-annexe.xlsx{scope}").data)
    assert found is not None
    assert (SECRET in found) == told
    assert "1000" in found


@pytest.mark.parametrize("scope", ["", "?perimetre=region"])
def test_reader_gets_no_line(app: Flask, database: Database, world: World, scope: str) -> None:
    answer = client_of(app, database, world, "reader").get(f"/syntheses/2026-03-annexe.xlsx{scope}")
    assert (answer.status_code, lines(answer.data)) == (200, None)


@pytest.mark.parametrize("ending", [".pdf", "-annexe.xlsx"])
def test_unknown_months_and_funders_are_not_found(app: Flask, database: Database, world: World, ending: str) -> None:
    client = client_of(app, database, world, "region")
    for name in ("2016-10", "9999-12", "2026-3", "mars"):
        assert client.get(f"/syntheses/{name}{ending}").status_code == 404, name
    for scope in ("centre", "nulle-part"):
        assert client.get(f"/syntheses/2026-03{ending}?perimetre={scope}").status_code == 404, scope
