"""An officer sends the sheets of parcours from the page, sees them before they enter, and takes them back."""

import pytest
from flask import Flask
from sqlmodel import select

from conference.data.session import Database
from conference.data.tables import Parcours, Step
from tests.seeds import World, make_world
from tests.services.test_people_import import book
from tests.web.ledger_pages import Browsers
from tests.web.test_imports import press, send, words

sqlite_only = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
def world(database: Database) -> World:
    return make_world(database)


@pytest.fixture
def browsers(app: Flask, database: Database, world: World) -> Browsers:
    return Browsers(app, database, world)


@sqlite_only
def test_officer_sends_parcours_sees_them_and_takes_them_back(browsers: Browsers, database: Database) -> None:
    page = send(browsers, "region", book([{}], [{}], [{}]), "parcours.xlsx")
    ready = browsers("region").get(page)
    assert "Premiers parcours, étapes et droits" in words(ready)
    assert "Parcours, 2 D-1 – Insertion – – –" in words(ready)
    assert "Étapes, 2 D-1 S-1 Formation Aide-soignant 4 mai 2026 31 juillet 2026" in words(ready)
    assert browsers("opco").get(page).status_code == 404
    assert press(browsers, "region", page, "importer").location == page
    result = browsers("region").get(page).location.removesuffix("?fait=1")
    assert "Voir les parcours" in words(browsers("region").get(result))
    assert browsers("opco").get(result).status_code == 404
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
