"""Does a handoff that is accepted stay within the ceiling of the receiver's convention?

Asked before anything is written: over it the whole acceptance is refused, with what is left (SEMANTICS §7). What the sender
releases under that same convention is free again in the same transaction, and counts so.
"""

from datetime import datetime
from decimal import Decimal

from sqlmodel import Session, col, select

from conference.data.queries.handoff_conventions import handoff_conventions
from conference.data.tables import ConventionCommitment, Handoff, HandoffRelease
from conference.domain.french import day_in_france
from conference.domain.money import ZERO
from conference.domain.refusal import Refusal
from conference.services.convention_balances import balance_of, refuse_over
from conference.services.handoffs import releases_of


def convention_of(session: Session, handoff: Handoff, chosen: int | None, at: datetime) -> int | None:
    """The convention under which the receiver's engagement falls: the one chosen, else the only one of the kind relay between
    the two; None when there is none. Raises Refusal on one that is not in force for the receiver, or when one must choose."""
    found = handoff_conventions(session, handoff.id or 0, day_in_france(at))
    if chosen is not None:
        if chosen not in {each.id for each in found.all}:
            raise Refusal(
                "Choisissez une convention en vigueur de votre organisme.", field="convention_id", code="convention"
            )
        return chosen
    if len(found.relays) > 1:
        raise Refusal(
            "Plusieurs conventions de relais lient vos deux organismes\u202f: choisissez celle qui s’applique.",
            field="convention_id",
            code="convention_needed",
        )
    return found.by_itself.id if found.by_itself is not None else None


def refuse_over_ceiling(session: Session, handoff: Handoff, convention_id: int, total: Decimal) -> None:
    """Raise Refusal, with what is left, when `total` euros would pass the ceiling of that convention."""
    query = (
        select(HandoffRelease)
        .join(ConventionCommitment, col(ConventionCommitment.commitment_id) == col(HandoffRelease.commitment_id))
        .where(HandoffRelease.handoff_id == handoff.id, ConventionCommitment.convention_id == convention_id)
    )
    now = {each.commitment_id: each.release for each in releases_of(session, handoff)}
    freed = sum((min(row.foreseen, now.get(row.commitment_id, ZERO)) for row in session.exec(query)), ZERO)
    refuse_over(balance_of(session, convention_id), total, freed=freed, field="convention_id")
