"""Parcours, steps and rights are sent from the page, shown, imported, and taken back; nobody else sees the file."""

import io
import re

import pytest
from flask import Flask
from openpyxl import load_workbook

from conference.data.session import Database
from conference.domain.importing.field import Field
from tests.seeds import World, make_world
from tests.services.test_people_import import book
from tests.web.ledger_pages import Browsers
from tests.web.test_imports import import_file, press, send, words

STEP = {Field.STEP_REFERENCE: "S-2", Field.STEP_KIND: "Voyage"}


@pytest.fixture
def world(database: Database) -> World:
    return make_world(database)


@pytest.fixture
def browsers(app: Flask, database: Database, world: World) -> Browsers:
    return Browsers(app, database, world)


def test_a_workbook_of_parcours_is_shown_imported_and_undone(browsers: Browsers) -> None:
    page = send(browsers, "region", book([{}], [{}, STEP], [{}]), "parcours.xlsx")
    shown = words(browsers("region").get(page))
    assert "Parcours, 2 D-1 – Insertion" in shown
    assert "Étapes, 2 D-1 S-1 Formation Aide-soignant 4 mai 2026 31 juillet 2026" in shown
    assert "1 type inconnu Étapes, C3" in shown
    assert "Importer les 3 lignes valides" in shown
    refused = load_workbook(io.BytesIO(browsers("region").get(f"{page}/refus.xlsx").data))
    assert [cell.value for cell in refused["Étapes"][2]][:3] == ["D-1", "S-2", "Voyage"]
    press(browsers, "region", page, "importer")
    result = browsers("region").get(page, follow_redirects=True)
    assert "Le fichier est importé." in words(result)
    assert 'href="/parcours"' in result.text
    assert "fichier d’origine" in words(result)
    assert browsers("opco").get("/echanges/1").status_code == 404
    person = browsers("region").get("/parcours/1")
    assert "Aide-soignant parcours.xlsx Étapes 2" in words(person)
    assert 'href="/echanges/1"' in person.text
    undo = browsers("region").get("/echanges/1/annuler")
    assert "3 lignes de parcours, d’étapes ou de droits sont retirées" in words(undo)
    assert "écritures" not in words(undo).split("Rien n’est effacé")[0]
    back = press(browsers, "region", "/echanges/1", "annuler", motive="Mauvais fichier")
    assert back.location == "/echanges/1"
    assert "Cet import est annulé" in words(browsers("region").get("/echanges/1"))
    again = send(browsers, "region", book([{}], [{}], [{}]), "parcours.xlsx")
    assert re.search("À créer .* 3 0 0 0 0", words(browsers("region").get(again)))


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_another_funder_of_the_parcours_is_told_who_sent_the_file_not_its_name(browsers: Browsers) -> None:
    shared = {Field.STEP_FUNDERS: "region;opco"}
    import_file(browsers, "region", book([{}], [shared], [{}]), "dossier-Dupont.xlsx")
    for who, name, opens in (("opco", "Région", 404), ("coordinator", "dossier-Dupont.xlsx", 200)):
        page = browsers(who).get("/parcours/1")
        assert re.search(f"Aide-soignant {name}[^É]* Étapes 2", words(page))
        assert ("Dupont" in page.text) is (opens == 200)
        assert browsers(who).get("/echanges/1").status_code == opens
    assert browsers("france_travail").get("/parcours/1").status_code == 404


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_file_that_names_people_is_not_offered_again(browsers: Browsers) -> None:
    result = import_file(browsers, "region", book([{}], [{}, STEP], extra="Prénom"), "parcours.xlsx")
    told = browsers("region").get(result)
    assert "n’est pas gardé : il disait qui sont des personnes" in words(told)
    assert "colonnes d’identité laissées" in words(told)
    assert "Dupont" not in told.text
    for name in ("fichier", "refus.xlsx"):
        assert f"{result}/{name}" not in told.text
        assert browsers("region").get(f"{result}/{name}").status_code == 404
