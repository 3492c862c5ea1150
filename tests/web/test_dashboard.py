"""Does each figure of the dashboard open the lines that make it, say what the command says, and hide what it must?"""

import csv
import re
from datetime import date
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import Engine, event
from sqlmodel import Session, select

from conference.data.queries.totals import Selection, totals
from conference.data.session import Database
from conference.data.tables import REFERENCE_TABLES, NamedView
from conference.domain.french import parse_euros
from conference.domain.ledger import EntrySource
from conference.domain.permissions import CONSOLE
from conference.services.dimensions import Dimensions
from conference.services.entries import record_payment
from conference.services.generation import generate
from conference.services.organisations import set_budget
from tests.seeds import AT, World, commit, make_world
from tests.web.ledger_pages import Browsers

sqlite_only = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
LINK = re.compile(r'<a href="(/engagements[^"]*)">([^<]+)<span')
YEAR = Selection(None, date(2026, 1, 1), date(2026, 12, 1))


@pytest.fixture
def world(database: Database) -> World:
    """The Région gives 1,000.00 to the OPCO, which spends it; two decisions for few persons; one of the year before."""
    made = make_world(database)
    with database.writing() as session:
        first, other = dimensions(session, 2), dimensions(session, 3)
        commit(session, made, "region", "1000.00", to_funder_id=made["opco"], dimensions=first, persons=40)
        spent = commit(session, made, "opco", "1000.00", dimensions=first, persons=40)
        commit(session, made, "region", "250.50", dimensions=other, persons=3)
        commit(session, made, "opco", "75.25", date(2026, 2, 3), dimensions=other, persons=2)
        commit(session, made, "france_travail", "500.00", date(2025, 3, 3), persons=9)
        commit(session, made, "france_travail", "600.00", date(2026, 3, 3))
        pay(session, made, spent, "400.00")
    return made


def dimensions(session: Session, rank: int) -> Dimensions:
    """The item at that rank of each list."""
    found = {name: session.exec(select(table.id).order_by(table.id)).all() for name, table in REFERENCE_TABLES.items()}
    return Dimensions(**{name: ids[min(rank, len(ids) - 1)] for name, ids in found.items()})


def pay(session: Session, world: World, line: int, amount: str) -> None:
    opco = world.actors["opco"]
    day = date(2026, 4, 2)
    record_payment(session, line, amount=Decimal(amount), paid_on=day, by=opco, at=AT, source=EntrySource.FORM)


@pytest.fixture
def browser(app: Flask, database: Database, world: World, monkeypatch: pytest.MonkeyPatch) -> Browsers:
    monkeypatch.setattr("conference.web.transaction.now", lambda: AT, raising=False)
    return Browsers(app, database, world)


def plain(text: str) -> str:
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def card(page: str, label: str) -> str:
    """Value of a key figure."""
    found = re.search(rf'card-label">{label}</p>\s*<p class="card-value">(?:<a[^>]*>)?([^<]+)', page)
    assert found, label
    return plain(found[1]).strip()


def listed(page: str) -> dict[str, Decimal]:
    """Shared totals that the list of lines says: committed and paid."""
    text = plain(re.sub(r"<[^>]+>", " ", page))
    together = re.search(r"lignes réservées comprises : ([\d ]+,\d\d) € et ([\d ]+,\d\d) €", text)
    together = together or re.search(r"chaque transfert compté une fois : ([\d ]+,\d\d) € et ([\d ]+,\d\d) €", text)
    if together:
        return {"committed": parse_euros(together[1]), "paid": parse_euros(together[2])}
    sums = {"committed": Decimal(0), "paid": Decimal(0)}
    foot = re.search(r"<tfoot>(.*?)</tfoot>", page, re.S)
    if foot:
        amounts = re.findall(r'<td class="num">([^<]+)</td>', foot[1])
        sums = {"committed": parse_euros(plain(amounts[0])), "paid": parse_euros(plain(amounts[1]))}
    hidden = re.search(r"que vous ne voyez qu’ensemble : ([\d ]+,\d\d) € engagés, ([\d ]+,\d\d) € payés", text)
    if hidden:
        sums["committed"] += parse_euros(hidden[1])
        sums["paid"] += parse_euros(hidden[2])
    return sums


