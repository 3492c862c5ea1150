"""How are the six dimensions of a line (scheme, audience, nature, level, territory, sector) found and kept?

A line points to one row of `dimension_set`, so that rollups have one key and both sides of a transfer share it. A
dimension that is not given is the item `non_renseigne` of its list.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func
from sqlalchemy import select as sql_select
from sqlmodel import Session, select

from conference.data.tables import REFERENCE_TABLES, DimensionSet
from conference.data.tables.metadata import table_of
from conference.data.tables.reference import UNKNOWN
from conference.data.upsert import insert_rows
from conference.domain.refusal import Refusal

Key = tuple[int, ...]
_COLUMNS = tuple(f"{name}_id" for name in REFERENCE_TABLES)


@dataclass(frozen=True, slots=True)
class Dimensions:
    """Identifiers of the six items; None where the datum is not known."""

    scheme: int | None = None
    audience: int | None = None
    nature: int | None = None
    level: int | None = None
    territory: int | None = None
    sector: int | None = None

    def members(self) -> tuple[int | None, ...]:
        """The six identifiers, in the order of the lists."""
        return (self.scheme, self.audience, self.nature, self.level, self.territory, self.sector)


def dimension_set_ids(session: Session, wanted: Sequence[Dimensions]) -> list[int]:
    """The row of `dimension_set` of each of `wanted`, made where it does not exist yet. Raises Refusal: unknown item."""
    unknown = _unknown_ids(session, wanted)
    keys = [tuple(i or u for i, u in zip(dims.members(), unknown, strict=True)) for dims in wanted]
    known = _known_sets(session, set(keys))
    missing = sorted(set(keys) - known.keys())
    if missing:
        _refuse_unknown_items(session, missing)
        start = (session.exec(select(func.max(DimensionSet.id))).one() or 0) + 1
        rows = [{"id": start + i, **dict(zip(_COLUMNS, key, strict=True))} for i, key in enumerate(missing)]
        insert_rows(session, table_of(DimensionSet), rows)
        known.update({key: start + i for i, key in enumerate(missing)})
    return [known[key] for key in keys]


def _known_sets(session: Session, keys: set[Key]) -> dict[Key, int]:
    """Rows of `dimension_set` by their six items: one look-up for one line, all of them for a file."""
    table = table_of(DimensionSet)
    query = sql_select(table.c.id, *(table.c[name] for name in _COLUMNS))
    if len(keys) == 1:
        [key] = keys
        query = query.where(*(table.c[name] == value for name, value in zip(_COLUMNS, key, strict=True)))
    return {tuple(row[1:]): row[0] for row in session.connection().execute(query)}


def _unknown_ids(session: Session, wanted: Sequence[Dimensions]) -> tuple[int, ...]:
    """Identifier of `non_renseigne` in each list where one of `wanted` needs it, else 0."""
    needed = [any(dims.members()[position] is None for dims in wanted) for position in range(len(REFERENCE_TABLES))]
    return tuple(
        (session.exec(select(table.id).where(table.code == UNKNOWN)).one() or 0) if need else 0
        for table, need in zip(REFERENCE_TABLES.values(), needed, strict=True)
    )


def _refuse_unknown_items(session: Session, keys: list[tuple[int, ...]]) -> None:
    for position, (name, table) in enumerate(REFERENCE_TABLES.items()):
        ids = set(session.exec(select(table.id)))
        if any(key[position] not in ids for key in keys):
            raise Refusal("Choisissez un élément de la liste.", field=name, code="reference")
