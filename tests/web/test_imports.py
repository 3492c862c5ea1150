"""A file is sent from the page: read, shown, confirmed, and only what was shown is written."""

import io
import re

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from conference.data.queries.totals import totals
from conference.data.session import Database
from conference.settings import Settings
from tests.seeds import World, make_world
from tests.services.scdl_files import SIRET_TOWN, scdl
from tests.web.ledger_pages import Browsers

REGION = {"nomAttribuant": "Région Exemple", "idAttribuant": ""}
NEW = "/echanges/importer"


@pytest.fixture
def world(database: Database) -> World:
    return make_world(database)


@pytest.fixture
def browsers(app: Flask, database: Database, world: World) -> Browsers:
    return Browsers(app, database, world)


def send(browsers: Browsers, who: str, content: bytes, name: str = "subventions.csv") -> TestResponse:
    return browsers(who).post(
        NEW, token_from=NEW, data={"file": (io.BytesIO(content), name)}, content_type="multipart/form-data"
    )


def confirm(browsers: Browsers, who: str, page: TestResponse) -> TestResponse:
    found = re.search(r'name="token"[^>]*value="([^"]+)"', page.text)
    assert found
    return browsers(who).post("/echanges/importer/confirmer", token_from=NEW, data={"token": found[1]})


def committed(database: Database) -> str:
    with database.reading() as session:
        return str(totals(session, ("funder",)).shared_total.committed)


def test_officer_sends_its_file_then_opens_its_lines(
    browsers: Browsers, database: Database, settings: Settings
) -> None:
    content = scdl({**REGION}, {**REGION, "montant": "x"}, {**REGION, "montant": "y,00"}, {"montant": "50"})
    shown = send(browsers, "region", content)
    assert shown.status_code == 200
    assert committed(database) == "0.00"
    assert '<th scope="row">5</th>' in shown.text  # the row of another funder is refused
    done = confirm(browsers, "region", shown)
    assert done.status_code == 302
    assert committed(database) == "900.00"
    assert not any((settings.instance / "staged").iterdir())
    result = browsers("region").get(done.location)
    assert "subventions.csv" in result.text
    assert "/engagements?fichier=1" in result.text
    lines = browsers("region").get("/engagements?fichier=1")
    assert "E-20" in lines.text
    assert "1 engagement" in lines.text or "1 engagements" in lines.text
    assert "subventions.csv" in browsers("region").get("/echanges").text


def test_same_file_again_brings_nothing(browsers: Browsers, database: Database) -> None:
    content = scdl({**REGION})
    confirm(browsers, "region", send(browsers, "region", content))
    again = send(browsers, "region", content)
    assert "n’apporte rien de nouveau" in again.text
    assert 'name="token"' not in again.text


def test_other_funders_do_not_see_the_file(browsers: Browsers) -> None:
    confirm(browsers, "region", send(browsers, "region", scdl({**REGION})))
    assert "subventions.csv" not in browsers("opco").get("/echanges").text
    assert browsers("opco").get("/echanges/1").status_code == 404
    assert "subventions.csv" in browsers("coordinator").get("/echanges").text
    assert browsers("reader").get("/echanges").status_code == 403


def test_coordinator_enters_the_file_of_a_funder_without_account_only(browsers: Browsers, database: Database) -> None:
    shown = send(browsers, "coordinator", scdl({"idAttribuant": SIRET_TOWN}, {**REGION}))
    assert "Ce financeur a un compte" in shown.text
    result = confirm(browsers, "coordinator", shown)
    assert committed(database) == "900.00"
    assert "financeur=ville_exemple" in browsers("coordinator").get(result.location).text


@pytest.mark.parametrize("content", [b"\xff\xfe", b"a,b\n", b""])
def test_what_cannot_be_read_is_said_at_the_field(content: bytes, browsers: Browsers, database: Database) -> None:
    page = send(browsers, "region", content)
    assert page.status_code == 422
    assert "Choisissez" in page.text or "Ce fichier" in page.text


def test_confirmation_of_another_account_or_forged_is_refused(
    browsers: Browsers, database: Database, settings: Settings
) -> None:
    shown = send(browsers, "region", scdl({**REGION}))
    assert confirm(browsers, "region_signatory", shown).status_code == 422
    forged = browsers("region").post("/echanges/importer/confirmer", token_from=NEW, data={"token": "a.b"})
    assert forged.status_code == 422
    [staged] = (settings.instance / "staged").iterdir()
    staged.write_bytes(scdl({**REGION, "montant": "1"}))
    assert confirm(browsers, "region", shown).status_code == 422
    assert committed(database) == "0.00"
