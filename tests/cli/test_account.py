"""`conference account`: an account is added, listed, reset, closed and opened from the machine itself."""

import io

import pytest

from conference.data.session import Database
from conference.services.sign_in import clean_email
from tests.cli.conftest import Console
from tests.seeds import make_world

JEANNE = ("jeanne@region.example", "--name", "Jeanne Morel", "--role", "officer", "--organisation", "region")


def _state(console: Console, email: str) -> str:
    return next(row["state"] for row in console("account", "list", "--json").json if row["email"] == clean_email(email))


def test_added_account_gets_a_link_then_closes_and_opens(bare_console: Console, database: Database) -> None:
    make_world(database)
    answer = bare_console("account", "add", *JEANNE, "--json")
    assert answer.code == 0
    assert answer.json["email"] == "jeanne@region.example"
    assert answer.json["link"].startswith("http://127.0.0.1:8000/lien/")
    assert _state(bare_console, "jeanne@region.example") == "invited"
    assert bare_console("account", "close", "jeanne@region.example").out == "Done.\n"
    assert _state(bare_console, "jeanne@region.example") == "closed"
    assert bare_console("account", "open", "jeanne@region.example").code == 0
    assert bare_console("account", "unlock", "jeanne@region.example").code == 0
    assert bare_console("account", "reset-second-factor", "jeanne@region.example").code == 0


def test_password_from_stdin_makes_it_ready(
    bare_console: Console, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_world(database)
    monkeypatch.setattr("sys.stdin", io.StringIO("un cheval bleu galope loin\n"))
    answer = bare_console("account", "add", *JEANNE, "--password-stdin", "--json")
    assert answer.json == {"email": "jeanne@region.example", "link": None}
    assert _state(bare_console, "jeanne@region.example") == "active"


def test_what_cannot_be_is_a_sentence(bare_console: Console, database: Database) -> None:
    make_world(database)
    bare_console("account", "add", *JEANNE)
    again = bare_console("account", "add", *JEANNE)
    assert (again.code, again.err) == (1, "conference: Un compte existe déjà avec cette adresse.\n")
    unknown = bare_console("account", "add", *JEANNE[:-1], "nowhere")
    assert (unknown.code, unknown.err) == (1, "conference: Aucun organisme n’a le code « nowhere ».\n")
    nobody = bare_console("account", "unlock", "nobody@region.example")
    assert (nobody.code, nobody.err) == (1, "conference: Aucun compte n’a l’adresse « nobody@region.example ».\n")


def test_first_account_of_an_empty_instance_brings_its_secretariat(console: Console) -> None:
    anne = ("--name", "Anne Vasseur", "--role", "admin", "--json")
    assert console("account", "add", "anne@region.example", *anne).code == 0
    assert console("account", "add", "luc@region.example", *anne).code == 0
    rows = console("account", "list", "--json").json
    assert [(row["role"], row["organisation"]) for row in rows] == [("admin", "Secrétariat de la conférence")] * 2
    refused = console("account", "add", "paul@region.example", *anne, "--organisation", "inconnue")
    assert (refused.code, refused.out) == (1, "")
