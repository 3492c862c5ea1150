"""Which alerts does the reader have to settle, in which order, and what do they add up to?

An alert is read by whoever reaches its parcours or its convention; coordinators read them all, readers and administrators
none. The subject of an alert is told in words: the step, the handoff or the lines that its cause names.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import case, func
from sqlalchemy import select as select_many
from sqlmodel import Session, col, select

from conference.data.queries.alert_order import STATUSES, order_of, ordered_ids
from conference.data.queries.alert_reach import listed_alerts, reached_alerts
from conference.data.queries.turning import FIRST, MOST, Count, Page, Turn, turned
from conference.data.tables import (
    Account,
    Alert,
    AlertComment,
    AlertEvent,
    Convention,
    Handoff,
    Organisation,
    Parcours,
    Step,
)
from conference.domain.alerts import INCOME_GAP
from conference.domain.money import ZERO
from conference.domain.permissions import Actor, Relation, Role, is_granted, require
from conference.domain.refusal import NotFound

HANDOFFS = frozenset({"handoff_unanswered", "handoff_refused"})
"""Alerts whose cause is a handoff; those of STEPS name a step."""
STEPS = frozenset({"income_gap", "relay_to_request", "income_low", "dead_time", "step_unfunded", "step_over_funded"})

_STATUS = case({word: rank for rank, word in enumerate(STATUSES)}, value=col(Alert.status))


@dataclass(frozen=True)
class AlertFilters:
    """What the list is asked for. `status`: open, decided, closed or all; `owner`: `me`, `mine` (my organisation), `nobody`,
    or "" for all; `due_within`: days from `on` (None: any); `on`: today."""

    on: date
    status: str = "open"
    code: str = ""
    severity: str = ""
    owner: str = ""
    due_within: int | None = None
    sort: str = "due"


@dataclass(frozen=True)
class AlertLine:
    """One alert, with its parcours or its convention (the other None and "") and what it is about. `need` None: the amount is
    not known, or it is no matter of euros."""

    id: int
    code: str
    status: str
    severity: str
    parcours_id: int | None
    pseudonym: str
    referent: str
    convention_id: int | None
    convention: str
    subject: str
    owner: str | None
    organisation: str | None
    first_day: date | None
    due_on: date | None
    days: int
    need: Decimal | None
    message: str
    outcome: str | None
    opened_at: datetime
    closed_at: datetime | None
    version: int

    @property
    def about(self) -> str:
        """The pseudonym of the parcours, or the number of the convention."""
        return self.pseudonym or self.convention


@dataclass(frozen=True)
class AlertList:
    """One page of alerts. `days` and `need` are the days without income of the whole selection and what they ask for, other
    alerts left out; `unknown`: those of them whose amount is not known. None of them where alerts are not all counted."""

    lines: tuple[AlertLine, ...]
    page: Page
    days: int
    need: Decimal
    unknown: int

    @property
    def total(self) -> int:
        """Alerts of the selection, as far as they are counted."""
        return self.page.total


@dataclass(frozen=True)
class EventView:
    """One thing that happened to an alert, with what it said then."""

    at: datetime
    kind: str
    first_day: date | None
    days: int
    need: Decimal | None
    by: str
    text: str


@dataclass(frozen=True)
class CommentView:
    """What somebody wrote."""

    at: datetime
    by: str
    text: str


@dataclass(frozen=True)
class AlertPage:
    """One alert with its history and its comments, latest last; `motive` of the decision in force."""

    line: AlertLine
    motive: str
    decided_at: datetime | None
    decided_by: str
    owner_id: int | None
    events: tuple[EventView, ...]
    comments: tuple[CommentView, ...]


def alert_list(session: Session, reader: Actor, filters: AlertFilters, *, turn: Turn = FIRST) -> AlertList:
    """Alerts that `reader` may read, as asked. Raises Forbidden."""
    require(reader, "alert.list", Relation.OTHER)
    conditions = [listed_alerts(session, reader), *_conditions(reader, filters)]
    statuses = STATUSES if filters.status == "all" else (filters.status,)
    count, days, need, unknown = _sums(session, [col(Alert.status).in_(statuses), *conditions])
    page, ids = turned(turn, count, lambda asked: ordered_ids(session, conditions, statuses, filters.sort, asked))
    lines = {line.id: line for line in _lines(session, [col(Alert.id).in_(ids)], ())}
    return AlertList(tuple(lines[number] for number in ids), page, days, need, unknown)


def all_alerts(session: Session, reader: Actor, filters: AlertFilters) -> tuple[AlertLine, ...]:
    """The whole selection, in the order of the list: what a file of it holds."""
    require(reader, "alert.list", Relation.OTHER)
    statuses = STATUSES if filters.status == "all" else (filters.status,)
    conditions = [listed_alerts(session, reader), col(Alert.status).in_(statuses), *_conditions(reader, filters)]
    return _lines(session, conditions, order_of(filters.sort))


def parcours_alerts(session: Session, reader: Actor, parcours_id: int) -> tuple[AlertLine, ...]:
    """Every alert of one parcours, open ones first, that `reader` may read."""
    conditions = [reached_alerts(reader), col(Alert.parcours_id) == parcours_id]
    return _lines(session, conditions, (_STATUS, *order_of("due")))


def alert_page(session: Session, reader: Actor, alert_id: int) -> AlertPage:
    """One alert with its history. NotFound when `reader` does not reach what it is about."""
    require(reader, "alert.list", Relation.OTHER)
    conditions = [reached_alerts(reader), col(Alert.id) == alert_id]
    found = _lines(session, conditions, (col(Alert.id),))
    if not found:
        raise NotFound()
    row = session.get_one(Alert, alert_id)
    events = session.exec(
        select(AlertEvent).where(AlertEvent.alert_id == alert_id).order_by(col(AlertEvent.at), col(AlertEvent.id))
    ).all()
    comments = session.exec(
        select(AlertComment)
        .where(AlertComment.alert_id == alert_id)
        .order_by(col(AlertComment.at), col(AlertComment.id))
    ).all()
    names = _names(session, [row.decided_by, *(e.account_id for e in events), *(c.account_id for c in comments)])
    return AlertPage(
        line=found[0],
        motive=row.outcome_motive,
        decided_at=row.decided_at,
        decided_by=names.get(row.decided_by, ""),
        owner_id=row.owner_id,
        events=tuple(
            EventView(e.at, e.kind, e.first_day, e.days, e.need, names.get(e.account_id, ""), e.text) for e in events
        ),
        comments=tuple(CommentView(c.at, names.get(c.account_id, ""), c.text) for c in comments),
    )


def possible_owners(session: Session, reader: Actor, alert_id: int) -> tuple[tuple[int, str], ...]:
    """(identifier, name) of the active accounts that may take care of an alert: those of the reader's own organisation that
    settle alerts, and coordinators."""
    mine = (col(Account.organisation_id) == reader.organisation_id) & col(Account.role).in_(
        [Role.OFFICER.value, Role.SIGNATORY.value]
    )
    query = (
        select(Account.id, Account.name, Organisation.short_name)
        .join(Organisation, col(Organisation.id) == col(Account.organisation_id))
        .where(col(Account.is_active), mine | (col(Account.role) == Role.COORDINATOR.value))
        .order_by(col(Account.name), col(Account.id))
    )
    if not is_granted(reader, "alert.settle", Relation.PARTY):
        return ()
    alert_page(session, reader, alert_id)
    return tuple((number or 0, f"{name}, {organisation}") for number, name, organisation in session.exec(query))


def _conditions(reader: Actor, filters: AlertFilters) -> list[Any]:
    """What is asked besides the status and what `reader` reaches."""
    conditions: list[Any] = []
    if filters.code:
        conditions.append(col(Alert.code) == filters.code)
    if filters.severity:
        conditions.append(col(Alert.severity) == filters.severity)
    if filters.owner == "me":
        conditions.append(col(Alert.owner_id) == reader.account_id)
    elif filters.owner == "mine":
        conditions.append(col(Alert.organisation_id) == reader.organisation_id)
    elif filters.owner == "nobody":
        conditions.append(col(Alert.owner_id).is_(None))
    if filters.due_within is not None:
        last = date.fromordinal(filters.on.toordinal() + filters.due_within)
        conditions.append(col(Alert.settle_by) <= last)
    return conditions


def _sums(session: Session, conditions: list[Any]) -> tuple[Count, int, Decimal, int]:
    """How many alerts, and the sums of those of days without income where all are counted."""
    rows = select_many(col(Alert.code), col(Alert.days), col(Alert.need)).where(*conditions).limit(MOST + 1).subquery()
    is_gap = rows.c.code == INCOME_GAP
    query = select_many(
        func.count(),
        func.coalesce(func.sum(rows.c.days).filter(is_gap), 0),
        func.sum(rows.c.need).filter(is_gap),
        func.count().filter(is_gap, rows.c.need.is_(None)),
    ).select_from(rows)
    total, days, need, missing = session.execute(query).one()
    if total > MOST:
        return (MOST, True), 0, ZERO, 0
    return (int(total), False), int(days), need or ZERO, int(missing)


def _lines(session: Session, conditions: list[Any], order: Iterable[Any]) -> tuple[AlertLine, ...]:
    concerned = Organisation.__table__.alias("concerned")  # type: ignore[attr-defined]
    query = (
        select_many(
            Alert,
            col(Parcours.pseudonym),
            col(Organisation.short_name),
            col(Account.name),
            concerned.c.short_name,
            col(Convention.number),
        )
        .join(Parcours, col(Parcours.id) == col(Alert.parcours_id), isouter=True)
        .join(Organisation, col(Organisation.id) == col(Parcours.referent_id), isouter=True)
        .join(Convention, col(Convention.id) == col(Alert.convention_id), isouter=True)
        .join(Account, col(Account.id) == col(Alert.owner_id), isouter=True)
        .join(concerned, concerned.c.id == col(Alert.organisation_id), isouter=True)
        .where(*conditions)
        .order_by(*order)
    )
    found = session.execute(query).all()
    subjects = _subjects(session, [row[0] for row in found])
    return tuple(_line(row, subjects.get(row[0].id, "")) for row in found)


def _line(row: Any, subject: str) -> AlertLine:
    alert, pseudonym, referent, owner, organisation, convention = row
    return AlertLine(
        id=alert.id or 0,
        code=alert.code,
        status=alert.status,
        severity=alert.severity,
        parcours_id=alert.parcours_id,
        pseudonym=pseudonym or "",
        referent=referent or "",
        convention_id=alert.convention_id,
        convention=convention or "",
        subject=subject,
        owner=owner,
        organisation=organisation,
        first_day=alert.first_day,
        due_on=alert.due_on,
        days=alert.days,
        need=alert.need,
        message=alert.message,
        outcome=alert.outcome,
        opened_at=alert.opened_at,
        closed_at=alert.closed_at,
        version=alert.version,
    )


def _subjects(session: Session, alerts: Sequence[Alert]) -> dict[int, str]:
    """The step or the handoff that each alert is about, in words; "" for two lines, which its message names."""
    causes = {alert.id or 0: int(alert.cause) for alert in alerts if re.fullmatch(r"\d{1,18}", alert.cause)}
    steps = [causes[a.id or 0] for a in alerts if a.code in STEPS and (a.id or 0) in causes]
    handoffs = [causes[a.id or 0] for a in alerts if a.code in HANDOFFS and (a.id or 0) in causes]
    titles = dict(session.exec(select(col(Step.id), col(Step.title)).where(col(Step.id).in_(steps))).all())
    query = select(col(Handoff.id), col(Handoff.reference)).where(col(Handoff.id).in_(handoffs))
    references = dict(session.exec(query).all())
    return {
        alert.id or 0: (references if alert.code in HANDOFFS else titles).get(causes[alert.id or 0], "")
        for alert in alerts
        if (alert.id or 0) in causes and alert.code in STEPS | HANDOFFS
    }


def _names(session: Session, ids: Sequence[int | None]) -> dict[int | None, str]:
    query = select(Account.id, Account.name).where(col(Account.id).in_(sorted({i for i in ids if i})))
    return dict(session.exec(query).all())
