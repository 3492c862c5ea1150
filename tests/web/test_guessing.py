"""Somebody who guesses: all at once, from one machine, on one account or on many."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pyotp
import pytest
import time_machine
from flask import Flask
from sqlmodel import select

import conference
from conference.data.session import Database
from conference.data.tables import Account, Trace
from conference.domain.permissions import Role
from conference.services.keys import cipher
from conference.services.passwords import hash_password
from conference.services.sign_in import network_digest
from conference.settings import Settings
from tests.seeds import World, make_world
from tests.web.page_client import PageClient

PASSWORD = "un mot de passe assez long"
WRONG = "ce n’est pas celui-là"


@pytest.fixture
def world(database: Database) -> World:
    """Every account of the seeds, with one password."""
    made = make_world(database)
    hashed = hash_password(PASSWORD, email="nobody@example.org", name="Personne")
    with database.writing() as session:
        for account in session.exec(select(Account)):
            account.password_hash = hashed
            session.add(account)
    return made


def sign_in(client: PageClient, email: str, password: str, network: str = "192.0.2.7") -> str:
    """What the answer says: `in`, `wrong`, `locked` or `flooding`."""
    answer = client.post(
        "/connexion",
        data={"email": email, "password": password},
        token_from="/connexion",
        environ_base={"REMOTE_ADDR": network},
    )
    return said(answer.status_code, answer.text)


def said(status: int, text: str) -> str:
    words = {"incorrect": "wrong", "Ce code": "wrong", "suspendue": "locked", "votre réseau": "flooding"}
    return "in" if status == 302 else next(word for mark, word in words.items() if mark in text)


@pytest.mark.parametrize("email", ["region@example.org", "nobody@example.org"])
def test_guesses_sent_all_at_once_are_answered_no_more_than_one_by_one(app: Flask, world: World, email: str) -> None:
    at_once = Barrier(16)

    def guess(_: int) -> str:
        client = PageClient(app)
        token = client.token("/connexion")
        at_once.wait(30)
        data = {"email": email, "password": WRONG, "csrf_token": token}
        answer = client.flask.post("/connexion", data=data)
        return said(answer.status_code, answer.text)

    with ThreadPoolExecutor(16) as pool:
        answers = Counter(pool.map(guess, range(16)))
    assert answers == {"wrong": 5, "locked": 11}


def test_codes_sent_all_at_once_are_answered_no_more_than_one_by_one(
    app: Flask, database: Database, settings: Settings, world: World
) -> None:
    secret = pyotp.random_base32()
    with database.writing() as session:
        account = session.exec(select(Account).where(Account.email == "region@example.org")).one()
        account.role, account.totp_enabled = Role.SIGNATORY.value, True
        account.totp_secret = cipher(settings.instance, "totp").encrypt(secret.encode()).decode()
        session.add(account)
    step = int(datetime.now(UTC).timestamp()) // 30
    near = {pyotp.TOTP(secret).generate_otp(step + apart) for apart in range(-3, 9)}
    wrong = next(code for code in (f"{number:06}" for number in range(10)) if code not in near)
    at_once, clients = Barrier(16), [PageClient(app) for _ in range(16)]
    for client in clients:
        assert sign_in(client, "region@example.org", PASSWORD) == "in"

    def guess(client: PageClient) -> str:
        token = client.token("/connexion/code")
        at_once.wait(30)
        answer = client.flask.post("/connexion/code", data={"code": wrong, "csrf_token": token})
        return said(answer.status_code, answer.text)

    with ThreadPoolExecutor(16) as pool:
        answers = Counter(pool.map(guess, clients))
    assert set(answers) <= {"wrong", "locked"} and answers["wrong"] <= 5


def test_the_last_attempt_allowed_comes_in_when_it_is_right(app: Flask, database: Database, world: World) -> None:
    for _ in range(4):
        assert sign_in(PageClient(app), "region@example.org", WRONG) == "wrong"
    assert sign_in(PageClient(app), "region@example.org", PASSWORD) == "in"
    with database.reading() as session:
        account = session.exec(select(Account).where(Account.email == "region@example.org")).one()
        assert (account.failed_attempts, account.locked_until) == (0, None)


def test_right_password_that_waits_for_a_code_forgives_nothing(app: Flask, database: Database, world: World) -> None:
    with database.writing() as session:
        account = session.exec(select(Account).where(Account.email == "region@example.org")).one()
        account.role, account.totp_enabled = Role.SIGNATORY.value, True
        session.add(account)
    for _ in range(4):
        assert sign_in(PageClient(app), "region@example.org", WRONG) == "wrong"
    for _ in range(2):
        assert sign_in(PageClient(app), "region@example.org", PASSWORD) == "in"
    with database.reading() as session:
        account = session.exec(select(Account).where(Account.email == "region@example.org")).one()
        assert (account.failed_attempts, account.locked_until) == (4, None)
    assert sign_in(PageClient(app), "region@example.org", WRONG) == "wrong"
    assert sign_in(PageClient(app), "region@example.org", PASSWORD) == "locked"


def test_one_machine_cannot_try_a_password_on_every_account(settings: Settings, world: World) -> None:
    app = conference.create_app(settings.model_copy(update={"address_attempts": 3}))
    client = PageClient(app)
    with time_machine.travel(datetime(2026, 4, 20, 8, 0, tzinfo=UTC), tick=False) as clock:
        for number in range(3):
            assert sign_in(client, f"person{number}@example.org", WRONG, "2001:db8:1:2::7") == "wrong"
        assert sign_in(client, "region@example.org", PASSWORD, "2001:db8:1:2:aaaa::9") == "flooding"
        assert sign_in(client, "opco@example.org", PASSWORD, "2001:db8:1:3::7") == "in"
        clock.shift(timedelta(minutes=15, seconds=1))
        assert sign_in(PageClient(app), "region@example.org", PASSWORD, "2001:db8:1:2::7") == "in"
    app.extensions["database"].dispose()


def test_one_machine_cannot_ask_for_resets_without_end(settings: Settings, database: Database, world: World) -> None:
    app = conference.create_app(settings.model_copy(update={"address_attempts": 3}))
    answers = [
        PageClient(app).post(
            "/mot-de-passe-oublie", data={"email": f"person{number}@example.org"}, token_from="/mot-de-passe-oublie"
        )
        for number in range(4)
    ]
    assert [answer.status_code for answer in answers] == [302, 302, 302, 422]
    app.extensions["errands"].shutdown()
    app.extensions["database"].dispose()


def test_network_address_is_not_kept_in_clear(app: Flask, database: Database, settings: Settings, world: World) -> None:
    sign_in(PageClient(app), "nobody@example.org", WRONG, "192.0.2.7")
    with database.reading() as session:
        told = [(row.subject, row.detail) for row in session.exec(select(Trace))]
    assert network_digest(settings.instance, "192.0.2.7") in {detail for _, detail in told}
    assert "192.0.2" not in str(told)
