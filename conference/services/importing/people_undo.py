"""How is what an import brought of people's parcours taken back?

Each step and right that the file created and that nothing was built on is withdrawn, with the motive of the undoing; its
reference is free again, so that the same file creates it again. A parcours keeps its number, since numbers have no holes: it
is emptied of what the file said, and the same file takes it up. What lived on stays and is told; a value that the file changed
is corrected on its page.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, or_, select

from conference.data.tables import (
    Alert,
    AlertEvent,
    Attachment,
    Handoff,
    Identity,
    ImportFile,
    IncomeRight,
    Parcours,
    ParcoursMerge,
    PlanCost,
    Step,
    StepFunding,
    StepInterruption,
    StepResult,
)
from conference.domain.alert_words import AlertEventKind
from conference.domain.permissions import Actor, is_granted
from conference.services.income_rights import withdraw_right
from conference.services.parcours_changes import note_change, refresh_together, refreshed_later, relation_to
from conference.services.steps import withdraw_step

CHUNK = 500
_EMPTIED = ("territory_id", "audience_id", "disabled", "no_benefit", "worked_6_of_12", "single_parent")


@dataclass(frozen=True)
class PeopleUndo:
    """What an undoing takes back, by identifier, and what it leaves: (pseudonym, step or right of it, why)."""

    steps: tuple[int, ...]
    rights: tuple[int, ...]
    parcours: tuple[int, ...]
    kept: tuple[tuple[str, str, str], ...]

    @property
    def count(self) -> int:
        """How many lines come back."""
        return len(self.steps) + len(self.rights) + len(self.parcours)


def plan_people_undo(session: Session, file: ImportFile, annulled: Collection[int], *, by: Actor) -> PeopleUndo:
    """What `by` can take back now of what `file` created; reads only. `annulled`: commitments that the undoing annuls."""
    steps, rights = _brought(session, Step, file), _brought(session, IncomeRight, file)
    opened = _brought(session, Parcours, file)
    ids = sorted({each.parcours_id for each in (*steps, *rights)} | {each.id for each in opened})
    parcours = {row.id: row for part in _parts(ids) for row in _rows(session, Parcours, col(Parcours.id), part)}
    closed = _closed(session, parcours, by)
    reasons = _step_reasons(session, steps, closed, annulled)
    gone_steps = [each for each in steps if each.id not in reasons]
    gone_rights = [each for each in rights if each.parcours_id not in closed]
    kept = [
        *((each, f"étape « {each.title} »", reasons[each.id]) for each in steps if each.id in reasons),
        *(
            (each, f"droit {each.own_reference or each.id}", closed[each.parcours_id])
            for each in rights
            if each.parcours_id in closed
        ),
    ]
    told = _parcours_reasons(
        session, opened, closed, {each.id for each in gone_steps}, {each.id for each in gone_rights}
    )
    left = [(parcours[each.parcours_id].pseudonym, what, reason) for each, what, reason in kept]
    left += [(each.pseudonym, "", told[each.id]) for each in opened if each.id in told]
    emptied = [each.id for each in opened if each.id not in told]
    return PeopleUndo(
        tuple(each.id for each in gone_steps), tuple(each.id for each in gone_rights), tuple(emptied), tuple(left)
    )


def undo_people(session: Session, plan: PeopleUndo, *, motive: str, by: Actor, at: datetime) -> None:
    """Take back what `plan` says, through the verbs of the forms; each person's days are computed once, at the end."""
    with refreshed_later(session) as changed:
        for part in _parts(plan.steps):
            for funding in list(_rows(session, StepFunding, col(StepFunding.step_id), part)):
                session.delete(funding)  # of a commitment that the same undoing annuls
            session.flush()
            for step in list(_rows(session, Step, col(Step.id), part)):
                withdraw_step(session, step.id, motive=motive, version=step.version, by=by, at=at)
                step.own_reference = None
        for right_id in plan.rights:
            withdraw_right(session, right_id, motive=motive, by=by, at=at).own_reference = None
        for parcours_id in plan.parcours:
            parcours = session.get_one(Parcours, parcours_id)
            parcours.target = ""
            for name in _EMPTIED:
                setattr(parcours, name, None)
            note_change(session, parcours, "empty_parcours", {"file": parcours.import_file_id}, by=by, at=at)
    refresh_together(session, changed, at=at)


def _brought(session: Session, table: Any, file: ImportFile) -> Sequence[Any]:
    """What the file created and that lives."""
    query = select(table).where(table.import_file_id == file.id)
    if table is not Parcours:
        query = query.where(col(table.withdrawn_at).is_(None))
    return session.exec(query.order_by(col(table.id))).all()


