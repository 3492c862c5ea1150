"""How many days of training does nobody pay, for how much, by two axes? Which gaps are behind a sum?

The table reads the cells that each change keeps up to date (`need_cell`), so that it costs the same whatever the number of
gaps. Who may not read every parcours sees no sum of fewer persons than the threshold. Of a person who lacks days in two
months two cells speak: how many distinct persons a sum holds at least is mostly known without reading gaps, since a parcours
has one territory and one audience: the largest count of each of these pairs, added up.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import BigInteger, and_, func, select, tuple_, type_coerce
from sqlmodel import Session

from conference.data.glossary import labels
from conference.data.queries.need_selection import CELLS, COLUMN, GAPS, LISTS, chosen, key_of, reads_all
from conference.data.tables import REFERENCE_TABLES
from conference.data.tables.metadata import table_of
from conference.data.types import month_date
from conference.domain.french import format_month
from conference.domain.money import from_cents
from conference.domain.needs import (
    NOBODY,
    NOT_SAID,
    Member,
    Need,
    NeedAxis,
    NeedFilters,
    NeedTable,
    Pair,
    need_table,
    stored_payer,
)
from conference.domain.permissions import Actor, Relation, require

_Kept = tuple[Any, Any]
"""Row and column of a cell as the database keeps them."""


def needs_by(
    session: Session,
    reader: Actor,
    filters: NeedFilters,
    rows: NeedAxis,
    columns: NeedAxis,
    *,
    threshold: int,
    published: bool = False,
) -> NeedTable:
    """Needs of `filters` by two axes. Sums of fewer than `threshold` persons are hidden from who may not read every parcours,
    and from everybody in what is `published`. ValueError: an axis crossed with itself. Forbidden without the right."""
    require(reader, "need.read", Relation.OTHER)
    if rows is columns:
        raise ValueError("an axis is crossed with another one")
    wanted = chosen(session, filters, CELLS)
    row, column = (key_of(CELLS, axis) for axis in (rows, columns))
    cents = func.sum(type_coerce(CELLS.c.amount, BigInteger))
    query = (
        select(row, column, func.sum(CELLS.c.days), cents, func.sum(CELLS.c.unknown_days), func.max(CELLS.c.parcours))
        .where(*wanted)
        .group_by(row, column)
    )
    found = session.connection().execute(query).all()
    names = [_Names(session, axis, {each[place] for each in found}) for place, axis in enumerate((rows, columns))]
    needs: dict[Pair, Need] = {
        (names[0].code(each[0]), names[1].code(each[1])): Need(int(each[2]), from_cents(int(each[3])), int(each[4]))
        for each in found
    }
    few: set[Pair] = set()
    if published or not reads_all(reader):
        largest: dict[_Kept, int] = {(each[0], each[1]): int(each[5]) for each in found}
        kept = _few(session, wanted, row, column, largest, threshold)
        few = {(names[0].told(one), names[1].told(other)) for one, other in kept}
    return need_table(names[0].members, names[1].members, needs, few)


def _few(
    session: Session, wanted: Sequence[Any], row: Any, column: Any, largest: Mapping[_Kept, int], threshold: int
) -> set[_Kept]:
    """The cells and margins of fewer persons than `threshold`; `largest`: the largest count of a cell in each pair.

    A pair is told to hold enough from its cells alone where it can be; persons are read of the others, whose cells have fewer
    than `threshold` each: no more of them than so many times the number of cells, whatever the number of gaps.
    """
    small = [pair for pair, count in largest.items() if count < threshold]
    small = [pair for pair, count in _at_least(session, wanted, row, column, small).items() if count < threshold]
    persons = {pair: ids for pair, ids in _persons(session, wanted, row, column, small).items() if len(ids) < threshold}
    margins: dict[_Kept, set[int]] = {}
    for pair, ids in persons.items():
        for margin in _margins(pair):
            margins.setdefault(margin, set()).update(ids)
    enough = {margin for pair in largest if pair not in persons for margin in _margins(pair)}
    return {*persons, *(each for each, ids in margins.items() if each not in enough and len(ids) < threshold)}


def _margins(pair: _Kept) -> tuple[_Kept, ...]:
    return (pair[0], None), (None, pair[1]), (None, None)


def _at_least(
    session: Session, wanted: Sequence[Any], row: Any, column: Any, pairs: Sequence[_Kept]
) -> dict[_Kept, int]:
    """How many persons each of `pairs` holds at least: the largest count of each territory and audience, added up."""
    if not pairs:
        return {}
    keys = (row, column, CELLS.c.territory_id, CELLS.c.audience_id)
    query = select(*keys, func.max(CELLS.c.parcours)).where(*wanted, tuple_(row, column).in_(pairs)).group_by(*keys)
    found: dict[_Kept, int] = {}
    for each in session.connection().execute(query):
        found[each[0], each[1]] = found.get((each[0], each[1]), 0) + int(each[4])
    return found


def _persons(
    session: Session, wanted: Sequence[Any], row: Any, column: Any, pairs: Sequence[_Kept]
) -> dict[_Kept, set[int]]:
    """The parcours of each of `pairs`, by the gaps of its cells."""
    if not pairs:
        return {}
    of_cell = and_(*(GAPS.c[name] == CELLS.c[name] for name in COLUMN.values()))
    query = (
        select(row, column, GAPS.c.parcours_id)
        .select_from(CELLS.join(GAPS, of_cell))
        .where(*wanted, tuple_(row, column).in_(pairs))
    )
    found: dict[_Kept, set[int]] = {}
    for each in session.connection().execute(query):
        found.setdefault((each[0], each[1]), set()).add(each[2])
    return found


class _Names:
    """The members of an axis in their order, and the code of each by what the cells keep."""

    def __init__(self, session: Session, axis: NeedAxis, kept: set[Any]) -> None:
        if axis is NeedAxis.MONTH:
            known = {each: Member(f"{month_date(each):%Y-%m}", format_month(month_date(each))) for each in sorted(kept)}
        elif axis in LISTS:
            known = _items(session, axis)
        else:
            known = scheme_members() if axis is NeedAxis.PAYER else reason_members()
        self._known = {each: known.get(each) or Member(str(each), str(each)) for each in [*known, *kept - set(known)]}
        self.members = tuple(member for each, member in self._known.items() if each in kept)

    def code(self, kept: Any) -> str:
        """The code in addresses."""
        return self._known[kept].code

    def told(self, kept: Any) -> str | None:
        """The same, None for the margin."""
        return None if kept is None else self.code(kept)


def _items(session: Session, axis: NeedAxis) -> dict[Any, Member]:
    table = table_of(REFERENCE_TABLES[axis.value])
    query = select(table.c.id, table.c.code, table.c.label).order_by(table.c.position, table.c.id)
    found: dict[Any, Member] = {row[0]: Member(row[1], row[2]) for row in session.connection().execute(query)}
    return {**found, 0: Member(NOT_SAID, "Non précisé")}


def scheme_members() -> dict[Any, Member]:
    """Possible payers by what a gap keeps, in the order of the glossary, « Personne » last."""
    schemes: dict[Any, Member] = {code: Member(code, name) for code, name in labels("scheme").items()}
    return {**schemes, stored_payer(NOBODY): Member(NOBODY, "Personne")}


def reason_members() -> dict[Any, Member]:
    """Reasons of a gap by their code, in the order of the glossary."""
    return {code: Member(code, name) for code, name in labels("coverage_reason").items()}
