"""Do the pages of the needs add up, open what one may read and no more, and go on to a handoff or to a convention?"""

import csv
import io
import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import openpyxl
import pytest
from flask import Flask
from sqlmodel import Session

from conference.data.queries.needs import needs_by
from conference.data.session import Database
from conference.domain.case import StepKind
from conference.domain.needs import NeedAxis, NeedFilters
from conference.domain.parcours import KeySituation, ParcoursKind
from conference.domain.rights import RightKind
from conference.services.income_rights import RightLine, record_right
from conference.services.parcours import open_parcours
from conference.services.steps import StepLine, add_step
from tests.seeds import AT, World, make_world, sign_in_token
from tests.web.page_client import PageClient

FIRST, LAST = date(2026, 1, 5), date(2026, 6, 30)
ROOT = "/alertes/besoins"


def gap_from(session: Session, world: World, who: str, first_gap: date) -> int:
    """A parcours of the organisation of `who` whose AREF of 31.00 stops on the eve of `first_gap`."""
    by = world.actors[who]
    parcours = open_parcours(
        session,
        referent_id=by.organisation_id or 0,
        kind=ParcoursKind.INSERTION,
        key_situation=KeySituation.OTHER,
        by=by,
        at=AT,
    )
    number = parcours.id or 0
    line = StepLine(StepKind.TRAINING, "Maçon", FIRST, LAST, funder_ids=(by.organisation_id or 0,))
    add_step(session, number, line, by=by, at=AT)
    last = first_gap - timedelta(days=1)
    right = RightLine(RightKind.AREF, world["france_travail"], FIRST, last, Decimal("31.00"))
    record_right(session, number, right, by=by, at=AT)
    return number


@pytest.fixture
def world(database: Database) -> World:
    """Six persons of the Région without income in June, one of the OPCO in June, two of the Région in May and June."""
    world = make_world(database)
    with database.writing() as session:
        for _ in range(6):
            gap_from(session, world, "region", date(2026, 6, 1))
        gap_from(session, world, "opco", date(2026, 6, 21))
        for _ in range(2):
            gap_from(session, world, "region", date(2026, 5, 22))
    return world


def client(app: Flask, database: Database, world: World, who: str) -> PageClient:
    browser = PageClient(app)
    browser.flask.set_cookie("conference_session", sign_in_token(database, world.actors[who], datetime.now(UTC)))
    return browser


def spaced(text: str) -> str:
    return text.replace("\u202f", " ").replace("\xa0", " ").replace("&lt;", "<")


def cells(page: str) -> list[str]:
    """Days and euros of each cell of the table that has some, or « < 5 »; the months beside the drawing excepted."""
    found = re.findall(r'<td class="num">(?:<a [^>]*>)?([^<]* j<br>[^<]*|< 5)', spaced(page).split("<figure")[0])
    return [each.replace("<br>", ", ").strip() for each in found]


JUNE, MAY = "250 j, 7 750,00 €", "20 j, 620,00 €"
"""6 × 30 + 10 + 2 × 30 days of 31 euros in June, 2 × 10 in May."""
ALL = "270 j, 8 370,00 €"


def test_the_coordinator_reads_every_sum_and_opens_its_gaps(app: Flask, database: Database, world: World) -> None:
    browser = client(app, database, world, "coordinator")
    page = browser.get(f"{ROOT}?lignes=mois&colonnes=territoire").text
    assert cells(page) == [MAY, MAY, JUNE, JUNE, ALL, ALL]
    assert 'href="/alertes/besoins/trous?' in page and "du=2026-05&amp;au=2026-05" in page
    gaps = spaced(browser.get(f"{ROOT}/trous?du=2026-05&au=2026-05").text)
    assert gaps.count("Maçon") == 2 and gaps.count("310,00") == 2 and "620,00" in gaps
    assert "qu’ensemble" not in gaps
    june = spaced(browser.get(f"{ROOT}/trous?du=2026-06&au=2026-06").text)
    assert june.count("Maçon") == 9 and "7 750,00" in june


