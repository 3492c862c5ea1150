"""How does the financing plan follow an accepted handoff?

The sender's share falls by what it released, and its schedule with it; the receiver's share appears with its
commitment. What was asked and not taken stays in the cost, where no share takes it: it is to be found. Where the
receiver pays another step, the sender's step costs that much less. The plan of a collective action is that of all its
persons, so that one of them leaving does not rewrite it: `step_funding` tells that person's part.
"""

from collections.abc import Sequence
from decimal import Decimal

from sqlmodel import Session, col, select

from conference.data.queries.handoff_money import Foreseen
from conference.data.tables import Handoff, HandoffRelease, HandoffShare, PlanCost, PlanInstalment, PlanShare, Step
from conference.domain.handoff import cut_tail
from conference.domain.money import ZERO
from conference.services.handoffs import releases_of


def move_plan(session: Session, handoff: Handoff, shares: Sequence[HandoffShare], target: Step) -> None:
    """Bring the plans of both steps to what the acceptance has just written in the ledger."""
    _lower_sender(session, handoff)
    query = select(PlanCost).where(PlanCost.step_id == target.id)
    costs = {cost.nature_id: cost for cost in session.exec(query)}
    if not costs and target.action_id is not None:
        return
    kept = releases_of(session, handoff) if not costs and target.id == handoff.from_step_id else ()
    for share in shares:
        cost = costs.get(share.nature_id) or _new_cost(session, target, share, kept, handoff.sender_id)
        if share.accepted:
            _add_receiver(session, cost, share, handoff.receiver_id)
    session.flush()


def _lower_sender(session: Session, handoff: Handoff) -> None:
    rows = session.exec(select(HandoffRelease).where(HandoffRelease.handoff_id == handoff.id)).all()
    for row in rows:
        query = (
            select(PlanShare)
            .join(PlanCost, col(PlanCost.id) == col(PlanShare.cost_id))
            .where(PlanShare.commitment_id == row.commitment_id, col(PlanCost.step_id).is_not(None))
            .order_by(col(PlanShare.id).desc())
        )
        left = row.released or ZERO
        for share in session.exec(query).all():
            taken = min(share.amount, left)
            left -= taken
            cost = session.get_one(PlanCost, share.cost_id)
            _cut(session, share, share.amount - taken)
            if handoff.to_step_id not in (None, handoff.from_step_id):
                _lower_cost(session, cost, taken)


def _lower_cost(session: Session, cost: PlanCost, euros: Decimal) -> None:
    """The step costs so much less, since another one bears it; a cost of nothing goes."""
    if euros < cost.amount:
        cost.amount -= euros
        session.add(cost)
    elif session.exec(select(PlanShare.id).where(PlanShare.cost_id == cost.id)).first() is None:
        session.delete(cost)
    session.flush()


def _cut(session: Session, share: PlanShare, kept: Decimal) -> None:
    """Bring a share to `kept` euros, the end of its schedule first; a share of nothing goes."""
    if kept == share.amount:
        return
    rows = session.exec(select(PlanInstalment).where(PlanInstalment.share_id == share.id)).all()
    schedule = [(row.due_on, row.amount) for row in rows]
    _drop(session, rows)
    if not kept:
        session.delete(share)
        session.flush()
        return
    share.amount, share.percent = kept, None
    session.add(share)
    for day, amount in cut_tail(schedule, kept):
        session.add(PlanInstalment(share_id=share.id or 0, due_on=day, amount=amount))
    session.flush()


def _new_cost(
    session: Session, target: Step, share: HandoffShare, kept: Sequence[Foreseen], sender_id: int
) -> PlanCost:
    """A cost that no plan told yet: what is asked, and what the sender keeps paying of the same step and nature."""
    own = [each for each in kept if each.nature_id == share.nature_id and each.committed > 0]
    remains = sum((each.committed for each in own), ZERO)
    cost = PlanCost(step_id=target.id, nature_id=share.nature_id, amount=share.asked + remains)
    session.add(cost)
    session.flush()
    if remains:
        told = PlanShare(cost_id=cost.id or 0, funder_id=sender_id, amount=remains, commitment_id=own[0].commitment_id)
        session.add(told)
        session.flush()
    return cost


def _add_receiver(session: Session, cost: PlanCost, share: HandoffShare, receiver_id: int) -> None:
    query = select(PlanShare).where(PlanShare.cost_id == cost.id, PlanShare.funder_id == receiver_id)
    known = session.exec(query).first()
    amount = share.accepted or ZERO
    if known is None:
        known = PlanShare(cost_id=cost.id or 0, funder_id=receiver_id, amount=amount, commitment_id=share.commitment_id)
    elif known.commitment_id is None:  # what was only planned becomes what is taken
        _drop(session, session.exec(select(PlanInstalment).where(PlanInstalment.share_id == known.id)).all())
        known.amount, known.percent, known.commitment_id = amount, None, share.commitment_id
    else:  # it pays a second time, by another commitment: its first schedule tells no longer what it pays
        _drop(session, session.exec(select(PlanInstalment).where(PlanInstalment.share_id == known.id)).all())
        known.amount, known.percent = known.amount + amount, None
    session.add(known)
    session.flush()


def _drop(session: Session, rows: Sequence[PlanInstalment]) -> None:
    for row in rows:
        session.delete(row)
    session.flush()
