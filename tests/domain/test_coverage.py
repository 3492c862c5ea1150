"""Which days somebody pays: scenarios that a funder can read, then what must hold for any input.

The scenarios are the TOML files of `scenarios/coverage`: given, expected, and the rule that says so. The oracle of
the properties is the plain reading: one day after the other.
"""

import tomllib
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conference.domain.case import Step, StepKind
from conference.domain.coverage import Coverage, CoverageStatus, Segment, coverage
from conference.domain.period import Period, merge
from conference.domain.rights import Right, RightKind, are_cumulable

SCENARIOS = sorted((Path(__file__).parent / "scenarios" / "coverage").glob("*.toml"))
TO_CHECK = "à vérifier"
START = date(2008, 1, 14)


def read_step(raw: dict[str, Any]) -> Step:
    return Step(raw["id"], StepKind(raw["kind"]), Period(raw["first"], raw["last"]), raw["needs_income"])


def read_right(raw: dict[str, Any]) -> Right:
    amount = Decimal(raw["daily_amount"]) if "daily_amount" in raw else None
    return Right(
        kind=RightKind(raw["kind"]),
        payer=raw["payer"],
        period=Period(raw["first"], raw["last"]),
        daily_amount=amount,
        known_on=raw.get("known_on"),
        main=raw.get("main", False),
    )


def shown(segment: Segment) -> dict[str, Any]:
    """A segment with the keys that the scenarios use for its status."""
    row: dict[str, Any] = {"first": segment.first, "last": segment.last, "days": segment.days}
    row["status"] = segment.status.value
    if segment.status is CoverageStatus.GAP:
        row["reason"] = segment.reason.code.value
    else:
        row |= {"kind": segment.kind, "payer": segment.payer}
    if segment.amount is not None:
        row["amount"] = str(segment.amount)
    return row


def answer(found: Coverage) -> dict[str, Any]:
    return {
        "days": {name: getattr(found.days, name) for name in found.days.__slots__},
        "need": TO_CHECK if found.need is None else str(found.need),
        "segments": [shown(segment) for segment in found.segments],
        "dead_time": [{"first": run.first, "last": run.last, "days": run.days} for run in found.dead_time],
        "overlaps": [
            {"first": one.period.first, "last": one.period.last, "days": one.days, "kinds": list(one.kinds)}
            for one in found.overlaps
        ],
    }


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_scenario(path: Path) -> None:
    scenario = tomllib.loads(path.read_text(encoding="utf-8"))
    assert scenario["name"] and scenario["article"]
    told = scenario["given"]
    steps = [read_step(raw) for raw in told["steps"]]
    rights = [read_right(raw) for raw in told.get("rights", [])]
    assert answer(coverage(steps, rights, told["known_on"])) == scenario["expected"]


def test_scenarios_are_found() -> None:
    assert len(SCENARIOS) == 22


def test_days_has_exactly_six_counts() -> None:
    found = coverage([], [], START)
    assert set(answer(found)["days"]) == {"needed", "covered", "presumed", "available", "gap", "overlap"}
    assert answer(found)["need"] == "0.00"


def test_reason_is_a_sentence_with_the_day() -> None:
    course = Step("F1", StepKind.TRAINING, Period(date(2026, 1, 5), date(2026, 6, 30)), True)
    aref = Right(RightKind.AREF, "france_travail", Period(date(2026, 1, 5), date(2026, 5, 1)), Decimal("31.00"))
    gap = coverage([course], [aref], date(2026, 1, 5)).segments[-1]
    assert gap.reason.text == (
        "Le dernier droit enregistré s’arrête le 1er\u00a0mai\u00a02026 et rien ne prend la suite."
    )


@pytest.mark.parametrize("amount", ["-0.01", "NaN", "Infinity"])
def test_right_refuses_an_impossible_amount(amount: str) -> None:
    with pytest.raises(ValueError, match="négatif"):
        Right(RightKind.AREF, "assedic", Period(START, START), Decimal(amount))


def test_right_refuses_a_float() -> None:
    with pytest.raises(ValueError, match="décimal exact"):
        Right(RightKind.AREF, "assedic", Period(START, START), 31.0)  # type: ignore[arg-type]


def test_amount_of_a_segment_is_rounded_once() -> None:
    wage = Decimal("1440.00") * 12 / 365
    month = Period(date(2008, 2, 1), date(2008, 2, 29))
    step = Step("F1", StepKind.WORK_STUDY, month, True)
    found = coverage([step], [Right(RightKind.WAGE, "employer", month, wage)], START)
    assert found.segments[0].amount == Decimal("1372.93")  # 29 × 47.3424…, not 29 × 47.34 = 1372.86


@st.composite
def some_periods(draw: st.DrawFn) -> Period:
    first = START + timedelta(days=draw(st.integers(0, 90)))
    return Period(first, first + timedelta(days=draw(st.integers(0, 40))))


