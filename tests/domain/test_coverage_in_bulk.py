"""Does the quick pass say exactly what the engine says, of every person that it settles, and leave the others to it?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from conference.data.scales import shipped_scales
from conference.domain.case import Case, Interruption, Person, Step, StepKind
from conference.domain.coverage import coverage
from conference.domain.coverage_in_bulk import Asked, asked_of, counted, coverage_in_bulk, settled, wholly_paid
from conference.domain.period import Period
from conference.domain.rate import by_day, by_month
from conference.domain.rights import Right, RightKind
from conference.domain.segment import DayCounts
from tests.domain.test_coverage_properties import some_case as any_case

THIRTY, FORTY = by_day(Decimal("30.00")), by_day(Decimal("40.00"))
KINDS = (RightKind.AREF, RightKind.ARE, RightKind.RFF, RightKind.WAGE, RightKind.CIF, RightKind.TRAINEE_PAY)
NAMES = ("F1", "F2", "F3", "F4")


@st.composite
def some_steps(draw: st.DrawFn, entry: date) -> tuple[Step, ...]:
    """One to four steps that follow each other, leave a hole or overlap; not all need an income."""
    steps, first = [], entry
    for name in NAMES[: draw(st.integers(1, 4))]:
        course = Period(first, first + timedelta(days=draw(st.integers(0, 90))))
        away = (Interruption(Period(course.first, course.first)),) if draw(st.booleans()) else ()
        needs = draw(st.sampled_from([True, True, True, False]))
        steps.append(Step(name, StepKind.TRAINING, course, needs, prescribed=True, interruptions=away))
        first = course.last + timedelta(days=draw(st.sampled_from([1, 1, 1, 0, -5, 4])))
    return tuple(steps)


@st.composite
def some_rights(draw: st.DrawFn, whole: Period) -> tuple[Right, ...]:
    """Rights in a row over the whole parcours, most often without a hole, an overlap or a lower amount."""
    rights, first = [], whole.first - timedelta(days=draw(st.sampled_from([0, 0, 30, -1])))
    for left in reversed(range(draw(st.integers(0, 3)))):
        longest = max(0, (whole.last - first).days)
        last = first + timedelta(days=draw(st.integers(0, longest)) if left else longest)
        last += timedelta(days=draw(st.sampled_from([0, 0, 0, 20, -1])))
        amount = draw(st.sampled_from(["28.50", "31.00", "31.00", "60.00", None]))
        recorded = draw(st.sampled_from([None, whole.first, whole.first, whole.first + timedelta(days=9)]))
        daily = None if amount is None else Decimal(amount)
        kind, payer = draw(st.sampled_from(KINDS)), draw(st.sampled_from(["region", "france_travail"]))
        rights.append(Right(kind, payer, Period(first, max(first, last)), daily, recorded, main=draw(st.booleans())))
        first = max(first, last) + timedelta(days=draw(st.sampled_from([1, 1, 1, 1, 0, 2])))
    return tuple(draw(st.permutations(rights)))


@st.composite
def some_case(draw: st.DrawFn) -> Case:
    entry = draw(st.dates(date(2005, 1, 1), date(2026, 12, 31)))
    steps = draw(some_steps(entry))
    whole = Period(entry, max(step.period.last for step in steps))
    return Case(draw(st.sampled_from([None, entry])), Person(date(1982, 4, 11)), steps, draw(some_rights(whole)))


@settings(max_examples=600)
@given(st.lists(some_case() | any_case(), min_size=1, max_size=4))
def test_bulk_says_of_each_person_what_the_engine_says(cases: list[Case]) -> None:
    persons = [asked_of(number, case) for number, case in enumerate(cases)]
    found = dict(coverage_in_bulk(persons, cases.__getitem__, shipped_scales()))
    assert list(found) == list(range(len(cases)))
    for number, case in enumerate(cases):
        engine = coverage(case, shipped_scales())
        assert found[number]._replace(coverage=engine) == counted(engine)
        assert found[number].coverage in (None, engine)


@given(some_case())
def test_a_person_is_settled_when_every_day_is_paid_once_and_no_amount_falls(case: Case) -> None:
    """The quick pass must not be right by settling nobody: read day by day, it settles all that it should."""
    _, needed, rights = asked_of("", case)
    days = {day for first, last in needed for day in range(first, last + 1)}
    paid = [day for first, last, _ in rights for day in range(first, last + 1)]
    amounts = [rate for _, _, rate in sorted(rights, key=lambda right: right[0]) if rate]
    falls = any(after.is_less_than(before) for before, after in pairwise(amounts))
    alone = len(set(paid)) == len(paid) and not falls and days <= set(paid)
    assert settled(needed, rights) == (len(days) if alone else None)


def test_one_right_pays_all() -> None:
    assert settled([(100, 109)], [(100, 109, THIRTY)]) == 10
    assert settled([(105, 109), (100, 104)], [(90, 120, None)]) == 10


def test_days_that_two_steps_share_count_once() -> None:
    assert settled([(100, 109), (105, 119), (106, 107)], [(100, 119, THIRTY)]) == 20


def test_one_day_without_a_right_is_for_the_engine() -> None:
    assert settled([(100, 109)], [(101, 109, THIRTY)]) is None
    assert settled([(100, 109)], [(100, 108, THIRTY)]) is None
    assert settled([(100, 109)], [(100, 104, THIRTY), (106, 109, THIRTY)]) is None
    assert settled([(100, 100)], []) is None


def test_a_hole_where_nothing_is_needed_changes_nothing() -> None:
    assert settled([(100, 104), (106, 109)], [(100, 104, THIRTY), (106, 109, THIRTY)]) == 9


def test_holes_where_nothing_is_needed_up_to_the_last_day_of_each_right() -> None:
    rights = [(100, 104, THIRTY), (106, 109, THIRTY), (120, 124, THIRTY)]
    assert settled([(120, 124), (104, 104), (106, 109)], rights) == 10
    assert settled([(100, 104), (124, 124)], rights) == 6


def test_rights_in_a_row_pay_a_step_across_them() -> None:
    assert settled([(100, 109)], [(105, 109, FORTY), (100, 104, THIRTY)]) == 10


def test_two_rights_on_a_day_are_for_the_engine() -> None:
    assert settled([(100, 109)], [(100, 105, THIRTY), (105, 109, THIRTY)]) is None


def test_an_amount_that_falls_is_for_the_engine_across_one_that_is_not_known() -> None:
    rights = [(100, 102, FORTY), (103, 105, None), (106, 109, THIRTY)]
    assert settled([(100, 109)], rights) is None
    assert settled([(100, 109)], [(100, 104, by_month(Decimal("912.50"))), (105, 109, THIRTY)]) == 10


def test_who_needs_no_income_is_settled() -> None:
    assert settled([], []) == settled([], [(100, 109, THIRTY)]) == 0


def test_answer_of_a_wholly_paid_person() -> None:
    found = wholly_paid(177)
    assert (found.days, found.coverage) == (DayCounts(177, 177, 0, 0, 0, 0), None)
    assert (str(found.need), found.reduced_days, str(found.loss)) == ("0.00", 0, "0.00")


def test_persons_are_taken_one_by_one_and_the_case_is_made_for_the_engine_only() -> None:
    taken, made = [], []

    def persons() -> Iterator[Asked[int]]:
        for number, last in enumerate((109, 110, 109)):
            taken.append(number)
            yield Asked(number, [(100, last)], [(100, 109, THIRTY)])

    def case_of(number: int) -> Case:
        made.append(number)
        course = Period(date(2026, 1, 5), date(2026, 1, 6))
        return Case(None, Person(), (Step("F1", StepKind.TRAINING, course, True),))

    answers = coverage_in_bulk(persons(), case_of, shipped_scales())
    assert next(answers) == (0, wholly_paid(10))
    assert (taken, made) == ([0], [])
    key, found = next(answers)
    assert (key, found.days.gap, taken, made) == (1, 2, [0, 1], [1])
    assert next(answers) == (2, wholly_paid(10))
