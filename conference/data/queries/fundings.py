"""Who pays, or plans to pay, what of people's steps, as what is paid twice is looked for?

A funding keeps its name when its share becomes a commitment, so that a warning that was lifted stays lifted. Costs are one
agreed plan when a handoff leads from one to the other: the receiver takes the sender's place beside the other funders. For
the house itself: nothing here is filtered by a reader.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import func, or_
from sqlalchemy import select as select_many
from sqlmodel import Session, col

from conference.data.queries.plans import sharing_persons
from conference.data.tables import (
    Alert,
    Balance,
    Commitment,
    DimensionSet,
    Handoff,
    HandoffRelease,
    HandoffShare,
    Nature,
    Organisation,
    PlanCost,
    PlanShare,
    Scheme,
    Step,
    StepFunding,
)
from conference.domain.alert_words import AlertStatus
from conference.domain.funding_conflicts import Funding, Planned
from conference.domain.handoff import HandoffStatus
from conference.domain.money import ZERO
from conference.domain.period import ONE_DAY, Period
from conference.domain.permissions import Actor
from conference.domain.plan import per_person

Shares = Mapping[tuple[int, int], tuple[int, int]]
"""(share, cost) by (commitment, step)."""


def fundings_of(session: Session, parcours_ids: Sequence[int]) -> dict[int, list[Funding]]:
    """Every funding of the steps of these parcours: shares that are no commitment yet, and each commitment tied to a step; one
    that was handed over ends before."""
    found: dict[int, list[Funding]] = {}
    for parcours_id, funding in _shared(session, parcours_ids):
        found.setdefault(parcours_id, []).append(funding)
    rows = _funded(session, parcours_ids)
    if not rows:
        return found
    shares, ends = _shares(session, parcours_ids), _handed_over(session, parcours_ids)
    by_commitment: dict[int, list[tuple[int, Funding]]] = {}
    for row in rows:
        by_commitment.setdefault(row.commitment_id, []).append((row.parcours_id, _committed(row, shares)))
    roots = _joined(session, parcours_ids, by_commitment)
    for commitment_id, fundings in by_commitment.items():
        for parcours_id, funding in fundings:
            end = ends.get((commitment_id, parcours_id))
            if end is None or end > funding.period.first:
                found.setdefault(parcours_id, []).append(_until(funding, end))
    return {key: [_agreed(each, roots) for each in fundings] for key, fundings in found.items()}


def plans_of(session: Session, parcours_ids: Sequence[int]) -> dict[int, list[Planned]]:
    """What each live step that has a plan costs, and what its shares take, by parcours; of a collective action, the person's
    part of both."""
    by_step: dict[tuple[int, int], list[tuple[Decimal, Decimal]]] = {}
    taken = func.coalesce(func.sum(col(PlanShare.amount)), 0)
    for own in (True, False):
        same = col(PlanCost.step_id) == col(Step.id) if own else col(PlanCost.action_id) == col(Step.action_id)
        query: Any = (
            select_many(col(Step.parcours_id), col(Step.id), col(PlanCost.amount), taken, sharing_persons(own))
            .select_from(Step)
            .join(PlanCost, same)
            .join(PlanShare, col(PlanShare.cost_id) == col(PlanCost.id), isouter=True)
            .where(col(Step.parcours_id).in_(parcours_ids), col(Step.withdrawn_at).is_(None))
            .group_by(col(Step.id), col(Step.parcours_id), col(Step.action_id), col(PlanCost.id), col(PlanCost.amount))
            .order_by(col(Step.parcours_id), col(Step.id), col(PlanCost.id))
        )
        for parcours_id, step_id, cost, shares, persons in session.execute(query):
            part = per_person(cost, persons)[0], per_person(shares or ZERO, persons)[0]
            by_step.setdefault((parcours_id, step_id), []).append(part)
    found: dict[int, list[Planned]] = {}
    for (parcours_id, step_id), costs in sorted(by_step.items()):
        found.setdefault(parcours_id, []).append(Planned(step_id, costs))
    return found


def _shared(session: Session, parcours_ids: Sequence[int]) -> Iterator[tuple[int, Funding]]:
    """Shares that are no commitment yet, of the steps' own plans and, for the person's part, of their collective actions'."""
    # Not « IS NULL »: SQLite would go through every share of the conférence that is no commitment, once a chunk.
    is_planned = func.coalesce(col(PlanShare.commitment_id), 0) == 0
    for own in (True, False):
        same = col(Step.id) == col(PlanCost.step_id) if own else col(Step.action_id) == col(PlanCost.action_id)
        query: Any = (
            select_many(PlanShare, PlanCost, Step, col(Organisation.kind), col(Nature.code), sharing_persons(own))
            .select_from(Step)
            .join(PlanCost, same)
            .join(PlanShare, col(PlanShare.cost_id) == col(PlanCost.id))
            .join(Organisation, col(Organisation.id) == col(PlanShare.funder_id))
            .join(Nature, col(Nature.id) == col(PlanCost.nature_id))
            .where(
                col(Step.parcours_id).in_(parcours_ids),
                col(Step.withdrawn_at).is_(None),
                is_planned,
            )
        )
        for share, cost, step, kind, nature, persons in session.execute(query):
            part = per_person(share.amount, persons)[0]
            days = Period(step.first, step.last)
            yield (
                step.parcours_id,
                Funding(f"share:{share.id}", step.id, cost.id, nature, share.funder_id, kind, None, days, part),
            )


