"""What came of a step, as the funders of the parcours learn it: at its end, three months later, six months later.

One row a step, filled as the answers come; each change is in the journal. A rupture has a motive of a closed list.
"""

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlmodel import Session

from conference.data.tables import Step, StepResult
from conference.domain.french import day_in_france
from conference.domain.permissions import Actor
from conference.domain.refusal import Conflict, NotFound, Refusal
from conference.domain.results import QualificationResult, RuptureMotive, StepOutcome, WorkResult
from conference.services.parcours_changes import note_change, reached
from conference.services.steps import StepLine


@dataclass(frozen=True)
class ResultLine:
    """What is known of the end of a step; None is not known yet. `ended_on`: last day followed, for a rupture."""

    outcome: StepOutcome | None = None
    ended_on: date | None = None
    motive: RuptureMotive | None = None
    qualification: QualificationResult | None = None
    work_3_months: WorkResult | None = None
    work_6_months: WorkResult | None = None


def record_result(
    session: Session, step_id: int, line: ResultLine, *, version: int, by: Actor, at: datetime
) -> StepResult:
    """Write what is known of the end of a step. `version` 0: nothing was recorded when the form was opened.

    Raises Conflict when somebody wrote since, Refusal when the answers contradict each other.
    """
    step = session.get(Step, step_id)
    if step is None or step.withdrawn_at is not None:
        raise NotFound()
    parcours = reached(session, step.parcours_id, by, "parcours.edit")
    check_result(step, line, day_in_france(at))
    row = session.get(StepResult, step_id)
    if (row.version if row else 0) != version:
        raise Conflict(
            "Quelqu’un a enregistré un résultat pendant que vous lisiez cette page. Rechargez-la pour le voir."
        )
    told: dict[str, Any] = {"step": step_id}
    if row is None:
        row = StepResult(step_id=step_id, recorded_at=at, version=0)
    for each in fields(ResultLine):
        before, after = getattr(row, each.name), getattr(line, each.name)
        after = getattr(after, "value", after)
        if before != after:
            setattr(row, each.name, after)
            told[each.name] = [before, after]
    row.recorded_at, row.recorded_by, row.version = at, by.account_id, version + 1
    session.add(row)
    session.flush()
    note_change(session, parcours, "record_result", told, by=by, at=at)
    return row


def check_result(step: Step | StepLine, line: ResultLine, today: date) -> None:
    """Raises Refusal on answers that contradict each other or come before their day."""
    broken = line.outcome in (StepOutcome.BROKEN_OFF, StepOutcome.NOT_BEGUN)
    if line.outcome is StepOutcome.BROKEN_OFF and line.ended_on is None:
        raise Refusal("Indiquez le dernier jour suivi avant la rupture.", field="ended_on", code="ended_on")
    if line.ended_on is not None and not step.first <= line.ended_on <= step.last:
        raise Refusal("Le dernier jour suivi n’est pas dans l’étape.", field="ended_on", code="ended_on")
    if broken and line.motive is None:
        raise Refusal("Choisissez le motif de la rupture.", field="motive", code="motive")
    if not broken and line.motive is not None:
        raise Refusal(
            "Un motif de rupture ne va qu’avec une étape interrompue ou non commencée.",
            field="motive",
            code="step_result_motive_of_rupture",
        )
    if line.outcome is StepOutcome.COMPLETED and step.last > today:
        raise Refusal("L’étape n’est pas encore finie.", field="outcome", code="outcome")
