"""A piece of work is done once: by several processes, after a kill, after a failure, whatever the clock says."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, select

from conference.data.session import Database
from conference.data.tables import OutboxMessage, Run
from conference.services.runs import LEASE, RETRIES, Task, claim_task, done_scopes, night_of, perform, perform_in_steps
from conference.settings import Settings
from tests.seeds import AT, World, make_world

ROOT = Path(__file__).parents[2]
PROCESS = Path(__file__).parent / "runs_process.py"
NIGHT = Task("detect", "2026-04-20")
PROCESSES, PERIODS, KILLS = 8, 12, 6


@pytest.fixture
def world(database: Database) -> World:
    return make_world(database)


def note(session: Session, world: World, key: str) -> str:
    """An effect that can be counted."""
    account = world.actors["region"].account_id or 0
    session.add(OutboxMessage(key=key, kind="test", account_id=account, subject=key, body="", created_at=AT))
    return f"noted {key}"


def noted(database: Database) -> list[str]:
    with database.reading() as session:
        return sorted(session.exec(select(OutboxMessage.subject)))


def the_run(database: Database, task: Task = NIGHT) -> Run:
    with database.reading() as session:
        run = session.exec(select(Run).where(Run.kind == task.kind, Run.period == task.period)).one()
        session.expunge(run)
        return run


def test_done_once_with_its_report(database: Database, world: World) -> None:
    assert perform(database, NIGHT, lambda session: note(session, world, "once"), at=AT, owner="a")
    later = AT + timedelta(days=2)
    assert not perform(database, NIGHT, lambda session: note(session, world, "twice"), at=later, owner="b")
    run = the_run(database)
    assert (run.status, run.owner, run.attempts, run.report) == ("done", "a", 1, "noted once")
    assert (run.started_at, run.ended_at, run.lease_until) == (AT, AT, None)
    assert noted(database) == ["once"]
    with database.reading() as session:
        assert done_scopes(session, "detect", "2026-04-20") == {""}


def test_each_scope_and_period_has_its_own(database: Database, world: World) -> None:
    for task in (Task("d", "2026-04-20", "1"), Task("d", "2026-04-20", "2"), Task("d", "2026-04-21", "1")):
        assert perform(database, task, lambda session: "", at=AT, owner="a")
    with database.reading() as session:
        assert done_scopes(session, "d", "2026-04-20") == {"1", "2"}


def test_a_failure_leaves_nothing_is_kept_and_tried_again_later(database: Database, world: World) -> None:
    def breaks(session: Session) -> str:
        note(session, world, "half")
        session.flush()
        raise ValueError("no such thing\nDETAIL: a name")

    at = AT
    for attempt, rest in enumerate((*RETRIES, RETRIES[-1]), start=1):
        with pytest.raises(ValueError, match="no such thing"):
            perform(database, NIGHT, breaks, at=at, owner="a")
        run = the_run(database)
        assert (run.status, run.attempts, run.failure) == ("failed", attempt, "ValueError: no such thing")
        just_before = at + rest - timedelta(seconds=1)
        assert not perform(database, NIGHT, breaks, at=just_before, owner="a")
        at += rest
    assert noted(database) == []
    assert perform(database, NIGHT, lambda session: note(session, world, "whole"), at=at, owner="a")
    assert (noted(database), the_run(database).failure) == (["whole"], "")


def test_a_claim_holds_until_its_lease_ends(database: Database, world: World) -> None:
    """What a process killed in the middle leaves behind."""
    assert claim_task(database, NIGHT, at=AT, owner="killed") is not None
    held = AT + LEASE - timedelta(seconds=1)
    assert claim_task(database, NIGHT, at=held, owner="b") is None
    assert perform(database, NIGHT, lambda session: note(session, world, "after"), at=AT + LEASE, owner="b")
    assert (the_run(database).owner, the_run(database).attempts) == ("b", 2)


def test_who_lost_its_claim_writes_nothing(database: Database, world: World) -> None:
    """A process that slept longer than its lease wakes up after another has done the work."""

    def slow() -> str:
        other = AT + LEASE
        assert perform(database, NIGHT, lambda session: note(session, world, "other"), at=other, owner="b")
        return "too late"

    assert not perform_in_steps(database, NIGHT, slow, at=AT, owner="a")
    run = the_run(database)
    assert (noted(database), run.owner, run.report, run.status) == (["other"], "b", "noted other", "done")


def test_who_fails_after_losing_its_claim_does_not_say_that_it_failed(database: Database, world: World) -> None:
    def slow() -> str:
        assert perform(database, NIGHT, lambda session: "", at=AT + LEASE, owner="b")
        raise ValueError("mine")

    with pytest.raises(ValueError, match="mine"):
        perform_in_steps(database, NIGHT, slow, at=AT, owner="a")
    assert (the_run(database).status, the_run(database).failure) == ("done", "")


def test_a_clock_that_jumped_ahead_holds_nothing_back(database: Database, world: World) -> None:
    ahead = AT + timedelta(days=3650)
    assert claim_task(database, NIGHT, at=ahead, owner="killed") is not None
    assert perform(database, NIGHT, lambda session: "", at=AT, owner="b")
    failing = Task("remind", "2026-04-20")
    with pytest.raises(ZeroDivisionError):
        perform(database, failing, lambda session: str(1 // 0), at=ahead, owner="a")
    assert perform(database, failing, lambda session: "", at=AT, owner="a")


@pytest.mark.parametrize(
    ("utc", "night"),
    [
        ("2026-11-23T00:59:59", "2026-11-22"),
        ("2026-11-23T01:00:00", "2026-11-23"),
        ("2026-06-30T23:59:59", "2026-06-30"),
        ("2026-07-01T00:00:00", "2026-07-01"),
        # 25 October 2026: 02:00 to 02:59 comes twice, at 00:00 and at 01:00 UTC.
        ("2026-10-24T23:59:59", "2026-10-24"),
        ("2026-10-25T00:00:00", "2026-10-25"),
        ("2026-10-25T00:59:59", "2026-10-25"),
        ("2026-10-25T01:00:00", "2026-10-25"),
        ("2026-10-25T01:59:59", "2026-10-25"),
        # 29 March 2026: 01:59:59 is followed by 03:00.
        ("2026-03-29T00:59:59", "2026-03-28"),
        ("2026-03-29T01:00:00", "2026-03-29"),
    ],
)
def test_a_night_belongs_to_one_day(utc: str, night: str) -> None:
    assert night_of(datetime.fromisoformat(utc).replace(tzinfo=UTC)) == date.fromisoformat(night)


def test_threads_of_one_process_do_it_once(database: Database, world: World) -> None:
    gate, won = threading.Barrier(8), []

    def attempt(number: int) -> None:
        gate.wait()
        if perform(database, NIGHT, lambda session: note(session, world, str(number)), at=AT, owner=f"thread {number}"):
            won.append(str(number))

    threads = [threading.Thread(target=attempt, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1
    assert noted(database) == won


def test_eight_processes_killed_at_random_do_each_period_once(
    database: Database, settings: Settings, world: World
) -> None:
    environment = {**os.environ, **settings.environment(), "PYTHONPATH": str(ROOT)}

    def start(name: int) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, str(PROCESS), f"process {name}", str(PERIODS)], env=environment)

    running = [start(number) for number in range(PROCESSES)]
    killed, ends = 0, time.monotonic() + 90
    while killed < KILLS and time.monotonic() < ends:
        with database.reading() as session:
            owner = session.exec(select(Run.owner).where(Run.status == "running")).first()
        if owner:
            number = int(owner.split()[-1])
            if running[number].poll() is None:
                running[number].send_signal(signal.SIGKILL)
                running[number].wait()
                killed += 1
                running[number] = start(number)
        if all(process.poll() is not None for process in running):
            break
        time.sleep(random.random() * 0.1)
    codes = [process.wait(timeout=120) for process in running]
    assert codes == [0] * PROCESSES
    assert Counter(noted(database)) == {f"period-{number}": 1 for number in range(PERIODS)}
    with database.reading() as session:
        assert set(session.exec(select(Run.status))) == {"done"}
    assert killed > 0, "nothing was killed"
