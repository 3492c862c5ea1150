"""What must hold of the engine for any person, on any day of twenty-six years?

Cases are generated around an entry day, so that rights end during the course, begin late, leave holes; the oracle
(`coverage_oracle`) reads the same case one day after the other. Both must say the same of every day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import groupby, pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from conference.data.scales import shipped_scales
from conference.domain.case import Case, Convention, Interruption, InterruptionKind, Person, Step, StepKind
from conference.domain.coverage import coverage
from conference.domain.period import Period
from conference.domain.rights import Right, RightKind
from conference.domain.segment import Coverage, CoverageStatus, Segment
from conference.domain.verdict import Verdict
from tests.domain.coverage_oracle import DayAnswer, Reading
from tests.domain.coverage_scenarios import FOLDER, PATHS, scenario

BENEFITS = (RightKind.AREF, RightKind.ARE, RightKind.ASP, RightKind.ASR, RightKind.ATP, RightKind.ATI)
AMOUNTS = tuple(Decimal(each) for each in ("0.01", "19.48", "21.03", "24.00", "25.65", "28.50", "31.00", "60.00"))
FUNDERS = (
    (),
    ("region",),
    ("opco",),
    ("beneficiaire",),
    ("employeur",),
    ("france_travail",),
    ("beneficiaire", "region"),
)
EVENTS = (date(2007, 1, 15), date(2009, 1, 1), date(2011, 1, 1), date(2020, 1, 1), date(2024, 1, 1), date(2027, 1, 1))
met = st.just(True)
doubtful = st.sampled_from([True, True, True, False, None])
"""Every fact is met in one case of two, so that whole chains of conditions are."""


def days(low: int, high: int) -> st.SearchStrategy[timedelta]:
    return st.integers(low, high).map(lambda number: timedelta(days=number))


@st.composite
def some_entry(draw: st.DrawFn) -> date:
    """Any day from 2001 to 2027, often near one on which the law changes."""
    if draw(st.booleans()):
        return draw(st.sampled_from(EVENTS)) + draw(days(-3, 3))
    return draw(st.dates(date(2001, 1, 1), date(2027, 12, 31)))


@st.composite
def some_period(draw: st.DrawFn, first: date, longest: int = 400) -> Period:
    return Period(first, first + draw(days(0, longest)))


@st.composite
def some_interruptions(draw: st.DrawFn, course: Period) -> tuple[Interruption, ...]:
    first = course.first + timedelta(days=draw(st.integers(0, course.days - 1)))
    last = min(course.last, first + draw(days(0, 20)))
    kind = draw(
        st.sampled_from([InterruptionKind.INTERRUPTION, InterruptionKind.INTERRUPTION, InterruptionKind.ABSENCE])
    )
    return draw(st.sampled_from([(), (Interruption(Period(first, last), kind),)]))


@st.composite
def some_step(draw: st.DrawFn, name: str, first: date, fact: st.SearchStrategy[bool | None]) -> Step:
    course = draw(some_period(first, draw(st.sampled_from([5, 60, 200, 400, 1300]))))
    funders = FUNDERS[1:3] if fact is met else FUNDERS
    return Step(
        name,
        draw(st.sampled_from([StepKind.TRAINING] * 5 + [StepKind.BILAN, StepKind.VAE, StepKind.ASSESSMENT])),
        course,
        needs_income=draw(st.sampled_from([True, True, True, True, False])),
        registered_on=draw(st.none() | days(0, 60).map(lambda before: first - before)),
        weekly_hours=draw(st.sampled_from([None, Decimal(12), Decimal(21), Decimal(30), Decimal(35)])),
        prescribed=draw(fact),
        qualifying=draw(fact),
        shortage_occupation=draw(fact),
        approved_for_pay=draw(fact),
        funders=draw(st.sampled_from(funders)),
        interruptions=draw(some_interruptions(course)),
    )


@st.composite
def some_right(draw: st.DrawFn, entry: date, kinds: tuple[RightKind, ...]) -> Right:
    first = entry + draw(st.sampled_from([timedelta(0)] * 3) | days(-60, 250))
    return Right(
        draw(st.sampled_from(kinds)),
        draw(st.sampled_from(["assedic", "region"])),
        draw(some_period(first, draw(st.sampled_from([5, 60, 200, 800])))),
        draw(st.sampled_from([None, *AMOUNTS])),
        known_on=draw(st.none() | st.just(entry) | st.just(entry + timedelta(days=1))),
        main=draw(st.booleans()),
        opened_months=draw(st.sampled_from([None, 6, 7, 8, 23])),
    )


@st.composite
def some_convention(draw: st.DrawFn, entry: date) -> Convention:
    return Convention(
        "region",
        RightKind.TRAINEE_PAY,
        draw(some_period(entry + draw(days(-30, 200)), 400)),
        draw(st.sampled_from([None, Decimal("0.00"), Decimal("499.99"), Decimal("500.00"), Decimal("90000.00")])),
        draw(st.none() | st.sampled_from(AMOUNTS)),
    )


@st.composite
def some_person(draw: st.DrawFn, entry: date, no_benefit: st.SearchStrategy[bool | None]) -> Person:
    years = draw(st.integers(16, 60))
    return Person(
        birth_date=draw(st.none() | st.just(date(entry.year - years, 6, 15))),
        disabled=draw(st.sampled_from([None, False, False])),
        no_benefit=draw(no_benefit),
        worked_6_of_12=draw(doubtful),
        single_parent=draw(st.sampled_from([None, False, False, True])),
    )


@st.composite
def some_benefit(draw: st.DrawFn, entry: date) -> Right:
    """Most often an ARE from the day of entry."""
    if draw(st.booleans()):
        return draw(some_right(entry, BENEFITS))
    right = draw(some_right(entry, BENEFITS[:2]))
    return replace(right, period=draw(some_period(entry, 200)), known_on=None)


@st.composite
def some_rights(draw: st.DrawFn, entry: date) -> tuple[Right, ...]:
    others = some_right(entry, (*BENEFITS, RightKind.WAGE, RightKind.ASS, RightKind.RFF))
    return (draw(some_benefit(entry)), *draw(st.sampled_from([0, 0, 1, 2]).flatmap(lambda n: lists_of(others, n))))


def lists_of(what: st.SearchStrategy[Right], number: int) -> st.SearchStrategy[list[Right]]:
    return st.lists(what, min_size=number, max_size=number)


@st.composite
def some_case(draw: st.DrawFn) -> Case:
    """One or two steps, which may follow, overlap or leave a hole; a benefit most often; other rights sometimes."""
    entry = draw(some_entry())
    fact = draw(st.sampled_from([met, doubtful]))
    first = draw(some_step("F1", entry, fact))
    second = first.period.last + draw(st.just(timedelta(days=1)) | days(-30, 40))
    others = [draw(some_step("F2", second, fact))] if draw(st.sampled_from([False, False, True])) else []
    without = draw(st.sampled_from([True, False, False, False]))
    rights = () if without else draw(some_rights(entry))
    person = draw(some_person(entry, st.sampled_from([True, True, None, False]) if without else st.none()))
    conventions = [draw(some_convention(entry))] if draw(st.sampled_from([False, False, True])) else []
    return Case(draw(st.none() | st.just(entry)), person, (first, *others), rights, tuple(conventions))


def needed_days(case: Case) -> list[date]:
    return sorted({day for step in case.steps if step.needs_income for day in step.period})


def daily(segment: Segment) -> Fraction | None:
    return None if segment.rate is None else Fraction(segment.rate.cents, segment.rate.days * 100)


def by_day(found: Coverage) -> dict[date, tuple[str, str | None, str | None, Fraction | None]]:
    return {
        day: (segment.status.value, segment.kind, segment.payer, daily(segment))
        for segment in found.segments
        for day in segment.period
    }


def told(answer: DayAnswer, payer: str | None) -> tuple[str, str | None, str | None, Fraction | None]:
    """The texts do not say who pays a presumed trainee (the Région, its agent, France Travail): any payer will do."""
    return answer.status, answer.kind, payer if answer.payer is None else answer.payer, answer.daily


def assert_same(case: Case) -> None:
    found, read = coverage(case, shipped_scales()), Reading(case, shipped_scales()).read()
    engine = by_day(found)
    assert list(engine) == needed_days(case)
    for day, said in engine.items():
        assert said == told(read.answers[day], said[2]), day
    assert [day for overlap in found.overlaps for day in overlap.period] == read.overlap_days()


def relaxed(examples: int) -> Any:
    return settings(max_examples=examples, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@relaxed(150)
@given(some_case())
def test_engine_says_of_each_day_what_the_plain_reading_says(case: Case) -> None:
    assert_same(case)


@pytest.mark.parametrize("path", PATHS, ids=lambda path: str(path.relative_to(FOLDER).with_suffix("")))
def test_engine_and_plain_reading_agree_on_each_scenario(path: Any) -> None:
    assert_same(scenario(path).case)


@relaxed(80)
@given(some_case())
def test_relay_verdict_of_a_run_is_that_of_its_first_day(case: Case) -> None:
    """Where a run is within one step; a run of two steps has one row for both."""
    read = Reading(case, shipped_scales()).read()
    for row in coverage(case, shipped_scales()).takeover:
        steps = {read.step_of(day).id for day in row.period if day in read.answers}
        if row.scheme in ("aff", "afdef", "rff") and len(steps) == 1:
            assert row.verdict is read.relay_said(row.period.first), row


@relaxed(80)
@given(some_case())
def test_a_run_without_a_relay_row_had_no_rules(case: Case) -> None:
    read = Reading(case, shipped_scales()).read()
    relays = [row.period for row in coverage(case, shipped_scales()).takeover if row.scheme in ("aff", "afdef", "rff")]
    for day, verdict in read.relay.items():
        assert (verdict is not None) == any(run.contains(day) for run in relays), day


@relaxed(80)
@given(some_case())
def test_reduced_days_lose_what_the_last_daily_amount_was_above(case: Case) -> None:
    """For rights that do not overlap: which amount came last is then beyond doubt."""
    rights = [right for right in case.rights if case.known_on is None or right.is_known(case.known_on)]
    assume(not any(one.period.overlaps(two.period) for n, one in enumerate(rights) for two in rights[n + 1 :]))
    assume(case.person.no_benefit is not True)
    read = Reading(case, shipped_scales()).read()
    drops = [
        each.reference - each.daily
        for each in read.answers.values()
        if each.status in ("covered", "presumed")
        if each.reference is not None and each.daily is not None and each.daily < each.reference
    ]
    found = coverage(case, shipped_scales())
    assert found.reduced.days == len(drops) == sum(part.days for part in found.reduced.parts)
    assert found.reduced.loss == sum((part.loss for part in found.reduced.parts), Decimal("0.00"))
    assert abs(Fraction(found.reduced.loss) - sum(drops, Fraction(0))) <= Fraction(len(found.reduced.parts), 100)


@relaxed(80)
@given(some_case())
def test_segments_hold_exactly_the_days_that_need_an_income(case: Case) -> None:
    found = coverage(case, shipped_scales())
    assert [day for segment in found.segments for day in segment.period] == needed_days(case)
    counts = found.days
    assert counts.covered + counts.presumed + counts.available + counts.gap == counts.needed == len(needed_days(case))
    for status in CoverageStatus:
        assert getattr(counts, status) == sum(each.days for each in found.segments if each.status is status)


@relaxed(60)
@given(some_case())
def test_segments_that_follow_differ(case: Case) -> None:
    for before, after in pairwise(coverage(case, shipped_scales()).segments):
        if before.period.touches(after.period):
            assert before._replace(period=after.period) != after


@relaxed(60)
@given(some_case())
def test_money_sums(case: Case) -> None:
    found = coverage(case, shipped_scales())
    gaps = [segment.amount for segment in found.segments if segment.status is CoverageStatus.GAP]
    known_amounts = [amount for amount in gaps if amount is not None]
    assert found.need == (sum(known_amounts, Decimal("0.00")) if len(gaps) == len(known_amounts) else None)
    for segment in found.segments:
        exact = daily(segment)
        if segment.amount is not None and exact is not None:
            assert abs(Fraction(segment.amount) - exact * segment.days) <= Fraction(1, 200)


@relaxed(60)
@given(some_case())
def test_conventions_never_pay_more_than_what_is_left(case: Case) -> None:
    available = [one for one in coverage(case, shipped_scales()).segments if one.status is CoverageStatus.AVAILABLE]
    exact = [daily(one) for one in available]
    spent = sum((each * one.days for each, one in zip(exact, available, strict=True) if each is not None), Fraction(0))
    assert spent <= sum((Fraction(each.left or 0) for each in case.conventions), Fraction(0))


@relaxed(60)
@given(some_case(), st.randoms())
def test_order_of_steps_rights_and_funders_changes_nothing(case: Case, random: Any) -> None:
    expected = coverage(case, shipped_scales())
    steps, rights = list(case.steps), list(case.rights)
    random.shuffle(steps)
    random.shuffle(rights)
    turned = tuple(replace(step, funders=step.funders[::-1]) for step in steps)
    assert coverage(replace(case, steps=turned, rights=tuple(rights)), shipped_scales()) == expected


@relaxed(60)
@given(some_case())
def test_a_right_recorded_later_is_as_if_it_were_not_there(case: Case) -> None:
    asked = case.known_on or date(2001, 1, 1)
    seen = tuple(right for right in case.rights if right.is_known(asked))
    told_then = coverage(replace(case, known_on=asked), shipped_scales())
    assert told_then == coverage(replace(case, known_on=None, rights=seen), shipped_scales())


FACTS_OF_STEP = ("weekly_hours", "prescribed", "qualifying", "shortage_occupation", "approved_for_pay")
FACTS_OF_PERSON = ("birth_date", "disabled", "no_benefit", "worked_6_of_12", "single_parent")


@relaxed(60)
@given(some_case(), st.sampled_from(FACTS_OF_STEP + FACTS_OF_PERSON + ("funders", "opened_months")))
def test_forgetting_a_fact_never_makes_a_no(case: Case, fact: str) -> None:
    """What is to check or met with a fact is never missing without it; and nothing unknown is ever decided by it."""
    before = {(row.period, row.scheme): row.verdict for row in coverage(case, shipped_scales()).takeover}
    for row in coverage(forgetting(case, fact), shipped_scales()).takeover:
        if before.get((row.period, row.scheme), Verdict.NO) is not Verdict.NO:
            assert row.verdict is not Verdict.NO, (row, fact)


@relaxed(60)
@given(some_case(), st.sampled_from(FACTS_OF_STEP + FACTS_OF_PERSON + ("funders", "opened_months")))
def test_forgetting_a_fact_never_pays_a_day(case: Case, fact: str) -> None:
    paid = {CoverageStatus.COVERED, CoverageStatus.PRESUMED}
    before = by_day(coverage(case, shipped_scales()))
    after = by_day(coverage(forgetting(case, fact), shipped_scales()))
    assert [day for day in after if after[day][0] in paid and before[day][0] not in paid] == []


def forgetting(case: Case, fact: str) -> Case:
    if fact in FACTS_OF_PERSON:
        return replace(case, person=replace(case.person, **{fact: None}))
    if fact == "opened_months":
        return replace(case, rights=tuple(replace(right, opened_months=None) for right in case.rights))
    unknown: Any = () if fact == "funders" else None
    return replace(case, steps=tuple(replace(step, **{fact: unknown}) for step in case.steps))


@relaxed(60)
@given(some_case())
def test_dead_time_is_between_steps_and_in_none(case: Case) -> None:
    in_steps = {day for step in case.steps for day in step.period}
    dead = [day for run in coverage(case, shipped_scales()).dead_time for day in run]
    assert dead == [day for day in Period(min(in_steps), max(in_steps)) if day not in in_steps]


@relaxed(60)
@given(some_case())
def test_takeover_asks_of_each_run_that_no_recorded_right_pays_once_a_scheme(case: Case) -> None:
    found = coverage(case, shipped_scales())
    unpaid = [day for one in found.segments if one.status is not CoverageStatus.COVERED for day in one.period]
    runs = {row.period for row in found.takeover}
    assert sorted({day for run in runs for day in run}) == unpaid
    assert all(not one.touches(two) for one in runs for two in runs if one is not two and one != two)
    rows = sorted((row.period, row.scheme) for row in found.takeover)
    assert [key for key, group in groupby(rows) if len(list(group)) > 1] == []
