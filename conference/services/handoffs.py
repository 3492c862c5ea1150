"""How does a funder pass a person on to another: drafted, proposed, withdrawn, refused, expired, read?

Only the table of `domain.handoff` moves a handoff, by one UPDATE on the state that it leaves: when two people answer at once,
one wins and the other is told who. Until it is accepted (`handoff_acceptance`) no money moves. A draft is known to its sender
alone, so that the journal tells it of the handoff and not of the parcours, which others read.
"""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col, delete, select

from conference.data.journal import write_journal
from conference.data.queries.handoff_money import Foreseen, foreseen_releases
from conference.data.queries.thresholds import thresholds_of
from conference.data.tables import (
    Account,
    Handoff,
    HandoffRelease,
    HandoffShare,
    Organisation,
    Parcours,
)
from conference.data.tables.metadata import table_of
from conference.domain.french import day_in_france, format_date, format_instant
from conference.domain.handoff import HandoffMotive, HandoffStatus, Side, Transition, transition
from conference.domain.money import ZERO
from conference.domain.permissions import CONSOLE, Actor, Relation, require
from conference.domain.refusal import Conflict, NotFound, Refusal
from conference.domain.working_days import add_working_days
from conference.services.handoff_lines import LONGEST as LONGEST
from conference.services.handoff_lines import HandoffLine as HandoffLine
from conference.services.handoff_lines import check_line
from conference.services.handoff_snapshot import snapshot_of
from conference.services.holidays import closed_around
from conference.services.numbering import take_numbers
from conference.services.parcours_changes import note_change, reached


def draft_handoff(session: Session, parcours_id: int, line: HandoffLine, *, by: Actor, at: datetime) -> Handoff:
    """Prepare a handoff, which its sender alone sees. Raises Refusal on what makes no sense, NotFound or Forbidden when `by`
    does not act for the sender or does not reach the parcours."""
    reached(session, parcours_id, by, "parcours.edit")
    require(by, "handoff.propose", by.relation_to(line.sender_id))
    check_line(session, parcours_id, line, day_in_france(at))
    year = day_in_france(at).year
    [number] = take_numbers(session, f"handoff-{year}")
    handoff = Handoff(
        reference=f"R-{year}-{number:06d}",
        parcours_id=parcours_id,
        status=HandoffStatus.DRAFT.value,
        created_at=at,
        created_by=by.account_id,
        **_columns(line),
    )
    session.add(handoff)
    session.flush()
    _write_asked(session, handoff.id or 0, line)
    _tell_draft(session, handoff, "draft_handoff", line, by=by, at=at)
    return handoff


def change_draft(
    session: Session, handoff_id: int, line: HandoffLine, *, version: int, by: Actor, at: datetime
) -> Handoff:
    """Write a draft again. Raises Conflict when it changed since `version` or is no draft any more."""
    handoff = own_handoff(session, handoff_id, by, Side.SENDER)
    reached(session, handoff.parcours_id, by, "parcours.edit")
    if handoff.status != HandoffStatus.DRAFT or handoff.version != version:
        raise Conflict("Ce relais a changé depuis que vous avez ouvert cette page. Ouvrez-le pour voir son état.")
    if line.sender_id != handoff.sender_id:
        raise NotFound()
    check_line(session, handoff.parcours_id, line, day_in_france(at))
    for name, value in _columns(line).items():
        setattr(handoff, name, value)
    handoff.version += 1
    session.add(handoff)
    session.exec(delete(HandoffShare).where(col(HandoffShare.handoff_id) == handoff_id))
    session.flush()
    _write_asked(session, handoff_id, line)
    _tell_draft(session, handoff, "change_handoff", line, by=by, at=at)
    return handoff


