"""What is an amount, and how is it shared without losing a cent?

Amounts are `Decimal` euros with at most two decimals; the database keeps integer cents. Floats are refused everywhere.
Rounding and sharing happen here only: parts always sum to the whole (SEMANTICS §1).
"""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

CENT = Decimal("0.01")
ZERO = Decimal("0.00")
LARGEST = Decimal("999999999999.99")
"""Largest amount of one entry, in euros: beyond it a figure is a typing error, and sums of ninety thousand of them still fit
in 64 bits of cents."""


def round_cents(amount: Decimal) -> Decimal:
    """`amount` in euros rounded half up, away from zero, to the cent."""
    if not isinstance(amount, Decimal):
        raise TypeError(f"an amount is a Decimal, not {type(amount).__name__}")
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def to_cents(amount: Decimal) -> int:
    """Exact integer cents of `amount` euros. Raises ValueError beyond the cent, TypeError on anything but a Decimal."""
    if not isinstance(amount, Decimal):
        raise TypeError(f"an amount is a Decimal, not {type(amount).__name__}")
    if not amount.is_finite():
        raise ValueError(f"{amount} is not an amount")
    cents = amount.scaleb(2)
    if cents != cents.to_integral_value():
        raise ValueError(f"{amount} has more than two decimals")
    return int(cents)


def from_cents(cents: int) -> Decimal:
    """Euros, with two decimals, of integer `cents`."""
    return Decimal(cents).scaleb(-2).quantize(CENT)


def split(total: Decimal, weights: Sequence[Decimal | int | Fraction]) -> list[Decimal]:
    """Share `total` euros in proportion to `weights`, by largest remainder; ties go to the first parties in order.

    The parts always sum to `total` exactly; a negative total gives the opposite parts of the positive one.
    Raises ValueError when no weight is positive or one is negative.
    """
    # Whole numbers (days, most often) need no fractions, which cost twenty times more.
    are_whole = all(type(weight) is int for weight in weights)
    parts: Sequence[Any] = weights if are_whole else [Fraction(weight) for weight in weights]
    whole = sum(parts)
    if whole <= 0 or any(part < 0 for part in parts):
        raise ValueError("weights must be positive or zero, and one at least positive")
    cents = to_cents(total)
    sign, cents = (-1, -cents) if cents < 0 else (1, cents)
    floors = [int(part * cents // whole) for part in parts]
    left = cents - sum(floors)
    by_remainder = sorted(range(len(parts)), key=lambda i: (floors[i] * whole - parts[i] * cents, i))
    for index in by_remainder[:left]:
        floors[index] += 1
    return [from_cents(sign * share) for share in floors]
