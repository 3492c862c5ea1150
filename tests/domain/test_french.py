"""Is what a person types understood as a person would, and refused where it has two readings?"""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conference.domain.french import (
    day_in_france,
    format_date,
    format_euros,
    format_month,
    format_number,
    next_month,
    parse_date,
    parse_euros,
    parse_month,
    previous_month,
)
from conference.domain.money import from_cents
from conference.domain.refusal import Refusal


@pytest.mark.parametrize(
    ("typed", "euros"),
    [
        ("1250", "1250.00"),
        ("1 250,00", "1250.00"),
        ("1\u202f250,5 €", "1250.50"),
        ("1.250,00", "1250.00"),
        ("1,250.00", "1250.00"),
        ("1250.5", "1250.50"),
        ("50 000 euros", "50000.00"),
        ("- 12,00", "-12.00"),
        ("−12,00", "-12.00"),
        ("1 234 567,89 EUR", "1234567.89"),
    ],
)
def test_amounts_are_read(typed: str, euros: str) -> None:
    assert parse_euros(typed) == Decimal(euros)


@pytest.mark.parametrize(
    "typed",
    ["", "abc", "12.50,00", "1,250", "1.250", "12,345", "1e3", "NaN", "1 25,00", "12 34", "0,001", "٣", "1" * 30, "€"],
)
def test_amounts_with_two_readings_or_none_are_refused(typed: str) -> None:
    with pytest.raises(Refusal) as refused:
        parse_euros(typed)
    assert refused.value.code == "amount"


@given(st.integers(min_value=-(10**13), max_value=10**13).map(from_cents))
def test_what_is_written_is_read_back(amount: Decimal) -> None:
    assert parse_euros(format_euros(amount)) == amount


@given(st.dates(min_value=date(1950, 1, 1), max_value=date(2100, 12, 31)))
def test_days_are_read_back_in_each_form(day: date) -> None:
    for text in (format_date(day), f"{day:%d/%m/%Y}", day.isoformat(), f"{day.day}-{day.month}-{day.year}"):
        assert parse_date(text) == day
    for text in (format_month(day), f"{day:%Y-%m}", f"{day:%m/%Y}"):
        assert parse_month(text) == day.replace(day=1)


@pytest.mark.parametrize("typed", ["", "31/02/2026", "2026-13-01", "14/05/26", "demain", "01/01/1900", "1/1/20266"])
def test_days_that_cannot_be_are_refused(typed: str) -> None:
    with pytest.raises(Refusal) as refused:
        parse_date(typed)
    assert refused.value.code == "date"


@pytest.mark.parametrize("typed", ["", "2026", "13/2026", "2026-00", "mars", "2026-3-1"])
def test_months_that_cannot_be_are_refused(typed: str) -> None:
    with pytest.raises(Refusal) as refused:
        parse_month(typed)
    assert refused.value.code == "month"


def test_writing_follows_french_typography() -> None:
    assert format_euros(Decimal("1457")) == "1\u202f457,00\u00a0€"
    assert format_euros(Decimal("-1234567.8")) == "−1\u202f234\u202f567,80\u00a0€"
    assert format_number(12480) == "12\u202f480"
    assert format_date(date(2026, 5, 1)) == "1er\u00a0mai\u00a02026"


def test_the_day_is_that_of_paris() -> None:
    assert day_in_france(datetime(2026, 4, 20, 22, 30, tzinfo=UTC)) == date(2026, 4, 21)
    assert day_in_france(datetime(2026, 1, 20, 22, 30, tzinfo=UTC)) == date(2026, 1, 20)


@given(st.dates(min_value=date(1950, 1, 1), max_value=date(2100, 12, 31)))
def test_months_follow_each_other(day: date) -> None:
    assert previous_month(next_month(day)) == day.replace(day=1)
    assert next_month(day) > day
