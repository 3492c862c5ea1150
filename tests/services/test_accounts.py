"""Accounts, passwords, links, seals and the mails that go with them, below the pages."""

import asyncio
import email
import email.policy
import socket
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyotp
import pytest
from aiosmtpd.controller import Controller
from argon2 import PasswordHasher
from sqlmodel import select, text

from conference.data.session import Database
from conference.data.tables import Account, AccountLink, JournalEntry, JournalSeal
from conference.domain.permissions import CONSOLE, Forbidden
from conference.domain.refusal import Refusal
from conference.jobs import run_jobs, start_clock
from conference.services.accounts import add_account, checked_email, deactivate_account, edit_account
from conference.services.links import SentLink, invite, request_reset, use_link
from conference.services.mails import link_mail, send
from conference.services.passwords import check_password, hash_password, is_right, rehash_if_weaker
from conference.services.references import add_reference, edit_reference
from conference.services.sealing import seal_of, seal_past_days
from conference.services.second_factor import matching_step
from conference.settings import Settings
from tests.seeds import AT, World, make_world

WHO = {"email": "anne.martin@region.fr", "name": "Anne Martin"}


@pytest.fixture
def world(database: Database) -> World:
    return make_world(database)


@pytest.mark.parametrize(
    "typed",
    [
        "court",
        "anne.martin@region.fr",
        "Martin Anne",
        "ANNE-MARTIN-2026",
        "MotDePasse2026!",
        "azertyuiop123",
        "123456789012",
        "aaaaaaaaaaaaaa",
        "abcabcabcabc",
        "x" * 201,
    ],
)
def test_password_easy_to_guess_is_refused(typed: str) -> None:
    with pytest.raises(Refusal) as refused:
        check_password(typed, **WHO)
    assert refused.value.field == "password"


@pytest.mark.parametrize("typed", ["quatre mots bien choisis", "correct cheval agrafe", "éàü ñ ø 日本語 long"])
def test_password_long_enough_needs_no_figure_nor_sign(typed: str) -> None:
    assert is_right(hash_password(typed, **WHO), typed)


def test_hash_has_the_parameters_of_the_house_and_older_ones_are_renewed() -> None:
    hashed = hash_password("quatre mots bien choisis", **WHO)
    assert hashed.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert rehash_if_weaker(hashed, "quatre mots bien choisis") is None
    weak = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash("quatre mots bien choisis")
    renewed = rehash_if_weaker(weak, "quatre mots bien choisis")
    assert renewed is not None and is_right(renewed, "quatre mots bien choisis")


def test_nobody_has_no_right_password() -> None:
    assert not is_right(None, "personne n’a ce mot de passe")
    assert not is_right("not a hash", "anything at all")


@pytest.mark.parametrize("typed", ["", "a", "a@b", "a b@c.fr", "a@c..fr", "<a@c.fr>", "a@c.fr\nBcc: x@y.fr", "é@"])
def test_address_that_cannot_be_one_is_refused(typed: str) -> None:
    with pytest.raises(Refusal):
        checked_email(typed)


def test_funder_roles_are_for_funders(database: Database, world: World) -> None:
    with database.writing() as session, pytest.raises(Refusal) as refused:
        add_account(
            session,
            email="x@example.org",
            name="X",
            organisation_id=world["secretariat"],
            role="officer",
            by=CONSOLE,
            at=AT,
        )
    assert refused.value.code == "role_of_a_funder"


def test_only_the_administrator_manages_accounts(database: Database, world: World) -> None:
    for who in ("region", "region_signatory", "coordinator", "reader"):
        with database.writing() as session, pytest.raises(Forbidden):
            deactivate_account(session, world.actors["opco"].account_id or 0, by=world.actors[who], at=AT)


def test_one_of_two_administrators_may_go(database: Database, world: World) -> None:
    with database.writing() as session:
        second = add_account(
            session,
            email="second@example.org",
            name="Second",
            organisation_id=world["region"],
            role="admin",
            by=CONSOLE,
            at=AT,
        )
        admin = session.get_one(Account, world.actors["admin"].account_id)
        edit_account(
            session,
            admin.id or 0,
            name=admin.name,
            role="coordinator",
            organisation_id=admin.organisation_id,
            version=admin.version,
            by=CONSOLE,
            at=AT,
        )
        with pytest.raises(Refusal) as refused:
            deactivate_account(session, second.id or 0, by=CONSOLE, at=AT)
        assert refused.value.code == "last_administrator"


def test_link_expires_and_a_newer_one_replaces_it(database: Database, world: World) -> None:
    account_id = world.actors["region"].account_id or 0
    hashed = hash_password("quatre mots bien choisis", **WHO)
    with database.writing() as session:
        old = invite(session, account_id, by=CONSOLE, at=AT)
        new = invite(session, account_id, by=CONSOLE, at=AT + timedelta(days=1))
        for token, at in ((old.token, AT), (new.token, AT + timedelta(days=8, seconds=1)), ("unknown", AT)):
            with pytest.raises(Refusal) as refused:
                use_link(session, token, password=hashed, at=at)
            assert refused.value.code == "link_expired"
        use_link(session, new.token, password=hashed, at=AT + timedelta(days=8))
        assert session.get_one(Account, account_id).password_hash == hashed
        assert all(old.token not in row.token_hash for row in session.exec(select(AccountLink)))
        reset = request_reset(session, " REGION@example.org", at=AT + timedelta(days=9))
        assert reset is not None and reset.expires_at == AT + timedelta(days=9, hours=1)
        assert request_reset(session, "region@example.org", at=AT + timedelta(days=9, minutes=1)) is None


