"""What would a funder release of its commitments if it handed a person over on a day?

A commitment of one person's course is released whole beyond the day; of a collective one, the person's part of it, of what
was paid and of what was released otherwise, in the proportion of `step_funding`. What earlier handoffs of the same person
took is counted once. Where liquidation or mandatement are recorded, what is released stops at them, since the ledger holds
settled within committed. For services and queries that have checked the reader.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlmodel import Session, col, func, select

from conference.data.tables import (
    Balance,
    Commitment,
    DimensionSet,
    Entry,
    Handoff,
    HandoffRelease,
    Nature,
    PlanCost,
    PlanInstalment,
    PlanShare,
    Scheme,
    Step,
    StepFunding,
)
from conference.domain.handoff import person_part, planned_from, released
from conference.domain.money import ZERO, split
from conference.domain.period import Period

Instalments = tuple[tuple[date, Decimal], ...]


@dataclass(frozen=True)
class Foreseen:
    """One commitment of the sender. `committed`, `paid`, `planned`, `release`: this person's part, in euros.

    `waits`: it awaits its second confirmation, so that nothing is committed yet.
    """

    commitment_id: int
    reference: str
    nature_id: int
    nature: str
    scheme: str
    collective: bool
    committed: Decimal
    paid: Decimal
    planned: Decimal
    release: Decimal
    waits: bool


@dataclass(frozen=True)
class _Part:
    """One step that a commitment pays for the person, and its schedule if the plan has one."""

    step: Step
    amount: Decimal
    instalments: Instalments
    of_action: Decimal | None
    """Euros of the whole collective share that the schedule is of; None: it is the step's own."""


def foreseen_releases(
    session: Session, parcours_id: int, sender_id: int, step_ids: Sequence[int], first_day: date
) -> tuple[Foreseen, ...]:
    """What `sender_id` would release on `first_day` of each of its commitments that pay these steps of the parcours."""
    paying = (
        select(StepFunding.commitment_id)
        .join(Commitment, col(Commitment.id) == col(StepFunding.commitment_id))
        .where(col(StepFunding.step_id).in_(step_ids), Commitment.funder_id == sender_id)
    )
    query = (
        select(Commitment, Balance, Nature, Scheme)
        .join(Balance, col(Balance.commitment_id) == col(Commitment.id))
        .join(DimensionSet, col(DimensionSet.id) == col(Commitment.dimension_set_id))
        .join(Nature, col(Nature.id) == col(DimensionSet.nature_id))
        .join(Scheme, col(Scheme.id) == col(DimensionSet.scheme_id))
        .where(col(Commitment.id).in_(paying))
        .order_by(col(Commitment.id))
    )
    found = []
    for line, balance, nature, scheme in session.exec(query).all():
        parts = _parts(session, line.id or 0, parcours_id)
        whole, own = _whole(session, line, balance, parts)
        committed, paid, planned = _amounts(session, line, balance, parts, whole, own, parcours_id, step_ids, first_day)
        limit = balance.commitment - balance.release - max(balance.settlement, balance.order)
        release = min(released(committed, paid, planned), max(limit, ZERO), _still_to_pay(balance))
        found.append(
            Foreseen(
                commitment_id=line.id or 0,
                reference=line.reference,
                nature_id=nature.id or 0,
                nature=nature.label,
                scheme=scheme.label,
                collective=whole > own,
                committed=committed,
                paid=paid,
                planned=planned,
                release=release,
                waits=balance.forecast > 0,
            )
        )
    return tuple(found)


def _amounts(
    session: Session,
    line: Commitment,
    balance: Balance,
    parts: Sequence[_Part],
    whole: Decimal,
    own: Decimal,
    parcours_id: int,
    step_ids: Sequence[int],
    first_day: date,
) -> tuple[Decimal, Decimal, Decimal]:
    """Committed, paid and planned from the day on, of this person's part."""
    by_all, by_own = _handed_over(session, line.id or 0, parcours_id)
    before = person_part(balance.commitment - max(balance.release - by_all, ZERO), own, whole)
    paid = person_part(balance.payment - balance.repayment, own, whole)
    shares = split(before, [part.amount for part in parts]) if before > 0 else [ZERO] * len(parts)
    planned, left = ZERO, by_own
    for part, share in zip(parts, shares, strict=True):
        if part.step.id not in step_ids:
            continue
        due = _planned(part, share, first_day)
        if (
            not part.instalments or part.of_action is not None
        ):  # a schedule of the step's own is cut when it is released
            due, left = max(due - left, ZERO), max(left - due, ZERO)
        planned += due
    return max(before - by_own, ZERO), paid, planned


