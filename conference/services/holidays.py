"""Which days is France closed?

The eleven public holidays of the whole country, from the library `holidays`; those of Alsace-Moselle and of the overseas
territories are not counted, since the partners of one conférence would not share them.
"""

from datetime import date
from functools import lru_cache

from holidays import country_holidays


@lru_cache(maxsize=64)
def closed_days(first_year: int, last_year: int) -> frozenset[date]:
    """The public holidays of France in those years, both included."""
    return frozenset(country_holidays("FR", years=range(first_year, last_year + 1)))


def closed_around(day: date) -> frozenset[date]:
    """The public holidays of the year of `day`, of the one before and of the one after: enough for any deadline."""
    return closed_days(day.year - 1, day.year + 1)
