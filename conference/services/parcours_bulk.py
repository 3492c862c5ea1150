"""How are very many parcours recorded at once, with their steps and rights, by the same rules as the forms'?

Lines are checked one by one without the database, then their organisations, territories and audiences all together; columns
are inserted table by table, with one entry in the journal. What each person's days lack is not computed here: a parcours that
was never asked is asked by the next run of detection, whatever its number.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from itertools import repeat
from operator import attrgetter
from typing import Any

from sqlmodel import Session, col, select

from conference.data.journal import write_journal
from conference.data.tables import (
    Audience,
    IncomeRight,
    Organisation,
    Parcours,
    Step,
    StepFunder,
    StepInterruption,
    StepResult,
    Territory,
)
from conference.data.tables.metadata import table_of
from conference.data.upsert import insert_columns
from conference.domain.case import InterruptionKind
from conference.domain.french import day_in_france
from conference.domain.parcours import KeySituation, ParcoursKind
from conference.domain.period import Period
from conference.domain.permissions import Actor, require
from conference.domain.refusal import Refusal
from conference.services.income_rights import RightLine, check_right_line
from conference.services.numbering import take_numbers
from conference.services.parcours import UNTOLD, Situation
from conference.services.posting import next_id
from conference.services.step_results import ResultLine, check_result
from conference.services.steps import StepLine, check_days, check_interruption, check_step_line


@dataclass(frozen=True, slots=True)
class StoppedDays:
    """Days of a step that the person did not follow, both included."""

    first: date
    last: date
    kind: InterruptionKind = InterruptionKind.INTERRUPTION


@dataclass(frozen=True, slots=True)
class CourseLine:
    """A step, the days of it that were not followed, and what came of it."""

    step: StepLine
    stopped: tuple[StoppedDays, ...] = ()
    result: ResultLine | None = None


@dataclass(frozen=True, slots=True)
class ParcoursLine:
    """A parcours to record, with everything that is known of it."""

    referent_id: int
    kind: ParcoursKind
    key_situation: KeySituation
    target: str = ""
    situation: Situation = UNTOLD
    courses: tuple[CourseLine, ...] = ()
    rights: tuple[RightLine, ...] = ()


_SITUATION = tuple(each.name for each in fields(Situation))
_STEP = tuple(each.name for each in fields(StepLine) if each.name not in ("title", "funder_ids"))
_RIGHT = tuple(each.name for each in fields(RightLine) if each.name != "origin")
_RESULT = tuple(each.name for each in fields(ResultLine))


def record_parcours(session: Session, lines: Sequence[ParcoursLine], *, by: Actor, at: datetime) -> range:
    """Record `lines`, in order; their identifiers. Rights are known from the day of `at` in France.

    Raises Forbidden when `by` does not act for a referent, Refusal on the first line that makes no sense, as the forms do:
    nothing is then written of any.
    """
    if not lines:
        return range(0)
    for referent in {line.referent_id for line in lines}:
        require(by, "parcours.create", by.relation_to(referent))
    today = day_in_france(at)
    for line in lines:
        _check(line, today)
    _check_known(session, lines)
    ids = _insert_parcours(session, lines, at)
    courses = [(number, line, each) for number, line in zip(ids, lines, strict=True) for each in line.courses]
    _insert_courses(session, courses, by, at)
    rights = [(number, each) for number, line in zip(ids, lines, strict=True) for each in line.rights]
    _insert_rights(session, rights, by, today)
    counts = {"count": len(lines), "steps": len(courses), "rights": len(rights)}
    write_journal(session, by=by, at=at, verb="record_parcours", object_kind="parcours", changes=counts)
    return ids


def _check(line: ParcoursLine, today: date) -> None:
    for course in line.courses:
        step = course.step
        check_step_line(step)
        taken: list[Period] = []
        for stopped in course.stopped:
            check_days(stopped.first, stopped.last)
            days = Period(stopped.first, stopped.last)
            check_interruption(Period(step.first, step.last), days, taken)
            taken.append(days)
        if course.result is not None:
            check_result(step, course.result, today)
    for right in line.rights:
        check_right_line(right)


def _check_known(session: Session, lines: Sequence[ParcoursLine]) -> None:
    """Raises Refusal when an organisation, a territory or an audience is not one of the conférence's."""
    situations = [line.situation for line in lines]
    refused = "Choisissez un territoire de la liste."
    _require(session, Territory, {each.territory_id for each in situations}, refused, "territory")
    refused = "Choisissez un public de la liste."
    _require(session, Audience, {each.audience_id for each in situations}, refused, "audience")
    refused = "Choisissez un organisme de la liste."
    _require(session, Organisation, set(_organisations(lines)), refused, "organisation")


