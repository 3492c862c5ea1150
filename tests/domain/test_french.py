"""Is what a person types understood as a person would, and refused where it has two readings?"""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conference.domain.french import (
    day_in_france,
    format_date,
    format_euros,
    format_instant,
    format_month,
    format_number,
    months_between,
    next_month,
    parse_date,
    parse_euros,
    parse_month,
    previous_month,
    typeset,
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


UNREAD = "Le montant « {} » n’est pas lisible. Écrivez par exemple 1250,00 ou 1\u202f250,00."


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "abc",
        "12.50,00",
        "1,250",
        "1.250",
        "12,345",
        "1e3",
        "NaN",
        "1 25,00",
        "12 34",
        "0,001",
        "٣",
        "€",
        "+ +1",
        "1 €uro",
    ],
)
def test_amounts_with_two_readings_or_none_are_refused(typed: str) -> None:
    assert refused(parse_euros, f" {typed}\n") == (UNREAD.format(typed), None, "amount")


def test_largest_amount_is_read_and_a_larger_one_refused() -> None:
    assert parse_euros("999999999999.99") == Decimal("999999999999.99")
    assert parse_euros("-999999999999.99") == Decimal("-999999999999.99")
    for typed in ("1000000000000.00", "-1000000000000.00", "1" * 30):
        sentence = f"Le montant « {typed} » est trop grand pour une seule écriture."
        assert refused(parse_euros, typed) == (sentence, None, "amount")


@pytest.mark.parametrize(
    ("typed", "euros"),
    [
        ("+ 12", "12.00"),
        ("-1.250,5", "-1250.50"),
        ("1,234,567.8", "1234567.80"),
        ("1.234.567,8€", "1234567.80"),
        ("1\u2009250 Euro", "1250.00"),
        ("+1 250.50", "1250.50"),
    ],
)
def test_amounts_are_read_to_the_cent(typed: str, euros: str) -> None:
    assert str(parse_euros(typed)) == euros


def refused(read: Callable[[str], object], typed: str) -> tuple[str, str | None, str]:
    with pytest.raises(Refusal) as found:
        read(typed)
    return str(found.value), found.value.field, found.value.code


@given(st.integers(min_value=-(10**13), max_value=10**13).map(from_cents))
def test_what_is_written_is_read_back(amount: Decimal) -> None:
    assert parse_euros(format_euros(amount)) == amount


@given(st.dates(min_value=date(1950, 1, 1), max_value=date(2100, 12, 31)))
def test_days_are_read_back_in_each_form(day: date) -> None:
    for text in (format_date(day), f"{day:%d/%m/%Y}", day.isoformat(), f"{day.day}-{day.month}-{day.year}"):
        assert parse_date(text) == day
    for text in (format_month(day), f"{day:%Y-%m}", f"{day:%m/%Y}"):
        assert parse_month(text) == day.replace(day=1)


@pytest.mark.parametrize("typed", ["", "14/05/26", "demain", "1/1/20266", "14 mars", "14//05/2026"])
def test_what_is_no_day_is_refused(typed: str) -> None:
    sentence = f"La date « {typed} » n’est pas lisible. Écrivez par exemple 14/05/2026."
    assert refused(parse_date, f" {typed} ") == (sentence, None, "date")


@pytest.mark.parametrize("typed", ["31/02/2026", "2026-13-01", "00/01/2026", "29 février 2026"])
def test_days_that_are_in_no_calendar_are_refused(typed: str) -> None:
    sentence = f"La date « {typed} » n’existe pas. Vérifiez le jour et le mois."
    assert refused(parse_date, f" {typed} ") == (sentence, None, "date")


