"""What does a plan hold, who takes which part of it, and what is still to find?

Of another funder's share in a parcours that one reaches, the funder, the nature and the amount are told: it is the common
plan. Its commitment is told to its own funder alone (SEMANTICS §4).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import func, literal
from sqlalchemy import select as select_many
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from conference.data.queries.cases import grouped
from conference.data.queries.commitment_order import sort_key
from conference.data.queries.parcours import reached_parcours
from conference.data.tables import (
    Commitment,
    DimensionSet,
    Nature,
    Organisation,
    PlanCost,
    PlanInstalment,
    PlanShare,
    Step,
    StepFunding,
)
from conference.domain.money import ZERO
from conference.domain.permissions import Actor, Relation
from conference.domain.plan import per_person
from conference.domain.refusal import NotFound


@dataclass(frozen=True)
class ShareView:
    """What one funder takes of a cost, in euros. `is_own`: the reader's; `commitment_id`, `reference` only then."""

    id: int
    funder_id: int
    funder: str
    amount: Decimal
    percent: Decimal | None
    is_committed: bool
    is_own: bool
    commitment_id: int | None
    reference: str | None
    instalments: tuple[tuple[date, Decimal], ...]


@dataclass(frozen=True)
class CostView:
    """One nature of cost, with its shares. `to_find`: euros that no share takes, negative when they take more."""

    id: int
    nature_id: int
    nature: str
    amount: Decimal
    shares: tuple[ShareView, ...]

    @property
    def to_find(self) -> Decimal:
        return self.amount - sum((share.amount for share in self.shares), ZERO)

    def taken_by(self, funder_id: int) -> Decimal:
        """Euros that a funder takes of it."""
        return sum((share.amount for share in self.shares if share.funder_id == funder_id), ZERO)


@dataclass(frozen=True)
class FundingView:
    """What pays a step beside its own plan: a commitment tied to it, or a part of its collective action (`of_action`), planned
    or committed. `amount`: that person's part, in euros."""

    funder: str
    nature: str
    amount: Decimal
    is_own: bool
    commitment_id: int | None
    reference: str | None
    is_committed: bool = True
    of_action: bool = False


@dataclass(frozen=True)
class PlanView:
    """The plan of a step or of a collective action."""

    costs: tuple[CostView, ...] = ()
    others: tuple[FundingView, ...] = ()

    @property
    def total(self) -> Decimal:
        """Euros planned."""
        return sum((cost.amount for cost in self.costs), ZERO)

    @property
    def to_find(self) -> Decimal:
        """Euros that no share takes; what some costs have too much does not pay for others."""
        return sum((max(cost.to_find, ZERO) for cost in self.costs), ZERO)

    @property
    def beyond(self) -> Decimal:
        """Euros that shares take beyond their cost."""
        return sum((max(-cost.to_find, ZERO) for cost in self.costs), ZERO)

    @property
    def funders(self) -> tuple[tuple[int, str], ...]:
        """(identifier, name) of who takes a share, in the order of their names."""
        named = {share.funder_id: share.funder for cost in self.costs for share in cost.shares}
        return tuple(sorted(named.items(), key=lambda each: (sort_key(each[1]), each[0])))

    def taken_by(self, funder_id: int) -> Decimal:
        """Euros that a funder takes of all costs."""
        return sum((cost.taken_by(funder_id) for cost in self.costs), ZERO)

    def share(self, share_id: int) -> ShareView:
        """One of its shares. Raises NotFound."""
        found = next((share for cost in self.costs for share in cost.shares if share.id == share_id), None)
        if found is None:
            raise NotFound()
        return found

    def cost(self, cost_id: int) -> CostView:
        """One of its costs. Raises NotFound."""
        found = next((cost for cost in self.costs if cost.id == cost_id), None)
        if found is None:
            raise NotFound()
        return found


EMPTY = PlanView()


def plan_summary(session: Session, reader: Actor, parcours_id: int) -> dict[int, PlanView]:
    """The plans of the steps of a parcours, by step; nothing for whom does not reach it."""
    query = select(Step.id).where(Step.parcours_id == parcours_id, reached_parcours(reader, col(Step.parcours_id)))
    return plans_of_steps(session, reader, [number or 0 for number in session.exec(query)])


def plans_of_steps(session: Session, reader: Actor, step_ids: Sequence[int]) -> dict[int, PlanView]:
    """The plans of these steps, which the caller found that `reader` reaches; in four queries."""
    costs = _costs(session, reader, col(PlanCost.step_id).in_(step_ids))
    loose = _loose(session, reader, step_ids)
    by_step = grouped(costs, lambda each: each[0])
    return {
        step_id: PlanView(tuple(view for _, view in by_step.get(step_id, ())), tuple(loose.get(step_id, ())))
        for step_id in step_ids
    }


def plan_of_action(session: Session, reader: Actor, action_id: int) -> PlanView:
    """The plan of a collective action, which the caller found that `reader` may see."""
    return PlanView(tuple(view for _, view in _costs(session, reader, col(PlanCost.action_id) == action_id)))


