"""Is an export exactly the list on screen, safe to open, and does it say what it holds?"""

import csv
from decimal import Decimal
from io import BytesIO, StringIO

import openpyxl
import pytest
import time_machine
from flask import Flask

from conference.data.session import Database
from tests.seeds import World, commit, make_world
from tests.web.ledger_pages import Browsers

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
def world(database: Database) -> World:
    world = make_world(database)
    with database.writing() as session:
        for number, text in enumerate(("=2+3", "+33", "Alpha", "-1", "@x", "été"), start=1):
            commit(session, world, "region", f"{number * 1000}.10", object=text, provider_id=world["centre"])
        commit(session, world, "opco", "50.00", object="autre", to_funder_id=world["region"])
    return world


@pytest.fixture
def browsers(app: Flask, database: Database, world: World) -> Browsers:
    with time_machine.travel("2026-06-15T09:00:00Z", tick=False):
        yield Browsers(app, database, world)


def table(text: str) -> tuple[list[list[str]], list[str], list[list[str]]]:
    """(notes, headings, rows with the total last) of a CSV export."""
    rows = list(csv.reader(StringIO(text.lstrip("\ufeff")), delimiter=";"))
    blank = rows.index([])
    return rows[:blank], rows[blank + 1], rows[blank + 2 :]


def test_csv_holds_every_page_in_the_order_of_the_list(browsers: Browsers) -> None:
    answer = browsers("region").get("/engagements/export.csv?tri=montant&taille=20&financeur=region")
    assert answer.mimetype == "text/csv" and answer.data.startswith(b"\xef\xbb\xbf")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="engagements-2026-06-15.csv"'
    notes, headings, rows = table(answer.text)
    amounts = [row[headings.index("Engagé (€)")] for row in rows]
    assert amounts == ["1000,10", "2000,10", "3000,10", "4000,10", "5000,10", "6000,10", "21000,60"]
    assert [note[0].replace("\u202f", " ") for note in notes[1:4]] == [
        "Filtres : Financeur : Région Exemple",
        "Établi le 15\u00a0juin\u00a02026 à 11:00 par Compte region, Région Exemple",
        "Complétude : 1 financeur sur 1 a des écritures dans cette sélection",
    ]


def test_formulas_are_neutralised(browsers: Browsers) -> None:
    client = browsers("region")
    _, headings, rows = table(client.get("/engagements/export.csv?tri=montant&financeur=region").text)
    objects = [row[headings.index("Objet")] for row in rows[:-1]]
    assert objects == ["'=2+3", "'+33", "Alpha", "'-1", "'@x", "été"]
    book = openpyxl.load_workbook(BytesIO(client.get("/engagements/export.xlsx?tri=montant").data))
    assert {cell.data_type for row in book.active.iter_rows() for cell in row if cell.value == "=2+3"} <= {"s"}


def test_workbook_and_csv_hold_the_same_lines_as_the_page(browsers: Browsers) -> None:
    client = browsers("opco")
    _, headings, rows = table(client.get("/engagements/export.csv").text)
    book = openpyxl.load_workbook(BytesIO(client.get("/engagements/export.xlsx").data)).active
    cells = [list(row) for row in book.iter_rows(values_only=True)]
    top = next(index for index, row in enumerate(cells) if row[0] == "Référence")
    column = headings.index("Engagé (€)")
    in_book = [Decimal(str(row[column])).quantize(Decimal("0.01")) for row in cells[top + 1 :]]
    assert in_book == [Decimal(row[column].replace(",", ".")) for row in rows]
    assert in_book[-1] == sum(in_book[:-1]) == Decimal("21050.60")
    page = client.get("/engagements").text
    assert "21\u202f050,60" in page


def test_own_only_filters_say_nothing_of_others(browsers: Browsers) -> None:
    notes, _, rows = table(browsers("opco").get("/engagements/export.csv?q=Alpha").text)
    assert [row[0] for row in rows] == ["Total"]
    assert not any("autres financeurs, connues" in note[0] for note in notes)


def test_an_unreadable_filter_exports_nothing(browsers: Browsers) -> None:
    answer = browsers("region").get("/engagements/export.csv?du=bientôt")
    assert answer.status_code == 302 and answer.location.startswith("/engagements?du=")
