"""Coming in: what lets a person through, what does not, and what is kept of a failure."""

from datetime import UTC, datetime, timedelta

import pyotp
import pytest
import time_machine
from flask import Flask
from sqlmodel import select

import conference
from conference.data.session import Database
from conference.data.tables import Account, ConferenceProfile, LoginSession, Trace
from conference.services.passwords import hash_password
from conference.services.sessions import token_hash
from conference.web.access import COOKIE
from conference.web.sign_in import onward
from tests.seeds import World, make_world, sign_in_token
from tests.web.page_client import PageClient

PASSWORD = "un mot de passe assez long"


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


def sign_in(client: PageClient, email: str, password: str = PASSWORD, suite: str = "") -> object:
    return client.post(
        "/connexion", data={"email": email, "password": password, "suite": suite}, token_from="/connexion"
    )


def test_right_password_opens_a_session_and_leads_onward(app: Flask, world: World) -> None:
    client = PageClient(app)
    answer = client.post(
        "/connexion",
        data={"email": " Region@Example.org ", "password": PASSWORD, "suite": "/engagements?tri=montant"},
        token_from="/connexion",
    )
    assert (answer.status_code, answer.location) == (302, "/engagements?tri=montant")
    assert client.get("/mon-compte").status_code == 200


def test_cookie_is_shut_to_scripts_and_other_sites(app: Flask, world: World) -> None:
    answer = sign_in(PageClient(app), "region@example.org")
    cookie = next(each for each in answer.headers.getlist("Set-Cookie") if each.startswith(COOKIE))
    assert {part.strip() for part in cookie.split(";")[1:]} == {"HttpOnly", "SameSite=Lax", "Path=/"}


def test_cookie_asks_for_tls_by_default(settings: object, world: World) -> None:
    app = conference.create_app(settings.model_copy(update={"secure_cookies": True}))
    client = PageClient(app)
    secure = {"base_url": "https://localhost", "headers": {"Referer": "https://localhost/connexion"}}
    token = (
        client.flask.get("/connexion", **secure).text.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    )
    answer = client.flask.post(
        "/connexion", data={"email": "region@example.org", "password": PASSWORD, "csrf_token": token}, **secure
    )
    cookie = next(each for each in answer.headers.getlist("Set-Cookie") if each.startswith(COOKIE))
    app.extensions["database"].dispose()
    assert "Secure" in cookie


def test_token_planted_before_is_worth_nothing_after(app: Flask, database: Database, world: World) -> None:
    planted = sign_in_token(database, world.actors["opco"])
    client = PageClient(app)
    token = client.token("/connexion")
    client.flask.set_cookie(COOKIE, planted)
    client.post("/connexion", data={"email": "region@example.org", "password": PASSWORD, "csrf_token": token})
    with database.reading() as session:
        assert session.get_one(LoginSession, token_hash(planted)).revoked_at is not None
    assert client.flask.get_cookie(COOKIE).value != planted


@pytest.mark.parametrize("email", ["region@example.org", "nobody@example.org"])
def test_wrong_password_says_the_same_for_any_address(app: Flask, world: World, email: str) -> None:
    answer = sign_in(PageClient(app), email, "ce n’est pas celui-là")
    assert answer.status_code == 422
    assert "Adresse ou mot de passe incorrect." in answer.text


@pytest.mark.parametrize("email", ["region@example.org", "nobody@example.org"])
def test_five_failures_lock_although_each_request_failed(
    app: Flask, database: Database, world: World, email: str
) -> None:
    client = PageClient(app)
    with time_machine.travel(datetime(2026, 4, 20, 8, 0, tzinfo=UTC), tick=False) as clock:
        for _ in range(5):
            assert "incorrect" in sign_in(client, email, "ce n’est pas celui-là").text
        answer = sign_in(client, email)
        assert (answer.status_code, "jusqu’à 10:15" in answer.text) == (422, True)
        with database.reading() as session:
            assert len(session.exec(select(Trace).where(Trace.kind == "login_failed")).all()) == 5
        clock.shift(timedelta(minutes=15))
        answer = sign_in(client, email)
        assert answer.status_code == (302 if email.startswith("region") else 422)
        assert "suspendue" not in answer.text


def test_address_nobody_has_is_not_kept_in_clear(app: Flask, database: Database, world: World) -> None:
    sign_in(PageClient(app), "secret.name@example.org", "ce n’est pas celui-là")
    with database.reading() as session:
        trace = session.exec(select(Trace).where(Trace.kind == "login_failed")).one()
        assert trace.account_id is None and len(trace.subject) == 32 and "secret" not in trace.subject


def test_closed_account_does_not_come_in(app: Flask, database: Database, world: World) -> None:
    with database.writing() as session:
        account = session.get_one(Account, world.actors["region"].account_id)
        account.is_active = False
        session.add(account)
    assert "incorrect" in sign_in(PageClient(app), "region@example.org").text


def test_form_without_token_is_refused(app: Flask, world: World) -> None:
    answer = PageClient(app).post("/connexion", data={"email": "region@example.org", "password": PASSWORD})
    assert answer.status_code == 400
    assert not [each for each in answer.headers.getlist("Set-Cookie") if each.startswith(COOKIE)]


def test_sign_out_ends_the_session_in_the_database(app: Flask, database: Database, world: World) -> None:
    client = PageClient(app)
    sign_in(client, "region@example.org")
    token = client.flask.get_cookie(COOKIE).value
    client.post("/deconnexion", token_from="/mon-compte")
    with database.reading() as session:
        assert session.get_one(LoginSession, token_hash(token)).revoked_at is not None
    client.flask.set_cookie(COOKIE, token)
    assert client.get("/mon-compte").status_code == 302


