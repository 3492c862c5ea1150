"""What does one record say, as a parcours, a step or a right?

A row is refused when what it is about cannot be known (its references, its kind, its days, the amount of a right) or when a
text of it holds something shaped as a NIR, which is never quoted. Any other fact that cannot be read is left, with a warning:
what nobody said stays unsaid.
"""

from collections.abc import Mapping as Dictionary
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from conference.domain.french import typeset
from conference.domain.identity import holds_nir
from conference.domain.importing import cells as read
from conference.domain.importing.doubts import Headings
from conference.domain.importing.field import Field, FieldFacts, Target, ValueKind
from conference.domain.importing.fields import FACTS, RETURNED
from conference.domain.importing.headings import plain
from conference.domain.importing.people_fields import names_a_person
from conference.domain.importing.profiles import Cell, Mapping, Record
from conference.domain.importing.remarks import Remark, letter_of
from conference.domain.refusal import Refusal

LENGTHS = {
    Field.PARCOURS_REFERENCE: 100,
    Field.STEP_REFERENCE: 80,
    Field.RIGHT_REFERENCE: 80,
    Field.PROJECT: 300,
    Field.STEP_TITLE: 200,
    Field.STEP_FUNDERS: 500,
    Field.STEP_COMMITMENT: 120,
    Field.ORIGIN: 200,
}
"""Longest text kept of each field, in characters: a reference leaves room for what tells its sender."""
REFERENCES = frozenset({Field.PARCOURS_REFERENCE, Field.STEP_REFERENCE, Field.RIGHT_REFERENCE})
OWN_REFERENCE = {
    Target.PARCOURS: Field.PARCOURS_REFERENCE,
    Target.STEPS: Field.STEP_REFERENCE,
    Target.RIGHTS: Field.RIGHT_REFERENCE,
}
"""The field that makes a row of each kind known again."""
EXAMPLE = "EXEMPLE"
"""What the reference of the template's example rows begins with."""
_LONGEST = 200
_ANSWERS = {"oui": True, "o": True, "vrai": True, "true": True, "1": True, "x": True} | {
    "non": False,
    "n": False,
    "faux": False,
    "false": False,
    "0": False,
}
_MISSING = {
    Field.PARCOURS_REFERENCE: "La référence du parcours manque.",
    Field.PARCOURS_KIND: "Le type de parcours manque.",
    Field.KEY_SITUATION: "La situation clé manque.",
    Field.STEP_REFERENCE: "La référence de l’étape manque : sans elle, un second envoi l’ajouterait encore.",
    Field.STEP_KIND: "Le type d’étape manque.",
    Field.STEP_TITLE: "L’intitulé de l’étape manque.",
    Field.RIGHT_REFERENCE: "La référence du droit manque : sans elle, un second envoi l’ajouterait encore.",
    Field.RIGHT_KIND: "Le type de droit manque.",
    Field.FIRST_DAY: "Le premier jour manque.",
    Field.LAST_DAY: "Le dernier jour manque.",
}


@dataclass(slots=True)
class PeopleRow:
    """One row about a person's parcours: what its cells say, by field; a fact that is not there was not said.

    `numbers`: euros to the cent, hours or counts. Items are as they are written.
    """

    row: int
    target: Target
    texts: dict[str, str] = field(default_factory=dict)
    days: dict[str, date] = field(default_factory=dict)
    numbers: dict[str, Decimal] = field(default_factory=dict)
    answers: dict[str, bool] = field(default_factory=dict)
    warnings: tuple[Remark, ...] = ()

    @property
    def parcours(self) -> str:
        """The reference of the parcours that it is, or is of."""
        return self.texts[Field.PARCOURS_REFERENCE]

    @property
    def reference(self) -> str:
        """The sender's own reference of what the row is."""
        return self.texts[OWN_REFERENCE[self.target]]


class _Refused(Exception):
    def __init__(self, remark: Remark) -> None:
        super().__init__(remark.message)
        self.remark = remark


