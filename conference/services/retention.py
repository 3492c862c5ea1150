"""When is a person forgotten, and what is left of their parcours?

A parcours is anonymised when its last step ended more months ago than the conférence keeps (`retention`) and no handoff of it
waits; without any step, by the day it was opened. What named or could name the person goes: the identity (its key is
destroyed), the sender's own references, every text that somebody typed, the joined files with their bytes. What counts stays:
days, amounts, kinds, results, funders, so that the ledger, the summaries and the needs say what they said.

`anonymise_ended` is one transaction and one journal entry; `burn_files` comes after it, deletes bytes before the row that
names them, and finds again at the next run what a crash left.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, update
from sqlmodel import Session, col, select

from conference.data.glossary import label
from conference.data.journal import write_journal
from conference.data.queries.thresholds import thresholds_of
from conference.data.tables import (
    Alert,
    AlertComment,
    AlertEvent,
    Attachment,
    Handoff,
    ImportFile,
    IncomeRight,
    Parcours,
    ParcoursMerge,
    Step,
)
from conference.data.triggers import ERASED
from conference.domain.french import PARIS
from conference.domain.handoff import OPEN
from conference.domain.period import months_from
from conference.domain.permissions import CONSOLE, Actor, Relation, require
from conference.services.files import file_path
from conference.services.identities import forget

IN_ONE_STATEMENT = 500
_FREE_KEYS = frozenset({"target", "title", "step", "about", "message", "object"})
"""What of a frozen snapshot holds words that somebody typed."""


@dataclass(frozen=True)
class Anonymised:
    """What a run did: parcours, and identities whose key it destroyed."""

    parcours: int
    identities: int


@dataclass(frozen=True)
class RetentionCount:
    """Months kept; parcours anonymised so far, that the next month will make due, and due ones that an open handoff holds."""

    months: int
    anonymised: int
    next_month: int
    held: int


def anonymise_ended(session: Session, *, on: date, at: datetime, by: Actor = CONSOLE) -> Anonymised:
    """Anonymise what is due on the day `on`, in the caller's transaction. Nothing is due: nothing is written."""
    due = session.exec(select(Parcours.id).where(_due(session, on), ~_waits()).order_by(col(Parcours.id))).all()
    identities = 0
    for kept in _chunks([number or 0 for number in due]):
        joined = session.exec(select(Parcours.id).where(col(Parcours.merged_into_id).in_(kept))).all()
        ids = [*kept, *(number or 0 for number in joined)]
        identities += forget(session, ids, at)
        _empty_parcours(session, ids, at)
        _empty_handoffs(session, ids)
        _empty_alerts(session, ids)
    if due:
        told = {"count": len(due), "persons": identities, "last": _last_day(session, on)}
        write_journal(session, by=by, at=at, verb="anonymise", object_kind="parcours", changes=told)
    return Anonymised(len(due), identities)


def burn_files(session: Session, instance: Path) -> int:
    """Delete the files joined to anonymised parcours, their steps and handoffs; how many. Bytes that another row names
    stay. May be called again at any time."""
    ended = select(Parcours.id).where(col(Parcours.anonymised_at).is_not(None))
    owners = {
        "parcours": ended,
        "step": select(Step.id).where(col(Step.parcours_id).in_(ended)),
        "handoff": select(Handoff.id).where(col(Handoff.parcours_id).in_(ended)),
    }
    conditions = [
        and_(col(Attachment.object_kind) == kind, col(Attachment.object_id).in_(ids)) for kind, ids in owners.items()
    ]
    rows = session.exec(select(Attachment).where(or_(*conditions)).order_by(col(Attachment.id))).all()
    for row in rows:
        session.delete(row)
    session.flush()
    for sha256 in {row.sha256 for row in rows}:
        named = select(Attachment.id).where(Attachment.sha256 == sha256)
        sent = select(ImportFile.id).where(ImportFile.sha256 == sha256)
        if session.exec(named).first() is None and session.exec(sent).first() is None:
            file_path(instance, sha256).unlink(missing_ok=True)
    return len(rows)


def retention_count(session: Session, reader: Actor, *, on: date) -> RetentionCount:
    """How many parcours were anonymised, and will be by the same day of the next month. Forbidden as `limit.manage`."""
    require(reader, "limit.manage", Relation.OTHER)
    next_month = months_from(on, 1)
    return RetentionCount(
        months=thresholds_of(session)["retention"],
        anonymised=_count(session, col(Parcours.anonymised_at).is_not(None)),
        next_month=_count(session, _due(session, next_month), ~_waits()),
        held=_count(session, _due(session, on), _waits()),
    )


