"""Where are the headings of a table, and what is each of its columns?

The conférence's own template is known by its labels, a table of grant agreements (SCDL) by the codes, titles or usual
variants of its headings; anything else is explained once by its sender. Titles may stand above the headings, and headings
may take two lines.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Literal

from conference.domain.importing.fields import FACTS, RETURNED, Field, Target
from conference.domain.importing.headings import has_odd_unit, name_columns, plain, repeated_fields, template_target
from conference.domain.refusal import Refusal

Cell = str | Decimal | date
Record = tuple[int, list[Cell]]
"""Number of the record in its sheet or file, from 1, and its cells."""
Wanted = Literal["auto", "template", "scdl"] | str

DEEPEST = 30
"""Records among which the headings are looked for."""
_PARTIES = frozenset({Field.FUNDER_NAME, Field.FUNDER_SIRET, Field.BENEFICIARY_NAME, Field.BENEFICIARY_SIRET})
_DATED = frozenset({Field.DECIDED_ON, Field.YEAR})


@dataclass(frozen=True)
class Mapping:
    """What each column of a table is. `heading_row`: number of the last record of the headings; None: a column left."""

    profile: str
    target: Target
    heading_row: int
    headings: tuple[str, ...]
    columns: tuple[Field | None, ...]

    @property
    def width(self) -> int:
        """Number of columns, up to the last one that has a heading."""
        return len(self.headings)


def recognise(records: Sequence[Record], wanted: Wanted = "auto") -> Mapping | None:
    """The mapping of a template or of a table of grants, None when the headings do not tell.

    The first headings that tell are those of the table: records above them are titles, whatever comes further down.
    """
    rows = [(number, _texts(cells)) for number, cells in records[:DEEPEST]]
    for i, (row, headings) in enumerate(rows):
        found = [_recognised(row, headings, wanted)]
        if i + 1 < len(rows):
            below, under = rows[i + 1]
            found += [_recognised(below, joined, wanted) for joined in _joined(headings, under)]
            if found[0] is None and any(found):
                found.insert(0, _recognised(below, under, wanted))
        if told := [mapping for mapping in found if mapping is not None]:
            return max(told, key=_named)
    return None


def _recognised(row: int, headings: tuple[str, ...], wanted: Wanted) -> Mapping | None:
    found = _template(row, headings) if wanted != "scdl" else None
    return _grants(row, headings) if found is None and wanted != "template" else found


def guess_headings(records: Sequence[Record]) -> Mapping:
    """The best guess of the headings, to show to who will explain them: the line that names most columns."""
    best, score = None, (-1, -1)
    for row, cells in records[:DEEPEST]:
        headings = _texts(cells)
        columns = name_columns(headings, Target.COMMITMENTS)
        texts = sum(1 for each in headings if any(sign.isalpha() for sign in each))
        if (found := (sum(column is not None for column in columns), texts)) > score:
            best, score = Mapping("own", Target.COMMITMENTS, row, headings, columns), found
    return best or Mapping("own", Target.COMMITMENTS, 0, (), ())


def heading_digest(headings: Sequence[str]) -> str:
    """SHA-256 (hexadecimal) of a set of headings as they are compared: the key of a remembered mapping."""
    own = [plain(heading) for heading in headings if heading not in RETURNED]
    return hashlib.sha256("\n".join(own).encode()).hexdigest()


def with_columns(mapping: Mapping, columns: Sequence[Field | None]) -> Mapping:
    """The mapping with the columns that its sender explains. Raises Refusal where they make no line."""
    if len(columns) != len(mapping.headings):
        raise Refusal(
            "Le nombre de colonnes a changé : choisissez le fichier de nouveau.", field="columns", code="columns"
        )
    chosen = [column for column in columns if column is not None]
    for column in chosen:
        if chosen.count(column) > 1:
            label = FACTS[column].label
            raise Refusal(
                f"Deux colonnes sont données comme « {label} » : gardez-en une.", field="columns", code="twice"
            )
    target = Target.ENTRIES if Field.COMMITMENT_REFERENCE in chosen else Target.COMMITMENTS
    for column in chosen:
        if target not in FACTS[column].targets:
            label = FACTS[column].label
            message = (
                f"« {label} » ne va pas avec « Référence de l’engagement » : un tableau porte soit des engagements, soit "
                "des écritures."
            )
            raise Refusal(message, field="columns", code="mixed")
    _require(chosen, target)
    _in_euros(mapping.headings[columns.index(Field.AMOUNT)])
    return replace(mapping, profile="own", target=target, columns=tuple(columns))


def _require(chosen: Sequence[Field], target: Target) -> None:
    if Field.AMOUNT not in chosen:
        raise Refusal("Dites quelle colonne est le montant.", field="columns", code="amount")
    dated = {Field.EFFECTIVE_ON} if target is Target.ENTRIES else {*_DATED, Field.PAYMENT_DATES}
    if not dated & set(chosen):
        wanted = "la date" if target is Target.ENTRIES else "la date de la décision, ou l’année"
        raise Refusal(f"Dites quelle colonne est {wanted}.", field="columns", code="date")


def _in_euros(heading: str) -> None:
    if has_odd_unit(heading):
        message = f"La colonne « {heading[:80]} » n’est pas en euros : convertissez-la en euros dans le tableur."
        raise Refusal(message, field="columns", code="unit")


def _joined(above: tuple[str, ...], below: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Headings on two lines, read both ways; a merged cell above stands over the empty ones that follow it."""
    width = max(len(above), len(below))
    upper = [*above, *[""] * (width - len(above))]
    lower = [*below, *[""] * (width - len(below))]
    merged, last = [], ""
    for each in upper:
        last = each or last
        merged.append(last)
    spread = [m if b else a for a, m, b in zip(upper, merged, lower, strict=True)]
    for over in (upper, spread):
        yield tuple(_in_order(a, b) for a, b in zip(over, lower, strict=True))


def _in_order(above: str, below: str) -> str:
    """« Nom » over « attribuant », or « Bénéficiaire » over « Nom »."""
    down, up = f"{above} {below}".strip(), f"{below} {above}".strip()
    known = name_columns([up], Target.COMMITMENTS) != (None,) and name_columns([down], Target.COMMITMENTS) == (None,)
    return up if known else down


def _texts(cells: Sequence[Cell]) -> tuple[str, ...]:
    """The cells as headings, without the empty ones at the end (nor the signs that a spreadsheet leaves there)."""
    texts = [" ".join(cell.replace("\ufeff", "").split()) if isinstance(cell, str) else str(cell) for cell in cells]
    while texts and not texts[-1].strip(" ;,\t"):
        texts.pop()
    if texts:
        texts[-1] = texts[-1].rstrip(" ;")
    return tuple(texts)


def _template(row: int, headings: tuple[str, ...]) -> Mapping | None:
    target = template_target(headings)
    if target is None:
        return None
    return Mapping("template", target, row, headings, name_columns(headings, target))


def _grants(row: int, headings: tuple[str, ...]) -> Mapping | None:
    columns = name_columns(headings, Target.COMMITMENTS)
    named = {column for column in columns if column is not None}
    sure = Field.AMOUNT in named and named & _DATED and named & _PARTIES
    if not sure or set(repeated_fields(headings, Target.COMMITMENTS)) & {Field.AMOUNT, *_DATED, *_PARTIES}:
        return None
    return Mapping("scdl", Target.COMMITMENTS, row, headings, columns)


def _named(mapping: Mapping) -> int:
    return sum(column is not None for column in mapping.columns)
