"""Is an amount shared among the years of its period, to the cent?"""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from conference.domain.period import Period
from conference.domain.years import shares_by_days


def test_a_school_year() -> None:
    shares = shares_by_days(Decimal("6000.00"), Period(date(2025, 9, 1), date(2026, 8, 31)))
    assert shares == ((2025, Decimal("2005.48")), (2026, Decimal("3994.52")))


def test_first_and_last_day_of_a_year_are_its_own() -> None:
    assert shares_by_days(Decimal("3.00"), Period(date(2025, 12, 31), date(2026, 1, 2))) == (
        (2025, Decimal("1.00")),
        (2026, Decimal("2.00")),
    )
    assert shares_by_days(Decimal("3.67"), Period(date(2025, 12, 30), date(2027, 1, 1))) == (
        (2025, Decimal("0.02")),
        (2026, Decimal("3.64")),
        (2027, Decimal("0.01")),
    )
    assert shares_by_days(Decimal("7.00"), Period(date(2026, 1, 1), date(2026, 12, 31))) == ((2026, Decimal("7.00")),)


AMOUNTS = st.decimals(Decimal("0.01"), Decimal("1e9"), places=2)
DAYS = st.dates(date(1990, 1, 1), date(2060, 1, 1))


@given(AMOUNTS, DAYS, st.integers(0, 3000))
def test_shares_sum_to_the_whole_and_name_each_year_once(total: Decimal, first: date, length: int) -> None:
    period = Period(first, first + timedelta(days=length))
    shares = shares_by_days(total, period)
    assert sum(amount for _, amount in shares) == total
    assert [year for year, _ in shares] == list(range(period.first.year, period.last.year + 1))
