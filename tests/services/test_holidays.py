"""France is closed eleven days a year."""

from datetime import date

from conference.services.holidays import closed_around, closed_days


def test_the_eleven_days_of_2026() -> None:
    assert sorted(closed_days(2026, 2026)) == [
        date(2026, 1, 1),
        date(2026, 4, 6),
        date(2026, 5, 1),
        date(2026, 5, 8),
        date(2026, 5, 14),
        date(2026, 5, 25),
        date(2026, 7, 14),
        date(2026, 8, 15),
        date(2026, 11, 1),
        date(2026, 11, 11),
        date(2026, 12, 25),
    ]


def test_years_around_a_day() -> None:
    around = closed_around(date(2026, 12, 30))
    assert {date(2025, 12, 25), date(2026, 12, 25), date(2027, 1, 1)} <= around
    assert len(closed_days(2024, 2030)) == 7 * 11
