"""How is what the receiver of a handoff is shown put together, on the day of its proposal?

From the rows as they stand and the coverage as known that day. Names of organisations are those of the day; no identity is
read, and no reference of the sender's lines goes in.
"""

from collections.abc import Sequence
from datetime import date

from sqlmodel import Session, col, or_, select

from conference.data.queries.cases import coverage_of
from conference.data.queries.commitment_order import sort_key
from conference.data.queries.handoff_money import Foreseen
from conference.data.queries.parcours import rights_of, steps_of
from conference.data.tables import (
    Commitment,
    Handoff,
    HandoffShare,
    IncomeRight,
    Nature,
    Organisation,
    Parcours,
    PlanCost,
    PlanShare,
    Step,
    StepFunder,
)
from conference.domain.french import day_in_france
from conference.domain.handoff_snapshot import (
    AskedShown,
    CostShown,
    IncomeShown,
    KnownShown,
    LeftShown,
    ReleaseShown,
    ShareShown,
    Snapshot,
    StepShown,
    income_shown,
)
from conference.domain.money import ZERO

Names = dict[int | None, str]


def snapshot_of(
    session: Session, handoff: Handoff, foreseen: Sequence[Foreseen], *, on: date, answer_by: date
) -> Snapshot:
    """What `handoff`, proposed on `on`, shows to its receiver. Its shares are written already."""
    parcours = session.get_one(Parcours, handoff.parcours_id)
    steps, rights = steps_of(session, handoff.parcours_id), rights_of(session, handoff.parcours_id)
    names = _names(session, handoff, parcours, steps, rights)
    return Snapshot(
        reference=handoff.reference,
        pseudonym=parcours.pseudonym,
        kind=parcours.kind,
        key_situation=parcours.key_situation,
        target=parcours.target,
        sender=names[handoff.sender_id],
        receiver=names[handoff.receiver_id],
        first_day=handoff.first_day,
        taken_on=on,
        answer_by=answer_by,
        steps=_steps(session, handoff, steps, names),
        costs=_costs(session, steps, names),
        releases=tuple(
            ReleaseShown(each.nature, each.scheme, each.committed, each.paid, each.planned, each.release)
            for each in foreseen
        ),
        asked=_asked(session, handoff.id or 0),
        income=_income(session, parcours, steps, rights, handoff.first_day, on, names),
        known=_known(session, parcours, rights, handoff, foreseen, on, names),
    )


def _names(
    session: Session, handoff: Handoff, parcours: Parcours, steps: Sequence[Step], rights: Sequence[IncomeRight]
) -> Names:
    """Every funder, and the other organisations that these rows name."""
    named = {parcours.referent_id, handoff.sender_id, handoff.receiver_id, *(right.payer_id for right in rights)}
    named |= {step.provider_id for step in steps if step.provider_id is not None}
    query = select(Organisation.id, Organisation.short_name)
    return dict(session.exec(query.where(col(Organisation.is_funder) | col(Organisation.id).in_(named))).all())


def _steps(session: Session, handoff: Handoff, steps: Sequence[Step], names: Names) -> tuple[StepShown, ...]:
    query = select(StepFunder).where(col(StepFunder.step_id).in_([step.id for step in steps]))
    funders: dict[int | None, list[str]] = {}
    for row in session.exec(query):
        funders.setdefault(row.step_id, []).append(names[row.organisation_id])
    target = handoff.to_step_id or handoff.from_step_id
    return tuple(
        StepShown(
            kind=step.kind,
            title=step.title,
            first=step.first,
            last=step.last,
            hours=step.hours,
            weekly_hours=step.weekly_hours,
            needs_income=step.needs_income,
            provider=names.get(step.provider_id),
            funders=tuple(sorted(funders.get(step.id, ()), key=sort_key)),
            role=_role(step.id, handoff.from_step_id, target),
        )
        for step in steps
    )


def _role(step_id: int | None, from_id: int, to_id: int) -> str:
    if step_id == from_id:
        return "both" if from_id == to_id else "from"
    return "to" if step_id == to_id else ""


def _costs(session: Session, steps: Sequence[Step], names: Names) -> tuple[CostShown, ...]:
    """The plan of the steps, those of their collective actions included."""
    by_step = {step.id: step.title for step in steps}
    by_action = {step.action_id: step.title for step in steps if step.action_id is not None}
    query = (
        select(PlanCost, Nature.label)
        .join(Nature, col(Nature.id) == col(PlanCost.nature_id))
        .where(or_(col(PlanCost.step_id).in_(list(by_step)), col(PlanCost.action_id).in_(list(by_action))))
        .order_by(col(PlanCost.id))
    )
    costs = session.exec(query).all()
    shares: dict[int, list[ShareShown]] = {}
    taken = (
        select(PlanShare).where(col(PlanShare.cost_id).in_([cost.id for cost, _ in costs])).order_by(col(PlanShare.id))
    )
    for row in session.exec(taken):
        told = ShareShown(names[row.funder_id], row.amount, row.commitment_id is not None)
        shares.setdefault(row.cost_id, []).append(told)
    return tuple(
        CostShown(
            by_step[cost.step_id] if cost.step_id is not None else by_action[cost.action_id or 0],
            nature,
            cost.amount,
            tuple(shares.get(cost.id or 0, ())),
            cost.amount - sum((share.amount for share in shares.get(cost.id or 0, ())), ZERO),
        )
        for cost, nature in costs
    )


def _asked(session: Session, handoff_id: int) -> tuple[AskedShown, ...]:
    query = (
        select(col(HandoffShare.asked), col(Nature.label))
        .join(Nature, col(Nature.id) == col(HandoffShare.nature_id))
        .where(HandoffShare.handoff_id == handoff_id)
        .order_by(col(Nature.position), col(Nature.id))
    )
    return tuple(AskedShown(nature, amount) for amount, nature in session.exec(query))


def _income(
    session: Session,
    parcours: Parcours,
    steps: Sequence[Step],
    rights: Sequence[IncomeRight],
    first_day: date,
    on: date,
    names: Names,
) -> IncomeShown:
    left = [
        LeftShown(
            right.kind,
            names[right.payer_id],
            right.last,
            (right.last - max(right.first, first_day)).days + 1,
            right.daily_amount,
        )
        for right in rights
        if right.last >= first_day
    ]
    payers = {str(number): name for number, name in names.items()}
    return income_shown(coverage_of(session, parcours, steps, rights, on), first_day, payers, left)


def _known(
    session: Session,
    parcours: Parcours,
    rights: Sequence[IncomeRight],
    handoff: Handoff,
    foreseen: Sequence[Foreseen],
    on: date,
    names: Names,
) -> tuple[KnownShown, ...]:
    told = [KnownShown(day_in_france(parcours.created_at), "parcours", "", names[parcours.referent_id])]
    told += [KnownShown(right.known_on, "right", right.kind, names[right.payer_id]) for right in rights]
    query = select(col(Commitment.id), col(Commitment.decided_on)).where(
        col(Commitment.id).in_([each.commitment_id for each in foreseen])
    )
    decided = dict(session.exec(query).all())
    told += [
        KnownShown(decided[each.commitment_id].replace(day=1), "commitment", each.nature, names[handoff.sender_id])
        for each in foreseen
    ]
    told.append(KnownShown(on, "proposal", "", names[handoff.sender_id]))
    return tuple(sorted(told, key=lambda each: each.on))
