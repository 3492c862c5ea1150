"""How do the accepted rows about people become parcours, steps and rights?

New parcours come in bulk with what is told of them; everything that touches a parcours which is there goes through the verbs
of the forms. What each person's days lack is computed once, at the end of the import, unless there are so many that the next
detection does it faster.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlmodel import Session, col, select

from conference.data.tables import ImportFile, IncomeRight, Parcours, Step
from conference.domain.permissions import Actor
from conference.services.importing.people_outcomes import (
    ChangedParcours,
    ChangedRight,
    ChangedStep,
    NewParcours,
    NewRight,
    NewStep,
    Outcome,
    Tie,
)
from conference.services.income_rights import RightLine, record_right, withdraw_right
from conference.services.parcours import change_parcours
from conference.services.parcours_bulk import CourseLine, ParcoursLine, record_parcours
from conference.services.parcours_changes import refresh_together, refreshed_later
from conference.services.plans import fund_step
from conference.services.steps import StepLine, add_step, change_step

CHUNK = 500
_MOTIVE = "Corrigé par un fichier importé"


class PeopleWriter:
    """Writes the accepted rows about people of one file, in the caller's transaction."""

    def __init__(self, session: Session, file: ImportFile, by: Actor, at: datetime) -> None:
        assert file.id is not None
        self._session, self._file_id, self._by, self._at = session, file.id, by, at
        self._asked: set[int] = set()
        self.replacing: set[int] = set()
        """Rights recorded again with other values."""

    def write(self, outcomes: Sequence[Outcome]) -> None:
        """Write these outcomes: what is new in bulk, then the others in their order."""
        fresh = [each for each in outcomes if isinstance(each, NewParcours)]
        made = record_parcours(self._session, [self._opened(each) for each in fresh], by=self._by, at=self._at)
        with refreshed_later(self._session) as changed:
            self._tie_new(dict(zip(made, fresh, strict=True)))
            for each in outcomes:
                self._write(each)
        self._asked |= changed.union(made)

    def _write(self, each: Outcome) -> None:
        match each:
            case ChangedParcours():
                self._change(each)
            case NewStep():
                line = self._step(each.line)
                step = add_step(self._session, each.parcours_id or 0, line, by=self._by, at=self._at)
                self._tie(step.id or 0, each.tie)
            case ChangedStep():
                self._change_step(each)
            case NewRight():
                record_right(self._session, each.parcours_id or 0, self._right(each.line), by=self._by, at=self._at)
            case ChangedRight():
                self._replace_right(each)

    def end(self) -> None:
        """Compute what the days of these persons lack, now that all of it is there."""
        refresh_together(self._session, self._asked, at=self._at)

    def _opened(self, each: NewParcours) -> ParcoursLine:
        return replace(
            each.line,
            situation=replace(each.line.situation, import_file_id=self._file_id),
            courses=tuple(CourseLine(self._step(step.line)) for step in each.steps),
            rights=tuple(self._right(right.line) for right in each.rights),
        )

    def _step(self, line: StepLine) -> StepLine:
        return replace(line, import_file_id=self._file_id)

    def _right(self, line: RightLine) -> RightLine:
        return replace(line, import_file_id=self._file_id)

    def _change(self, each: ChangedParcours) -> None:
        line, session = each.line, self._session
        parcours = session.get_one(Parcours, each.parcours_id)
        if each.again:
            parcours.import_file_id = self._file_id
            parcours.source_sheet, parcours.source_row = line.situation.source_sheet, line.situation.source_row
            session.add(parcours)
        change_parcours(
            session,
            each.parcours_id,
            kind=line.kind,
            key_situation=line.key_situation,
            target=line.target,
            situation=line.situation,
            version=parcours.version,
            by=self._by,
            at=self._at,
        )

    def _change_step(self, each: ChangedStep) -> None:
        step = self._session.get_one(Step, each.step_id)
        if each.line is not None:
            change_step(self._session, each.step_id, each.line, version=step.version, by=self._by, at=self._at)
        self._tie(each.step_id, each.tie)

    def _tie_new(self, opened: Mapping[int, NewParcours]) -> None:
        """Tie what the file ties to the steps that came in bulk, found again by their reference."""
        ties = {
            (number, step.line.own_reference): step.tie
            for number, each in opened.items()
            for step in each.steps
            if step.tie is not None
        }
        numbers = sorted({number for number, _ in ties})
        for start in range(0, len(numbers), CHUNK):
            part = numbers[start : start + CHUNK]
            for row in self._session.exec(select(Step).where(col(Step.parcours_id).in_(part))).all():
                self._tie(row.id or 0, ties.get((row.parcours_id, row.own_reference)))

    def _tie(self, step_id: int, tie: Tie | None) -> None:
        if tie is not None:
            commitment_id = tie.line.commitment_id
            assert commitment_id is not None  # lines are written before what is about people
            fund_step(self._session, step_id, commitment_id, tie.amount, by=self._by, at=self._at)

    def _replace_right(self, each: ChangedRight) -> None:
        """Withdraw and record again; the file that brought the first one stays the file of both."""
        old = self._session.get_one(IncomeRight, each.right_id)
        reference, old.own_reference = old.own_reference, None
        self._session.add(old)
        withdraw_right(self._session, each.right_id, motive=_MOTIVE, by=self._by, at=self._at)
        line = replace(
            each.line,
            own_reference=reference,
            import_file_id=old.import_file_id,
            source_sheet=old.source_sheet,
            source_row=old.source_row,
        )
        new = record_right(self._session, old.parcours_id, line, by=self._by, at=self._at)
        self.replacing.add(new.id or 0)
