"""What will become of a step or of a right that a file tells: added, changed, there already, or refused?

A known step takes what the row says, keeps the rest and never loses a funder. A right is a fact: another value withdraws it
and records it again, as the forms do. What was withdrawn on the pages stays withdrawn, and is told.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields, replace
from decimal import Decimal
from typing import Any

from conference.data.staged_people import told_facts
from conference.data.tables import IncomeRight, Step
from conference.domain.case import StepKind
from conference.domain.importing.field import Field, Target
from conference.domain.importing.people_rows import PeopleRow
from conference.domain.refusal import Refusal
from conference.domain.rights import RightKind
from conference.services.importing.people_known import KnownParcours
from conference.services.importing.people_outcomes import (
    ChangedRight,
    ChangedStep,
    NewRight,
    NewStep,
    Outcome,
    Same,
    Told,
)
from conference.services.importing.people_ties import Ties
from conference.services.importing.people_words import Refused, Words
from conference.services.income_rights import RightLine, check_right_line
from conference.services.parcours_changes import refuse_opening
from conference.services.steps import StepLine, check_step_line

_COLUMNS = {
    "first": Field.FIRST_DAY,
    "last": Field.LAST_DAY,
    "title": Field.STEP_TITLE,
    "hours": Field.HOURS,
    "weekly_hours": Field.WEEKLY_HOURS,
    "registered_on": Field.REGISTERED_ON,
    "age_at_entry": Field.AGE_AT_ENTRY,
    "daily_amount": Field.DAILY_AMOUNT,
    "monthly_amount": Field.MONTHLY_AMOUNT,
    "opened_months": Field.OPENED_MONTHS,
    "funder_ids": Field.STEP_FUNDERS,
}
"""Column of each field that a rule names."""
_STEP_FACTS = (
    *("hours", "weekly_hours", "needs_income", "registered_on", "age_at_entry"),
    *("prescribed", "qualifying", "shortage_occupation", "approved_for_pay"),
)
_RIGHT_FACTS = ("daily_amount", "monthly_amount", "opened_months", "main")
_FROM_FILE = frozenset({"import_file_id", "source_sheet", "source_row"})
_WHOLE = frozenset({"hours", "age_at_entry", "opened_months"})


@dataclass
class Additions:
    """Plans the steps and rights of one file."""

    words: Words
    ties: Ties
    left_alone: bool = False
    _seen: dict[tuple[object, Target, str], int] = field(default_factory=dict)

    def of(self, sheet: str | None, row: PeopleRow, known: KnownParcours | None, referent: int | None) -> Outcome:
        """What becomes of a row; `referent` of the new parcours that it is of, where `known` is None. Raises Refused."""
        self._once(sheet, row, known)
        if row.target is Target.STEPS:
            return self._step(sheet, row, known, referent)
        return self._right(sheet, row, known, referent)

    def leave(self, sheet: str | None, row: PeopleRow) -> None:
        """Say that a difference was made on the pages since this very file came in."""
        message = "Ce fichier est déjà venu : ce qui a été changé depuis sur la page du parcours est gardé."
        self.words.warn(sheet, row, "", "changed_since", message)

    def _once(self, sheet: str | None, row: PeopleRow, known: KnownParcours | None) -> None:
        owner: object = row.parcours if known is None else known.told.id
        earlier = self._seen.setdefault((owner, row.target, row.reference), row.row)
        if earlier != row.row:
            message = f"Cette référence est déjà celle de la ligne {earlier} du même parcours."
            column = Field.STEP_REFERENCE if row.target is Target.STEPS else Field.RIGHT_REFERENCE
            raise self.words.refused(sheet, row, column, "repeated_reference", message)

    def _step(self, sheet: str | None, row: PeopleRow, known: KnownParcours | None, referent: int | None) -> Outcome:
        told = Told(sheet, row.row, told_facts(row))
        step = known.steps.get(known.stored(row.reference)) if known is not None else None
        if step is not None and step.withdrawn_at is not None:
            return self._withdrawn(sheet, row, Same("step", step.id or 0))
        named = self.words.funders(sheet, row)
        before = _step_of(step, known) if step is not None and known is not None else None
        line = self._step_line(sheet, row, before)
        if known is None or before is None or step is None:
            line = replace(line, funder_ids=named or ((referent,) if referent else ()))
            line = replace(line, source_sheet=sheet, source_row=row.row)
            line = replace(line, own_reference=known.stored(row.reference) if known is not None else row.reference)
            self._check(sheet, row, line, known, line.funder_ids)
            tie = self.ties.of(sheet, row, known, None)
            return NewStep(told, line, known.parcours_id if known is not None else None, tie)
        line = replace(line, funder_ids=tuple(sorted({*before.funder_ids, *named})))
        if line != before and self.left_alone:
            self.leave(sheet, row)
            return Same("step", step.id or 0)
        if line != before:
            self._check(sheet, row, line, known, set(named) - set(before.funder_ids))
        tie = self.ties.of(sheet, row, known, step.id)
        if line == before and tie is None:
            return Same("step", step.id or 0)
        return ChangedStep(told, step.id or 0, known.parcours_id, line if line != before else None, tie)

    def _step_line(self, sheet: str | None, row: PeopleRow, before: StepLine | None) -> StepLine:
        """`before` with what the row says."""
        said: dict[str, Any] = {
            "kind": self.words.kind(sheet, row, Field.STEP_KIND),
            "title": row.texts[Field.STEP_TITLE].strip(),
            "first": row.days[Field.FIRST_DAY],
            "last": row.days[Field.LAST_DAY],
            **_facts(row, _STEP_FACTS),
        }
        provider = self.words.organisation(sheet, row, Field.PROVIDER)
        if provider is not None:
            said["provider_id"] = provider
        return StepLine(**said) if before is None else replace(before, **said)

    def _check(
        self, sheet: str | None, row: PeopleRow, line: StepLine, known: KnownParcours | None, added: Collection[int]
    ) -> None:
        """Raises Refused where the verb would refuse the line, or the funders `added` to the step."""
        try:
            check_step_line(line)
            if known is not None:
                words = self.words.planner
                refuse_opening(words.session, known.kept, added, words.sender.by)
        except Refusal as refusal:
            raise self._ruled(sheet, row, refusal) from None

    def _right(self, sheet: str | None, row: PeopleRow, known: KnownParcours | None, referent: int | None) -> Outcome:
        told = Told(sheet, row.row, told_facts(row))
        right = known.rights.get(known.stored(row.reference)) if known is not None else None
        if right is not None and right.withdrawn_at is not None:
            return self._withdrawn(sheet, row, Same("right", right.id or 0))
        before = _right_of(right) if right is not None else None
        line = self._right_line(sheet, row, before, referent)
        if known is None or before is None or right is None:
            line = replace(line, source_sheet=sheet, source_row=row.row)
            line = replace(line, own_reference=known.stored(row.reference) if known is not None else row.reference)
            self._check_right(sheet, row, line)
            return NewRight(told, line, known.parcours_id if known is not None else None)
        if line == before:
            return Same("right", right.id or 0)
        if self.left_alone:
            self.leave(sheet, row)
            return Same("right", right.id or 0)
        self._check_right(sheet, row, line)
        return ChangedRight(told, right.id or 0, known.parcours_id, line)

    def _right_line(
        self, sheet: str | None, row: PeopleRow, before: RightLine | None, referent: int | None
    ) -> RightLine:
        said: dict[str, Any] = {
            "kind": self.words.kind(sheet, row, Field.RIGHT_KIND),
            "first": row.days[Field.FIRST_DAY],
            "last": row.days[Field.LAST_DAY],
            **_facts(row, _RIGHT_FACTS),
        }
        if Field.ORIGIN in row.texts:
            said["origin"] = row.texts[Field.ORIGIN].strip()
        said |= dict.fromkeys(_other_amount(said))
        for column, name in ((Field.RIGHT_FUNDER, "funder_id"), (Field.RIGHT_MANAGER, "manager_id")):
            if (number := self.words.organisation(sheet, row, column)) is not None:
                said[name] = number
        if (text := row.texts.get(Field.RIGHT_PAYER)) is not None:
            said["payer_id"] = self.words.needed(sheet, row, Field.RIGHT_PAYER, text)
        elif before is None:
            said["payer_id"] = self._default_payer(sheet, row, referent)
        return RightLine(**said) if before is None else replace(before, **said)

    def _default_payer(self, sheet: str | None, row: PeopleRow, referent: int | None) -> int:
        payer = self.words.planner.own_funder or referent
        if payer is None:
            raise self.words.refused(sheet, row, Field.RIGHT_PAYER, "organisation", "Le payeur du droit manque.")
        return payer

    def _check_right(self, sheet: str | None, row: PeopleRow, line: RightLine) -> None:
        try:
            check_right_line(line)
        except Refusal as refusal:
            raise self._ruled(sheet, row, refusal) from None

    def _ruled(self, sheet: str | None, row: PeopleRow, refusal: Refusal) -> Refused:
        column = _COLUMNS.get(refusal.field or "", "")
        return self.words.refused(sheet, row, column, refusal.code, refusal.message)

    def _withdrawn(self, sheet: str | None, row: PeopleRow, same: Same) -> Same:
        message = "Cette ligne a été retirée sur la page du parcours : elle n’est pas reprise."
        self.words.warn(sheet, row, "", "withdrawn", message)
        return same


def _facts(row: PeopleRow, names: tuple[str, ...]) -> dict[str, Any]:
    """The days, numbers and answers that a row says, among `names`."""
    said: dict[str, Any] = {}
    kinds: tuple[Mapping[str, Any], ...] = (row.days, row.numbers, row.answers)
    for name in names:
        for kind in kinds:
            if name in kind:
                said[name] = int(kind[name]) if name in _WHOLE else kind[name]
    return said


def _other_amount(said: Mapping[str, Any]) -> tuple[str, ...]:
    """A right told by the day is no more told by the month."""
    amounts = ("daily_amount", "monthly_amount")
    told = [name for name in amounts if name in said]
    return tuple(name for name in amounts if name not in said) if told else ()


def _step_of(step: Step, known: KnownParcours) -> StepLine:
    names = [each.name for each in fields(StepLine) if each.name not in ("kind", "funder_ids", *_FROM_FILE)]
    funders = tuple(sorted(known.funders.get(step.id or 0, set())))
    facts = {name: getattr(step, name) for name in names}
    if facts["weekly_hours"] is not None:
        facts["weekly_hours"] = Decimal(facts["weekly_hours"])
    return StepLine(kind=StepKind(step.kind), funder_ids=funders, **facts)


def _right_of(right: IncomeRight) -> RightLine:
    names = [each.name for each in fields(RightLine) if each.name not in ("kind", *_FROM_FILE)]
    return RightLine(kind=RightKind(right.kind), **{name: getattr(right, name) for name in names})
