"""Is what is paid twice, or by aids that exclude each other, found, and nothing else?"""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conference.domain.funding_conflicts import Conflict, Funding, Planned, conflicts
from conference.domain.period import Period

COURSE = Period(date(2026, 1, 5), date(2026, 6, 30))
LATER = Period(date(2026, 7, 1), date(2026, 12, 31))


def funding(key: str, funder: int, **more: object) -> Funding:
    told: dict[str, object] = {
        "step_id": 1,
        "cost_id": None,
        "nature": "pedagogique",
        "funder_kind": "region",
        "scheme": None,
        "period": COURSE,
        "amount": Decimal("1000.00"),
        **more,
    }
    return Funding(key, funder_id=funder, **told)  # type: ignore[arg-type]


def test_two_funders_of_the_same_nature_and_days_are_told() -> None:
    one, other = funding("commitment:2", 1), funding("commitment:10", 2)
    [found] = conflicts([other, one])
    assert (found.code, found.days) == ("double_funding", COURSE)
    assert found.cause == "commitment:10|commitment:2"
    assert {found.one, found.other} == {one, other}, "both lines are cited"


@pytest.mark.parametrize(
    "other",
    [
        funding("share:2", 1),
        funding("share:2", 2, nature="annexes"),
        funding("share:2", 2, period=LATER),
    ],
)
def test_other_nature_other_days_or_the_same_funder_are_no_double(other: Funding) -> None:
    assert conflicts([funding("share:1", 1), other]) == ()


def test_shares_of_one_cost_are_an_agreed_plan() -> None:
    assert conflicts([funding("share:1", 1, cost_id=7), funding("share:2", 2, cost_id=7)]) == ()
    assert len(conflicts([funding("share:1", 1, cost_id=7), funding("share:2", 2, cost_id=8)])) == 1
    assert len(conflicts([funding("share:1", 1, cost_id=7), funding("commitment:2", 2)])) == 1


def test_two_lines_that_meet_on_two_steps_are_told_once() -> None:
    lines = [
        *(funding("commitment:1", 1, step_id=1), funding("commitment:1", 1, step_id=2, period=LATER)),
        *(funding("commitment:2", 2, step_id=2, period=LATER), funding("commitment:2", 2, step_id=1)),
    ]
    [found] = conflicts(lines)
    assert found.days == COURSE
    assert conflicts(reversed(lines)) == (found,)


def aif_and_region(period: Period) -> tuple[Conflict, ...]:
    aif = funding("commitment:1", 1, funder_kind="france_travail", scheme="aif", period=period, nature="annexes")
    return conflicts([aif, funding("commitment:2", 2, scheme="cheque_formation", period=period)])


def test_aids_that_exclude_each_other_are_told_with_their_rule_from_their_day() -> None:
    [found] = aif_and_region(COURSE)
    assert found.code == "not_cumulable"
    assert "aide individuelle à la formation de France Travail" in found.rule
    assert "2019" in found.rule
    assert aif_and_region(Period(date(2018, 1, 1), date(2018, 12, 31))) == ()
    [begun] = aif_and_region(Period(date(2018, 12, 1), date(2019, 1, 1)))
    assert begun.code == "not_cumulable"


@given(
    st.lists(
        st.tuples(st.integers(1, 3), st.sampled_from(["pedagogique", "annexes"]), st.sampled_from([None, 1, 2])),
        max_size=6,
    )
)
def test_order_of_lines_changes_nothing(lines: list[tuple[int, str, int | None]]) -> None:
    fundings = [
        funding(f"share:{number}", funder, nature=nature, cost_id=cost)
        for number, (funder, nature, cost) in enumerate(lines)
    ]
    found = conflicts(fundings)
    assert found == conflicts(reversed(fundings))
    assert len({each.cause for each in found}) == len(found)


def test_what_is_missing_in_one_cost_is_not_paid_by_another() -> None:
    plan = Planned(1, ((Decimal("1000.00"), Decimal("400.00")), (Decimal("100.00"), Decimal("150.00"))))
    assert (plan.missing, plan.beyond) == (Decimal("600.00"), Decimal("50.00"))
