"""Does anything of another funder's line ever leave the columns that SEMANTICS §4 grants?

Each hidden column of one line holds a word found nowhere else; every page, export and search that others can open, under
every filter and order, is read for these words.
"""

from collections.abc import Iterator
from datetime import date
from io import BytesIO

import openpyxl
import pytest
from flask import Flask

from conference.data.session import Database
from conference.services.attachments import Depot, attach_file
from conference.services.dimensions import Dimensions
from conference.services.providers import find_or_add_provider
from tests.seeds import AT, World, commit, make_world
from tests.web.ledger_pages import Browsers

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)

SECRETS = ("zqobjet", "zqprestataire", "zqreference", "zqdecision", "zqcompte", "zqfichier", "4711", "987654")
SORTS = (
    "date montant paye reste financeur dispositif public nature niveau territoire secteur reference objet prestataire"
)
FILTERS = (
    *(
        "q=zqobjet",
        "q=zqprestataire",
        "q=zqreference",
        "q=zqdecision",
        "q=zqcompte",
        "q=E-2026",
        "prestataire=zqprestataire",
    ),
    *(
        "etat=en-cours",
        "etat=solde",
        "etat=a-confirmer",
        "etat=annule",
        "etat=degage",
        "du=2026-01&au=2026-12",
        "annee=2026",
    ),
    *("financeur=region", "financeur=opco", "niveau=zq", "secteur=zq", "taille=20&page=2"),
    *(f"tri={sort}" for sort in SORTS.split()),
    *(f"tri=-{sort}" for sort in SORTS.split()),
)
OTHERS = ("opco", "opco_signatory", "france_travail", "coordinator", "admin")


@pytest.fixture
def world(database: Database, app: Flask) -> World:
    world = make_world(database)
    with database.writing() as session:
        provider = find_or_add_provider(session, "Zqprestataire", by=world.actors["region"], at=AT)
        assert provider is not None
        line = commit(
            session,
            world,
            "region",
            "1234.56",
            object="zqobjet",
            provider_id=provider.id,
            funder_reference="zqreference",
            decision_reference="zqdecision",
            accounting_number="zqcompte",
            persons=4711,
            first=date(2026, 1, 1),
            last=date(2026, 12, 31),
            dimensions=Dimensions(scheme=2, level=3, sector=2),
        )
        commit(session, world, "opco", "10.00", object="À moi")
        depot = Depot(app.extensions["settings"].instance, 1_000_000)
        content = b"%PDF-1.7 987654"
        attach_file(
            session, line, filename="zqfichier.pdf", content=content, depot=depot, by=world.actors["region"], at=AT
        )
    return world


@pytest.fixture
def browsers(app: Flask, database: Database, world: World) -> Browsers:
    return Browsers(app, database, world)


def addresses() -> Iterator[str]:
    for query in ("", *FILTERS):
        yield f"/engagements?{query}"
        yield f"/engagements/export.csv?{query}"
    for page in ("/transferts", "/brouillons", "/", "/tableau-de-bord", "/engagements/nouveau"):
        yield page
    for word in ("zqobjet", "zqprestataire", "zqreference", "zqdecision", "zqcompte", "E-2026-000001", "4711"):
        yield f"/recherche?q={word}"
    for page in ("1", "1/ecriture", "1/ecritures/1/annuler", "1/confirmer", "1/fichiers/1", "1/fichiers/ajouter"):
        yield f"/engagements/{page}"


def leaks(address: str, text: str) -> list[str]:
    """Secret words in the answer, but those that the address itself asked for."""
    asked = address.lower()
    return [word for word in SECRETS if word in text.lower() and word not in asked]


@pytest.mark.parametrize("who", OTHERS)
def test_no_hidden_word_ever_leaves(browsers: Browsers, who: str) -> None:
    client = browsers(who)
    for address in addresses():
        answer = client.get(address)
        assert answer.status_code < 500, address
        assert leaks(address, answer.text) == [], address
        if "q=" in address and answer.status_code == 200:
            assert "1\u202f234,56" not in answer.text and "1234,56" not in answer.text, address


def test_the_words_are_there_for_their_owner(browsers: Browsers) -> None:
    """The proof that the test above could fail."""
    client = browsers("region")
    text = client.get("/engagements/export.csv").text.lower() + client.get("/engagements/1").text.lower()
    assert [word for word in SECRETS if word not in text.replace("\u202f", "")] == ["987654"]
    assert b"987654" in client.get("/engagements/1/fichiers/1").data


@pytest.mark.parametrize("who", OTHERS)
def test_no_hidden_word_in_the_workbook(browsers: Browsers, who: str) -> None:
    answer = browsers(who).get("/engagements/export.xlsx")
    book = openpyxl.load_workbook(BytesIO(answer.data))
    cells = " ".join(
        str(cell.value).lower() for row in book.active.iter_rows() for cell in row if cell.value is not None
    )
    assert [word for word in SECRETS if word in cells] == []
    assert "1234.56" in cells, "its amount is shown"


def test_a_provider_to_check_is_suggested_to_those_who_brought_it(browsers: Browsers) -> None:
    assert "Zqprestataire" in browsers("region").get("/engagements/nouveau").text
    assert "Zqprestataire" in browsers("region").get("/recherche?q=zq").text
