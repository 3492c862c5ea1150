"""What does a file of the schema of grant agreements (SCDL) say, row by row?

Pure reading of well-formed SCDL 2.1: UTF-8, commas, headings by code. One row is one commitment of its `nomAttribuant`,
dated by `dateConvention`. A row is refused only when its amount, its funder or its year cannot be known; anything else
that is missing or wrong is a warning (SEMANTICS §2). `row` is the record's number in the file, header and blank rows
counted, from 1: a record may hold line breaks.
"""

import csv
import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from io import StringIO

from conference.domain.french import parse_date, parse_euros
from conference.domain.refusal import Refusal
from conference.domain.siret import parse_siret

COLUMNS = (
    "nomAttribuant",
    "idAttribuant",
    "dateConvention",
    "referenceDecision",
    "nomBeneficiaire",
    "idBeneficiaire",
    "rnaBeneficiaire",
    "objet",
    "montant",
    "nature",
    "conditionsVersement",
    "datesPeriodeVersement",
    "idRAE",
    "notificationUE",
    "pourcentageSubvention",
    "dispositifAide",
)
"""The columns of the schema, in its order."""

DESCRIBING = tuple(name for name in COLUMNS if name not in ("nomAttribuant", "idAttribuant", "montant"))
"""Columns that, with the funder, tell one grant from another: all but the amount."""

_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_YEAR = re.compile(r"(?:19[5-9]\d|20\d\d|2100)")


class Unreadable(Refusal):
    """The file as a whole cannot be read as SCDL."""

    def __init__(self, message: str) -> None:
        super().__init__(message, code="unreadable")


@dataclass(frozen=True, slots=True)
class Remark:
    """What is wrong at a place of the file: `cell` in spreadsheet notation ("I5") or None for the whole row."""

    row: int
    cell: str | None
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Grant:
    """One row that can be read. Amount in euros; `fingerprint` covers the DESCRIBING columns in a canonical form."""

    row: int
    funder_name: str
    funder_siret: str | None
    decided_on: date
    decision_reference: str
    beneficiary_name: str
    beneficiary_siret: str | None
    object: str
    amount: Decimal
    scheme: str
    fingerprint: str


@dataclass(frozen=True)
class ScdlFile:
    """What the file says: rows that can be read, rows refused, warnings."""

    grants: tuple[Grant, ...] = ()
    refused: tuple[Remark, ...] = ()
    warnings: tuple[Remark, ...] = ()
    cells: dict[str, str] = field(default_factory=dict)
    """Column letter of each heading, to point at a cell."""

    def cell(self, column: str, row: int) -> str | None:
        """The cell of `column` in record `row`, None when the file lacks that column."""
        return f"{self.cells[column]}{row}" if column in self.cells else None


class _Row:
    """One record under its headings; notes remarks as it is read."""

    def __init__(self, number: int, values: dict[str, str], letters: dict[str, str]) -> None:
        self.number, self.values, self.letters = number, values, letters
        self.warnings: list[Remark] = []

    def text(self, column: str) -> str:
        return self.values.get(column, "")

    def remark(self, column: str | None, code: str, message: str) -> Remark:
        letter = self.letters.get(column or "")
        return Remark(self.number, f"{letter}{self.number}" if letter else None, code, message)

    def warn(self, column: str | None, code: str, message: str) -> None:
        self.warnings.append(self.remark(column, code, message))


class _Refused(Exception):
    def __init__(self, remark: Remark) -> None:
        super().__init__(remark.message)
        self.remark = remark


def read_scdl(text: str) -> ScdlFile:
    """Read the whole file. Raises Unreadable when it is not a table with the columns that make a grant."""
    records = _records(text)
    number, header = next(records, (0, []))
    names = [cell.strip().lstrip("\ufeff") for cell in header]
    _require_columns(names)
    letters = {name: letter_of(i) for i, name in enumerate(names) if name}
    grants: list[Grant] = []
    refused: list[Remark] = []
    warnings = [
        Remark(
            number,
            f"{letters[name]}{number}",
            "unknown_column",
            f"La colonne « {name} » n’est pas connue : elle est laissée.",
        )
        for name in letters
        if name not in COLUMNS
    ]
    for number, record in records:
        try:
            row = _row(number, names, record, letters)
            grants.append(_grant(row))
            warnings += row.warnings
        except _Refused as refusal:
            refused.append(refusal.remark)
    return ScdlFile(tuple(grants), tuple(refused), tuple(warnings), letters)


def letter_of(position: int) -> str:
    """0 → "A", 25 → "Z", 26 → "AA"."""
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def identities(fingerprints: Sequence[tuple[int, str]]) -> list[str]:
    """Identity of each row, unique for its funder, from (funder, fingerprint) in the order of the file.

    `row:` and the SHA-256 of the describing columns and the occurrence number of such a row of that funder: identical
    rows of one file are distinct grants, and the same file again finds each of them.
    """
    seen: dict[tuple[int, str], int] = {}
    found = []
    for funder, fingerprint in fingerprints:
        seen[funder, fingerprint] = occurrence = seen.get((funder, fingerprint), 0) + 1
        digest = hashlib.sha256(json.dumps([fingerprint, occurrence]).encode()).hexdigest()
        found.append(f"row:{digest}")
    return found


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    """(number, cells) of each record that is not blank."""
    if "\0" in text:
        raise Unreadable("Ce fichier n’est pas un tableau en texte. Enregistrez-le en CSV UTF-8, puis recommencez.")
    try:
        for number, record in enumerate(csv.reader(StringIO(text, newline=""), strict=True), start=1):
            if any(cell.strip() for cell in record):
                yield number, record
    except csv.Error as error:
        raise Unreadable(f"Ce fichier n’est pas un CSV lisible : {error}. Vérifiez ses guillemets.") from None


