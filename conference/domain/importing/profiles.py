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

from conference.domain.importing.fields import FACTS, Field, Target
from conference.domain.importing.headings import name_columns, plain, repeated_fields, template_target
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
    """The mapping of a template or of a table of grants, None when the headings do not tell."""
    best: Mapping | None = None
    for row, headings in _candidates(records):
        found = _template(row, headings) if wanted != "scdl" else None
        if found is None and wanted != "template":
            found = _grants(row, headings)
        if found is not None and (best is None or _named(found) > _named(best)):
            best = found
    return best


def guess_headings(records: Sequence[Record]) -> Mapping:
    """The best guess of the headings, to show to who will explain them: the line that names most columns."""
    best, score = None, (-1, -1)
    for row, headings in _candidates(records, two_lines=False):
        columns = name_columns(headings, Target.COMMITMENTS)
        texts = sum(1 for each in headings if any(sign.isalpha() for sign in each))
        if (found := (sum(column is not None for column in columns), texts)) > score:
            best, score = Mapping("own", Target.COMMITMENTS, row, headings, columns), found
    return best or Mapping("own", Target.COMMITMENTS, 0, (), ())


def heading_digest(headings: Sequence[str]) -> str:
    """SHA-256 (hexadecimal) of a set of headings as they are compared: the key of a remembered mapping."""
    return hashlib.sha256("\n".join(plain(heading) for heading in headings).encode()).hexdigest()


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
    return replace(mapping, profile="own", target=target, columns=tuple(columns))


def _require(chosen: Sequence[Field], target: Target) -> None:
    if Field.AMOUNT not in chosen:
        raise Refusal("Dites quelle colonne est le montant.", field="columns", code="amount")
    dated = {Field.EFFECTIVE_ON} if target is Target.ENTRIES else {*_DATED, Field.PAYMENT_DATES}
    if not dated & set(chosen):
        wanted = "la date" if target is Target.ENTRIES else "la date de la décision, ou l’année"
        raise Refusal(f"Dites quelle colonne est {wanted}.", field="columns", code="date")


def _candidates(records: Sequence[Record], *, two_lines: bool = True) -> Iterator[tuple[int, tuple[str, ...]]]:
    """(number of the last line, headings) of each line, alone then with the next one."""
    for i, (number, cells) in enumerate(records[:DEEPEST]):
        yield number, _texts(cells)
        if two_lines and i + 1 < len(records):
            below_number, below = records[i + 1]
            yield from ((below_number, headings) for headings in _joined(_texts(cells), _texts(below)))


def _joined(above: tuple[str, ...], below: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Headings on two lines, read both ways; a merged cell above stands over the empty ones that follow it."""
    width = max(len(above), len(below))
    upper = [*above, *[""] * (width - len(above))]
    lower = [*below, *[""] * (width - len(below))]
    merged, last = [], ""
    for each in upper:
        last = each or last
        merged.append(last)
    for spread in (upper, merged):
        pairs = list(zip(spread, lower, strict=True))
        yield tuple(f"{a} {b}".strip() if b or a in upper else "" for a, b in pairs)
        yield tuple(f"{b} {a}".strip() if b or a in upper else "" for a, b in pairs)


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
