"""A mail leaves once at most, towards who may open what it leads to, and what did not leave is known."""

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from conference.data.queries.opening import may_open
from conference.data.queries.outbox import outbox_page
from conference.data.session import Database
from conference.data.tables import Account, Draft, Handoff, OutboxMessage
from conference.domain.case import StepKind
from conference.domain.parcours import KeySituation, ParcoursKind
from conference.domain.permissions import CONSOLE
from conference.domain.refusal import Forbidden
from conference.services.accounts import deactivate_account
from conference.services.outbox import (
    CLOSED,
    INTERRUPTED,
    RETRIES,
    REVOKED,
    SILENT,
    Message,
    add_message,
    add_messages,
    deliver,
)
from conference.services.parcours import open_parcours
from conference.services.steps import StepLine, add_step
from conference.settings import Settings
from tests.seeds import AT, World, commit, make_world
from tests.services.mail_server import MailServer, free_port, mailing_settings, running_server, smtp_environment

PROCESS = Path(__file__).parent / "outbox_process.py"


@pytest.fixture
def world(database: Database) -> World:
    return make_world(database)


@pytest.fixture
def server() -> Iterator[MailServer]:
    with running_server() as running:
        yield running


@pytest.fixture
def mailing(settings: Settings, server: MailServer) -> Settings:
    return mailing_settings(settings, server.port)


def message(world: World, who: str = "region", key: str = "k", **more: Any) -> Message:
    values = {"kind": "test", "subject": "Un relais attend", "body": "Bonjour,\n\nÀ lire."}
    return Message(key=key, account_id=world.actors[who].account_id or 0, **{**values, **more})


def written(database: Database, *messages: Message) -> None:
    with database.writing() as session:
        add_messages(session, messages, at=AT)


def rows(database: Database) -> dict[str, OutboxMessage]:
    with database.reading() as session:
        found = {row.key: row for row in session.exec(select(OutboxMessage))}
        session.expunge_all()
        return found


def test_a_key_is_written_once(database: Database, world: World) -> None:
    with database.writing() as session:
        assert add_message(session, message(world), at=AT)
        assert not add_message(session, message(world, body="autre"), at=AT)
        assert add_messages(session, [message(world), message(world, key="l"), message(world, key="l")], at=AT) == 1
    assert {key: row.body for key, row in rows(database).items()} == {
        "k": "Bonjour,\n\nÀ lire.",
        "l": message(world).body,
    }


def test_a_message_leaves_once(database: Database, world: World, server: MailServer, mailing: Settings) -> None:
    written(database, message(world))
    assert deliver(mailing, database, at=AT).sent == 1
    assert deliver(mailing, database, at=AT + timedelta(days=1)).sent == 0
    (received,) = server.received
    assert (received["To"], received["Subject"]) == ("region@example.org", "Un relais attend")
    assert received["Auto-Submitted"] == "auto-generated"
    assert "List-Unsubscribe" not in received
    assert received.get_content().startswith("Bonjour,")
    row = rows(database)["k"]
    assert (row.status, row.sent_at, row.attempts, row.failure) == ("sent", AT, 1, "")


def test_a_server_that_is_away_is_tried_again_less_and_less(
    database: Database, world: World, server: MailServer, mailing: Settings
) -> None:
    away = mailing_settings(mailing, free_port())
    written(database, message(world, key="a"), message(world, key="b"))
    done = deliver(away, database, at=AT)
    assert (done.sent, done.waiting) == (0, 1), "the round ends where the server is away"
    first, second = rows(database)["a"], rows(database)["b"]
    assert (first.status, first.next_try_at, first.attempts) == ("waiting", AT + RETRIES[0], 1)
    assert "ConnectionRefusedError" in first.failure
    assert (second.status, second.attempts) == ("waiting", 0)
    assert deliver(mailing, database, at=AT + RETRIES[0] - timedelta(seconds=1)).sent == 1
    assert deliver(mailing, database, at=AT + RETRIES[0]).sent == 1
    assert Counter(each["To"] for each in server.received) == {"region@example.org": 2}


