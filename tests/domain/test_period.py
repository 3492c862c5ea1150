"""Periods hold both their ends; the set of days is the oracle of every operation."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conference.domain.period import Period, days_between, merge, months_from, total_days

FIRST_DAY = date(2008, 1, 1)


@st.composite
def periods(draw: st.DrawFn) -> Period:
    first = FIRST_DAY + timedelta(days=draw(st.integers(0, 400)))
    return Period(first, first + timedelta(days=draw(st.integers(0, 90))))


def days_of(*many: Period) -> set[date]:
    return {day for period in many for day in period}


def test_period_holds_both_its_ends() -> None:
    course = Period(date(2026, 1, 5), date(2026, 6, 30))
    assert course.days == 177
    assert course.contains(date(2026, 1, 5))
    assert course.contains(date(2026, 6, 30))
    assert not course.contains(date(2026, 1, 4))
    assert not course.contains(date(2026, 7, 1))


def test_period_of_one_day() -> None:
    day = date(2008, 2, 29)
    assert Period(day, day).days == 1
    assert list(Period(day, day)) == [day]


def test_period_refuses_last_before_first() -> None:
    with pytest.raises(ValueError, match="avant le premier"):
        Period(date(2026, 1, 2), date(2026, 1, 1))


def test_subtract_leaves_both_sides() -> None:
    march = Period(date(2026, 3, 1), date(2026, 3, 31))
    assert march.subtract([Period(date(2026, 3, 10), date(2026, 3, 12))]) == [
        Period(date(2026, 3, 1), date(2026, 3, 9)),
        Period(date(2026, 3, 13), date(2026, 3, 31)),
    ]


def test_a_period_that_ends_on_the_first_day_or_starts_on_the_last_takes_that_day() -> None:
    march = Period(date(2026, 3, 1), date(2026, 3, 31))
    assert march.subtract([Period(date(2026, 2, 1), date(2026, 3, 1))]) == [Period(date(2026, 3, 2), date(2026, 3, 31))]
    assert march.subtract([Period(date(2026, 3, 31), date(2026, 4, 2))]) == [
        Period(date(2026, 3, 1), date(2026, 3, 30))
    ]
    assert march.subtract([Period(date(2026, 2, 1), date(2026, 2, 28))]) == [march]
    assert march.subtract([Period(date(2026, 4, 1), date(2026, 4, 2))]) == [march]


def test_periods_touch_from_one_day_to_the_next_whichever_is_first() -> None:
    before, next_day = Period(date(2026, 3, 1), date(2026, 3, 15)), Period(date(2026, 3, 16), date(2026, 3, 31))
    day_after = Period(date(2026, 3, 17), date(2026, 3, 31))
    assert (before.touches(next_day), next_day.touches(before)) == (True, True)
    assert (before.touches(day_after), day_after.touches(before)) == (False, False)


@pytest.mark.parametrize(
    ("first", "months", "last"),
    [
        (date(2026, 6, 3), 4, date(2026, 10, 2)),
        (date(2007, 9, 3), 36, date(2010, 9, 2)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2024, 1, 30), 1, date(2024, 2, 29)),
        (date(2024, 1, 29), 1, date(2024, 2, 28)),
        (date(2026, 1, 1), 1, date(2026, 1, 31)),
        (date(2026, 12, 15), 1, date(2027, 1, 14)),
        (date(2026, 11, 15), 1, date(2026, 12, 14)),
        (date(2026, 5, 31), 18, date(2027, 11, 30)),
    ],
)
def test_months_end_the_day_before_the_same_day(first: date, months: int, last: date) -> None:
    assert months_from(first, months) == last


def test_merge_joins_periods_that_follow_without_a_hole() -> None:
    first_half = Period(date(2026, 3, 1), date(2026, 3, 15))
    second_half = Period(date(2026, 3, 16), date(2026, 3, 31))
    assert merge([second_half, first_half]) == [Period(date(2026, 3, 1), date(2026, 3, 31))]


def test_merge_keeps_a_hole_of_one_day() -> None:
    before = Period(date(2026, 3, 1), date(2026, 3, 15))
    after = Period(date(2026, 3, 17), date(2026, 3, 31))
    assert merge([after, before]) == [before, after]
    assert days_between([after, before]) == [Period(date(2026, 3, 16), date(2026, 3, 16))]


def test_by_month_cuts_a_leap_february() -> None:
    assert Period(date(2008, 1, 31), date(2008, 3, 1)).by_month() == [
        Period(date(2008, 1, 31), date(2008, 1, 31)),
        Period(date(2008, 2, 1), date(2008, 2, 29)),
        Period(date(2008, 3, 1), date(2008, 3, 1)),
    ]


def test_by_month_over_new_year() -> None:
    assert [part.first for part in Period(date(2025, 11, 30), date(2026, 1, 1)).by_month()] == [
        date(2025, 11, 30),
        date(2025, 12, 1),
        date(2026, 1, 1),
    ]


def test_touches_does_not_overflow_at_the_end_of_time() -> None:
    endless = Period(date(2026, 1, 1), date.max)
    assert endless.touches(endless)
    assert endless.subtract([Period(date(2026, 1, 1), date.max)]) == []


@given(periods(), periods())
def test_overlaps_intersection_and_covers_agree_with_the_days(one: Period, other: Period) -> None:
    shared = days_of(one) & days_of(other)
    assert one.overlaps(other) == bool(shared)
    both = one.intersection(other)
    assert (days_of(both) if both else set()) == shared
    assert one.covers(other) == (days_of(other) <= days_of(one))


@given(periods(), periods())
def test_touches_means_that_together_they_are_one_run(one: Period, other: Period) -> None:
    together = days_of(one, other)
    assert one.touches(other) == ((max(together) - min(together)).days + 1 == len(together))


@given(periods(), st.lists(periods(), max_size=6))
def test_subtract_leaves_exactly_the_other_days(period: Period, others: list[Period]) -> None:
    left = period.subtract(others)
    assert days_of(*left) == days_of(period) - days_of(*others)
    assert left == merge(left)


@given(st.lists(periods(), max_size=8))
def test_merge_keeps_the_days_in_the_fewest_runs(many: list[Period]) -> None:
    runs = merge(many)
    assert days_of(*runs) == days_of(*many)
    assert not any(before.touches(after) for before, after in pairwise(runs))
    assert total_days(many) == len(days_of(*many)) == sum(run.days for run in runs)


@given(st.lists(periods(), max_size=8))
def test_days_between_are_those_that_no_period_holds(many: list[Period]) -> None:
    held = days_of(*many)
    span = days_of(Period(min(held), max(held))) if held else set()
    assert days_of(*days_between(many)) == span - held


@given(periods())
def test_by_month_partitions_the_days(period: Period) -> None:
    parts = period.by_month()
    assert [day for part in parts for day in part] == list(period)
    assert len(parts) == len({(day.year, day.month) for day in period})
    assert all((part.first.year, part.first.month) == (part.last.year, part.last.month) for part in parts)


@given(periods(), st.lists(periods(), max_size=4))
def test_split_partitions_the_days(period: Period, others: list[Period]) -> None:
    parts = period.split(other.first for other in others)
    assert [day for part in parts for day in part] == list(period)
    assert {part.first for part in parts} == {period.first} | {
        other.first for other in others if period.contains(other.first)
    }