def propose_handoff(
    session: Session, handoff_id: int, *, by: Actor, at: datetime, version: int | None = None
) -> Handoff:
    """Send a draft to its receiver, with what it needs to decide, frozen. Raises Refusal when a commitment of the sender
    awaits its confirmation or when another handoff of this step waits for its answer."""
    handoff = own_handoff(session, handoff_id, by, Side.SENDER)
    parcours = reached(session, handoff.parcours_id, by, "parcours.edit")
    next_step(session, handoff, "propose", by)
    if version is not None and handoff.version != version:
        raise Conflict("Ce relais a changé depuis que vous avez ouvert cette page. Relisez-le avant de l’envoyer.")
    today = day_in_france(at)
    line = line_of(session, handoff)
    check_line(session, handoff.parcours_id, line, today)
    _refuse_twice(session, handoff)
    foreseen = releases_of(session, handoff)
    _refuse_waiting(foreseen)
    answer_by = add_working_days(today, thresholds_of(session)["handoff_answer"], closed_around(today))
    for each in foreseen:
        session.add(HandoffRelease(handoff_id=handoff_id, commitment_id=each.commitment_id, foreseen=each.release))
    snapshot = snapshot_of(session, handoff, foreseen, on=today, answer_by=answer_by)
    move(session, handoff, "propose", by=by, proposed_at=at, answer_by=answer_by, snapshot=snapshot.text())
    told = {
        "first_day": handoff.first_day,
        "released": _total(foreseen),
        "asked": sum((e for _, e in line.asked), ZERO),
    }
    tell(session, parcours, handoff, "propose_handoff", told, by=by, at=at)
    return handoff


def withdraw_handoff(session: Session, handoff_id: int, *, by: Actor, at: datetime) -> Handoff:
    """Take back a draft or a proposal before any answer. Raises Conflict when it was answered meanwhile."""
    handoff = own_handoff(session, handoff_id, by, Side.SENDER)
    was_draft = handoff.status == HandoffStatus.DRAFT
    parcours = session.get_one(Parcours, handoff.parcours_id)
    move(session, handoff, "withdraw", by=by, answered_at=at, answered_by=by.account_id)
    if was_draft:
        _tell_draft(session, handoff, "withdraw_handoff", line_of(session, handoff), by=by, at=at)
    else:
        tell(session, parcours, handoff, "withdraw_handoff", {}, by=by, at=at)
    return handoff


def refuse_handoff(
    session: Session, handoff_id: int, *, motive: HandoffMotive, answer: str, by: Actor, at: datetime
) -> Handoff:
    """Answer no, with a motive of the list and what explains it. No amount moves."""
    handoff = own_handoff(session, handoff_id, by, Side.RECEIVER)
    parcours = session.get_one(Parcours, handoff.parcours_id)
    refuse_late(handoff, at)
    if motive is HandoffMotive.OTHER and not answer.strip():
        raise Refusal("Dites pourquoi : le motif « Autre » ne l’explique pas.", field="answer", code="answer")
    values = {"motive": motive.value, "answer": answer.strip()[:LONGEST]}
    move(
        session,
        handoff,
        "refuse",
        by=by,
        answered_at=at,
        answered_by=by.account_id,
        read_at=handoff.read_at or at,
        **values,
    )
    tell(session, parcours, handoff, "refuse_handoff", {"motive": motive.value}, by=by, at=at)
    return handoff


def expire_handoffs(session: Session, *, on: date, at: datetime, by: Actor = CONSOLE) -> list[int]:
    """Let every proposal whose last day to answer is before `on` expire; their identifiers. Run again, it does nothing."""
    query = select(Handoff).where(
        Handoff.status == HandoffStatus.PROPOSED.value, col(Handoff.answer_by).is_not(None), col(Handoff.answer_by) < on
    )
    late = session.exec(query.order_by(col(Handoff.id))).all()
    for handoff in late:
        move(session, handoff, "expire", by=by, answered_at=at)
        tell(session, session.get_one(Parcours, handoff.parcours_id), handoff, "expire_handoff", {}, by=by, at=at)
    return [handoff.id or 0 for handoff in late]


