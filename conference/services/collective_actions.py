"""How is a course that many people follow together kept, and how do people join it and leave it?

Its owner keeps its facts and enrols: each person has a step of their own that begins with those facts and may then differ. The
steps do not move by themselves when the action changes: the owner is shown those that differ, and brings the chosen ones to
it. Who pays a part of the action reads the parcours of who is enrolled (SEMANTICS §4).
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlmodel import Session, col, select

from conference.data.queries.collective_actions import COMMON
from conference.data.tables import (
    CollectiveAction,
    HandoffRelease,
    Parcours,
    PlanCost,
    PlanShare,
    Step,
    StepFunder,
    StepFunding,
)
from conference.domain.case import StepKind
from conference.domain.parcours import KeySituation, ParcoursKind
from conference.domain.permissions import Actor, Relation, require
from conference.domain.refusal import Conflict, NotFound, Refusal
from conference.services.collective_shares import enrolled_steps, handed_over, share_again, tell_action
from conference.services.parcours import UNTOLD, Situation, open_parcours
from conference.services.parcours_changes import reached
from conference.services.steps import StepLine, add_step, change_step, check_step, withdraw_step

MOST_PERSONS = 500
"""Persons of one action: beyond, a number is a typing error."""
MOST_AT_ONCE = 100
"""Persons enrolled in one gesture: each has days that are counted on the spot."""


@dataclass(frozen=True)
class ActionLine:
    """What is said of a collective action; both days included. Conditions are None until somebody says."""

    kind: StepKind
    title: str
    first: date
    last: date
    hours: int | None = None
    weekly_hours: Decimal | None = None
    places: int | None = None
    needs_income: bool = True
    provider_id: int | None = None
    registered_on: date | None = None
    prescribed: bool | None = None
    qualifying: bool | None = None
    shortage_occupation: bool | None = None
    approved_for_pay: bool | None = None


@dataclass(frozen=True)
class NewPeople:
    """So many persons to open a parcours for, alike until each one's situation is told."""

    count: int
    kind: ParcoursKind
    key_situation: KeySituation
    target: str = ""
    situation: Situation = UNTOLD


_FACTS = tuple(each.name for each in fields(ActionLine))
_STEP = tuple(each.name for each in fields(StepLine) if each.name not in ("kind", "funder_ids"))


def create_action(session: Session, owner_id: int, line: ActionLine, *, by: Actor, at: datetime) -> CollectiveAction:
    """Create an action kept by the organisation `owner_id`. Raises Refusal on what makes no sense."""
    require(by, "action.edit", by.relation_to(owner_id))
    _check(session, line)
    action = CollectiveAction(owner_id=owner_id, created_at=at, version=0, **_told(line))
    session.add(action)
    session.flush()
    told = {"kind": action.kind, "first": action.first, "last": action.last, "places": action.places}
    tell_action(session, action, "create_action", told, by=by, at=at)
    return action


def change_action(
    session: Session, action_id: int, line: ActionLine, *, version: int, by: Actor, at: datetime
) -> CollectiveAction:
    """Write what is now known of an action; the steps of its persons stay (`align_steps`). Raises Conflict when someone
    changed it since `version`, Refusal when it has fewer places than persons."""
    action = own_action(session, action_id, by)
    if action.version != version:
        raise Conflict(
            "Quelqu’un a modifié cette action pendant que vous la lisiez. Rechargez la page : elle montre l’état actuel."
        )
    _check(session, line)
    _refuse_crowd(line.places, len(enrolled_steps(session, action_id)))
    changed: dict[str, Any] = {}
    for name, after in _told(line).items():
        before = getattr(action, name)
        if before != after:
            setattr(action, name, after)
            changed[name] = "modifié" if name == "title" else [before, after]
    if changed:
        tell_action(session, action, "change_action", changed, by=by, at=at)
    return action


def align_steps(
    session: Session, action_id: int, versions: Sequence[tuple[int, int]], *, by: Actor, at: datetime
) -> int:
    """Bring chosen steps, as (step, version seen), to what the action says; how many moved. Raises Conflict when one
    changed since, NotFound when one is not of the action or its parcours is not reached."""
    action = own_action(session, action_id, by)
    steps = {step.id: step for step in enrolled_steps(session, action_id)}
    common = {name: getattr(action, name) for name in COMMON} | {"kind": StepKind(action.kind)}
    for step_id, version in versions:
        if step_id not in steps:
            raise NotFound()
        step = steps[step_id]
        kept = {name: getattr(step, name) for name in _STEP}
        line = StepLine(**{**kept, **common}, funder_ids=_funders_of(session, step_id))
        change_step(session, step_id, line, version=version, by=by, at=at)
    if versions:
        tell_action(session, action, "align_steps", {"persons": len(versions)}, by=by, at=at)
    return len(versions)


def enrol(session: Session, action_id: int, parcours_ids: Sequence[int], *, by: Actor, at: datetime) -> list[Step]:
    """Enrol people who have a parcours: each gets a step with the action's facts. Raises Refusal when one is enrolled
    already or there is no place left, NotFound when one is not reached."""
    action = own_action(session, action_id, by)
    chosen = list(dict.fromkeys(parcours_ids))
    _refuse_too_many(session, action, len(chosen))
    known = {step.parcours_id for step in enrolled_steps(session, action_id)}
    for parcours_id in chosen:
        parcours = reached(session, parcours_id, by, "parcours.edit")
        if parcours_id in known:
            raise Refusal(
                f"{parcours.pseudonym} est déjà inscrit à cette action.", field="pseudonyms", code="enrolled_twice"
            )
    return _enrol(session, action, chosen, by, at)


