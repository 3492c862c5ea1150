"""What does the house do by itself, and when?

The schedule is data: each job is a five-line wrapper over a service, tried at the start of the server and every five
minutes. APScheduler is a clock only: it keeps nothing, so that any number of processes may run it; each job does
nothing the second time (a UNIQUE row says that it is done), and a machine that was off catches up at its next start.
"""

import logging
from collections.abc import Callable
from datetime import UTC, datetime

from apscheduler.schedulers.background import BackgroundScheduler

from conference.data.session import Database
from conference.services.instance import profile
from conference.services.mails import seal_mail, send
from conference.services.sealing import seal_past_days, seal_readers
from conference.settings import Settings

EVERY_MINUTES = 5

Job = Callable[[Settings, Database, datetime], None]


def seal_yesterday(settings: Settings, database: Database, at: datetime) -> None:
    """Seal the days of the journal that are over, then mail the seals."""
    with database.writing() as session:
        seals, readers = seal_past_days(session, instance=settings.instance, at=at), seal_readers(session)
        name = profile(session).name
    for reader in readers if seals else []:
        send(seal_mail(reader, seals, settings=settings, conference_name=name), settings=settings, at=at)


JOBS: tuple[Job, ...] = (seal_yesterday,)


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
