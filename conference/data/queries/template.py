"""What can be chosen in the cells of the conférence's own template?

Each value is the text that the import reads back to that very item: its label or name, or its code where another item has
the same label (a region and its department). Items and organisations are those in force on the day asked.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import or_, select
from sqlmodel import Session

from conference.data.glossary import definition, labels
from conference.data.queries.choices import known_to
from conference.data.queries.commitment_filters import O
from conference.data.queries.commitment_order import sort_key
from conference.data.tables import REFERENCE_TABLES
from conference.data.tables.reference import UNKNOWN
from conference.domain.importing.fields import ENTRY_KINDS, Field
from conference.domain.permissions import Actor, is_granted_somewhere
from conference.domain.refusal import Forbidden

Values = tuple[tuple[str, str], ...]
"""What a cell may say, and what it means ("" where it is clear)."""

_LISTS = {
    Field.SCHEME: "scheme",
    Field.AUDIENCE: "audience",
    Field.COST_NATURE: "nature",
    Field.LEVEL: "level",
    Field.TERRITORY: "territory",
    Field.SECTOR: "sector",
}
_KINDS = {
    Field.PARCOURS_KIND: "parcours_kind",
    Field.KEY_SITUATION: "key_situation",
    Field.STEP_KIND: "step_kind",
    Field.RIGHT_KIND: "right_kind",
}


def template_values(session: Session, reader: Actor, *, on: date) -> dict[Field, Values]:
    """Values of each column of the template that has a list, in the order in which they are offered.

    FUNDER_NAME stands for every column that names a funder, PAYER for every one that names an organisation. Raises
    Forbidden when `reader` may not import.
    """
    if not is_granted_somewhere(reader, "import.run"):
        raise Forbidden()
    organisations = _organisations(session, reader, on)
    return {
        Field.FUNDER_NAME: tuple(_told(organisation) for organisation in organisations if organisation[3]),
        Field.PAYER: tuple(_told(organisation) for organisation in organisations),
        **{field: _items(session, name, on) for field, name in _LISTS.items()},
        **{field: _words(group) for field, group in _KINDS.items()},
        Field.ENTRY_KIND: tuple((told, definition("entry_kind", kind)) for kind, told in ENTRY_KINDS.items()),
    }


def _words(group: str) -> Values:
    """The words of the glossary: a cell says the label."""
    return tuple((told, definition(group, code)) for code, told in labels(group).items())


def _items(session: Session, name: str, on: date) -> Values:
    """Items of a list in force, in its order; two that share a label are told apart as the import does: the first by it."""
    table: Any = REFERENCE_TABLES[name].__table__  # type: ignore[attr-defined]
    columns = (table.c.id, table.c.code, table.c.label, table.c.definition, table.c.first, table.c.last)
    rows = session.connection().execute(select(*columns).order_by(table.c.position, table.c.id)).all()
    owners = _owners((row.id, row.code, row.label) for row in rows)
    return tuple(
        (row.label, row.definition or "") if owners[_key(row.label)] == row.id else (row.code, row.label)
        for row in rows
        if row.code != UNKNOWN and _in_force(row, on)
    )


def _owners(rows: Iterable[tuple[int, str, str]]) -> dict[str, int]:
    """The item that each code and label designates: the first one that bears it."""
    found: dict[str, int] = {}
    for number, code, label in sorted(rows):
        found.setdefault(_key(code), number)
        found.setdefault(_key(label), number)
    return found


def _organisations(session: Session, reader: Actor, on: date) -> list[tuple[str, str, bool, bool]]:
    """(name, code, does its name designate it alone?, is it a funder?) of those known to `reader`, by name."""
    columns = (O.c.id, O.c.code, O.c.name, O.c.is_funder)
    valid = or_(O.c.first.is_(None), O.c.first <= on) & or_(O.c.last.is_(None), O.c.last >= on)
    rows = session.connection().execute(select(*columns).where(known_to(reader), valid)).all()
    names: dict[str, int] = {}
    for code, name in session.connection().execute(select(O.c.code, O.c.name)):
        for text in {_key(code), _key(name)}:
            names[text] = names.get(text, 0) + 1
    found = [(row.name, row.code, names[_key(row.name)] == 1, row.is_funder) for row in rows]
    return sorted(found, key=lambda each: (sort_key(each[0]), each[1]))


def _told(organisation: tuple[str, str, bool, bool]) -> tuple[str, str]:
    name, code, alone, _ = organisation
    return (name, code) if alone else (code, name)


def _in_force(row: Any, on: date) -> bool:
    return (row.first is None or row.first <= on) and (row.last is None or row.last >= on)


def _key(text: str) -> str:
    return " ".join(text.split()).casefold()
