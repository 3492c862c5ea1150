"""Which parcours must be asked again today, and what does it change, all of them together?

Those of which a fact changed without it, those asked with other scales or thresholds, and those whose checks said that today
answers otherwise; nothing is asked of the others. They are taken by blocks, by several processes where there are many. A block
is read and computed outside the right to write, then what differs is written in a transaction of its own, which drops what
somebody changed in between (their own change has refreshed it). So the house goes on working during the run, there is one
writer at a time as everywhere, and a run that stops in the middle is ended by the next.
"""

import gc
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from multiprocessing import get_context
from typing import Any

from sqlalchemy import bindparam, func, or_, select
from sqlmodel import Session, col

from conference.data.journal import write_journal
from conference.data.session import Database
from conference.data.tables import Alert, CoverageState, Parcours
from conference.domain.alerts import INCOME_GAP
from conference.domain.french import format_euros, format_number
from conference.domain.money import ZERO
from conference.domain.permissions import CONSOLE, Actor
from conference.services.convention_alerts import settle_convention_alerts
from conference.services.refreshing import Asking, Outcome, applied, asking, examined
from conference.settings import Settings

BLOCK = 5_000
"""Parcours computed together, and written in one transaction."""
MANY = 20_000
"""From so many parcours on, two processes compute."""
PROCESSES = 3
"""One more than the two cores of a small machine: one of them may be waiting for the right to write."""
Changes = tuple[int, Counter[str]]
"""New versions, and what happened to alerts."""


@dataclass
class Detection:
    """What a run did. `alerts`: how many opened, worsened, changed, reopened and closed; `gap_*`: the alerts of days without
    income that are open after it (`gap_need`: known euros, `gap_unknown`: alerts whose amount is not known)."""

    on: date
    examined: int = 0
    changed: int = 0
    alerts: Counter[str] = field(default_factory=Counter)
    gap_alerts: int = 0
    gap_days: int = 0
    gap_need: Decimal = ZERO
    gap_unknown: int = 0


def detect(database: Database, on: date, at: datetime, *, everything: bool = False, by: Actor = CONSOLE) -> Detection:
    """Ask again what must be, of all parcours when `everything`, as known at the end of the day `on`; one journal entry when
    something changed, in the name of who asked."""
    found = Detection(on)
    with database.reading() as session:
        asked = asking(session, on)
        stale = stale_parcours(session, asked, everything=everything)
    for changed, alerts in _brought_up(database, stale, asked, at):
        found.changed += changed
        found.alerts += alerts
    found.examined = len(stale)
    with database.writing() as session:
        found.alerts += settle_convention_alerts(session, on=on, at=at)
        _journal(session, found, by, at)
        _sum_up(session, found)
    return found


def nightly(settings: Settings, database: Database, on: date, at: datetime) -> str:
    """The run of the night, told in one French sentence for the page of runs."""
    return told(detect(database, on, at))


def told(found: Detection) -> str:
    """The report of a run, in French."""
    counts = found.alerts
    alerts = (
        f"{_count(counts['opened'], 'ouverte')}, {_count(counts['worsened'], 'aggravée')}, "
        f"{_count(counts['reopened'], 'rouverte')}, {_count(counts['closed'], 'fermée')}"
    )
    unknown = f", dont {_count(found.gap_unknown, 'montant inconnu', 'montants inconnus')}" if found.gap_unknown else ""
    return (
        f"{_count(found.examined, 'parcours examiné', 'parcours examinés')}, "
        f"{_count(found.changed, 'réponse changée', 'réponses changées')}. Alertes : {alerts}. "
        f"Jours sans revenu : {_count(found.gap_days, 'jour')} et {format_euros(found.gap_need)} "
        f"sur {_count(found.gap_alerts, 'étape')}{unknown}."
    )


def _count(number: int, one: str, many: str = "") -> str:
    return f"{format_number(number)} {(many or one + 's') if number > 1 else one}"


