"""How does an instance come to life, empty and whole?

`init` makes the profile, the six lists with their shipped items and the end of the journal's chain; every other command
and page works on it.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, func, select

from conference.data.journal import write_journal
from conference.data.lists import shipped_list
from conference.data.tables import REFERENCE_TABLES, ConferenceProfile
from conference.data.tables.metadata import table_of
from conference.data.tables.reference import UNKNOWN
from conference.data.upsert import insert_rows
from conference.domain.french import day_in_france
from conference.domain.permissions import Actor
from conference.domain.refusal import Refusal

FILES = {
    "scheme": "schemes",
    "audience": "audiences",
    "nature": "natures",
    "level": "levels",
    "territory": "territories",
    "sector": "sectors",
}
"""Shipped file of each list."""


def default_first_month(at: datetime) -> date:
    """January five years back (SEMANTICS §3)."""
    return date(day_in_france(at).year - 5, 1, 1)


def init_instance(
    session: Session,
    *,
    by: Actor,
    at: datetime,
    name: str = "Conférence des financeurs",
    region: str = "",
    first_month: date | None = None,
    is_demo: bool = False,
) -> bool:
    """Make an empty conférence; False when there is one already. Raises Refusal on a first month in the future."""
    if session.get(ConferenceProfile, 1) is not None:
        return False
    first = (first_month or default_first_month(at)).replace(day=1)
    if first > day_in_france(at):
        raise Refusal("Le premier mois de la conférence ne peut pas être dans le futur.", field="first_month")
    session.add(
        ConferenceProfile(
            name=name, region=region, first_month=first, is_demo=is_demo, needs_setup=not is_demo, created_at=at
        )
    )
    session.flush()
    load_shipped_lists(session)
    write_journal(
        session,
        by=by,
        at=at,
        verb="init_instance",
        object_kind="conference_profile",
        object_id=1,
        object_label=name,
        changes={"first_month": first},
    )
    return True


def load_shipped_lists(session: Session) -> int:
    """Add to each list the shipped items that it lacks, `non_renseigne` first; the number added."""
    added = 0
    for list_name, table in REFERENCE_TABLES.items():
        known = set(session.exec(select(table.code)))
        start = (session.exec(select(func.max(table.id))).one() or 0) + 1
        items = [_unknown_item(), *(_row(item) for item in shipped_list(FILES[list_name]))]
        rows = [row for row in items if row["code"] not in known]
        numbered = [{"id": start + i, "position": start + i, "version": 1, **row} for i, row in enumerate(rows)]
        insert_rows(session, table_of(table), numbered)
        added += len(rows)
    return added


def profile(session: Session) -> ConferenceProfile:
    """The conférence of this instance. Raises Refusal when `init` has not been run."""
    found = session.get(ConferenceProfile, 1)
    if found is None:
        raise Refusal("Cette instance n’est pas encore créée. Lancez « conference init ».", code="not_initialised")
    return found


def _unknown_item() -> Mapping[str, Any]:
    row: dict[str, Any] = dict.fromkeys(
        ("kind", "parent_code", "successor_code", "lheo", "source", "definition", "first", "last")
    )
    return {**row, "code": UNKNOWN, "label": "Non renseigné"}


def _row(item: Any) -> Mapping[str, Any]:
    return {
        "code": item.code,
        "label": item.label,
        "kind": item.kind,
        "parent_code": item.parent,
        "successor_code": item.successor,
        "lheo": item.lheo,
        "source": item.version,
        "definition": item.definition,
        "first": item.first,
        "last": item.last,
    }
