"""What happened to a parcours: who added what, and which alerts it opened or closed?"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from conference.data.queries.parcours import reached_parcours
from conference.data.tables import Organisation, Parcours
from conference.data.tables.journal import JournalEntry
from conference.domain.permissions import Actor


@dataclass(frozen=True)
class HistoryFact:
    """One journal entry of the parcours: its verb and what it told, as the service wrote it."""

    at: datetime
    by: str
    verb: str
    told: dict[str, Any]


def parcours_history(session: Session, reader: Actor, parcours_id: int) -> tuple[HistoryFact, ...]:
    """The journal of a parcours, latest first; empty when `reader` does not reach it."""
    reached = select(Parcours.id).where(Parcours.id == parcours_id, reached_parcours(reader, col(Parcours.id)))
    query = (
        select(JournalEntry, Organisation.short_name)
        .join(Organisation, col(Organisation.id) == col(JournalEntry.organisation_id), isouter=True)
        .where(
            JournalEntry.object_kind == "parcours",
            JournalEntry.object_id == parcours_id,
            col(JournalEntry.object_id).in_(reached),
        )
        .order_by(col(JournalEntry.id).desc())
    )
    return tuple(
        HistoryFact(
            row.at, f"{row.actor_label}, {name}" if name else row.actor_label, row.verb, json.loads(row.changes)
        )
        for row, name in session.exec(query)
    )
