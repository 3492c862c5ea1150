"""What waits for this person, and what moved last in the books of their organisation?

Only what the reader may see and may act upon is counted, so that every count leads to a page where something can be done.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from conference.data.queries.alert_reach import listed_alerts
from conference.data.queries.handoffs import handoffs_to_answer
from conference.data.queries.identity import merges_to_answer
from conference.data.queries.instalments import due_instalments
from conference.data.queries.signatures import awaited_signatures
from conference.data.queries.thresholds import thresholds_of
from conference.data.tables import Alert, Balance, Commitment, Draft, TransferPair
from conference.domain.alerts import INCOME_GAP
from conference.domain.money import ZERO
from conference.domain.permissions import Actor, Relation, is_granted, is_granted_somewhere, require

LATEST = 6
"""How many of the organisation's last lines the first page shows."""


@dataclass(frozen=True)
class Waiting:
    """How many things of each kind wait for the reader; None for what does not concern their role."""

    to_confirm: int | None
    to_match: int | None
    handoffs: int | None
    merges: tuple[int, ...]
    """Parcours of the reader's organisation that another funder asks to join to its own."""
    drafts: int
    alerts: int | None
    to_sign: int
    """Conventions that wait for the signature of the organisation."""
    instalments: int
    """Payments that the organisation owes under its conventions, due within the days of the threshold or late."""
    gap_days: int
    gap_need: Decimal | None
    """Euros that the open gaps ask for; None as soon as one of them is not known."""


@dataclass(frozen=True)
class LatestLine:
    """One of the last lines recorded by the reader's organisation."""

    id: int
    reference: str
    object: str
    committed: Decimal
    recorded_at: datetime


@dataclass(frozen=True)
class Home:
    """The first page: `sees_lines` is False for those who only see figures."""

    waiting: Waiting
    latest: tuple[LatestLine, ...]
    sees_lines: bool


def home(session: Session, reader: Actor, on: date) -> Home:
    """What waits for `reader` on the day `on`."""
    require(reader, "home.read", Relation.OTHER)
    own_lines = is_granted(reader, "commitment.read", Relation.OWN) and reader.organisation_id is not None
    mine = reader.organisation_id or 0
    alerts, days, need = _alerts(session, reader)
    waiting = Waiting(
        to_confirm=_to_confirm(session, mine) if own_lines else None,
        to_match=_to_match(session, mine) if own_lines else None,
        handoffs=handoffs_to_answer(session, reader),
        merges=tuple(line.parcours_id for line in merges_to_answer(session, reader)) if own_lines else (),
        drafts=_drafts(session, reader),
        alerts=alerts,
        to_sign=awaited_signatures(session, reader) if own_lines else 0,
        instalments=_instalments(session, reader, on) if own_lines else 0,
        gap_days=days,
        gap_need=need,
    )
    latest = _latest(session, mine) if own_lines else ()
    return Home(waiting, latest, is_granted_somewhere(reader, "commitment.list"))


def _to_confirm(session: Session, mine: int) -> int:
    query = select(func.count()).select_from(Balance).where(Balance.funder_id == mine, col(Balance.forecast) > ZERO)
    return int(session.exec(query).one())


def _to_match(session: Session, mine: int) -> int:
    """Live transfers towards the organisation that no line of its own spends yet."""
    matched = select(TransferPair.id).where(TransferPair.given_id == Commitment.id).exists()
    query: Any = (
        select(func.count())
        .select_from(Commitment)
        .join(Balance, col(Balance.commitment_id) == col(Commitment.id))
        .where(Commitment.to_funder_id == mine, col(Balance.commitment) > col(Balance.release), ~matched)
    )
    return int(session.exec(query).one())


def _instalments(session: Session, reader: Actor, on: date) -> int:
    return len(due_instalments(session, reader, on, within=thresholds_of(session)["instalment_ahead"]))


def _drafts(session: Session, reader: Actor) -> int:
    query = select(func.count()).select_from(Draft).where(Draft.account_id == reader.account_id)
    return int(session.exec(query).one())


def _alerts(session: Session, reader: Actor) -> tuple[int | None, int, Decimal | None]:
    if not is_granted_somewhere(reader, "alert.list"):
        return None, 0, ZERO
    is_gap = col(Alert.code) == INCOME_GAP
    sums = (
        func.count(),
        func.coalesce(func.sum(col(Alert.days)).filter(is_gap), 0),
        func.sum(col(Alert.need)).filter(is_gap),
        func.count().filter(is_gap, col(Alert.need).is_(None)),
    )
    query: Any = select(*sums).select_from(Alert)
    mine = query.where(Alert.status == "open", listed_alerts(session, reader))
    count, days, need, unknown = session.exec(mine).one()
    return int(count), int(days), None if unknown else need or ZERO


def _latest(session: Session, mine: int) -> tuple[LatestLine, ...]:
    query = (
        select(Commitment, Balance)
        .join(Balance, col(Balance.commitment_id) == col(Commitment.id))
        .where(Commitment.funder_id == mine)
        .order_by(col(Commitment.id).desc())
        .limit(LATEST)
    )
    return tuple(
        LatestLine(line.id or 0, line.reference, line.object, sums.commitment - sums.release, line.recorded_at)
        for line, sums in session.exec(query)
    )
