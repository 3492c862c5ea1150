"""May this reader open that page?

Asked of the links of a message, when it is written and again when it leaves: between the two a handoff may have been
withdrawn or somebody changed organisation. By the matrix and the conditions of the pages themselves, never by a law of
its own.
"""

from collections.abc import Iterable

from sqlmodel import Session, col, select

from conference.data.queries.alert_reach import reached_alerts
from conference.data.queries.conventions import reached_conventions
from conference.data.queries.handoffs import visible
from conference.data.queries.parcours import reached_parcours
from conference.data.tables import Alert, Commitment, Convention, Draft, Handoff, Parcours
from conference.domain.handoff import HandoffStatus
from conference.domain.permissions import Actor, is_granted, is_granted_somewhere

Link = tuple[str, int]
"""What a message leads to: a kind (`parcours`, `handoff`, `alert`, `commitment`, `convention`, `draft`) and its number. A
`proposal` is a handoff that still waits for its answer: what asks for one must not come after it."""


def may_open_all(session: Session, reader: Actor, links: Iterable[Link]) -> bool:
    """May `reader` open every one of `links`? What is unknown may not be opened."""
    return all(may_open(session, reader, kind, number) for kind, number in links)


def may_open(session: Session, reader: Actor, kind: str, number: int) -> bool:
    """May `reader` open the page of that thing? False for a kind that has no page."""
    asked = {
        "parcours": _parcours,
        "handoff": _handoff,
        "proposal": _proposal,
        "alert": _alert,
        "commitment": _commitment,
        "convention": _convention,
        "draft": _draft,
    }.get(kind)
    return asked is not None and asked(session, reader, number)


def _parcours(session: Session, reader: Actor, number: int) -> bool:
    query = select(Parcours.id).where(Parcours.id == number, reached_parcours(reader, col(Parcours.id)))
    return session.exec(query).first() is not None


def _alert(session: Session, reader: Actor, number: int) -> bool:
    query = select(Alert.id).where(Alert.id == number, reached_alerts(reader))
    return is_granted_somewhere(reader, "alert.read") and session.exec(query).first() is not None


def _handoff(session: Session, reader: Actor, number: int) -> bool:
    query = select(Handoff.id).where(Handoff.id == number, visible(reader))
    return session.exec(query).first() is not None


def _proposal(session: Session, reader: Actor, number: int) -> bool:
    query = select(Handoff.id).where(Handoff.id == number, visible(reader))
    return session.exec(query.where(Handoff.status == HandoffStatus.PROPOSED.value)).first() is not None


def _commitment(session: Session, reader: Actor, number: int) -> bool:
    line = session.get(Commitment, number)
    return line is not None and is_granted(reader, "commitment.read", reader.relation_to(line.funder_id))


def _convention(session: Session, reader: Actor, number: int) -> bool:
    query = select(Convention.id).where(Convention.id == number, reached_conventions(reader))
    return is_granted_somewhere(reader, "convention.read") and session.exec(query).first() is not None


def _draft(session: Session, reader: Actor, number: int) -> bool:
    draft = session.get(Draft, number)
    return draft is not None and draft.account_id == reader.account_id
