"""Is what a day is paid exact until the days of a segment are multiplied, and rounded once?"""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conference.domain.rate import Rate, by_day, by_month, by_thirtieth, rate, smaller

rates = st.builds(rate, st.integers(0, 10_000_000), st.integers(1, 366))


def test_the_law_gives_amounts_by_day_by_month_and_by_thirtieth() -> None:
    assert by_day(Decimal("31.00")) == Rate(3100, 1)
    assert by_month(Decimal("1440.00")) == Rate(345_600, 73)
    assert by_thirtieth(Decimal("685.00")) == Rate(6850, 3)


def test_equal_rates_are_equal_tuples() -> None:
    assert rate(310_000, 100) == rate(3100, 1) == Rate(3100, 1)
    assert rate(0, 30) == Rate(0, 1)


@pytest.mark.parametrize(("cents", "days"), [(-1, 1), (1, 0), (1, -1), (-1, -1)])
def test_a_rate_is_of_no_less_than_nothing_for_at_least_a_day(cents: int, days: int) -> None:
    with pytest.raises(ValueError) as refused:
        rate(cents, days)
    assert str(refused.value) == "Un montant par jour ne peut pas être négatif."


def test_half_a_cent_is_rounded_up_once() -> None:
    """1 440.00 a month is 47.342465… a day: 177 days are 8 379.62, not 177 times 47.34."""
    month = by_month(Decimal("1440.00"))
    assert (month.daily, month.amount(177)) == (Decimal("47.34"), Decimal("8379.62"))
    third = by_thirtieth(Decimal("685.00"))
    assert [third.amount(days) for days in (0, 1, 2, 3, 30)] == [
        Decimal(amount) for amount in ("0.00", "22.83", "45.67", "68.50", "685.00")
    ]
    half = Rate(1, 2)
    assert [half.cents_for(days) for days in (0, 1, 2, 3)] == [0, 1, 1, 2]
    assert [Rate(1, 3).cents_for(days) for days in (1, 2, 3)] == [0, 1, 1]
    assert str(Rate(3100, 1).amount(47)) == "1457.00"


@given(rates, st.integers(0, 4000))
def test_amount_is_the_exact_one_to_the_nearest_cent(one: Rate, days: int) -> None:
    exact = Fraction(one.cents * days, one.days)
    assert -Fraction(1, 2) < one.cents_for(days) - exact <= Fraction(1, 2)


@given(rates, rates)
def test_rates_are_compared_and_added_exactly(one: Rate, other: Rate) -> None:
    first, second = Fraction(*one), Fraction(*other)
    assert one.is_less_than(other) is (first < second)
    assert Fraction(*one.plus(other)) == first + second
    assert Fraction(*smaller(one, other)) == min(first, second)


def test_the_smaller_rate_and_the_sum_of_two() -> None:
    less, more = Rate(3100, 1), Rate(9301, 3)
    assert (less.is_less_than(more), more.is_less_than(less), less.is_less_than(less)) == (True, False, False)
    assert smaller(less, more) == smaller(more, less) == less
    assert less.plus(Rate(1, 2)) == Rate(6201, 2)
    assert Rate(1, 6).plus(Rate(1, 3)) == Rate(1, 2)


def test_amount_beyond_the_cent_has_no_rate() -> None:
    for read in (by_day, by_month, by_thirtieth):
        with pytest.raises(ValueError):
            read(Decimal("31.005"))
        with pytest.raises(ValueError):
            read(Decimal("-0.01"))
