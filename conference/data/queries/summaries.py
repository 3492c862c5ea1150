"""Which months have a summary, and up to when is a month known?"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import func, or_
from sqlmodel import Session, col, select

from conference.data.queries.commitment_order import sort_key
from conference.data.tables import (
    Alert,
    ConferenceProfile,
    MonthState,
    Organisation,
    Parcours,
    RollupFunder,
    Step,
    StepFunder,
)
from conference.domain.french import months_between
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


@dataclass(frozen=True)
class SummaryScope:
    """The one funder that a summary is about."""

    id: int
    code: str
    name: str


def summary_months(
    session: Session, reader: Actor, *, until: date, funder_id: int | None = None
) -> tuple[SummaryMonth, ...]:
    """Months from the conférence's first one, or from the first entry before it, to that of `until`, latest first; with the
    entries of one funder, or of all."""
    require(reader, "summary.read", Relation.OTHER)
    states = {row.month: row for row in session.exec(select(MonthState))}
    profile = session.get(ConferenceProfile, 1)
    entries = {month: row.entry_count for month, row in states.items() if row.entry_count}
    begun = [*entries, *([profile.first_month] if profile else [])]
    if funder_id is not None:
        entries = _entries(session, funder_id)
    known = [(month, states.get(month)) for month in months_between(min(begun, default=until), until)]
    found = [SummaryMonth(month, row.closed_at if row else None, entries.get(month, 0)) for month, row in known]
    return tuple(reversed(found))


def _entries(session: Session, funder_id: int) -> dict[date, int]:
    query = select(col(RollupFunder.month), func.sum(RollupFunder.entry_count))
    query = query.where(RollupFunder.funder_id == funder_id).group_by(col(RollupFunder.month))
    return {month: int(count) for month, count in session.exec(query)}


def is_closed(session: Session, month: date) -> bool:
    """Is the month closed? Its figures are provisional until then."""
    state = session.get(MonthState, month)
    return state is not None and state.closed_at is not None


def known_on(session: Session, month: date, funder_id: int | None = None) -> datetime | None:
    """Instant at which the conférence learnt the last entry booked in `month` or before it, of one funder or of all; None when
    there is none."""
    query = select(func.max(RollupFunder.last_recorded_at)).where(col(RollupFunder.month) <= month)
    if funder_id is not None:
        query = query.where(RollupFunder.funder_id == funder_id)
    return session.exec(query.where(col(RollupFunder.entry_count) > 0)).one()


def summary_scope(session: Session, code: str) -> SummaryScope | None:
    """The funder of that code; None when there is none."""
    row = session.exec(select(Organisation).where(Organisation.code == code, col(Organisation.is_funder))).first()
    return SummaryScope(row.id or 0, row.code, row.short_name) if row else None


def summary_scopes(session: Session, reader: Actor) -> tuple[SummaryScope, ...]:
    """Every funder that may have a summary of its own, in French order: aggregates are for all."""
    require(reader, "summary.read", Relation.OTHER)
    rows = session.exec(select(Organisation).where(col(Organisation.is_funder))).all()
    found = [SummaryScope(row.id or 0, row.code, row.short_name) for row in rows]
    return tuple(sorted(found, key=lambda each: (sort_key(each.name), each.code)))


def open_gaps(session: Session, funder_id: int | None = None) -> OpenGaps:
    """What the open alerts add up to: the figures of the page Alertes as its coordinator sees them, or those of the parcours
    that one funder follows or has a share in."""
    query = select(
        func.count(col(Alert.parcours_id).distinct()),
        func.coalesce(func.sum(col(Alert.days)), 0),
        func.sum(col(Alert.need)),
        func.count() - func.count(col(Alert.need)),
    ).where(Alert.status == "open", Alert.code == "income_gap")
    if funder_id is not None:
        followed = select(Parcours.id).where(Parcours.referent_id == funder_id)
        steps = select(Step.parcours_id).join(StepFunder, col(StepFunder.step_id) == col(Step.id))
        shared = steps.where(StepFunder.organisation_id == funder_id)
        query = query.where(or_(col(Alert.parcours_id).in_(followed), col(Alert.parcours_id).in_(shared)))
    parcours, days, need, unknown = session.exec(query).one()
    return OpenGaps(int(parcours), int(days), None if unknown else need or ZERO)
