"""Whose days could a convention pay, and how are their answers asked again?

A convention pays, after recorded rights and what rules presume, the days that nobody pays: only a parcours of its audience and
its territory that has such days may be answered otherwise when it begins, changes, ends or is used up. Those are marked: the
state no longer says by which scales it was asked, so that the next detection asks it again, and `verify` leaves it aside.
"""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, and_, exists, or_, select, update
from sqlmodel import Session, col

from conference.data.tables import (
    ConventionIncome,
    ConventionVersion,
    CoverageState,
    CoverageVersion,
    Parcours,
    Step,
)

MARK = ""
"""The digest of a state that must be asked again: that of no scales."""


def mark_concerned(session: Session, convention_id: int) -> Sequence[int]:
    """Mark the parcours whose days any version of this convention could pay; their identifiers, in order."""
    versions = session.execute(
        select(
            col(ConventionIncome.audience_id),
            col(ConventionIncome.territory_id),
            col(ConventionVersion.first),
            col(ConventionVersion.last),
        )
        .join(ConventionVersion, col(ConventionVersion.id) == col(ConventionIncome.version_id))
        .where(col(ConventionVersion.convention_id) == convention_id)
    ).all()
    if not versions:
        return ()
    state = CoverageState.__table__  # type: ignore[attr-defined]
    query = (
        select(state.c.parcours_id)
        .join(CoverageVersion, col(CoverageVersion.id) == state.c.version_id)
        .join(Parcours, col(Parcours.id) == state.c.parcours_id)
        .where(or_(col(CoverageVersion.gap) > 0, col(CoverageVersion.available) > 0))
        .where(or_(*(_reaches(*version) for version in versions)))
        .order_by(state.c.parcours_id)
    )
    found = session.execute(query).scalars().all()
    if found:
        marked = update(state).where(state.c.parcours_id.in_(query.order_by(None))).values(scales_digest=MARK)
        session.execute(marked)
    return found


def _reaches(
    audience_id: int | None, territory_id: int | None, first: date | None, last: date | None
) -> ColumnElement[bool]:
    """SQL: is the parcours of that audience and territory, with a step in those days?"""
    during = exists().where(
        col(Step.parcours_id) == col(Parcours.id),
        col(Step.withdrawn_at).is_(None),
        *([col(Step.last) >= first] if first is not None else []),
        *([col(Step.first) <= last] if last is not None else []),
    )
    among = [col(Parcours.audience_id) == audience_id] if audience_id is not None else []
    there = [col(Parcours.territory_id) == territory_id] if territory_id is not None else []
    return and_(during, *among, *there)
