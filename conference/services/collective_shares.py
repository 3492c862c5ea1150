"""Who follows a collective action, and which part of its money is each one's?

What is committed for an action is shared between those who are enrolled, in the order in which they were, to the cent.
Somebody who joins or leaves changes the parts of all; the ledger does not move, and keeps the number of persons decided.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from conference.data.journal import write_journal
from conference.data.tables import Balance, CollectiveAction, HandoffRelease, PlanCost, PlanShare, Step, StepFunding
from conference.domain.money import ZERO
from conference.domain.permissions import Actor
from conference.domain.plan import per_person
from conference.services.parcours_changes import refresh_changed


def enrolled_steps(session: Session, action_id: int) -> list[Step]:
    """The steps of the persons enrolled in a collective action, in the order in which they were."""
    query = select(Step).where(Step.action_id == action_id, col(Step.withdrawn_at).is_(None))
    return list(session.exec(query.order_by(col(Step.id))).all())


def fund_persons(session: Session, share: PlanShare, steps: Sequence[Step]) -> None:
    """Write each person's part of what is engaged for a share: a dégagement lowers the share, and the parts of nobody."""
    assert share.commitment_id is not None
    query = select(col(Balance.commitment), col(Balance.forecast)).where(Balance.commitment_id == share.commitment_id)
    engaged = sum(session.exec(query).one(), ZERO)
    session.add_all(
        StepFunding(commitment_id=share.commitment_id, step_id=step.id or 0, amount=part)
        for step, part in zip(steps, per_person(engaged, len(steps)), strict=True)
        if part
    )


def share_again(session: Session, action_id: int) -> int:
    """Bring each person's part of what is committed for an action to those who are enrolled now; how many shares moved.

    What a handoff has taken a part of stays as it was: who enrols later has no part of it.
    """
    steps = enrolled_steps(session, action_id)
    query = (
        select(PlanShare)
        .join(PlanCost, col(PlanCost.id) == col(PlanShare.cost_id))
        .where(
            PlanCost.action_id == action_id,
            col(PlanShare.commitment_id).is_not(None),
            col(PlanShare.commitment_id).not_in(handed_over()),
        )
    )
    shares = session.exec(query).all()
    for share in shares:
        rows = session.exec(select(StepFunding).where(StepFunding.commitment_id == share.commitment_id)).all()
        for row in rows:
            session.delete(row)
        session.flush()
        fund_persons(session, share, steps)
    session.flush()
    return len(shares)


def handed_over() -> Any:
    """SQL: the commitments of which a handoff took a part; one that was refused or taken back took none."""
    return select(HandoffRelease.commitment_id).where(col(HandoffRelease.entry_id).is_not(None))


def tell_action(
    session: Session, action: CollectiveAction, verb: str, told: dict[str, Any], *, by: Actor, at: datetime
) -> None:
    """Note a change of a collective action: its version grows, the alerts of who is enrolled follow, the journal tells it."""
    action.version += 1
    session.add(action)
    session.flush()
    people = {step.parcours_id for step in enrolled_steps(session, action.id or 0)}
    moved = refresh_changed(session, people, at=at)
    alerts = sum(len(each) for each in moved.values())
    write_journal(
        session,
        by=by,
        at=at,
        verb=verb,
        object_kind="collective_action",
        object_id=action.id,
        object_label=action.title[:200],
        changes={**told, **({"alerts": alerts} if alerts else {})},
    )