def test_key_figures_are_the_totals_of_the_year_and_of_the_one_before(browser: Browsers, database: Database) -> None:
    page = browser("region").get("/tableau-de-bord?annee=2026").text
    with database.reading() as session:
        shared = totals(session, ["funder"], YEAR).shared_total
    assert parse_euros(card(page, "Engagé")) == shared.committed == Decimal("1925.75")
    assert parse_euros(card(page, "Payé")) == shared.paid == Decimal("400.00")
    assert parse_euros(card(page, "Reste à payer")) == shared.still_to_pay
    assert card(page, "Personnes prévues") == "45"
    text = plain(re.sub(r"\s+", " ", page))
    assert "De janvier à avril 2025 : 500,00 € (+285,2 %)" in text
    assert "Mandaté" not in page
    assert "Depuis l’origine" in page


@sqlite_only
@pytest.mark.parametrize(
    "address",
    [
        "/tableau-de-bord?annee=2026",
        "/tableau-de-bord?annee=toutes",
        "/tableau-de-bord?du=2026-03&au=2026-04",
        "/tableau-de-bord/par/dispositif?annee=2026",
        "/tableau-de-bord/par/niveau?annee=2026",
        "/tableau-de-bord/par/annee?annee=toutes",
        "/tableau-de-bord/par/mois?annee=2026&financeur=opco",
        "/tableau-de-bord/croiser?lignes=annee&colonnes=secteur&du=2025-03&au=2026-03",
        "/tableau-de-bord/croiser?lignes=financeur&colonnes=mois&mesure=paid",
        "/tableau-de-bord/croiser?lignes=mois&colonnes=annee&annee=toutes",
        "/tableau-de-bord/croiser?lignes=annee&colonnes=mois&annee=2026",
        "/tableau-de-bord/croiser?lignes=financeur&colonnes=mois&financeur=opco",
        "/tableau-de-bord/flux?annee=2026",
    ],
)
@pytest.mark.parametrize("who", ["region", "coordinator"])
def test_every_figure_opens_lines_that_add_up_to_it(browser: Browsers, address: str, who: str) -> None:
    page = browser(who).get(address).text
    opened = {(href.replace("&amp;", "&"), value) for href, value in LINK.findall(page)}
    assert len(opened) > 3
    wrong = []
    for href, value in sorted(opened):
        if "€" not in value and "," not in value:
            continue
        found = listed(browser(who).get(href).text)
        amount = parse_euros(plain(value).replace("−", "-").removesuffix("€"))
        if amount not in (found["committed"], found["paid"], found["committed"] - found["paid"]):
            wrong.append((href, value, found))
    assert wrong == []


@sqlite_only
def test_drawing_by_funder_shows_the_sums_of_its_table(browser: Browsers) -> None:
    """The Région gives 1,000.00 of its 1,250.50 through the OPCO: gross in the table, gross in the drawing."""
    page = browser("coordinator").get("/tableau-de-bord/par/financeur?annee=2026").text
    drawn = [plain(text) for text in re.findall(r">([^<>]+)</text>", page)]
    assert drawn[drawn.index("Région Exemple") + 1] == "1,3 k€"
    row = re.search(r"Région Exemple</a></th>(.*?)</tr>", page)
    assert row
    assert "1 250,50" in plain(row[1])


@sqlite_only
def test_reader_gets_the_figures_without_a_link_to_a_line(browser: Browsers) -> None:
    for address in ("", "/par/financeur", "/croiser", "/flux"):
        page = browser("reader").get(f"/tableau-de-bord{address}").text
        assert "/engagements" not in page
        assert "1 925,75" in plain(page)


@sqlite_only
def test_few_persons_are_shown_to_those_who_own_the_lines_only(browser: Browsers) -> None:
    def persons(who: str) -> list[str]:
        page = browser(who).get("/tableau-de-bord/par/dispositif?annee=2026&financeur=opco").text
        rows = re.findall(r"<tr><th scope=\"row\".*?</tr>", page, re.S)
        return [plain(re.findall(r"<td[^>]*>([^<]*)", row)[-1]) for row in rows]

    assert persons("opco") == ["40", "2"]
    assert persons("region") == persons("coordinator") == persons("reader") == ["40", "&lt; 5"]


@sqlite_only
def test_export_hides_a_second_count_so_that_none_can_be_found(browser: Browsers) -> None:
    answer = browser("reader").get("/tableau-de-bord/export.csv?tableau=financeurs&annee=2026")
    rows = list(csv.reader(StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))
    assert "Démonstration" not in rows[0][0]
    counts = {row[0]: row[-1] for row in rows if len(row) > 3}
    assert counts["OPCO Exemple"] == "42"
    assert counts["Total partagé"] == "45"
    browser("region")
    answer = browser("reader").get("/tableau-de-bord/export.csv?tableau=axe&axe=dispositif&annee=2026")
    rows = [row for row in csv.reader(StringIO(answer.data.decode("utf-8-sig")), delimiter=";") if len(row) > 3]
    assert [row[-1] for row in rows[1:]] == ["0", "moins de 11 ou protégé", "moins de 11 ou protégé", "45"]


