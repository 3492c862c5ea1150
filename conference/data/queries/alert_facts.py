"""What is recorded of many parcours, as the checks of their alerts look at it?

A dozen queries for a chunk, whatever the number of parcours in it, and mostly plain rows instead of objects of the session: a
nightly run may read a million of them. The caller acts for the house itself: nothing here is filtered by a reader.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, select
from sqlmodel import Session, col

from conference.data.among import among
from conference.data.queries.cases import CourseRows, case_of, grouped
from conference.data.queries.fundings import fundings_of, plans_of
from conference.data.queries.paying_conventions import paying_conventions
from conference.data.tables import (
    Handoff,
    IncomeRight,
    Organisation,
    Parcours,
    Step,
    StepFunder,
    StepInterruption,
)
from conference.domain.alert_facts import Followed, HandoffFacts, StepFacts
from conference.domain.french import day_in_france
from conference.domain.handoff import HandoffStatus
from conference.domain.period import Period

CHUNK = 500
"""Parcours read together."""
Rows = Mapping[int, Sequence[Row[Any]]]

_PARCOURS = tuple(
    Parcours.__table__.c[name]  # type: ignore[attr-defined]
    for name in (
        *("id", "version", "referent_id", "territory_id", "audience_id"),
        *("disabled", "no_benefit", "worked_6_of_12", "single_parent"),
    )
)
_STEP = tuple(
    Step.__table__.c[name]  # type: ignore[attr-defined]
    for name in (
        *(
            "id",
            "parcours_id",
            "kind",
            "first",
            "last",
            "needs_income",
            "registered_on",
            "weekly_hours",
            "age_at_entry",
        ),
        *("prescribed", "qualifying", "shortage_occupation", "approved_for_pay"),
    )
)
_RIGHT = tuple(
    IncomeRight.__table__.c[name]  # type: ignore[attr-defined]
    for name in (
        *("id", "parcours_id", "kind", "payer_id", "funder_id", "manager_id", "first", "last"),
        *("daily_amount", "monthly_amount", "opened_months", "main", "known_on"),
    )
)
_HANDOFF = tuple(
    Handoff.__table__.c[name]  # type: ignore[attr-defined]
    for name in (
        *("id", "parcours_id", "reference", "status", "sender_id", "receiver_id"),
        *("from_step_id", "to_step_id", "first_day", "proposed_at", "answer_by"),
    )
)


@dataclass(frozen=True)
class _Shares:
    """Who funds each step: identifiers in order, and kinds of organisation."""

    ids: Mapping[int, Sequence[int]]
    kinds: Mapping[int, Sequence[str]]


def followed_of(session: Session, ids: Sequence[int], on: date) -> Iterator[Followed]:
    """What is recorded of these parcours at the end of the day `on`, in the order of their identifiers. Read `CHUNK` at a
    time; an identifier that is no parcours gives nothing."""
    ordered = sorted(set(ids))
    for start in range(0, len(ordered), CHUNK):
        yield from _chunk(session, ordered[start : start + CHUNK], on)


def _chunk(session: Session, ids: Sequence[int], on: date) -> Iterator[Followed]:
    steps, rights = _steps(session, ids), _rights(session, ids)
    step_ids = [row.id for rows in steps.values() for row in rows]
    shares, interrupted, handoffs = (
        _shares(session, step_ids),
        _interruptions(session, step_ids),
        _handoffs(session, ids),
    )
    fundings, plans = fundings_of(session, ids), plans_of(session, ids)
    courses = CourseRows(shares.kinds, interrupted, paying_conventions(session))  # type: ignore[arg-type]
    for row in session.execute(
        select(*_PARCOURS).where(among(session, col(Parcours.id), ids)).order_by(col(Parcours.id))
    ):
        own, paying = steps.get(row.id, ()), rights.get(row.id, ())
        yield Followed(
            row.id,
            row.version,
            row.referent_id,
            row.territory_id or 0,
            row.audience_id or 0,
            case_of(row, own, paying, courses, on),  # type: ignore[arg-type]
            tuple(
                StepFacts(
                    step.id,
                    Period(step.first, step.last),
                    step.needs_income,
                    _acting(row.referent_id, shares.ids.get(step.id, ())),
                )
                for step in own
            ),
            tuple(right.id for right in paying),
            tuple(_handoff(each) for each in handoffs.get(row.id, ())),
            tuple(fundings.get(row.id, ())),
            tuple(plans.get(row.id, ())),
        )


def _acting(referent_id: int, funders: Sequence[int]) -> int:
    return referent_id if not funders or referent_id in funders else funders[0]


def _steps(session: Session, ids: Sequence[int]) -> Rows:
    table = Step.__table__  # type: ignore[attr-defined]
    query = (
        select(*_STEP)
        .where(among(session, table.c.parcours_id, ids), table.c.withdrawn_at.is_(None))
        .order_by(table.c.first, table.c.last, table.c.id)
    )
    return grouped(session.execute(query), _parcours_of)


def _rights(session: Session, ids: Sequence[int]) -> Rows:
    table = IncomeRight.__table__  # type: ignore[attr-defined]
    query = (
        select(*_RIGHT)
        .where(among(session, table.c.parcours_id, ids), table.c.withdrawn_at.is_(None))
        .order_by(table.c.first, table.c.last, table.c.id)
    )
    return grouped(session.execute(query), _parcours_of)


def _shares(session: Session, step_ids: Sequence[int]) -> _Shares:
    query = (
        select(col(StepFunder.step_id), col(StepFunder.organisation_id), col(Organisation.kind))
        .join(Organisation, col(Organisation.id) == col(StepFunder.organisation_id))
        .where(col(StepFunder.step_id).in_(step_ids))
        .order_by(col(StepFunder.step_id), col(StepFunder.organisation_id))
    )
    ids: dict[int, list[int]] = {}
    kinds: dict[int, list[str]] = {}
    for step_id, organisation_id, kind in session.execute(query):
        ids.setdefault(step_id, []).append(organisation_id)
        kinds.setdefault(step_id, []).append(kind)
    return _Shares(ids, {step_id: sorted(found) for step_id, found in kinds.items()})


def _interruptions(session: Session, step_ids: Sequence[int]) -> Rows:
    table = StepInterruption.__table__  # type: ignore[attr-defined]
    query = select(*table.c).where(among(session, table.c.step_id, step_ids)).order_by(table.c.first, table.c.id)
    return grouped(session.execute(query), _step_of)


def _handoffs(session: Session, ids: Sequence[int]) -> Rows:
    query = select(*_HANDOFF).where(col(Handoff.parcours_id).in_(ids)).order_by(col(Handoff.id))
    return grouped(session.execute(query), _parcours_of)


def _handoff(row: Row[Any]) -> HandoffFacts:
    return HandoffFacts(
        row.id,
        row.reference,
        HandoffStatus(row.status),
        row.sender_id,
        row.receiver_id,
        row.from_step_id,
        row.to_step_id,
        row.first_day,
        None if row.proposed_at is None else day_in_france(row.proposed_at),
        row.answer_by,
    )


def _parcours_of(row: Row[Any]) -> int:
    return int(row.parcours_id)


def _step_of(row: Row[Any]) -> int:
    return int(row.step_id)