def _require_columns(names: list[str]) -> None:
    found = set(names) & set(COLUMNS)
    if not {"montant", "dateConvention"} <= found:
        shown = ", ".join(f"« {name[:40]} »" for name in names[:20] if name) or "aucune"
        raise Unreadable(
            "Ce fichier n’a pas les colonnes du schéma SCDL des subventions (nomAttribuant, dateConvention, montant…). "
            f"Colonnes trouvées : {shown}."
        )
    if double := sorted({name for name in found if names.count(name) > 1}):
        raise Unreadable(f"La colonne « {double[0]} » apparaît deux fois. Gardez-en une.")


def _row(number: int, names: list[str], record: list[str], letters: dict[str, str]) -> _Row:
    extra = [cell for cell in record[len(names) :] if cell.strip()]
    if extra:
        counts = f"{len(record)} cellules pour {len(names)} colonnes"
        message = f"La ligne compte {counts} : une virgule sépare sans doute un texte."
        raise _Refused(Remark(number, None, "columns", message))
    values = {name: " ".join(cell.split()) for name, cell in zip(names, record, strict=False)}
    return _Row(number, values, letters)


def _grant(row: _Row) -> Grant:
    amount = _amount(row)
    siret = _siret(row, "idAttribuant")
    decided_on = _decided_on(row)
    if not row.text("objet"):
        row.warn("objet", "object", "L’objet manque.")
    if not row.text("referenceDecision"):
        row.warn("referenceDecision", "reference", "La référence de la décision manque.")
    if not row.text("nomBeneficiaire"):
        row.warn("nomBeneficiaire", "beneficiary", "Le nom du bénéficiaire manque.")
    return Grant(
        row=row.number,
        funder_name=row.text("nomAttribuant"),
        funder_siret=siret,
        decided_on=decided_on,
        decision_reference=_cut(row, "referenceDecision", 300),
        beneficiary_name=row.text("nomBeneficiaire"),
        beneficiary_siret=_siret(row, "idBeneficiaire"),
        object=_cut(row, "objet", 1000),
        amount=amount,
        scheme=row.text("dispositifAide"),
        fingerprint=_fingerprint(row),
    )


def _amount(row: _Row) -> Decimal:
    text = row.text("montant")
    if not text:
        raise _Refused(row.remark("montant", "amount_missing", "Le montant manque."))
    try:
        amount = parse_euros(text)
    except Refusal as refusal:
        raise _Refused(row.remark("montant", refusal.code, refusal.message)) from None
    if amount <= 0:
        message = f"Le montant « {text} » doit être supérieur à zéro."
        raise _Refused(row.remark("montant", "amount_positive", message))
    return amount


def _decided_on(row: _Row) -> date:
    """The day of the agreement; a year alone is its 1 January; else the decision's day, else the first payment's."""
    text = row.text("dateConvention")
    if _YEAR.fullmatch(text):
        row.warn("dateConvention", "year_alone", f"L’année {text} seule est lue comme le 1er janvier.")
        return date(int(text), 1, 1)
    if text:
        try:
            return parse_date(text)
        except Refusal as refusal:
            problem = refusal.message
    else:
        problem = "La date de convention manque."
    for column, origin in (("referenceDecision", "de la décision"), ("datesPeriodeVersement", "du premier versement")):
        if found := _first_day(row.text(column)):
            row.warn("dateConvention", "date_elsewhere", f"{problem} Celle {origin} est prise : {found.isoformat()}.")
            return found
    raise _Refused(row.remark("dateConvention", "date", problem))


def _first_day(text: str) -> date | None:
    for found in _ISO_DAY.findall(text):
        try:
            return parse_date(found)
        except Refusal:
            continue
    return None


def _siret(row: _Row, column: str) -> str | None:
    text = row.text(column)
    if not text:
        return None
    try:
        return parse_siret(text)
    except Refusal as refusal:
        row.warn(column, "siret", refusal.message)
        return None


def _cut(row: _Row, column: str, length: int) -> str:
    text = row.text(column)
    if len(text) > length:
        row.warn(column, "too_long", f"Le texte dépasse {length} caractères : la fin est laissée.")
    return text[:length]


def _fingerprint(row: _Row) -> str:
    facts = [_canonical(column, row.text(column)) for column in DESCRIBING]
    return hashlib.sha256(json.dumps(facts, ensure_ascii=False).encode()).hexdigest()


def _canonical(column: str, text: str) -> str:
    """One form for the ways in which a spreadsheet writes the same value again."""
    try:
        if column == "dateConvention":
            return parse_date(text).isoformat()
        if column == "idBeneficiaire":
            return parse_siret(text)
        if column == "pourcentageSubvention":
            return str(Decimal(text.replace(",", ".")).normalize())
    except (Refusal, InvalidOperation):
        pass
    return text
