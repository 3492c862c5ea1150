"""What does one record say, as a commitment or as an entry?

A row is refused only when its amount, its funder or its year cannot be known (SEMANTICS §2); anything else that is missing or
wrong is a warning. The fingerprint of a commitment covers every mapped column but the amount and the giver, in a canonical
form, so that the CSV and the workbook of one table say the same.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from conference.domain.importing import cells as read
from conference.domain.importing.doubts import Headings, Totals, odd_unit, rounded_sirets
from conference.domain.importing.fields import ENTRY_KINDS, FACTS, RETURNED, Field, Target
from conference.domain.importing.fingerprint import Fingerprints
from conference.domain.importing.headings import plain
from conference.domain.importing.profiles import Cell, Mapping, Record
from conference.domain.importing.remarks import Remark, letter_of
from conference.domain.importing.shaping import Shaper
from conference.domain.ledger import EntryKind
from conference.domain.refusal import Refusal

LENGTHS = {
    Field.FUNDER_NAME: 200,
    Field.FUNDER_REFERENCE: 120,
    Field.DECISION_REFERENCE: 300,
    Field.BENEFICIARY_NAME: 200,
    Field.OBJECT: 1000,
    Field.ACCOUNTING_NUMBER: 60,
    Field.COMMITMENT_REFERENCE: 120,
    Field.ENTRY_REFERENCE: 120,
    Field.MOTIVE: 500,
}
"""Longest text that the ledger keeps of each field, in characters."""
_ITEM_LENGTH = 200
_MAY_BE_HEADINGS = frozenset({"amount", "shifted", "columns"})
_TEXTS = tuple(
    Field(name)
    for name in (
        "funder_name funder_reference object decision_reference beneficiary_name scheme audience cost_nature level "
        "territory sector accounting_number payer manager receiver"
    ).split()
)
"""Fields of a commitment that are kept as they are written."""
_LEADING_YEAR = re.compile(r"(?:199\d|20[0-4]\d)(?=[-_/. ]|$)")
_KINDS = {plain(label): kind for kind, label in ENTRY_KINDS.items()} | {kind.value: kind for kind in ENTRY_KINDS}
_MISSING = {
    Field.OBJECT: ("object", "L’objet manque."),
    Field.DECISION_REFERENCE: ("reference", "La référence de la décision manque."),
    Field.FUNDER_REFERENCE: ("reference", "La référence manque : la ligne est reconnue à ses autres colonnes."),
    Field.BENEFICIARY_NAME: ("beneficiary", "Le nom du bénéficiaire manque."),
}


@dataclass(slots=True)
class GrantRow:
    """One row that is a commitment. Amount in euros; `first`, `last`: period funded; items as they are written."""

    row: int
    funder_name: str
    funder_siret: str | None
    funder_reference: str
    decided_on: date
    amount: Decimal
    object: str
    decision_reference: str
    beneficiary_name: str
    beneficiary_siret: str | None
    scheme: str
    audience: str
    cost_nature: str
    level: str
    territory: str
    sector: str
    first: date | None
    last: date | None
    persons: int | None
    accounting_number: str
    payer: str
    manager: str
    receiver: str
    fingerprint: str
    warnings: tuple[Remark, ...] = ()


@dataclass(slots=True)
class EntryRow:
    """One row that is a payment or another entry of a commitment. Amount in euros, above zero."""

    row: int
    funder_name: str
    funder_siret: str | None
    commitment_reference: str
    kind: EntryKind
    effective_on: date
    amount: Decimal
    reference: str
    motive: str
    warnings: tuple[Remark, ...] = ()


class _Refused(Exception):
    def __init__(self, remark: Remark) -> None:
        super().__init__(remark.message)
        self.remark = remark


class RowReader:
    """Reads the records of one sheet. `delimiter` is that of a text file, None for a workbook; `sample`: its first records."""

    def __init__(self, mapping: Mapping, *, sheet: str | None, delimiter: str | None, sample: Sequence[Record]) -> None:
        self._mapping, self._sheet = mapping, sheet
        self._shaper = Shaper(mapping, delimiter, sample)
        self._places = {field: i for i, field in enumerate(mapping.columns) if field is not None}
        self._letters = {field: letter_of(i) for field, i in self._places.items()}
        self._fingerprints = Fingerprints(mapping)
        self._no_texts = {field.value: "" for field in _TEXTS}
        self._text_places = tuple(
            (field, field.value, i, LENGTHS.get(field, _ITEM_LENGTH))
            for field, i in self._places.items()
            if field in _TEXTS
        )
        self._warned = [(field, *_MISSING[field]) for field in self._places if field in _MISSING]
        self._unit = odd_unit(sample, mapping)
        self._rounded = rounded_sirets(sample, mapping)
        self._totals, self._again = Totals(mapping), Headings(mapping)
        self._warnings: list[Remark] = []
        self._row = 0
        self._cells: Sequence[Cell] = ()

    def heading_warnings(self) -> tuple[Remark, ...]:
        """A warning for each column that is left, and for each fact that no column gives."""
        row, found = self._mapping.heading_row, []
        for i, (heading, field) in enumerate(zip(self._mapping.headings, self._mapping.columns, strict=True)):
            if heading and field is None and self._mapping.profile != "own" and heading not in RETURNED:
                message = f"La colonne « {heading[:80]} » n’est pas connue : elle est laissée."
                found.append(Remark(row, f"{letter_of(i)}{row}", "unknown_column", message, self._sheet))
        if self._mapping.target is Target.COMMITMENTS:
            for field in (Field.OBJECT, Field.DECISION_REFERENCE, Field.BENEFICIARY_NAME):
                if field not in self._places and self._mapping.profile == "scdl":
                    message = f"Aucune colonne ne donne « {FACTS[field].label} »."
                    found.append(Remark(row, None, "no_column", message, self._sheet))
        return tuple(found)

    def read(self, record: Record) -> GrantRow | EntryRow | Remark:
        """The row, with its warnings, or the remark that says why it is refused."""
        row = self._read(record)
        if isinstance(row, Remark) and row.code in _MAY_BE_HEADINGS and self._again.are(record):
            return Remark(self._row, None, "headings", "Cette ligne répète les titres des colonnes.", self._sheet)
        return row

    def _read(self, record: Record) -> GrantRow | EntryRow | Remark:
        self._row, cells = record
        self._warnings = []
        if (told := self._table_refusal()) is not None:
            return Remark(self._row, None, *told, sheet=self._sheet)
        shaped = self._shaper.shape(cells)
        if shaped.refusal is not None:
            return Remark(self._row, None, *shaped.refusal, sheet=self._sheet)
        self._cells = shaped.cells
        if shaped.warning is not None:
            self._warnings.append(Remark(self._row, None, *shaped.warning, sheet=self._sheet))
        try:
            row = self._grant() if self._mapping.target is Target.COMMITMENTS else self._entry()
        except _Refused as refused:
            return refused.remark
        row.warnings = tuple(self._warnings)
        return row

    def _table_refusal(self) -> tuple[str, str] | None:
        """(code, sentence) where no row of the table can be read."""
        if self._unit is not None:
            return "unit", f"Le titre « {self._unit} » dit que les montants ne sont pas en euros : convertissez-les."
        if (row := self._again.other_table) is not None:
            message = f"Un autre tableau commence à la ligne {row} : mettez-le dans une feuille ou un fichier à part."
            return "other_table", message
        return None

    def _grant(self) -> GrantRow:
        amount = self._amount()
        decided_on = self._decided_on()
        first, last = self._optional_day(Field.FIRST), self._optional_day(Field.LAST)
        if first and last and last < first:
            self._warn(Field.LAST, "dates", "La fin de la période précède son début : la période n’est pas reprise.")
            first = last = None
        for field, code, message in self._warned:
            if (cell := self._cell(field)) == "" or (isinstance(cell, str) and cell.isspace()):
                self._warn(field, code, message)
        return GrantRow(
            row=self._row,
            funder_siret=self._siret(Field.FUNDER_SIRET),
            decided_on=decided_on,
            amount=amount,
            beneficiary_siret=self._siret(Field.BENEFICIARY_SIRET),
            first=first,
            last=last,
            persons=self._persons(),
            fingerprint=self._fingerprints.of(self._cells),
            **self._texts(),
        )

    def _texts(self) -> dict[str, Any]:
        """The texts of the row, by field of `GrantRow`; "" where no column gives one."""
        found, size = self._no_texts.copy(), len(self._cells)
        for field, name, place, longest in self._text_places:
            if place < size and (cell := self._cells[place]) != "":
                text = read.clean(cell)
                found[name] = text if len(text) <= longest else self._cut(field, text, longest)
        return found

    def _entry(self) -> EntryRow:
        amount = self._amount()
        reference = self._text(Field.COMMITMENT_REFERENCE)
        if not reference:
            raise self._refused(
                Field.COMMITMENT_REFERENCE, "commitment_reference", "La référence de l’engagement manque."
            )
        return EntryRow(
            row=self._row,
            funder_name=self._text(Field.FUNDER_NAME),
            funder_siret=self._siret(Field.FUNDER_SIRET),
            commitment_reference=reference,
            kind=self._kind(),
            effective_on=self._effective_on(),
            amount=amount,
            reference=self._text(Field.ENTRY_REFERENCE),
            motive=self._text(Field.MOTIVE),
        )

    def _cell(self, field: Field) -> Cell:
        place = self._places.get(field)
        return self._cells[place] if place is not None and place < len(self._cells) else ""

    def _text(self, field: Field) -> str:
        text, longest = read.clean(self._cell(field)), LENGTHS.get(field, _ITEM_LENGTH)
        return text if len(text) <= longest else self._cut(field, text, longest)

    def _cut(self, field: Field, text: str, longest: int) -> str:
        self._warn(field, "too_long", f"Le texte dépasse {longest} caractères : la fin n’est pas reprise.")
        return text[:longest].rstrip()

    def _amount(self) -> Decimal:
        try:
            amount = read.amount(self._cell(Field.AMOUNT))
        except Refusal as refusal:
            raise self._refused(Field.AMOUNT, refusal.code, refusal.message) from None
        if amount <= 0:
            shown = str(amount).replace(".", ",")
            raise self._refused(Field.AMOUNT, "amount_positive", f"Le montant « {shown} » doit être supérieur à zéro.")
        if self._totals.is_total(self._cells, amount):
            raise self._refused(Field.AMOUNT, "total", "Cette ligne est un total : elle n’est pas reprise.")
        return amount

    def _siret(self, field: Field) -> str | None:
        if field not in self._places:
            return None
        try:
            siret = read.siret(self._cell(field))
            if siret is not None and field in self._rounded:
                message = "Tous les SIRET de la colonne finissent par 00 : le tableur les a arrondis."
                self._warn(field, "siret_lost", f"{message} Mettez la colonne au format Texte.")
                return None
            return siret
        except Refusal as refusal:
            self._warn(field, refusal.code, refusal.message)
            return None

    def _decided_on(self) -> date:
        """The day of the agreement; a year alone is its 1 January; else the decision's day, else the first payment's."""
        cell = self._cell(Field.DECIDED_ON)
        alone = read.year(cell)
        if alone is not None:
            self._warn(Field.DECIDED_ON, "year_alone", f"L’année {alone} seule est lue comme le 1er janvier.")
            return date(alone, 1, 1)
        try:
            return read.day(cell)
        except Refusal as refusal:
            problem = "La date de convention manque." if refusal.code == "date_missing" else refusal.message
        found, origin = self._day_elsewhere()
        if found is None:
            raise self._refused(Field.DECIDED_ON, "date", f"{problem} Rien d’autre dans la ligne ne dit l’année.")
        self._warn(Field.DECIDED_ON, "date_elsewhere", f"{problem} Celle {origin} est prise : {found:%d/%m/%Y}.")
        return found

    def _day_elsewhere(self) -> tuple[date | None, str]:
        """The day of the decision, else of the first payment in the year that is told, else the first day of that year."""
        reference = read.clean(self._cell(Field.DECISION_REFERENCE))
        if decided := read.days(reference):
            return decided[0], "de la décision"
        told = read.year(self._cell(Field.YEAR)) if Field.YEAR in self._places else None
        origin = "de l’année indiquée"
        if told is None and (leading := _LEADING_YEAR.match(reference)):
            told, origin = int(leading[0]), "de l’année de la décision"
        paid = read.days(self._cell(Field.PAYMENT_DATES))
        if paid and told in (None, paid[0].year):
            return paid[0], "du premier versement"
        return (date(told, 1, 1), origin) if told is not None else (None, "")

    def _effective_on(self) -> date:
        try:
            return read.day(self._cell(Field.EFFECTIVE_ON))
        except Refusal as refusal:
            raise self._refused(Field.EFFECTIVE_ON, refusal.code, refusal.message) from None

    def _optional_day(self, field: Field) -> date | None:
        if field not in self._places:
            return None
        cell = self._cell(field)
        if cell == "" or (isinstance(cell, str) and not cell.strip()):
            return None
        try:
            return read.day(cell)
        except Refusal as refusal:
            self._warn(field, refusal.code, f"{refusal.message} Elle n’est pas reprise.")
            return None

    def _persons(self) -> int | None:
        if Field.PERSONS not in self._places:
            return None
        cell = self._cell(Field.PERSONS)
        if not str(cell).strip():
            return None
        try:
            return read.count(cell)
        except Refusal as refusal:
            self._warn(Field.PERSONS, refusal.code, refusal.message)
            return None

    def _kind(self) -> EntryKind:
        text = self._text(Field.ENTRY_KIND)
        kind = _KINDS.get(plain(text)) if text else EntryKind.PAYMENT
        if kind is None:
            known = ", ".join(ENTRY_KINDS.values())
            message = f"Le type d’écriture « {text[:60]} » n’est pas connu. Écrivez l’un de ceux-ci : {known}."
            raise self._refused(Field.ENTRY_KIND, "entry_kind", message)
        return kind

    def _remark(self, field: Field, code: str, message: str) -> Remark:
        letter = self._letters.get(field)
        return Remark(self._row, f"{letter}{self._row}" if letter else None, code, message[:500], self._sheet)

    def _warn(self, field: Field, code: str, message: str) -> None:
        self._warnings.append(self._remark(field, code, message))

    def _refused(self, field: Field, code: str, message: str) -> _Refused:
        return _Refused(self._remark(field, code, message))