@pytest.mark.parametrize("typed", ["01/01/1900", "31/12/1949", "01/01/2101"])
def test_days_out_of_reach_are_refused(typed: str) -> None:
    sentence = f"La date « {typed} » est hors de portée : l’année va de 1950 à 2100."
    assert refused(parse_date, typed) == (sentence, None, "date")


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        (" 1er\u00a0Mai 2026\n", date(2026, 5, 1)),
        ("14.5.2026", date(2026, 5, 14)),
        ("14 5 2026", date(2026, 5, 14)),
        ("2026/5/4", date(2026, 5, 4)),
        ("31-DÉCEMBRE-2100", date(2100, 12, 31)),
        ("01/01/1950", date(1950, 1, 1)),
    ],
)
def test_days_are_read_as_people_type_them(typed: str, day: date) -> None:
    assert parse_date(typed) == day


@pytest.mark.parametrize(
    "typed", ["", "2026", "13/2026", "00/2026", "2026-00", "mars", "2026-3-1", "03/1949", "03/2101", "fin mars 2026"]
)
def test_months_that_cannot_be_are_refused(typed: str) -> None:
    sentence = f"Le mois « {typed} » n’est pas lisible. Écrivez par exemple 03/2026."
    assert refused(parse_month, f" {typed} ") == (sentence, None, "month")


@pytest.mark.parametrize(
    ("typed", "month"),
    [
        ("2026-01", date(2026, 1, 1)),
        ("12/2026", date(2026, 12, 1)),
        ("3/1950", date(1950, 3, 1)),
        ("décembre 2100", date(2100, 12, 1)),
        (" Mars\u202f2026 ", date(2026, 3, 1)),
    ],
)
def test_months_are_read_as_people_type_them(typed: str, month: date) -> None:
    assert parse_month(typed) == month


def test_months_around_the_longest_and_the_shortest() -> None:
    assert next_month(date(2026, 1, 31)) == date(2026, 2, 1)
    assert next_month(date(2026, 2, 1)) == date(2026, 3, 1)
    assert next_month(date(2026, 12, 31)) == date(2027, 1, 1)
    assert previous_month(date(2026, 3, 31)) == date(2026, 2, 1)
    assert previous_month(date(2026, 1, 1)) == date(2025, 12, 1)


def test_months_between_two_days_are_those_of_both_and_all_others() -> None:
    year = months_between(date(2025, 11, 30), date(2026, 2, 1))
    assert year == [date(2025, 11, 1), date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1)]
    assert months_between(date(2026, 3, 31), date(2026, 3, 1)) == [date(2026, 3, 1)]
    assert months_between(date(2026, 4, 1), date(2026, 3, 31)) == []


def test_sentence_takes_narrow_spaces_where_french_wants_them() -> None:
    assert typeset("Qui : « lui » ; non ? Si !") == ("Qui\u202f: «\u202flui\u202f»\u202f; non\u202f? Si\u202f!")
    assert typeset("12 h, à 5 %") == "12 h, à 5 %"


def test_instant_is_told_with_its_day_and_its_minute() -> None:
    assert format_instant(datetime(2026, 5, 14, 9, 2, 59, tzinfo=UTC)) == "14\u00a0mai\u00a02026 à 09:02"


def test_writing_follows_french_typography() -> None:
    assert format_euros(Decimal("1457")) == "1\u202f457,00\u00a0€"
    assert format_euros(Decimal("-1234567.8")) == "−1\u202f234\u202f567,80\u00a0€"
    assert format_number(12480) == "12\u202f480"
    assert format_number(-1234567) == "−1\u202f234\u202f567"
    assert format_date(date(2026, 5, 1)) == "1er\u00a0mai\u00a02026"
    assert format_date(date(2026, 12, 11)) == "11\u00a0décembre\u00a02026"
    assert format_month(date(2026, 8, 31)) == "août\u00a02026"


def test_the_day_is_that_of_paris() -> None:
    assert day_in_france(datetime(2026, 4, 20, 22, 30, tzinfo=UTC)) == date(2026, 4, 21)
    assert day_in_france(datetime(2026, 1, 20, 22, 30, tzinfo=UTC)) == date(2026, 1, 20)


@given(st.dates(min_value=date(1950, 1, 1), max_value=date(2100, 12, 31)))
def test_months_follow_each_other(day: date) -> None:
    assert previous_month(next_month(day)) == day.replace(day=1)
    assert next_month(day) > day
