"""How does a financing plan follow the ledger: an engagement raised, lowered by a dégagement, or annulled?

A share that became a commitment says what stands of it, and no form changes it any more: what the ledger takes back is again
to be found, or a person would be left to a funder that pays nothing. Lowered, the end of its schedule goes first; raised, its
schedule tells no longer what it pays. Annulled, it was a mistake: the share is planned as before, and the commitment pays
nobody. A person's part of a commitment stays of what was engaged (`handoff_money` counts dégagements apart).

What a handoff releases moves the plan by itself (`handoff_plan`), and never that of a collective action.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlmodel import Session, col, select

from conference.data.among import among
from conference.data.tables import (
    Balance,
    Commitment,
    DimensionSet,
    HandoffRelease,
    HandoffShare,
    PlanCost,
    PlanInstalment,
    PlanShare,
    Step,
    StepFunding,
)
from conference.domain.handoff import cut_tail
from conference.domain.ledger import EntryKind
from conference.domain.money import ZERO
from conference.services.collective_shares import handed_over, share_again
from conference.services.parcours_changes import refresh_changed

if TYPE_CHECKING:
    from conference.services.posting import Posting

CHUNK = 500


@dataclass(slots=True)
class _Moved:
    """Euros by which entries moved what was engaged of a commitment, what was released of it, and the part of the latter that
    takes back the release of a handoff."""

    engaged: Decimal = ZERO
    released: Decimal = ZERO
    given_back: Decimal = ZERO


def follow_plans(session: Session, postings: Sequence["Posting"], *, at: datetime) -> None:
    """Bring the plans that these entries pay to what they have just written, and ask their parcours again."""
    moved = _moved(session, postings)
    tied: dict[int, list[StepFunding]] = {}
    ids = sorted(moved)
    for start in range(0, len(ids), CHUNK):
        query = select(StepFunding).where(col(StepFunding.commitment_id).in_(ids[start : start + CHUNK]))
        for row in session.exec(query.order_by(col(StepFunding.step_id))):
            tied.setdefault(row.commitment_id, []).append(row)
    if not tied:
        return
    steps = [row.step_id for rows in tied.values() for row in rows]
    parcours = session.exec(select(Step.parcours_id).where(among(session, col(Step.id), steps)).distinct()).all()
    for commitment_id, rows in tied.items():
        _follow(session, commitment_id, rows, moved[commitment_id])
    refresh_changed(session, parcours, at=at)


def _moved(session: Session, postings: Sequence["Posting"]) -> dict[int, _Moved]:
    """By commitment, where something moved: a confirmation moves nothing."""
    annulled = [each.reverses_id for each in postings if each.reverses_id and each.kind is EntryKind.RELEASE]
    query = select(HandoffRelease.entry_id).where(among(session, col(HandoffRelease.entry_id), annulled))
    of_handoffs = set(session.exec(query)) if annulled else set()
    found: dict[int, _Moved] = {}
    for each in postings:
        if each.kind in (EntryKind.COMMITMENT, EntryKind.FORECAST):
            found.setdefault(each.commitment_id, _Moved()).engaged += each.amount
        elif each.kind is EntryKind.RELEASE:
            told = found.setdefault(each.commitment_id, _Moved())
            told.released += each.amount
            told.given_back -= each.amount if each.reverses_id in of_handoffs else ZERO
    return {number: told for number, told in found.items() if told.engaged or told.released}


def _follow(session: Session, commitment_id: int, rows: Sequence[StepFunding], moved: _Moved) -> None:
    engaged = select(col(Balance.commitment), col(Balance.forecast)).where(Balance.commitment_id == commitment_id)
    stands = sum(session.exec(engaged).one(), ZERO)
    share = _share_of(session, commitment_id, rows)
    cost = None if share is None else session.get_one(PlanCost, share.cost_id)
    if stands == ZERO:
        _untie(session, commitment_id, rows, share, -moved.engaged)
    elif cost is not None and share is not None and cost.action_id is not None:
        _move_collective(session, commitment_id, cost.action_id, share, moved)
    else:
        if len(rows) == 1 and share is not None and share.commitment_id == commitment_id:
            rows[0].amount = max(rows[0].amount + moved.engaged, Decimal("0.01"))
            session.add(rows[0])
        _move(session, commitment_id, rows, share, moved.engaged - moved.released)
    session.flush()


def _share_of(session: Session, commitment_id: int, rows: Sequence[StepFunding]) -> PlanShare | None:
    """The share that became the commitment, or to which a handoff added it."""
    own = session.exec(select(PlanShare).where(PlanShare.commitment_id == commitment_id)).first()
    if own is not None:
        return own
    query = (
        _shares_beside(session, commitment_id, rows)
        .join(HandoffShare, col(HandoffShare.commitment_id) == commitment_id)
        .where(col(PlanShare.commitment_id).is_not(None))
    )
    found: PlanShare | None = session.exec(query).first()
    return found


def _shares_beside(session: Session, commitment_id: int, rows: Sequence[StepFunding]) -> Any:
    """SQL: the shares of the same funder and nature in the plans of the steps that the commitment pays."""
    funder_id, nature_id = _funder_and_nature(session, commitment_id)
    return (
        select(PlanShare)
        .join(PlanCost, col(PlanCost.id) == col(PlanShare.cost_id))
        .where(
            col(PlanCost.step_id).in_([row.step_id for row in rows]),
            PlanCost.nature_id == nature_id,
            PlanShare.funder_id == funder_id,
        )
        .order_by(col(PlanShare.id))
    )


def _funder_and_nature(session: Session, commitment_id: int) -> tuple[int, int]:
    query = select(Commitment.funder_id, DimensionSet.nature_id).join(
        DimensionSet, col(DimensionSet.id) == col(Commitment.dimension_set_id)
    )
    return session.exec(query.where(Commitment.id == commitment_id)).one()


def _untie(
    session: Session, commitment_id: int, rows: Sequence[StepFunding], share: PlanShare | None, lost: Decimal
) -> None:
    """An annulled commitment pays nobody; its share is planned again, unless another one of the same funder is in it."""
    if share is not None and share.amount > lost:
        other = (
            share.commitment_id if share.commitment_id != commitment_id else _other_of(session, share, commitment_id)
        )
        share.commitment_id = other
        if other is not None:
            _write(session, share, share.amount - lost)
    elif share is not None and share.commitment_id == commitment_id:
        share.commitment_id = None
    if share is not None:
        session.add(share)
    for row in rows:
        session.delete(row)


def _other_of(session: Session, share: PlanShare, commitment_id: int) -> int | None:
    """Another commitment that a handoff added to the share."""
    cost = session.get_one(PlanCost, share.cost_id)
    query = (
        select(HandoffShare.commitment_id)
        .join(StepFunding, col(StepFunding.commitment_id) == col(HandoffShare.commitment_id))
        .join(Commitment, col(Commitment.id) == col(HandoffShare.commitment_id))
        .where(
            StepFunding.step_id == cost.step_id,
            HandoffShare.nature_id == cost.nature_id,
            Commitment.funder_id == share.funder_id,
            HandoffShare.commitment_id != commitment_id,
        )
    )
    return session.exec(query).first()


def _move(
    session: Session, commitment_id: int, rows: Sequence[StepFunding], share: PlanShare | None, euros: Decimal
) -> None:
    if share is None:
        _restore(session, commitment_id, rows, euros)
    elif euros:
        _write(session, share, share.amount + euros)


def _move_collective(session: Session, commitment_id: int, action_id: int, share: PlanShare, moved: _Moved) -> None:
    """The share of an action follows what its people are not told by: what a handoff took of one of them was never in it,
    and what is added later has no part of it (`collective_shares.share_again`)."""
    handed = handed_over().where(HandoffRelease.commitment_id == commitment_id)
    engaged = ZERO if moved.engaged > 0 and session.exec(handed).first() is not None else moved.engaged
    euros = engaged - moved.released - moved.given_back
    if euros:
        _write(session, share, share.amount + euros)
    share_again(session, action_id)


def _restore(session: Session, commitment_id: int, rows: Sequence[StepFunding], euros: Decimal) -> None:
    """What was wholly released is given back: its share, which went, is in the plan of its step again."""
    if euros <= 0 or len(rows) != 1:
        return
    funder_id, nature_id = _funder_and_nature(session, commitment_id)
    query = select(PlanCost).where(PlanCost.step_id == rows[0].step_id, PlanCost.nature_id == nature_id)
    cost = session.exec(query).first()
    if cost is None or session.exec(_shares_beside(session, commitment_id, rows)).first() is not None:
        return
    session.add(PlanShare(cost_id=cost.id or 0, funder_id=funder_id, amount=euros, commitment_id=commitment_id))


def _write(session: Session, share: PlanShare, euros: Decimal) -> None:
    """Bring a share to so many euros: the end of its schedule first where it falls; a share of nothing goes."""
    due = session.exec(select(PlanInstalment).where(PlanInstalment.share_id == share.id)).all()
    schedule = [(row.due_on, row.amount) for row in due] if euros < share.amount else []
    for row in due:
        session.delete(row)
    session.flush()
    if euros <= 0:
        session.delete(share)
        session.flush()
        return
    share.amount, share.percent = euros, None
    session.add(share)
    session.add_all(
        PlanInstalment(share_id=share.id or 0, due_on=day, amount=part) for day, part in cut_tail(schedule, euros)
    )
    session.flush()
