"""What is paid for one day, exactly, when the law gives it by the month?

An allowance of 1 440.00 € a month is 1 440 × 12 ÷ 365 a day, a trainee's pay of 685.00 € is 685 ÷ 30: no finite number
of cents. Decision: a rate is a fraction, whole cents over a whole number of days, and money is rounded **once**, when
the days of a segment are multiplied (SEMANTICS §6). Plain integers, since every day of every person goes through here.
"""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from math import gcd
from typing import NamedTuple

from conference.domain.money import to_cents


class Rate(NamedTuple):
    """`cents` of a euro for `days` days, in lowest terms: equal rates are equal tuples. Build it with the functions
    below."""

    cents: int
    days: int

    @property
    def daily(self) -> Decimal:
        """Euros a day, rounded half up to the cent: for display; `amount` is exact."""
        return self.amount(1)

    def amount(self, days: int) -> Decimal:
        """Euros for a number of days, rounded half up to the cent once."""
        return Decimal(self.cents_for(days)).scaleb(-2)

    def cents_for(self, days: int) -> int:
        """Whole cents for a number of days, rounded half up."""
        return (2 * self.cents * days + self.days) // (2 * self.days)

    def is_less_than(self, other: Rate) -> bool:
        return self.cents * other.days < other.cents * self.days

    def plus(self, other: Rate) -> Rate:
        """Both paid on the same day."""
        return rate(self.cents * other.days + other.cents * self.days, self.days * other.days)


@lru_cache(maxsize=65_536)
def rate(cents: int, days: int) -> Rate:
    """`cents` for `days` days, in lowest terms. Raises ValueError when cents are negative or days not positive."""
    if cents < 0 or days <= 0:
        raise ValueError("Un montant par jour ne peut pas être négatif.")
    common = gcd(cents, days)
    return Rate(cents // common, days // common)


def by_day(amount: Decimal) -> Rate:
    """A daily amount in euros, such as an ARE of 31.00. Raises ValueError beyond the cent or below zero."""
    return rate(to_cents(amount), 1)


def by_month(amount: Decimal) -> Rate:
    """A wage or an allowance by month, in euros: × 12 ÷ 365 a day. Raises ValueError beyond the cent or below zero."""
    return rate(to_cents(amount) * 12, 365)


def by_thirtieth(amount: Decimal) -> Rate:
    """A trainee's pay by month, in euros: ÷ 30 a day. Raises ValueError beyond the cent or below zero."""
    return rate(to_cents(amount), 30)


def smaller(one: Rate, other: Rate) -> Rate:
    return other if other.is_less_than(one) else one
