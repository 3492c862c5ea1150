"""How is a rewritten journal found?

Each day that is over gets a seal: HMAC, under the instance's key, of the day and of the last entry of the chain up to
its end (Paris time). Whoever rewrites the database without the key cannot remake it; whoever holds both is found by the
mail of that day, which every funder's administrators keep. One row per day (its primary key), so that two processes
sealing at once leave one seal and send its mail once: who writes the row sends.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlmodel import Session, col, func, select

from conference.data.journal import GENESIS, canonical
from conference.data.tables import Account, JournalEntry, JournalHead, JournalSeal, Organisation
from conference.domain.french import day_in_france
from conference.domain.permissions import Role
from conference.services.keys import derived_key


@dataclass(frozen=True)
class Seal:
    """The seal of one day: the last entry that it covers, and its value in hexadecimal."""

    day: date
    last_id: int
    seal: str


def seal_past_days(session: Session, *, instance: Path, at: datetime) -> list[Seal]:
    """Seal each day before today that has entries and no seal yet, oldest first; the seals that were made now."""
    days = _unsealed_days(session, at)
    made = [_seal(session, instance, day, last_id, last_hash, at) for day, last_id, last_hash in days]
    session.flush()
    return made


def seal_journal(session: Session, *, instance: Path, at: datetime) -> Seal | None:
    """Seal the chain as it stands now, under today's date; None when today has its seal.

    What is written later today is then covered by the seal of the next day that has entries.
    """
    today = day_in_france(at)
    if session.get(JournalSeal, today) is not None:
        return None
    head = session.get(JournalHead, 1)
    last_id, last_hash = (head.last_id, head.last_hash) if head else (0, GENESIS)
    made = _seal(session, instance, today, last_id, last_hash, at)
    session.flush()
    return made


def seal_of(instance: Path, day: date, last_id: int, last_hash: str) -> str:
    """The seal (64 hexadecimal figures) of a day whose last entry is `last_id`, of hash `last_hash`."""
    key = derived_key(instance, "seal")
    return hmac.new(key, canonical([day, last_id, last_hash]).encode(), hashlib.sha256).hexdigest()


def seal_readers(session: Session) -> list[int]:
    """Accounts that receive the seals: each funder's administrators, or its signatories where it has none; and the
    administrators of the other organisations (the secretariat's, as a rule)."""
    query = select(Account.id, Account.role, Account.organisation_id, Organisation.is_funder).join(
        Organisation, col(Organisation.id) == col(Account.organisation_id)
    )
    rows = session.exec(query.where(col(Account.is_active), col(Account.password_hash).is_not(None))).all()
    administered = {organisation for _, role, organisation, _ in rows if role == Role.ADMIN.value}
    return sorted(
        account_id or 0
        for account_id, role, organisation, is_funder in rows
        if role == Role.ADMIN.value or (is_funder and role == Role.SIGNATORY.value and organisation not in administered)
    )


def _seal(session: Session, instance: Path, day: date, last_id: int, last_hash: str, at: datetime) -> Seal:
    value = seal_of(instance, day, last_id, last_hash)
    session.add(JournalSeal(day=day, last_id=last_id, last_hash=last_hash, seal=value, sealed_at=at))
    return Seal(day, last_id, value)


def _unsealed_days(session: Session, at: datetime) -> list[tuple[date, int, str]]:
    """Days before today without a seal, among those of the entries that no seal covers: day, last entry, its hash."""
    today = day_in_france(at)
    after = int(session.exec(select(func.max(JournalSeal.last_id))).one() or 0)
    query = select(JournalEntry.id, JournalEntry.at, JournalEntry.hash).where(JournalEntry.id > after)
    last: dict[date, tuple[int, str]] = {}
    for entry_id, written_at, entry_hash in session.exec(query.order_by(col(JournalEntry.id))):
        last[day_in_france(written_at)] = (entry_id, entry_hash)
    sealed = set(session.exec(select(col(JournalSeal.day))))
    return [(day, *last[day]) for day in sorted(last) if day < today and day not in sealed]