def enrol_new(
    session: Session, action_id: int, people: NewPeople, *, by: Actor, at: datetime
) -> tuple[list[Parcours], list[Step]]:
    """Open a parcours for each of so many new persons, followed by the action's owner, and enrol them."""
    action = own_action(session, action_id, by)
    if people.count < 1:
        raise Refusal("Indiquez au moins une personne.", field="count", code="count")
    _refuse_too_many(session, action, people.count, field="count")
    opened = [
        open_parcours(
            session,
            referent_id=action.owner_id,
            kind=people.kind,
            key_situation=people.key_situation,
            target=people.target,
            situation=people.situation,
            by=by,
            at=at,
        )
        for _ in range(people.count)
    ]
    return opened, _enrol(session, action, [each.id or 0 for each in opened], by, at)


def leave(
    session: Session, action_id: int, step_id: int, *, motive: str, version: int, by: Actor, at: datetime
) -> None:
    """Take somebody off who was enrolled by mistake or never came: the others share what is committed.

    Raises Refusal when nobody would be left to carry it, when a plan or a commitment of the person's own leads to the step,
    or when a handoff took a part of what is committed; a rupture is a result of the step, not a withdrawal.
    """
    action = own_action(session, action_id, by)
    steps = enrolled_steps(session, action_id)
    if step_id not in {step.id for step in steps}:
        raise NotFound()
    shared = _committed_shares(session, action_id)
    if shared and len(steps) == 1:
        raise Refusal(
            "C’est la dernière personne inscrite, et l’action est engagée. Dégagez d’abord ces engagements.",
            code="last_enrolled",
        )
    if shared and session.exec(handed_over().where(col(HandoffRelease.commitment_id).in_(shared))).first():
        raise Refusal(
            "Un relais a déjà emporté une part de ces engagements : enregistrez une rupture de l’étape.",
            code="step_used",
        )
    own = StepFunding.step_id == step_id
    for row in session.exec(select(StepFunding).where(own, col(StepFunding.commitment_id).in_(shared))).all():
        session.delete(row)
    session.flush()
    withdraw_step(session, step_id, motive=motive, version=version, by=by, at=at)
    share_again(session, action_id)
    tell_action(session, action, "leave_action", {"step": step_id}, by=by, at=at)


def own_action(session: Session, action_id: int, by: Actor) -> CollectiveAction:
    """The action when `by` may edit it; else NotFound, so that nobody learns what others prepare."""
    action = session.get(CollectiveAction, action_id)
    if action is None or by.relation_to(action.owner_id) is not Relation.OWN:
        raise NotFound()
    require(by, "action.edit", Relation.OWN)
    return action


def _enrol(
    session: Session, action: CollectiveAction, parcours_ids: Sequence[int], by: Actor, at: datetime
) -> list[Step]:
    facts = {name: getattr(action, name) for name in _FACTS if name not in ("kind", "places")}
    line = StepLine(kind=StepKind(action.kind), funder_ids=_payers(session, action), action_id=action.id, **facts)
    steps = [add_step(session, each, line, by=by, at=at) for each in parcours_ids]
    share_again(session, action.id or 0)
    tell_action(session, action, "enrol", {"persons": len(steps)}, by=by, at=at)
    return steps


def _payers(session: Session, action: CollectiveAction) -> tuple[int, ...]:
    """The owner, and who has a share of the action's plan."""
    query = (
        select(PlanShare.funder_id)
        .join(PlanCost, col(PlanCost.id) == col(PlanShare.cost_id))
        .where(PlanCost.action_id == action.id)
    )
    return tuple(sorted({action.owner_id, *session.exec(query)}))


def _committed_shares(session: Session, action_id: int) -> list[int]:
    query = (
        select(PlanShare.commitment_id)
        .join(PlanCost, col(PlanCost.id) == col(PlanShare.cost_id))
        .where(PlanCost.action_id == action_id, col(PlanShare.commitment_id).is_not(None))
    )
    return [number or 0 for number in session.exec(query)]


def _funders_of(session: Session, step_id: int) -> tuple[int, ...]:
    query = select(StepFunder.organisation_id).where(StepFunder.step_id == step_id)
    return tuple(sorted(session.exec(query)))


def _told(line: ActionLine) -> dict[str, Any]:
    told = {name: getattr(line, name) for name in _FACTS}
    return {**told, "kind": line.kind.value, "title": line.title.strip()}


def _check(session: Session, line: ActionLine) -> None:
    """What makes no sense in a step of each person makes none in the action."""
    facts = {name: getattr(line, name) for name in _FACTS if name != "places"}
    check_step(session, StepLine(**facts))
    if line.places is not None and not 1 <= line.places <= MOST_PERSONS:
        raise Refusal(f"Le nombre de places va de 1 à {MOST_PERSONS}, ou reste vide.", field="places", code="places")


def _refuse_too_many(session: Session, action: CollectiveAction, count: int, field: str = "pseudonyms") -> None:
    if count > MOST_AT_ONCE:
        raise Refusal(f"Inscrivez {MOST_AT_ONCE} personnes au plus à la fois.", field=field, code="too_many")
    there = len(enrolled_steps(session, action.id or 0))
    left = (action.places or MOST_PERSONS) - there
    if count > left:
        said = "Il ne reste aucune place" if left <= 0 else f"Il reste {left} place{'s' if left > 1 else ''}"
        raise Refusal(
            f"{said} dans cette action. Ajoutez des places, ou inscrivez moins de personnes.",
            field=field,
            code="places",
        )


def _refuse_crowd(places: int | None, enrolled: int) -> None:
    if places is not None and enrolled > places:
        raise Refusal(
            f"{enrolled} personnes sont inscrites\u202f: l’action ne peut pas avoir moins de places.",
            field="places",
            code="places",
        )
