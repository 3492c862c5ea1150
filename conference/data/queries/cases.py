"""Which cases does the engine answer for, one or many at a time?

Read by chunks, so that neither the memory nor the number of queries grows with each parcours. What no row says is not known.
The code of a payer is its organisation's identifier; that of who funds a course is the kind of its organisation, which the
rules ask. The caller has checked its reader, or tells sums only.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple, TypeVar

from sqlmodel import Session, col, func, select

from conference.data.queries.paying_conventions import PayingConvention, conventions_for, paying_conventions
from conference.data.queries.scales import scales_of
from conference.data.tables import IncomeRight, Organisation, Parcours, Step, StepFunder, StepInterruption
from conference.domain import case
from conference.domain.coverage import Coverage, coverage
from conference.domain.period import Period
from conference.domain.rights import Right, RightKind

CHUNK = 500
"""Parcours read together."""
Row = TypeVar("Row")


class CaseRow(NamedTuple):
    """One parcours as the engine is asked."""

    id: int
    pseudonym: str
    case: case.Case


@dataclass(frozen=True)
class CourseRows:
    """What is recorded around steps: the kinds of the organisations that fund each, and its interruptions; and the conventions
    that now pay days without income."""

    funders: Mapping[int, Sequence[str]] = field(default_factory=dict)
    interruptions: Mapping[int, Sequence[StepInterruption]] = field(default_factory=dict)
    conventions: Sequence[PayingConvention] = ()


def cases_from(session: Session, first: date, *, known_on: date, chunk: int = CHUNK) -> Iterator[CaseRow]:
    """Every parcours that has a step on `first` or after, as known at the end of `known_on`, read `chunk` at a time."""
    last_id = 0
    while True:
        ids = session.exec(
            select(Parcours.id)
            .where(col(Parcours.id) > last_id, col(Parcours.id).in_(_after(first)))
            .order_by(col(Parcours.id))
            .limit(chunk)
        ).all()
        if not ids:
            return
        yield from cases_of(session, [number or 0 for number in ids], known_on=known_on)
        session.expunge_all()
        last_id = ids[-1] or 0


def count_before(session: Session, first: date | None) -> int:
    """How many parcours have no step on `first` or after; all of them when `first` is None."""
    query = select(func.count()).select_from(Parcours)
    if first is not None:
        query = query.where(col(Parcours.id).not_in(_after(first)))
    return int(session.exec(query).one())


def cases_of(session: Session, ids: Sequence[int], *, known_on: date) -> Iterator[CaseRow]:
    """The cases of these parcours, in the order of their identifiers, in six queries."""
    steps = session.exec(
        select(Step)
        .where(col(Step.parcours_id).in_(ids), col(Step.withdrawn_at).is_(None))
        .order_by(col(Step.first), col(Step.last), col(Step.id))
    ).all()
    rights = session.exec(
        select(IncomeRight)
        .where(col(IncomeRight.parcours_id).in_(ids), col(IncomeRight.withdrawn_at).is_(None))
        .order_by(col(IncomeRight.first), col(IncomeRight.last), col(IncomeRight.id))
    ).all()
    rows = course_rows(session, [step.id or 0 for step in steps])
    by_step, by_right = grouped(steps, _parcours_of), grouped(rights, _parcours_of)
    for row in session.exec(select(Parcours).where(col(Parcours.id).in_(ids)).order_by(col(Parcours.id))):
        number = row.id or 0
        told = case_of(row, by_step.get(number, []), by_right.get(number, []), rows, known_on)
        yield CaseRow(number, row.pseudonym, told)


def course_rows(session: Session, step_ids: Sequence[int]) -> CourseRows:
    """What is recorded around these steps, and the conventions that now pay."""
    funders = session.exec(
        select(StepFunder.step_id, Organisation.kind)
        .join(Organisation, col(Organisation.id) == col(StepFunder.organisation_id))
        .where(col(StepFunder.step_id).in_(step_ids))
        .order_by(col(StepFunder.step_id), col(Organisation.kind))
    ).all()
    kinds: dict[int, list[str]] = {}
    for step_id, kind in funders:
        kinds.setdefault(step_id, []).append(kind)
    interrupted = session.exec(
        select(StepInterruption)
        .where(col(StepInterruption.step_id).in_(step_ids))
        .order_by(col(StepInterruption.first), col(StepInterruption.id))
    ).all()
    return CourseRows(kinds, grouped(interrupted, lambda row: row.step_id), paying_conventions(session))


def coverage_of(
    session: Session, row: Parcours, steps: Sequence[Step], rights: Sequence[IncomeRight], known_on: date
) -> Coverage:
    """What the engine says of these rows by the scales in force here."""
    rows = course_rows(session, [step.id or 0 for step in steps])
    return coverage(case_of(row, steps, rights, rows, known_on), scales_of(session))


def case_of(
    row: Parcours, steps: Sequence[Step], rights: Sequence[IncomeRight], rows: CourseRows, known_on: date
) -> case.Case:
    """What the engine is asked of these rows."""
    return case.Case(
        known_on,
        case.Person(
            disabled=row.disabled,
            no_benefit=row.no_benefit,
            worked_6_of_12=row.worked_6_of_12,
            single_parent=row.single_parent,
        ),
        tuple(_step(step, rows) for step in steps),
        tuple(_right(right) for right in rights),
        conventions_for(rows.conventions, row.audience_id, row.territory_id) if rows.conventions else (),
    )


def grouped(found: Iterable[Row], key: Callable[[Row], int]) -> dict[int, list[Row]]:
    """Rows by an identifier, each in the order given."""
    parts: dict[int, list[Row]] = {}
    for row in found:
        parts.setdefault(key(row), []).append(row)
    return parts


def _step(row: Step, rows: CourseRows) -> case.Step:
    number = row.id or 0
    return case.Step(
        str(number),
        case.StepKind(row.kind),
        Period(row.first, row.last),
        row.needs_income,
        registered_on=row.registered_on,
        weekly_hours=row.weekly_hours,
        prescribed=row.prescribed,
        qualifying=row.qualifying,
        shortage_occupation=row.shortage_occupation,
        approved_for_pay=row.approved_for_pay,
        funders=tuple(rows.funders.get(number, ())),
        interruptions=tuple(
            case.Interruption(Period(each.first, each.last), case.InterruptionKind(each.kind))
            for each in rows.interruptions.get(number, ())
        ),
        age_at_entry=row.age_at_entry,
    )


def _right(row: IncomeRight) -> Right:
    return Right(
        RightKind(row.kind),
        str(row.payer_id),
        Period(row.first, row.last),
        row.daily_amount,
        row.known_on,
        main=row.main,
        monthly_amount=row.monthly_amount,
        opened_months=row.opened_months,
        funder=None if row.funder_id is None else str(row.funder_id),
        manager=None if row.manager_id is None else str(row.manager_id),
    )


def _parcours_of(row: Step | IncomeRight) -> int:
    return row.parcours_id


def _after(first: date) -> Any:
    return select(Step.parcours_id).where(col(Step.last) >= first, col(Step.withdrawn_at).is_(None))
