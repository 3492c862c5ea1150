"""What do the six lists hold, item by item, for who keeps them?"""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, func, select

from conference.data.tables import REFERENCE_TABLES
from conference.data.tables.reference import UNKNOWN, ReferenceItem
from conference.domain.permissions import Actor, Relation, require
from conference.domain.refusal import NotFound


@dataclass(frozen=True)
class ShownItem:
    """One item of a list. `fixed`: the one that says that the datum is not known."""

    id: int
    code: str
    label: str
    kind: str | None
    parent_code: str | None
    successor_code: str | None
    lheo: str | None
    source: str | None
    definition: str | None
    first: date | None
    last: date | None
    version: int
    fixed: bool


def list_sizes(session: Session, reader: Actor) -> list[tuple[str, int]]:
    """Each list and its number of items."""
    require(reader, "reference.manage", Relation.OTHER)
    sizes = ((name, session.exec(select(func.count(col(table.id)))).one()) for name, table in REFERENCE_TABLES.items())
    return [(name, int(size)) for name, size in sizes]


def shown_items(session: Session, reader: Actor, list_name: str) -> list[ShownItem]:
    """Every item of a list, in its order. Raises NotFound for a list that does not exist."""
    require(reader, "reference.manage", Relation.OTHER)
    table = _table(list_name)
    return [_shown(item) for item in session.exec(select(table).order_by(col(table.position), col(table.id)))]


def shown_item(session: Session, reader: Actor, list_name: str, item_id: int) -> ShownItem:
    """One item. Raises NotFound."""
    require(reader, "reference.manage", Relation.OTHER)
    item = session.get(_table(list_name), item_id)
    if item is None:
        raise NotFound()
    return _shown(item)


def _table(list_name: str) -> type[ReferenceItem]:
    if list_name not in REFERENCE_TABLES:
        raise NotFound()
    return REFERENCE_TABLES[list_name]


def _shown(item: ReferenceItem) -> ShownItem:
    return ShownItem(
        id=item.id or 0,
        code=item.code,
        label=item.label,
        kind=item.kind,
        parent_code=item.parent_code,
        successor_code=item.successor_code,
        lheo=item.lheo,
        source=item.source,
        definition=item.definition,
        first=item.first,
        last=item.last,
        version=item.version,
        fixed=item.code == UNKNOWN,
    )