def test_what_never_passes_is_kept_for_the_administrator(
    database: Database, world: World, server: MailServer, mailing: Settings
) -> None:
    server.recipients["region@example.org"] = "450 later"
    written(database, message(world))
    at = AT
    for rest in RETRIES:
        assert deliver(mailing, database, at=at).waiting == 1
        assert rows(database)["k"].next_try_at == at + rest
        at += rest
    assert deliver(mailing, database, at=at).failed == 1
    assert deliver(mailing, database, at=at + timedelta(days=99)).failed == 0
    with database.reading() as session:
        page = outbox_page(session, world.actors["admin"], status="failed")
        assert [(line.address, line.attempts, "450" in line.failure) for line in page.lines] == [
            ("region@example.org", 11, True)
        ]
        assert page.counts == {"failed": 1}
        with pytest.raises(Forbidden):
            outbox_page(session, world.actors["coordinator"], status="failed")


@pytest.mark.parametrize(
    ("badly", "status"),
    [
        ({"recipients": "550 no such user"}, "failed"),
        ({"recipients": "451 greylisted"}, "waiting"),
        ({"texts": "554 refused"}, "failed"),
        ({"texts": "452 full"}, "waiting"),
    ],
)
def test_one_bad_address_does_not_hold_the_others(
    database: Database, world: World, server: MailServer, mailing: Settings, badly: dict[str, str], status: str
) -> None:
    ((where, answer),) = badly.items()
    getattr(server, where)["region@example.org"] = answer
    written(database, message(world, key="a"), message(world, "opco", key="b"))
    deliver(mailing, database, at=AT)
    assert {key: row.status for key, row in rows(database).items()} == {"a": status, "b": "sent"}
    assert [each["To"] for each in server.received] == ["opco@example.org"]


def test_a_server_that_goes_silent_with_the_text_is_not_given_it_again(
    database: Database, world: World, server: MailServer, mailing: Settings
) -> None:
    server.silent.add("region@example.org")
    written(database, message(world))
    assert deliver(mailing, database, at=AT).failed == 1
    assert rows(database)["k"].failure == SILENT
    assert deliver(mailing, database, at=AT + timedelta(days=30)).sent == 0
    assert len(server.received) == 1


def test_a_clock_that_jumped_ahead_holds_no_message_back(
    database: Database, world: World, server: MailServer, mailing: Settings
) -> None:
    written(database, message(world))
    away = mailing_settings(mailing, free_port())
    deliver(away, database, at=AT + timedelta(days=3650))
    assert deliver(mailing, database, at=AT).sent == 1


def test_nothing_leaves_towards_a_closed_account(
    database: Database, world: World, server: MailServer, mailing: Settings
) -> None:
    written(database, message(world))
    with database.writing() as session:
        deactivate_account(session, world.actors["region"].account_id or 0, by=CONSOLE, at=AT)
    assert deliver(mailing, database, at=AT).dropped == 1
    assert (rows(database)["k"].status, rows(database)["k"].failure) == ("dropped", CLOSED)
    assert server.received == []


def a_handoff(database: Database, world: World, status: str = "proposed") -> tuple[int, int]:
    """Of the Région to the OPCO: (handoff, parcours)."""
    with database.writing() as session:
        by = world.actors["region"]
        parcours = open_parcours(
            session,
            referent_id=world["region"],
            kind=ParcoursKind.INSERTION,
            key_situation=KeySituation.OTHER,
            by=by,
            at=AT,
        )
        days = (date(2026, 5, 1), date(2026, 8, 31))
        step = StepLine(StepKind.TRAINING, "Conduite", *days, funder_ids=(world["region"],))
        made = add_step(session, parcours.id or 0, step, by=by, at=AT)
        handoff = Handoff(
            reference="R-2026-0001",
            parcours_id=parcours.id,
            sender_id=world["region"],
            receiver_id=world["opco"],
            from_step_id=made.id,
            first_day=date(2026, 7, 1),
            status=status,
            created_at=AT,
            proposed_at=None if status == "draft" else AT,
        )
        session.add(handoff)
        session.flush()
        return handoff.id or 0, parcours.id or 0


def test_what_its_reader_may_no_longer_open_is_dropped(
    database: Database, world: World, server: MailServer, mailing: Settings
) -> None:
    handoff, parcours = a_handoff(database, world)
    links = (("handoff", handoff), ("parcours", parcours))
    written(database, message(world, "opco", key="a", links=links), message(world, "region", key="b", links=links))
    with database.writing() as session:
        row = session.get_one(Handoff, handoff)
        row.status = "withdrawn"
        session.add(row)
    done = deliver(mailing, database, at=AT)
    assert (done.sent, done.dropped) == (1, 1)
    assert rows(database)["a"].failure == REVOKED
    assert [each["To"] for each in server.received] == ["region@example.org"]


