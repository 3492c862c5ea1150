"""What is news to one person since the last digest?

Theirs: the alerts that they own, or that somebody who named them delegate owns; those without an owner that wait for their
organisation, or for the coordination when they wait for nobody. Only of parcours and conventions that the reader reaches, by
the very condition of the pages.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, false, func, or_
from sqlmodel import Session, col, select

from conference.data.glossary import label
from conference.data.queries.alert_reach import reached_alerts
from conference.data.tables import Account, Alert, AlertEvent, Convention, Draft, Handoff, Organisation, Parcours
from conference.domain.alert_words import AlertEventKind, AlertSeverity, AlertStatus
from conference.domain.digest import MOST, NEAR, Digest, News, ToldAlert, ToldHandoff, news_of_day
from conference.domain.french import day_in_france
from conference.domain.handoff import HandoffStatus
from conference.domain.permissions import Actor, Relation, Role, is_granted, is_granted_somewhere
from conference.domain.working_days import add_working_days, working_days_between

TELLING = {
    AlertEventKind.ASSIGNED.value: News.ASSIGNED,
    AlertEventKind.OPENED.value: News.NEW,
    AlertEventKind.REOPENED.value: News.NEW,
    AlertEventKind.WORSENED.value: News.WORSE,
}
"""What happened to an alert that is news, the greatest news first."""


@dataclass(frozen=True)
class Span:
    """What a digest is about: after the instant `since`, up to the morning of `on`; the days that are closed."""

    since: datetime
    on: date
    closed: frozenset[date]

    @property
    def since_day(self) -> date:
        """The day of the digest before."""
        return day_in_france(self.since)


def digest_of(session: Session, reader: Actor, span: Span) -> Digest:
    """Everything that is news to `reader`; nothing that they may not open."""
    alerts, alert_count = _alerts(session, reader, span)
    handoffs, handoff_count = _handoffs(session, reader, span)
    drafts = _drafts(session, reader, span)
    return Digest(span.since_day, handoffs, alerts, drafts, handoff_count, alert_count)


def _alerts(session: Session, reader: Actor, span: Span) -> tuple[list[ToldAlert], int]:
    if not is_granted_somewhere(reader, "alert.list"):
        return [], 0
    conditions = and_(
        col(Alert.status) == AlertStatus.OPEN.value,
        _mine(session, reader),
        _is_news(span),
        reached_alerts(reader),
    )
    joined: Any = col(Parcours.id) == col(Alert.parcours_id)
    counted = select(func.count()).select_from(Alert).join(Parcours, joined, isouter=True)
    count = int(session.exec(counted.where(conditions)).one())
    gravest = case({each.value: rank for rank, each in enumerate(AlertSeverity)}, value=col(Alert.severity))
    about = func.coalesce(Parcours.pseudonym, Convention.number)
    query: Any = select(Alert, about).join(Parcours, joined, isouter=True)
    query = query.join(Convention, col(Convention.id) == col(Alert.convention_id), isouter=True).where(conditions)
    ordered = query.order_by(gravest, func.coalesce(Alert.due_on, Alert.first_day), col(Alert.id)).limit(MOST)
    found = session.exec(ordered).all()
    events = _events(session, [alert.id or 0 for alert, _ in found], span.since)
    return [_told(alert, about, events.get(alert.id or 0, set()), span) for alert, about in found], count


def _mine(session: Session, reader: Actor) -> ColumnElement[bool]:
    """SQL: whose alert is it?"""
    absent = select(Account.id).where(Account.delegate_id == reader.account_id)
    owned = or_(col(Alert.owner_id) == reader.account_id, col(Alert.owner_id).in_(absent))
    if is_granted(reader, "handoff.propose", Relation.OWN):
        waits_for_us = func.coalesce(Alert.organisation_id, Parcours.referent_id) == reader.organisation_id
    elif reader.role is Role.COORDINATOR:
        waits_for_us = col(Alert.organisation_id).is_(None)
    else:
        waits_for_us = false()
    return or_(owned, and_(col(Alert.owner_id).is_(None), waits_for_us))


def _is_news(span: Span) -> ColumnElement[bool]:
    """SQL: has it opened, got worse or been given since, or has its day come near or gone?"""
    told = select(AlertEvent.id).where(
        AlertEvent.alert_id == Alert.id, AlertEvent.at > span.since, col(AlertEvent.kind).in_(TELLING)
    )
    day = col(Alert.due_on)
    near_before, near = (add_working_days(day, NEAR, span.closed) for day in (span.since_day, span.on))
    return or_(
        col(Alert.opened_at) > span.since,
        told.exists(),
        and_(day >= span.since_day, day < span.on),
        and_(day > near_before, day >= span.on, day <= near),
    )


def _events(session: Session, ids: list[int], since: datetime) -> dict[int, set[str]]:
    query = select(AlertEvent.alert_id, AlertEvent.kind).where(col(AlertEvent.alert_id).in_(ids), AlertEvent.at > since)
    found: dict[int, set[str]] = {}
    for alert_id, kind in session.exec(query):
        found.setdefault(alert_id, set()).add(kind)
    return found


def _told(alert: Alert, about: str, events: set[str], span: Span) -> ToldAlert:
    by_event = next((news for kind, news in TELLING.items() if kind in events), None)
    opened = News.NEW if alert.opened_at > span.since else None
    by_day = news_of_day(alert.due_on, since=span.since_day, on=span.on, closed=span.closed)
    news = by_event or opened or by_day or News.NEW
    return ToldAlert(alert.id or 0, news, label("alert_code", alert.code), about, alert.message, alert.due_on)


def _handoffs(session: Session, reader: Actor, span: Span) -> tuple[list[ToldHandoff], int]:
    if not is_granted(reader, "handoff.answer", Relation.OWN):
        return [], 0
    asked = and_(
        col(Handoff.receiver_id) == reader.organisation_id, col(Handoff.status) == HandoffStatus.PROPOSED.value
    )
    count = int(session.exec(select(func.count()).select_from(Handoff).where(asked)).one())
    query = (
        select(Handoff, Organisation.short_name, Parcours.pseudonym)
        .join(Organisation, col(Organisation.id) == col(Handoff.sender_id))
        .join(Parcours, col(Parcours.id) == col(Handoff.parcours_id))
        .where(asked)
        .order_by(col(Handoff.answer_by), col(Handoff.id))
        .limit(MOST)
    )
    return [_handoff(row, sender, pseudonym, span) for row, sender, pseudonym in session.exec(query)], count


def _handoff(row: Handoff, sender: str, pseudonym: str, span: Span) -> ToldHandoff:
    proposed = day_in_france(row.proposed_at or row.created_at)
    age = working_days_between(proposed, span.on, span.closed)
    return ToldHandoff(row.id or 0, row.reference, sender, pseudonym, row.first_day, row.answer_by, age)


def _drafts(session: Session, reader: Actor, span: Span) -> int:
    """Forms left unfinished since the last digest and not touched today: somebody may be typing."""
    query = select(Draft.updated_at).where(Draft.account_id == reader.account_id, Draft.updated_at > span.since)
    return sum(day_in_france(saved_at) < span.on for saved_at in session.exec(query))