def _costs(session: Session, reader: Actor, condition: Any) -> list[tuple[int, CostView]]:
    rows = session.exec(
        select(PlanCost, Nature.label)
        .join(Nature, col(Nature.id) == col(PlanCost.nature_id))
        .where(condition)
        .order_by(col(Nature.position), col(Nature.id))
    ).all()
    ids = [row.id or 0 for row, _ in rows]
    shares = session.exec(
        select(PlanShare, Organisation.short_name, Commitment.reference)
        .join(Organisation, col(Organisation.id) == col(PlanShare.funder_id))
        .join(Commitment, col(Commitment.id) == col(PlanShare.commitment_id), isouter=True)
        .where(col(PlanShare.cost_id).in_(ids))
        .order_by(col(PlanShare.id))
    ).all()
    due = session.exec(
        select(PlanInstalment)
        .where(col(PlanInstalment.share_id).in_([row.id for row, *_ in shares]))
        .order_by(col(PlanInstalment.due_on))
    ).all()
    schedules = grouped(due, lambda each: each.share_id)
    by_cost = grouped(shares, lambda each: each[0].cost_id)
    return [
        (
            row.step_id or row.action_id or 0,
            CostView(
                row.id or 0,
                row.nature_id,
                nature,
                row.amount,
                tuple(
                    _share(reader, schedules.get(each[0].id or 0, ()), *each) for each in by_cost.get(row.id or 0, ())
                ),
            ),
        )
        for row, nature in rows
    ]


def _share(
    reader: Actor, due: Iterable[PlanInstalment], row: PlanShare, funder: str, reference: str | None
) -> ShareView:
    own = reader.relation_to(row.funder_id) is Relation.OWN
    return ShareView(
        id=row.id or 0,
        funder_id=row.funder_id,
        funder=funder,
        amount=row.amount,
        percent=row.percent,
        is_committed=row.commitment_id is not None,
        is_own=own,
        commitment_id=row.commitment_id if own else None,
        reference=reference if own else None,
        instalments=tuple((each.due_on, each.amount) for each in due),
    )


def _loose(session: Session, reader: Actor, step_ids: Sequence[int]) -> dict[int, list[FundingView]]:
    """Commitments tied to these steps that no share of their own plan became."""
    planned = (
        select(PlanShare.commitment_id)
        .join(PlanCost, col(PlanCost.id) == col(PlanShare.cost_id))
        .where(col(PlanCost.step_id).in_(step_ids), col(PlanShare.commitment_id).is_not(None))
    )
    of_action = (
        select(PlanShare.commitment_id)
        .join(PlanCost, col(PlanCost.id) == col(PlanShare.cost_id))
        .join(Step, col(Step.action_id) == col(PlanCost.action_id))
        .where(col(Step.id).in_(step_ids))
    )
    shown = (col(Organisation.short_name), col(Nature.label), col(StepFunding.commitment_id).in_(of_action))
    query: Any = (
        select_many(StepFunding, Commitment, *shown)
        .join(Commitment, col(Commitment.id) == col(StepFunding.commitment_id))
        .join(Organisation, col(Organisation.id) == col(Commitment.funder_id))
        .join(DimensionSet, col(DimensionSet.id) == col(Commitment.dimension_set_id))
        .join(Nature, col(Nature.id) == col(DimensionSet.nature_id))
        .where(col(StepFunding.step_id).in_(step_ids), col(StepFunding.commitment_id).not_in(planned))
        .order_by(col(StepFunding.commitment_id))
    )
    found: dict[int, list[FundingView]] = {}
    for row, line, funder, nature, collective in session.execute(query):
        own = reader.relation_to(line.funder_id) is Relation.OWN
        number, reference = (line.id, line.reference) if own else (None, None)
        view = FundingView(funder, nature, row.amount, own, number, reference, of_action=bool(collective))
        found.setdefault(row.step_id, []).append(view)
    for step_id, view in _collective(session, reader, step_ids):
        found.setdefault(step_id, []).append(view)
    return found


def _collective(session: Session, reader: Actor, step_ids: Sequence[int]) -> Iterator[tuple[int, FundingView]]:
    """The person's part of the shares of a collective action that are no commitment yet."""
    query: Any = (
        select_many(
            col(Step.id),
            PlanShare,
            col(Organisation.short_name),
            col(Nature.label),
            sharing_persons(is_step_plan=False),
        )
        .select_from(Step)
        .join(PlanCost, col(PlanCost.action_id) == col(Step.action_id))
        .join(PlanShare, col(PlanShare.cost_id) == col(PlanCost.id))
        .join(Organisation, col(Organisation.id) == col(PlanShare.funder_id))
        .join(Nature, col(Nature.id) == col(PlanCost.nature_id))
        .where(col(Step.id).in_(step_ids), col(Step.withdrawn_at).is_(None), col(PlanShare.commitment_id).is_(None))
        .order_by(col(Step.id), col(PlanShare.id))
    )
    for step_id, share, funder, nature, persons in session.execute(query):
        own = reader.relation_to(share.funder_id) is Relation.OWN
        part = per_person(share.amount, persons)[0]
        yield step_id, FundingView(funder, nature, part, own, None, None, is_committed=False, of_action=True)


def sharing_persons(is_step_plan: bool) -> Any:
    """SQL: between how many persons a plan is shared."""
    if is_step_plan:
        return literal(1)
    other = aliased(Step)
    count = select_many(func.count()).select_from(other)
    return (
        count.where(col(other.action_id) == col(Step.action_id), col(other.withdrawn_at).is_(None))
        .correlate(Step)
        .scalar_subquery()
    )
