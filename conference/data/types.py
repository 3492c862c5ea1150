"""How are amounts, instants, months and words of a list kept, alike on SQLite and PostgreSQL?

NUMERIC is floating point on SQLite, its datetimes lose their zone, and native enums break PostgreSQL upgrades: amounts
are integer cents, instants aware UTC, months the integer 202603, enums text under a CHECK.
"""

from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, DateTime, Integer, TypeDecorator
from sqlalchemy.engine import Dialect

from conference.domain.money import from_cents, to_cents

Identifier = BigInteger().with_variant(Integer, "sqlite")
"""Primary keys: 64 bits on both engines (SQLite's own rowid only auto-increments as INTEGER)."""


class Cents(TypeDecorator[Decimal]):
    """`Decimal` euros in Python, integer cents in the database; refuses floats and fractions of a cent."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> int | None:
        return None if value is None else to_cents(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        return None if value is None else from_cents(int(value))


class FourDecimals(TypeDecorator[Decimal]):
    """An exact `Decimal` of four decimals at most in Python (a rate, a length, an amount by hour), an integer of ten
    thousandths in the database; refuses floats and finer values."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> int | None:
        if value is None:
            return None
        if not isinstance(value, Decimal):
            raise TypeError(f"an exact value is a Decimal, not {type(value).__name__}")
        scaled = value.scaleb(4)
        if not value.is_finite() or scaled != scaled.to_integral_value():
            raise ValueError(f"{value} has more than four decimals")
        return int(scaled)

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(int(value)).scaleb(-4)


class Instant(TypeDecorator[datetime]):
    """Aware UTC `datetime`; a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise TypeError("an instant is an aware datetime")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Month(TypeDecorator[date]):
    """The first day of a month in Python, the integer 202603 in the database."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: date | None, dialect: Dialect) -> int | None:
        return None if value is None else month_number(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> date | None:
        return None if value is None else month_date(value)


def month_number(month: date) -> int:
    """`date(2026, 3, 17)` → 202603."""
    return month.year * 100 + month.month


def month_date(number: int) -> date:
    """202603 → `date(2026, 3, 1)`."""
    return date(number // 100, number % 100, 1)


def word_check(column: str, words: type[StrEnum]) -> CheckConstraint:
    """CHECK that text `column` holds a member of `words`; named after the column by the naming convention."""
    members = ", ".join(f"'{word.value}'" for word in words)
    return CheckConstraint(f"{column} IN ({members})", name=f"{column}_known")
