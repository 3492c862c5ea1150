"""What do the words of a row about people designate: a kind, an item of a list, an organisation?

Kinds are written by their label of the glossary or their code. Who pays a right must be known; a provider, a manager, an item
that are not are left, with a warning.
"""

from functools import cache
from typing import Any

from conference.data.glossary import label
from conference.domain.case import StepKind
from conference.domain.french import typeset
from conference.domain.importing.field import Field
from conference.domain.importing.fields import FACTS
from conference.domain.importing.headings import plain
from conference.domain.importing.people_rows import PeopleRow
from conference.domain.importing.remarks import Remark
from conference.domain.parcours import KeySituation, ParcoursKind
from conference.domain.rights import RightKind
from conference.services.importing.plan import Planner

_KINDS: dict[Field, tuple[str, type[Any]]] = {
    Field.PARCOURS_KIND: ("parcours_kind", ParcoursKind),
    Field.KEY_SITUATION: ("key_situation", KeySituation),
    Field.STEP_KIND: ("step_kind", StepKind),
    Field.RIGHT_KIND: ("right_kind", RightKind),
}
_LISTS = {Field.TERRITORY: "Le territoire", Field.AUDIENCE: "Le public"}


class Refused(Exception):
    """A row is refused: `remark` says where and why."""

    def __init__(self, remark: Remark) -> None:
        super().__init__(remark.message)
        self.remark = remark


def kind_labels(column: Field) -> tuple[tuple[str, str], ...]:
    """(code, label) of each kind that a column may say."""
    group, kind = _KINDS[column]
    return tuple((each.value, label(group, each.value)) for each in kind)


@cache
def _kinds(column: Field) -> dict[str, str]:
    found: dict[str, str] = {}
    for code, text in kind_labels(column):
        found.setdefault(plain(text), code)
        found.setdefault(plain(code), code)
    return found


class Words:
    """Reads the words of the rows of one file, with the ledger's planner."""

    def __init__(self, planner: Planner) -> None:
        self.planner = planner

    def kind(self, sheet: str | None, row: PeopleRow, column: Field) -> Any:
        """The kind that a cell says. Raises Refused."""
        text = row.texts[column]
        code = _kinds(column).get(plain(text))
        if code is None:
            known = ", ".join(told for _, told in kind_labels(column))
            title = FACTS[column].label
            message = (
                f"{title} « {text[:60]} » : cette valeur n’est pas dans la liste. Écrivez l’une de celles-ci : {known}."
            )
            raise self.refused(sheet, row, column, "kind", message)
        return _KINDS[column][1](code)

    def item(self, sheet: str | None, row: PeopleRow, column: Field) -> int | None:
        """The item of a list that a cell says; None, with a warning, for another text."""
        text = row.texts.get(column)
        number = self.planner.lists[column.value].get(text.casefold()) if text else None
        if text and number is None:
            message = f"{_LISTS[column]} « {text[:80]} » n’est pas dans la liste : il n’est pas repris."
            self.warn(sheet, row, column, column.value, message)
        return number

    def organisation(self, sheet: str | None, row: PeopleRow, column: Field, *, funder: bool = False) -> int | None:
        """The organisation that a cell names; None, with a warning, for one that is not known."""
        text = row.texts.get(column)
        number = self.planner.parties.named(text, funders=funder) if text else None
        if text and (number is None or number < 0):
            message = f"« {text[:80]} » n’est pas un organisme connu de la conférence : cette indication est laissée."
            self.warn(sheet, row, column, "organisation", message)
            return None
        return number

    def needed(self, sheet: str | None, row: PeopleRow, column: Field, text: str, *, funder: bool = False) -> int:
        """The organisation that a text names. Raises Refused."""
        number = self.planner.parties.named(text, funders=funder)
        if number is None or number < 0:
            title = "un financeur" if funder else "un organisme"
            message = (
                f"« {text[:80]} » n’est pas {title} de la conférence. Écrivez le nom ou le code de la feuille Listes."
            )
            raise self.refused(sheet, row, column, "organisation", message)
        return number

    def funders(self, sheet: str | None, row: PeopleRow) -> tuple[int, ...]:
        """The funders of a step, in the order in which they are named. Raises Refused."""
        texts = [text.strip() for text in row.texts.get(Field.STEP_FUNDERS, "").split(";")]
        found = [self.needed(sheet, row, Field.STEP_FUNDERS, text, funder=True) for text in texts if text]
        return tuple(dict.fromkeys(found))

    def refused(self, sheet: str | None, row: PeopleRow, column: Field | str, code: str, message: str) -> Refused:
        """The refusal of a row, at the cell of a column ("" for the whole row)."""
        return Refused(self.planner.remark(sheet, row.row, str(column), code, typeset(message)))

    def warn(self, sheet: str | None, row: PeopleRow, column: Field | str, code: str, message: str) -> None:
        """Say something of a row that is read."""
        self.planner.warnings.append(self.planner.remark(sheet, row.row, str(column), code, typeset(message)))