def _last_day(session: Session, on: date) -> date:
    """The last day that a step may have had to be due on `on`."""
    return months_from(on, -thresholds_of(session)["retention"])


def _due(session: Session, on: date) -> ColumnElement[bool]:
    """SQL: the last step ended long enough before `on`. One that was joined to another goes with that one."""
    last = _last_day(session, on)
    opened_before = datetime.combine(last, time.max, tzinfo=PARIS).astimezone(UTC)
    live = and_(col(Step.parcours_id) == col(Parcours.id), col(Step.withdrawn_at).is_(None))
    return and_(
        col(Parcours.anonymised_at).is_(None),
        col(Parcours.merged_into_id).is_(None),
        ~exists().where(live, col(Step.last) > last),
        or_(exists().where(live), col(Parcours.created_at) <= opened_before),
    )


def _waits() -> ColumnElement[bool]:
    """SQL: a handoff of the parcours is not answered yet."""
    open_ones = [each.value for each in OPEN]
    return exists().where(col(Handoff.parcours_id) == col(Parcours.id), col(Handoff.status).in_(open_ones))


def _count(session: Session, *conditions: ColumnElement[bool]) -> int:
    return int(session.exec(select(func.count()).select_from(Parcours).where(*conditions)).one())


def _empty_parcours(session: Session, ids: Sequence[int], at: datetime) -> None:
    """Texts and own references of the parcours, its steps and its rights; merges can no longer be undone."""
    _write(session, Parcours, col(Parcours.id).in_(ids), target="", own_reference=None, anonymised_at=at)
    for kind in session.exec(select(Step.kind).where(col(Step.parcours_id).in_(ids)).distinct()).all():
        of_kind = and_(col(Step.parcours_id).in_(ids), col(Step.kind) == kind)
        _write(session, Step, of_kind, title=label("step_kind", kind), own_reference=None)
    _write(session, IncomeRight, col(IncomeRight.parcours_id).in_(ids), origin="", own_reference=None)
    for table in (Step, IncomeRight):
        withdrawn = and_(col(table.parcours_id).in_(ids), col(table.withdrawn_at).is_not(None))
        _write(session, table, withdrawn, withdrawn_motive=ERASED)
    either = or_(col(ParcoursMerge.kept_id).in_(ids), col(ParcoursMerge.merged_id).in_(ids))
    _write(session, ParcoursMerge, either, motive="", moved="{}")
    _write(
        session, ParcoursMerge, and_(either, col(ParcoursMerge.status) == "asked"), status="withdrawn", answered_at=at
    )


def _empty_handoffs(session: Session, ids: Sequence[int]) -> None:
    for row in session.exec(select(Handoff).where(col(Handoff.parcours_id).in_(ids))):
        row.message = row.answer = ""
        row.snapshot = json.dumps(without_words(json.loads(row.snapshot)), ensure_ascii=False) if row.snapshot else ""
        session.add(row)
    session.flush()


def without_words(told: Any) -> Any:
    """JSON of a snapshot with what somebody typed emptied, the same shape otherwise."""
    if isinstance(told, dict):
        return {
            key: "" if key in _FREE_KEYS and isinstance(value, str) else without_words(value)
            for key, value in told.items()
        }
    return [without_words(each) for each in told] if isinstance(told, list) else told


def _empty_alerts(session: Session, ids: Sequence[int]) -> None:
    """What people wrote about its alerts; the append-only tables let a text be erased and nothing else change."""
    alerts = select(Alert.id).where(col(Alert.parcours_id).in_(ids))
    decided = and_(col(Alert.parcours_id).in_(ids), col(Alert.outcome_motive) != "")
    _write(session, Alert, decided, outcome_motive=ERASED)
    _write(session, AlertEvent, and_(col(AlertEvent.alert_id).in_(alerts), col(AlertEvent.text) != ""), text=ERASED)
    _write(session, AlertComment, col(AlertComment.alert_id).in_(alerts), text=ERASED)


def _write(session: Session, table: Any, condition: ColumnElement[bool], **values: Any) -> None:
    session.execute(update(table).where(condition).values(**values).execution_options(synchronize_session="fetch"))


def _chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), IN_ONE_STATEMENT):
        yield ids[start : start + IN_ONE_STATEMENT]
