"""Are the facts of a case kept exact, and its defaults those that say nothing?"""

from datetime import date
from decimal import Decimal

import pytest

from conference.domain.case import Case, Convention, Interruption, InterruptionKind, Person, Step, StepKind
from conference.domain.period import Period
from conference.domain.rate import Rate
from conference.domain.rights import RightKind

DAYS = Period(date(2026, 1, 5), date(2026, 6, 30))


def convention(left: Decimal | None = None, daily_amount: Decimal | None = None) -> Convention:
    return Convention("region", RightKind.TRAINEE_PAY, DAYS, left, daily_amount)


def test_the_rules_are_chosen_by_the_day_of_registration_else_by_the_first_day() -> None:
    assert Step("F1", StepKind.TRAINING, DAYS, True).registered == date(2026, 1, 5)
    assert Step("F1", StepKind.TRAINING, DAYS, True, date(2025, 11, 3)).registered == date(2025, 11, 3)


def test_rate_of_a_convention_is_exact_and_unknown_where_the_scale_sets_it() -> None:
    assert convention(Decimal("50000.00"), Decimal("22.83")).rate == Rate(2283, 1)
    assert convention(Decimal("0.00")).rate is None
    assert convention(None, Decimal("0.00")).rate == Rate(0, 1)


@pytest.mark.parametrize(
    ("left", "daily_amount", "sentence"),
    [
        (Decimal("-1"), None, "Le montant ne peut pas être négatif."),
        (Decimal("NaN"), None, "Le montant ne peut pas être négatif."),
        (50_000, None, "Le montant doit être un nombre décimal exact."),
        (None, Decimal("-1"), "Le montant ne peut pas être négatif."),
        (None, 22.5, "Le montant doit être un nombre décimal exact."),
        (None, Decimal("22.835"), "22.835 has more than two decimals"),
    ],
)
def test_convention_of_an_amount_that_is_none_is_refused(left: object, daily_amount: object, sentence: str) -> None:
    with pytest.raises(ValueError) as refused:
        convention(left, daily_amount)  # type: ignore[arg-type]
    assert str(refused.value) == sentence


def test_what_nobody_has_said_is_not_known() -> None:
    step = Step("F1", StepKind.TRAINING, DAYS, True)
    said = (step.weekly_hours, step.prescribed, step.qualifying, step.shortage_occupation, step.approved_for_pay)
    assert said == (None,) * 5
    assert (step.funders, step.interruptions) == ((), ())
    person = Person()
    assert (person.birth_date, person.disabled, person.no_benefit) == (None, None, None)
    assert (person.worked_6_of_12, person.single_parent) == (None, None)
    assert Interruption(DAYS).kind is InterruptionKind.INTERRUPTION
    assert Case(None, person, (step,)) == Case(None, person, (step,), (), ())