def stale_parcours(
    session: Session, asked: Asking, *, everything: bool = False, most: int | None = None
) -> Sequence[int]:
    """The parcours that must be asked again, in order, the first `most` of them."""
    parcours, state = Parcours.__table__, CoverageState.__table__  # type: ignore[attr-defined]
    query = select(parcours.c.id).order_by(parcours.c.id).limit(most)
    if not everything:
        query = query.select_from(parcours.outerjoin(state, state.c.parcours_id == parcours.c.id)).where(
            or_(
                state.c.parcours_id.is_(None),
                state.c.parcours_version != parcours.c.version,
                state.c.scales_digest != asked.digest,
                state.c.recheck_on <= asked.on,
            )
        )
    return session.execute(query).scalars().all()


def _brought_up(database: Database, ids: Sequence[int], asked: Asking, at: datetime) -> Iterator[Changes]:
    """Bring these parcours up to date; what each block changed."""
    blocks = [ids[start : start + BLOCK] for start in range(0, len(ids), BLOCK)]
    if len(ids) < MANY:
        for block in blocks:
            yield _bring_up(database, block, asked, at)
        return
    # A fork would share the connections of this process; a spawned one has none.
    with ProcessPoolExecutor(PROCESSES, get_context("spawn"), _begin, (database.url, asked, at)) as pool:
        yield from pool.map(_in_process, blocks)


_process: dict[str, Any] = {}
"""What a process works with."""


def _begin(url: str, asked: Asking, at: datetime) -> None:
    # What was imported stays, and the rows of a block are no cycles: looking for some costs a tenth of the time.
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)
    _process.update(database=Database(url, pool_size=1), asked=asked, at=at)


def _in_process(block: Sequence[int]) -> Changes:
    return _bring_up(_process["database"], block, _process["asked"], _process["at"])


def _bring_up(database: Database, block: Sequence[int], asked: Asking, at: datetime) -> Changes:
    with database.reading() as session:
        outcomes = [one for one in examined(session, block, asked) if not one.is_stored(asked.digest)]
    if not outcomes:
        return 0, Counter()
    with database.writing() as session:
        fresh = _unchanged_since(session, outcomes)
        told = applied(session, fresh, asked, at)
    alerts = Counter(change["alert"] for changes in told.values() for change in changes)
    return sum(one.content is not None for one in fresh), alerts


def _unchanged_since(session: Session, outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Those whose parcours and state are still what they were when they were examined; a state that was marked since, because
    a convention changed what may be answered, is asked again by the next run."""
    if not outcomes:
        return []
    parcours, state = Parcours.__table__, CoverageState.__table__  # type: ignore[attr-defined]
    query = (
        select(parcours.c.id, parcours.c.version, state.c.version_id, state.c.scales_digest)
        .select_from(parcours.outerjoin(state, state.c.parcours_id == parcours.c.id))
        .where(parcours.c.id.between(bindparam("first"), bindparam("last")))
    )
    ids = [one.parcours_id for one in outcomes]
    rows = session.execute(query, {"first": min(ids), "last": max(ids)})
    now = {row[0]: tuple(row[1:]) for row in rows}
    return [one for one in outcomes if now.get(one.parcours_id) == (one.parcours_version, *_state_seen(one))]


def _state_seen(one: Outcome) -> tuple[int | None, str | None]:
    return (None, None) if one.seen is None else (one.seen.version_id, one.seen.digest)


def _journal(session: Session, found: Detection, by: Actor, at: datetime) -> None:
    if not (found.changed or found.alerts):
        return
    write_journal(
        session,
        by=by,
        at=at,
        verb="detect",
        object_kind="conference",
        object_id=None,
        object_label=found.on.isoformat(),
        changes={"examined": found.examined, "changed": found.changed, "alerts": dict(sorted(found.alerts.items()))},
    )


def _sum_up(session: Session, found: Detection) -> None:
    query = select(
        func.count(),
        func.coalesce(func.sum(col(Alert.days)), 0),
        func.sum(col(Alert.need)),
        func.count(col(Alert.need)),
    )
    row = session.execute(query.where(col(Alert.code) == INCOME_GAP, col(Alert.status) == "open")).one()
    found.gap_alerts, found.gap_days, found.gap_need = int(row[0]), int(row[1]), row[2] or ZERO
    found.gap_unknown = int(row[0]) - int(row[3])
