"""Is every cent there after sharing and rounding?"""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conference.domain.money import from_cents, round_cents, split, to_cents

euros = st.integers(min_value=-(10**14), max_value=10**14).map(from_cents)
weights = st.lists(st.integers(min_value=0, max_value=10**6), min_size=1, max_size=60).filter(any)


def test_thirds_are_shared_in_a_stated_order() -> None:
    """money.md 4."""
    assert split(Decimal("100.00"), [1, 1, 1]) == [Decimal("33.34"), Decimal("33.33"), Decimal("33.33")]


def test_the_cent_left_goes_to_the_largest_remainder() -> None:
    assert split(Decimal("0.01"), [1, 2]) == [Decimal("0.00"), Decimal("0.01")]
    assert split(Decimal("-0.01"), [1, 2, 1]) == [Decimal("0.00"), Decimal("-0.01"), Decimal("0.00")]
    assert split(Decimal("1.00"), [5, 4, 2]) == [Decimal("0.46"), Decimal("0.36"), Decimal("0.18")]


def test_forty_sixty_sums_to_the_cent_per_person_too() -> None:
    """money.md 3: 125,000.00 for 50 people, Région 40 %, OPCA 60 %; then 51 people."""
    assert split(Decimal("125000.00"), [40, 60]) == [Decimal("50000.00"), Decimal("75000.00")]
    per_person = split(Decimal("125000.00"), [1] * 50)
    assert set(per_person) == {Decimal("2500.00")}
    assert split(per_person[0], [40, 60]) == [Decimal("1000.00"), Decimal("1500.00")]
    for whole in split(Decimal("125000.00"), [40, 60]):
        assert sum(split(whole, [1] * 51)) == whole


@given(euros, weights)
def test_parts_sum_to_the_whole_and_stay_within_a_cent(total: Decimal, shares: list[int]) -> None:
    parts = split(total, shares)
    assert sum(parts) == total
    exact = [Fraction(to_cents(total)) * share / sum(shares) for share in shares]
    assert all(abs(to_cents(part) - wanted) < 1 for part, wanted in zip(parts, exact, strict=True))


@given(euros, weights)
def test_sharing_a_refund_mirrors_sharing_the_amount(total: Decimal, shares: list[int]) -> None:
    assert split(-total, shares) == [-part for part in split(total, shares)]


@given(euros)
def test_cents_and_back(amount: Decimal) -> None:
    assert from_cents(to_cents(amount)) == amount


@pytest.mark.parametrize(("bad", "name"), [(0.1, "float"), (1, "int"), ("1.00", "str"), (None, "NoneType")])
def test_only_a_decimal_is_an_amount(bad: object, name: str) -> None:
    for read in (to_cents, round_cents):
        with pytest.raises(TypeError) as refused:
            read(bad)  # type: ignore[operator]
        assert str(refused.value) == f"an amount is a Decimal, not {name}"


@pytest.mark.parametrize(
    ("bad", "sentence"),
    [
        ("0.001", "0.001 has more than two decimals"),
        ("NaN", "NaN is not an amount"),
        ("Infinity", "Infinity is not an amount"),
    ],
)
def test_a_fraction_of_a_cent_is_no_amount(bad: str, sentence: str) -> None:
    with pytest.raises(ValueError) as refused:
        to_cents(Decimal(bad))
    assert str(refused.value) == sentence


@pytest.mark.parametrize("bad", [[], [0, 0], [1, -1], [3, -1]])
def test_sharing_needs_a_positive_weight(bad: list[int]) -> None:
    with pytest.raises(ValueError) as refused:
        split(Decimal("1.00"), bad)
    assert str(refused.value) == "weights must be positive or zero, and one at least positive"


@pytest.mark.parametrize(("exact", "rounded"), [("0.005", "0.01"), ("-0.005", "-0.01"), ("2.344999", "2.34")])
def test_rounding_is_half_up_away_from_zero(exact: str, rounded: str) -> None:
    assert round_cents(Decimal(exact)) == Decimal(rounded)
