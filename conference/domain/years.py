"""How is an amount over several years shared among them?

By the days of each year in the period, to the cent: what a funder proposes when nothing else is decided.
"""

from datetime import date
from decimal import Decimal

from conference.domain.money import split
from conference.domain.period import Period

Shares = tuple[tuple[int, Decimal], ...]


def shares_by_days(total: Decimal, period: Period) -> Shares:
    """(year, euros) of each year of `period`, in proportion to its days; they sum to `total`."""
    years = range(period.first.year, period.last.year + 1)
    days = [_days(period, year) for year in years]
    return tuple(zip(years, split(total, days), strict=True))


def _days(period: Period, year: int) -> int:
    held = period.intersection(Period(date(year, 1, 1), date(year, 12, 31)))
    return held.days if held else 0