@pytest.mark.parametrize(
    "table", ["financeurs", "axe&axe=mois", "croisement&lignes=financeur", "parts", "flux", "transmis"]
)
def test_each_table_is_exported_with_its_filters_and_figures(browser: Browsers, table: str) -> None:
    answer = browser("coordinator").get(f"/tableau-de-bord/export.xlsx?tableau={table}&annee=2026&territoire=")
    assert answer.status_code == 200
    sheet = load_workbook(BytesIO(answer.data)).worksheets[0]
    rows = [[cell for cell in row if cell is not None] for row in sheet.iter_rows(values_only=True)]
    assert any("Période" in str(row[0]) for row in rows if row)
    if not table.startswith("transmis"):
        assert rows[-1][0] == ("Somme des financeurs" if table == "flux" else "Total partagé")
        assert 1925.75 in rows[-1]


@sqlite_only
def test_export_of_no_table_is_not_found(browser: Browsers) -> None:
    assert browser("region").get("/tableau-de-bord/export.xlsx?tableau=x").status_code == 404
    assert browser("region").get("/tableau-de-bord/par/x").status_code == 404


@sqlite_only
@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("annee=abc", "Choisissez dans la liste."),
        ("annee=99999", "Choisissez dans la liste."),
        ("annee=abc&du=2026-01", "Choisissez dans la liste."),
        ("du=2026-13", "2026-13"),
        ("du=2026-03&au=2026-01", "Ce mois précède le premier."),
        ("dispositif=x", "Choisissez dans la liste."),
        ("financeur=x", "Choisissez dans la liste."),
    ],
)
@pytest.mark.parametrize("path", ["", "/par/dispositif", "/croiser", "/flux"])
def test_filter_that_cannot_be_read_shows_no_figure(browser: Browsers, path: str, query: str, said: str) -> None:
    answer = browser("region").get(f"/tableau-de-bord{path}?{query}")
    assert answer.status_code == 422
    assert said in answer.text
    assert "925,75" not in answer.text


@sqlite_only
@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("lignes=x", "Choisissez dans la liste."),
        ("lignes=mois&mesure=x", "Choisissez dans la liste."),
        ("lignes=mois&colonnes=mois", "Choisissez un autre axe que celui des lignes."),
    ],
)
def test_crossing_that_cannot_be_read_shows_no_figure_and_is_not_exported(
    browser: Browsers, query: str, said: str
) -> None:
    page = f"/tableau-de-bord/croiser?annee=2026&{query}"
    answer = browser("region").get(page)
    assert answer.status_code == 422
    assert said in answer.text
    assert "925,75" not in answer.text
    export = browser("region").get(f"/tableau-de-bord/export.csv?tableau=croisement&annee=2026&{query}")
    assert (export.status_code, urlsplit(export.location).path) == (302, "/tableau-de-bord/croiser")


@sqlite_only
@pytest.mark.parametrize("chosen", ["", "colonnes=dispositif", "lignes=public", "mesure=paid"])
def test_crossing_chooses_what_is_not_said(browser: Browsers, chosen: str) -> None:
    answer = browser("region").get(f"/tableau-de-bord/croiser?annee=2026&{chosen}")
    assert answer.status_code == 200
    amount = "400,00" if chosen.startswith("mesure") else "1 925,75"
    assert amount in plain(answer.text)


@sqlite_only
def test_change_of_persons_is_told_where_both_counts_are(browser: Browsers) -> None:
    def said(address: str) -> str:
        text = plain(re.sub(r"<[^>]+>", " ", browser("coordinator").get(f"/tableau-de-bord?{address}").text))
        found = re.search(r"Personnes prévues (.*?) Définition", re.sub(r"\s+", " ", text))
        assert found
        return found[1]

    assert "9 (+400,0 %)" in said("annee=2026")
    masked = said("du=2026-02&au=2026-02&financeur=opco")
    assert masked.endswith("En février 2025 : 0")
    assert masked.startswith("&lt; 5")


def test_selection_without_an_entry_and_empty_conference_say_so(
    browser: Browsers, app: Flask, database: Database
) -> None:
    for path in ("", "/par/mois", "/croiser", "/flux"):
        page = browser("region").get(f"/tableau-de-bord{path}?annee=2001").text
        assert "Aucune écriture ne répond à ces filtres." in page


