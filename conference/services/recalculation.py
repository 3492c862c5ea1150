"""How are the parcours asked again at once, when a value of the law or a threshold has just changed?

The same detection as that of the night, over what changed only, as a run of its own with its report. Where very many parcours
would be asked, nothing is done: a page must not wait for minutes, and the night does it.
"""

from dataclasses import dataclass
from datetime import datetime

from conference.data.session import Database
from conference.domain.french import day_in_france
from conference.domain.permissions import Actor, Relation, require
from conference.services.detection import detect, stale_parcours, told
from conference.services.refreshing import asking
from conference.services.runs import Task, perform_in_steps

KIND = "recalculate"
MOST = 5_000
"""Parcours asked again while somebody waits: a few seconds."""


@dataclass(frozen=True)
class Report:
    """What became of the request: the report of the run, in one French sentence; None where there are too many parcours and
    the night does it. `is_held`: another run was asked for at the same second."""

    said: str | None
    is_held: bool = False


def recalculate(database: Database, *, by: Actor, at: datetime, owner: str, most: int = MOST) -> Report:
    """Ask again every parcours that changed values concern, when they are `most` at most. Raises Forbidden. Writes in
    transactions of its own: the caller holds no right to write."""
    require(by, "limit.manage", Relation.OTHER)
    on = day_in_france(at)
    with database.reading() as session:
        if len(stale_parcours(session, asking(session, on), most=most + 1)) > most:
            return Report(None)
    reports: list[str] = []

    def work() -> str:
        reports.append(told(detect(database, on, at, by=by)))
        return reports[-1]

    task = Task(KIND, at.replace(tzinfo=None).isoformat(timespec="seconds"))
    is_done = perform_in_steps(database, task, work, at=at, owner=owner)
    return Report(reports[-1]) if is_done else Report(None, is_held=True)
