"""Do the pages of the library show each article and its versions, and does a coordinator date one without losing a word?"""

import re
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlmodel import select

from conference.data.articles import shipped_articles
from conference.data.session import Database
from conference.data.tables import Convention, ConventionArticle, ConventionParty, ConventionVersion, LibraryArticle
from conference.domain.article_example import EXAMPLE
from conference.domain.article_library import library, model
from conference.domain.article_text import VARIABLES, variables_of
from conference.domain.convention import ArticleRole, ConventionKind
from conference.services.article_library import ArticleLine, record_article
from conference.web.article_library import worded
from tests.seeds import AT, World, make_world, sign_in_token
from tests.web.page_client import PageClient

ROOT = "/conventions/bibliotheque"
TYPED = {
    "title": "Règlement des litiges",
    "text": "Le juge est saisi au plus tard le {dernier_jour}.\r\n\r\nSes frais : {{partagés}}.",
    "position": "140",
    "required": "y",
}
sqlite_only = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
def world(database: Database) -> World:
    return make_world(database)


def browser(app: Flask, database: Database, world: World, who: str) -> PageClient:
    client = PageClient(app)
    client.flask.set_cookie("conference_session", sign_in_token(database, world.actors[who]))
    return client


def words(html: str) -> str:
    """The text of a page, on one line, with plain spaces."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html).replace("\u202f", " ").replace("\xa0", " "))


def tomorrow() -> date:
    return date.today() + timedelta(days=2)  # noqa: DTZ011 - a day to come, whatever the zone


@sqlite_only
def test_the_list_is_that_of_a_model(app: Flask, database: Database, world: World) -> None:
    client = browser(app, database, world, "opco")
    page = words(client.get(ROOT).text)
    assert "Prise d’effet de l’avenant" in page and "Écrire un article" not in page
    rows = client.get(f"{ROOT}?type=bonus").text
    titles = re.findall(r"/conventions/bibliotheque/articles/(\w+)", rows)
    expected = model(ConventionKind.BONUS, library(shipped_articles(), (), date(2026, 11, 1)))
    assert titles == [line.code for line in expected]
    assert re.findall(r"articles/(\w+)", client.get(f"{ROOT}?type=income&objet=income").text) == [
        "income_public",
        "income_exhaustion",
        "income_scale",
        "income_courses",
    ]
    assert "Aucun article ne répond" in client.get(f"{ROOT}?type=avenant&objet=bonus").text
    assert "Choisissez dans la liste" in client.get(f"{ROOT}?type=nimporte").text


@sqlite_only
@pytest.mark.parametrize("line", shipped_articles()[::5], ids=lambda line: line.code)
def test_every_article_can_be_read_with_its_variables_as_words(
    app: Flask, database: Database, world: World, line: object
) -> None:
    client = browser(app, database, world, "region")
    page = client.get(f"{ROOT}/articles/{line.code}")  # type: ignore[attr-defined]
    assert page.status_code == 200
    assert "{" not in words(page.text)
    assert "Dater une nouvelle version" not in page.text


def test_a_version_is_previewed_saved_compared_and_withdrawn(app: Flask, database: Database, world: World) -> None:
    client = browser(app, database, world, "coordinator")
    form = f"{ROOT}/articles/disputes/nouvelle-version"
    assert "Le tribunal" not in client.get(form).text and "le tribunal administratif" in client.get(form).text
    typed = {**TYPED, "first": f"{tomorrow():%d/%m/%Y}"}
    shown = client.post(form, data={**typed, "preview": "1"}, token_from=form)
    assert shown.status_code == 200
    page = words(shown.text)
    assert "Rien n’est encore enregistré" in page
    assert "Le juge est saisi au plus tard le 31 janvier 2027." in page and "Ses frais : {partagés}." in page
    assert "<del>" in shown.text and "<ins>" in shown.text
    with database.reading() as session:
        assert session.exec(select(LibraryArticle)).all() == []
    saved = client.post(form, data=typed, token_from=form, follow_redirects=True)
    page = words(saved.text)
    assert "L’article est enregistré." in page and "À venir" in page and "Ce que change la version du" in page
    listed = words(client.get(f"{ROOT}?objet=disputes").text)
    assert "Nouvelle version le" in listed and "Litiges" in listed
    with database.reading() as session:
        row = session.exec(select(LibraryArticle)).one()
        number = row.id
        assert (row.code, row.role, row.kinds, row.required, row.first) == (
            "disputes",
            "disputes",
            "",
            True,
            tomorrow(),
        )
    gesture = f"{ROOT}/versions/{number}/retirer"
    assert "Retirer la version" in client.get(gesture).text
    assert client.post(gesture, data={"motive": " "}, token_from=gesture).status_code == 422
    done = words(client.post(gesture, data={"motive": "Coquille"}, token_from=gesture, follow_redirects=True).text)
    assert "La version est retirée." in done and "motif : Coquille" in done
    assert client.post(gesture, data={"motive": "Encore"}, token_from=gesture).status_code in (400, 422)


@sqlite_only
def test_what_is_refused_keeps_what_was_typed(app: Flask, database: Database, world: World) -> None:
    client = browser(app, database, world, "coordinator")
    form = f"{ROOT}/articles/disputes/nouvelle-version"
    typed = {**TYPED, "first": f"{tomorrow():%d/%m/%Y}", "text": "Jusqu’au {dernier_jours}."}
    for preview in ({}, {"preview": "1"}):
        answer = client.post(form, data={**typed, **preview}, token_from=form)
        assert answer.status_code == 422
        assert "« dernier_jours » n’est pas une variable." in words(answer.text)
        assert "Jusqu’au {dernier_jours}." in answer.text
    empty = client.post(f"{ROOT}/nouveau", data={}, token_from=f"{ROOT}/nouveau")
    assert empty.status_code == 422 and "5 choses sont à corriger" in empty.text


@sqlite_only
def test_a_new_article_joins_the_model_of_its_kind(app: Flask, database: Database, world: World) -> None:
    client = browser(app, database, world, "coordinator")
    typed = {**TYPED, "role": "other", "kinds": ["relay", "bonus"], "first": f"{tomorrow():%d/%m/%Y}"}
    typed.pop("required")
    client.post(f"{ROOT}/nouveau", data=typed, token_from=f"{ROOT}/nouveau")
    page = words(client.get(f"{ROOT}/articles/reglement_des_litiges").text)
    assert "Convention de relais, Convention avec bonus et malus" in page
    assert "Cet article n’est pas en vigueur aujourd’hui" in page


@sqlite_only
def test_where_an_article_was_used_is_told_to_its_parties_alone(app: Flask, database: Database, world: World) -> None:
    with database.writing() as session:
        convention = Convention(kind="relay", status="draft", owner_id=world["region"], created_at=AT)
        session.add(convention)
        session.flush()
        version = ConventionVersion(
            convention_id=convention.id or 0, rank=0, status="draft", title="Relais-à-taire", created_at=AT
        )
        session.add(version)
        session.flush()
        number = version.id or 0
        session.add(ConventionParty(version_id=number, organisation_id=world["region"], rank=1, role="funder"))
        session.add(
            ConventionArticle(
                version_id=number, position=1, role="disputes", title="Litiges", text="Le juge.", source="disputes",
                source_date=date(2020, 1, 1), writing=2,
            )
        )  # fmt: skip
    address = f"{ROOT}/articles/disputes"
    for who in ("region", "coordinator"):
        page = words(browser(app, database, world, who).get(address).text)
        assert "Relais-à-taire" in page and "réécrit" in page and "1er janvier 2020" in page
    assert "Relais-à-taire" not in browser(app, database, world, "opco").get(address).text
    other = browser(app, database, world, "opco").get(f"{ROOT}/articles/duration").text
    assert "Aucune convention que vous pouvez ouvrir" in other


@sqlite_only
def test_only_who_coordinates_finds_the_forms(app: Flask, database: Database, world: World) -> None:
    with database.writing() as session:
        line = ArticleLine(date(2026, 4, 20), ArticleRole.OTHER, 90, "Égalité", "Chacun est reçu.", required=False)
        number = record_article(session, line, by=world.actors["coordinator"], at=AT).id
    forms = ("nouveau", "articles/disputes/nouvelle-version", f"versions/{number}/retirer")
    for who, status in (("region", 403), ("admin", 403), ("coordinator", 200)):
        client = browser(app, database, world, who)
        assert [client.get(f"{ROOT}/{form}").status_code for form in forms] == [status] * 3
    assert browser(app, database, world, "reader").get(ROOT).status_code == 403
    client = browser(app, database, world, "coordinator")
    assert client.get(f"{ROOT}/articles/nulle_part").status_code == 404
    assert client.get(f"{ROOT}/versions/{(number or 0) + 1}/retirer").status_code == 404


def test_the_example_knows_every_variable() -> None:
    values = variables_of(EXAMPLE)
    assert [name for name in VARIABLES if not values[name] or "à compléter" in values[name]] == []


def test_variables_are_told_as_words_and_doubled_braces_once() -> None:
    assert worded("Du {premier_jour} à {{ici}}.\n\nFin") == [
        [(False, "Du "), (True, VARIABLES["premier_jour"]), (False, " à {ici}.")],
        [(False, "Fin")],
    ]
