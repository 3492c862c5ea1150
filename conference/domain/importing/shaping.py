"""Are the cells of a record those of its columns?

Most records are; those of some text files are not, because their texts or decimals hold the delimiter unquoted. What can be
put right for sure is, with a warning that says what was read (`repair`); the rest is refused.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from conference.domain.importing import repair
from conference.domain.importing.fields import Field
from conference.domain.importing.profiles import Cell, Mapping, Record

_NOTHING = " ;\t"


@dataclass(frozen=True, slots=True)
class Shaped:
    """The cells, one per column; or why the record is refused. (code, sentence) of each."""

    cells: Sequence[Cell]
    warning: tuple[str, str] | None = None
    refusal: tuple[str, str] | None = None


class Shaper:
    """Shapes the records of one sheet. `sample`, its first records, tells how its amounts are written."""

    def __init__(self, mapping: Mapping, delimiter: str | None, sample: Sequence[Record]) -> None:
        self._width = mapping.width
        self._delimiter = delimiter
        self._amount = mapping.columns.index(Field.AMOUNT) if Field.AMOUNT in mapping.columns else -1
        self._shape: repair.Shape | None = None
        if delimiter is not None:
            self._shape = repair.Shape(mapping.columns, delimiter)
            decimals = self._evidence([cells for number, cells in sample if number > mapping.heading_row])
            self._shape = repair.Shape(mapping.columns, delimiter, decimals)

    def shape(self, cells: Sequence[Cell]) -> Shaped:
        """The record, one cell per column."""
        shape = self._shape
        if shape is None:
            return Shaped(cells)
        texts = [str(cell) for cell in cells]
        if len(texts) == self._width and repair.fits(texts, shape.columns):
            return Shaped(texts)
        if repair.swallowed_lines(texts, shape.delimiter, self._width):
            message = (
                "Un guillemet ouvert dans cette ligne a pris les lignes suivantes dans une cellule. "
                "Fermez-le ou ôtez-le, puis envoyez de nouveau le fichier."
            )
            return Shaped((), refusal=("quotes", message))
        return self._repaired(self._trimmed(texts), shape)

    def _trimmed(self, texts: list[str]) -> list[str]:
        """Without what a spreadsheet leaves after the last column, and out of the quotes that hold the whole record."""
        texts = repair.unwrap(texts, self._delimiter or ",", self._width)
        while len(texts) > self._width and not texts[-1].strip(_NOTHING):
            texts.pop()
        if texts and self._delimiter != ";":
            texts[-1] = texts[-1].rstrip(" ;")
        return texts

    def _repaired(self, texts: list[str], shape: repair.Shape) -> Shaped:
        whole = len(texts) <= self._width
        padded = texts + [""] * (self._width - len(texts))
        if whole and repair.fits(padded, shape.columns):
            return Shaped(padded)
        found = repair.readings(texts, shape)
        if len(found) > repair.MOST:
            return Shaped((), refusal=("shifted", _unclear(texts, self._width, ())))
        chosen = repair.choose(found, shape)
        if chosen is not None:
            amount = " ".join(chosen[self._amount].split())
            return Shaped(chosen, warning=("commas", f"Virgules non protégées : montant lu « {amount} »."))
        if whole and not found:  # its cells are those of its columns: what is wrong with them is told one by one
            return Shaped(padded)
        amounts = sorted({" ".join(each[self._amount].split()) for each in found})
        return Shaped((), refusal=("shifted" if found else "columns", _unclear(texts, self._width, amounts)))

    def _evidence(self, records: Sequence[Sequence[Cell]]) -> bool | None:
        """True when every record of the sample that has one reading writes its amount with two decimals after a comma."""
        shape = self._shape
        if shape is None or shape.delimiter != "," or self._amount < 0:
            return None
        told: set[bool] = set()
        for cells in records:
            texts = [str(cell) for cell in cells]
            if len(texts) == self._width and repair.fits(texts, shape.columns):
                told.add(repair.has_decimals(texts[self._amount]))
            else:
                found = repair.readings(self._trimmed(texts), shape)
                if len({each[self._amount] for each in found}) == 1:
                    told.add(repair.has_decimals(found[0][self._amount]))
            if False in told:
                return None
        return True if told else None


def _unclear(texts: Sequence[str], width: int, amounts: Sequence[str]) -> str:
    counts = f"La ligne compte {len(texts)} cellules pour {width} colonnes : une virgule sépare sans doute un texte."
    if len(amounts) > 1:
        shown = " ou ".join(f"« {each} »" for each in amounts[:3])
        return f"{counts} Le montant peut être {shown}. Mettez les textes et les montants entre guillemets."
    return f"{counts} Mettez les textes et les montants entre guillemets."
