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
_DECIMALS = re.compile(r"\s*[.,]?\d{1,2}\s*(?:€|euros?)?\s*", re.IGNORECASE)
_QUOTED_DECIMALS = re.compile(r"[.,]?\d{1,2}\s*(?:€|euros?)?\s*\"", re.IGNORECASE)
_LAST = 3
"""Empty cells at the end of a record that may be columns of it."""
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
    """How a file is written. `cuts`: some of its amounts may be cut by an unquoted delimiter; `decimals`: all amounts that
    have one reading have two decimals after a comma; `ends`: its records may end at their amount, the last cells left out;
    `sound`: most of its records fit as they stand."""

    cuts: bool = False
    decimals: bool = False
    ends: bool = False
    sound: bool = False


class Shaper:
    """Shapes the records of one sheet. `sample`, its first records, tells how the file is written."""

    def __init__(self, mapping: Mapping, delimiter: str | None, sample: Sequence[Record]) -> None:
        self._width = self._full = mapping.width
        self._shape = None if delimiter is None else repair.Shape(mapping.columns, delimiter)
        self._checks: tuple[tuple[int, Check], ...] = ()
        self._habit = Habit()
        if self._shape is not None:
            self._checks = tuple((i, check) for i, check in enumerate(self._shape.checks) if check is not None)
            body = [cast(list[str], cells) for number, cells in sample if number > mapping.heading_row]
            self._learn(body, self._shape)

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
        if (refusal := self._torn_amount(texts)) is not None:
            return Shaped((), refusal=refusal)
        if self._is_exact(texts) and self._fit(texts) and not self._tempts(texts):
            return Shaped(texts)
        trimmed, found = self._readings(texts, shape)
        if len(trimmed) <= self._width:
            padded = trimmed + [""] * (self._width - len(trimmed))
            return self._whole(padded, found, len(texts) == self._full, shape)
        return self._surplus(trimmed, found, shape)

    def _torn_amount(self, texts: Sequence[str]) -> tuple[str, str] | None:
        """Why the end of the amount may be lost: the line stops there, or the next cell ends by the quote that closed it."""
        after = (self._shape.amount if self._shape else -1) + 1
        if after == 0:
            return None
        if len(texts) == 1 < after and (texts[0][:1].isdigit() or texts[0][:1] in ",.") and after == self._width:
            message = f"Cette ligne ne tient que « {texts[0][:30]} » : sans doute la fin du montant de la précédente."
            return "columns", f"{message} Vérifiez les deux."
        if len(texts) == after < self._width and texts[-1].strip() and not self._habit.ends:
            return "columns", "La ligne s’arrête au montant, qui est peut-être coupé. Complétez-la, puis recommencez."
        if after < len(texts) and texts[after][-1:] == '"' and _QUOTED_DECIMALS.fullmatch(texts[after].strip()):
            return "quotes", "Un guillemet manque avant le montant, dont les décimales sont dans la cellule suivante."
        if after < self._width and len(texts) > self._full and self._is_surplus_decimal(texts, after):
            return "shifted", f"{_NAMES[self._delimiter][1].capitalize()} coupe sans doute le montant de cette ligne."
        return None

    def _is_surplus_decimal(self, texts: Sequence[str], place: int) -> bool:
        """One cell too many, and decimals where a text should be (a comma that cuts decimals is repaired elsewhere)."""
        free = self._shape is not None and self._shape.checks[place] is None
        return self._delimiter != "," and free and self._may_be_cut(texts)

    def _is_exact(self, texts: Sequence[str]) -> bool:
        """As many cells as the records of this file have, those after the last heading empty."""
        return (
            len(texts) == self._full
            and not any(cell.strip(_NOTHING) for cell in texts[self._width :])
            and (self._delimiter == ";" or texts[-1][-1:] != ";")
        )

    def _fit(self, texts: Sequence[str]) -> bool:
        for i, check in self._checks:  # noqa: SIM110  (asked of each record: a generator doubles its cost)
            if not check(texts[i]):
                return False
        return True

    def _tempts(self, texts: Sequence[str]) -> bool:
        """Could the cell after the amount be its decimals, in a file that is known to cut amounts?"""
        return self._habit.cuts and self._may_be_cut(texts)

    def _may_be_cut(self, texts: Sequence[str]) -> bool:
        place = self._shape.amount if self._shape else -1
        return (
            0 <= place < len(texts) - 1
            and bool(_WHOLE_NUMBER.fullmatch(texts[place].strip()))
            and bool(_DECIMALS.fullmatch(texts[place + 1]))
        )

    @property
    def _delimiter(self) -> str:
        return self._shape.delimiter if self._shape else ","

    def _readings(self, texts: Sequence[str], shape: repair.Shape) -> tuple[list[str], list[list[str]]]:
        """The record without what a spreadsheet leaves after its last column, and out of the quotes that hold it whole; and
        its readings, with and without those last empty cells: they may be columns."""
        kept = repair.unwrap(texts, shape.delimiter, self._width)
        count = len(kept)
        while len(kept) > self._width and not kept[-1].strip(_NOTHING):
            kept.pop()
        if kept and shape.delimiter != ";":
            kept[-1] = kept[-1].rstrip(" ;")
        found: list[list[str]] = []
        for empty in range(min(count - len(kept), _LAST) + 1):
            found += [each for each in repair.readings(kept + [""] * empty, shape) if each not in found]
        return kept, [each for each in found if repair.is_dated(each, shape)]

    def _whole(self, padded: list[str], found: list[list[str]], exact: bool, shape: repair.Shape) -> Shaped:
        """A record with no more cells than columns: as it stands, unless its amount could be another."""
        stands = repair.amount_of(padded, shape)
        rivals = [each for each in found if repair.amount_of(each, shape) != stands]
        fits = self._fit(padded)
        if fits and exact:
            rivals = [each for each in rivals if self._habit.cuts and repair.is_pushed(each, padded, shape)]
        if not fits and self._habit.sound and repair.is_displaced(padded, shape):
            return self._refused(padded, [padded, *rivals], shape)
        if not rivals and (fits or stands is not None):  # what is wrong with its cells is told one by one
            return Shaped(padded)
        chosen = self._choose([padded, *rivals] if fits else rivals, shape)
        if chosen is not None and self._is_sure(chosen, padded, fits, shape):
            return Shaped(padded) if chosen == padded else self._kept(chosen, shape)
        return Shaped(padded) if stands is None else self._refused(padded, [padded, *rivals], shape)

    def _is_sure(self, chosen: list[str], padded: list[str], fits: bool, shape: repair.Shape) -> bool:
        if chosen == padded:
            return True
        if fits or repair.amount_of(padded, shape) is not None:
            return repair.is_pushed(chosen, padded, shape) and (fits or repair.confirms(chosen, padded, shape))
        wrong = len(repair.misfits(padded, shape))
        return wrong > 1 and repair.confirms(chosen, padded, shape) and repair.is_spaced(chosen, shape)

    def _surplus(self, texts: list[str], found: list[list[str]], shape: repair.Shape) -> Shaped:
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

    def _learn(self, body: Sequence[list[str]], shape: repair.Shape) -> None:
        """How the records of the sample whose amount has one reading are written."""
        if shape.amount < 0:
            return
        joined = sole = plain = sound = 0
        cuts = False
        for texts in body:
            if self._is_exact(texts) and self._fit(texts) and not self._may_be_cut(texts):
                amounts = {texts[shape.amount]}
                sound += 1
            else:
                trimmed, found = self._readings(texts, shape)
                amounts = {each[shape.amount] for each in found}
                cuts = cuts or (len(trimmed) > self._width and any(shape.delimiter in each for each in amounts))
                joined += len(trimmed) > self._width
            if len(amounts) == 1:
                sole, plain = sole + 1, plain + (not repair.has_decimals(*amounts))
        ends = sum(len(texts) == shape.amount + 1 and repair.amount_of(texts, shape) is not None for texts in body)
        self._habit = Habit(
            cuts,
            decimals=shape.delimiter == "," and sole > 0 and plain == 0,
            sound=sound * 2 > len(body),
            ends=ends * 2 > len(body) or (ends > 2 and ends * 10 > len(body)),
        )
        lengths = {len(texts) for texts in body}
        if len(lengths) == 1 and sole and not joined:
            self._full = max(self._width, *lengths)

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