def _planned(part: _Part, share: Decimal, first_day: date) -> Decimal:
    period = Period(part.step.first, part.step.last)
    due = planned_from(share, period, first_day, part.instalments)
    return due if part.of_action is None else person_part(share, due, part.of_action)


def _still_to_pay(balance: Balance) -> Decimal:
    return max(balance.commitment - balance.release - balance.payment + balance.repayment, ZERO)


def _parts(session: Session, commitment_id: int, parcours_id: int) -> list[_Part]:
    query = (
        select(StepFunding, Step)
        .join(Step, col(Step.id) == col(StepFunding.step_id))
        .where(StepFunding.commitment_id == commitment_id, Step.parcours_id == parcours_id)
        .order_by(col(Step.first), col(Step.id))
    )
    rows = session.exec(query).all()
    schedules = _schedules(session, commitment_id)
    return [
        _Part(
            step,
            funding.amount,
            *(schedules.get((step.id, None)) or schedules.get((None, step.action_id or 0)) or ((), None)),
        )
        for funding, step in rows
    ]


def _schedules(
    session: Session, commitment_id: int
) -> Mapping[tuple[int | None, int | None], tuple[Instalments, Decimal | None]]:
    """By (step, None) or (None, action): the instalments of the share that became this commitment."""
    query = (
        select(PlanCost, PlanShare, PlanInstalment)
        .join(PlanShare, col(PlanShare.cost_id) == col(PlanCost.id))
        .join(PlanInstalment, col(PlanInstalment.share_id) == col(PlanShare.id))
        .where(PlanShare.commitment_id == commitment_id)
        .order_by(col(PlanInstalment.due_on))
    )
    found: dict[tuple[int | None, int | None], tuple[Instalments, Decimal | None]] = {}
    for cost, share, instalment in session.exec(query):
        key = (cost.step_id, cost.action_id)
        before, whole = found.get(key, ((), None if cost.action_id is None else share.amount))
        found[key] = ((*before, (instalment.due_on, instalment.amount)), whole)
    return found


def _whole(session: Session, line: Commitment, balance: Balance, parts: Sequence[_Part]) -> tuple[Decimal, Decimal]:
    """(euros that the commitment is of, euros of them that are this person's)."""
    own = sum((part.amount for part in parts), ZERO)
    steps = [part.step.id for part in parts]
    query = select(func.count(), func.sum(StepFunding.amount)).where(
        StepFunding.commitment_id == line.id, col(StepFunding.step_id).not_in(steps)
    )
    others, amount = session.exec(query).one()
    if not others and (line.persons or 1) == 1:
        return own, own
    return max(balance.commitment, own + (amount or ZERO)), own


def _handed_over(session: Session, commitment_id: int, parcours_id: int) -> tuple[Decimal, Decimal]:
    """What handoffs released of a commitment: of everybody, and of this parcours; annulled releases left out."""
    annulled = select(Entry.reverses_id).where(
        Entry.commitment_id == commitment_id, col(Entry.reverses_id).is_not(None)
    )
    query = (
        select(col(Handoff.parcours_id), col(HandoffRelease.released))
        .join(Handoff, col(Handoff.id) == col(HandoffRelease.handoff_id))
        .where(
            HandoffRelease.commitment_id == commitment_id,
            col(HandoffRelease.entry_id).is_not(None),
            col(HandoffRelease.entry_id).not_in(annulled),
        )
    )
    rows = session.exec(query).all()
    by_all = sum((amount or ZERO for _, amount in rows), ZERO)
    return by_all, sum((amount or ZERO for number, amount in rows if number == parcours_id), ZERO)
