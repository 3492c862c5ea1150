"""Does the dashboard or a summary ever tell of another funder what SEMANTICS §4 hides: a line's words, a few persons?

The Région's lines hold words and small counts found nowhere else. Every page, export and document is asked for by those who
may not see them, under every filter that could single a line out, and read as a person would.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import product

import pytest
from flask import Flask

from conference.data.session import Database
from conference.domain.ledger import EntrySource
from conference.services.dimensions import Dimensions
from conference.services.entries import record_payment, reverse_entry
from conference.services.providers import find_or_add_provider
from tests.seeds import AT, World, commit, make_world
from tests.web.ledger_pages import Browsers
from tests.web.surfaces import PUBLISHED, SCREEN
from tests.web.told_tables import Cell, ToldTable, book_tables, csv_table, page_cards, page_tables, pdf_rows

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)

SECRETS = ("zqobjet", "zqprestataire", "zqreference", "zqdecision", "zqcompte", "zqmotif", "E-2026-000001")
OTHERS = ("opco", "coordinator", "reader", "admin")
AXES = ("financeur", "mois", "annee", "dispositif", "public", "nature", "niveau", "territoire", "secteur")
TABLES = ("financeurs", "croisement&lignes=financeur&colonnes=mois", "parts", "flux", "transmis")
PERIODS = ("annee=2026", "annee=toutes", "du=2026-03&au=2026-03", "du=2025-03&au=2026-03", "du=2026-04&au=2026-04")


@pytest.fixture
def world(database: Database) -> World:
    """Three persons of the Région in March, one of them annulled in April; four a year before; many of the OPCO."""
    world = make_world(database)
    region = world.actors["region"]
    with database.writing() as session:
        provider = find_or_add_provider(session, "Zqprestataire", by=region, at=AT)
        line = commit(
            session,
            world,
            "region",
            "1234.56",
            persons=3,
            object="zqobjet",
            provider_id=provider.id if provider else None,
            funder_reference="zqreference",
            decision_reference="zqdecision",
            accounting_number="zqcompte",
            dimensions=Dimensions(scheme=3, audience=2, nature=2, level=3, territory=4, sector=2),
        )
        commit(session, world, "region", "77.77", date(2025, 3, 4), persons=4, dimensions=Dimensions(scheme=3))
        wrong = commit(
            session, world, "region", "50.00", date(2026, 4, 2), persons=2, dimensions=Dimensions(audience=3)
        )
        for each in (date(2025, 2, 2), date(2026, 2, 2), date(2026, 3, 3)):
            commit(session, world, "opco", "10.00", each, persons=60, dimensions=Dimensions(scheme=2, audience=2))
        paid, day = Decimal("1.00"), date(2026, 4, 9)
        record_payment(session, line, amount=paid, paid_on=day, by=region, at=AT, source=EntrySource.FORM)
        entry = session.connection().exec_driver_sql(f"SELECT id FROM entry WHERE commitment_id = {wrong}").scalar_one()
        reverse_entry(session, entry, motive="zqmotif", by=region, at=AT)
    return world


@pytest.fixture
def browsers(app: Flask, database: Database, world: World) -> Browsers:
    return Browsers(app, database, world)


def filters(browsers: Browsers) -> Iterator[str]:
    """Every period with no filter, with the Région alone, and with each item that its line holds."""
    page = browsers("region").get("/tableau-de-bord/flux?annee=toutes").text
    assert "1 234,56" in page.replace("\u202f", " ").replace("\u00a0", " ")
    words = ("", "&financeur=region")
    items = ("", *(f"&{word}={code}" for word, code in codes(browsers)))
    for period, word, item in product(PERIODS, words, items):
        yield f"{period}{word}{item}"


def codes(browsers: Browsers) -> Iterator[tuple[str, str]]:
    """(word, code) of each item of the Région's line, as the address of its own list says it."""
    with browsers.database.reading() as session:
        for word, name in zip(AXES[3:], ("scheme", "audience", "nature", "level", "territory", "sector"), strict=True):
            query = f"SELECT i.code FROM {name} i JOIN dimension_set d ON d.{name}_id = i.id JOIN commitment c "
            query += "ON c.dimension_set_id = d.id WHERE c.object = 'zqobjet'"
            yield word, session.connection().exec_driver_sql(query).scalar_one()


def counts(table: ToldTable) -> list[Cell]:
    """Its numbers of persons."""
    places = [place for place, heading in enumerate(table.headings) if "ersonnes" in heading]
    return [row.cells[place] for row in table.rows for place in places]


def small(cells: list[Cell], threshold: int) -> list[Cell]:
    return [cell for cell in cells if isinstance(cell, int) and 0 < abs(cell) < threshold]


@pytest.mark.parametrize("who", OTHERS)
def test_screen_tells_others_no_few_persons_and_no_word_of_a_line(browsers: Browsers, who: str) -> None:
    seen = 0
    for words in filters(browsers):
        for path in ("", "/par/mois", "/par/financeur", "/par/dispositif"):
            answer = browsers(who).flask.get(f"/tableau-de-bord{path}?{words}")
            assert answer.status_code == 200, words
            assert [secret for secret in SECRETS if secret in answer.text] == [], words
            cells = [cell for table in page_tables(answer.text) for cell in counts(table)]
            card = page_cards(answer.text).get("Personnes prévues")
            if card:
                cells += [card[0], *(int(part) for part in card[2].replace(":", " ").split() if part in "12345678")]
            assert small(cells, SCREEN) == [], (path, words)
            seen += len(cells)
        if who != "opco":
            break  # the same cells by the same masks: one of them is asked everything
    assert seen > 8


