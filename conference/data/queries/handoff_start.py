"""From which step, on which day and for which amounts would a funder hand a person over?

What is most likely, which the officer corrects: the next step if there is one and its first day, and by nature what the plan
of that step still has to find, or else what the sender would release.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlmodel import Session, col, func, select

from conference.data.queries.handoff_money import Foreseen, foreseen_releases
from conference.data.queries.parcours import reached_parcours, steps_of
from conference.data.tables import Parcours, PlanCost, PlanShare, Step, StepFunder
from conference.domain.money import ZERO
from conference.domain.permissions import Actor, require
from conference.domain.refusal import NotFound


@dataclass(frozen=True)
class StepChoice:
    """One step of the parcours; `mine`: the reader's organisation funds it."""

    id: int
    title: str
    first: date
    last: date
    mine: bool


@dataclass(frozen=True)
class HandoffStart:
    """What a new handoff of the parcours starts from. `from_step` None: the reader funds no step of it.

    `likely`: euros to ask by nature, as the plan has them.
    """

    parcours_id: int
    pseudonym: str
    steps: tuple[StepChoice, ...]
    from_step: StepChoice | None
    to_step: StepChoice | None
    first_day: date | None
    releases: tuple[Foreseen, ...]
    likely: dict[int, Decimal]


def handoff_start(
    session: Session,
    reader: Actor,
    parcours_id: int,
    *,
    today: date,
    from_id: int | None = None,
    to_id: int | None = None,
    first_day: date | None = None,
    keep_same: bool = False,
) -> HandoffStart:
    """What is known for a new handoff of a parcours that `reader` reaches, else NotFound. What is not given is the most
    likely; `keep_same`: the end of the same step, even when another step follows."""
    require(reader, "handoff.propose", reader.relation_to(reader.organisation_id))
    query = select(Parcours).where(Parcours.id == parcours_id, reached_parcours(reader, col(Parcours.id)))
    parcours = session.exec(query).first()
    if parcours is None:
        raise NotFound()
    steps = _steps(session, reader, steps_of(session, parcours_id))
    start = _from(steps, from_id, today)
    if start is None:
        return HandoffStart(parcours_id, parcours.pseudonym, steps, None, None, None, (), {})
    end = None if keep_same else _to(steps, start, to_id)
    day = first_day or (end.first if end else max(start.first, min(today, start.last)))
    mine = reader.organisation_id or 0
    releases = foreseen_releases(session, parcours_id, mine, [start.id, *([end.id] if end else [])], day)
    likely = _to_find(session, end.id, mine) if end else {}
    if not likely:
        for each in releases:
            likely[each.nature_id] = likely.get(each.nature_id, ZERO) + each.release
    likely = {nature: amount for nature, amount in likely.items() if amount > 0}
    return HandoffStart(parcours_id, parcours.pseudonym, steps, start, end, day, releases, likely)


def _steps(session: Session, reader: Actor, rows: Sequence[Step]) -> tuple[StepChoice, ...]:
    query = select(StepFunder.step_id).where(
        col(StepFunder.step_id).in_([row.id for row in rows]), StepFunder.organisation_id == reader.organisation_id
    )
    mine = set(session.exec(query))
    return tuple(StepChoice(row.id or 0, row.title, row.first, row.last, row.id in mine) for row in rows)


def _from(steps: Sequence[StepChoice], from_id: int | None, today: date) -> StepChoice | None:
    """The step asked for, else the one of the reader's that runs today, else its last one before, else its first one."""
    own = [step for step in steps if step.mine]
    if from_id is not None:
        found = next((step for step in own if step.id == from_id), None)
        if found is None:
            raise NotFound()
        return found
    begun = [step for step in own if step.first <= today]
    likely = begun or own[:1]
    return likely[-1] if likely else None


def _to(steps: Sequence[StepChoice], start: StepChoice, to_id: int | None) -> StepChoice | None:
    """The step asked for, else the next one after the sender's that it does not fund itself."""
    if to_id is not None:
        found = next((step for step in steps if step.id == to_id), None)
        if found is None:
            raise NotFound()
        return None if found.id == start.id else found
    return next((step for step in steps if step.first > start.first and not step.mine), None)


def _to_find(session: Session, step_id: int, sender_id: int) -> dict[int, Decimal]:
    """What the plan of the step still has to find by nature, and what others plan to take of it and have not committed."""
    settled = (
        select(PlanShare.cost_id, func.sum(PlanShare.amount).label("taken"))
        .where((col(PlanShare.commitment_id).is_not(None)) | (PlanShare.funder_id == sender_id))
        .group_by(col(PlanShare.cost_id))
        .subquery()
    )
    query = (
        select(col(PlanCost.nature_id), col(PlanCost.amount), settled.c.taken)
        .outerjoin(settled, settled.c.cost_id == PlanCost.id)
        .where(PlanCost.step_id == step_id)
    )
    return {nature: amount - (taken or ZERO) for nature, amount, taken in session.exec(query)}
