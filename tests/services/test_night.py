"""What the house does by itself, night after night, on a handoff that nobody answers."""

import threading
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from conference.data.session import Database
from conference.data.tables import Account, Handoff, JournalEntry, OutboxMessage, Run
from conference.domain.french import PARIS
from conference.jobs import run_jobs
from conference.settings import Settings
from tests.seeds import AT
from tests.services.handoff_worlds import Course, make_course, propose

KINDS = ("expire", "detect", "remind", "retain", "burn")


@pytest.fixture
def course(database: Database) -> Course:
    """A handoff proposed on Monday 20 April 2026, whose answer is due on Tuesday 5 May; the OPCO reads its digest daily."""
    made = make_course(database)
    with database.writing() as session:
        propose(session, made)
        for account in session.exec(select(Account)):
            account.password_hash = "set"
            account.digest = "daily" if account.email == "opco@example.org" else "never"
            session.add(account)
    return made


def runs(database: Database) -> Counter[tuple[str, str]]:
    with database.reading() as session:
        return Counter(session.exec(select(Run.kind, Run.status)).all())


def told(database: Database) -> Counter[str]:
    """Messages that left, by what they tell."""
    with database.reading() as session:
        keys = session.exec(select(OutboxMessage.key).where(OutboxMessage.status == "sent")).all()
        return Counter(key.split(":")[2] if key.startswith("handoff") else key.split(":")[0] for key in keys)


def status(database: Database) -> str:
    with database.reading() as session:
        return session.exec(select(Handoff.status)).one()


def test_sixteen_nights_of_a_handoff_without_an_answer(database: Database, settings: Settings, course: Course) -> None:
    at, last = AT, datetime(2026, 5, 6, 6, tzinfo=UTC)
    while at < last:
        run_jobs(settings, database, at)
        at += timedelta(hours=5)
    assert status(database) == "expired"
    nights = (date(2026, 5, 6) - date(2026, 4, 20)).days + 1
    found = runs(database)
    assert {kind: found[kind, "done"] for kind in KINDS} == dict.fromkeys(KINDS, nights)
    assert found.total() == sum(count for (_, what), count in found.items() if what == "done")
    counted = told(database)
    assert counted.pop("seal") >= 1
    assert counted == {
        "proposed": 1,
        "officers": 1,
        "colleagues": 2,
        "coordinator": 3,
        "last_day": 2,
        "expired": 1,
        # Each working day that it waits: the day it came, and the ten until its last.
        "digest": 11,
    }


def test_a_machine_that_was_off_catches_up_with_what_matters(
    database: Database, settings: Settings, course: Course
) -> None:
    """On at its proposal, off until the day after its last."""
    run_jobs(settings, database, AT)
    run_jobs(settings, database, AT + timedelta(days=20))
    assert status(database) == "expired"
    assert {kind: runs(database)[kind, "done"] for kind in KINDS} == dict.fromkeys(KINDS, 2)
    counted = told(database)
    assert (counted["proposed"], counted["expired"]) == (1, 1)
    assert not {"officers", "colleagues", "coordinator", "last_day"} & set(counted)


def test_a_tick_that_finds_all_done_writes_nothing(database: Database, settings: Settings, course: Course) -> None:
    run_jobs(settings, database, AT)
    run_jobs(settings, database, AT)
    with database.reading() as session:
        before = (len(session.exec(select(JournalEntry.id)).all()), len(session.exec(select(OutboxMessage.id)).all()))
    for minutes in (5, 10, 15):
        run_jobs(settings, database, AT + timedelta(minutes=minutes))
    with database.reading() as session:
        after = (len(session.exec(select(JournalEntry.id)).all()), len(session.exec(select(OutboxMessage.id)).all()))
        assert set(session.exec(select(Run.attempts))) == {1}
    assert before == after


def test_the_night_that_has_an_hour_more(database: Database, settings: Settings, course: Course) -> None:
    """25 October 2026: each quarter of an hour from one to four in the morning, two o'clock twice."""
    at = datetime(2026, 10, 24, 23, tzinfo=UTC)
    while at < datetime(2026, 10, 25, 3, tzinfo=UTC):
        run_jobs(settings, database, at)
        at += timedelta(minutes=15)
    with database.reading() as session:
        periods = Counter(session.exec(select(Run.period).where(Run.kind == "detect")))
        starts = session.exec(select(Run.started_at).where(Run.kind == "detect").order_by(Run.started_at)).all()
    assert periods == {"2026-10-24": 1, "2026-10-25": 1}
    assert [start.astimezone(PARIS).timetz().replace(tzinfo=None) for start in starts if start] == [time(1), time(2)]


def test_two_clocks_at_once_do_each_thing_once(database: Database, settings: Settings, course: Course) -> None:
    gate = threading.Barrier(4)

    def tick() -> None:
        gate.wait()
        run_jobs(settings, database, AT + timedelta(days=7))

    threads = [threading.Thread(target=tick) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    run_jobs(settings, database, AT + timedelta(days=7))
    assert {kind: runs(database)[kind, "done"] for kind in KINDS} == dict.fromkeys(KINDS, 1)
    counted = told(database)
    counted.pop("seal", 0)
    assert counted == {"proposed": 1, "colleagues": 2, "digest": 1}


def test_a_job_that_breaks_leaves_its_reason_and_lets_the_others_run(
    database: Database, settings: Settings, course: Course, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The instance's folder is away: no key can be read, hence no seal and no link to unsubscribe."""
    away = tmp_path / "away"
    away.write_text("not a folder")
    later = AT + timedelta(days=1)
    run_jobs(settings.model_copy(update={"instance": away}), database, later)
    assert "job seal_yesterday failed" in caplog.text
    found = runs(database)
    assert {kind: found[kind, "done"] for kind in KINDS} == dict.fromkeys(KINDS, 1)
    assert found["digest", "failed"] == 1
    with database.reading() as session:
        assert "NotADirectoryError" in session.exec(select(Run.failure).where(Run.kind == "digest")).one()
    assert told(database) == {}
    run_jobs(settings, database, later + timedelta(minutes=5))
    assert runs(database)["digest", "done"] == 1
    assert told(database) == {"digest": 1, "proposed": 1, "seal": 3}
