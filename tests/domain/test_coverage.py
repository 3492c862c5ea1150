"""Does the engine say what the law says, in each scenario that a lawyer can read?

The scenarios are the TOML files of `scenarios/coverage`, one folder per set of rules (`coverage_scenarios` tells the
format). What must hold for any input is in `test_coverage_properties`."""

from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from conference.data.scales import shipped_scales
from conference.domain.case import Case, Person, Step, StepKind
from conference.domain.coverage import coverage
from conference.domain.period import Period
from conference.domain.rate import by_month
from conference.domain.rights import Right, RightKind
from tests.domain.coverage_scenarios import FOLDER, PATHS, answer, scenario

START = date(2008, 1, 14)
FOLDERS = {
    "aff_2001",
    "aff_2006",
    "afdef_2009",
    "rff_2011",
    "rff_2020",
    "rff_2024",
    "trainee_pay",
    "conventions",
    "recorded",
    "other_schemes",
}


@pytest.mark.parametrize("path", PATHS, ids=lambda path: str(path.relative_to(FOLDER).with_suffix("")))
def test_scenario(path: Path) -> None:
    told = scenario(path)
    assert answer(coverage(told.case, shipped_scales()), told.expected) == told.expected, told.name


def test_scenarios_are_found_in_every_folder() -> None:
    assert {path.parent.name for path in PATHS} == FOLDERS
    assert len(list(FOLDER.rglob("*.toml"))) == len(PATHS)


def test_no_two_scenarios_have_one_name() -> None:
    names = Counter(scenario(path).name for path in PATHS)
    assert [name for name, count in names.items() if count > 1] == []


def case(steps: list[Step], rights: list[Right]) -> Case:
    return Case(START, Person(), tuple(steps), tuple(rights))


def test_no_step_needs_nothing() -> None:
    found = coverage(case([], []), shipped_scales())
    assert (found.days.needed, found.need, found.segments) == (0, Decimal("0.00"), ())
    assert (found.reduced.days, found.reduced.loss, found.takeover) == (0, Decimal("0.00"), ())


def test_reason_is_a_sentence() -> None:
    """Whatever the reason, the person reads a French sentence."""
    for path in PATHS:
        for segment in coverage(scenario(path).case, shipped_scales()).segments:
            assert segment.reason.text[0].isupper() and segment.reason.text.endswith("."), segment.reason
            assert all(one.text and one.source for one in segment.why), segment.why


@pytest.mark.parametrize("amount", ["-0.01", "NaN", "Infinity"])
def test_right_refuses_an_impossible_amount(amount: str) -> None:
    with pytest.raises(ValueError, match="négatif"):
        Right(RightKind.AREF, "assedic", Period(START, START), Decimal(amount))


def test_right_refuses_a_float() -> None:
    with pytest.raises(ValueError, match="décimal exact"):
        Right(RightKind.AREF, "assedic", Period(START, START), 31.0)  # type: ignore[arg-type]


def test_right_refuses_two_amounts() -> None:
    with pytest.raises(ValueError, match="pas les deux"):
        Right(RightKind.WAGE, "employeur", Period(START, START), Decimal("31.00"), monthly_amount=Decimal("930.00"))


def test_amount_of_a_segment_is_rounded_once() -> None:
    month = Period(date(2008, 2, 1), date(2008, 2, 29))
    step = Step("F1", StepKind.WORK_STUDY, month, needs_income=True)
    wage = Right(RightKind.WAGE, "employeur", month, monthly_amount=Decimal("1440.00"))
    found = coverage(case([step], [wage]), shipped_scales())
    assert wage.rate == by_month(Decimal("1440.00"))
    assert found.segments[0].amount == Decimal("1372.93")  # 29 × 47.3424…, not 29 × 47.34 = 1372.86
