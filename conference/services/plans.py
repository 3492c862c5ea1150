"""How is the financing of a step, or of a collective action, planned and then committed?

Every funder of the parcours writes the common plan; each commits its own shares alone. A share given to a funder opens the
parcours to it. A share that became a commitment is no longer changed here: the ledger's gestures and handoffs move it.
"""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlmodel import Session, col, select

from conference.data.queries.convention_choices import convention_of_plan
from conference.data.tables import (
    Balance,
    CollectiveAction,
    Nature,
    Organisation,
    Parcours,
    PlanCost,
    PlanInstalment,
    PlanShare,
    Step,
    StepFunder,
    StepFunding,
)
from conference.domain.french import format_euros
from conference.domain.ledger import EntrySource
from conference.domain.money import LARGEST, ZERO
from conference.domain.period import Period
from conference.domain.permissions import Actor, Relation, require
from conference.domain.plan import WHOLE, Share, by_percent, by_year
from conference.domain.refusal import Conflict, NotFound, Refusal
from conference.services.collective_shares import enrolled_steps, fund_persons, tell_action
from conference.services.commitments import CommitmentLine, own_commitment, record_commitments
from conference.services.dimensions import Dimensions
from conference.services.parcours_changes import note_change, reached, refuse_opening


class PlanOf(NamedTuple):
    """Whose plan: a step's, or a collective action's."""

    step_id: int | None = None
    action_id: int | None = None


class _Owner(NamedTuple):
    """What a plan belongs to, once `by` was found to reach it."""

    of: PlanOf
    step: Step | None
    action: CollectiveAction | None
    parcours: Parcours | None

    @property
    def period(self) -> Period:
        held = self.step or self.action
        assert held is not None
        return Period(held.first, held.last)


def set_cost(
    session: Session, of: PlanOf, nature_id: int, amount: Decimal | None, *, by: Actor, at: datetime
) -> PlanCost | None:
    """Say what a plan costs of one nature; None takes the cost away. Shares in per cent follow. Raises Refusal, Conflict."""
    owner = _owner(session, of, by)
    cost = _cost(session, of, nature_id)
    if amount is None:
        if cost is not None:
            _remove(session, cost)
            _tell(session, owner, "remove_cost", {"nature": nature_id}, by, at)
        return None
    _check_amount(amount, "amount")
    if session.get(Nature, nature_id) is None:
        raise Refusal("Choisissez une nature de coût de la liste.", field="nature_id", code="nature")
    before = cost.amount if cost is not None else None
    if cost is None:
        cost = PlanCost(step_id=of.step_id, action_id=of.action_id, nature_id=nature_id, amount=amount)
    cost.amount = amount
    session.add(cost)
    session.flush()
    _share_again(session, cost)
    _tell(session, owner, "set_cost", {"nature": nature_id, "amount": [before, amount]}, by, at)
    return cost


def set_share(
    session: Session,
    cost_id: int,
    funder_id: int,
    *,
    amount: Decimal | None = None,
    percent: Decimal | None = None,
    by: Actor,
    at: datetime,
) -> PlanShare:
    """Say what a funder takes of a cost, in euros or in per cent of it, one of them. Raises Refusal when it is committed."""
    cost, owner = _cost_of(session, cost_id, by)
    if (amount is None) == (percent is None):
        raise Refusal("Donnez un montant ou un pourcentage, l’un des deux.", field="amount", code="amount_or_percent")
    if amount is not None:
        _check_amount(amount, "amount")
    elif not ZERO < (percent or ZERO) <= WHOLE:
        raise Refusal("Le pourcentage va de 0,01 à 100.", field="percent", code="percent")
    funder = session.get(Organisation, funder_id)
    if funder is None or not funder.is_funder:
        raise Refusal("Choisissez un financeur de la liste.", field="funder_id", code="funder")
    share = _share(session, cost_id, funder_id)
    _refuse_committed(share)
    if share is None:
        share = PlanShare(cost_id=cost_id, funder_id=funder_id, amount=cost.amount)
    _drop_instalments(session, share)
    share.amount, share.percent = amount if amount is not None else cost.amount, percent
    session.add(share)
    session.flush()
    _share_again(session, cost)
    _open_to(session, owner, funder_id, by)
    told = {"nature": cost.nature_id, "funder": funder_id, "amount": share.amount, "percent": percent}
    _tell(session, owner, "set_share", told, by, at)
    return share


