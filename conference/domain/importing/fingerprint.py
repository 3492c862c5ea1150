"""When are two rows the same commitment?

With open-data tables, whose references are shared by many rows, a row is known by all of its mapped columns but the amount
and the giver (SEMANTICS §2). Their values are put in one form, so that the CSV and the workbook of one table agree: a date as
ISO, a SIRET as its digits, a text on one line and in composed signs.
"""

import hashlib
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation

from conference.domain.importing import cells as read
from conference.domain.importing.fields import FACTS, Field, ValueKind
from conference.domain.importing.profiles import Cell, Mapping
from conference.domain.refusal import Refusal

_LEFT_OUT = frozenset({Field.AMOUNT, Field.FUNDER_NAME, Field.FUNDER_SIRET})
_SEEN = 10_000
"""Distinct texts of a column whose form is kept at hand: texts repeat much."""
_Fact = tuple[str, int, Callable[[Cell], str], dict[Cell, str]]


class Fingerprints:
    """Fingerprints of the rows of one table."""

    def __init__(self, mapping: Mapping) -> None:
        places = sorted((field, i) for i, field in enumerate(mapping.columns) if field and field not in _LEFT_OUT)
        self._facts: tuple[_Fact, ...] = tuple(
            (f"{field.value}=", i, _FORMS.get(FACTS[field].kind, read.clean), {}) for field, i in places
        )

    def of(self, cells: Sequence[Cell]) -> str:
        """SHA-256, hexadecimal."""
        told, size = [], len(cells)
        for name, place, form, seen in self._facts:
            if place >= size or (cell := cells[place]) == "":
                continue
            text = seen.get(cell)
            if text is None:
                value = form(cell)
                text = name + value if value else ""
                if isinstance(cell, str) and len(seen) < _SEEN:
                    seen[cell] = text
            if text:
                told.append(text)
        return hashlib.sha256("\x1f".join(told).encode()).hexdigest()


def _day(cell: Cell) -> str:
    try:
        return read.day(cell).isoformat()
    except Refusal:
        return read.clean(cell)


def _days(cell: Cell) -> str:
    """A date alone as ISO, several as they are written."""
    return read.clean(cell) if isinstance(cell, str) and len(cell) > 20 else _day(cell)


def _siret(cell: Cell) -> str:
    try:
        return read.siret(cell) or ""
    except Refusal:
        return read.clean(cell)


def _year(cell: Cell) -> str:
    found = read.year(cell)
    return str(found) if found is not None else read.clean(cell)


def _count(cell: Cell) -> str:
    try:
        return str(read.count(cell))
    except Refusal:
        return read.clean(cell)


def _share(cell: Cell) -> str:
    if isinstance(cell, date):
        return cell.isoformat()
    try:
        return str(Decimal(str(cell).strip(" ;%").replace(",", ".")).normalize())
    except InvalidOperation:
        return read.clean(cell)


_FORMS: dict[ValueKind, Callable[[Cell], str]] = {
    ValueKind.DAY: _day,
    ValueKind.DAYS: _days,
    ValueKind.SIRET: _siret,
    ValueKind.YEAR: _year,
    ValueKind.COUNT: _count,
    ValueKind.SHARE: _share,
}
