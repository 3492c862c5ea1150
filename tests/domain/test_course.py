"""What does a rule read around a step: its chain, its rules, the benefits of its days?"""

from datetime import date, timedelta

import pytest

from conference.data.scales import shipped_scales
from conference.domain.case import Person, Step, StepKind
from conference.domain.course import Course, courses
from conference.domain.period import Period
from conference.domain.rights import Right, RightKind

KINDS = frozenset({"aref", "are"})


def day(number: int) -> date:
    """Days of 2026, from 1."""
    return date(2025, 12, 31) + timedelta(days=number)


def span(first: int, last: int) -> Period:
    return Period(day(first), day(last))


def step(name: str, first: int, last: int, *, needs_income: bool = True, funders: tuple[str, ...] = ()) -> Step:
    return Step(name, StepKind.TRAINING, span(first, last), needs_income, funders=funders)


def right(first: int, last: int, kind: RightKind = RightKind.AREF, payer: str = "france_travail") -> Right:
    return Right(kind, payer, span(first, last))


def course(main: Step, *rights: Right, before: tuple[Step, ...] = ()) -> Course:
    return Course(main, Person(), rights, shipped_scales(), before)


def told(*steps: Step) -> list[tuple[str, Period, list[str]]]:
    """Of each run: its step, its days, the steps it follows."""
    found = courses(Person(), steps, (), shipped_scales())
    return [(one.step.id, run, [each.id for each in one.before]) for one, run in found]


def test_steps_that_follow_without_a_hole_are_one_chain_the_nearest_first() -> None:
    assert told(step("c", 21, 30), step("a", 1, 10), step("b", 11, 20)) == [
        ("a", span(1, 10), []),
        ("b", span(11, 20), ["a"]),
        ("c", span(21, 30), ["b", "a"]),
    ]


def test_a_hole_of_one_day_ends_the_chain() -> None:
    assert told(step("a", 1, 10), step("b", 12, 20), step("c", 21, 30)) == [
        ("a", span(1, 10), []),
        ("b", span(12, 20), []),
        ("c", span(21, 30), ["b"]),
    ]


def test_a_step_inside_a_longer_one_does_not_end_the_chain() -> None:
    assert told(step("long", 1, 20), step("short", 2, 3), step("next", 21, 30)) == [
        ("long", span(1, 20), []),
        ("next", span(21, 30), ["short", "long"]),
    ]


def test_a_shared_day_belongs_to_the_first_step() -> None:
    assert told(step("b", 5, 15), step("a", 1, 10)) == [("a", span(1, 10), []), ("b", span(11, 15), ["a"])]
    assert told(step("b", 1, 5), step("a", 1, 5)) == [("a", span(1, 5), [])]
    assert told(step("a", 1, 10), step("b", 3, 20), step("c", 2, 4)) == [
        ("a", span(1, 10), []),
        ("b", span(11, 20), ["c", "a"]),
    ]


def test_a_step_that_needs_no_income_is_no_course_and_joins_nothing() -> None:
    assert told(step("a", 1, 10), step("b", 11, 20, needs_income=False), step("c", 21, 30)) == [
        ("a", span(1, 10), []),
        ("c", span(21, 30), []),
    ]
    assert told() == []


def test_each_course_knows_the_person_the_rights_and_the_scales() -> None:
    person, rights, scales = Person(disabled=True), (right(1, 5),), shipped_scales()
    [(found, run)] = courses(person, [step("a", 1, 10)], rights, scales)
    assert (found.step.id, run) == ("a", span(1, 10))
    assert (found.person, found.rights, found.scales) == (person, rights, scales)


def test_course_has_the_days_of_its_step_and_the_first_day_of_its_chain() -> None:
    alone = course(step("b", 11, 20))
    assert (alone.first, alone.last, alone.chain_first) == (day(11), day(20), day(11))
    follows = course(step("b", 11, 20), before=(step("z", 9, 10), step("a", 1, 8)))
    assert follows.chain_first == day(1)
    assert course(step("b", 11, 20), before=(step("a", 12, 13),)).chain_first == day(11)


def test_rules_are_those_of_the_day_of_registration() -> None:
    rules = course(step("a", 1, 10)).rules
    assert rules is not None
    assert rules.code == "rff_2024"
    early = Step("a", StepKind.TRAINING, span(1, 10), True, registered_on=date(2023, 12, 31))
    found = course(early).rules
    assert found is not None
    assert found.code == "rff_2020"
    before_any = Step("a", StepKind.TRAINING, span(1, 10), True, registered_on=date(1999, 1, 1))
    assert course(before_any).rules is None


def test_right_of_a_day_is_the_first_shown() -> None:
    first, second = right(3, 6, RightKind.WAGE), right(1, 9)
    asked = course(step("a", 1, 10), first, second)
    assert [asked.paid_on(day(n)) for n in (2, 3, 6, 7, 10)] == [second, first, first, second, None]


def test_benefits_are_those_of_the_kinds_asked_in_the_order_of_their_last_day() -> None:
    late, early, wage = right(1, 9), right(2, 5, RightKind.ARE), right(1, 3, RightKind.WAGE)
    asked = course(step("a", 1, 10), late, early, wage)
    assert asked.benefits(KINDS) == [early, late]
    assert asked.benefits(frozenset({"wage"})) == [wage]
    assert asked.benefit_on(day(2), KINDS) is late
    assert asked.benefit_on(day(10), KINDS) is None
    assert asked.benefit_on(day(3), frozenset({"cif"})) is None


@pytest.mark.parametrize(("first", "expected"), [(5, None), (6, 5), (9, 5), (10, 9)])
def test_last_benefit_is_the_last_that_ended_before_the_run(first: int, expected: int | None) -> None:
    asked = course(step("a", 1, 20), right(1, 9), right(2, 5), right(1, 2, RightKind.WAGE))
    found = asked.last_benefit(span(first, 20), KINDS)
    assert (None if found is None else found.period.last) == (None if expected is None else day(expected))


def test_funders_are_known_by_the_beginning_of_their_code() -> None:
    asked = course(step("a", 1, 10, funders=("opco_atlas", "region")))
    assert asked.is_funded_by("opco") is True
    assert asked.is_funded_by("agefiph", "reg") is True
    assert asked.is_funded_by("atlas", "etat") is False
    assert course(step("a", 1, 10)).is_funded_by("region") is False
