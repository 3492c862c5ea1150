"""What do the findings of today do to the alerts that are there?

Called with everything found of some parcours, or of some conventions, in the transaction that changed them: an alert opens,
changes, worsens, closes or reopens (`domain.alerts.event_of` decides), each with an event that says what it told then. New
alerts are inserted in one batch, since a first run opens tens of thousands of them.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from itertools import repeat
from typing import Any, NamedTuple

import sqlalchemy
from sqlmodel import Session, col, select

from conference.data.tables import Alert, AlertEvent
from conference.data.upsert import insert_columns, insert_rows
from conference.domain.alert_facts import Finding
from conference.domain.alert_words import AlertEventKind, AlertSeverity, AlertStatus
from conference.domain.alerts import INCOME_GAP, Said, compared_with, difference, event_of
from conference.services.numbering import next_id

CHUNK = 500
Identity = tuple[int, str, str]
"""Subject, code and cause."""
PARCOURS, CONVENTION = "parcours_id", "convention_id"
"""What an alert may be about: the column that names its subject."""
_CAUSE_KEY = {INCOME_GAP: "step"}
"""How the journal names a cause: an entry written before there were other alerts says the step."""
_SAID = tuple(Alert.__table__.c[name] for name in Said._fields)  # type: ignore[attr-defined]


class Move(NamedTuple):
    """What happens to one alert; `before` is None for a new one, `finding` None when its cause is gone."""

    subject_id: int
    code: str
    cause: str
    kind: AlertEventKind
    before: Said | None
    finding: Finding | None


def said_of(session: Session, ids: Sequence[int], *, subject: str = PARCOURS) -> dict[int, dict[tuple[str, str], Said]]:
    """What the alerts of these parcours (or conventions) say, by subject, then by code and cause."""
    found: dict[int, dict[tuple[str, str], Said]] = {}
    named = Alert.__table__.c[subject]  # type: ignore[attr-defined]
    query = sqlalchemy.select(named, col(Alert.code), col(Alert.cause), *_SAID)
    for row in session.execute(query.where(named.in_(ids))):
        status, severity, *rest = row[3:]
        said = Said(AlertStatus(status), AlertSeverity(severity), *rest)
        found.setdefault(row[0], {})[row[1], row[2]] = said
    return found


def moves(subject_id: int, said: Mapping[tuple[str, str], Said], found: Iterable[Finding]) -> list[Move]:
    """What the findings of a subject, all of them, do to its alerts: those found first, then those whose cause is gone."""
    left, moved = dict(said), []
    for finding in found:
        identity = finding.code, finding.cause
        before = left.pop(identity, None)
        kind = event_of(before, finding)
        if kind is not None:
            moved.append(Move(subject_id, *identity, kind, before, finding))
    for identity, before in sorted(left.items()):
        kind = event_of(before, None)
        if kind is not None:
            moved.append(Move(subject_id, *identity, kind, before, None))
    return moved


def settle_alerts(
    session: Session, found: Mapping[int, Sequence[Finding]], *, at: datetime, subject: str = PARCOURS
) -> dict[int, list[dict[str, Any]]]:
    """Bring the alerts of these parcours (or conventions) to everything that is found of them; what changed, for their
    journal: one dict an alert, without any for what only reads otherwise."""
    session.flush()
    ids = sorted(found)
    moved: list[Move] = []
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        said = said_of(session, chunk, subject=subject)
        moved += [move for each in chunk for move in moves(each, said.get(each, {}), found[each])]
    if not moved:
        return {}
    opened = _open(session, [move for move in moved if move.before is None], at, subject)
    alert_ids = {**opened, **_change(session, moved, at, subject)}
    events = [_event(alert_ids[move.subject_id, move.code, move.cause], move, at) for move in moved if _is_told(move)]
    insert_rows(session, AlertEvent.__table__, events)  # type: ignore[attr-defined]
    told: dict[int, list[dict[str, Any]]] = {}
    for move in moved:
        if _is_told(move):
            told.setdefault(move.subject_id, []).append(_journalled(move))
    return told


def settle_by(due_on: date | None, first_day: date | None) -> date:
    """The day that places an alert in the list: by which it must be settled, or else the first that it concerns; those of no
    day come last."""
    return due_on or first_day or date.max


def _is_told(move: Move) -> bool:
    """Nothing is told where only the sentence, the severity or who should act moved."""
    if move.kind is not AlertEventKind.CHANGED:
        return True
    assert move.before is not None and move.finding is not None
    before, after = move.before, move.finding
    return (before.days, before.need, before.first_day) != (after.days, after.need, after.first_day)


def _open(session: Session, moved: Sequence[Move], at: datetime, subject: str) -> dict[Identity, int]:
    if not moved:
        return {}
    first = next_id(session, Alert)
    ids = range(first, first + len(moved))
    said = [move.finding for move in moved if move.finding is not None]
    columns: dict[str, Any] = {name: [getattr(each, name) for each in said] for name in Finding._fields}
    fixed = {"status": AlertStatus.OPEN.value, "opened_at": at, "changed_at": at, "version": 1, "outcome_motive": ""}
    columns |= {
        "id": ids,
        subject: [move.subject_id for move in moved],
        "settle_by": [settle_by(each.due_on, each.first_day) for each in said],
    }
    insert_columns(session, Alert.__table__, columns | {name: repeat(value) for name, value in fixed.items()})  # type: ignore[attr-defined]
    return {(move.subject_id, move.code, move.cause): number for number, move in zip(ids, moved, strict=True)}


def _change(session: Session, moved: Sequence[Move], at: datetime, subject: str) -> dict[Identity, int]:
    """Bring the alerts that were there to their finding; their identifiers."""
    by_identity = {(move.subject_id, move.code, move.cause): move for move in moved if move.before is not None}
    ids, found = sorted({identity[0] for identity in by_identity}), {}
    for start in range(0, len(ids), CHUNK):
        named = Alert.__table__.c[subject].in_(ids[start : start + CHUNK])  # type: ignore[attr-defined]
        query = select(Alert).where(named).order_by(col(Alert.id))
        for alert in session.exec(query):
            identity = (getattr(alert, subject) or 0, alert.code, alert.cause)
            move = by_identity.get(identity)
            if move is not None:
                _apply(alert, move, at)
                session.add(alert)
                found[identity] = alert.id or 0
    session.flush()
    return found


def _apply(alert: Alert, move: Move, at: datetime) -> None:
    alert.changed_at, alert.version = at, alert.version + 1
    if move.finding is None:
        alert.status, alert.closed_at = AlertStatus.CLOSED.value, at
        return
    for name in Finding._fields[2:]:
        setattr(alert, name, getattr(move.finding, name))
    alert.settle_by = settle_by(alert.due_on, alert.first_day)
    if move.kind is AlertEventKind.REOPENED:
        alert.status, alert.closed_at, alert.opened_at = AlertStatus.OPEN.value, None, at
        alert.outcome, alert.outcome_motive = None, ""
        alert.decided_at = alert.decided_by = None
        alert.decided_days = alert.decided_need = alert.decided_first_day = None


def _event(alert_id: int, move: Move, at: datetime) -> dict[str, Any]:
    """What the alert tells now, or told last when it closes; what moved, in words."""
    says: Any = move.finding or move.before
    text = difference(compared_with(move.before), move.finding) if move.before and move.finding else ""
    return {
        "alert_id": alert_id,
        "at": at,
        "kind": move.kind.value,
        "first_day": says.first_day,
        "days": says.days,
        "need": says.need,
        "account_id": None,
        "text": text,
    }


def _journalled(move: Move) -> dict[str, Any]:
    told: dict[str, Any] = {"code": move.code, _CAUSE_KEY.get(move.code, "cause"): move.cause, "alert": move.kind.value}
    if move.finding is None:
        return told
    if move.before is None:
        return {**told, "days": move.finding.days, "need": move.finding.need}
    before = compared_with(move.before)
    return {**told, "days": [before.days, move.finding.days], "need": [before.need, move.finding.need]}
