"""What can be chosen in a form or a filter?

Items of a list are offered when they are valid on the day asked, and always the one already chosen: an old line keeps
its old scheme. Names are in their French order. An organisation that somebody's line brought in (*à vérifier*) is shown
to those whose own lines name it, until the administrator has put it in the directory: its name could tell whose it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import or_, select
from sqlmodel import Session

from conference.data.queries.commitment_filters import C, O, is_own
from conference.data.queries.commitment_order import sort_key
from conference.data.tables import REFERENCE_TABLES
from conference.data.tables.reference import UNKNOWN
from conference.domain.permissions import Actor


@dataclass(frozen=True)
class Choice:
    """One thing to choose: by its identifier in a form, by its code in an address."""

    id: int
    code: str
    label: str


def item_choices(
    session: Session, name: str, *, on: date | None = None, keep: Sequence[int] = (), with_unknown: bool = False
) -> list[Choice]:
    """Items of list `name` (`scheme`, …) in their own order; `on` None: all of them. « Non renseigné » is something to filter
    by, not to choose in a form: only `with_unknown`."""
    table: Any = REFERENCE_TABLES[name].__table__  # type: ignore[attr-defined]
    query = select(table.c.id, table.c.code, table.c.label)
    if not with_unknown:
        query = query.where(table.c.code != UNKNOWN)
    if on is not None:
        query = query.where(or_(_valid(table, on), table.c.id.in_(list(keep))))
    rows = session.connection().execute(query.order_by(table.c.position, table.c.id))
    return [Choice(row.id, row.code, row.label) for row in rows]


def funder_choices(session: Session, *, on: date | None = None, but: int | None = None) -> list[Choice]:
    """Funders, without `but`, by name; `on` None: those of the past as well."""
    query = select(O.c.id, O.c.code, O.c.short_name).where(O.c.is_funder)
    if on is not None:
        query = query.where(_valid(O, on))
    rows = session.connection().execute(query)
    found = [Choice(row.id, row.code, row.short_name) for row in rows if row.id != but]
    return sorted(found, key=lambda choice: (sort_key(choice.label), choice.id))


def known_to(reader: Actor) -> Any:
    """SQL: may `reader` know of the organisation? The directory, and the providers of own lines."""
    named = select(C.c.provider_id).where(is_own(reader), C.c.provider_id.is_not(None))
    return or_(O.c.to_check.is_(False), O.c.is_funder, O.c.id.in_(named))


def organisation_choices(session: Session, reader: Actor, *, on: date | None = None) -> list[Choice]:
    """Organisations known to `reader`, by name."""
    query = select(O.c.id, O.c.code, O.c.name).where(known_to(reader))
    if on is not None:
        query = query.where(_valid(O, on))
    rows = session.connection().execute(query)
    return sorted((Choice(row.id, row.code, row.name) for row in rows), key=lambda c: (sort_key(c.label), c.id))


def provider_names(session: Session, reader: Actor, *, limit: int = 200) -> list[str]:
    """What the field « prestataire » suggests: names of organisations, at most `limit`, by name."""
    query = select(O.c.name).where(O.c.is_funder.is_(False), known_to(reader)).order_by(O.c.name).limit(limit)
    return list(session.connection().execute(query).scalars())


def _valid(table: Any, on: date) -> Any:
    return or_(table.c.first.is_(None), table.c.first <= on) & or_(table.c.last.is_(None), table.c.last >= on)