def bars(page: str) -> tuple[int, list[str]]:
    """How many bars the drawing of the months has, and the figures of its table."""
    drawing, beside = page.split("<figure")[1].split("</figure>")
    figures = re.findall(r'<th scope="row">([^<]*)</th><td class="num">([^<]*)', beside)
    return drawing.count("<path") + drawing.count("<rect"), [
        spaced(f"{month} {told.strip()}") for month, told in figures
    ]


def test_the_drawing_of_the_months_shows_what_the_table_shows(app: Flask, database: Database, world: World) -> None:
    shown, figures = bars(client(app, database, world, "coordinator").get(f"{ROOT}?lignes=payeur&colonnes=raison").text)
    assert figures == ["mai 2026 20 j", "juin 2026 250 j"]
    masked, hidden = bars(client(app, database, world, "region").get(f"{ROOT}?lignes=mois&colonnes=payeur").text)
    assert hidden[0] == "mai 2026 < 5" and masked < shown
    one = client(app, database, world, "region").get(f"{ROOT}?lignes=raison&colonnes=mois&du=2026-06").text
    assert bars(one)[1] == ["juin 2026 250 j"]


@pytest.mark.parametrize("who", ["region", "opco", "reader"])
def test_small_sums_and_what_would_tell_them_are_hidden(app: Flask, database: Database, world: World, who: str) -> None:
    browser = client(app, database, world, who)
    page = spaced(browser.get(f"{ROOT}?lignes=mois&colonnes=territoire").text)
    told = cells(page)
    assert MAY not in told and "620,00" not in page and "20 j" not in page
    # May has two persons: June, or the total, is hidden with it.
    assert not (JUNE in told and ALL in told)
    assert "moins de 5 parcours" in page
    assert cells(browser.get(f"{ROOT}?lignes=payeur&colonnes=territoire").text) == [ALL] * 4


def test_what_one_does_not_reach_is_told_together_to_the_cent(app: Flask, database: Database, world: World) -> None:
    june = f"{ROOT}/trous?du=2026-06&au=2026-06"
    region = spaced(client(app, database, world, "region").get(june).text)
    assert region.count("Maçon") == 8 and "7 440,00" in region
    assert "et moins de 5 autres parcours que vous ne voyez qu’ensemble" in region
    assert "310,00" in region and "7 750,00" in region
    opco = spaced(client(app, database, world, "opco").get(june).text)
    assert opco.count("Maçon") == 1 and "et 8 autres parcours que vous ne voyez qu’ensemble" in opco
    assert "310,00" in opco and "7 440,00" in opco and "7 750,00" in opco


def test_few_persons_are_not_told_even_together(app: Flask, database: Database, world: World) -> None:
    page = spaced(client(app, database, world, "opco").get(f"{ROOT}/trous?du=2026-05&au=2026-05").text)
    assert "620,00" not in page and "Moins de 5 parcours ont de tels trous" in page


def test_a_reader_gets_sums_only_and_the_administrator_none(app: Flask, database: Database, world: World) -> None:
    reader = client(app, database, world, "reader")
    page = reader.get(ROOT).text
    assert "/trous" not in page and "/relais/nouveau" not in page and "Proposer des relais" not in page
    for path in ("/trous", "/relais", "/convention", "/convention.xlsx"):
        assert reader.get(ROOT + path).status_code in (403, 404), path
    assert client(app, database, world, "admin").get(ROOT).status_code in (403, 404)


