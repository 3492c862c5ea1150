"""Is a right a fact with at most one amount, and is it known which two may be paid the same day?"""

from datetime import date
from decimal import Decimal
from itertools import combinations_with_replacement
from typing import Any

import pytest

from conference.domain.period import Period
from conference.domain.rate import Rate
from conference.domain.rights import CUMULABLE, Right, RightKind, are_cumulable, checked

DAYS = Period(date(2026, 1, 5), date(2026, 5, 14))


def right(kind: RightKind = RightKind.AREF, payer: str = "france_travail", **facts: Any) -> Right:
    return Right(kind, payer, DAYS, **facts)


def test_amount_of_a_day_is_exact() -> None:
    assert right(daily_amount=Decimal("31.00")).rate == Rate(3100, 1)
    assert right(monthly_amount=Decimal("1440.00")).rate == Rate(345_600, 73)
    assert right(RightKind.TRAINEE_PAY, monthly_amount=Decimal("685.00")).rate == Rate(6850, 3)
    assert right(RightKind.TRAINEE_PAY, daily_amount=Decimal("22.50")).rate == Rate(2250, 1)
    assert right(daily_amount=Decimal("0.00")).rate == Rate(0, 1)
    assert right().rate is None


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        (
            {"daily_amount": Decimal("31.00"), "monthly_amount": Decimal("900.00")},
            "Donnez le montant par jour ou par mois, pas les deux.",
        ),
        ({"daily_amount": Decimal("-0.01")}, "Le montant ne peut pas être négatif."),
        ({"monthly_amount": Decimal("-0.01")}, "Le montant ne peut pas être négatif."),
        ({"daily_amount": Decimal("Infinity")}, "Le montant ne peut pas être négatif."),
        ({"monthly_amount": Decimal("NaN")}, "Le montant ne peut pas être négatif."),
        ({"daily_amount": 31.5}, "Le montant doit être un nombre décimal exact."),
        ({"monthly_amount": 900}, "Le montant doit être un nombre décimal exact."),
        ({"daily_amount": Decimal("31.005")}, "31.005 has more than two decimals"),
    ],
)
def test_amount_that_is_none_is_refused(facts: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError) as refused:
        right(**facts)
    assert str(refused.value) == sentence


def test_amount_is_checked_as_it_is() -> None:
    assert checked(Decimal("0")) == 0
    assert str(checked(Decimal("31.50"))) == "31.50"


def test_right_is_known_from_the_day_it_was_recorded() -> None:
    recorded = right(known_on=date(2026, 3, 10))
    assert [recorded.is_known(date(2026, 3, day)) for day in (9, 10, 11)] == [False, True, True]
    assert right().is_known(date(1990, 1, 1)) is True


def test_only_four_pairs_of_kinds_are_rightly_paid_on_the_same_day() -> None:
    found = {
        (one.value, other.value)
        for one, other in combinations_with_replacement(RightKind, 2)
        if are_cumulable(right(one, "a"), right(other, "b"))
    }
    assert found == {("aref", "cif"), ("are", "cif"), ("rff", "wage"), ("trainee_pay", "wage")}
    assert all(are_cumulable(right(kind), right(kind)) for kind in RightKind)
    assert are_cumulable(right(RightKind.CIF, "fongecif"), right(RightKind.AREF)) is True
    assert are_cumulable(right(payer="assedic"), right()) is False
    assert are_cumulable(right(RightKind.ARE), right(RightKind.AREF)) is False
    assert all(pair.source for pair in CUMULABLE)
