"""May this text be the cell of that column?

Asked of the records of a text file, whose cells may have been cut in the wrong place: a typed column (date, SIRET, amount,
yes or no) holds what looks like its kind or nothing; an amount is never empty. A text fits anywhere.
"""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache

from conference.domain.importing import cells as read
from conference.domain.importing.fields import FACTS, Field, ValueKind
from conference.domain.importing.headings import plain
from conference.domain.refusal import Refusal

_SHARE = re.compile(r"\d{1,3}(?:[.,]\d+)?\s*%?", re.ASCII)
_SIRET = re.compile(r"\d{13,14}|\d+(?:[.,]\d+)?E\+?\d+", re.ASCII | re.IGNORECASE)
_SIRET_SIGNS = re.compile(r"[\s\u00a0\u202f'’.]")
_WORDS = frozenset({"oui", "non", "true", "false", "vrai", "faux", "0", "1", "o", "n"})
_NATURES = ("numeraire", "nature", "financi", "monetaire")
_DELIMITERS = re.compile(r"[,;\t|]")
_NOTHING = " ;"

Check = Callable[[str], bool]


def check_of(field: Field | None) -> Check | None:
    """What a cell of the column must pass, None where any text will do."""
    if field is None:
        return None
    return _is_nature if field is Field.AID_NATURE else _CHECKS.get(FACTS[field].kind)


def fits(cells: Sequence[str], columns: Sequence[Field | None]) -> bool:
    """Does every typed column of a whole record fit?"""
    return all(check is None or check(cell) for cell, check in zip(cells, map(check_of, columns), strict=False))


@lru_cache(maxsize=20_000)
def _is_amount(cell: str) -> bool:
    try:
        return read.amount(cell.strip(_NOTHING)) > 0
    except Refusal:
        return False


@lru_cache(maxsize=20_000)
def _is_day(cell: str) -> bool:
    text = cell.strip(_NOTHING)
    if not text or read.year(text) is not None:
        return True
    try:
        read.day(text)
    except Refusal:
        return False
    return True


@lru_cache(maxsize=20_000)
def _are_days(cell: str) -> bool:
    text = cell.strip(_NOTHING)
    return not text or all(read.days(part) for part in _DELIMITERS.split(text))


@lru_cache(maxsize=20_000)
def _is_siret(cell: str) -> bool:
    text = re.sub(r"[.,]0+$", "", cell.strip(_NOTHING))
    return not text or bool(_SIRET.fullmatch(_SIRET_SIGNS.sub("", text)))


@lru_cache(maxsize=2_000)
def _is_nature(cell: str) -> bool:
    text = cell.strip(_NOTHING)
    return not text or any(word in plain(text[:200]) for word in _NATURES)


@lru_cache(maxsize=2_000)
def _is_yes_or_no(cell: str) -> bool:
    text = cell.strip(_NOTHING)
    return not text or text.casefold() in _WORDS


@lru_cache(maxsize=2_000)
def _is_share(cell: str) -> bool:
    text = cell.strip(_NOTHING)
    return not text or bool(_SHARE.fullmatch(text))


def _is_year(cell: str) -> bool:
    text = cell.strip(_NOTHING)
    return not text or read.year(text) is not None


@lru_cache(maxsize=2_000)
def _is_count(cell: str) -> bool:
    text = cell.strip(_NOTHING)
    return not text or bool(re.fullmatch(r"\d{1,7}(?:[.,]0+)?", text, re.ASCII))


_CHECKS: dict[ValueKind, Check] = {
    ValueKind.AMOUNT: _is_amount,
    ValueKind.DAY: _is_day,
    ValueKind.DAYS: _are_days,
    ValueKind.SIRET: _is_siret,
    ValueKind.YES_NO: _is_yes_or_no,
    ValueKind.SHARE: _is_share,
    ValueKind.YEAR: _is_year,
    ValueKind.COUNT: _is_count,
}
