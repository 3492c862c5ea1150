"""Who receives a digest this morning, and what does it hold?

Once per person and period, by the run table; the mail is a row of the outbox, which looks at its links again before it leaves.
News are counted from the last digest that was written, or found empty: a dropped one loses nothing, a machine that was off for
a week neither. A person who has never signed in receives none.
"""

import logging
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from sqlmodel import Session, col, func, select

from conference.data.queries.digest import Span, digest_of
from conference.data.session import Database
from conference.data.tables import Account, OutboxMessage, Run
from conference.domain.digest import DAILY, Digest, Written, period_of, write
from conference.domain.french import PARIS
from conference.services.deep_links import address
from conference.services.holidays import closed_around
from conference.services.instance import profile
from conference.services.outbox import Message, add_message
from conference.services.runs import Task, Work, done_scopes, perform_prepared
from conference.services.sessions import actor_of
from conference.services.unsubscribing import DIGEST, NEVER, unsubscribe_address
from conference.settings import Settings

NOTHING = "rien à dire"
DETECT = "detect"
"""Kind of the run that finds what alerts tell."""
PATIENT_UNTIL = 7
"""The hour in France from which digests no longer wait for it."""
FIRST_DAY, FIRST_WEEK, FARTHEST = timedelta(days=1), timedelta(days=7), timedelta(days=31)
"""How far back a first digest looks, daily and weekly; how far back any does."""


@dataclass(frozen=True)
class Recipient:
    """One person whose digest is due, for a period, at the frequency it chose."""

    account_id: int
    frequency: str
    period: date


def send_digests(settings: Settings, database: Database, *, on: date, at: datetime, owner: str) -> int:
    """Write the digests due on the morning of `on` that are not written yet; how many people were seen to.

    They wait for the night's detection, whose findings they tell, but not longer than seven in the morning.
    """
    if at.astimezone(PARIS).hour < PATIENT_UNTIL and not _detected(database, on):
        return 0
    seen = 0
    for recipient in recipients(database, on):
        task = Task(DIGEST, recipient.period.isoformat(), str(recipient.account_id))
        prepare = partial(_work, settings, database, recipient, on, at)
        try:
            seen += perform_prepared(database, task, prepare, at=at, owner=owner)
        except Exception:  # kept on the run's row, and tried again: one person's digest holds back nobody else's
            logging.getLogger("conference").exception("the digest of account %d failed", recipient.account_id)
    return seen


def recipients(database: Database, on: date) -> list[Recipient]:
    """The people whose digest is due on `on` and not written yet."""
    closed = closed_around(on)
    with database.reading() as session:
        query = select(Account.id, Account.digest).where(
            col(Account.is_active), col(Account.password_hash).is_not(None), Account.digest != NEVER
        )
        wanted = session.exec(query.order_by(col(Account.id))).all()
        due = [
            Recipient(account_id or 0, frequency, period)
            for account_id, frequency in wanted
            if (period := period_of(frequency, on, closed)) is not None
        ]
        done = {period: done_scopes(session, DIGEST, period.isoformat()) for period in {each.period for each in due}}
    return [each for each in due if str(each.account_id) not in done[each.period]]


def _detected(database: Database, on: date) -> bool:
    with database.reading() as session:
        return bool(done_scopes(session, DETECT, on.isoformat()))


def _work(settings: Settings, database: Database, recipient: Recipient, on: date, at: datetime) -> Work:
    """The run's work. What it says is read before, without the lock of the writers."""
    with database.reading() as session:
        account = session.get_one(Account, recipient.account_id)
        since = _since(session, recipient, at)
        found = digest_of(session, actor_of(session, account), Span(since, on, closed_around(on)))
        name = profile(session).name
    if found.is_empty:
        return lambda session: NOTHING
    written = write(
        found,
        conference=name,
        frequency=recipient.frequency,
        address=partial(address, settings),
        unsubscribe=unsubscribe_address(settings, recipient.account_id),
    )
    return lambda session: _keep(session, recipient, found, written, at)


def _keep(session: Session, recipient: Recipient, found: Digest, written: Written, at: datetime) -> str:
    links = [("proposal", each.id) for each in found.handoffs] + [("alert", each.id) for each in found.alerts]
    key = f"{DIGEST}:{recipient.period.isoformat()}:{recipient.account_id}"
    message = Message(key, DIGEST, recipient.account_id, written.subject, written.body, links)
    add_message(session, message, at=at)
    return f"relais : {found.handoff_count}, alertes : {found.alert_count}, brouillons : {found.drafts}"


def _since(session: Session, recipient: Recipient, at: datetime) -> datetime:
    """Until when this person was told everything: the last digest that was not dropped, or that had nothing to say; else
    some time before the first that was written."""
    written: Any = select(OutboxMessage.created_at).where(
        OutboxMessage.account_id == recipient.account_id, OutboxMessage.kind == DIGEST, OutboxMessage.created_at < at
    )
    empty: Any = select(func.max(Run.started_at)).where(
        Run.kind == DIGEST, Run.scope == str(recipient.account_id), Run.report == NOTHING, col(Run.started_at) < at
    )
    kept = written.where(OutboxMessage.status != "dropped").order_by(col(OutboxMessage.created_at).desc())
    known = [each for each in (session.exec(kept).first(), session.exec(empty).one()) if each is not None]
    if known:
        latest: datetime = max(*known, at - FARTHEST)
        return latest
    first: datetime = session.exec(written.order_by(col(OutboxMessage.created_at))).first() or at
    return max(first, at - FARTHEST) - (FIRST_DAY if recipient.frequency == DAILY else FIRST_WEEK)