def test_who_may_open_what(database: Database, world: World) -> None:
    handoff, parcours = a_handoff(database, world)
    draft_handoff, _ = a_handoff_draft(database, world)
    with database.writing() as session:
        line = commit(session, world, "region", "100.00")
        draft = Draft(account_id=world.actors["region"].account_id or 0, form="commitment", updated_at=AT)
        session.add(draft)
        session.flush()
        mine = draft.id or 0
    expected = {
        ("parcours", parcours): {"region", "opco", "coordinator"},
        ("parcours", 999): set(),
        ("handoff", handoff): {"region", "opco", "coordinator"},
        ("handoff", draft_handoff): {"region"},
        ("handoff", 999): set(),
        ("proposal", handoff): {"region", "opco", "coordinator"},
        ("proposal", draft_handoff): set(),
        ("alert", 999): set(),
        ("commitment", line): {"region"},
        ("commitment", 999): set(),
        ("draft", mine): {"region"},
        ("draft", 999): set(),
        ("account", 1): set(),
    }
    people = ("region", "opco", "france_travail", "coordinator", "reader", "admin")
    with database.reading() as session:
        for (kind, number), who in expected.items():
            found = {name for name in people if may_open(session, world.actors[name], kind, number)}
            assert found == who, (kind, number)


def a_handoff_draft(database: Database, world: World) -> tuple[int, int]:
    with database.writing() as session:
        proposed = session.exec(select(Handoff)).one()
        draft = Handoff(
            reference="R-2026-0002",
            parcours_id=proposed.parcours_id,
            sender_id=proposed.sender_id,
            receiver_id=proposed.receiver_id,
            from_step_id=proposed.from_step_id,
            first_day=proposed.first_day,
            status="draft",
            created_at=AT,
        )
        session.add(draft)
        session.flush()
        return draft.id or 0, proposed.parcours_id


def run(mailing: Settings, *arguments: str) -> subprocess.Popen[bytes]:
    environment = {**os.environ, **smtp_environment(mailing)}
    return subprocess.Popen([sys.executable, str(PROCESS), *arguments], env=environment)


@pytest.mark.parametrize(
    ("function", "received", "failure"),
    [("_by_smtp", 0, INTERRUPTED), ("_note", 1, INTERRUPTED), ("_claim", 0, "")],
)
def test_killed_in_the_middle_is_never_sent_twice(
    database: Database,
    world: World,
    server: MailServer,
    mailing: Settings,
    function: str,
    received: int,
    failure: str,
) -> None:
    """Killed before handing over, and between the server's answer and the word that it was sent."""
    written(database, message(world))
    assert run(mailing, function, "1").wait(timeout=60) == -signal.SIGKILL
    assert (len(server.received), rows(database)["k"].failure) == (received, failure)
    assert deliver(mailing, database, at=AT + timedelta(days=30)).sent == (0 if failure else 1)
    assert len(server.received) == (received if failure else 1)


def test_four_processes_send_each_message_once(
    database: Database, world: World, server: MailServer, mailing: Settings
) -> None:
    written(database, *(message(world, key=f"k{number}", subject=f"n{number}") for number in range(40)))
    codes = [each.wait(timeout=120) for each in [run(mailing) for _ in range(4)]]
    assert codes == [0] * 4
    assert Counter(str(each["Subject"]) for each in server.received) == {f"n{number}": 1 for number in range(40)}
    assert {row.status for row in rows(database).values()} == {"sent"}


def test_a_message_id_is_the_same_at_each_try_and_of_its_own(
    database: Database, world: World, server: MailServer, mailing: Settings
) -> None:
    server.silent.add("region@example.org")
    written(database, message(world, key="a"), message(world, "opco", key="b"))
    deliver(mailing, database, at=AT)
    with database.writing() as session:
        row = session.exec(select(OutboxMessage).where(OutboxMessage.key == "a")).one()
        row.status = "waiting"
        session.add(row)
    server.silent.clear()
    deliver(mailing, database, at=AT + timedelta(days=1))
    first, again = server.to("region@example.org")
    assert first["Message-ID"] == again["Message-ID"] != server.to("opco@example.org")[0]["Message-ID"]


def test_without_a_server_each_message_is_a_file(database: Database, world: World, settings: Settings) -> None:
    written(database, message(world, key="a"), message(world, key="b"))
    assert deliver(settings, database, at=datetime(2026, 4, 20, 9, tzinfo=AT.tzinfo)).sent == 2
    assert len(list((settings.instance / "mails").glob("*.eml"))) == 2
    with database.reading() as session:
        assert session.exec(select(Account.digest)).first() == "weekly"
