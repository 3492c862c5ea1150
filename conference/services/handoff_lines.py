"""What may a handoff say: from which step, to whom, on which day, for which amounts?

The sender funds the step that it leaves; the receiver is an active funder where somebody can answer; the first day lies
between the beginning of the one step and the end of the other.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlmodel import Session, col, select

from conference.data.tables import Account, Nature, Organisation, Step, StepFunder
from conference.domain.french import format_date
from conference.domain.money import LARGEST, ZERO
from conference.domain.permissions import Role
from conference.domain.refusal import Refusal

ANSWERING = (Role.OFFICER.value, Role.SIGNATORY.value)
"""Roles that answer a handoff."""
LONGEST = 2000


@dataclass(frozen=True)
class HandoffLine:
    """What a sender proposes: from its step, to a funder, from a day on. `asked`: (nature, euros) that the receiver is asked
    to take. `to_step_id`: the receiver's step; None: it takes over the end of the sender's."""

    sender_id: int
    receiver_id: int
    from_step_id: int
    first_day: date
    asked: tuple[tuple[int, Decimal], ...] = ()
    to_step_id: int | None = None
    message: str = ""


def check_line(session: Session, parcours_id: int, line: HandoffLine, today: date) -> None:
    """Raises Refusal on the first thing that makes no sense."""
    start = _step_of(session, parcours_id, line.from_step_id, "from_step_id")
    end = _step_of(session, parcours_id, line.to_step_id, "to_step_id") if line.to_step_id else start
    if session.get(StepFunder, (line.from_step_id, line.sender_id)) is None:
        raise Refusal("Votre organisme ne finance pas cette étape.", field="from_step_id", code="not_funder")
    if not start.first <= line.first_day <= end.last:
        raise Refusal(
            f"Le premier jour du relais va du {format_date(start.first)} au {format_date(end.last)}.",
            field="first_day",
            code="first_day",
        )
    if len(line.message) > LONGEST:
        raise Refusal("Ce texte est trop long : 2 000 caractères au plus.", field="message", code="too_long")
    _check_receiver(session, line, today)
    natures = [nature for nature, _ in line.asked]
    known = set(session.exec(select(Nature.id).where(col(Nature.id).in_(natures))))
    if len(set(natures)) < len(natures) or set(natures) - known:
        raise Refusal("Choisissez chaque nature de coût une fois, dans la liste.", field="asked", code="nature")
    for _, euros in line.asked:
        if not ZERO < euros <= LARGEST:
            raise Refusal("Le montant demandé doit être supérieur à zéro.", field="asked", code="asked_positive")


def _step_of(session: Session, parcours_id: int, step_id: int, field: str) -> Step:
    step = session.get(Step, step_id)
    if step is None or step.parcours_id != parcours_id or step.withdrawn_at is not None:
        raise Refusal("Choisissez une étape de ce parcours.", field=field, code="step")
    return step


def _check_receiver(session: Session, line: HandoffLine, today: date) -> None:
    if line.receiver_id == line.sender_id:
        raise Refusal("Un relais va vers un autre financeur que le vôtre.", field="receiver_id", code="two_funders")
    receiver = session.get(Organisation, line.receiver_id)
    if receiver is None or not receiver.is_funder or (receiver.last is not None and receiver.last < today):
        raise Refusal("Choisissez un financeur en activité.", field="receiver_id", code="receiver")
    query = select(Account.id).where(
        Account.organisation_id == line.receiver_id, col(Account.is_active), col(Account.role).in_(ANSWERING)
    )
    if session.exec(query).first() is None:
        raise Refusal(
            f"Personne ne peut répondre chez {receiver.short_name} : ce financeur n’a ni gestionnaire ni signataire actif.",
            field="receiver_id",
            code="nobody_answers",
        )
