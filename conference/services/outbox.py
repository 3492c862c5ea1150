"""How does a mail leave at most once, and only towards somebody who may still open what it leads to?

A message is a row with a UNIQUE key, written in the transaction of what it tells. `deliver` sends those that wait. Before a
message is handed to the server its row says that it was, in a committed transaction; the answer is written after. So a
process killed between the two leaves a message marked as interrupted, shown to the administrator and never sent again: a
reminder that comes twice teaches people to ignore it, one that is lost is on the page all the same and comes back with the
next stage or digest. The same where the server went silent after taking the text. Where it surely did not take it, the
message waits and is tried again, less and less often, for about six days.

Rights are looked at twice, when a message is written (by who writes it) and here when it leaves: its account must be active
and still able to open each of its links.
"""

import hashlib
import json
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any

from sqlalchemy import or_
from sqlmodel import Session, col, select, update

from conference.data.queries.opening import Link, may_open_all
from conference.data.session import Database
from conference.data.tables import Account, OutboxMessage
from conference.services.mails import NotSent, Why, plain_mail, transmit
from conference.services.sessions import actor_of
from conference.services.unsubscribing import DIGEST, unsubscribe_headers
from conference.settings import Settings

RETRIES = tuple(timedelta(minutes=minutes) for minutes in (5, 15, 60, 240, 720, 1440, 1440, 1440, 1440, 1440))
"""How long a message rests after each try that surely did not reach the server; after the last it has failed."""
ROUND = 500
"""Messages tried at one tick: the others leave at the next."""
KEYS = 400
"""Keys asked at once."""
INTERRUPTED = "Envoi interrompu : on ne sait pas si le message est parti. Il n’est pas renvoyé."
SILENT = "Le serveur n’a pas répondu après avoir reçu le message : on ne sait pas s’il est parti. Il n’est pas renvoyé."
CLOSED = "Compte désactivé avant l’envoi."
REVOKED = "Le destinataire ne peut plus ouvrir ce dont parle le message."


@dataclass(frozen=True, slots=True)
class Message:
    """A mail to be written: `key` makes it unique, `links` are what its reader must be able to open."""

    key: str
    kind: str
    account_id: int
    subject: str
    body: str
    links: Sequence[Link] = ()


@dataclass(slots=True)
class Delivered:
    """What one round did, in messages."""

    sent: int = 0
    waiting: int = 0
    dropped: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message that this process alone may send now, at its `attempt`."""

    id: int
    attempt: int
    mail: EmailMessage


def add_message(session: Session, message: Message, *, at: datetime) -> bool:
    """Have `message` sent once; False when one with its key was written before."""
    return add_messages(session, [message], at=at) == 1


def add_messages(session: Session, messages: Iterable[Message], *, at: datetime) -> int:
    """Have each of `messages` sent once; how many were not written before."""
    by_key = {message.key: message for message in messages}
    for key in written_keys(session, list(by_key)):
        del by_key[key]
    for message in by_key.values():
        session.add(
            OutboxMessage(
                key=message.key,
                kind=message.kind,
                account_id=message.account_id,
                subject=message.subject[:200],
                body=message.body,
                links=json.dumps(list(message.links)),
                created_at=at,
            )
        )
    session.flush()
    return len(by_key)


def written_keys(session: Session, keys: Sequence[str]) -> set[str]:
    """Those of `keys` that a message has already."""
    found: set[str] = set()
    for start in range(0, len(keys), KEYS):
        query = select(OutboxMessage.key).where(col(OutboxMessage.key).in_(keys[start : start + KEYS]))
        found.update(session.exec(query))
    return found


def deliver(settings: Settings, database: Database, *, at: datetime) -> Delivered:
    """Send what waits and is due, oldest first. A server that does not answer ends the round."""
    done = Delivered()
    for message_id in _due(database, at):
        claimed = _claim(settings, database, message_id, at, done)
        if claimed is None:
            continue
        try:
            transmit(claimed.mail, settings=settings, at=at)
        except NotSent as error:
            _note_not_sent(database, claimed, error, at, done)
            if error.why is Why.UNREACHED:
                break
        else:
            _note(database, claimed, {"status": "sent", "sent_at": at, "failure": ""})
            done.sent += 1
    return done


def _due(database: Database, at: datetime) -> list[int]:
    """Messages that wait, and whose rest is over; a rest that lies further than the longest is a clock that jumped."""
    rest = col(OutboxMessage.next_try_at)
    rested = or_(rest.is_(None), rest <= at, rest > at + max(RETRIES))
    with database.reading() as session:
        query = select(OutboxMessage.id).where(OutboxMessage.status == "waiting", rested)
        return [number or 0 for number in session.exec(query.order_by(col(OutboxMessage.id)).limit(ROUND))]


def _claim(settings: Settings, database: Database, message_id: int, at: datetime, done: Delivered) -> Claimed | None:
    """Say that the message is handed over, before it is; None when it no longer waits or may not leave."""
    with database.writing() as session:
        row = session.get_one(OutboxMessage, message_id)
        if row.status != "waiting":
            return None
        account = session.get_one(Account, row.account_id)
        if reason := _why_not(session, account, row):
            row.status, row.failure, row.next_try_at = "dropped", reason, None
            session.add(row)
            done.dropped += 1
            return None
        mail = _mail(settings, account, row)
        handed = update(OutboxMessage).where(
            col(OutboxMessage.id) == message_id, col(OutboxMessage.status) == "waiting"
        )
        values = {"status": "failed", "failure": INTERRUPTED, "attempts": row.attempts + 1, "next_try_at": None}
        taken = session.exec(handed.values(**values).execution_options(synchronize_session=False)).rowcount
        return Claimed(message_id, row.attempts + 1, mail) if taken == 1 else None


def _why_not(session: Session, account: Account, row: OutboxMessage) -> str:
    """Why the message may not leave; empty when it may."""
    if not account.is_active:
        return CLOSED
    links = [(str(kind), int(number)) for kind, number in json.loads(row.links)]
    return "" if may_open_all(session, actor_of(session, account), links) else REVOKED


def _mail(settings: Settings, account: Account, row: OutboxMessage) -> EmailMessage:
    headers = unsubscribe_headers(settings, row.account_id) if row.kind == DIGEST else {}
    identifier = hashlib.sha256(f"{settings.public_url} {row.key}".encode()).hexdigest()[:32]
    return plain_mail(account.email, row.subject, row.body, settings=settings, headers=headers, identifier=identifier)


def _note_not_sent(database: Database, claimed: Claimed, error: NotSent, at: datetime, done: Delivered) -> None:
    logging.getLogger("conference").warning("message %d did not leave: %s", claimed.id, error)
    if error.why is Why.UNSURE:
        values: dict[str, Any] = {"failure": SILENT}
    elif error.why is Why.NEVER or claimed.attempt > len(RETRIES):
        values = {"failure": str(error)[:500]}
    else:
        values = {"status": "waiting", "failure": str(error)[:500], "next_try_at": at + RETRIES[claimed.attempt - 1]}
    _note(database, claimed, values)
    if "status" in values:
        done.waiting += 1
    else:
        done.failed += 1


def _note(database: Database, claimed: Claimed, values: dict[str, Any]) -> None:
    """Write what became of the message."""
    mine = update(OutboxMessage).where(col(OutboxMessage.id) == claimed.id, col(OutboxMessage.status) == "failed")
    mine = mine.where(col(OutboxMessage.attempts) == claimed.attempt)
    with database.writing() as session:
        session.exec(mine.values(**values).execution_options(synchronize_session=False))