def test_code_is_good_for_its_step_and_its_neighbours() -> None:
    secret, at = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", datetime(2026, 4, 20, 8, 0, 10, tzinfo=UTC)
    codes = {shift: pyotp.TOTP(secret).at(at + timedelta(seconds=30 * shift)) for shift in range(-3, 4)}
    now = int(at.timestamp()) // 30
    assert {shift: matching_step(secret, code, at) for shift, code in codes.items()} == {
        -3: None,
        -2: None,
        -1: now - 1,
        0: now,
        1: now + 1,
        2: None,
        3: None,
    }
    assert matching_step(secret, f"{codes[0][:3]} {codes[0][3:]}", at) == now
    assert matching_step(secret, "abcdef", at) is None


def test_item_of_a_list_keeps_its_code_and_its_unknown_item(database: Database, world: World) -> None:
    with database.writing() as session:
        item = add_reference(session, "sector", code="Bâtiment local", label="Bâtiment", by=CONSOLE, at=AT)
        assert item.code == "batiment_local"
        edit_reference(session, "sector", item.id or 0, version=1, label="BTP", by=CONSOLE, at=AT)
        with pytest.raises(ValueError, match="not editable"):
            edit_reference(session, "sector", item.id or 0, version=2, code="x", by=CONSOLE, at=AT)
        with pytest.raises(Refusal) as refused:
            edit_reference(session, "sector", 1, version=1, label="Autre", by=CONSOLE, at=AT)
        assert refused.value.code == "unknown_item"


class Inbox:
    """An SMTP server that keeps what it is given."""

    def __init__(self) -> None:
        self.messages: list[email.message.EmailMessage] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Keep the message."""
        self.messages.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        await asyncio.sleep(0)
        return "250 OK"


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_mail_goes_by_smtp_in_french(tmp_path: Path) -> None:
    inbox = Inbox()
    port = free_port()
    server = Controller(inbox, hostname="127.0.0.1", port=port)
    server.start()
    try:
        settings = Settings(
            instance=tmp_path,
            smtp_host="127.0.0.1",
            smtp_port=port,
            smtp_starttls=False,
            public_url="https://c.example/",
        )
        link = SentLink("anne@example.org", "Anne Martin", "invitation", "jeton", AT + timedelta(days=7))
        message = link_mail(link, settings=settings, conference_name="Conférence d’Été")
        assert send(message, settings=settings, at=AT)
    finally:
        server.stop()
    (received,) = inbox.messages
    assert received["Subject"] == "Votre accès à Conférence d’Été"
    body = received.get_content()
    assert "https://c.example/lien/jeton" in body
    assert "27\u00a0avril\u00a02026 à 10:00" in body


def test_each_past_day_is_sealed_once_whoever_runs_the_clock(
    database: Database, world: World, settings: Settings
) -> None:
    with database.writing() as session:
        admin = session.get_one(Account, world.actors["admin"].account_id)
        admin.password_hash = "set"
        session.add(admin)
        edit_account(
            session,
            world.actors["opco"].account_id or 0,
            name="Autre",
            role="officer",
            organisation_id=world["opco"],
            version=1,
            by=CONSOLE,
            at=AT + timedelta(days=2),
        )
    late = AT + timedelta(days=3)
    run_jobs(settings, database, AT)
    assert not (settings.instance / "mails").exists()
    run_jobs(settings, database, late)
    run_jobs(settings, database, late)
    with database.reading() as session:
        rows = session.exec(select(JournalSeal).order_by(JournalSeal.day)).all()
        assert [row.day.isoformat() for row in rows] == ["2026-04-20", "2026-04-22"]
        last = session.exec(select(JournalEntry).order_by(JournalEntry.id.desc())).first()
        assert (rows[1].last_id, rows[1].last_hash) == (last.id, last.hash)
        assert rows[1].seal == seal_of(settings.instance, rows[1].day, last.id, last.hash)
        seal = rows[1].seal
    (path,) = (settings.instance / "mails").glob("*.eml")
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert message["To"] == "admin@example.org"
    assert seal in message.get_content()


def test_a_seal_is_never_changed(database: Database, world: World, settings: Settings) -> None:
    with database.writing() as session:
        assert len(seal_past_days(session, instance=settings.instance, at=AT + timedelta(days=1))) == 1
    with pytest.raises(Exception, match="append_only"), database.writing() as session:
        session.execute(text("UPDATE journal_seal SET seal = 'x'"))


def test_clock_ticks_at_once(database: Database, world: World, settings: Settings) -> None:
    clock = start_clock(settings, database)
    try:
        for _ in range(100):
            with database.reading() as session:
                if session.exec(select(JournalSeal)).first() is not None:
                    return
            time.sleep(0.05)
        pytest.fail("no seal after five seconds")
    finally:
        clock.shutdown()
