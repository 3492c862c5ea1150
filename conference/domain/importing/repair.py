"""What did the author of a shifted record mean?

Some authors write texts and decimals that hold the delimiter, unquoted: the cells of a record are then more than its columns.
A reading joins neighbouring cells again so that every typed column fits. Here are all the readings of a record, and what
tells them apart; which one is kept, and when none is, is decided in `shaping`.
"""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from conference.domain.importing import cells as read
from conference.domain.importing.fields import FACTS, Field, ValueKind
from conference.domain.importing.fitting import Check, check_of, fits
from conference.domain.refusal import Refusal

MOST = 64
"""Readings beyond which a record is given up."""
_SURPLUS, _WIDEST = 24, 80
"""Cells beyond the columns, and columns, beyond which nothing is tried: the ways to join them would be too many."""
_DATED = frozenset({Field.DECIDED_ON, Field.YEAR, Field.PAYMENT_DATES, Field.EFFECTIVE_ON})
_CELLS = {ValueKind.AMOUNT: 5, ValueKind.SHARE: 2, ValueKind.DAYS: 4}
"""Cells that a value of this kind may have been cut into; the other typed values hold no delimiter."""
_DECIMALS = re.compile(r".*\d,\d{2}\s*(?:€|euros?)?", re.DOTALL | re.IGNORECASE)
_END_OF_NUMBER = re.compile(r"\d{1,3}(?:\.\d{2})?\s*(?:€|euros?)?", re.IGNORECASE)


@dataclass(frozen=True)
class Shape:
    """How the records of a table are cut: its columns and its delimiter. `amount`: place of the amount, -1 without one."""

    columns: tuple[Field | None, ...]
    delimiter: str
    checks: tuple[Check | None, ...] = field(init=False, repr=False)
    most: tuple[int, ...] = field(init=False, repr=False)
    amount: int = field(init=False)

    def __post_init__(self) -> None:
        """Work out once what each column asks."""
        checks = tuple(check_of(column) for column in self.columns)
        most = tuple(
            _CELLS.get(FACTS[column].kind, 1) if column and check_of(column) else 1_000 for column in self.columns
        )
        object.__setattr__(self, "checks", checks)
        object.__setattr__(self, "most", most)
        object.__setattr__(self, "amount", self.columns.index(Field.AMOUNT) if Field.AMOUNT in self.columns else -1)


_ALONE = Shape((Field.AMOUNT,), "")


def readings(cells: Sequence[str], shape: Shape) -> list[list[str]]:
    """The ways to join `cells` into the columns such that every typed column fits; at most MOST + 1 of them."""
    width = len(shape.columns)
    if width > _WIDEST or len(cells) - width > _SURPLUS:
        return []
    found: list[list[str]] = []
    for each in _readings(tuple(cells), shape, 0, 0, set()):
        found.append(each)
        if len(found) > MOST:
            break
    return found


def _readings(
    cells: tuple[str, ...], shape: Shape, column: int, at: int, dead: set[tuple[int, int]]
) -> Iterator[list[str]]:
    """Readings of the columns from `column` on in the cells from `at` on; `dead`: the places known to have none."""
    width, left = len(shape.columns), len(cells) - at
    if column == width:
        if not left:
            yield []
        return
    missing = width - column
    if not left:
        if missing <= _may_miss(len(cells), width) and shape.amount < column:
            yield [""] * missing
        return
    any_found, check = False, shape.checks[column]
    most = min(shape.most[column], left - max(0, missing - 1 - _may_miss(len(cells), width)))
    for size in range(1, most + 1):
        if (column + 1, at + size) in dead:
            continue
        value = shape.delimiter.join(cells[at : at + size])
        if check is None or check(value):
            for rest in _readings(cells, shape, column + 1, at + size, dead):
                any_found = True
                yield [value, *rest]
    if not any_found:
        dead.add((column, at))


def _may_miss(cells: int, width: int) -> int:
    """How many of the last columns may have been left out: one more than what is lacking, as one delimiter was added."""
    return width - cells + 1 if cells <= width else 0


def unwrap(cells: Sequence[str], delimiter: str, width: int) -> list[str]:
    """The cells of a record that was quoted whole into its first cell; `cells` themselves when it was not."""
    first = cells[0] if cells else ""
    inside = first.count(delimiter)
    if len(cells) >= width or inside < 1 or len(cells) + inside < width:
        return list(cells)
    if inside < len(cells) - 1:  # « 506,61 » alone in its quotes, before cells of their own: a decimal is not to be cut
        return list(cells)
    try:
        inner = next(csv.reader([first.replace("\n", " ").replace("\r", " ")], delimiter=delimiter), [])
    except csv.Error:  # a cell beyond any length
        return list(cells)
    return [*inner, *cells[1:]]


