"""Do the parts of a plan always sum to its costs, by funder, by year and by person?"""

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from conference.domain.money import from_cents
from conference.domain.period import Period
from conference.domain.plan import Share, by_percent, by_year, per_person, to_find

EUROS = st.integers(1, 10**9).map(from_cents)


def test_forty_and_sixty_per_cent_of_an_action() -> None:
    shares = (Share(1, Decimal(0), Decimal(40)), Share(2, Decimal(0), Decimal(60)))
    assert [share.amount for share in by_percent(Decimal("125000.00"), shares)] == [
        Decimal("50000.00"),
        Decimal("75000.00"),
    ]
    parts = per_person(Decimal("50000.00"), 51)
    assert (len(parts), sum(parts), max(parts) - min(parts)) == (51, Decimal("50000.00"), Decimal("0.01"))


def test_thirds_sum_to_the_cent() -> None:
    third = Decimal("33.3333")
    shares = (Share(1, Decimal(0), third), Share(2, Decimal(0), third), Share(3, Decimal(0), Decimal("33.3334")))
    assert [share.amount for share in by_percent(Decimal("100.00"), shares)] == [
        Decimal("33.33"),
        Decimal("33.33"),
        Decimal("33.34"),
    ]


def test_shares_in_euros_and_committed_ones_stay() -> None:
    shares = (
        Share(1, Decimal("10.00")),
        Share(2, Decimal("50.00"), Decimal(50), is_fixed=True),
        Share(3, Decimal("50.00"), Decimal(50)),
    )
    again = by_percent(Decimal("200.00"), shares)
    assert [share.amount for share in again] == [Decimal("10.00"), Decimal("50.00"), Decimal("100.00")]
    assert to_find(Decimal("200.00"), again) == Decimal("40.00")


@given(EUROS, st.lists(st.integers(1, 9999), min_size=2, max_size=6))
def test_percents_that_make_the_whole_sum_to_the_cost(cost: Decimal, weights: list[int]) -> None:
    total = sum(weights)
    percents = [(Decimal(weight) * 100 / total).quantize(Decimal("0.0001")) for weight in weights]
    percents[-1] = Decimal(100) - sum(percents[:-1], Decimal(0))
    shares = [Share(number, Decimal(0), percent) for number, percent in enumerate(percents)]
    if all(percent > 0 for percent in percents):
        assert to_find(cost, by_percent(cost, shares)) == 0


@given(EUROS, st.dates(date(2020, 1, 1), date(2026, 12, 31)), st.integers(0, 1500))
def test_years_of_a_share_sum_to_it(amount: Decimal, first: date, days: int) -> None:
    period = Period(first, date.fromordinal(first.toordinal() + days))
    parts = by_year(amount, period, ())
    assert sum(part for _, part in parts) == (amount if period.first.year < period.last.year else 0)
    assert all(period.first.year <= year <= period.last.year for year, _ in parts)


def test_years_follow_the_schedule_when_there_is_one() -> None:
    period = Period(date(2025, 9, 1), date(2026, 8, 31))
    due = ((date(2026, 1, 15), Decimal("3500.00")), (date(2025, 10, 1), Decimal("2500.00")))
    assert by_year(Decimal("6000.00"), period, due) == ((2025, Decimal("2500.00")), (2026, Decimal("3500.00")))
    assert by_year(Decimal("6000.00"), period, ((date(2026, 1, 1), Decimal("6000.00")),)) == ()
