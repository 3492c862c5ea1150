"""What does the house do by itself, and when?

The schedule is data: each job is a five-line wrapper over a service, tried at the start of the server and every five
minutes. APScheduler is a clock only: it keeps nothing, so that any number of processes may run it. What is done once a night
is a row of the run table (`services.runs`), due from 02:00 in France; a machine that was off catches up at its next start.
Order matters: what expired is seen by the detection, what it finds is told by the digests, and mails leave last.
"""

import logging
import os
import socket
import threading
from collections.abc import Callable
from datetime import UTC, date, datetime

from apscheduler.schedulers.background import BackgroundScheduler
from sqlmodel import Session

from conference.data.session import Database
from conference.services import detection
from conference.services.convention_life import start_conventions
from conference.services.convention_notices import announce_conventions, remind_conventions
from conference.services.digests import DETECT, send_digests
from conference.services.handoff_reminders import announce_handoffs, remind_handoffs
from conference.services.handoffs import expire_handoffs
from conference.services.outbox import deliver
from conference.services.retention import anonymise_ended, burn_files
from conference.services.runs import Task, night_of, perform, perform_in_steps
from conference.services.sealed_days import seal_and_tell
from conference.settings import Settings

EVERY_MINUTES = 5

Job = Callable[[Settings, Database, datetime], None]


def seal_yesterday(settings: Settings, database: Database, at: datetime) -> None:
    """Seal the days of the journal that are over, and have the seals mailed."""
    with database.writing() as session:
        seal_and_tell(session, settings, at=at)


def expire(settings: Settings, database: Database, at: datetime) -> None:
    """Each night: handoffs that were not answered in time expire."""

    def work(session: Session, on: date) -> str:
        return f"relais expirés : {len(expire_handoffs(session, on=on, at=at))}"

    _each_night(database, "expire", work, at)


def detect(settings: Settings, database: Database, at: datetime) -> None:
    """Each night: income, gaps and alerts of every parcours, in transactions of its own."""
    on = night_of(at)
    task = Task(DETECT, on.isoformat())
    perform_in_steps(database, task, lambda: detection.nightly(settings, database, on, at), at=at, owner=_owner())


def remind(settings: Settings, database: Database, at: datetime) -> None:
    """Each night: who has not answered a handoff is reminded."""

    def work(session: Session, on: date) -> str:
        return f"messages : {remind_handoffs(settings, session, on=on, at=at)}"

    _each_night(database, "remind", work, at)


def keep_conventions(settings: Settings, database: Database, at: datetime) -> None:
    """Each night: signed conventions begin on their first day, and their end is told in time."""

    def work(session: Session, on: date) -> str:
        started = start_conventions(session, at=at)
        return f"conventions entrées en vigueur : {started}, messages : {remind_conventions(settings, session, on=on, at=at)}"

    _each_night(database, "conventions", work, at)


def retain(settings: Settings, database: Database, at: datetime) -> None:
    """Each night: parcours that ended long ago are anonymised, then their files burnt."""

    def forget(session: Session, on: date) -> str:
        found = anonymise_ended(session, on=on, at=at)
        return f"parcours anonymisés : {found.parcours}, identités effacées : {found.identities}"

    def burn(session: Session, on: date) -> str:
        return f"fichiers effacés : {burn_files(session, settings.instance)}"

    _each_night(database, "retain", forget, at)
    _each_night(database, "burn", burn, at)


def digest(settings: Settings, database: Database, at: datetime) -> None:
    """Each morning: what is news to each person."""
    send_digests(settings, database, on=night_of(at), at=at, owner=_owner())


def announce(settings: Settings, database: Database, at: datetime) -> None:
    """At each tick: handoffs proposed and answered, and what happens to conventions, are told."""
    announce_handoffs(settings, database, at=at)
    announce_conventions(settings, database, at=at)


def send_mails(settings: Settings, database: Database, at: datetime) -> None:
    """At each tick: mails that wait leave."""
    deliver(settings, database, at=at)


JOBS: tuple[Job, ...] = (seal_yesterday, expire, keep_conventions, detect, remind, retain, announce, digest, send_mails)


def run_jobs(settings: Settings, database: Database, at: datetime) -> None:
    """Do what is due at `at`. A job that fails is logged and tried again at the next tick; the others still run."""
    for job in JOBS:
        try:
            job(settings, database, at)
        except Exception:
            logging.getLogger("conference").exception("job %s failed", job.__name__)


def start_clock(settings: Settings, database: Database) -> BackgroundScheduler:
    """Start the clock of this process, its first tick at once; `shutdown()` on the result stops it."""
    clock = BackgroundScheduler(timezone=UTC)
    clock.add_job(
        lambda: run_jobs(settings, database, datetime.now(UTC)),
        "interval",
        minutes=EVERY_MINUTES,
        next_run_time=datetime.now(UTC),
        coalesce=True,
        max_instances=1,
    )
    clock.start()
    return clock


def _each_night(database: Database, kind: str, work: Callable[[Session, date], str], at: datetime) -> None:
    on = night_of(at)
    perform(database, Task(kind, on.isoformat()), lambda session: work(session, on), at=at, owner=_owner())


def _owner() -> str:
    """Who claims a run: machine, process, thread."""
    return f"{socket.gethostname()[:40]}:{os.getpid()}:{threading.get_ident()}"
