"""What do the gaps of many parcours add up to, by two axes, and which of these sums may a reader see?

Days and known euros are additive; persons are not (one may lack days in several months, for several reasons): what is
given of a sum is whether it holds few of them. Such a sum is hidden, and others with it, so that none is found by
subtraction (`suppression`); days, euros and days without an amount are hidden together.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from urllib.parse import parse_qs, urlencode

from conference.domain.gaps import NO_PAYER
from conference.domain.money import ZERO
from conference.domain.suppression import Pattern, hidden_around

NOT_SAID = "aucun"
"""What stands for the territory or the audience of a parcours of which nobody said it."""
NOBODY = "personne"
"""What stands for a gap that no scheme could take over."""
Pair = tuple[str | None, str | None]
"""Codes of a row and of a column; None stands for their margin."""


class NeedAxis(StrEnum):
    """By what gaps are added up. A month is "2026-03"; `payer` is the code of a scheme, or NOBODY."""

    MONTH = "month"
    TERRITORY = "territory"
    AUDIENCE = "audience"
    PAYER = "payer"
    REASON = "reason"


@dataclass(frozen=True, slots=True)
class NeedFilters:
    """Which gaps: months by their first day, both included; codes of a territory and of an audience (NOT_SAID: of those
    without one), of a possible payer (NOBODY: none) and of a reason; "" and None choose all."""

    first_month: date | None = None
    last_month: date | None = None
    territory: str = ""
    audience: str = ""
    payer: str = ""
    reason: str = ""

    @property
    def text(self) -> str:
        """The selection as text, always the same for the same one: the words of its address, in their order."""
        words = {
            "au": f"{self.last_month:%Y-%m}" if self.last_month else "",
            "du": f"{self.first_month:%Y-%m}" if self.first_month else "",
            "payeur": self.payer,
            "public": self.audience,
            "raison": self.reason,
            "territoire": self.territory,
        }
        return urlencode({word: value for word, value in words.items() if value})

    @classmethod
    def from_text(cls, text: str) -> "NeedFilters":
        """The selection that `text` tells. Raises ValueError on a month that is none."""
        words = {word: values[0] for word, values in parse_qs(text).items()}
        first, last = (date.fromisoformat(f"{words[word]}-01") if word in words else None for word in ("du", "au"))
        lists = {"territory": "territoire", "audience": "public", "payer": "payeur", "reason": "raison"}
        return cls(first, last, **{name: words.get(word, "") for name, word in lists.items()})


@dataclass(frozen=True, slots=True)
class Need:
    """Days that nobody pays; `amount`: the euros known of them, gross; `unknown_days`: those without an amount."""

    days: int = 0
    amount: Decimal = ZERO
    unknown_days: int = 0

    def __add__(self, other: "Need") -> "Need":
        return Need(self.days + other.days, self.amount + other.amount, self.unknown_days + other.unknown_days)

    def __sub__(self, other: "Need") -> "Need":
        return Need(self.days - other.days, self.amount - other.amount, self.unknown_days - other.unknown_days)


@dataclass(frozen=True, slots=True)
class Member:
    """A row or a column: its code in addresses, and what it is called."""

    code: str
    label: str


@dataclass(frozen=True)
class NeedTable:
    """Needs by two axes with their margins. Where something is hidden `find` gives None."""

    rows: tuple[Member, ...]
    columns: tuple[Member, ...]
    sums: Mapping[Pair, Need]
    hidden: frozenset[Pair]

    def find(self, row: str | None, column: str | None) -> Need | None:
        """What stands there, a Need of no days where there is none; None when it is hidden."""
        return None if (row, column) in self.hidden else self.sums.get((row, column), Need())

    @property
    def hides(self) -> bool:
        """Is anything hidden?"""
        return bool(self.hidden)


def need_table(
    rows: Sequence[Member], columns: Sequence[Member], cells: Mapping[Pair, Need], few: Collection[Pair]
) -> NeedTable:
    """The table of `cells`, its margins added up; `few`: the cells and the margins that hold too few persons to be shown."""
    sums = dict(cells)
    for (row, column), need in cells.items():
        for margin in ((row, None), (None, column), (None, None)):
            sums[margin] = sums.get(margin, Need()) + need
    hidden = _hidden([each.code for each in rows], [each.code for each in columns], sums, few) if few else frozenset()
    return NeedTable(tuple(rows), tuple(columns), sums, hidden)


def with_persons(table: NeedTable, persons: Mapping[Pair, int]) -> NeedTable:
    """The same table where persons are told beside the days: what it hides, and what else would tell how many they are. Two
    hidden cells of a row with two persons would both be known to hold one."""
    if not table.hides:
        return table
    counts = {pair: count for pair, count in persons.items() if None not in pair}
    rows, columns = [each.code for each in table.rows], [each.code for each in table.columns]
    return replace(table, hidden=_around(rows, columns, counts, table.hidden))


def _hidden(
    rows: Sequence[str], columns: Sequence[str], sums: Mapping[Pair, Need], few: Collection[Pair]
) -> frozenset[Pair]:
    return _around(rows, columns, {pair: need.days for pair, need in sums.items()}, few)


def _around(
    rows: Sequence[str], columns: Sequence[str], counts: Mapping[Pair, int], few: Collection[Pair]
) -> frozenset[Pair]:
    table = [[counts.get((row, column), 0) for column in columns] for row in rows]
    row_places: dict[str | None, int] = {code: place for place, code in enumerate((*rows, None))}
    column_places: dict[str | None, int] = {code: place for place, code in enumerate((*columns, None))}
    pattern = hidden_around(table, [(row_places[row], column_places[column]) for row, column in few])
    return pairs_of(pattern, rows, columns)


def pairs_of(pattern: Pattern, rows: Sequence[str], columns: Sequence[str]) -> frozenset[Pair]:
    """What a pattern hides, by codes."""
    hidden: set[Pair] = {(rows[i], columns[j]) for i, j in pattern.cells}
    hidden |= {(rows[i], None) for i in pattern.rows} | {(None, columns[j]) for j in pattern.columns}
    return frozenset(hidden | ({(None, None)} if pattern.total else set()))


def payer_code(stored: str) -> str:
    """The code of a possible payer in addresses, of the one that a gap keeps."""
    return NOBODY if stored == NO_PAYER else stored


def stored_payer(code: str) -> str:
    """The possible payer that a gap keeps, of its code in addresses."""
    return NO_PAYER if code == NOBODY else code