@sqlite_only
def test_empty_conference_offers_the_first_step(app: Flask, database: Database) -> None:
    world = make_world(database)
    page = Browsers(app, database, world)("region").get("/tableau-de-bord").text
    assert "Aucune écriture n’est encore enregistrée" in page


@sqlite_only
def test_large_crossing_gathers_the_smallest_and_its_export_has_all(
    app: Flask, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = make_world(database)
    list(generate(database, entries=1_500, seed=3, by=CONSOLE, at=AT))
    browser = Browsers(app, database, world)("coordinator")
    address = "lignes=mois&colonnes=territoire&annee=toutes"
    page = browser.get(f"/tableau-de-bord/croiser?{address}").text
    assert "Autres (41)" in page
    assert "Le dessin montre les 36 derniers mois." in browser.get("/tableau-de-bord/par/mois?annee=toutes").text
    assert "Le dessin montre" not in browser.get("/tableau-de-bord/par/mois").text
    with database.reading() as session:
        whole = totals(session, ["month"]).shared_total.committed
    answer = browser.get(f"/tableau-de-bord/export.xlsx?tableau=croisement&{address}")
    rows = list(load_workbook(BytesIO(answer.data)).worksheets[0].iter_rows(values_only=True))
    assert rows[-1][0] == "Total partagé"
    assert Decimal(str(rows[-1][-1])).quantize(Decimal("0.01")) == whole
    assert len([row for row in rows if re.match(r"\w+\s\d{4}$", str(row[0]))]) == 60


def test_views_are_kept_moved_opened_and_dropped_by_their_author(browser: Browsers, database: Database) -> None:
    page = "/tableau-de-bord/par/dispositif?annee=2026"
    kept = browser("opco").post("/tableau-de-bord/vues", page, data={"name": " Mes  dispositifs ", "address": page})
    assert (kept.status_code, kept.location) == (303, page)
    browser("opco").post(
        "/tableau-de-bord/vues", page, data={"name": "Mes dispositifs", "address": page + "&financeur=opco"}
    )
    text = browser("opco").get("/tableau-de-bord").text
    assert text.count("Mes dispositifs") == 3  # the message, its link, the name of its button
    assert "financeur=opco" in text
    assert "Mes dispositifs" not in browser("region").get("/tableau-de-bord").text
    with database.reading() as session:
        [view_id] = session.exec(select(NamedView.id)).all()
    away = f"/tableau-de-bord/vues/{view_id}/retirer"
    assert browser("region").post(away, page).status_code == 404
    assert browser("opco").post(away, page).status_code == 303
    browser("opco").get("/tableau-de-bord")  # says that it is dropped
    assert "Mes dispositifs" not in browser("opco").get("/tableau-de-bord").text


@sqlite_only
@pytest.mark.parametrize(
    "address",
    ["https://example.org/", "//example.org", "/tableau-de-bord/../comptes", "/engagements", "/tableau-de-bordx"],
)
def test_view_leads_nowhere_else(browser: Browsers, address: str) -> None:
    page = "/tableau-de-bord"
    answer = browser("opco").post("/tableau-de-bord/vues", page, data={"name": "x", "address": address})
    assert answer.status_code == 422


@sqlite_only
@pytest.mark.parametrize("path", ["", "/par/territoire", "/croiser", "/flux", "/export.csv?tableau=flux"])
def test_page_asks_as_much_of_the_database_for_many_lines_as_for_few(
    database: Database, world: World, browser: Browsers, path: str
) -> None:
    def queries() -> int:
        counted: list[Any] = []
        listen = lambda *call: counted.append(call[2])  # noqa: E731
        event.listen(Engine, "before_cursor_execute", listen)
        assert (
            browser("region").get(f"/tableau-de-bord{path}{'&' if '?' in path else '?'}annee=2026").status_code == 200
        )
        event.remove(Engine, "before_cursor_execute", listen)
        return len(counted)

    queries()
    few = queries()
    with database.writing() as session:
        for rank in range(3, 6):
            commit(session, world, "opco", "10.00", dimensions=dimensions(session, rank))
        set_budget(session, world["region"], year=2026, amount=Decimal("9000.00"), by=CONSOLE, at=AT)
    assert queries() == few


@sqlite_only
def test_addresses_of_figures_keep_the_other_filters(browser: Browsers) -> None:
    page = browser("region").get("/tableau-de-bord/par/mois?annee=2026&financeur=opco&nature=non_renseigne").text
    found = {tuple(sorted(parse_qs(urlsplit(href.replace("&amp;", "&")).query))) for href, _ in LINK.findall(page)}
    assert found <= {("au", "du", "financeur", "nature"), ("annee", "financeur", "nature")}