def remove_share(session: Session, share_id: int, *, by: Actor, at: datetime) -> None:
    """Take a share off a plan. Raises Refusal when it became a commitment."""
    share, cost, owner = _share_of(session, share_id, by)
    _refuse_committed(share)
    _drop_instalments(session, share)
    session.delete(share)
    session.flush()
    _share_again(session, cost)
    _tell(session, owner, "remove_share", {"nature": cost.nature_id, "funder": share.funder_id}, by, at)


def set_instalments(
    session: Session, share_id: int, instalments: Sequence[tuple[date, Decimal]], *, by: Actor, at: datetime
) -> None:
    """Say when a share falls due: one amount a day, which sum to it; none takes the schedule away. Raises Refusal."""
    share, cost, owner = _share_of(session, share_id, by)
    _refuse_committed(share)
    for _, amount in instalments:
        _check_amount(amount, "instalments")
    if len({day for day, _ in instalments}) < len(instalments):
        raise Refusal("Deux échéances tombent le même jour. Réunissez-les.", field="instalments", code="instalments")
    total = sum((amount for _, amount in instalments), ZERO)
    if instalments and total != share.amount:
        raise Refusal(
            f"Les échéances font {format_euros(total)}, la part {format_euros(share.amount)}. Corrigez l’une d’elles.",
            field="instalments",
            code="instalments",
        )
    _drop_instalments(session, share)
    session.add_all(PlanInstalment(share_id=share_id, due_on=day, amount=amount) for day, amount in sorted(instalments))
    session.flush()
    told = {"nature": cost.nature_id, "funder": share.funder_id, "instalments": len(instalments)}
    _tell(session, owner, "set_instalments", told, by, at)


def commit_shares(
    session: Session,
    share_ids: Sequence[int],
    dimensions: Dimensions,
    *,
    decided_on: date,
    by: Actor,
    at: datetime,
    source: EntrySource,
    funder_reference: str | None = None,
) -> list[int]:
    """Turn one's own shares of a plan into commitments, one a nature, in one gesture; their identifiers in order.

    `dimensions` but for the nature, which is the cost's. Where a convention drafted from this plan is in force, they are made
    under it, within its ceiling. Above the funder's threshold the commitment waits for its second person, as any other. Raises
    NotFound for another funder's share, Conflict when one is committed already.
    """
    found = [_share_of(session, share_id, by) for share_id in dict.fromkeys(share_ids)]
    if not found:
        raise Refusal("Choisissez au moins une part à engager.", code="no_share")
    if len({owner.of for _, _, owner in found}) > 1:
        raise NotFound()
    for share, _, _ in found:
        if by.relation_to(share.funder_id) is not Relation.OWN:
            raise NotFound()
        require(by, "commitment.create", Relation.OWN)
        if share.commitment_id is not None:
            raise Conflict("Une de ces parts est déjà engagée. Rechargez la page pour voir l’état du plan.")
    owner = found[0][2]
    steps = _steps(session, owner)
    lines = [
        _line(
            session,
            owner,
            share,
            cost,
            dimensions,
            decided_on,
            len(steps),
            funder_reference if len(found) == 1 else None,
        )
        for share, cost, _ in found
    ]
    ids = record_commitments(session, lines, by=by, at=at, source=source)
    for (share, _, _), commitment_id in zip(found, ids, strict=True):
        share.commitment_id = commitment_id
        session.add(share)
        fund_persons(session, share, steps)
    session.flush()
    total = sum((share.amount for share, _, _ in found), ZERO)
    _tell(session, owner, "commit_shares", {"commitments": list(ids), "total": total}, by, at)
    return list(ids)


