"""What did the author of a shifted record mean?

Some authors write texts and decimals that hold the delimiter, unquoted: the cells of a record are then more than its columns.
A reading joins neighbouring cells again so that every typed column fits (dates, SIRETs, amount, periods, yes or no). It is
kept only where one reading fits. Two readings by type alone (« 423 051,84 », or a text that ends in « 423 051 » and 84) are
decided by the file itself: where every record that has one reading writes its amount with two decimals after a comma, an
amount without them does not fit. Readings that differ only in where a text ends are decided by the space after a comma.
What is still open is refused: a wrong amount must never enter in silence.
"""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from conference.domain.importing import cells as read
from conference.domain.importing.fields import FACTS, Field, ValueKind
from conference.domain.importing.headings import plain
from conference.domain.refusal import Refusal

MOST = 64
"""Readings beyond which a record is given up."""
_DECIMALS = re.compile(r".*\d,\d{2}", re.DOTALL)
_SHARE = re.compile(r"(?:\d{1,3}(?:[.,]\d+)?\s*%?)?")
_SIRET = re.compile(r"\d{13,14}|\d+(?:[.,]\d+)?E\+?\d+", re.ASCII | re.IGNORECASE)
_WORDS = frozenset({"oui", "non", "true", "false", "vrai", "faux", "0", "1", "o", "n"})
_NATURES = ("numeraire", "nature", "financi", "monetaire")
_CELLS = {ValueKind.AMOUNT: 2, ValueKind.SHARE: 2, ValueKind.DAYS: 4}
"""Cells that a value of this kind may have been cut into; the other typed values hold no comma."""


@dataclass(frozen=True)
class Shape:
    """How the records of a table are cut: its columns, its delimiter, and whether its amounts have decimals after a comma
    (None: nothing tells)."""

    columns: tuple[Field | None, ...]
    delimiter: str
    decimals: bool | None = None


def readings(cells: Sequence[str], shape: Shape) -> list[list[str]]:
    """The ways to join `cells` into the columns such that every typed column fits; at most MOST + 1 of them."""
    found: list[list[str]] = []
    for each in _readings(tuple(cells), shape, 0, 0):
        found.append(each)
        if len(found) > MOST:
            break
    return found


def choose(found: Sequence[list[str]], shape: Shape) -> list[str] | None:
    """The one reading that the file's own writing leaves, or None."""
    left = list(found)
    amount = shape.columns.index(Field.AMOUNT)
    if len(left) > 1 and shape.decimals:
        left = [each for each in left if _DECIMALS.fullmatch(each[amount])]
    if len(left) > 1 and len({_typed(each, shape) for each in left}) == 1:
        left = [each for each in left if _is_spaced(each, shape)]
    return left[0] if len(left) == 1 else None


def fits(cells: Sequence[str], columns: Sequence[Field | None]) -> bool:
    """Does every typed column of a whole record fit?"""
    return all(_fits(cell, column) for cell, column in zip(cells, columns, strict=False))


def unwrap(cells: Sequence[str], delimiter: str, width: int) -> list[str]:
    """The cells of a record that was quoted whole into its first cell; `cells` themselves when it was not."""
    first = cells[0] if cells else ""
    if len(cells) >= width or first.count(delimiter) < 1 or len(cells) + first.count(delimiter) < width:
        return list(cells)
    inner = next(csv.reader([first.replace("\n", " ").replace("\r", " ")], delimiter=delimiter), [])
    rest = list(cells[1:])
    return [*inner, *rest]


def swallowed_lines(cells: Sequence[str], delimiter: str, width: int) -> bool:
    """Does a cell hold line breaks and what looks like whole records: a quote opened and never closed where it should?"""
    if width < 3:
        return False
    return any(
        "\n" in cell and any(line.count(delimiter) >= width - 1 for line in cell.split("\n")[1:]) for cell in cells
    )


def has_decimals(amount: str) -> bool:
    """Is it written with two decimals after a comma?"""
    return bool(_DECIMALS.fullmatch(amount.strip().removesuffix("€").strip()))


def _readings(cells: tuple[str, ...], shape: Shape, column: int, at: int) -> Iterator[list[str]]:
    columns = shape.columns
    if column == len(columns):
        if all(not cell.strip(" ;") for cell in cells[at:]):
            yield []
        return
    if at >= len(cells):
        missing = len(columns) - column
        if missing <= _may_miss(len(cells), len(columns)) and Field.AMOUNT not in columns[column:]:
            yield [""] * missing
        return
    field = columns[column]
    most = _CELLS.get(FACTS[field].kind, 1) if _is_typed(field) and field is not None else len(cells) - at
    for size in range(1, min(most, len(cells) - at) + 1):
        value = shape.delimiter.join(cells[at : at + size])
        if _fits(value, field):
            for rest in _readings(cells, shape, column + 1, at + size):
                yield [value, *rest]


def _may_miss(cells: int, width: int) -> int:
    """How many of the last columns may have been left out: one more than what is lacking, as one delimiter was added."""
    return width - cells + 1 if cells <= width else 0


def _is_typed(field: Field | None) -> bool:
    if field is None:
        return False
    return FACTS[field].kind not in (ValueKind.TEXT, ValueKind.ITEM) or field is Field.AID_NATURE


@lru_cache(maxsize=50_000)
def _fits(cell: str, field: Field | None) -> bool:
    if field is None:
        return True
    text = cell.strip(" ;")
    kind = FACTS[field].kind
    if kind is ValueKind.AMOUNT:
        return _is_amount(text)
    if not text:
        return True
    if field is Field.AID_NATURE:
        return any(word in plain(text) for word in _NATURES)
    match kind:
        case ValueKind.DAY:
            return _is_day(text)
        case ValueKind.DAYS:
            return all(read.days(part) for part in re.split(r"[,;\t|]", text))
        case ValueKind.SIRET:
            return bool(_SIRET.fullmatch(re.sub(r"[\s\u00a0\u202f'’.]", "", re.sub(r"[.,]0+$", "", text))))
        case ValueKind.YES_NO:
            return text.casefold() in _WORDS
        case ValueKind.SHARE:
            return bool(_SHARE.fullmatch(text))
        case ValueKind.YEAR:
            return read.year(text) is not None
        case _:
            return True


def _is_amount(text: str) -> bool:
    try:
        return read.amount(text) > 0
    except Refusal:
        return False


def _is_day(text: str) -> bool:
    if read.year(text) is not None:
        return True
    try:
        read.day(text)
    except Refusal:
        return False
    return True


def _typed(cells: Sequence[str], shape: Shape) -> tuple[str, ...]:
    return tuple(cell for cell, column in zip(cells, shape.columns, strict=True) if _is_typed(column))


def _is_spaced(cells: Sequence[str], shape: Shape) -> bool:
    """Is every delimiter inside a text followed by a space, and no text begun by one?"""
    for cell, column in zip(cells, shape.columns, strict=True):
        if _is_typed(column):
            continue
        if cell.startswith(" ") and cell.strip():
            return False
        parts = cell.split(shape.delimiter)
        if any(not part.startswith((" ", "\u00a0")) for part in parts[1:]):
            return False
    return True
