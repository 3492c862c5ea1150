"""Which alerts does the reader have to settle, and what do they add up to?

An alert is read by whoever reaches its parcours; coordinators read them all, readers and administrators none.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from conference.data.queries.parcours import reached_parcours
from conference.data.tables import Alert, Organisation, Parcours, Step
from conference.domain.money import ZERO
from conference.domain.permissions import Actor, Relation, require

PAGE = 50
"""Alerts on one page of the list."""


@dataclass(frozen=True)
class AlertLine:
    """One alert, with the parcours and the step that it is about. `need` None: the amount is not known."""

    id: int
    code: str
    status: str
    parcours_id: int
    pseudonym: str
    referent: str
    step: str
    first_day: date | None
    days: int
    need: Decimal | None
    message: str
    opened_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True)
class AlertList:
    """One page of alerts; the sums are those of the whole selection. `unknown`: alerts whose amount is not known."""

    lines: tuple[AlertLine, ...]
    total: int
    days: int
    need: Decimal
    unknown: int
    page: int

    @property
    def pages(self) -> int:
        """Number of pages, at least one."""
        return max(1, -(-self.total // PAGE))


def alert_list(session: Session, reader: Actor, *, status: str = "open", page: int = 1) -> AlertList:
    """Alerts that `reader` may read, the nearest day first; `status`: `open`, `closed` or `all`. Raises Forbidden."""
    require(reader, "alert.list", Relation.OTHER)
    conditions = [reached_parcours(reader, col(Alert.parcours_id))]
    if status != "all":
        conditions.append(col(Alert.status) == status)
    total, days, need, unknown = _sums(session, conditions)
    page = min(max(page, 1), max(1, -(-total // PAGE)))
    return AlertList(_lines(session, conditions, page), total, days, need, unknown, page)


def parcours_alerts(session: Session, reader: Actor, parcours_id: int) -> tuple[AlertLine, ...]:
    """Every alert of one parcours, open or closed, that `reader` may read."""
    return _lines(session, [reached_parcours(reader, col(Alert.parcours_id)), col(Alert.parcours_id) == parcours_id], 1)


def _sums(session: Session, conditions: list[Any]) -> tuple[int, int, Decimal, int]:
    query = select(
        func.count(),
        func.coalesce(func.sum(col(Alert.days)), 0),
        func.sum(col(Alert.need)),
        func.count() - func.count(col(Alert.need)),
    ).select_from(Alert)
    total, days, need, unknown = session.exec(query.where(*conditions)).one()
    return int(total), int(days), need or ZERO, int(unknown)


def _lines(session: Session, conditions: list[Any], page: int) -> tuple[AlertLine, ...]:
    query = (
        select(Alert, Parcours.pseudonym, Organisation.short_name)
        .join(Parcours, col(Parcours.id) == col(Alert.parcours_id))
        .join(Organisation, col(Organisation.id) == col(Parcours.referent_id))
        .where(*conditions)
        .order_by(col(Alert.status).desc(), col(Alert.first_day), col(Alert.id))
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    found = session.exec(query).all()
    ids = [int(alert.cause) for alert, _, _ in found]
    steps = dict(session.exec(select(Step.id, Step.title).where(col(Step.id).in_(ids))).all())
    return tuple(
        AlertLine(
            id=alert.id or 0,
            code=alert.code,
            status=alert.status,
            parcours_id=alert.parcours_id,
            pseudonym=pseudonym,
            referent=referent,
            step=steps.get(int(alert.cause), ""),
            first_day=alert.first_day,
            days=alert.days,
            need=alert.need,
            message=alert.message,
            opened_at=alert.opened_at,
            closed_at=alert.closed_at,
        )
        for alert, pseudonym, referent in found
    )
