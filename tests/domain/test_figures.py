"""Are sums added field by field, and ratios written as they are said?"""

from decimal import Decimal

import pytest

from conference.domain.figures import NO_SUMS, Measure, Ratio, Sums, change, share

MARCH = Sums(Decimal("100.00"), Decimal("60.00"), Decimal("40.00"), 12, 3, 7)
APRIL = Sums(Decimal("30.00"), Decimal("20.00"), Decimal("5.00"), 2, 1, 4)


def test_sums_are_added_and_taken_away_field_by_field() -> None:
    both, left = MARCH + APRIL, MARCH - APRIL
    assert both == Sums(Decimal("130.00"), Decimal("80.00"), Decimal("45.00"), 14, 4, 11)
    assert left == Sums(Decimal("70.00"), Decimal("40.00"), Decimal("35.00"), 10, 2, 3)
    assert MARCH + NO_SUMS == MARCH


def test_each_measure_is_the_sum_of_its_name() -> None:
    assert {measure: MARCH.of(measure) for measure in Measure} == {
        Measure.COMMITTED: Decimal("100.00"),
        Measure.ORDERED: Decimal("60.00"),
        Measure.PAID: Decimal("40.00"),
        Measure.STILL_TO_PAY: Decimal("60.00"),
    }


@pytest.mark.parametrize(
    ("ratio", "written"),
    [
        (Ratio(Decimal("0.4")), "40,0\u00a0%"),
        (Ratio(Decimal("0.12345")), "12,3\u00a0%"),
        (Ratio(Decimal("0.0005")), "0,1\u00a0%"),
        (Ratio(Decimal("12.3456")), "1\u202f234,6\u00a0%"),
        (Ratio(Decimal("-0.05")), "−5,0\u00a0%"),
        (Ratio(Decimal("0.123"), signed=True), "+12,3\u00a0%"),
        (Ratio(Decimal("-0.123"), signed=True), "−12,3\u00a0%"),
        (Ratio(Decimal("0.0004"), signed=True), "0,0\u00a0%"),
        (Ratio(Decimal("-0.0004"), signed=True), "0,0\u00a0%"),
    ],
)
def test_ratio_is_written_in_french_with_one_decimal(ratio: Ratio, written: str) -> None:
    assert str(ratio) == written


def test_part_of_nothing_is_not_known() -> None:
    assert share(Decimal("40.00"), Decimal("100.00")) == Ratio(Decimal("0.4"))
    assert share(Decimal("40.00"), Decimal("0.00")) is None


def test_change_needs_something_to_compare_with() -> None:
    assert change(Decimal("150.00"), Decimal("120.00")) == Ratio(Decimal("0.25"), signed=True)
    assert change(Decimal("90.00"), Decimal("120.00")) == Ratio(Decimal("-0.25"), signed=True)
    assert change(Decimal("1.5"), Decimal("0.5")) == Ratio(Decimal("2"), signed=True)
    assert change(Decimal("150.00"), Decimal("0.00")) is None
    assert change(Decimal("150.00"), Decimal("-10.00")) is None
    assert change(Decimal("150.00"), None) is None