def _closed(session: Session, parcours: Mapping[int, Parcours], by: Actor) -> dict[int, str]:
    """Why nothing is taken back from a parcours: somebody else's work rests on the whole of it."""
    found: dict[int, str] = {}
    for number, each in parcours.items():
        if each.merged_into_id is not None:
            found[number] = "Son parcours a été réuni à un autre depuis."
        elif each.anonymised_at is not None:
            found[number] = "Son parcours est anonymisé."
        elif not is_granted(by, "parcours.edit", relation_to(session, each, by)):
            found[number] = "Votre organisme n’a plus accès à son parcours."
    for part in _parts(sorted(parcours)):
        decided = select(Alert.parcours_id).join(AlertEvent, col(AlertEvent.alert_id) == col(Alert.id))
        decided = decided.where(AlertEvent.kind == AlertEventKind.DECIDED.value, col(Alert.parcours_id).in_(part))
        for decided_id in session.exec(decided):
            found.setdefault(decided_id or 0, "Quelqu’un a décidé d’une alerte de son parcours.")
    return found


def _step_reasons(
    session: Session, steps: Sequence[Step], closed: Mapping[int, str], annulled: Collection[int]
) -> dict[int | None, str]:
    """Why each step that stays does."""
    ids = sorted(each.id or 0 for each in steps)
    found = {each.id: closed[each.parcours_id] for each in steps if each.parcours_id in closed}
    for part in _parts(ids):
        leads = or_(col(Handoff.from_step_id).in_(part), col(Handoff.to_step_id).in_(part))
        for handoff in session.exec(select(Handoff).where(leads)):
            for number in {handoff.from_step_id, handoff.to_step_id}.intersection(part):
                found.setdefault(number, f"Le relais {handoff.reference} porte sur elle.")
        for funding in _rows(session, StepFunding, col(StepFunding.step_id), part):
            if funding.commitment_id not in annulled:
                found.setdefault(funding.step_id, "Un engagement lui est rattaché.")
        for table, reason in (
            (PlanCost, "Un plan de financement porte sur elle."),
            (StepResult, "Un résultat y est enregistré."),
            (StepInterruption, "Des jours non suivis y sont enregistrés."),
        ):
            for row in _rows(session, table, col(table.step_id), part):
                found.setdefault(row.step_id, reason)
        found |= {number: "Une pièce y est jointe." for number in _joined(session, "step", part) if number not in found}
    found |= {each.id: "Elle fait partie d’une action collective." for each in steps if each.action_id is not None}
    return found


def _parcours_reasons(
    session: Session,
    opened: Sequence[Parcours],
    closed: Mapping[int, str],
    steps: Collection[int],
    rights: Collection[int],
) -> dict[int | None, str]:
    """Why each parcours that stays as it is does: something lives in it that the undoing leaves."""
    found: dict[int | None, str] = {
        each.id: closed[each.id] for each in opened if each.id is not None and each.id in closed
    }
    for part in _parts(sorted(each.id or 0 for each in opened)):
        for row in _rows(session, Identity, col(Identity.parcours_id), part):
            if row.erased_at is None:
                found.setdefault(row.parcours_id, "L’identité de la personne y est inscrite.")
        for row in _rows(session, Handoff, col(Handoff.parcours_id), part):
            found.setdefault(row.parcours_id, f"Le relais {row.reference} porte sur lui.")
        found |= {n: "Une pièce y est jointe." for n in _joined(session, "parcours", part) if n not in found}
        for column in (col(ParcoursMerge.kept_id), col(ParcoursMerge.merged_id)):
            for row in _rows(session, ParcoursMerge, column, part):
                if row.status in ("asked", "agreed"):
                    found |= dict.fromkeys((row.kept_id, row.merged_id), "Une réunion de parcours porte sur lui.")
        for table, gone in ((Step, steps), (IncomeRight, rights)):
            for row in _rows(session, table, col(table.parcours_id), part):
                if row.withdrawn_at is None and row.id not in gone:
                    found.setdefault(row.parcours_id, "Des étapes ou des droits y restent.")
    return found


def _joined(session: Session, kind: str, part: Sequence[int]) -> set[int]:
    """Those of these objects to which a file is joined."""
    query = select(Attachment.object_id).where(Attachment.object_kind == kind, col(Attachment.object_id).in_(part))
    return set(session.exec(query))


def _rows(session: Session, table: Any, column: Any, part: Sequence[int]) -> Iterator[Any]:
    yield from session.exec(select(table).where(column.in_(part)))


def _parts(values: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(values), CHUNK):
        yield values[start : start + CHUNK]
