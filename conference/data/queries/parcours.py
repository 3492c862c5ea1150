"""Which parcours does a reader reach, and what do they hold?

A parcours is reached by its referent, by the funders that have a share in one of its steps, and by the receiver of a
handoff that is proposed or accepted (SEMANTICS §4); to be named as the payer of a right opens nothing, since anyone
could then open a parcours to a third party. Coordinators read all of them under their pseudonym. Every query takes
its reader: without one it cannot be written.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, false, or_, true
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from conference.data.tables import Handoff, IncomeRight, Parcours, ParcoursMerge, Step, StepFunder
from conference.domain.handoff import OPENS_PARCOURS
from conference.domain.permissions import Actor, Relation, is_granted


def reached_parcours(reader: Actor, parcours_id: Any) -> ColumnElement[bool]:
    """SQL: does `reader` reach the parcours of identifier `parcours_id` (a column)?"""
    if is_granted(reader, "parcours.read", Relation.OTHER):
        return true()
    mine = reader.organisation_id
    if mine is None or not is_granted(reader, "parcours.read", Relation.PARTY):
        return false()
    followed = aliased(Parcours)
    own = select(followed.id).where(followed.id == parcours_id, followed.referent_id == mine)
    return or_(parcours_id.in_(own), *(parcours_id.in_(part) for part in parts_of(mine, parcours_id)))


def is_party(session: Session, parcours_id: int, reader: Actor) -> bool:
    """Has the reader's organisation a share in a step of it, a handoff that opens it, or a parcours joined to it?"""
    mine = reader.organisation_id
    if mine is None:
        return False
    reaches = or_(*(col(Parcours.id).in_(part) for part in parts_of(mine, col(Parcours.id))))
    return session.exec(select(Parcours.id).where(Parcours.id == parcours_id, reaches)).first() is not None


def parts_of(organisation_id: int, parcours_id: Any | None) -> tuple[Any, ...]:
    """SQL: the parcours that an organisation reaches by a step, by a handoff, and by one of its own that was joined to it.

    Each part asks of the one parcours at hand, by an index (None: of all of them): a list of all that a large funder reaches
    would be made again for each page.
    """

    def at_hand(column: Any) -> tuple[Any, ...]:
        return () if parcours_id is None else (column == parcours_id,)

    step, share, handoff, merge = aliased(Step), aliased(StepFunder), aliased(Handoff), aliased(ParcoursMerge)
    shared = (
        select(step.parcours_id)
        .join(share, col(share.step_id) == step.id)
        .where(
            *at_hand(step.parcours_id),
            col(step.withdrawn_at).is_(None),
            share.organisation_id == organisation_id,
        )
    )
    handed = select(handoff.parcours_id).where(
        *at_hand(handoff.parcours_id),
        handoff.receiver_id == organisation_id,
        col(handoff.status).in_([each.value for each in OPENS_PARCOURS]),
    )
    joined = select(merge.kept_id).where(
        *at_hand(merge.kept_id),
        merge.status == "agreed",
        or_(col(merge.asked_by_id) == organisation_id, col(merge.answered_by_id) == organisation_id),
    )
    return shared, handed, joined


def steps_of(session: Session, parcours_id: int) -> Sequence[Step]:
    """Steps of a parcours, in the order of their days. For queries and services that have checked the reader."""
    query = (
        select(Step)
        .where(Step.parcours_id == parcours_id, col(Step.withdrawn_at).is_(None))
        .order_by(col(Step.first), col(Step.last), col(Step.id))
    )
    return session.exec(query).all()


def rights_of(session: Session, parcours_id: int) -> Sequence[IncomeRight]:
    """Rights of a parcours, in the order of their days. For queries and services that have checked the reader."""
    query = select(IncomeRight).where(IncomeRight.parcours_id == parcours_id, col(IncomeRight.withdrawn_at).is_(None))
    return session.exec(query.order_by(col(IncomeRight.first), col(IncomeRight.last), col(IncomeRight.id))).all()


def reached_among(session: Session, reader: Actor, ids: Sequence[int]) -> set[int]:
    """Those of these parcours that `reader` may open."""
    query = select(Parcours.id).where(col(Parcours.id).in_(ids), reached_parcours(reader, col(Parcours.id)))
    return {number or 0 for number in session.exec(query)}
