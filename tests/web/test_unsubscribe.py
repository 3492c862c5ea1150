"""Stopping the digest from the mail, and choosing its rhythm."""

from datetime import datetime

import pytest
from flask import Flask
from sqlmodel import select

from conference.data.session import Database
from conference.data.tables import Account, JournalEntry
from conference.services.unsubscribing import unsubscribe_address, unsubscribe_token
from conference.settings import Settings
from tests.seeds import World, make_world, sign_in_token
from tests.web.page_client import PageClient

sqlite_only = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
def world(database: Database) -> World:
    return make_world(database)


def account_of(database: Database, world: World, who: str = "region") -> Account:
    with database.reading() as session:
        account = session.get_one(Account, world.actors[who].account_id)
        session.expunge(account)
        return account


def changes(database: Database) -> list[tuple[int | None, int | None]]:
    """Who changed whose rhythm, as the journal tells it."""
    with database.reading() as session:
        rows = session.exec(select(JournalEntry).where(JournalEntry.verb == "set_digest"))
        return [(row.actor_id, row.object_id) for row in rows]


def link(settings: Settings, world: World, who: str = "region") -> str:
    number = world.actors[who].account_id or 0
    return unsubscribe_address(settings, number).removeprefix(settings.public_url)


def test_opening_the_link_changes_nothing_and_the_button_stops_it(
    app: Flask, database: Database, settings: Settings, world: World
) -> None:
    client, address = PageClient(app), link(settings, world)
    page = client.get(address)
    assert page.status_code == 200
    assert page.text.count("<button") == 1
    assert account_of(database, world).digest == "weekly"
    assert client.post(address, token_from=address).status_code == 200
    assert account_of(database, world).digest == "never"
    number = world.actors["region"].account_id
    assert changes(database) == [(number, number)]
    again = client.get(address)
    assert "<button" not in again.text
    assert "/mon-compte" in again.text


def test_mail_programs_stop_it_in_one_click_without_a_form_nor_a_cookie(
    app: Flask, database: Database, settings: Settings, world: World
) -> None:
    """As RFC 8058 says: a POST of that one field, from nowhere."""
    body = {"List-Unsubscribe": "One-Click"}
    for _ in range(2):
        answer = PageClient(app).post(link(settings, world), data=body)
        assert answer.status_code == 200
    assert account_of(database, world).digest == "never"
    assert len(changes(database)) == 1, "the second time changes nothing"
    assert account_of(database, world, "opco").digest == "weekly"


@sqlite_only
def test_only_the_very_token_works(app: Flask, database: Database, settings: Settings, world: World) -> None:
    mine = unsubscribe_token(settings, world.actors["region"].account_id or 0)
    number, _, proof = mine.partition(".")
    forged = (
        f"{world.actors['opco'].account_id}.{proof}",
        f"{number}.{proof[:-1]}",
        f"{number}.{proof}0",
        f"{number}.",
        f"0{number}.{proof}",
        f"٣.{proof}",
        unsubscribe_token(settings, 999_999),
        unsubscribe_token(settings.model_copy(update={"instance": settings.instance / "other"}), int(number)),
        "x",
        "-1.x",
        "9" * 40 + ".x",
    )
    client = PageClient(app)
    for token in forged:
        assert client.get(f"/desabonnement/{token}").status_code == 404, token
        assert client.post(f"/desabonnement/{token}").status_code == 404, token
    assert changes(database) == []


@sqlite_only
def test_every_other_post_still_asks_for_the_token_of_its_form(app: Flask, database: Database, world: World) -> None:
    client = PageClient(app)
    client.flask.set_cookie("conference_session", sign_in_token(database, world.actors["region"]))
    assert client.post("/mon-compte/point", data={"digest": "never"}).status_code == 400
    assert account_of(database, world).digest == "weekly"


@sqlite_only
def test_the_rhythm_is_chosen_on_the_account_page(app: Flask, database: Database, world: World) -> None:
    client = PageClient(app)
    client.flask.set_cookie("conference_session", sign_in_token(database, world.actors["region"]))
    for digest in ("daily", "daily", "never"):
        answer = client.post("/mon-compte/point", data={"digest": digest}, token_from="/mon-compte")
        assert (answer.status_code, answer.location) == (302, "/mon-compte")
        assert account_of(database, world).digest == digest
    assert len(changes(database)) == 2
    refused = client.post("/mon-compte/point", data={"digest": "hourly"}, token_from="/mon-compte")
    assert refused.status_code == 422
    assert "Choisissez une fréquence de la liste" in refused.text
    assert account_of(database, world).digest == "never"
    assert isinstance(account_of(database, world).created_at, datetime)
