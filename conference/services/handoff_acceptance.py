"""How does a funder say yes to a handoff, in one transaction with the money?

What the sender had committed beyond the day is released and what the receiver takes is committed, or neither is. It releases
what the snapshot foresaw, or less when payments were made since: never more than it was shown to give. Above the threshold
that the receiver has set only a signatory accepts; that a person of another funder proposed it makes the second pair of eyes.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlmodel import Session, col, select

from conference.data.tables import Handoff, HandoffRelease, HandoffShare, Organisation, Step, StepFunder
from conference.domain.french import format_date, format_euros
from conference.domain.handoff import Side
from conference.domain.money import ZERO
from conference.domain.permissions import Actor, Role
from conference.domain.refusal import Refusal
from conference.services.handoff_conventions import convention_of, refuse_over_ceiling
from conference.services.handoff_money import commit_accepted, release_foreseen
from conference.services.handoff_plan import move_plan
from conference.services.handoffs import LONGEST, move, next_step, own_handoff, refuse_late, tell
from conference.services.parcours_changes import reached


def accept_handoff(
    session: Session,
    handoff_id: int,
    *,
    by: Actor,
    at: datetime,
    accepted: Mapping[int, Decimal] | None = None,
    answer: str = "",
    convention_id: int | None = None,
) -> Handoff:
    """Say yes. `accepted`: euros taken by nature (None: all that is asked); what is left of each stays to be found.
    `convention_id`: the receiver's convention that pays (None: the only one of the kind relay between the two, if any).

    Raises Conflict when somebody answered before or the delay is over, Refusal on amounts, over the ceiling of that
    convention or without the signatory whom the receiver's threshold asks for; nothing is then written.
    """
    handoff = own_handoff(session, handoff_id, by, Side.RECEIVER)
    next_step(session, handoff, "accept", by)
    refuse_late(handoff, at)
    parcours = reached(session, handoff.parcours_id, by, "parcours.edit")
    target = session.get_one(Step, handoff.to_step_id or handoff.from_step_id)
    _refuse_moved_away(handoff, target)
    shares = session.exec(
        select(HandoffShare).where(HandoffShare.handoff_id == handoff_id).order_by(col(HandoffShare.nature_id))
    ).all()
    taken = _taken(shares, accepted)
    total = sum(taken.values(), ZERO)
    _refuse_without_signatory(session, handoff, total, by)
    under = convention_of(session, handoff, convention_id, at) if total else None
    if under is not None:
        refuse_over_ceiling(session, handoff, under, total)
    move(session, handoff, "accept", by=by, answered_at=at, answered_by=by.account_id, answer=answer.strip()[:LONGEST])
    handoff.read_at = handoff.read_at or at
    released = release_foreseen(session, handoff, by=by, at=at)
    for share in shares:
        share.accepted = taken[share.nature_id]
    commit_accepted(session, handoff, shares, target, under, by=by, at=at)
    if session.get(StepFunder, (target.id, handoff.receiver_id)) is None:
        session.add(StepFunder(step_id=target.id or 0, organisation_id=handoff.receiver_id))
    session.flush()
    move_plan(session, handoff, shares, target)
    told: dict[str, Any] = {"released": released, "taken": total, "asked": sum((s.asked for s in shares), ZERO)}
    if under is not None:
        told["convention"] = under
    tell(session, parcours, handoff, "accept_handoff", {**told, "entries": _entries(session, handoff_id)}, by=by, at=at)
    return handoff


def _taken(shares: Sequence[HandoffShare], accepted: Mapping[int, Decimal] | None) -> dict[int, Decimal]:
    asked = {share.nature_id: share.asked for share in shares}
    taken = {nature: (accepted.get(nature, ZERO) if accepted is not None else most) for nature, most in asked.items()}
    for nature, amount in taken.items():
        if not ZERO <= amount <= asked[nature]:
            raise Refusal(
                f"Le montant accepté va de 0,00 € à {format_euros(asked[nature])}, ce qui est demandé.",
                field=f"accepted_{nature}",
                code="accepted",
            )
    if asked and not any(taken.values()):
        raise Refusal(
            "Prenez au moins une partie de ce qui est demandé, ou refusez le relais.", code="nothing_accepted"
        )
    return taken


def _refuse_moved_away(handoff: Handoff, target: Step) -> None:
    """The step was shortened since the proposal: no day of it is left to take."""
    if target.last < handoff.first_day:
        raise Refusal(
            f"L’étape finit désormais le {format_date(target.last)}, avant le premier jour du relais : refusez-le, son "
            "expéditeur en proposera un autre.",
            code="step_moved",
        )


def _refuse_without_signatory(session: Session, handoff: Handoff, total: Decimal, by: Actor) -> None:
    threshold = session.get_one(Organisation, handoff.receiver_id).confirmation_threshold
    if threshold is not None and total > threshold and by.role not in (Role.SIGNATORY, Role.CONSOLE):
        raise Refusal(
            f"{format_euros(total)} dépassent le seuil de votre organisme ({format_euros(threshold)}) : un signataire "
            "doit accepter ce relais.",
            code="signatory_needed",
        )


def _entries(session: Session, handoff_id: int) -> list[int]:
    """The dégagements of the handoff."""
    query = select(HandoffRelease.entry_id).where(
        HandoffRelease.handoff_id == handoff_id, col(HandoffRelease.entry_id).is_not(None)
    )
    return sorted(number for number in session.exec(query) if number is not None)
