"""How is a step added to a parcours, changed, interrupted or withdrawn?

A step says what the officer knows of it, and nothing more: what nobody said stays None, and the rules answer « à vérifier ».
A step entered by mistake is withdrawn with a motive, never deleted; one that money or a handoff leads to is not withdrawn.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlmodel import Session, col, select

from conference.data.tables import (
    Commitment,
    Handoff,
    Organisation,
    Parcours,
    PlanCost,
    PlanShare,
    Step,
    StepFunder,
    StepFunding,
    StepInterruption,
)
from conference.domain.case import InterruptionKind, StepKind
from conference.domain.handoff import HandoffStatus
from conference.domain.period import Period
from conference.domain.permissions import Actor, Relation
from conference.domain.refusal import Conflict, NotFound, Refusal
from conference.services.parcours_changes import note_change, reached, refuse_opening, relation_to

LONGEST_DAYS = 3653
"""A step or a right longer than ten years is a typing error (SEMANTICS §6 says it of a course)."""
OLDEST = 110


@dataclass(frozen=True)
class StepLine:
    """A step to add; both days included. `funder_ids`: who has a share in it (none: the referent).

    `registered_on`: the day of prescription or registration (None: the first day); `age_at_entry` in whole years on the first
    day; the four conditions are None until somebody says.
    """

    kind: StepKind
    title: str
    first: date
    last: date
    hours: int | None = None
    needs_income: bool = True
    provider_id: int | None = None
    funder_ids: tuple[int, ...] = ()
    registered_on: date | None = None
    weekly_hours: Decimal | None = None
    age_at_entry: int | None = None
    prescribed: bool | None = None
    qualifying: bool | None = None
    shortage_occupation: bool | None = None
    approved_for_pay: bool | None = None
    action_id: int | None = None
    own_reference: str | None = None
    import_file_id: int | None = None
    source_sheet: str | None = None
    source_row: int | None = None


_COPIED = tuple(each.name for each in fields(StepLine) if each.name not in ("kind", "title", "funder_ids"))
_CHANGED = tuple(name for name in _COPIED if name not in ("action_id", "import_file_id", "source_sheet", "source_row"))
_SILENT = frozenset({"age_at_entry", "own_reference"})
"""What the journal says « modifié » of, without its value."""


def add_step(session: Session, parcours_id: int, line: StepLine, *, by: Actor, at: datetime) -> Step:
    """Add a step. Raises Refusal on what makes no sense, NotFound when `by` does not reach the parcours."""
    parcours = reached(session, parcours_id, by, "parcours.edit")
    check_step(session, line)
    funders = sorted(set(line.funder_ids) or {parcours.referent_id})
    check_organisations(session, funders, "funder_ids")
    refuse_opening(session, parcours, funders, by)
    step = Step(
        parcours_id=parcours_id,
        kind=line.kind.value,
        title=line.title.strip(),
        **{name: getattr(line, name) for name in _COPIED},
    )
    session.add(step)
    session.flush()
    assert step.id is not None
    session.add_all(StepFunder(step_id=step.id, organisation_id=each) for each in funders)
    told = {
        "step": step.id,
        "kind": step.kind,
        "first": step.first,
        "last": step.last,
        "needs_income": step.needs_income,
    }
    note_change(session, parcours, "add_step", {**told, "funders": funders}, by=by, at=at)
    return step


def change_step(session: Session, step_id: int, line: StepLine, *, version: int, by: Actor, at: datetime) -> Step:
    """Write what is now known of a step; its funders become those of `line`, but those that a commitment, a share or a
    handoff keeps there.

    Raises Conflict when someone changed the step since `version`, NotFound when `by` does not reach its parcours.
    """
    step, parcours = _open_step(session, step_id, version, by)
    check_step(session, line)
    wanted = set(line.funder_ids) or {parcours.referent_id}
    check_organisations(session, sorted(wanted), "funder_ids")
    told: dict[str, Any] = {"step": step_id}
    for name in ("kind", "title", *_CHANGED):
        before, after = getattr(step, name), getattr(line, name)
        after = after.value if name == "kind" else after.strip() if name == "title" else after
        if before != after:
            setattr(step, name, after)
            told[name] = "modifié" if name in _SILENT or name == "title" else [before, after]
    if _set_funders(session, parcours, step_id, wanted, by):
        told["funders"] = sorted(wanted)
    if len(told) == 1:
        return step
    step.version += 1
    session.add(step)
    session.flush()
    note_change(session, parcours, "change_step", told, by=by, at=at)
    return step


def move_step(
    session: Session, step_id: int, *, first: date, last: date, version: int, by: Actor, at: datetime
) -> Step:
    """Change the days of a step: a course prolonged, shortened or put off. `version` is the one the form was opened with.

    Raises Conflict when someone changed the step since, NotFound when `by` does not reach its parcours.
    """
    step, parcours = _open_step(session, step_id, version, by)
    check_days(first, last)
    told = {"step": step.id, "first": [step.first, first], "last": [step.last, last]}
    step.first, step.last, step.version = first, last, step.version + 1
    session.add(step)
    session.flush()
    note_change(session, parcours, "move_step", told, by=by, at=at)
    return step


def withdraw_step(session: Session, step_id: int, *, motive: str, version: int, by: Actor, at: datetime) -> Step:
    """Take away a step that was entered by mistake. Raises Refusal when a commitment, a share or a handoff leads to it."""
    step, parcours = _open_step(session, step_id, version, by)
    if not motive.strip():
        raise Refusal("Indiquez le motif du retrait.", field="motive", code="step_motive_of_withdrawal")
    _refuse_used(session, step_id)
    step.withdrawn_at, step.withdrawn_motive, step.version = at, motive.strip(), step.version + 1
    session.add(step)
    session.flush()
    note_change(session, parcours, "withdraw_step", {"step": step_id, "motive": "modifié"}, by=by, at=at)
    return step


def record_interruption(
    session: Session, step_id: int, *, kind: InterruptionKind, first: date, last: date, by: Actor, at: datetime
) -> StepInterruption:
    """Record days of a step that were not followed. Raises Refusal when they are outside of it or recorded already."""
    step = _live_step(session, step_id)
    parcours = reached(session, step.parcours_id, by, "parcours.edit")
    check_days(first, last)
    rows = session.exec(select(StepInterruption).where(StepInterruption.step_id == step_id)).all()
    check_interruption(
        Period(step.first, step.last), Period(first, last), [Period(row.first, row.last) for row in rows]
    )
    row = StepInterruption(step_id=step_id, kind=kind.value, first=first, last=last)
    session.add(row)
    session.flush()
    told = {"step": step_id, "kind": kind.value, "first": first, "last": last}
    note_change(session, parcours, "record_interruption", told, by=by, at=at)
    return row


def remove_interruption(session: Session, interruption_id: int, *, by: Actor, at: datetime) -> None:
    """Take away days recorded by mistake; the journal keeps what they were."""
    row = session.get(StepInterruption, interruption_id)
    if row is None:
        raise NotFound()
    step = _live_step(session, row.step_id)
    parcours = reached(session, step.parcours_id, by, "parcours.edit")
    told = {"step": row.step_id, "kind": row.kind, "first": row.first, "last": row.last}
    session.delete(row)
    session.flush()
    note_change(session, parcours, "remove_interruption", told, by=by, at=at)


def check_days(first: date, last: date) -> None:
    """Raises Refusal when the days are out of order or too far apart."""
    if last < first:
        raise Refusal("Le dernier jour précède le premier. Corrigez l’une des deux dates.", field="last", code="dates")
    if (last - first).days >= LONGEST_DAYS:
        raise Refusal("Cette période dépasse dix ans. Vérifiez les deux dates.", field="last", code="too_long")


def check_organisations(session: Session, ids: list[int], field: str) -> None:
    """Raises Refusal when one of them is no organisation."""
    found = session.exec(select(Organisation.id).where(col(Organisation.id).in_(ids))).all()
    if set(ids) - set(found):
        raise Refusal("Choisissez un organisme de la liste.", field=field, code="organisation")


def check_interruption(course: Period, days: Period, others: Iterable[Period]) -> None:
    """Raises Refusal when days not followed lie outside of the course, or are already among `others`."""
    if not course.covers(days):
        raise Refusal("Ces jours ne sont pas tous dans l’étape. Corrigez les dates.", field="first", code="outside")
    if any(each.overlaps(days) for each in others):
        raise Refusal("Une partie de ces jours est déjà enregistrée. Corrigez les dates.", field="first", code="twice")


def check_step(session: Session, line: StepLine) -> None:
    """Raises Refusal on the first thing that makes no sense in a step."""
    check_step_line(line)
    check_organisations(session, [line.provider_id] if line.provider_id else [], "provider_id")


def check_step_line(line: StepLine) -> None:
    """What `check_step` asks without the database."""
    check_days(line.first, line.last)
    if not line.title.strip():
        raise Refusal("Donnez un intitulé à l’étape, par exemple le nom de la formation.", field="title", code="title")
    if line.hours is not None and line.hours <= 0:
        raise Refusal("Le nombre d’heures doit être supérieur à zéro, ou rester vide.", field="hours", code="hours")
    if line.weekly_hours is not None and not 0 < line.weekly_hours <= 60:
        raise Refusal(
            "Le nombre d’heures par semaine va de 1 à 60, ou reste vide.", field="weekly_hours", code="weekly_hours"
        )
    if line.registered_on is not None and line.registered_on > line.last:
        raise Refusal(
            "L’inscription est après la fin de l’étape. Corrigez l’une des deux dates.",
            field="registered_on",
            code="registered_on",
        )
    if line.age_at_entry is not None and not 10 <= line.age_at_entry <= OLDEST:
        raise Refusal("L’âge à l’entrée va de 10 à 110 ans, ou reste vide.", field="age_at_entry", code="age")


def _live_step(session: Session, step_id: int) -> Step:
    step = session.get(Step, step_id)
    if step is None or step.withdrawn_at is not None:
        raise NotFound()
    return step


def _open_step(session: Session, step_id: int, version: int, by: Actor) -> tuple[Step, Parcours]:
    step = _live_step(session, step_id)
    parcours = reached(session, step.parcours_id, by, "parcours.edit")
    if step.version != version:
        raise Conflict(
            "Quelqu’un a modifié cette étape pendant que vous la lisiez. Rechargez la page : elle montre l’état actuel."
        )
    return step, parcours


def _set_funders(session: Session, parcours: Parcours, step_id: int, wanted: set[int], by: Actor) -> bool:
    """Bring the funders of a step to `wanted`; True when something moved. Who has money or a share in it stays.

    Only the referent shuts the parcours to another funder; each may leave a step by itself. Raises Refusal.
    """
    rows = session.exec(select(StepFunder).where(StepFunder.step_id == step_id)).all()
    known = {row.organisation_id for row in rows}
    gone = known - wanted
    if gone:
        gone -= _kept_funders(session, step_id)
    if gone - {by.organisation_id} and relation_to(session, parcours, by) is not Relation.OWN:
        raise Refusal(
            "Seul l’organisme référent retire un autre financeur d’une étape. Laissez-le coché.",
            field="funder_ids",
            code="step_funders",
        )
    refuse_opening(session, parcours, wanted - known, by)
    for row in rows:
        if row.organisation_id in gone:
            session.delete(row)
    session.add_all(StepFunder(step_id=step_id, organisation_id=each) for each in sorted(wanted - known))
    return bool(gone or wanted - known)


def _kept_funders(session: Session, step_id: int) -> set[int]:
    """Who has a share of the step or of its collective action, a commitment for it, or took it by a handoff."""
    action = select(Step.action_id).where(Step.id == step_id).scalar_subquery()
    shares = (
        select(PlanShare.funder_id)
        .join(PlanCost, col(PlanCost.id) == col(PlanShare.cost_id))
        .where((col(PlanCost.step_id) == step_id) | (col(PlanCost.action_id) == action))
    )
    paid = (
        select(Commitment.funder_id)
        .join(StepFunding, col(StepFunding.commitment_id) == col(Commitment.id))
        .where(StepFunding.step_id == step_id)
    )
    taken = select(Handoff.receiver_id).where(
        Handoff.to_step_id == step_id, Handoff.status == HandoffStatus.ACCEPTED.value
    )
    return {each for query in (shares, paid, taken) for each in session.exec(query)}


def _refuse_used(session: Session, step_id: int) -> None:
    funded = session.exec(select(StepFunding.commitment_id).where(StepFunding.step_id == step_id)).first()
    planned = session.exec(select(PlanCost.id).where(PlanCost.step_id == step_id)).first()
    handed = session.exec(
        select(Handoff.id).where(
            (col(Handoff.from_step_id) == step_id) | (col(Handoff.to_step_id) == step_id),
            col(Handoff.status).in_([HandoffStatus.PROPOSED.value, HandoffStatus.ACCEPTED.value]),
        )
    ).first()
    if funded is not None or planned is not None or handed is not None:
        raise Refusal(
            "Un plan de financement, un engagement ou un relais porte sur cette étape : elle ne peut pas être retirée. "
            "Corrigez ses dates, ou retirez d’abord ce qui s’y rattache.",
            code="step_used",
        )
