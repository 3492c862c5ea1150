"""Who is written to about a handoff: the receiver's officers, then their colleagues, then the coordinator; at last the sender?

Nobody calls this: every few minutes the handoffs proposed or answered lately are looked at, and each night those that still
wait. What was told is the key of the message, so that a proposal needs no other mark, whoever made it, and nothing is told
twice. Who named a delegate for an absence is written to all the same, and the delegate too. A mail holds a reference, a
pseudonym and an address, never what somebody typed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from conference.data.glossary import label
from conference.data.queries.thresholds import thresholds_of
from conference.data.session import Database
from conference.data.tables import Account, Handoff, Organisation, Parcours
from conference.domain.french import day_in_france, format_date, typeset
from conference.domain.handoff import HandoffStatus
from conference.domain.handoff_stages import Stage, stage_of
from conference.domain.permissions import Role
from conference.domain.working_days import working_days_between
from conference.services.deep_links import address
from conference.services.holidays import closed_around
from conference.services.outbox import Message, add_messages, written_keys
from conference.settings import Settings

KIND = "handoff"
LATELY = timedelta(days=14)
"""What was proposed or answered longer ago is not announced any more."""
PROPOSED = HandoffStatus.PROPOSED.value
ANSWERED = (HandoffStatus.ACCEPTED.value, HandoffStatus.REFUSED.value, HandoffStatus.EXPIRED.value)
_SENDER, _RECEIVER = aliased(Organisation), aliased(Organisation)


@dataclass(frozen=True)
class Told:
    """A handoff with the names of both sides and the pseudonym of its parcours."""

    handoff: Handoff
    sender: str
    receiver: str
    pseudonym: str


@dataclass(frozen=True)
class Person:
    """One active account that may be written to."""

    id: int
    organisation_id: int
    role: Role
    delegate_id: int | None


class People:
    """Everybody who may be written to about handoffs."""

    def __init__(self, session: Session) -> None:
        """Read the active accounts of funders and of the coordination."""
        roles = [Role.OFFICER.value, Role.SIGNATORY.value, Role.COORDINATOR.value]
        query = select(Account.id, Account.organisation_id, Account.role, Account.delegate_id)
        rows = session.exec(query.where(col(Account.is_active), col(Account.role).in_(roles)).order_by(col(Account.id)))
        self._all = {
            row_id or 0: Person(row_id or 0, organisation, Role(role), delegate)
            for row_id, organisation, role, delegate in rows
        }

    def officers(self, organisation_id: int) -> list[int]:
        """The officers of a funder, or where it has none its signatories; with their delegates."""
        return self._with_delegates(
            self._of(organisation_id, Role.OFFICER) or self._of(organisation_id, Role.SIGNATORY)
        )

    def colleagues(self, organisation_id: int) -> list[int]:
        """Everybody who may answer for a funder; with their delegates."""
        return self._with_delegates(
            [*self._of(organisation_id, Role.OFFICER), *self._of(organisation_id, Role.SIGNATORY)]
        )

    def coordinators(self) -> list[int]:
        """The coordinators; with their delegates."""
        return self._with_delegates([each for each in self._all.values() if each.role is Role.COORDINATOR])

    def author(self, account_id: int | None, organisation_id: int) -> list[int]:
        """Who made a proposal, while still of that funder; else the work has passed to its officers."""
        found = self._all.get(account_id or 0)
        if found is None or found.organisation_id != organisation_id:
            return self.officers(organisation_id)
        return self._with_delegates([found])

    def _of(self, organisation_id: int, role: Role) -> list[Person]:
        return [each for each in self._all.values() if each.organisation_id == organisation_id and each.role is role]

    def _with_delegates(self, people: Sequence[Person]) -> list[int]:
        ids = dict.fromkeys(each.id for each in people)
        ids |= dict.fromkeys(each.delegate_id for each in people if each.delegate_id in self._all)
        return [each for each in ids if each is not None]


def announce_handoffs(settings: Settings, database: Database, *, at: datetime) -> int:
    """Tell the receivers what was proposed to them lately and the senders what was answered; how many messages are new."""
    with database.reading() as session:
        messages = list(_announcements(settings, session, at))
        known = written_keys(session, [each.key for each in messages])
    missing = [each for each in messages if each.key not in known]
    if not missing:
        return 0
    with database.writing() as session:
        return add_messages(session, missing, at=at)


def remind_handoffs(settings: Settings, session: Session, *, on: date, at: datetime) -> int:
    """Remind whom the stage of each waiting handoff says, on the day `on`; how many messages are new."""
    thresholds, closed, people = thresholds_of(session), closed_around(on), People(session)
    messages: list[Message] = []
    for told in _told(session, col(Handoff.status) == PROPOSED, col(Handoff.answer_by) >= on):
        handoff = told.handoff
        assert handoff.answer_by is not None and handoff.proposed_at is not None
        stage = stage_of(day_in_france(handoff.proposed_at), handoff.answer_by, on, thresholds, closed)
        if stage is not None:
            left = working_days_between(on, handoff.answer_by, closed)
            messages += _reminders(settings, told, people, stage, left)
    return add_messages(session, messages, at=at)


def _announcements(settings: Settings, session: Session, at: datetime) -> Iterator[Message]:
    people = People(session)
    proposed = (col(Handoff.status) == PROPOSED, col(Handoff.proposed_at) > at - LATELY)
    for told in _told(session, *proposed):
        body = (
            f"{_offer(told)} Réponse attendue le {_day(told.handoff.answer_by)} au plus tard.",
            f"Lire la proposition et répondre : {address(settings, 'handoff', told.handoff.id or 0)}",
        )
        subject = f"Relais proposé par {told.sender} : {told.handoff.reference}"
        yield from _messages(told, PROPOSED, people.officers(told.handoff.receiver_id), subject, body)
    for told in _told(session, col(Handoff.status).in_(ANSWERED), col(Handoff.answered_at) > at - LATELY):
        status = HandoffStatus(told.handoff.status)
        subject = f"Relais {told.handoff.reference} : {_ANSWER_WORDS[status]}"
        body = (
            _outcome(told, status),
            f"Lire le relais : {address(settings, 'handoff', told.handoff.id or 0)}",
        )
        recipients = people.author(told.handoff.created_by, told.handoff.sender_id)
        yield from _messages(told, status.value, recipients, subject, body)


def _reminders(settings: Settings, told: Told, people: People, stage: Stage, left: int) -> Iterator[Message]:
    receiver = told.handoff.receiver_id
    recipients = people.officers(receiver) if stage is Stage.OFFICERS else people.colleagues(receiver)
    if stage is Stage.COORDINATOR:
        recipients = list(dict.fromkeys([*recipients, *people.coordinators()]))
    when = "aujourd’hui" if left == 0 else f"dans {left} jour{'s' if left > 1 else ''} ouvré{'s' if left > 1 else ''}"
    subject = f"Relais {told.handoff.reference} sans réponse : délai {when}"
    asked = f"La réponse de {told.receiver} est attendue {when}, le {_day(told.handoff.answer_by)}."
    body = (
        f"{_offer(told)} {asked} Sans réponse ce jour-là, le relais expire.",
        f"Lire la proposition : {address(settings, 'handoff', told.handoff.id or 0)}",
    )
    yield from _messages(told, stage.value, recipients, subject, body)


def _messages(
    told: Told, what: str, recipients: Sequence[int], subject: str, paragraphs: Sequence[str]
) -> Iterator[Message]:
    number = told.handoff.id or 0
    links = [("handoff" if what in ANSWERED else "proposal", number)]
    body = "\n\n".join(typeset(each) for each in ("Bonjour,", *paragraphs))
    for account_id in recipients:
        key = f"{KIND}:{number}:{what}:{account_id}"
        yield Message(key, KIND, account_id, typeset(subject), body, links)


def _told(session: Session, *conditions: object) -> list[Told]:
    query = (
        select(Handoff, _SENDER.short_name, _RECEIVER.short_name, Parcours.pseudonym)
        .join(_SENDER, col(_SENDER.id) == col(Handoff.sender_id))
        .join(_RECEIVER, col(_RECEIVER.id) == col(Handoff.receiver_id))
        .join(Parcours, col(Parcours.id) == col(Handoff.parcours_id))
        .where(*conditions)  # type: ignore[arg-type]
        .order_by(col(Handoff.id))
    )
    return [Told(*row) for row in session.exec(query)]


def _offer(told: Told) -> str:
    return (
        f"{told.sender} propose à {told.receiver} de prendre la suite du parcours {told.pseudonym} à partir du "
        f"{format_date(told.handoff.first_day)}."
    )


_ANSWER_WORDS = {
    HandoffStatus.ACCEPTED: "accepté",
    HandoffStatus.REFUSED: "refusé",
    HandoffStatus.EXPIRED: "expiré sans réponse",
}


def _outcome(told: Told, status: HandoffStatus) -> str:
    about = f"le relais du parcours {told.pseudonym} à partir du {format_date(told.handoff.first_day)}"
    if status is HandoffStatus.ACCEPTED:
        return f"{told.receiver} accepte {about}. Ce que vous aviez engagé au-delà de ce jour est dégagé."
    if status is HandoffStatus.REFUSED:
        motive = label("handoff_motive", told.handoff.motive) if told.handoff.motive else "non précisé"
        return f"{told.receiver} refuse {about}. Motif : {motive}. Aucun montant n’a bougé."
    return f"{told.receiver} n’a pas répondu à temps : {about} a expiré. Aucun montant n’a bougé."


def _day(day: date | None) -> str:
    return format_date(day) if day else "jour dit"