some_steps = st.lists(
    st.builds(Step, st.sampled_from("ABCD"), st.sampled_from(StepKind), some_periods(), st.booleans()), max_size=4
)
some_rights = st.lists(
    st.builds(
        Right,
        kind=st.sampled_from([RightKind.AREF, RightKind.CIF, RightKind.RFF, RightKind.WAGE]),
        payer=st.sampled_from(["assedic", "region"]),
        period=some_periods(),
        daily_amount=st.none() | st.sampled_from([Decimal("27.50"), Decimal("31.00"), Decimal("0.01")]),
        known_on=st.none() | st.just(START) | st.just(START + timedelta(days=1)),
        main=st.booleans(),
    ),
    max_size=5,
)


def days_needed(steps: list[Step]) -> list[date]:
    return sorted({day for step in steps if step.needs_income for day in step.period})


def paying(rights: list[Right], day: date) -> list[Right]:
    return [right for right in rights if right.period.contains(day) and right.known_on in (None, START)]


@given(some_steps, some_rights)
def test_segments_partition_the_days_that_need_an_income(steps: list[Step], rights: list[Right]) -> None:
    found = coverage(steps, rights, START)
    assert [day for segment in found.segments for day in segment.period] == days_needed(steps)
    counts = found.days
    assert counts.covered + counts.presumed + counts.available + counts.gap == counts.needed == len(days_needed(steps))


@given(some_steps, some_rights)
def test_each_day_has_the_answer_of_that_day_alone(steps: list[Step], rights: list[Right]) -> None:
    found = coverage(steps, rights, START)
    for segment in found.segments:
        for day in segment.period:
            today = paying(rights, day)
            assert (segment.status is CoverageStatus.COVERED) == bool(today)
            if today:
                best = max((right.main, right.daily_amount or Decimal(-1)) for right in today)
                winners = [one for one in today if (one.main, one.daily_amount or Decimal(-1)) == best]
                assert (segment.kind, segment.payer, segment.daily_amount) in [
                    (one.kind, one.payer, one.daily_amount) for one in winners
                ]


@given(some_steps, some_rights)
def test_overlap_days_are_those_with_a_pair_that_may_not_be_paid_together(
    steps: list[Step], rights: list[Right]
) -> None:
    found = coverage(steps, rights, START)
    clashing = [
        day
        for day in days_needed(steps)
        if any(not are_cumulable(one, other) for one in paying(rights, day) for other in paying(rights, day))
    ]
    assert [day for overlap in found.overlaps for day in overlap.period] == clashing
    assert found.days.overlap == len(clashing)


@given(some_steps, some_rights, st.randoms())
def test_order_of_steps_and_rights_changes_nothing(steps: list[Step], rights: list[Right], random: Any) -> None:
    expected = coverage(steps, rights, START)
    random.shuffle(steps)
    random.shuffle(rights)
    assert coverage(steps, rights, START) == expected


@given(some_steps, some_rights)
def test_need_is_the_sum_of_the_gaps(steps: list[Step], rights: list[Right]) -> None:
    found = coverage(steps, rights, START)
    gaps = [segment for segment in found.segments if segment.status is CoverageStatus.GAP]
    amounts = [segment.amount for segment in gaps]
    if None in amounts:
        assert found.need is None
    else:
        assert found.need == sum((amount for amount in amounts if amount is not None), Decimal("0.00"))


@given(some_steps, some_rights)
def test_gap_is_valued_at_the_nearest_earlier_amount_else_the_first_later_one(
    steps: list[Step], rights: list[Right]
) -> None:
    valued = [right for right in rights if right.daily_amount is not None and right.known_on in (None, START)]
    for segment in coverage(steps, rights, START).segments:
        if segment.status is not CoverageStatus.GAP:
            continue
        before = [right for right in valued if right.period.last < segment.first]
        nearest = max((right.period.last for right in before), default=None)
        after = [right for right in valued if right.period.first > segment.last]
        soonest = min((right.period.first for right in after), default=None)
        allowed = [right.daily_amount for right in before if right.period.last == nearest] or [
            right.daily_amount for right in after if right.period.first == soonest
        ]
        assert segment.daily_amount in (allowed or [None])


@given(some_steps, some_rights)
def test_dead_time_is_between_steps_and_in_none(steps: list[Step], rights: list[Right]) -> None:
    in_steps = {day for step in steps for day in step.period}
    dead = [day for run in coverage(steps, rights, START).dead_time for day in run]
    inside = list(Period(min(in_steps), max(in_steps))) if in_steps else []
    assert dead == [day for day in inside if day not in in_steps]


@given(some_steps, some_rights)
def test_segments_that_follow_differ(steps: list[Step], rights: list[Right]) -> None:
    segments = coverage(steps, rights, START).segments
    for before, after in pairwise(segments):
        if len(merge([before.period, after.period])) == 1:
            assert (before.status, before.kind, before.payer, before.daily_amount) != (
                after.status,
                after.kind,
                after.payer,
                after.daily_amount,
            )
