"""Which months have a summary, and up to when is a month known?"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import func, or_
from sqlmodel import Session, col, select

from conference.data.tables import Alert, ConferenceProfile, Entry, MonthState, Organisation
from conference.domain.french import next_month
from conference.domain.money import ZERO
from conference.domain.permissions import Actor, Relation, require


@dataclass(frozen=True)
class SummaryMonth:
    """One month of the list: its first day, whether it is closed, and how many entries it books."""

    month: date
    closed_at: datetime | None
    entries: int


@dataclass(frozen=True)
class OpenGaps:
    """Open income gaps, all parcours together: distinct parcours, days, euros (None as soon as one is not known)."""

    parcours: int
    days: int
    need: Decimal | None


def summary_months(session: Session, reader: Actor, *, until: date) -> tuple[SummaryMonth, ...]:
    """Months from the conférence's first one, or from the first entry before it, to that of `until`, latest first."""
    require(reader, "summary.read", Relation.OTHER)
    states = {row.month: row for row in session.exec(select(MonthState))}
    profile = session.get(ConferenceProfile, 1)
    begun = [month for month, row in states.items() if row.entry_count] + ([profile.first_month] if profile else [])
    found, month = [], min(begun, default=until.replace(day=1))
    while month <= until:
        state = states.get(month)
        found.append(SummaryMonth(month, state.closed_at if state else None, state.entry_count if state else 0))
        month = next_month(month)
    return tuple(reversed(found))


def is_closed(session: Session, month: date) -> bool:
    """Is the month closed? Its figures are provisional until then."""
    state = session.get(MonthState, month)
    return state is not None and state.closed_at is not None


def known_on(session: Session, month: date) -> datetime | None:
    """Instant at which the conférence learnt the last entry booked in `month` or before it; None when there is none."""
    query = select(Entry.recorded_at).where(col(Entry.booked_month) <= month)
    return session.exec(query.order_by(col(Entry.recorded_at).desc()).limit(1)).first()


def funder_names(session: Session) -> dict[str, str]:
    """Short name of each funder by its code."""
    query = select(Organisation.code, Organisation.short_name).where(col(Organisation.is_funder))
    return dict(session.exec(query).all())


def funders_in_being(session: Session, month: date) -> set[str]:
    """Codes of the funders whose dates of validity meet the month whose first day is `month`."""
    query = select(Organisation.code).where(
        col(Organisation.is_funder),
        or_(col(Organisation.first).is_(None), col(Organisation.first) < next_month(month)),
        or_(col(Organisation.last).is_(None), col(Organisation.last) >= month),
    )
    return set(session.exec(query).all())


def open_gaps(session: Session) -> OpenGaps:
    """What the open alerts add up to: the figures of the page Alertes as its coordinator sees them."""
    query = select(
        func.count(col(Alert.parcours_id).distinct()),
        func.coalesce(func.sum(col(Alert.days)), 0),
        func.sum(col(Alert.need)),
        func.count() - func.count(col(Alert.need)),
    ).where(Alert.status == "open", Alert.code == "income_gap")
    parcours, days, need, unknown = session.exec(query).one()
    return OpenGaps(int(parcours), int(days), None if unknown else need or ZERO)
