"""How is a piece of work done exactly once, however many processes try and whatever is killed?

One row per (kind, period, scope). A process claims it by one conditional UPDATE that writes its name and a lease; what the
work writes is committed together with the word that it is done, and only if the claim still stands: killed before, there is
nothing and the row is free again when the lease ends; killed after, it is done. A failure is kept with its reason and tried
again later. The clock may jump: a lease or a failure that lies further ahead than one could have been written is void.

Two shapes of work: `perform` for what fits in one transaction (mails are rows of the outbox, hence part of it), with
`perform_prepared` where much is read first; `perform_in_steps` for what commits by itself as it goes and is safe to begin
again (the detection over a million parcours).
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session, and_, col, select, update

from conference.data.session import Database
from conference.data.tables import Run
from conference.domain.french import PARIS

LEASE = timedelta(minutes=30)
"""How long a claim stands: far longer than the longest work takes, short enough for the same night to try again."""
NIGHT_HOUR = 2
"""The hour in France at which a day's night work is due."""
RETRIES = tuple(timedelta(minutes=minutes) for minutes in (5, 15, 60, 360))
"""How long a failed run rests after its first, second, third failure and all the later ones."""
LONGEST = 1000
"""Characters kept of a report or of a failure."""

Work = Callable[[Session], str]
"""What is written in the transaction that says done; it answers with the report, in one French sentence."""


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be done once: one kind of work, for a period (a day, a month, a name) and a scope ("" for all)."""

    kind: str
    period: str
    scope: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to do a task: the row, who holds it, and which attempt it is."""

    run_id: int
    owner: str
    attempt: int


class ClaimLost(Exception):
    """The lease ended and somebody else took the task: what was written is undone."""


def night_of(at: datetime) -> date:
    """The day in France whose night work is the latest due at `at`: the same day from 02:00 on, else the day before.

    By the clock on the wall: the hour that comes twice in October belongs to one day, the one that March skips is due at
    03:00. Only the latest day is ever due: night work looks at things as they stand, so that a machine that was off for a
    week catches up in one run.
    """
    return (at.astimezone(PARIS).replace(tzinfo=None) - timedelta(hours=NIGHT_HOUR)).date()


def perform(database: Database, task: Task, work: Work, *, at: datetime, owner: str) -> bool:
    """Do `work` in the transaction that says that `task` is done; its words are the report. False when it is done
    already, held by another, or resting after a failure. What `work` raises is kept as the failure, and raised."""
    return perform_prepared(database, task, lambda: work, at=at, owner=owner)


def perform_in_steps(database: Database, task: Task, work: Callable[[], str], *, at: datetime, owner: str) -> bool:
    """Do `work`, which writes in transactions of its own and is safe to begin again, then say that `task` is done."""

    def prepare() -> Work:
        report = work()
        return lambda session: report

    return perform_prepared(database, task, prepare, at=at, owner=owner)


def perform_prepared(database: Database, task: Task, prepare: Callable[[], Work], *, at: datetime, owner: str) -> bool:
    """`perform` what `prepare` gives once the task is claimed: what can be read and computed without the writers' lock."""
    claim = claim_task(database, task, at=at, owner=owner)
    if claim is None:
        return False
    try:
        work = prepare()
        with database.writing() as session:
            _end(session, claim, "done", at)
            _tell(session, claim, work(session))
    except ClaimLost:
        logging.getLogger("conference").warning("run %s was taken over by another process", task)
        return False
    except Exception as error:
        _fail(database, claim, error, at)
        raise
    return True


def claim_task(database: Database, task: Task, *, at: datetime, owner: str) -> Claim | None:
    """Take `task` for `owner` until its lease ends; None when it is done, held or resting. Makes its row at need."""
    with database.reading() as session:
        row = _row(session, task)
        if row is not None and not _is_free(row, at):
            return None
    with database.writing() as session:
        row = _row(session, task)
        if row is None:
            row = Run(kind=task.kind, period=task.period, scope=task.scope)
            session.add(row)
            session.flush()
        elif not _is_free(row, at):
            return None
        assert row.id is not None
        claim = Claim(row.id, owner[:80], row.attempts + 1)
        as_it_was = and_(col(Run.id) == row.id, col(Run.status) == row.status, col(Run.attempts) == row.attempts)
        taken = update(Run).where(as_it_was).execution_options(synchronize_session=False)
        running = {"status": "running", "owner": claim.owner, "lease_until": at + LEASE, "attempts": claim.attempt}
        changed = session.exec(taken.values(**running, started_at=at, ended_at=None, failure="")).rowcount
    return claim if changed == 1 else None


def done_scopes(session: Session, kind: str, period: str) -> set[str]:
    """Scopes for which the work of that kind and period is done."""
    query = select(Run.scope).where(Run.kind == kind, Run.period == period, Run.status == "done")
    return set(session.exec(query))


def _row(session: Session, task: Task) -> Run | None:
    query = select(Run).where(Run.kind == task.kind, Run.period == task.period, Run.scope == task.scope)
    return session.exec(query).first()


def _is_free(row: Run, at: datetime) -> bool:
    if row.status == "running" and row.lease_until is not None:
        return not at < row.lease_until <= at + LEASE
    if row.status == "failed" and row.ended_at is not None:
        rest = RETRIES[min(row.attempts, len(RETRIES)) - 1]
        return not row.ended_at <= at < row.ended_at + rest
    return row.status != "done"


def _end(session: Session, claim: Claim, status: str, at: datetime, failure: str = "") -> None:
    """Say how the run ended, if `claim` still stands. Raises ClaimLost."""
    mine = update(Run).where(col(Run.id) == claim.run_id, col(Run.status) == "running")
    mine = mine.where(col(Run.owner) == claim.owner, col(Run.attempts) == claim.attempt)
    values = {"status": status, "lease_until": None, "ended_at": at, "failure": failure[:LONGEST]}
    ended = mine.values(**values).execution_options(synchronize_session=False)
    if session.exec(ended).rowcount != 1:
        raise ClaimLost()


def _tell(session: Session, claim: Claim, report: str) -> None:
    told = update(Run).where(col(Run.id) == claim.run_id).execution_options(synchronize_session=False)
    session.exec(told.values(report=report[:LONGEST]))


def _fail(database: Database, claim: Claim, error: Exception, at: datetime) -> None:
    """Keep the reason. What it was about to write is undone already; somebody else may hold the task by now."""
    try:
        with database.writing() as session:
            _end(session, claim, "failed", at, f"{type(error).__name__}: {_first_line(error)}")
    except ClaimLost:
        logging.getLogger("conference").warning("run %d was taken over by another process", claim.run_id)


def _first_line(error: Exception) -> str:
    """What the error says; a database tells the values of the row on the lines after."""
    return (str(error).splitlines() or [""])[0]