def _funded(session: Session, parcours_ids: Sequence[int]) -> Sequence[Any]:
    """Each commitment tied to a live step of which something stands, with what names its funding."""
    query: Any = (
        select_many(
            col(StepFunding.commitment_id),
            col(StepFunding.step_id),
            col(StepFunding.amount),
            col(Step.parcours_id),
            col(Step.first).label("step_first"),
            col(Step.last).label("step_last"),
            col(Commitment.funder_id),
            col(Commitment.first),
            col(Commitment.last),
            col(Organisation.kind),
            col(Nature.code).label("nature"),
            col(Scheme.code).label("scheme"),
        )
        .select_from(Step)
        .join(StepFunding, col(StepFunding.step_id) == col(Step.id))
        .join(Commitment, col(Commitment.id) == col(StepFunding.commitment_id))
        .join(Balance, col(Balance.commitment_id) == col(Commitment.id))
        .join(Organisation, col(Organisation.id) == col(Commitment.funder_id))
        .join(DimensionSet, col(DimensionSet.id) == col(Commitment.dimension_set_id))
        .join(Nature, col(Nature.id) == col(DimensionSet.nature_id))
        .join(Scheme, col(Scheme.id) == col(DimensionSet.scheme_id))
        .where(
            col(Step.parcours_id).in_(parcours_ids),
            col(Step.withdrawn_at).is_(None),
            col(Balance.commitment) + col(Balance.forecast) > col(Balance.release),
        )
    )
    return list(session.execute(query))


def _shares(session: Session, parcours_ids: Sequence[int]) -> Shares:
    """The share that became each commitment, of the step's own plan or of its collective action's."""
    query: Any = (
        select_many(col(StepFunding.commitment_id), col(StepFunding.step_id), col(PlanShare.id), col(PlanShare.cost_id))
        .select_from(Step)
        .join(StepFunding, col(StepFunding.step_id) == col(Step.id))
        .join(PlanShare, col(PlanShare.commitment_id) == col(StepFunding.commitment_id))
        .join(PlanCost, col(PlanCost.id) == col(PlanShare.cost_id))
        .where(
            col(Step.parcours_id).in_(parcours_ids),
            or_(col(PlanCost.step_id) == col(Step.id), col(PlanCost.action_id) == col(Step.action_id)),
        )
        .order_by(col(PlanShare.id).desc())
    )
    return {(row[0], row[1]): (row[2], row[3]) for row in session.execute(query)}


def _committed(row: Any, shares: Shares) -> Funding:
    share, cost = shares.get((row.commitment_id, row.step_id), (None, None))
    return Funding(
        key=f"commitment:{row.commitment_id}" if share is None else f"share:{share}",
        step_id=row.step_id,
        cost_id=cost,
        nature=row.nature,
        funder_id=row.funder_id,
        funder_kind=row.kind,
        scheme=row.scheme,
        period=Period(row.first or row.step_first, row.last or row.step_last),
        amount=row.amount,
    )