def swallowed_lines(cells: Sequence[str], shape: Shape) -> bool:
    """Did a quote that was opened and not closed take the following records into one cell?

    That cell then holds the end of its own record on its first line, whole records on the lines between, and the beginning
    of the last record on its last line.
    """
    width = len(shape.columns)
    if width < 2:
        return False
    for place, cell in enumerate(cells[:width]):
        if "\n" not in cell:
            continue
        lines = [line.rstrip("\r").split(shape.delimiter) for line in cell.split("\n")]
        if any(len(line) >= width and fits(line, shape.columns) for line in lines[1:]):
            return True
        head, tail = lines[0][1:], lines[-1][:-1]
        ends = len(head) >= width - 1 - place and fits(head, shape.columns[place + 1 :])
        begins = len(tail) >= place and fits(tail, shape.columns[:place])
        if begins and ((ends and len(head) + len(tail) >= width - 1) or _tells_itself(tail[:place], shape)):
            return True
    return False


def _tells_itself(cells: Sequence[str], shape: Shape) -> bool:
    """Are these the first cells of a record for sure: two or more, of which one holds a day or a SIRET?"""
    kinds = (ValueKind.DAY, ValueKind.SIRET)
    return len(cells) > 1 and any(
        cell.strip() and column is not None and FACTS[column].kind in kinds
        for cell, column in zip(cells, shape.columns, strict=False)
    )


def amount_of(cells: Sequence[str], shape: Shape) -> Decimal | None:
    """The amount above zero that a reading holds, None where it holds none."""
    try:
        found = read.amount(cells[shape.amount].strip(" ;"))
    except (Refusal, IndexError):
        return None
    return found if found > 0 else None


def is_dated(cells: Sequence[str], shape: Shape) -> bool:
    """Does a reading tell its year? One that does not is no row."""
    return any(
        cell.strip(" ;") if column in _DATED else column is Field.DECISION_REFERENCE and read.days(cell)
        for cell, column in zip(cells, shape.columns, strict=True)
    )


def typed(cells: Sequence[str], shape: Shape) -> tuple[str, ...]:
    """The cells of the typed columns."""
    return tuple(cell for cell, check in zip(cells, shape.checks, strict=True) if check)


def misfits(cells: Sequence[str], shape: Shape) -> list[int]:
    """The places of the typed columns that do not fit."""
    return [i for i, check in enumerate(shape.checks) if check and not check(cells[i])]


def is_spaced(cells: Sequence[str], shape: Shape) -> bool:
    """Is every delimiter inside a text followed by a space, and no text begun by one?"""
    for cell, check in zip(cells, shape.checks, strict=True):
        if check:
            continue
        if cell.startswith(" ") and cell.strip():
            return False
        parts = cell.split(shape.delimiter)
        if any(not part.startswith((" ", "\u00a0")) or not part.strip() for part in parts[1:]):
            return False
    return True


def is_displaced(cells: Sequence[str], shape: Shape) -> bool:
    """Do two typed columns not fit, one of them beside the amount and holding an amount: is the whole row one cell away?"""
    wrong = misfits(cells, shape)
    beside = {shape.amount - 1, shape.amount + 1}
    return len(wrong) > 1 and any(amount_of(cells[i : i + 1], _ALONE) is not None for i in beside.intersection(wrong))


def is_anchored(cells: Sequence[str], shape: Shape) -> bool:
    """Is a column beside the amount typed and filled, so that the amount cannot be one cell away?"""
    beside = (shape.amount - 1, shape.amount + 1)
    return any(0 <= i < len(cells) and shape.checks[i] and cells[i].strip(" ;") for i in beside)


def is_cut(cells: Sequence[str], shape: Shape) -> bool:
    """May the amount be the end of a number whose beginning the text before it holds (« environ 25 000,50 »)?"""
    before = cells[shape.amount - 1].rstrip() if shape.amount > 0 and not shape.checks[shape.amount - 1] else ""
    ends_in_digit = shape.delimiter in before and before.rstrip(",.")[-1:].isdigit()
    return ends_in_digit and bool(_END_OF_NUMBER.fullmatch(cells[shape.amount].strip(" ;")))


def is_pushed(cells: Sequence[str], as_it_is: Sequence[str], shape: Shape) -> bool:
    """Does a reading only give the amount its decimals back, which had become the next cell?"""
    place = shape.amount
    whole = f"{as_it_is[place]}{shape.delimiter}{as_it_is[place + 1]}" if place + 1 < len(as_it_is) else ""
    return cells[place] == whole and list(cells[:place]) == list(as_it_is[:place])


def confirms(cells: Sequence[str], as_it_is: Sequence[str], shape: Shape) -> bool:
    """Does a typed column after the amount hold a value in this reading, where it did not fit as it stood?"""
    wrong = [i for i in misfits(as_it_is, shape) if i > shape.amount]
    return any(cells[i].strip(" ;") for i in wrong)


def has_decimals(amount: str) -> bool:
    """Is it written with two decimals after a comma?"""
    return bool(_DECIMALS.fullmatch(amount.strip(" ;")))
