"""How is a person's parcours opened, and filled with steps and rights?

A parcours has no name on it: a pseudonym numbered without holes. Who may add to it, and what each change does, is said in
`parcours_changes`.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlmodel import Session, col, select

from conference.data.journal import write_journal
from conference.data.tables import IncomeRight, Organisation, Parcours, Step, StepFunder
from conference.domain.case import StepKind
from conference.domain.french import day_in_france
from conference.domain.parcours import KeySituation, ParcoursKind
from conference.domain.permissions import Actor, require
from conference.domain.refusal import Conflict, NotFound, Refusal
from conference.domain.rights import RightKind
from conference.services.numbering import take_numbers
from conference.services.parcours_changes import note_change, reached

LONGEST_DAYS = 3653
"""A step or a right longer than ten years is a typing error (SEMANTICS §6 says it of a course)."""


@dataclass(frozen=True)
class StepLine:
    """A step to add; both days included. `funder_ids`: who has a share in it (none: the referent)."""

    kind: StepKind
    title: str
    first: date
    last: date
    hours: int | None = None
    needs_income: bool = True
    provider_id: int | None = None
    funder_ids: tuple[int, ...] = ()


@dataclass(frozen=True)
class RightLine:
    """A right that a funder has decided. `daily_amount` in gross euros a calendar day, None when it is not known."""

    kind: RightKind
    payer_id: int
    first: date
    last: date
    daily_amount: Decimal | None = None
    origin: str = ""


def open_parcours(
    session: Session,
    *,
    referent_id: int,
    kind: ParcoursKind,
    key_situation: KeySituation,
    by: Actor,
    at: datetime,
    target: str = "",
) -> Parcours:
    """Open a parcours followed by the organisation `referent_id`. Raises Forbidden when `by` does not act for it."""
    require(by, "parcours.create", by.relation_to(referent_id))
    year = day_in_france(at).year
    [number] = take_numbers(session, f"parcours-{year}")
    parcours = Parcours(
        pseudonym=f"P-{year}-{number:06d}",
        kind=kind.value,
        key_situation=key_situation.value,
        target=target.strip(),
        referent_id=referent_id,
        created_at=at,
    )
    session.add(parcours)
    session.flush()
    write_journal(
        session,
        by=by,
        at=at,
        verb="open_parcours",
        object_kind="parcours",
        object_id=parcours.id,
        object_label=parcours.pseudonym,
        changes={"kind": kind.value, "key_situation": key_situation.value},
    )
    return parcours


def add_step(session: Session, parcours_id: int, line: StepLine, *, by: Actor, at: datetime) -> Step:
    """Add a step. Raises Refusal on dates out of order, NotFound when `by` does not reach the parcours."""
    parcours = reached(session, parcours_id, by, "parcours.edit")
    _check_days(line.first, line.last)
    if not line.title.strip():
        raise Refusal("Donnez un intitulé à l’étape, par exemple le nom de la formation.", field="title", code="title")
    if line.hours is not None and line.hours <= 0:
        raise Refusal("Le nombre d’heures doit être supérieur à zéro, ou rester vide.", field="hours", code="hours")
    funders = sorted(set(line.funder_ids) or {parcours.referent_id})
    _check_organisations(session, funders, "funder_ids")
    _check_organisations(session, [line.provider_id] if line.provider_id else [], "provider_id")
    step = Step(
        parcours_id=parcours_id,
        kind=line.kind.value,
        title=line.title.strip(),
        first=line.first,
        last=line.last,
        hours=line.hours,
        needs_income=line.needs_income,
        provider_id=line.provider_id,
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


def move_step(
    session: Session, step_id: int, *, first: date, last: date, version: int, by: Actor, at: datetime
) -> Step:
    """Change the days of a step: a course prolonged, shortened or put off. `version` is the one the form was opened with.

    Raises Conflict when someone changed the step since, NotFound when `by` does not reach its parcours.
    """
    step = session.get(Step, step_id)
    if step is None:
        raise NotFound()
    parcours = reached(session, step.parcours_id, by, "parcours.edit")
    _check_days(first, last)
    if step.version != version:
        raise Conflict(
            "Quelqu’un a modifié cette étape pendant que vous la lisiez. Rechargez la page : elle montre les dates actuelles."
        )
    told = {"step": step.id, "first": [step.first, first], "last": [step.last, last]}
    step.first, step.last, step.version = first, last, step.version + 1
    session.add(step)
    session.flush()
    note_change(session, parcours, "move_step", told, by=by, at=at)
    return step


def record_right(session: Session, parcours_id: int, line: RightLine, *, by: Actor, at: datetime) -> IncomeRight:
    """Record a right, known from the day of `at` in France. Raises Refusal on wrong days or amount."""
    parcours = reached(session, parcours_id, by, "parcours.edit")
    _check_days(line.first, line.last)
    if line.daily_amount is not None and line.daily_amount < 0:
        raise Refusal("Le montant par jour ne peut pas être négatif.", field="daily_amount", code="amount_not_negative")
    _check_organisations(session, [line.payer_id], "payer_id")
    right = IncomeRight(
        parcours_id=parcours_id,
        kind=line.kind.value,
        payer_id=line.payer_id,
        first=line.first,
        last=line.last,
        daily_amount=line.daily_amount,
        origin=line.origin.strip(),
        known_on=day_in_france(at),
        recorded_by=by.account_id,
    )
    session.add(right)
    session.flush()
    told = {"right": right.id, "kind": right.kind, "payer": right.payer_id, "first": right.first, "last": right.last}
    note_change(session, parcours, "record_right", {**told, "daily_amount": right.daily_amount}, by=by, at=at)
    return right


def _check_days(first: date, last: date) -> None:
    if last < first:
        raise Refusal("Le dernier jour précède le premier. Corrigez l’une des deux dates.", field="last", code="dates")
    if (last - first).days >= LONGEST_DAYS:
        raise Refusal("Cette période dépasse dix ans. Vérifiez les deux dates.", field="last", code="too_long")


def _check_organisations(session: Session, ids: list[int], field: str) -> None:
    found = session.exec(select(Organisation.id).where(col(Organisation.id).in_(ids))).all()
    if set(ids) - set(found):
        raise Refusal("Choisissez un organisme de la liste.", field=field, code="organisation")
