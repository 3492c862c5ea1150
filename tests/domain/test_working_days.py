"""Working days are counted as people do, forwards and backwards."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conference.domain.working_days import add_working_days, is_working_day, working_days_between

FRIDAY = date(2026, 11, 20)
ARMISTICE = frozenset({date(2026, 11, 11)})
MAY = frozenset({date(2026, 5, 1), date(2026, 5, 8), date(2026, 5, 14), date(2026, 5, 25)})

days = st.dates(date(2020, 1, 1), date(2032, 12, 31))
closed_sets = st.frozensets(st.dates(date(2019, 6, 1), date(2033, 6, 1)), max_size=60)


@pytest.mark.parametrize(
    ("day", "count", "closed", "reached"),
    [
        (FRIDAY, 1, frozenset(), date(2026, 11, 23)),
        (FRIDAY, 3, frozenset(), date(2026, 11, 25)),
        (FRIDAY, 5, frozenset(), date(2026, 11, 27)),
        (FRIDAY, 0, frozenset(), FRIDAY),
        (FRIDAY, -5, frozenset(), date(2026, 11, 13)),
        (date(2026, 11, 10), 1, ARMISTICE, date(2026, 11, 12)),
        (date(2026, 11, 12), -1, ARMISTICE, date(2026, 11, 10)),
        (date(2026, 4, 30), 10, MAY, date(2026, 5, 19)),
        (date(2026, 11, 21), 1, frozenset(), date(2026, 11, 23)),
        (date(2026, 11, 22), -1, frozenset(), FRIDAY),
        (date(2026, 11, 21), 0, frozenset(), date(2026, 11, 21)),
    ],
)
def test_days_are_added(day: date, count: int, closed: frozenset[date], reached: date) -> None:
    assert add_working_days(day, count, closed) == reached


@pytest.mark.parametrize(
    ("first", "last", "closed", "count"),
    [
        (FRIDAY, FRIDAY, frozenset(), 0),
        (FRIDAY, date(2026, 11, 22), frozenset(), 0),
        (FRIDAY, date(2026, 11, 23), frozenset(), 1),
        (date(2026, 11, 23), FRIDAY, frozenset(), -1),
        (date(2026, 4, 30), date(2026, 5, 31), MAY, 17),
        (date(2025, 12, 31), date(2026, 12, 31), frozenset(), 261),
    ],
)
def test_days_between_are_counted(first: date, last: date, closed: frozenset[date], count: int) -> None:
    assert working_days_between(first, last, closed) == count


@given(days, st.integers(-40, 40).filter(bool), closed_sets)
def test_what_is_added_is_counted_back(day: date, count: int, closed: frozenset[date]) -> None:
    reached = add_working_days(day, count, closed)
    assert is_working_day(reached, closed)
    assert (reached > day) == (count > 0)
    if count > 0 or is_working_day(day, closed):
        walked = [min(day, reached) + timedelta(days=ahead) for ahead in range(1, abs((reached - day).days) + 1)]
        assert working_days_between(day, reached, closed) == count
        assert sum(is_working_day(one, closed) for one in walked) == abs(count)


@given(days, days, days, closed_sets)
def test_counts_add_up(first: date, middle: date, last: date, closed: frozenset[date]) -> None:
    first, middle, last = sorted((first, middle, last))
    parts = working_days_between(first, middle, closed) + working_days_between(middle, last, closed)
    assert parts == working_days_between(first, last, closed)
