"""Are the facts of a case kept exact, and its defaults those that say nothing?"""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from conference.domain.case import Case, Convention, Interruption, InterruptionKind, Person, Step, StepKind
from conference.domain.case_json import read_cases
from conference.domain.case_reading import CaseError, read_case
from conference.domain.period import Period
from conference.domain.rate import Rate
from conference.domain.rights import RightKind

STEP = {"id": "F1", "kind": "training", "first": "2026-01-05", "last": "2026-06-30"}
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


@pytest.mark.parametrize("said", [True, False])
@pytest.mark.parametrize("name", ["disabled", "no_benefit", "worked_6_of_12", "single_parent"])
def test_what_is_said_of_a_person_is_read(name: str, said: bool) -> None:
    case = read_case({"person": {name: said}, "steps": [STEP]}, 1)
    assert case.person == replace(Person(), **{name: said})


@pytest.mark.parametrize("said", [True, False])
@pytest.mark.parametrize("name", ["prescribed", "qualifying", "shortage_occupation", "approved_for_pay"])
def test_what_is_said_of_a_course_is_read(name: str, said: bool) -> None:
    [step] = read_case({"steps": [{**STEP, name: said}]}, 1).steps
    unsaid = Step("F1", StepKind.TRAINING, DAYS, step.needs_income)
    assert step == replace(unsaid, **{name: said})


def test_a_person_may_be_described_before_any_step() -> None:
    case = read_case({"person": {"birth_date": "1982-04-11"}, "steps": []}, 1)
    assert (case.person.birth_date, case.steps) == (date(1982, 4, 11), ())


@pytest.mark.parametrize(
    ("days", "field"),
    [
        (["2026-01-05", "2026-07-01"], "last"),
        (["2026-01-04", "2026-02-01"], "first"),
        (["2026-01-01", "2026-12-31"], "first"),
    ],
)
def test_interruption_beyond_its_step_is_told_where_it_goes_out(days: list[str], field: str) -> None:
    with pytest.raises(CaseError) as refused:
        read_case({"steps": [{**STEP, "interruptions": [days]}]}, 1)
    assert refused.value.field == f"steps[0].interruptions[0].{field}"


def test_hours_of_a_week_from_a_hundredth_to_all_of_them() -> None:
    for written in ("0.01", "168"):
        [step] = read_case({"steps": [{**STEP, "weekly_hours": Decimal(written)}]}, 1).steps
        assert step.weekly_hours == Decimal(written)


def test_number_in_a_text_is_a_case_of_the_number_one() -> None:
    with pytest.raises(CaseError) as refused:
        read_cases('{"steps": [{"id": false}]}')
    assert refused.value.number == 1
