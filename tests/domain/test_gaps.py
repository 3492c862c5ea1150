"""Do the parts of gaps hold exactly the days and the euros of the gaps, each in one step and one month?"""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from conference.data.scales import shipped_scales
from conference.domain.case import Case, Person, Step, StepKind
from conference.domain.coverage import CoverageStatus, coverage
from conference.domain.gaps import NO_PAYER, GapPart, gap_parts, own_days
from conference.domain.period import Period, merge
from conference.domain.rights import Right, RightKind

SCALES = shipped_scales()
COURSE = Step("1", StepKind.TRAINING, Period(date(2026, 1, 5), date(2026, 6, 30)), True)
AREF = Right(RightKind.AREF, "ft", Period(date(2026, 1, 5), date(2026, 5, 14)), Decimal("31.00"))


def parts_of(*steps: Step, rights: tuple[Right, ...] = (AREF,), person: Person | None = None) -> tuple[GapPart, ...]:
    """The parts of the gaps of these steps."""
    return gap_parts(coverage(Case(None, person or Person(), steps, rights), SCALES), steps)


def test_founding_case_is_cut_by_month() -> None:
    course = Step(
        "1", StepKind.TRAINING, COURSE.period, True, prescribed=True, qualifying=True, shortage_occupation=False
    )
    found = parts_of(course)
    assert [part[1:5] for part in found] == [
        (date(2026, 5, 1), date(2026, 5, 15), date(2026, 5, 31), Decimal("527.00")),
        (date(2026, 6, 1), date(2026, 6, 1), date(2026, 6, 30), Decimal("930.00")),
    ]
    assert {(part.reason, part.payer) for part in found} == {("not_on_list", "are")}


def test_day_shared_by_two_steps_is_in_the_first() -> None:
    second = Step("2", StepKind.BILAN, Period(date(2026, 6, 21), date(2026, 7, 10)), True)
    assert own_days([second, COURSE]) == [
        ("1", COURSE.period),
        ("2", Period(date(2026, 7, 1), date(2026, 7, 10))),
    ]
    assert [(part.step_id, part.days) for part in parts_of(COURSE, second)] == [("1", 17), ("1", 30), ("2", 10)]


def test_nobody_could_pay_when_every_scheme_says_no() -> None:
    """A step long ago, before any scheme that remains to check but the oldest ones, which need a fact to be excluded."""
    step = Step("1", StepKind.TRAINING, Period(date(1980, 1, 1), date(1980, 1, 10)), True, approved_for_pay=False)
    found = parts_of(step, rights=(), person=Person(no_benefit=True, disabled=False))
    assert [part.payer for part in found] == [NO_PAYER]


def test_scheme_that_pays_the_days_before_is_not_the_possible_payer_of_those_after() -> None:
    """The relay of 2001 pays four months; the days beyond its limit are not for it to take over."""
    step = Step(
        *("1", StepKind.TRAINING, Period(date(2005, 1, 3), date(2005, 12, 20)), True, date(2005, 1, 3)),
        prescribed=True,
        qualifying=False,
        shortage_occupation=False,
    )
    aref = Right(
        RightKind.AREF, "assedic", Period(date(2005, 1, 3), date(2005, 3, 31)), Decimal("27.50"), opened_months=7
    )
    found = parts_of(step, rights=(aref,))
    assert {part.reason for part in found} == {"limit_reached"}
    assert "aff" not in {part.payer for part in found}


day = st.integers(0, 500).map(lambda number: date(2025, 6, 1) + timedelta(days=number))


@st.composite
def periods(draw: st.DrawFn) -> Period:
    """A run of days, one to three hundred."""
    first = draw(day)
    return Period(first, first + timedelta(days=draw(st.integers(0, 300))))


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Steps and rights anywhere, amounts known or not."""
    known = st.sampled_from([None, True, False])
    steps = tuple(
        Step(
            *(str(number), StepKind.TRAINING, draw(periods()), draw(st.booleans())),
            prescribed=draw(known),
            qualifying=draw(known),
            shortage_occupation=draw(known),
        )
        for number in range(draw(st.integers(1, 3)))
    )
    amounts = st.one_of(st.none(), st.integers(0, 9_999).map(lambda cents: Decimal(cents).scaleb(-2)))
    rights = tuple(
        Right(
            draw(st.sampled_from([RightKind.AREF, RightKind.RFF, RightKind.WAGE])), "ft", draw(periods()), draw(amounts)
        )
        for _ in range(draw(st.integers(0, 2)))
    )
    return Case(None, Person(), steps, rights)


@given(cases())
def test_parts_hold_the_days_and_euros_of_the_gaps(case: Case) -> None:
    found = coverage(case, SCALES)
    parts = gap_parts(found, case.steps)
    gaps = [segment for segment in found.segments if segment.status is CoverageStatus.GAP]
    assert sum(part.days for part in parts) == found.days.gap
    assert merge(part.period for part in parts) == merge(segment.period for segment in gaps)
    assert all(one.last < other.first for one, other in pairwise(parts))
    for gap in gaps:
        own = [part for part in parts if gap.period.covers(part.period)]
        assert sum(part.days for part in own) == gap.days
        amounts = [part.amount for part in own]
        assert (None not in amounts) == (gap.amount is not None)
        if gap.amount is not None:
            assert sum(amount for amount in amounts if amount is not None) == gap.amount
    steps = {step.id: step for step in case.steps}
    for part in parts:
        assert steps[part.step_id].needs_income and steps[part.step_id].period.covers(part.period)
        assert part.month == part.first.replace(day=1) == part.last.replace(day=1)