def mark_read(session: Session, handoff_id: int, *, by: Actor, at: datetime) -> bool:
    """The receiver opened the proposal: kept once, told to the sender. False when nothing changed."""
    return _mark(session, handoff_id, "read_at", Handoff.receiver_id == by.organisation_id, at)


def mark_outcome_read(session: Session, handoff_id: int, *, by: Actor, at: datetime) -> bool:
    """The sender opened the answer: kept once. False when nothing changed."""
    return _mark(session, handoff_id, "outcome_read_at", Handoff.sender_id == by.organisation_id, at)


def releases_of(session: Session, handoff: Handoff) -> tuple[Foreseen, ...]:
    """What the sender of `handoff` would release now."""
    return foreseen_releases(session, handoff.parcours_id, handoff.sender_id, handed_steps(handoff), handoff.first_day)


def handed_steps(line: Handoff | HandoffLine) -> list[int]:
    """The sender's step, and the receiver's where it is another."""
    return [line.from_step_id, *([line.to_step_id] if line.to_step_id else [])]


def line_of(session: Session, handoff: Handoff) -> HandoffLine:
    """What a handoff asks, as it was written."""
    query = select(HandoffShare).where(HandoffShare.handoff_id == handoff.id).order_by(col(HandoffShare.nature_id))
    return HandoffLine(
        handoff.sender_id,
        handoff.receiver_id,
        handoff.from_step_id,
        handoff.first_day,
        tuple((share.nature_id, share.asked) for share in session.exec(query)),
        handoff.to_step_id,
        handoff.message,
    )


def own_handoff(session: Session, handoff_id: int, by: Actor, side: Side) -> Handoff:
    """The handoff, when `by` acts for that side of it; NotFound to anybody who may not know of it."""
    handoff = session.get(Handoff, handoff_id, populate_existing=True)
    if handoff is None:
        raise NotFound()
    sends, receives = by.relation_to(handoff.sender_id), by.relation_to(handoff.receiver_id)
    hidden = handoff.proposed_at is None and sends is Relation.OTHER
    if hidden or Relation.OWN not in (sends, receives):
        raise NotFound()
    require(by, *(("handoff.propose", sends) if side is Side.SENDER else ("handoff.answer", receives)))
    return handoff


def move(session: Session, handoff: Handoff, verb: str, *, by: Actor, **values: Any) -> None:
    """Bring `handoff` where `verb` leads, if it is still where it was read; raises Conflict that tells who was first."""
    step = next_step(session, handoff, verb, by)
    table = table_of(Handoff)
    session.flush()
    done = session.connection().execute(
        update(table)
        .where(table.c.id == handoff.id, table.c.status == step.before.value)
        .values(status=step.after.value, version=table.c.version + 1, **values)
    )
    session.refresh(handoff)
    if done.rowcount != 1:
        raise Conflict(_what_became(session, handoff, by))


def next_step(session: Session, handoff: Handoff, verb: str, by: Actor) -> Transition:
    """The move that `verb` makes; raises Conflict that tells what became of the handoff when it makes none any more."""
    step = transition(HandoffStatus(handoff.status), verb)
    if step is None:
        raise Conflict(_what_became(session, handoff, by))
    return step


def refuse_late(handoff: Handoff, at: datetime) -> None:
    """Raises Conflict once the last day to answer is over, whether the nightly work has passed or not."""
    is_open = handoff.status == HandoffStatus.PROPOSED
    if is_open and handoff.answer_by is not None and day_in_france(at) > handoff.answer_by:
        raise Conflict(
            f"Le délai de réponse a pris fin le {format_date(handoff.answer_by)}. Demandez au financeur de proposer "
            "un nouveau relais."
        )


def tell(
    session: Session,
    parcours: Parcours,
    handoff: Handoff,
    verb: str,
    told: Mapping[str, Any],
    *,
    by: Actor,
    at: datetime,
) -> None:
    """Note on the parcours what became of a handoff."""
    facts = {"handoff": handoff.reference, "step": handoff.from_step_id, "receiver": handoff.receiver_id, **told}
    note_change(session, parcours, verb, facts, by=by, at=at)


