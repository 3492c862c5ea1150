"""How do the six lists change without making an old line unreadable?

An item is added, renamed, dated and replaced, never deleted, and its code never changes: files and lines name it. The
item that says « non renseigné » stays as it is.
"""

from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, func, select

from conference.data.journal import write_journal
from conference.data.tables import REFERENCE_TABLES
from conference.data.tables.reference import UNKNOWN, ReferenceItem
from conference.domain.permissions import Actor, Relation, require
from conference.domain.refusal import Conflict, NotFound, Refusal
from conference.services.organisations import clean_code

EDITABLE = ("label", "definition", "first", "last", "parent_code", "successor_code")


def add_reference(
    session: Session,
    list_name: str,
    *,
    code: str,
    label: str,
    by: Actor,
    at: datetime,
    first: date | None = None,
    last: date | None = None,
    kind: str | None = None,
    parent_code: str | None = None,
    definition: str | None = None,
) -> ReferenceItem:
    """Add an item to `list_name` (a key of REFERENCE_TABLES). Raises Refusal on a taken code or dates out of order."""
    require(by, "reference.manage", Relation.OTHER)
    table = _table(list_name)
    item = table(
        id=_next(session, col(table.id)),
        code=clean_code(code or label),
        label=label.strip(),
        kind=kind or None,
        parent_code=parent_code or None,
        definition=definition or None,
        first=first,
        last=last,
        source="conférence",
        position=_next(session, col(table.position)),
    )
    if session.exec(select(table.id).where(table.code == item.code)).first() is not None:
        raise Refusal("Ce code existe déjà dans la liste. Choisissez-en un autre.", field="code", code="reference_code")
    _check(session, table, item)
    session.add(item)
    session.flush()
    told = {"label": label, "first": first, "last": last}
    _journal(session, list_name, item, "add_reference", told, by, at)
    return item


def edit_reference(
    session: Session, list_name: str, item_id: int, *, version: int, by: Actor, at: datetime, **changes: Any
) -> ReferenceItem:
    """Change some of EDITABLE. Raises Conflict when somebody else changed the item since `version`."""
    require(by, "reference.manage", Relation.OTHER)
    table = _table(list_name)
    item = session.get(table, item_id)
    if item is None:
        raise NotFound()
    if item.code == UNKNOWN:
        raise Refusal("Cette valeur dit que la donnée n’est pas connue : elle ne se modifie pas.", code="unknown_item")
    if item.version != version:
        raise Conflict("Cette valeur a été modifiée par quelqu’un d’autre. Relisez-la, puis recommencez.")
    told: dict[str, Any] = {}
    for name, value in changes.items():
        if name not in EDITABLE:
            raise ValueError(f"{name} is not editable")
        value = value.strip() or None if isinstance(value, str) else value
        if getattr(item, name) != value:
            told[name] = [getattr(item, name), value]
            setattr(item, name, value)
    _check(session, table, item)
    item.version += 1
    session.add(item)
    session.flush()
    _journal(session, list_name, item, "edit_reference", told, by, at)
    return item


def _next(session: Session, column: Any) -> int:
    """One more than the largest: shipped items came with their numbers, which PostgreSQL's own counter did not see."""
    return int(session.exec(select(func.coalesce(func.max(column), 0))).one()) + 1


def _table(list_name: str) -> type[ReferenceItem]:
    if list_name not in REFERENCE_TABLES:
        raise NotFound()
    return REFERENCE_TABLES[list_name]


def _check(session: Session, table: type[ReferenceItem], item: ReferenceItem) -> None:
    if not item.label:
        raise Refusal("Indiquez le libellé.", field="label", code="label")
    if not item.code:
        raise Refusal("Indiquez un code en lettres et chiffres.", field="code", code="code")
    if item.first and item.last and item.last < item.first:
        raise Refusal("La date de fin précède la date de début. Corrigez l’une des deux.", field="last", code="dates")
    for field in ("parent_code", "successor_code"):
        code = getattr(item, field)
        if code is None:
            continue
        with session.no_autoflush:
            known = session.exec(select(col(table.id)).where(table.code == code)).first()
        if known is None or code == item.code:
            raise Refusal("Choisissez une autre valeur de la même liste.", field=field, code=field)


def _journal(
    session: Session, list_name: str, item: ReferenceItem, verb: str, changes: dict[str, Any], by: Actor, at: datetime
) -> None:
    write_journal(
        session,
        by=by,
        at=at,
        verb=verb,
        object_kind=list_name,
        object_id=item.id,
        object_label=item.code,
        changes=changes,
    )
