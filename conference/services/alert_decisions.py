"""How does a person settle an alert: decide, give it to somebody, comment, open it again?

A decision has an outcome of the closed list of its code and a motive; what the alert said that day is kept beside it, so that
a finding that gets worse opens it again by itself (SEMANTICS §8). Each gesture is an event of the alert and one journal entry;
what people write is never in the journal.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlmodel import Session

from conference.data.journal import write_journal
from conference.data.tables import Account, Alert, AlertComment, AlertEvent
from conference.domain.alert_outcomes import outcomes_of
from conference.domain.alert_words import AlertEventKind, AlertOutcome, AlertStatus
from conference.domain.permissions import Actor, Role, require
from conference.domain.refusal import Conflict, NotFound, Refusal
from conference.services.convention_access import reached_convention, relation_to_convention, told_reference
from conference.services.parcours_changes import reached

LONGEST_MOTIVE, LONGEST_COMMENT = 1000, 2000


@dataclass(frozen=True)
class BulkLine:
    """What became of one alert of a bulk gesture; `refused` says why, None when it was done."""

    alert_id: int
    pseudonym: str
    refused: str | None


class _Subject(NamedTuple):
    """What an alert is about: a parcours or a convention."""

    kind: str
    id: int
    label: str


def decide_alert(
    session: Session,
    alert_id: int,
    *,
    outcome: AlertOutcome,
    motive: str,
    by: Actor,
    at: datetime,
    version: int | None = None,
) -> Alert:
    """Settle an open alert. Raises Refusal without a motive or on an outcome that is not one of its code, Conflict when it
    changed since `version`."""
    alert, subject = _settled(session, alert_id, by, version)
    _decide(alert, outcome, motive, by, at)
    session.add(alert)
    _event(session, alert, AlertEventKind.DECIDED, motive.strip(), by, at)
    _tell(session, subject, "decide_alert", {"alert": alert_id, "code": alert.code, "outcome": outcome.value}, by, at)
    return alert


def reopen_alert(
    session: Session, alert_id: int, *, motive: str, by: Actor, at: datetime, version: int | None = None
) -> Alert:
    """Take a decision back: the alert is open again. Raises Refusal without a motive."""
    alert, subject = _settled(session, alert_id, by, version)
    if alert.status != AlertStatus.DECIDED:
        raise Conflict("Cette alerte n’est pas décidée\u202f: il n’y a rien à reprendre.")
    text = _motive(motive)
    alert.status, alert.outcome, alert.outcome_motive = AlertStatus.OPEN.value, None, ""
    alert.decided_at = alert.decided_by = None
    alert.decided_days = alert.decided_need = alert.decided_first_day = None
    alert.opened_at = alert.changed_at = at
    alert.version += 1
    session.add(alert)
    _event(session, alert, AlertEventKind.REOPENED, text, by, at)
    _tell(session, subject, "reopen_alert", {"alert": alert_id, "code": alert.code}, by, at)
    return alert


def assign_alert(
    session: Session, alert_id: int, *, owner_id: int | None, by: Actor, at: datetime, version: int | None = None
) -> Alert:
    """Give an alert to an active account that may settle it, or to nobody (None). Raises Refusal when it may not."""
    alert, subject = _settled(session, alert_id, by, version)
    if owner_id is not None:
        _check_owner(session, owner_id, alert, by)
    if alert.owner_id == owner_id:
        return alert
    alert.owner_id, alert.version, alert.changed_at = owner_id, alert.version + 1, at
    session.add(alert)
    owner = session.get(Account, owner_id) if owner_id is not None else None
    text = f"Confiée à {owner.name}" if owner is not None else "Sans responsable"
    _event(session, alert, AlertEventKind.ASSIGNED, text, by, at)
    _tell(session, subject, "assign_alert", {"alert": alert_id, "code": alert.code, "owner": owner_id}, by, at)
    return alert


def comment_alert(session: Session, alert_id: int, text: str, *, by: Actor, at: datetime) -> AlertComment:
    """Write something about an alert, open or not. Raises Refusal when there is nothing, or too much."""
    alert, subject = _settled(session, alert_id, by, None)
    said = text.strip()
    if not said:
        raise Refusal("Écrivez votre commentaire.", field="text", code="alert_comment_text_written")
    if len(said) > LONGEST_COMMENT:
        raise Refusal("Ce commentaire dépasse 2 000 caractères. Raccourcissez-le.", field="text", code="text")
    row = AlertComment(alert_id=alert_id, at=at, account_id=by.account_id, text=said)
    session.add(row)
    session.flush()
    _tell(session, subject, "comment_alert", {"alert": alert_id, "code": alert.code, "text": "modifié"}, by, at)
    return row


def decide_in_bulk(
    session: Session, alert_ids: Sequence[int], *, outcome: AlertOutcome, motive: str, by: Actor, at: datetime
) -> list[BulkLine]:
    """Settle several alerts alike: one report line each, in order; those that can be are, the others say why."""
    _motive(motive)
    report = []
    for alert_id in dict.fromkeys(alert_ids):
        alert = session.get(Alert, alert_id)
        try:
            if alert is None:
                raise NotFound()
            decided = decide_alert(session, alert_id, outcome=outcome, motive=motive, by=by, at=at)
            report.append(BulkLine(alert_id, _subject(session, decided, by).label, None))
        except NotFound:
            report.append(BulkLine(alert_id, "", "Cette alerte n’existe pas, ou vous ne la voyez pas."))
        except Refusal as refusal:
            told = _subject(session, alert, by).label if alert is not None else ""
            report.append(BulkLine(alert_id, told, refusal.message))
    return report


def _settled(session: Session, alert_id: int, by: Actor, version: int | None) -> tuple[Alert, _Subject]:
    """The alert when `by` may settle it; NotFound when what it is about is not reached."""
    alert = session.get(Alert, alert_id)
    if alert is None:
        raise NotFound()
    subject = _subject(session, alert, by)
    if version is not None and alert.version != version:
        raise Conflict("Cette alerte a changé depuis que vous avez ouvert cette page. Relisez-la avant de décider.")
    return alert, subject


def _subject(session: Session, alert: Alert, by: Actor) -> _Subject:
    """What the alert is about, when `by` may settle what is found of it."""
    if alert.parcours_id is not None:
        parcours = reached(session, alert.parcours_id, by, "alert.settle")
        return _Subject("parcours", alert.parcours_id, parcours.pseudonym)
    convention = reached_convention(session, alert.convention_id or 0, by, "convention.read")
    require(by, "alert.settle", relation_to_convention(session, convention, by))
    return _Subject("convention", convention.id or 0, told_reference(convention))


def _decide(alert: Alert, outcome: AlertOutcome, motive: str, by: Actor, at: datetime) -> None:
    text = _motive(motive)
    if alert.status != AlertStatus.OPEN:
        told = "déjà décidée" if alert.status == AlertStatus.DECIDED else "fermée"
        raise Conflict(f"Cette alerte est {told}.")
    if outcome not in outcomes_of(alert.code):
        raise Refusal(
            "Cette issue ne convient pas à cette alerte. Choisissez-en une autre.", field="outcome", code="outcome"
        )
    alert.status, alert.outcome, alert.outcome_motive = AlertStatus.DECIDED.value, outcome.value, text
    alert.decided_at, alert.decided_by = at, by.account_id
    alert.decided_days, alert.decided_need, alert.decided_first_day = alert.days, alert.need, alert.first_day
    alert.changed_at, alert.version = at, alert.version + 1


def _motive(motive: str) -> str:
    text = motive.strip()
    if not text:
        raise Refusal("Indiquez le motif de la décision.", field="motive", code="alert_motive_of_outcome")
    if len(text) > LONGEST_MOTIVE:
        raise Refusal("Ce motif dépasse 1 000 caractères. Raccourcissez-le.", field="motive", code="motive")
    return text


def _check_owner(session: Session, owner_id: int, alert: Alert, by: Actor) -> None:
    """Somebody of the author's own organisation, or a coordinator; a coordinator gives it to whoever may settle it."""
    account = session.get(Account, owner_id)
    sentence = "Choisissez dans la liste une personne qui peut traiter cette alerte."
    if account is None or not account.is_active:
        raise Refusal(sentence, field="owner_id", code="owner")
    owner = Actor(account.id, account.name, Role(account.role), account.organisation_id)
    near = account.organisation_id == by.organisation_id or owner.role is Role.COORDINATOR
    if not near and by.role not in (Role.COORDINATOR, Role.CONSOLE):
        raise Refusal(sentence, field="owner_id", code="owner")
    try:
        _subject(session, alert, owner)
    except Refusal:
        raise Refusal(sentence, field="owner_id", code="owner") from None


def _event(session: Session, alert: Alert, kind: AlertEventKind, text: str, by: Actor, at: datetime) -> None:
    session.add(
        AlertEvent(
            alert_id=alert.id or 0,
            at=at,
            kind=kind.value,
            first_day=alert.first_day,
            days=alert.days,
            need=alert.need,
            account_id=by.account_id,
            text=text,
        )
    )
    session.flush()


def _tell(session: Session, subject: _Subject, verb: str, told: dict[str, Any], by: Actor, at: datetime) -> None:
    write_journal(
        session,
        by=by,
        at=at,
        verb=verb,
        object_kind=subject.kind,
        object_id=subject.id,
        object_label=subject.label,
        changes=told,
    )