class PeopleReader:
    """Reads the records of one sheet of parcours, of steps or of rights."""

    def __init__(self, mapping: Mapping, *, sheet: str | None) -> None:
        self._mapping, self._sheet = mapping, sheet
        places = {column: i for i, column in enumerate(mapping.columns) if column is not None}
        self._places: Dictionary[Field, int] = places
        self._again = Headings(mapping)
        self._warnings: list[Remark] = []
        self._told_aside: set[int] = set()
        self._row = 0

    def heading_warnings(self) -> tuple[Remark, ...]:
        """A warning for each column that is left: one that says who a person is has its own place."""
        row, found = self._mapping.heading_row, []
        for i, (heading, column) in enumerate(zip(self._mapping.headings, self._mapping.columns, strict=True)):
            if not heading or column is not None or heading in RETURNED:
                continue
            code, message = "unknown_column", f"La colonne « {heading[:80]} » n’est pas connue : elle est laissée."
            if names_a_person(heading):
                code = "identity_column"
                message = (
                    f"La colonne « {heading[:80]} » est laissée, et le fichier ne sera pas gardé : qui est la personne "
                    "s’inscrit sur la page du parcours. Ôtez cette colonne de vos prochains envois."
                )
            found.append(Remark(row, f"{letter_of(i)}{row}", code, message, self._sheet))
        return tuple(found)

    def read(self, record: Record) -> PeopleRow | Remark:
        """The row, with its warnings, or the remark that says why it is refused."""
        self._row, cells = record
        self._warnings = []
        try:
            row = self._read(cells)
        except _Refused as refused:
            if self._again.are(record):
                return Remark(self._row, None, "headings", "Cette ligne répète les titres des colonnes.", self._sheet)
            return refused.remark
        row.warnings = tuple(self._warnings)
        return row

    def _read(self, cells: Sequence[Cell]) -> PeopleRow:
        if self._is_example(cells):  # whatever else it says
            return PeopleRow(self._row, self._mapping.target, {Field.PARCOURS_REFERENCE.value: EXAMPLE})
        if any(str(cell).strip(" ;,\t") for cell in cells[self._mapping.width :]):
            message = (
                f"La ligne compte plus de cellules que les {self._mapping.width} colonnes : un signe de séparation coupe "
                "sans doute un texte. Mettez les textes entre guillemets."
            )
            raise _Refused(Remark(self._row, None, "shifted", message, self._sheet))
        row = PeopleRow(self._row, self._mapping.target)
        self._look_aside(cells)
        for column, place in self._places.items():
            facts = FACTS[column]
            cell = cells[place] if place < len(cells) else ""
            if _holds_nir(cell):
                message = (
                    "Cette case contient ce qui ressemble à un numéro de sécurité sociale : il n’est jamais conservé. "
                    "Ôtez-le du fichier, puis recommencez."
                )
                raise self._refused(column, "nir", message)
            if isinstance(cell, str) and not cell.strip():
                if facts.required:
                    raise self._refused(column, "missing", _MISSING[column])
                continue
            self._take(row, facts, cell)
        return row

    def _is_example(self, cells: Sequence[Cell]) -> bool:
        place = self._places[Field.PARCOURS_REFERENCE]
        return place < len(cells) and str(cells[place]).strip().upper().startswith(EXAMPLE)

    def _look_aside(self, cells: Sequence[Cell]) -> None:
        """Warn once of a column that is left and holds a NIR."""
        for i, column in enumerate(self._mapping.columns[: len(cells)]):
            if column is None and i not in self._told_aside and _holds_nir(cells[i]):
                self._told_aside.add(i)
                cell = f"{letter_of(i)}{self._row}"
                message = (
                    "Cette colonne est laissée, et le fichier ne sera pas gardé : elle contient ce qui ressemble à un numéro "
                    "de sécurité sociale. Ôtez-la de vos prochains envois."
                )
                self._warnings.append(Remark(self._row, cell, "nir_left", message, self._sheet))

    def _take(self, row: PeopleRow, facts: FieldFacts, cell: Cell) -> None:
        """Put what a cell says into the row. Raises _Refused where the row cannot do without it."""
        name, sure = facts.field.value, facts.required or facts.kind is ValueKind.AMOUNT
        try:
            match facts.kind:
                case ValueKind.DAY:
                    row.days[name] = read.day(cell)
                case ValueKind.AMOUNT:
                    row.numbers[name] = _euros(cell)
                case ValueKind.COUNT | ValueKind.NUMBER:
                    row.numbers[name] = _number(cell, whole=facts.kind is ValueKind.COUNT)
                case ValueKind.YES_NO:
                    row.answers[name] = _answer(cell)
                case _:
                    row.texts[name] = self._text(facts.field, cell)
        except Refusal as refusal:
            if sure:
                raise self._refused(facts.field, refusal.code, refusal.message) from None
            self._warn(facts.field, refusal.code, f"{refusal.message} Cette indication est laissée.")

    def _text(self, column: Field, cell: Cell) -> str:
        text, longest = read.clean(cell), LENGTHS.get(column, _LONGEST)
        if len(text) <= longest:
            return text
        if column in REFERENCES:
            raise self._refused(column, "too_long", f"La référence dépasse {longest} caractères. Raccourcissez-la.")
        self._warn(column, "too_long", f"Le texte dépasse {longest} caractères : la fin n’est pas reprise.")
        return text[:longest].rstrip()

    def _remark(self, column: Field, code: str, message: str) -> Remark:
        return Remark(self._row, f"{letter_of(self._places[column])}{self._row}", code, message[:500], self._sheet)

    def _warn(self, column: Field, code: str, message: str) -> None:
        self._warnings.append(self._remark(column, code, message))

    def _refused(self, column: Field, code: str, message: str) -> _Refused:
        return _Refused(self._remark(column, code, message))


def _holds_nir(cell: Cell) -> bool:
    return not isinstance(cell, date) and holds_nir(str(cell))


def _euros(cell: Cell) -> Decimal:
    amount = read.amount(cell)
    if amount < 0:
        raise Refusal("Le montant ne peut pas être négatif.", code="amount_positive")
    return amount


def _number(cell: Cell, *, whole: bool) -> Decimal:
    text = "".join(str(cell).split()).replace(",", ".") if not isinstance(cell, date) else ""
    try:
        number = Decimal(text)
    except ArithmeticError:
        number = Decimal("NaN")
    if not number.is_finite() or not 0 < number <= 100_000 or (whole and number != number.to_integral_value()):
        example = "12" if whole else "35 ou 17,5"
        raise Refusal(
            f"Le nombre « {str(cell)[:60]} » n’est pas lisible. Écrivez par exemple {example}.", code="number"
        )
    return number.to_integral_value() if whole else number.quantize(Decimal("0.0001"))


def _answer(cell: Cell) -> bool:
    told = _ANSWERS.get(plain(read.clean(cell)))
    if told is None:
        raise Refusal(typeset(f"« {read.clean(cell)[:60]} » n’est ni oui ni non."), code="yes_no")
    return told
