"""When were the parcours asked again last, and what did it find?"""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from conference.data.tables import Run
from conference.domain.permissions import Actor, Relation, require

DETECTIONS = ("detect", "recalculate")
"""Runs of the detection: of the night, and asked for."""


@dataclass(frozen=True)
class EndedRun:
    """A run that ended, and its report, in one French sentence."""

    ended_at: datetime
    report: str


def last_detection(session: Session, reader: Actor) -> EndedRun | None:
    """The last detection that ended. Raises Forbidden."""
    require(reader, "limit.manage", Relation.OTHER)
    query = select(Run).where(col(Run.kind).in_(DETECTIONS), Run.status == "done")
    row = session.exec(query.order_by(col(Run.ended_at).desc(), col(Run.id).desc()).limit(1)).first()
    return EndedRun(row.ended_at, row.report) if row is not None and row.ended_at is not None else None
