"""Who may change a parcours, and what does every change of it do?

Whoever reaches it may add to it (`data.queries.parcours` says who); who does not is told that it does not exist. Each change
makes the version grow, computes its income and its alerts again in the same transaction, and one journal entry tells both.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, or_, select, update

from conference.data.among import among
from conference.data.journal import write_journal
from conference.data.queries.parcours import is_party
from conference.data.tables import Handoff, Parcours, ParcoursMerge, Step, StepFunder
from conference.domain.handoff import HandoffStatus
from conference.domain.permissions import Actor, Relation, Role, is_granted, require
from conference.domain.refusal import Conflict, NotFound, Refusal
from conference.services.refreshing import refresh

MOST_AT_ONCE = 20_000
"""Parcours that one transaction asks again; beyond, the next detection does."""
BLOCK = 2_000
"""Parcours asked together: their answers are held in memory."""
_LATER = "refreshed_later"


@contextmanager
def refreshed_later(session: Session) -> Iterator[set[int]]:
    """For many changes in one transaction: those noted within do not compute income and alerts one by one. Their parcours are
    gathered, for the caller to give to `refresh_together`."""
    before: set[int] | None = session.info.get(_LATER)
    gathered = session.info[_LATER] = set[int]() if before is None else before
    try:
        yield gathered
    finally:
        session.info[_LATER] = before


def refresh_together(
    session: Session, parcours_ids: Collection[int], *, at: datetime, most: int = MOST_AT_ONCE
) -> None:
    """Bring up to date what many changes gathered; more than `most` are left to the next detection, which asks each parcours
    whose version grew."""
    if len(parcours_ids) > most:
        return
    ids = sorted(parcours_ids)
    for start in range(0, len(ids), BLOCK):
        refresh(session, ids[start : start + BLOCK], at=at)


def reached(session: Session, parcours_id: int, by: Actor, action: str) -> Parcours:
    """The parcours when `by` may do `action` to it; NotFound when it may not know of it, Forbidden when only read.

    Raises Conflict when what would change was joined to another parcours, or is anonymised.
    """
    parcours = session.get(Parcours, parcours_id)
    if parcours is None:
        raise NotFound()
    relation = relation_to(session, parcours, by)
    if not is_granted(by, "parcours.read", relation):
        raise NotFound()
    require(by, action, relation)
    if not action.endswith(".read"):
        _refuse_ended(parcours)
    return parcours


def _refuse_ended(parcours: Parcours) -> None:
    if parcours.merged_into_id is not None:
        raise Conflict(
            "Ce parcours est réuni à un autre, qui reçoit désormais ce qui s’ajoute. Ouvrez le parcours gardé."
        )
    if parcours.anonymised_at is not None:
        raise Conflict("Ce parcours est anonymisé : il se lit encore, rien ne s’y ajoute.")


def relation_to(session: Session, parcours: Parcours, by: Actor) -> Relation:
    """OWN for who follows the person, PARTY for a funder of a step or of an open or accepted handoff, else OTHER."""
    if by.role is Role.CONSOLE or by.relation_to(parcours.referent_id) is Relation.OWN:
        return Relation.OWN
    assert parcours.id is not None
    return Relation.PARTY if is_party(session, parcours.id, by) else Relation.OTHER


def refuse_opening(session: Session, parcours: Parcours, funders: Collection[int], by: Actor) -> None:
    """Raises Refusal when `by` reaches the parcours by a handoff that waits for its answer alone, and would name one of these
    funders in it: itself for instance, which would then read on after its refusal (SEMANTICS §4)."""
    if not set(funders) - {parcours.referent_id} or relation_to(session, parcours, by) is Relation.OWN:
        return
    mine, number = by.organisation_id, parcours.id
    shared = select(StepFunder.step_id).join(Step, col(Step.id) == col(StepFunder.step_id))
    ties = (
        shared.where(Step.parcours_id == number, col(Step.withdrawn_at).is_(None), StepFunder.organisation_id == mine),
        select(Handoff.id).where(
            Handoff.parcours_id == number,
            Handoff.receiver_id == mine,
            Handoff.status == HandoffStatus.ACCEPTED.value,
        ),
        select(ParcoursMerge.id).where(
            ParcoursMerge.kept_id == number,
            ParcoursMerge.status == "agreed",
            or_(col(ParcoursMerge.asked_by_id) == mine, col(ParcoursMerge.answered_by_id) == mine),
        ),
    )
    if all(session.exec(tie).first() is None for tie in ties):
        raise Refusal(
            "Votre organisme n’a pas encore répondu au relais qui lui ouvre ce parcours\u202f: acceptez-le avant "
            "d’ajouter un financeur.",
            field="funder_ids",
            code="handoff_waits",
        )


def note_change(
    session: Session, parcours: Parcours, verb: str, told: dict[str, Any], *, by: Actor, at: datetime
) -> None:
    """Note a change of a parcours that `by` reached: its version grows, its alerts follow, the journal tells both.

    `told` holds no nominative value: identifiers, days and amounts, or « modifié » (SEMANTICS §5).
    """
    assert parcours.id is not None
    parcours.version += 1
    session.add(parcours)
    later: set[int] | None = session.info.get(_LATER)
    if later is None:
        alerts = refresh(session, [parcours.id], at=at).get(parcours.id)
    else:
        later.add(parcours.id)
        alerts = None
    write_journal(
        session,
        by=by,
        at=at,
        verb=verb,
        object_kind="parcours",
        object_id=parcours.id,
        object_label=parcours.pseudonym,
        changes={**told, **({"alerts": alerts} if alerts else {})},
    )


def refresh_changed(
    session: Session, parcours_ids: Collection[int], *, at: datetime
) -> dict[int, list[dict[str, Any]]]:
    """Bring up to date the parcours that a change elsewhere concerns (ledger, collective action), told by its own journal
    entry; what their alerts changed. Their version grows, so that a detection under way leaves them to this change."""
    session.flush()
    ids = sorted(parcours_ids)
    grown = update(Parcours).where(among(session, col(Parcours.id), ids)).values(version=col(Parcours.version) + 1)
    session.execute(grown.execution_options(synchronize_session="fetch"))
    return refresh(session, ids, at=at)
