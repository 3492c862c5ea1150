"""Who is written to about a convention: what happened to it, what waits for a signature, when it ends?

Nobody calls this: every few minutes the latest events are looked at, and each night the days that are left. What was told is
the key of the message, so that nothing is told twice. A mail holds a number, a title and an address, never what somebody typed
as a motive.
"""

from collections.abc import Iterator
from datetime import date, datetime

from sqlmodel import Session, col, select

from conference.data.journal_labels import verb_label
from conference.data.session import Database
from conference.data.tables import Convention, ConventionEvent, ConventionParty, ConventionVersion, Organisation
from conference.domain.convention import IN_FORCE, ConventionStatus
from conference.domain.french import format_date, typeset
from conference.services.convention_access import told_reference
from conference.services.deep_links import address
from conference.services.handoff_reminders import LATELY, People
from conference.services.outbox import Message, add_messages, written_keys
from conference.settings import Settings

KIND = "convention"
STAGES = (7, 30, 90)
"""Days before its last one at which the end of a convention is told."""
TO_SIGN = "put_convention_to_sign"
TOLD = (
    "submit_convention",
    TO_SIGN,
    "complete_convention",
    "take_back_convention",
    "take_back_signature",
    "abandon_convention",
    "suspend_convention",
    "resume_convention",
    "settle_convention",
    "terminate_convention",
    "begin_avenant",
)
"""Events that the other parties are told of."""


def announce_conventions(settings: Settings, database: Database, *, at: datetime) -> int:
    """Tell the parties what happened lately to their conventions; how many messages are new."""
    with database.reading() as session:
        messages = list(_announcements(settings, session, at))
        known = written_keys(session, [each.key for each in messages])
    missing = [each for each in messages if each.key not in known]
    if not missing:
        return 0
    with database.writing() as session:
        return add_messages(session, missing, at=at)


def remind_conventions(settings: Settings, session: Session, *, on: date, at: datetime) -> int:
    """Tell parties and coordinators that a convention ends within 90, 30 or 7 days, once each; how many messages are new."""
    people = People(session)
    query = (
        select(Convention, ConventionVersion)
        .join(ConventionVersion, col(ConventionVersion.convention_id) == col(Convention.id))
        .where(
            col(ConventionVersion.in_force).is_(True),
            col(Convention.status).in_([each.value for each in (*IN_FORCE, ConventionStatus.SUSPENDED)]),
            col(ConventionVersion.last) >= on,
        )
        .order_by(col(Convention.id))
    )
    messages: list[Message] = []
    for convention, version in session.exec(query).all():
        assert version.last is not None
        left = (version.last - on).days
        stage = next((days for days in STAGES if left <= days), None)
        if stage is not None:
            messages += _ending(settings, session, people, convention, version, stage, left)
    return add_messages(session, messages, at=at)


def _announcements(settings: Settings, session: Session, at: datetime) -> Iterator[Message]:
    people = People(session)
    query = (
        select(ConventionEvent, Convention, ConventionVersion)
        .join(Convention, col(Convention.id) == col(ConventionEvent.convention_id))
        .join(ConventionVersion, col(ConventionVersion.id) == col(ConventionEvent.version_id), isouter=True)
        .where(col(ConventionEvent.verb).in_(TOLD), col(ConventionEvent.at) > at - LATELY)
        .order_by(col(ConventionEvent.id))
    )
    for event, convention, version in session.exec(query).all():
        shown = version if event.version_id is not None else _shown(session, convention)
        if shown is None:
            continue
        what = verb_label(event.verb)
        by = session.get(Organisation, event.organisation_id) if event.organisation_id is not None else None
        reference = told_reference(convention, version)
        body = [
            f"{reference}, « {shown.title} » : {what[:1].lower()}{what[1:]}{f', par {by.short_name}' if by else ''}."
        ]
        if event.verb == TO_SIGN:
            body.append("La signature de votre organisme est attendue, à son tour si l’ordre est imposé.")
        for party in _parties(session, shown):
            if party != event.organisation_id or event.verb == TO_SIGN:
                recipients = people.colleagues(party) if event.verb == TO_SIGN else people.officers(party)
                key = f"event:{event.id}"
                yield from _messages(settings, convention, key, recipients, f"Convention {reference} : {what}", body)


def _ending(
    settings: Settings,
    session: Session,
    people: People,
    convention: Convention,
    version: ConventionVersion,
    stage: int,
    left: int,
) -> Iterator[Message]:
    assert version.last is not None
    reference = told_reference(convention)
    when = "aujourd’hui" if left == 0 else f"dans {left} jour{'s' if left > 1 else ''}"
    body = [
        f"La convention {reference}, « {version.title} », finit {when}, le {format_date(version.last)}.",
        "Elle peut être renouvelée en un geste, prolongée par un avenant, ou soldée.",
    ]
    recipients = [each for party in _parties(session, version) for each in people.colleagues(party)]
    recipients = list(dict.fromkeys([*recipients, *people.coordinators()]))
    key = f"ending:{stage}:{version.last.isoformat()}"
    yield from _messages(settings, convention, key, recipients, f"Convention {reference} : fin {when}", body)


def _messages(
    settings: Settings, convention: Convention, what: str, recipients: list[int], subject: str, body: list[str]
) -> Iterator[Message]:
    number = convention.id or 0
    whole = ["Bonjour,", *body, f"Lire la convention : {address(settings, 'convention', number)}"]
    text = "\n\n".join(typeset(each) for each in whole)
    for account_id in recipients:
        key = f"{KIND}:{number}:{what}:{account_id}"
        yield Message(key, KIND, account_id, typeset(subject), text, [(KIND, number)])


def _parties(session: Session, version: ConventionVersion) -> list[int]:
    query = (
        select(ConventionParty.organisation_id)
        .where(ConventionParty.version_id == version.id)
        .order_by(col(ConventionParty.rank))
    )
    return list(session.exec(query))


def _shown(session: Session, convention: Convention) -> ConventionVersion | None:
    """The version in force, else the first one: what an event of the whole convention is told of."""
    query = (
        select(ConventionVersion)
        .where(ConventionVersion.convention_id == convention.id)
        .order_by(col(ConventionVersion.in_force).desc(), col(ConventionVersion.rank))
    )
    return session.exec(query).first()
