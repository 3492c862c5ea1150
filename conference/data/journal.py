"""How is an action written so that nobody can rewrite it unseen?

One entry per service call. Its hash covers the entry before it and every column of its own, so that changing, removing
or inserting one breaks the chain; the end of the chain is sealed each day with the instance's key (`services.sealing`).
No nominative value is written: an identifier and « modifié ».
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlmodel import Session

from conference.data.tables.journal import JournalEntry, JournalHead
from conference.domain.permissions import Actor

GENESIS = "0" * 64
"""Previous hash of the first entry."""


def write_journal(
    session: Session,
    *,
    by: Actor,
    at: datetime,
    verb: str,
    object_kind: str,
    object_id: int | None = None,
    object_label: str = "",
    changes: Mapping[str, Any] | None = None,
) -> JournalEntry:
    """Append one entry to the chain, in the caller's transaction. `changes`: {field: [old, new]} or plain facts."""
    head = session.get(JournalHead, 1)
    if head is None:
        head = JournalHead(last_id=0, last_hash=GENESIS)
        session.add(head)
    entry = JournalEntry(
        id=head.last_id + 1,
        at=at.astimezone(UTC),
        actor_id=by.account_id,
        actor_label=by.label,
        organisation_id=by.organisation_id,
        verb=verb,
        object_kind=object_kind,
        object_id=object_id,
        object_label=object_label,
        changes=canonical(changes or {}),
        previous_hash=head.last_hash,
        hash="",
    )
    entry.hash = hash_of(entry)
    session.add(entry)
    head.last_id, head.last_hash = entry.id, entry.hash
    session.add(head)
    return entry


def hash_of(entry: JournalEntry) -> str:
    """SHA-256 of every column of `entry` but its own hash."""
    facts = [
        entry.id,
        entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        entry.actor_id,
        entry.actor_label,
        entry.organisation_id,
        entry.verb,
        entry.object_kind,
        entry.object_id,
        entry.object_label,
        entry.changes,
        entry.previous_hash,
    ]
    return hashlib.sha256(canonical(facts).encode()).hexdigest()


def canonical(value: Any) -> str:
    """One JSON text for one value: sorted keys, no spaces, amounts and days as text."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain)


def _plain(value: Any) -> str:
    if isinstance(value, Decimal | date | datetime):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no place in the journal")
