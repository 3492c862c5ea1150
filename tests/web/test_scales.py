"""Do the pages of the scales say what holds on a day, and does a value tell its effect before it is saved?"""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from flask import Flask
from sqlmodel import select

from conference.data.scales import shipped_scales
from conference.data.session import Database
from conference.data.tables import ScaleValue
from conference.services.scales import ScaleLine, add_scale_value, withdraw_scale_value
from tests.seeds import AT, World, make_world, sign_in_token
from tests.web.page_client import PageClient
from tests.web.told_tables import page_tables

ROOT = "/administration/baremes"
LINE = ScaleLine(
    code="RFF_PLAFOND",
    first=date(2026, 4, 1),
    amount=Decimal("780.00"),
    law="délibération n° 2026-10",
    source="bulletin officiel",
    checked_on=date(2026, 4, 20),
)


@pytest.fixture
def world(database: Database) -> World:
    return make_world(database)


def browser(app: Flask, database: Database, world: World, who: str) -> PageClient:
    client = PageClient(app)
    client.flask.set_cookie("conference_session", sign_in_token(database, world.actors[who]))
    return client


def words(html: str) -> str:
    """The text of a page, on one line, with plain spaces."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html).replace("&nbsp;", " ")).replace("\u202f", " ")


def test_the_page_shows_every_scale_on_the_day_of_the_address(app: Flask, database: Database, world: World) -> None:
    client = browser(app, database, world, "reader")
    page = words(client.get(f"{ROOT}?jour=2026-11-23").text)
    assert "Valeurs en vigueur le 23 novembre 2026" in page
    for scale in shipped_scales().by_code.values():
        assert scale.label in page
    assert "769,49 € par mois depuis le 1er avril 2025" in page
    assert "dates déduites ; valeur depuis avril 2026 non confirmée" in page
    assert "Dater une valeur" not in page


def test_a_day_without_a_value_says_so_and_names_the_day(app: Flask, database: Database, world: World) -> None:
    client = browser(app, database, world, "region")
    page = words(client.get(f"{ROOT}?jour=2004-12-01").text)
    assert re.search(r"La valeur « [^»]*plancher[^»]* » n’est pas connue au 1er décembre 2004", page, re.IGNORECASE)
    old = words(client.get(f"{ROOT}?jour=1999-01-01").text)
    assert "Aucun jeu de règles n’est connu pour une formation inscrite le 1er janvier 1999" in old


@pytest.mark.parametrize(
    ("day", "rules", "facts"),
    [
        ("2007-06-01", "AFF de 2006", ["du 15 janvier 2007 au 31 décembre 2008", "Durée la plus longue 3 ans"]),
        (
            "2003-01-01",
            "AFF de 2001",
            ["jusqu’à 7 mois de droits ouverts : 4 mois", "les textes connus n’en disent rien"],
        ),
        ("2015-01-01", "R2F, puis RFF de 2011", ["Plafond 652,02 € par mois", "suspendu au-delà de 15 jours"]),
        ("2026-11-23", "RFF de 2024", ["Plafond 769,49 € par mois", "Durée la plus longue 1 095 jours"]),
    ],
)
def test_the_rule_set_in_force_is_told_with_its_values(
    app: Flask, database: Database, world: World, day: str, rules: str, facts: list[str]
) -> None:
    html = browser(app, database, world, "coordinator").get(f"{ROOT}?jour={day}").text
    page = words(html)
    section = page[page.index("Règles de relais pour une formation") : page.index("Tous les jeux de règles")]
    assert rules in section
    for fact in facts:
        assert fact in section, section
    table = html[html.index("<caption", html.index('id="') and html.index("Tous les jeux de règles</h2>")) :]
    assert table[: table.index("</table>")].count('<th scope="row"') == len(shipped_scales().rule_sets) == 6


def test_an_unreadable_day_is_said_and_today_is_shown(app: Flask, database: Database, world: World) -> None:
    page = words(browser(app, database, world, "region").get(f"{ROOT}?jour=hier").text)
    assert "La date « hier » n’est pas lisible" in page


def test_the_page_of_a_scale_shows_its_lines_and_its_holes(app: Flask, database: Database, world: World) -> None:
    with database.writing() as session:
        add_scale_value(session, replace(LINE, last=date(2026, 6, 30)), by=world.actors["admin"], at=AT)
        gone = add_scale_value(session, replace(LINE, first=date(2027, 1, 1)), by=world.actors["admin"], at=AT)
        withdraw_scale_value(session, gone.id or 0, motive="Texte abrogé", by=world.actors["admin"], at=AT)
    html = browser(app, database, world, "admin").get(f"{ROOT}/RFF_PLAFOND").text
    page = words(html)
    assert "du 1er avril 2026 au 30 juin 2026 780,00 € par mois délibération n° 2026-10" in page
    assert "du 1er avril 2025 au 31 mars 2026 769,49 € par mois" in page
    assert "depuis le 1er juillet 2026 – Non connue" in page
    assert "Texte abrogé" in page and "Compte admin" in page
    assert len(re.findall(r"/valeurs/\d+/retirer", html)) == 1
    other = browser(app, database, world, "reader").get(f"{ROOT}/RFF_PLAFOND").text
    assert "Texte abrogé" in other and "retirer" not in other and "Compte admin" not in other


def test_a_scale_that_does_not_exist_is_not_found(app: Flask, database: Database, world: World) -> None:
    client = browser(app, database, world, "admin")
    assert client.get(f"{ROOT}/PAS_UN_BAREME").status_code == 404


def test_every_scale_has_its_page(app: Flask, database: Database, world: World) -> None:
    client = browser(app, database, world, "reader")
    for code in shipped_scales().by_code:
        [table, *_] = page_tables(client.get(f"{ROOT}/{code}").text)
        assert table.rows, code


TYPED = {
    "amount": "780,00",
    "first": "01/04/2026",
    "last": "",
    "law": "délibération n° 2026-10",
    "source": "bulletin officiel",
    "checked_on": "20/04/2026",
    "to_check": "y",
    "note": "dates à confirmer",
}
NEW = f"{ROOT}/RFF_PLAFOND/nouvelle"


def values(database: Database) -> list[ScaleValue]:
    with database.reading() as session:
        rows = list(session.exec(select(ScaleValue)))
        session.expunge_all()
        return rows


def test_the_first_step_tells_what_would_change_and_saves_nothing(app: Flask, database: Database, world: World) -> None:
    admin = browser(app, database, world, "admin")
    answer = admin.post(NEW, data=TYPED, token_from=NEW)
    page = words(answer.text)
    assert answer.status_code == 200
    assert "Rien n’est encore enregistré" in page
    assert "depuis le 1er avril 2026 769,49 € par mois, à vérifier 780,00 € par mois, à vérifier" in page
    assert "Aucun parcours ne changerait de résultat, sur 0 examinés" in page
    assert values(database) == []


def test_the_second_step_saves_what_was_seen(app: Flask, database: Database, world: World) -> None:
    admin = browser(app, database, world, "admin")
    seen = admin.post(NEW, data=TYPED, token_from=NEW).text
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', seen))
    assert hidden.pop("seen") == "1"
    answer = admin.post(NEW, data={**hidden, "seen": "1"})
    assert (answer.status_code, answer.location) == (303, f"{ROOT}/RFF_PLAFOND")
    [value] = values(database)
    assert (value.amount, value.first, value.last, value.law) == (
        Decimal(780),
        date(2026, 4, 1),
        None,
        TYPED["law"],
    )
    assert (value.source, value.checked_on, value.to_check, value.note) == (
        TYPED["source"],
        date(2026, 4, 20),
        True,
        TYPED["note"],
    )
    assert "La valeur est ajoutée" in words(admin.get(answer.location).text)


def test_nothing_typed_is_lost_when_it_is_corrected(app: Flask, database: Database, world: World) -> None:
    admin = browser(app, database, world, "admin")
    page = admin.post(NEW, data={**TYPED, "seen": "1", "again": "1"}, token_from=NEW).text
    for name in ("amount", "first", "law", "source", "checked_on"):
        assert f'value="{TYPED[name]}"' in page, name
    assert "dates à confirmer</textarea>" in page and " checked" in page
    assert values(database) == []


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"amount": "abc"}, "La valeur « abc » n’est pas lisible. Écrivez par exemple 769,49."),
        ({"amount": "780,001"}, "n’est pas lisible"),
        ({"amount": ""}, "Indiquez la valeur."),
        ({"law": " "}, "Indiquez le texte qui fixe cette valeur"),
        ({"first": ""}, "Indiquez le premier jour."),
        ({"last": "01/01/2026"}, "La date de fin précède la date de début."),
        ({"checked_on": "01/01/2100"}, "La vérification ne peut pas être datée d’un jour à venir."),
        ({"note": ""}, "Dites dans la note ce qui reste à vérifier."),
    ],
)
def test_a_mistake_is_told_at_its_field_before_anything_is_computed(
    app: Flask, database: Database, world: World, changes: dict[str, str], sentence: str
) -> None:
    admin = browser(app, database, world, "admin")
    for more in ({}, {"seen": "1"}):
        answer = admin.post(NEW, data={**TYPED, **changes, **more}, token_from=NEW)
        assert answer.status_code == 422
        assert sentence in words(answer.text)
    assert values(database) == []


def test_a_rate_is_typed_and_shown_in_percent(app: Flask, database: Database, world: World) -> None:
    admin, address = browser(app, database, world, "admin"), f"{ROOT}/ASP_CSP_TAUX/nouvelle"
    page = words(admin.post(address, data={**TYPED, "amount": "80 %"}, token_from=address).text)
    assert "75 %, à vérifier 80 %, à vérifier" in page
    refused = admin.post(address, data={**TYPED, "amount": "80"}, token_from=address)
    assert "Écrivez par exemple 75 % ou 0,75" in words(refused.text)


def test_days_that_lose_their_value_are_told(app: Flask, database: Database, world: World) -> None:
    admin = browser(app, database, world, "admin")
    page = words(admin.post(NEW, data={**TYPED, "last": "30/06/2026"}, token_from=NEW).text)
    assert "depuis le 1er juillet 2026 769,49 € par mois, à vérifier non connue" in page
    assert "Aucune ligne ne donnerait de valeur depuis le 1er juillet 2026" in page


def test_withdrawing_tells_its_effect_and_asks_why(app: Flask, database: Database, world: World) -> None:
    with database.writing() as session:
        add_scale_value(session, LINE, by=world.actors["admin"], at=AT)
    [value] = values(database)
    admin, address = browser(app, database, world, "admin"), f"{ROOT}/valeurs/{value.id}/retirer"
    assert "780,00 € par mois 769,49 € par mois, à vérifier" in words(admin.get(address).text)
    assert admin.post(address, data={"motive": ""}, token_from=address).status_code == 422
    answer = admin.post(address, data={"motive": "Texte abrogé"}, token_from=address)
    assert (answer.status_code, answer.location) == (303, f"{ROOT}/RFF_PLAFOND")
    [value] = values(database)
    assert value.withdrawn_motive == "Texte abrogé"
    assert "Cette valeur est déjà retirée" in words(admin.get(address).text)
    assert admin.post(address, data={"motive": "x"}, token_from=NEW).status_code == 422
    assert admin.get(f"{ROOT}/valeurs/12345/retirer").status_code == 404