def _organisations(lines: Iterable[ParcoursLine]) -> Iterator[int | None]:
    for line in lines:
        yield line.referent_id
        for course in line.courses:
            yield course.step.provider_id
            yield from course.step.funder_ids
        for right in line.rights:
            yield from (right.payer_id, right.funder_id, right.manager_id)


def _require(session: Session, table: type[Any], asked: set[int | None], refused: str, code: str) -> None:
    wanted = sorted(each for each in asked if each is not None)
    if set(wanted) - set(session.exec(select(table.id).where(col(table.id).in_(wanted)))):
        raise Refusal(refused, field=f"{code}_id", code=code)


def _insert_parcours(session: Session, lines: Sequence[ParcoursLine], at: datetime) -> range:
    start = next_id(session, Parcours)
    ids = range(start, start + len(lines))
    year = day_in_france(at).year
    numbers = take_numbers(session, f"parcours-{year}", len(lines))
    columns: dict[str, Any] = {
        "id": ids,
        "pseudonym": [f"P-{year}-{number:06d}" for number in numbers],
        "kind": [line.kind for line in lines],
        "key_situation": [line.key_situation for line in lines],
        "target": [line.target.strip() for line in lines],
        "referent_id": [line.referent_id for line in lines],
        "created_at": repeat(at),
        "version": repeat(1),
    }
    insert_columns(session, table_of(Parcours), columns | _columns([line.situation for line in lines], _SITUATION))
    return ids


def _columns(rows: Sequence[Any], names: Sequence[str]) -> dict[str, Any]:
    """The columns `names` of lines that name them alike."""
    return dict(zip(names, zip(*map(attrgetter(*names), rows), strict=True), strict=True)) if rows else {}


def _insert_courses(
    session: Session, courses: Sequence[tuple[int, ParcoursLine, CourseLine]], by: Actor, at: datetime
) -> None:
    if not courses:
        return
    start = next_id(session, Step)
    ids = range(start, start + len(courses))
    steps = [course.step for _, _, course in courses]
    columns: dict[str, Any] = {
        "id": ids,
        "parcours_id": [number for number, _, _ in courses],
        "title": [step.title.strip() for step in steps],
        "withdrawn_motive": repeat(""),
        "version": repeat(1),
    }
    insert_columns(session, table_of(Step), columns | _columns(steps, _STEP))
    shares = [
        (step_id, funder)
        for step_id, (_, line, course) in zip(ids, courses, strict=True)
        for funder in dict.fromkeys(course.step.funder_ids or (line.referent_id,))
    ]
    step_ids, funders = zip(*shares, strict=True)
    insert_columns(session, table_of(StepFunder), {"step_id": step_ids, "organisation_id": funders})
    told = [(step_id, course) for step_id, (_, _, course) in zip(ids, courses, strict=True)]
    _insert_stopped(session, told)
    _insert_results(session, told, by, at)


def _insert_stopped(session: Session, courses: Sequence[tuple[int, CourseLine]]) -> None:
    rows = [(step_id, each) for step_id, course in courses for each in course.stopped]
    if rows:
        start = next_id(session, StepInterruption)
        columns: dict[str, Any] = {"id": range(start, start + len(rows)), "step_id": [number for number, _ in rows]}
        columns |= _columns([each for _, each in rows], ("kind", "first", "last"))
        insert_columns(session, table_of(StepInterruption), columns)


def _insert_results(session: Session, courses: Sequence[tuple[int, CourseLine]], by: Actor, at: datetime) -> None:
    rows = [(step_id, course.result) for step_id, course in courses if course.result is not None]
    if rows:
        columns: dict[str, Any] = {
            "step_id": [number for number, _ in rows],
            "recorded_at": repeat(at),
            "recorded_by": repeat(by.account_id),
            "version": repeat(1),
        }
        insert_columns(session, table_of(StepResult), columns | _columns([each for _, each in rows], _RESULT))


def _insert_rights(session: Session, rights: Sequence[tuple[int, RightLine]], by: Actor, today: date) -> None:
    if rights:
        start = next_id(session, IncomeRight)
        lines = [line for _, line in rights]
        columns: dict[str, Any] = {
            "id": range(start, start + len(rights)),
            "parcours_id": [number for number, _ in rights],
            "origin": [line.origin.strip() for line in lines],
            "known_on": repeat(today),
            "recorded_by": repeat(by.account_id),
            "withdrawn_motive": repeat(""),
        }
        insert_columns(session, table_of(IncomeRight), columns | _columns(lines, _RIGHT))
