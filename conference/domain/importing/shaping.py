"""Are the cells of a record those of its columns?

Most records are; those of some text files are not, because their texts or decimals hold the delimiter unquoted. A reading is
kept only where it is the one that fits, with a warning that says what was read. Two readings by type alone (« 423 051,84 »,
or a text that ends in « 423 051 » and 84) are decided by the file's own habit: where every record that has one reading writes
its amount with two decimals after a comma, an amount without them does not fit. Readings that differ only in where a text
ends are decided by the space after a comma. What is still open is refused: a wrong amount must never enter in silence.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from conference.domain.importing import repair
from conference.domain.importing.fitting import Check
from conference.domain.importing.profiles import Cell, Mapping, Record

_NOTHING = " ;\t"
_WHOLE_NUMBER = re.compile(r"[+]?\d[\d\s\u00a0\u202f]*")
_DECIMALS = re.compile(r"\s*\d{1,2}\s*(?:€|euros?)?\s*", re.IGNORECASE)
_NAMES = {
    ",": ("Virgules non protégées", "une virgule"),
    ";": ("Points-virgules non protégés", "un point-virgule"),
    "\t": ("Tabulations non protégées", "une tabulation"),
    "|": ("Barres non protégées", "une barre"),
}


@dataclass(frozen=True, slots=True)
class Shaped:
    """The cells, one per column; or why the record is refused. (code, sentence) of each."""

    cells: Sequence[Cell]
    warning: tuple[str, str] | None = None
    refusal: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Habit:
    """How the records of a file that have one reading write their amounts: how many cut by an unquoted delimiter, how many
    in one cell; `decimals`: all of them with two decimals after a comma."""

    cut: int = 0
    whole: int = 0
    decimals: bool = False


class Shaper:
    """Shapes the records of one sheet. `sample`, its first records, tells how its amounts are written."""

    def __init__(self, mapping: Mapping, delimiter: str | None, sample: Sequence[Record]) -> None:
        self._width = mapping.width
        headings = next((cells for number, cells in sample if number == mapping.heading_row), [])
        self._full = max(len(headings), self._width)
        self._shape = None if delimiter is None else repair.Shape(mapping.columns, delimiter)
        self._checks: tuple[tuple[int, Check], ...] = ()
        self._habit = Habit()
        if self._shape is not None:
            self._checks = tuple((i, check) for i, check in enumerate(self._shape.checks) if check is not None)
            self._habit = self._find_habit([cells for number, cells in sample if number > mapping.heading_row])

    def shape(self, cells: Sequence[Cell]) -> Shaped:
        """The record, one cell per column."""
        shape = self._shape
        if shape is None:
            return Shaped(cells)
        texts = cast(list[str], cells)  # a text file has no other cells
        if "\n" in "\t".join(texts) and repair.swallowed_lines(texts, shape):
            message = (
                "Un guillemet ouvert dans cette ligne a pris les lignes suivantes dans une cellule. "
                "Fermez-le ou ôtez-le, puis envoyez de nouveau le fichier."
            )
            return Shaped((), refusal=("quotes", message))
        if self._is_exact(texts) and self._fit(texts) and not self._tempts(texts):
            return Shaped(texts)
        trimmed = self._trimmed(texts)
        if len(trimmed) <= self._width:
            padded = trimmed + [""] * (self._width - len(trimmed))
            return self._whole(trimmed, padded, len(texts) == self._full, shape)
        return self._surplus(trimmed, shape)

    def _is_exact(self, texts: Sequence[str]) -> bool:
        """As many cells as the headings, those after the last heading empty."""
        return len(texts) == self._full and not any(cell.strip(_NOTHING) for cell in texts[self._width :])

    def _fit(self, texts: Sequence[str]) -> bool:
        for i, check in self._checks:  # noqa: SIM110  (asked of each record: a generator doubles its cost)
            if not check(texts[i]):
                return False
        return True

    def _tempts(self, texts: Sequence[str]) -> bool:
        """Could the cell after the amount be its decimals, in a file that is known to cut amounts?"""
        place = self._shape.amount if self._shape else -1
        return (
            self._habit.cut > 0
            and 0 <= place < len(texts) - 1
            and bool(_WHOLE_NUMBER.fullmatch(texts[place].strip()))
            and bool(_DECIMALS.fullmatch(texts[place + 1]))
        )

    def _trimmed(self, texts: Sequence[str]) -> list[str]:
        """Without what a spreadsheet leaves after the last column, and out of the quotes that hold the whole record."""
        kept = repair.unwrap(texts, self._delimiter, self._width)
        while len(kept) > self._width and not kept[-1].strip(_NOTHING):
            kept.pop()
        if kept and self._delimiter != ";":
            kept[-1] = kept[-1].rstrip(" ;")
        return kept

    @property
    def _delimiter(self) -> str:
        return self._shape.delimiter if self._shape else ","

    def _whole(self, texts: list[str], padded: list[str], exact: bool, shape: repair.Shape) -> Shaped:
        """A record with no more cells than columns: as it stands, unless its amount could be another."""
        stands = repair.amount_of(padded, shape)
        others = [each for each in repair.readings(texts, shape) if each != padded]
        rivals = [each for each in others if repair.amount_of(each, shape) != stands]
        if self._fit(padded):
            pushed = [each for each in rivals if repair.is_pushed(each, padded, shape)]
            return self._pushed(padded, pushed, exact, shape) if pushed else Shaped(padded)
        if stands is not None and not rivals:  # what is wrong with its cells is told one by one
            return Shaped(padded)
        chosen = self._choose(others, shape)
        if chosen is not None and repair.confirms(chosen, padded, shape):
            shifted = stands is None and len(repair.misfits(padded, shape)) > 1 and repair.is_spaced(chosen, shape)
            if shifted or repair.is_pushed(chosen, padded, shape):
                return self._kept(chosen, shape)
        return Shaped(padded) if stands is None else self._refused(texts, [padded, *rivals], shape)

    def _pushed(self, padded: list[str], pushed: list[list[str]], exact: bool, shape: repair.Shape) -> Shaped:
        """« 25 000,50 » cut in two, or 25 000 then another column that holds 50: the file's habit tells, or nothing does."""
        habit = self._habit
        if habit.cut == 0 and (exact or habit.whole > 0):
            return Shaped(padded)
        chosen = self._choose(pushed, shape) if habit.cut and not habit.whole else None
        return self._kept(chosen, shape) if chosen else self._refused(padded, [padded, *pushed], shape)

    def _surplus(self, texts: list[str], shape: repair.Shape) -> Shaped:
        found = repair.readings(texts, shape)
        chosen = self._choose(found, shape) if len(found) <= repair.MOST else None
        if chosen is None or repair.is_cut(chosen, shape):
            return self._refused(texts, found, shape)
        if not repair.is_anchored(chosen, shape) and not repair.is_spaced(chosen, shape):
            return self._refused(texts, found, shape)
        return self._kept(chosen, shape)

    def _choose(self, found: Sequence[list[str]], shape: repair.Shape) -> list[str] | None:
        """The one reading that the file's own habit leaves, or None."""
        left = list(found)
        if self._habit.decimals:
            left = [each for each in left if repair.has_decimals(each[shape.amount])]
        if len(left) > 1 and len({repair.typed(each, shape) for each in left}) == 1:
            left = [each for each in left if repair.is_spaced(each, shape)]
        return left[0] if len(left) == 1 else None

    def _find_habit(self, records: Sequence[Sequence[Cell]]) -> Habit:
        """From the records of the sample whose amount has one reading."""
        shape = self._shape
        if shape is None or shape.delimiter != "," or shape.amount < 0:
            return Habit()
        cut = whole = plain = 0
        for cells in records:
            amount = self._sole_amount(cast(list[str], cells), shape)
            if amount is None:
                continue
            text, is_cut = amount
            cut, whole = cut + is_cut, whole + (not is_cut)
            plain += not repair.has_decimals(text)
        return Habit(cut, whole, decimals=plain == 0 and cut + whole > 0)

    def _sole_amount(self, texts: list[str], shape: repair.Shape) -> tuple[str, bool] | None:
        """The amount that all readings of a record agree upon, and whether a delimiter cut it in the file."""
        place = shape.amount
        if self._is_exact(texts) and self._fit(texts):
            next_cell = texts[place + 1] if place + 1 < len(texts) else ""
            if not (_WHOLE_NUMBER.fullmatch(texts[place].strip()) and _DECIMALS.fullmatch(next_cell)):
                return texts[place], False
        trimmed = self._trimmed(texts)
        found = repair.readings(trimmed, shape)
        amounts = {each[place] for each in found}
        if len(amounts) != 1:
            return None
        return found[0][place], found[0][place] not in trimmed

    def _kept(self, chosen: list[str], shape: repair.Shape) -> Shaped:
        amount = " ".join(chosen[shape.amount].split())
        return Shaped(chosen, warning=("commas", f"{_NAMES[shape.delimiter][0]} : montant lu « {amount} »."))

    def _refused(self, texts: Sequence[str], found: Sequence[Sequence[str]], shape: repair.Shape) -> Shaped:
        amounts = sorted({" ".join(each[shape.amount].split()) for each in found}) if shape.amount >= 0 else []
        sign = _NAMES[shape.delimiter][1]
        told = f"La ligne compte {len(texts)} cellules pour {self._width} colonnes : {sign} coupe sans doute un texte."
        if len(texts) <= self._width:
            told = f"{sign[0].upper()}{sign[1:]} coupe sans doute un texte ou un montant de cette ligne."
        if len(amounts) > 1:
            told += f" Le montant peut être {' ou '.join(f'« {each} »' for each in amounts[:3])}."
        message = f"{told} Mettez les textes et les montants entre guillemets."
        return Shaped((), refusal=("shifted" if found else "columns", message))