def _until(funding: Funding, end: date | None) -> Funding:
    if end is None:
        return funding
    return funding._replace(period=Period(funding.period.first, min(funding.period.last, end - ONE_DAY)))


def _handed_over(session: Session, parcours_ids: Sequence[int]) -> dict[tuple[int, int], date]:
    """The first day of the accepted handoff that released a commitment, by commitment and parcours."""
    query: Any = (
        select_many(col(HandoffRelease.commitment_id), col(Handoff.parcours_id), col(Handoff.first_day))
        .join(Handoff, col(Handoff.id) == col(HandoffRelease.handoff_id))
        .where(
            col(Handoff.parcours_id).in_(parcours_ids),
            col(Handoff.status) == HandoffStatus.ACCEPTED.value,
            col(HandoffRelease.entry_id).is_not(None),
        )
        .order_by(col(Handoff.first_day).desc())
    )
    return {(row[0], row[1]): row[2] for row in session.execute(query)}


def _joined(
    session: Session, parcours_ids: Sequence[int], fundings: dict[int, list[tuple[int, Funding]]]
) -> dict[int, int]:
    """Costs that a handoff joins to an earlier one; a receiver without a cost of its own takes the sender's."""
    query: Any = (
        select_many(col(HandoffShare.commitment_id), col(HandoffRelease.commitment_id), col(Handoff.parcours_id))
        .select_from(Handoff)
        .join(HandoffShare, col(HandoffShare.handoff_id) == col(Handoff.id))
        .join(HandoffRelease, col(HandoffRelease.handoff_id) == col(Handoff.id))
        .where(
            col(Handoff.parcours_id).in_(parcours_ids),
            col(Handoff.status) == HandoffStatus.ACCEPTED.value,
            col(HandoffShare.commitment_id).is_not(None),
        )
        .order_by(col(Handoff.id))
    )
    roots: dict[int, int] = {}
    for taken, released, parcours_id in session.execute(query):
        before = next((each for number, each in fundings.get(released, ()) if number == parcours_id), None)
        if before is None or before.cost_id is None:
            continue
        root = roots.get(before.cost_id, before.cost_id)
        after = fundings.get(taken, ())
        for place, (number, funding) in enumerate(after):
            if number != parcours_id or funding.nature != before.nature:
                continue
            if funding.cost_id is None:
                fundings[taken][place] = number, funding._replace(cost_id=root)
            elif funding.cost_id != root:
                roots[funding.cost_id] = root
    return roots


def _agreed(funding: Funding, roots: Mapping[int, int]) -> Funding:
    return funding if funding.cost_id is None else funding._replace(cost_id=roots.get(funding.cost_id, funding.cost_id))


def lifted_conflicts(session: Session, parcours_ids: Sequence[int]) -> set[tuple[int, str, str]]:
    """(parcours, code, cause) of the conflicts of these parcours on which somebody decided."""
    query: Any = select_many(col(Alert.parcours_id), col(Alert.code), col(Alert.cause)).where(
        col(Alert.parcours_id).in_(parcours_ids),
        col(Alert.code).in_(("double_funding", "not_cumulable")),
        col(Alert.status) == AlertStatus.DECIDED.value,
    )
    return {(row[0], row[1], row[2]) for row in session.execute(query)}


def step_titles(session: Session, parcours_ids: Sequence[int]) -> dict[int, str]:
    """Titles of the steps of these parcours, which the caller found that the reader reaches."""
    query: Any = select_many(col(Step.id), col(Step.title)).where(col(Step.parcours_id).in_(parcours_ids))
    return {row[0]: row[1] for row in session.execute(query)}


def own_line(session: Session, reader: Actor, reference: str) -> int | None:
    """The commitment of that reference, of the reader's organisation; None when it has none."""
    query = select_many(col(Commitment.id)).where(
        col(Commitment.reference) == reference, col(Commitment.funder_id) == reader.organisation_id
    )
    found = session.execute(query).scalar()
    return None if found is None else int(found)
