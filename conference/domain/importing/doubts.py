"""What stands in a table and is not one of its rows?

A line of totals, headings repeated or those of a second table, a title that says that the amounts are in thousands, a column
of SIRETs that the spreadsheet rounded: each would enter a wrong amount or a wrong party in silence.
"""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from conference.domain.importing.fields import FACTS, Field, ValueKind
from conference.domain.importing.headings import plain, tells_odd_unit
from conference.domain.importing.profiles import Cell, Mapping, Record, recognise
from conference.domain.money import ZERO

_TOTAL = re.compile(r"\s*(?:sous[\s-]*)?(?:total|totaux)\b", re.IGNORECASE)
_BARE = re.compile(rf"{_TOTAL.pattern}(?:\s+(?:g[ée]n[ée]ral|\d{{4}}))*\s*:?\s*", re.IGNORECASE)
_FIRST_SIGNS = frozenset("tTsS \u00a0")
_ROUNDED = 10
"""Distinct SIRETs that must all end in 00 before the column is said to be rounded."""
_NO_LABEL = frozenset({ValueKind.AMOUNT, ValueKind.SIRET, ValueKind.YEAR, ValueKind.COUNT, ValueKind.DAY})


class Totals:
    """Tells the lines of totals of one sheet, from their label and the sum of the rows read before them."""

    def __init__(self, mapping: Mapping) -> None:
        self._labels = [i for i, column in enumerate(mapping.columns) if _may_hold_a_label(column)]
        self._sum = self._since = ZERO

    def is_total(self, cells: Sequence[Cell], amount: Decimal) -> bool:
        """A line that says « Total » and holds the sum of the rows above, or says nothing else; its amount is added if not."""
        label = self._label(cells)
        if label is not None:
            others = [cells[i] for i in self._labels if i != label and i < len(cells) and str(cells[i]).strip()]
            if amount in (self._sum, self._since) or (not others and _BARE.fullmatch(str(cells[label]))):
                self._since = ZERO
                return True
        self._sum += amount
        self._since += amount
        return False

    def _label(self, cells: Sequence[Cell]) -> int | None:
        size = len(cells)
        for i in self._labels:
            if i < size and isinstance(cell := cells[i], str) and cell[:1] in _FIRST_SIGNS and _TOTAL.match(cell):
                return i
        return None


def _may_hold_a_label(column: Field | None) -> bool:
    return column is None or FACTS[column].kind not in _NO_LABEL


def odd_unit(sample: Sequence[Record], mapping: Mapping) -> str | None:
    """The title above the headings that says that the amounts are in thousands or in another money."""
    for number, cells in sample:
        if number >= mapping.heading_row:
            return None
        for cell in cells:
            if isinstance(cell, str) and tells_odd_unit(cell):
                return cell.strip()[:80]
    return None


def rounded_sirets(sample: Sequence[Record], mapping: Mapping) -> frozenset[Field]:
    """The columns of SIRETs whose last two digits are 00 in every row: written as numbers and rounded by the spreadsheet."""
    return frozenset(field for field, place in _siret_columns(mapping) if _all_rounded(sample, mapping, place))


def _siret_columns(mapping: Mapping) -> Iterator[tuple[Field, int]]:
    for place, column in enumerate(mapping.columns):
        if column is not None and FACTS[column].kind is ValueKind.SIRET:
            yield column, place


def _all_rounded(sample: Sequence[Record], mapping: Mapping, place: int) -> bool:
    found: set[str] = set()
    for number, cells in sample:
        if number <= mapping.heading_row or place >= len(cells):
            continue
        digits = re.sub(r"[.,]0+$", "", str(cells[place]).strip())
        if len(digits) in (13, 14) and digits.isdigit():
            found.add(digits)
            if not digits.endswith("00"):
                return False
    return len(found) >= _ROUNDED


class Headings:
    """Tells the headings that come again below the table: the same ones, or those of another table."""

    def __init__(self, mapping: Mapping) -> None:
        self._headings = tuple(plain(heading) for heading in mapping.headings)
        self._columns = mapping.columns
        self.other_table: int | None = None

    def are(self, record: Record) -> bool:
        """Is this record, whose amount cannot be read, a line of headings? Another table's is remembered."""
        number, cells = record
        texts = tuple(plain(cell) if isinstance(cell, str) else "" for cell in cells[: len(self._headings)])
        if any(texts) and texts == self._headings:
            return True
        found = recognise([record])
        if found is None:
            return False
        if found.columns != self._columns:
            self.other_table = number
        return True
