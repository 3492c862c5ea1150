"""What was done, by whom, to what?

The whole journal is the administrator's. The *historique* of one object is shown on the object's own page, to whoever
may open that page: the page has decided it, and asks for its one object.
"""

import json
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, select

from conference.data.glossary import label
from conference.data.journal_labels import field_label, verb_label
from conference.data.tables import JournalEntry, JournalSeal
from conference.domain.french import PARIS, format_date, format_euros, format_number
from conference.domain.permissions import Actor, Relation, require

EMPTY = "vide"

AMOUNTS = frozenset({"amount", "confirmation_threshold", "daily_amount", "total"})
"""Fields that hold euros."""

CODED = {
    ("organisation", "kind"): "organisation_kind",
    ("account", "role"): "role",
    ("account", "purpose"): "account_link_purpose",
    ("open_parcours", "kind"): "parcours_kind",
    ("open_parcours", "key_situation"): "key_situation",
    ("add_step", "kind"): "step_kind",
    ("record_right", "kind"): "right_kind",
    ("library_article", "role"): "article_role",
}
"""Groups of the glossary that say the codes of a field, by kind of object or by verb."""

MOVES = {"opened": "ouverte", "changed": "modifiée", "closed": "fermée", "reopened": "rouverte"}
"""What happened to an alert, told under `alert`."""


@dataclass(frozen=True)
class Event:
    """One entry as the macro `history` shows it: when, who, what, and each field with its value before and after."""

    at: datetime
    by: str
    what: str
    motive: str
    changes: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class JournalLine:
    """One entry as the journal's page shows it. `facts`: (field, words)."""

    id: int
    at: datetime
    by: str
    verb: str
    object_kind: str
    object_id: int | None
    object_label: str
    facts: tuple[tuple[str, str], ...]
    hash: str


@dataclass(frozen=True)
class JournalPage:
    """One page of the journal, latest first, and how many entries the filters keep."""

    lines: tuple[JournalLine, ...]
    total: int


@dataclass(frozen=True)
class ShownSeal:
    """The seal of a day."""

    day: date
    last_id: int
    seal: str


@dataclass(frozen=True)
class JournalFilter:
    """What is looked for; empty values keep everything."""

    verb: str = ""
    object_kind: str = ""
    object_id: int | None = None
    actor_id: int | None = None
    first: date | None = None
    last: date | None = None


def history_of(session: Session, object_kind: str, object_id: int, *, latest: int = 100) -> list[Event]:
    """The last things done to one object, latest first. The caller has checked that the object may be read."""
    query = select(JournalEntry).where(JournalEntry.object_kind == object_kind, JournalEntry.object_id == object_id)
    return [_event(entry) for entry in session.exec(query.order_by(col(JournalEntry.id).desc()).limit(latest))]


def journal_page(
    session: Session, reader: Actor, wanted: JournalFilter, *, first: int = 0, count: int = 50
) -> JournalPage:
    """The journal, latest first, filtered."""
    require(reader, "journal.read", Relation.OTHER)
    conditions = _conditions(wanted)
    total = session.exec(select(func.count(col(JournalEntry.id))).where(*conditions)).one()
    query = select(JournalEntry).where(*conditions).order_by(col(JournalEntry.id).desc())
    return JournalPage(tuple(_line(entry) for entry in session.exec(query.offset(first).limit(count))), int(total))


def journal_words(session: Session, reader: Actor) -> tuple[list[str], list[str], list[tuple[int, str]]]:
    """What the filters offer: verbs and kinds of objects met in the journal, and accounts that wrote in it."""
    require(reader, "journal.read", Relation.OTHER)
    verbs = session.exec(select(JournalEntry.verb).distinct()).all()
    kinds = session.exec(select(JournalEntry.object_kind).distinct()).all()
    accounts = session.exec(
        select(JournalEntry.actor_id, func.max(JournalEntry.actor_label))
        .where(col(JournalEntry.actor_id).is_not(None))
        .group_by(col(JournalEntry.actor_id))
    ).all()
    return sorted(verbs), sorted(kinds), sorted(((int(i or 0), name) for i, name in accounts), key=lambda row: row[1])