def _what_became(session: Session, handoff: Handoff, by: Actor) -> str:
    """Who was first, and what to do."""
    account = session.get(Account, handoff.answered_by) if handoff.answered_by else None
    organisation_id = account.organisation_id if account else handoff.receiver_id
    who = session.get_one(Organisation, organisation_id).short_name
    if account is not None and by.organisation_id == organisation_id:
        who = f"{account.name}, {who}"
    when = f" le {format_instant(handoff.answered_at)}" if handoff.answered_at else ""
    said = {
        HandoffStatus.ACCEPTED: f"Ce relais a déjà été accepté{when} par {who}.",
        HandoffStatus.REFUSED: f"Ce relais a déjà été refusé{when} par {who}.",
        HandoffStatus.EXPIRED: f"Ce relais a expiré{when}, sans réponse.",
        HandoffStatus.WITHDRAWN: f"Ce relais a été retiré{when} par {who}.",
        HandoffStatus.PROPOSED: "Ce relais est déjà proposé.",
        HandoffStatus.DRAFT: "Ce relais n’est pas encore proposé.",
    }[HandoffStatus(handoff.status)]
    return f"{said} Rien de ce que vous avez envoyé n’a été enregistré."


def _mark(session: Session, handoff_id: int, name: str, mine: Any, at: datetime) -> bool:
    table = table_of(Handoff)
    told = table.c.status == HandoffStatus.PROPOSED.value
    if name == "outcome_read_at":
        told = table.c.answered_at.is_not(None) & (table.c.status != HandoffStatus.WITHDRAWN.value)
    statement = update(table).where(table.c.id == handoff_id, table.c[name].is_(None), told, mine)
    return session.connection().execute(statement.values(**{name: at})).rowcount == 1


def _columns(line: HandoffLine) -> dict[str, Any]:
    return {
        "sender_id": line.sender_id,
        "receiver_id": line.receiver_id,
        "from_step_id": line.from_step_id,
        "to_step_id": None if line.to_step_id == line.from_step_id else line.to_step_id,
        "first_day": line.first_day,
        "message": line.message.strip(),
    }


def _write_asked(session: Session, handoff_id: int, line: HandoffLine) -> None:
    session.add_all(HandoffShare(handoff_id=handoff_id, nature_id=nature, asked=euros) for nature, euros in line.asked)
    session.flush()


def _tell_draft(session: Session, handoff: Handoff, verb: str, line: HandoffLine, *, by: Actor, at: datetime) -> None:
    write_journal(
        session,
        by=by,
        at=at,
        verb=verb,
        object_kind="handoff",
        object_id=handoff.id,
        object_label=handoff.reference,
        changes={
            "step": handoff.from_step_id,
            "receiver": handoff.receiver_id,
            "first_day": handoff.first_day,
            "asked": sum((euros for _, euros in line.asked), ZERO),
        },
    )


def _refuse_twice(session: Session, handoff: Handoff) -> None:
    query = select(Handoff.reference).where(
        Handoff.from_step_id == handoff.from_step_id,
        Handoff.sender_id == handoff.sender_id,
        Handoff.status == HandoffStatus.PROPOSED.value,
        Handoff.id != handoff.id,
    )
    if other := session.exec(query).first():
        raise Refusal(
            f"Le relais {other} attend déjà une réponse pour cette étape. Attendez-la, ou retirez-le.",
            field="from_step_id",
            code="already_proposed",
        )


def _refuse_waiting(foreseen: tuple[Foreseen, ...]) -> None:
    waiting = next((each for each in foreseen if each.waits), None)
    if waiting is not None:
        raise Refusal(
            f"L’engagement {waiting.reference} attend sa confirmation : confirmez-le, ou annulez-le, avant d’envoyer le "
            "relais.",
            code="awaiting",
        )


def _total(foreseen: tuple[Foreseen, ...]) -> Decimal:
    return sum((each.release for each in foreseen), ZERO)