def fund_step(
    session: Session, step_id: int, commitment_id: int, amount: Decimal, *, by: Actor, at: datetime
) -> StepFunding:
    """Tie one's own commitment to a person's step: `amount` euros of it are that person's. Raises Refusal beyond it."""
    owner = _owner(session, PlanOf(step_id=step_id), by)
    commitment = own_commitment(session, commitment_id, by, "entry.record")
    _check_amount(amount, "amount")
    known = session.exec(select(StepFunding).where(StepFunding.commitment_id == commitment_id)).all()
    if any(row.step_id == step_id for row in known):
        raise Conflict("Cet engagement est déjà rattaché à cette étape.")
    _refuse_collective(session, commitment_id)
    balance = session.get_one(Balance, commitment_id)
    left = balance.commitment + balance.forecast - sum((row.amount for row in known), ZERO)
    if amount > left:
        raise Refusal(
            f"Il reste {format_euros(max(left, ZERO))} de cet engagement qui ne sont rattachés à personne.",
            field="amount",
            code="step_funding",
        )
    row = StepFunding(commitment_id=commitment_id, step_id=step_id, amount=amount)
    session.add(row)
    session.flush()
    _open_to(session, owner, commitment.funder_id, by)
    _tell(session, owner, "fund_step", {"commitment": commitment_id, "amount": amount}, by, at)
    return row


def _line(
    session: Session,
    owner: _Owner,
    share: PlanShare,
    cost: PlanCost,
    dimensions: Dimensions,
    decided_on: date,
    persons: int,
    reference: str | None,
) -> CommitmentLine:
    held = owner.step or owner.action
    assert held is not None
    rows = session.exec(select(PlanInstalment).where(PlanInstalment.share_id == share.id)).all()
    named = {name: getattr(dimensions, name) for name in ("scheme", "audience", "level", "territory", "sector")}
    return CommitmentLine(
        funder_id=share.funder_id,
        amount=share.amount,
        decided_on=decided_on,
        object=held.title,
        dimensions=Dimensions(**named, nature=cost.nature_id),
        provider_id=held.provider_id,
        first=owner.period.first,
        last=owner.period.last,
        persons=persons,
        funder_reference=reference,
        convention_id=convention_of_plan(session, *owner.of, share.funder_id, decided_on),
        shares=by_year(share.amount, owner.period, [(row.due_on, row.amount) for row in rows]),
    )


def _steps(session: Session, owner: _Owner) -> list[Step]:
    """The steps that a plan pays: its own, or one for each person enrolled. Raises Refusal when nobody is."""
    if owner.step is not None:
        return [owner.step]
    steps = enrolled_steps(session, owner.of.action_id or 0)
    if not steps:
        raise Refusal("Personne n’est inscrit à cette action\u202f: inscrivez d’abord les participants.", code="nobody")
    return steps


def _owner(session: Session, of: PlanOf, by: Actor) -> _Owner:
    """The step or the action when `by` may write its plan, else NotFound or Forbidden."""
    if of.step_id is not None:
        step = session.get(Step, of.step_id)
        if step is None or step.withdrawn_at is not None:
            raise NotFound()
        return _Owner(of, step, None, reached(session, step.parcours_id, by, "plan.edit"))
    action = session.get(CollectiveAction, of.action_id or 0)
    if action is None:
        raise NotFound()
    relation = by.relation_to(action.owner_id)
    if relation is not Relation.OWN and not _has_share(session, action, by):
        raise NotFound()
    require(by, "plan.edit", Relation.PARTY)
    return _Owner(of, None, action, None)


def _has_share(session: Session, action: CollectiveAction, by: Actor) -> bool:
    query = (
        select(PlanShare.id)
        .join(PlanCost, col(PlanCost.id) == col(PlanShare.cost_id))
        .where(PlanCost.action_id == action.id, PlanShare.funder_id == by.organisation_id)
    )
    return session.exec(query).first() is not None


def _cost(session: Session, of: PlanOf, nature_id: int) -> PlanCost | None:
    query = select(PlanCost).where(
        PlanCost.step_id == of.step_id, PlanCost.action_id == of.action_id, PlanCost.nature_id == nature_id
    )
    return session.exec(query).first()


