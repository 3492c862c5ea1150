"""What is an exported list, before it becomes a workbook or a text file?

A title, notes (filters, date, author), headings and rows of typed values. Text that a spreadsheet could take for a
formula is dangerous wherever the file is opened: `is_formula` says which, each format then neutralises it in its own
way. Numbers are typed, so a negative amount stays a number.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from conference.domain.figures import Ratio

Cell = str | Decimal | int | date | Ratio | None
"""A Decimal is an amount in euros."""
CellRow = tuple[Cell, ...]
_NOT_CARRIED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Sheet:
    """A list to export. `notes` are the first lines; `rows` is read once; `totals` is the last row, in bold."""

    title: str
    notes: tuple[str, ...]
    headings: tuple[str, ...]
    rows: Iterable[CellRow]
    totals: CellRow | None = None
    known_on: datetime | None = None
    """Aware instant written in the workbook's properties; without it, a fixed day."""
    sums: tuple[CellRow, ...] = ()
    """Rows of sums that come before `totals`, in bold too."""
    name: str = ""
    """Of the sheet in its workbook; its title without one."""
    widths: tuple[int, ...] = ()
    """Characters that each column shows; without them, what its heading needs."""
    wraps: bool = False
    """Do long texts go on under themselves?"""


def is_formula(text: str) -> bool:
    """Would a spreadsheet, now or after a copy, read `text` as a formula? Leading spaces and full-width signs count."""
    if text[:1] in ("\t", "\r", "\n"):
        return True
    shown = unicodedata.normalize("NFKC", text).lstrip()
    shown = shown.lstrip("\ufeff\u200b\u200c\u200d\u2060\x00")
    return shown.lstrip()[:1] in ("=", "+", "-", "@", "−")


def clean(text: str) -> str:
    """`text` without what no file format can carry: lone surrogates, U+FFFE and U+FFFF, control characters other than line
    breaks and tabs."""
    return _NOT_CARRIED.sub("", text)