@pytest.mark.parametrize("who", ["opco", "reader"])
def test_exports_tell_others_no_few_persons_and_no_word_of_a_line(browsers: Browsers, who: str) -> None:
    seen = 0
    for words in list(filters(browsers))[:: 1 if who == "opco" else 7]:
        for table in (*TABLES, "axe&axe=mois", "axe&axe=dispositif", "axe&axe=territoire"):
            answer = browsers(who).flask.get(f"/tableau-de-bord/export.csv?tableau={table}&{words}")
            assert answer.status_code == 200, (words, table)
            assert [secret for secret in SECRETS if secret in answer.text] == [], (words, table)
            found = counts(csv_table(answer.data))
            assert small(found, PUBLISHED) == [], (words, table)
            seen += len(found)
    assert seen > 8


def test_no_number_of_persons_can_be_crossed(browsers: Browsers) -> None:
    for measure in ("persons", "personnes", "lines", "entries"):
        answer = browsers("opco").get(f"/tableau-de-bord/croiser?annee=2026&lignes=financeur&mesure={measure}")
        assert answer.status_code == 422, measure
        assert page_tables(answer.text) == [], measure
        answer = browsers("opco").get(f"/tableau-de-bord/export.csv?tableau=croisement&annee=2026&mesure={measure}")
        assert answer.status_code == 302, measure


@pytest.mark.parametrize("who", OTHERS)
@pytest.mark.parametrize("scope", ["", "?perimetre=region"])
def test_documents_tell_others_no_few_persons_and_no_word_of_a_line(browsers: Browsers, who: str, scope: str) -> None:
    for month in ("2025-03", "2026-03", "2026-04"):
        pdf = browsers(who).flask.get(f"/syntheses/{month}.pdf{scope}").data
        assert pdf.startswith(b"%PDF")
        text = str(pdf_rows(pdf))
        annex = browsers(who).flask.get(f"/syntheses/{month}-annexe.xlsx{scope}").data
        tables = book_tables(annex)
        assert [secret for secret in SECRETS if secret in text or secret in str(tables)] == [], month
        found = [cell for table in tables.values() for cell in counts(table)]
        assert found, month
        assert small(found, PUBLISHED) == [], (month, found)
        assert ("Lignes" in tables) == (who != "reader"), month
        if "Lignes" in tables:
            assert not [each for each in tables["Lignes"].headings if "ersonnes" in each] or who == "opco"


def test_owner_reads_its_own_counts_and_words(browsers: Browsers) -> None:
    [table] = page_tables(browsers("region").get("/tableau-de-bord/par/mois?annee=2026&financeur=region").text)
    assert table.column(table.row("Mars 2026"), "Personnes prévues") == 3
    annex = browsers("region").flask.get("/syntheses/2026-03-annexe.xlsx").data
    assert "zqobjet" in str(book_tables(annex)["Lignes"])


def test_reader_reaches_no_line(browsers: Browsers) -> None:
    client = browsers("reader").flask
    for address in ("/engagements", "/engagements/1", "/engagements/export.csv", "/engagements/export.xlsx?annee=2026"):
        assert client.get(address).status_code in (403, 404), address
    for path in ("", *(f"/par/{word}" for word in AXES), "/croiser", "/flux"):
        assert "/engagements" not in client.get(f"/tableau-de-bord{path}?annee=2026").text, path


def test_view_of_one_is_nobody_elses(browsers: Browsers) -> None:
    owner, other = browsers("region"), browsers("opco")
    kept = {"name": "zqvue", "address": "/tableau-de-bord?annee=2026&dispositif=caf"}
    assert owner.post("/tableau-de-bord/vues", token_from="/tableau-de-bord", data=kept).status_code == 303
    assert "zqvue" in owner.get("/tableau-de-bord").text
    assert "zqvue" not in other.get("/tableau-de-bord").text
    answers = [
        other.post(f"/tableau-de-bord/vues/{number}/retirer", token_from="/tableau-de-bord") for number in (1, 999)
    ]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert "zqvue" not in answers[0].text
    assert "zqvue" in owner.get("/tableau-de-bord").text


def test_word_that_names_nothing_tells_nothing(browsers: Browsers) -> None:
    for word, value in (("financeur", "zqinconnu"), ("dispositif", "' OR 1=1"), ("annee", "zq"), ("du", "2026-13")):
        for path in ("", "/par/mois", "/croiser", "/flux"):
            answer = browsers("opco").get(f"/tableau-de-bord{path}", query_string={word: value})
            assert answer.status_code == 422, (word, path)
            assert page_tables(answer.text) == [], (word, path)
            assert [secret for secret in SECRETS if secret in answer.text] == []
        answer = browsers("opco").get(
            "/tableau-de-bord/export.csv", query_string={"tableau": "financeurs", word: value}
        )
        assert answer.status_code == 302