def test_filters_in_the_address_choose_and_are_refused_when_unreadable(
    app: Flask, database: Database, world: World
) -> None:
    browser = client(app, database, world, "coordinator")
    assert cells(browser.get(f"{ROOT}?lignes=mois&colonnes=payeur&du=2026-06").text) == [JUNE] * 4
    assert cells(browser.get(f"{ROOT}?lignes=mois&colonnes=payeur&territoire=aucun&au=2026-05").text) == [MAY] * 4
    assert "Aucun jour sans payeur" in browser.get(f"{ROOT}?du=2027-01").text
    for wrong in ("du=jamais", "territoire=lune", "lignes=mois&colonnes=mois", "du=2026-06&au=2026-05", "payeur=roi"):
        page = browser.get(f"{ROOT}?{wrong}").text
        assert not cells(page) and 'class="error"' in page, wrong
        assert browser.get(f"{ROOT}/export.csv?{wrong}").status_code == 302
        for path in ("/trous", "/convention"):
            assert browser.get(f"{ROOT}{path}?{wrong}").status_code == 200


def test_handoffs_are_proposed_from_a_group(app: Flask, database: Database, world: World) -> None:
    browser = client(app, database, world, "region")
    page = browser.get(f"{ROOT}/relais?du=2026-05&au=2026-05").text
    links = [each.replace("&amp;", "&") for each in re.findall(r'href="(/parcours/\d+/relais/nouveau[^"]*)"', page)]
    assert len(links) == 2
    form = browser.get(links[0])
    assert form.status_code == 200 and "22/05/2026" in form.text
    assert client(app, database, world, "coordinator").get(f"{ROOT}/relais").status_code == 403


def test_figures_of_a_convention_count_persons_and_name_nobody(app: Flask, database: Database, world: World) -> None:
    page = spaced(client(app, database, world, "coordinator").get(f"{ROOT}/convention").text)
    assert "2 personnes<br>20 j" in page and page.count("9 personnes<br>250 j") == 2
    assert page.count("9 personnes<br>270 j") == 2
    assert "P-2026-" not in page
    hidden = spaced(client(app, database, world, "region").get(f"{ROOT}/convention").text)
    assert "2 personnes" not in hidden and "20 j" not in hidden and "< 5" in hidden


def test_files_hold_the_table_and_hide_small_sums_from_everybody(app: Flask, database: Database, world: World) -> None:
    with database.writing() as session:
        for _ in range(11):
            gap_from(session, world, "region", date(2026, 6, 1))
    browser = client(app, database, world, "coordinator")
    address = f"{ROOT}/export.%s?lignes=mois&colonnes=territoire"
    read = list(csv.reader(io.StringIO(browser.get(address % "csv").data.decode("utf-8-sig")), delimiter=";"))
    lines = {spaced(row[0]): row[1:] for row in read if row}
    assert lines["mai 2026"][0] == "moins de 11 ou protégé"
    shown = [lines["juin 2026"][0], lines["Total"][0]]
    assert shown.count("moins de 11 ou protégé") == 1 and set(shown) & {"580", "600"}
    book = openpyxl.load_workbook(io.BytesIO(browser.get(address % "xlsx").data))
    values = [[cell.value for cell in row] for row in book.active.iter_rows()]
    assert [row[1] for row in values if spaced(str(row[0])) == "mai 2026"] == ["moins de 11 ou protégé"]
    figures = openpyxl.load_workbook(io.BytesIO(browser.get(f"{ROOT}/convention.xlsx?du=2026-06").data))
    values = [[cell.value for cell in row] for row in figures.active.iter_rows()]
    assert next(row for row in values if row[0] == "Total")[1:4] == [20, 580, 17980]
    assert not any("P-2026-" in str(cell) for row in values for cell in row)


def test_the_table_is_what_the_query_says(database: Database, world: World) -> None:
    with database.reading() as session:
        reader = world.actors["coordinator"]
        table = needs_by(session, reader, NeedFilters(), NeedAxis.MONTH, NeedAxis.REASON, threshold=5)
        assert table.find(None, None) is not None
        assert [each.code for each in table.rows] == ["2026-05", "2026-06"]