def seals(session: Session, reader: Actor, *, latest: int = 10) -> list[ShownSeal]:
    """The last seals, latest first."""
    require(reader, "journal.read", Relation.OTHER)
    rows = session.exec(select(JournalSeal).order_by(col(JournalSeal.day).desc()).limit(latest))
    return [ShownSeal(row.day, row.last_id, row.seal) for row in rows]


def _conditions(wanted: JournalFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    for column, value in (
        (JournalEntry.verb, wanted.verb or None),
        (JournalEntry.object_kind, wanted.object_kind or None),
        (JournalEntry.object_id, wanted.object_id),
        (JournalEntry.actor_id, wanted.actor_id),
    ):
        if value is not None:
            conditions.append(col(column) == value)
    if wanted.first:
        conditions.append(col(JournalEntry.at) >= datetime.combine(wanted.first, time(), tzinfo=PARIS))
    if wanted.last:
        after = datetime.combine(wanted.last + timedelta(days=1), time(), tzinfo=PARIS)
        conditions.append(col(JournalEntry.at) < after)
    return conditions


def _line(entry: JournalEntry) -> JournalLine:
    told = _told(entry)
    return JournalLine(
        id=entry.id,
        at=entry.at,
        by=entry.actor_label,
        verb=entry.verb,
        object_kind=entry.object_kind,
        object_id=entry.object_id,
        object_label=entry.object_label,
        facts=tuple((field_label(name), _fact(value)) for name, value in told.items()),
        hash=entry.hash,
    )


def _event(entry: JournalEntry) -> Event:
    told = _told(entry)
    motive = told.pop("motive", "")
    changes = tuple((field_label(name), *_sides(value)) for name, value in told.items() if _is_change(value))
    others = [f"{field_label(name)} : {_words(value)}" for name, value in told.items() if not _is_change(value)]
    what = verb_label(entry.verb) + (f" ({', '.join(others)})" if others else "")
    return Event(entry.at, entry.actor_label, what, str(motive or ""), changes)


def _told(entry: JournalEntry) -> dict[str, Any]:
    """What the entry tells, its codes already in words."""
    told: dict[str, Any] = json.loads(entry.changes)
    for name, value in told.items():
        if name in AMOUNTS:
            told[name] = [_euros(each) for each in value] if isinstance(value, list) else _euros(value)
        group = CODED.get((entry.verb, name)) or CODED.get((entry.object_kind, name))
        if group:
            told[name] = [_coded(group, each) for each in value] if isinstance(value, list) else _coded(group, value)
    return told


def _euros(value: Any) -> Any:
    """An amount was kept as the text of a Decimal."""
    return format_euros(Decimal(value)) if isinstance(value, str) else value


def _coded(group: str, value: Any) -> Any:
    return value if value is None or value == "" else label(group, str(value))


def _is_change(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2 and not isinstance(value[0], list | dict)


def _sides(value: list[Any]) -> tuple[str, str]:
    return _words(value[0]), _words(value[1])


def _fact(value: Any) -> str:
    return f"{_words(value[0])} → {_words(value[1])}" if _is_change(value) else _words(value)


def _words(value: Any) -> str:
    """A value of the journal as a person reads it: days and amounts were kept as text."""
    if value is None or value == "":
        return EMPTY
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, int):
        return format_number(value)
    if isinstance(value, list | dict):
        return _several(value) or EMPTY
    return _text(str(value))


def _several(values: list[Any] | dict[str, Any]) -> str:
    if isinstance(values, list):
        return ", ".join(_words(each) for each in values)
    facts = ((name, MOVES.get(each, each) if name == "alert" else each) for name, each in values.items())
    return ", ".join(f"{field_label(name)} : {_fact(each)}" for name, each in facts)


def _text(value: str) -> str:
    try:
        return format_date(date.fromisoformat(value)) if len(value) == 10 else value
    except ValueError:
        return value