def test_session_ends_idle_and_at_its_limit(app: Flask, world: World) -> None:
    client = PageClient(app)
    with time_machine.travel(datetime(2026, 4, 20, 8, 0, tzinfo=UTC), tick=False) as clock:
        sign_in(client, "region@example.org")
        for _ in range(12):
            clock.shift(timedelta(minutes=59))
            assert client.get("/mon-compte").status_code == 200
        clock.shift(timedelta(minutes=13))
        assert client.get("/mon-compte").status_code == 302  # twelve hours and one minute after it began
    with time_machine.travel(datetime(2026, 4, 21, 8, 0, tzinfo=UTC), tick=False) as clock:
        sign_in(client, "region@example.org")
        clock.shift(timedelta(minutes=61))
        assert client.get("/mon-compte").status_code == 302


def test_signatory_enrols_before_anything_else_then_gives_a_code_each_time(
    app: Flask, database: Database, world: World
) -> None:
    client = PageClient(app)
    with time_machine.travel(datetime(2026, 4, 20, 8, 0, tzinfo=UTC), tick=False) as clock:
        assert sign_in(client, "opco_signatory@example.org").location == "/connexion/code"
        assert client.get("/mon-compte").status_code == 302
        page = client.get("/connexion/code")
        assert "<svg" in page.text
        secret = page.text.split("Clé")[1].split("<code data-verbatim>")[1].split("</code>")[0].replace(" ", "")
        first = pyotp.TOTP(secret).now()
        assert client.post("/connexion/code", data={"code": "000000"}, token_from="/connexion/code").status_code == 422
        waiting = client.flask.get_cookie(COOKIE).value
        assert client.post("/connexion/code", data={"code": first}, token_from="/connexion/code").location == "/"
        assert client.flask.get_cookie(COOKIE).value != waiting
        assert client.get("/mon-compte").status_code == 200
        with database.reading() as session:
            stored = session.get_one(Account, world.actors["opco_signatory"].account_id).totp_secret
        assert stored is not None and secret not in stored

        again = PageClient(app)
        sign_in(again, "opco_signatory@example.org")
        replay = again.post("/connexion/code", data={"code": first}, token_from="/connexion/code")
        assert (replay.status_code, "déjà servi" in replay.text) == (422, True)
        clock.shift(timedelta(seconds=30))
        fresh = pyotp.TOTP(secret).now()
        assert again.post("/connexion/code", data={"code": fresh}, token_from="/connexion/code").location == "/"


def test_second_factor_once_installed_is_not_shown_again(app: Flask, database: Database, world: World) -> None:
    client = PageClient(app)
    sign_in(client, "region@example.org")
    secret = shown_secret(client)
    assert shown_secret(client) == secret  # the same one until the telephone has proved that it has it
    data = {"present": PASSWORD, "code": pyotp.TOTP(secret).now()}
    assert client.post("/mon-compte/second-facteur", data=data, token_from="/mon-compte").status_code == 302
    assert shown_secret(client) != secret


def shown_secret(client: PageClient) -> str:
    """The key that the page of one's own second factor proposes."""
    page = client.get("/mon-compte/second-facteur").text
    return page.split("Clé")[1].split("<code data-verbatim>")[1].split("</code>")[0].replace(" ", "")


def test_wrong_codes_lock_too(app: Flask, world: World) -> None:
    client = PageClient(app)
    with time_machine.travel(datetime(2026, 4, 20, 8, 0, tzinfo=UTC), tick=False) as clock:
        sign_in(client, "opco_signatory@example.org")
        page = client.get("/connexion/code").text
        secret = page.split("Clé")[1].split("<code data-verbatim>")[1].split("</code>")[0].replace(" ", "")
        client.post("/connexion/code", data={"code": pyotp.TOTP(secret).now()}, token_from="/connexion/code")
        clock.shift(timedelta(minutes=1))
        again = PageClient(app)
        sign_in(again, "opco_signatory@example.org")
        right = pyotp.TOTP(secret).now()
        wrong = "000000" if right != "000000" else "111111"
        for _ in range(5):
            again.post("/connexion/code", data={"code": wrong}, token_from="/connexion/code")
        answer = again.post("/connexion/code", data={"code": right}, token_from="/connexion/code")
        assert (answer.status_code, "suspendue" in answer.text) == (422, True)


def test_demo_shows_its_accounts_and_asks_no_second_factor(app: Flask, database: Database, world: World) -> None:
    assert "opco_signatory@example.org" not in PageClient(app).get("/connexion").text
    with database.writing() as session:
        profile = session.get_one(ConferenceProfile, 1)
        profile.is_demo = True
        session.add(profile)
    client = PageClient(app)
    assert "opco_signatory@example.org" in client.get("/connexion").text
    assert sign_in(client, "opco_signatory@example.org").location == "/"


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("/engagements?tri=montant", "/engagements?tri=montant"),
        ("", "/"),
        (None, "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example", "/"),
        ("/\t/evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/connexion", "/"),
    ],
)
def test_onward_stays_on_this_site(wanted: str | None, expected: str) -> None:
    assert onward(wanted) == expected


def test_every_answer_carries_the_headers(app: Flask, world: World) -> None:
    client = PageClient(app)
    for address in ("/connexion", "/nulle-part", "/engagements", "/static/style.css"):
        answer = client.get(address)
        headers = answer.headers
        answer.close()
        assert headers["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self'")
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