def _cost_of(session: Session, cost_id: int, by: Actor) -> tuple[PlanCost, _Owner]:
    cost = session.get(PlanCost, cost_id)
    if cost is None:
        raise NotFound()
    return cost, _owner(session, PlanOf(cost.step_id, cost.action_id), by)


def _share(session: Session, cost_id: int, funder_id: int) -> PlanShare | None:
    query = select(PlanShare).where(PlanShare.cost_id == cost_id, PlanShare.funder_id == funder_id)
    return session.exec(query).first()


def _share_of(session: Session, share_id: int, by: Actor) -> tuple[PlanShare, PlanCost, _Owner]:
    share = session.get(PlanShare, share_id)
    if share is None:
        raise NotFound()
    cost, owner = _cost_of(session, share.cost_id, by)
    return share, cost, owner


def _share_again(session: Session, cost: PlanCost) -> None:
    """Find the euros of the shares in per cent again; a schedule that no longer sums to its share goes."""
    rows = session.exec(select(PlanShare).where(PlanShare.cost_id == cost.id).order_by(col(PlanShare.id))).all()
    shares = [Share(row.funder_id, row.amount, row.percent, row.commitment_id is not None) for row in rows]
    for row, share in zip(rows, by_percent(cost.amount, shares), strict=True):
        if share.amount <= ZERO:
            raise Refusal("Une part ne ferait pas un centime. Augmentez-la.", field="percent", code="percent")
        if row.amount != share.amount:
            row.amount = share.amount
            session.add(row)
            _drop_instalments(session, row)
    session.flush()


def _open_to(session: Session, owner: _Owner, funder_id: int, by: Actor) -> None:
    """Who pays a person's step, alone or with those of a collective action, reads the parcours."""
    if owner.parcours is not None:
        refuse_opening(session, owner.parcours, [funder_id], by)
    for step in [owner.step] if owner.step is not None else enrolled_steps(session, owner.of.action_id or 0):
        if session.get(StepFunder, (step.id, funder_id)) is None:
            session.add(StepFunder(step_id=step.id or 0, organisation_id=funder_id))
    session.flush()


def _remove(session: Session, cost: PlanCost) -> None:
    rows = session.exec(select(PlanShare).where(PlanShare.cost_id == cost.id)).all()
    for row in rows:
        _refuse_committed(row)
    for row in rows:
        _drop_instalments(session, row)
        session.delete(row)
    session.flush()
    session.delete(cost)
    session.flush()


def _drop_instalments(session: Session, share: PlanShare) -> None:
    if share.id is None:
        return
    for row in session.exec(select(PlanInstalment).where(PlanInstalment.share_id == share.id)):
        session.delete(row)
    session.flush()


def _refuse_committed(share: PlanShare | None) -> None:
    if share is not None and share.commitment_id is not None:
        raise Refusal(
            "Cette part est déjà engagée\u202f: elle change par les gestes de l’engagement, ou par un relais.",
            code="share_committed",
        )


def _refuse_collective(session: Session, commitment_id: int) -> None:
    """What an action's share became is shared between its persons, and nobody else's."""
    query = select(PlanShare.id).join(PlanCost, col(PlanCost.id) == col(PlanShare.cost_id))
    if session.exec(
        query.where(PlanShare.commitment_id == commitment_id, col(PlanCost.action_id).is_not(None))
    ).first():
        raise Refusal(
            "Cet engagement paie une action collective\u202f: il se partage entre les personnes qui y sont inscrites.",
            code="step_funding_collective",
        )


def _check_amount(amount: Decimal, field: str) -> None:
    if not ZERO < amount <= LARGEST:
        raise Refusal("Le montant doit être supérieur à zéro.", field=field, code="amount_positive")


def _tell(session: Session, owner: _Owner, verb: str, told: dict[str, Any], by: Actor, at: datetime) -> None:
    if owner.parcours is not None and owner.step is not None:
        note_change(session, owner.parcours, verb, {"step": owner.step.id, **told}, by=by, at=at)
        return
    assert owner.action is not None
    tell_action(session, owner.action, verb, told, by=by, at=at)
