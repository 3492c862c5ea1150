"""An officer sends the sheets of parcours from the page, sees them before they enter, and takes them back."""

import io
import re

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlmodel import select

from conference.data.session import Database
from conference.data.tables import Parcours, Step
from conference.domain.importing.field import Field
from tests.seeds import World, make_world
from tests.services.test_people_import import book
from tests.web.ledger_pages import Browsers
from tests.web.test_imports import import_file, press, send, words

STEP = {Field.STEP_REFERENCE: "S-2", Field.STEP_KIND: "Voyage"}

sqlite_only = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
def world(database: Database) -> World:
    return make_world(database)


@pytest.fixture
def browsers(app: Flask, database: Database, world: World) -> Browsers:
    return Browsers(app, database, world)


@sqlite_only
def test_officer_sends_parcours_sees_them_and_takes_them_back(browsers: Browsers, database: Database) -> None:
    page = send(browsers, "region", book([{}], [{}, STEP], [{}]), "parcours.xlsx")
    ready = browsers("region").get(page)
    assert "Premiers parcours, étapes et droits" in words(ready)
    assert "Parcours, 2 D-1 – Insertion – – –" in words(ready)
    assert "Étapes, 2 D-1 S-1 Formation Aide-soignant 4 mai 2026 31 juillet 2026" in words(ready)
    assert "1 type inconnu Étapes, C3" in words(ready)
    assert "Importer les 3 lignes valides" in words(ready)
    refused = load_workbook(io.BytesIO(browsers("region").get(f"{page}/refus.xlsx").data))
    assert [cell.value for cell in refused["Étapes"][2]][:3] == ["D-1", "S-2", "Voyage"]
    assert browsers("opco").get(page).status_code == 404
    assert press(browsers, "region", page, "importer").location == page
    result = browsers("region").get(page).location.removesuffix("?fait=1")
    assert "Voir les parcours" in words(browsers("region").get(result))
    assert browsers("opco").get(result).status_code == 404
    person = browsers("region").get("/parcours/1")
    assert "Aide-soignant parcours.xlsx Étapes 2" in words(person)
    assert "Parcours ouvert par un fichier importé." in words(person)
    assert f'href="{result}"' in person.text
    undoing = words(browsers("region").get(f"{result}/annuler"))
    assert "3 lignes de parcours, d’étapes ou de droits sont retirées" in undoing
    assert "écritures sont annulées" not in undoing
    done = browsers("region").post(f"{result}/annuler", token_from=f"{result}/annuler", data={"motive": "Erreur"})
    assert done.status_code == 302
    with database.reading() as session:
        assert session.exec(select(Step.withdrawn_motive)).one() == "Erreur"
        assert session.exec(select(Parcours.own_reference)).one() == "D-1"


@sqlite_only
def test_coordinator_brings_no_parcours(browsers: Browsers) -> None:
    page = send(browsers, "coordinator", book([{}], [{}]), "parcours.xlsx")
    shown = words(browsers("coordinator").get(page))
    assert "Seul un organisme qui suit ou finance des parcours en enregistre" in shown
    assert "Importer la ligne valide" not in shown


@sqlite_only
def test_another_funder_of_the_parcours_is_told_who_sent_the_file_not_its_name(browsers: Browsers) -> None:
    shared = {Field.STEP_FUNDERS: "region;opco"}
    import_file(browsers, "region", book([{}], [shared], [{}]), "dossier-Dupont.xlsx")
    for who, name, opens in (("opco", "Région", 404), ("coordinator", "dossier-Dupont.xlsx", 200)):
        page = browsers(who).get("/parcours/1")
        assert re.search(f"Aide-soignant {name}[^É]* Étapes 2", words(page))
        assert ("Dupont" in page.text) is (opens == 200)
        assert browsers(who).get("/echanges/1").status_code == opens
    assert browsers("france_travail").get("/parcours/1").status_code == 404


@sqlite_only
def test_a_file_that_names_people_is_not_offered_again(browsers: Browsers) -> None:
    result = import_file(browsers, "region", book([{}], [{}, STEP], extra="Prénom"), "parcours.xlsx")
    told = browsers("region").get(result)
    assert "n’est pas gardé : il disait qui sont des personnes" in words(told)
    assert "colonnes d’identité laissées" in words(told)
    assert "Dupont" not in told.text
    for name in ("fichier", "refus.xlsx"):
        assert f"{result}/{name}" not in told.text
        assert browsers("region").get(f"{result}/{name}").status_code == 404
