"""The simulator: the founding case typed by hand, what it refuses, what it does not keep."""

import subprocess
from collections.abc import Mapping

import pytest
from flask import Flask
from sqlmodel import func, select

from conference.data.session import Database
from conference.data.tables import JournalEntry, Trace
from conference.web.access import COOKIE
from conference.web.simulation_form import EXAMPLE
from tests.seeds import World, make_world, sign_in_token
from tests.web.page_client import PageClient

ADDRESS = "/aide/simuler"
ONE = {"steps": "1", "rights": "1", "conventions": "0"}


@pytest.fixture
def world(database: Database) -> World:
    return make_world(database)


@pytest.fixture
def client(app: Flask, database: Database, world: World) -> PageClient:
    made = PageClient(app)
    made.flask.set_cookie(COOKIE, sign_in_token(database, world.actors["region"]))
    return made


def sent(client: PageClient, changes: Mapping[str, str] = {}, **counts: str) -> str:
    answer = client.post(ADDRESS, data={**EXAMPLE, **ONE, **counts, "do": "compute", **changes}, token_from=ADDRESS)
    return plain(answer.get_data(as_text=True))


def plain(html: str) -> str:
    return html.replace("\u202f", " ").replace("\u00a0", " ")


def test_founding_case_is_told_in_words_days_and_euros(client: PageClient) -> None:
    page = sent(client)
    assert "Du 15 mai 2026 au 30 juin 2026, personne ne paie pendant 47 jours, soit 1 457,00 € à trouver." in page
    assert "130 payés, 0 présumés, 0 mobilisables, 47 sans revenu" in page
    assert "Le métier visé n’est pas sur la liste des métiers en tension." in page
    assert "Rémunération de fin de formation (RFF)" in page


def test_example_fills_the_form(client: PageClient) -> None:
    page = plain(client.get(f"{ADDRESS}?exemple=1").get_data(as_text=True))
    assert 'value="14/05/2026"' in page and 'value="31,00"' in page and 'value="france_travail"' in page


def test_an_unknown_fact_is_to_check(client: PageClient) -> None:
    page = sent(client, {"step0_shortage_occupation": ""})
    assert "une condition du relais est à vérifier" in page
    assert "Personne n’a dit si le métier visé est sur la liste des métiers en tension." in page


def test_a_convention_is_available(client: PageClient) -> None:
    convention = {
        "convention0_kind": "trainee_pay",
        "convention0_payer": "region",
        "convention0_first": "01/01/2026",
        "convention0_last": "31/12/2026",
        "convention0_left": "310,00",
        "convention0_daily_amount": "31,00",
    }
    page = sent(client, convention, conventions="1")
    assert "130 payés, 0 présumés, 10 mobilisables, 37 sans revenu" in page


@pytest.mark.parametrize(
    ("changes", "name", "sentence"),
    [
        ({"step0_last": "04/01/2026"}, "step0_last", "précède"),
        ({"step0_first": "hier"}, "step0_first", "La date « hier » n’est pas lisible."),
        ({"right0_daily_amount": "-31"}, "right0_daily_amount", "négatif"),
        ({"right0_days_left": "12"}, "right0_days_left", "« Dernier jour » et « Ou jours restants au premier jour »"),
        ({"step0_weekly_hours": "trente"}, "step0_weekly_hours", "n’est pas lisible"),
        ({"step0_interrupted_first": "02/03/2025", "step0_interrupted_last": "05/03/2025"}, "step0_interrupted", ""),
        ({"birth_date": "01/01/2026", "step0_first": "05/01/2025"}, "birth_date", "naissance"),
    ],
)
def test_what_makes_no_sense_is_refused_at_its_field(
    client: PageClient, changes: dict[str, str], name: str, sentence: str
) -> None:
    answer = client.post(ADDRESS, data={**EXAMPLE, **ONE, "do": "compute", **changes}, token_from=ADDRESS)
    page = plain(answer.get_data(as_text=True))
    assert answer.status_code == 422
    assert f'href="#{name}' in page and sentence in page
    assert 'value="14/05/2026"' in page, "nothing typed is lost"


def test_a_block_is_added_and_nothing_typed_is_lost(client: PageClient) -> None:
    answer = client.post(ADDRESS, data={**EXAMPLE, **ONE, "do": "add_steps"}, token_from=ADDRESS)
    page = plain(answer.get_data(as_text=True))
    assert answer.status_code == 200
    assert 'name="step1_first"' in page and 'value="14/05/2026"' in page
    assert "Qui paierait chaque jour" not in page
    most = client.post(ADDRESS, data={**EXAMPLE, **ONE, "steps": "4", "do": "add_steps"}, token_from=ADDRESS)
    assert 'name="step4_first"' not in most.get_data(as_text=True)


@pytest.mark.parametrize("count", ["", "x", "-1", "999999", "٣"])
def test_a_count_that_is_no_number_of_blocks_harms_nothing(client: PageClient, count: str) -> None:
    answer = client.post(ADDRESS, data={**EXAMPLE, **ONE, "steps": count, "do": "compute"}, token_from=ADDRESS)
    assert answer.status_code in (200, 422)


def test_pdf_explains_the_founding_case_on_one_page(client: PageClient, tmp_path: object) -> None:
    answer = client.post(ADDRESS, data={**EXAMPLE, **ONE, "do": "pdf"}, token_from=ADDRESS)
    assert answer.status_code == 200 and answer.content_type == "application/pdf"
    read = subprocess.run(["pdftotext", "-layout", "-", "-"], input=answer.data, capture_output=True, check=True)
    text = " ".join(plain(read.stdout.decode()).split())
    assert "personne ne paie pendant 47 jours, soit 1 457,00 € à trouver." in text
    assert "Document indicatif, qui ne vaut pas décision" in text
    assert "page 1/1" in text
    assert "1982" not in text, "no birth date on paper"


def test_nothing_is_kept(client: PageClient, database: Database) -> None:
    def kept() -> tuple[int, int]:
        with database.reading() as session:
            counts = [session.exec(select(func.count()).select_from(table)).one() for table in (JournalEntry, Trace)]
        return counts[0], counts[1]

    before = kept()
    answer = client.post(ADDRESS, data={**EXAMPLE, **ONE, "do": "compute"}, token_from=ADDRESS)
    assert kept() == before
    assert "no-store" in answer.headers["Cache-Control"]
