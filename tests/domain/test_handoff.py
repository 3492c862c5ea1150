"""Does a handoff go only where its table says, and does the sender release what SEMANTICS §7 says, to the cent?"""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conference.domain.handoff import (
    OPEN,
    TRANSITIONS,
    HandoffStatus,
    Side,
    cut_tail,
    person_part,
    planned_from,
    released,
    tail_by_year,
    transition,
)
from conference.domain.money import ZERO, from_cents
from conference.domain.period import Period

YEAR = Period(date(2025, 9, 1), date(2026, 8, 31))
NEW_YEAR = date(2026, 1, 1)
euros = st.integers(0, 10_000_000).map(from_cents)
periods = st.builds(
    lambda first, days: Period(first, first + timedelta(days)),
    st.dates(date(2006, 1, 1), date(2030, 1, 1)),
    st.integers(0, 1200),
)


def test_region_hands_over_on_the_first_of_january() -> None:
    schedule = ((date(2025, 10, 1), Decimal("2500.00")), (date(2026, 2, 1), Decimal("3500.00")))
    planned = planned_from(Decimal("6000.00"), YEAR, NEW_YEAR, schedule)
    assert planned == Decimal("3500.00")
    assert released(Decimal("6000.00"), Decimal("2000.00"), planned) == Decimal("3500.00")
    assert released(Decimal("6000.00"), Decimal("3000.00"), planned) == Decimal("3000.00")
    assert released(Decimal("6000.00"), Decimal("6000.00"), planned) == ZERO


def test_without_a_schedule_the_days_decide() -> None:
    assert YEAR.days == 365
    assert planned_from(Decimal("6000.00"), YEAR, NEW_YEAR) == Decimal("3994.52")


@pytest.mark.parametrize(
    ("day", "expected"),
    [(YEAR.first, "6000.00"), (date(2025, 8, 1), "6000.00"), (YEAR.last, "16.44"), (date(2026, 9, 1), "0.00")],
)
def test_bounds_of_the_part_that_is_planned(day: date, expected: str) -> None:
    assert planned_from(Decimal("6000.00"), YEAR, day) == Decimal(expected)


def test_an_instalment_of_the_day_itself_is_handed_over() -> None:
    assert planned_from(Decimal("10.00"), YEAR, NEW_YEAR, ((NEW_YEAR, Decimal("10.00")),)) == Decimal("10.00")
    eve = NEW_YEAR - timedelta(1)
    assert planned_from(Decimal("10.00"), YEAR, NEW_YEAR, ((eve, Decimal("10.00")),)) == ZERO


@given(total=euros, period=periods, ahead=st.integers(-30, 1300))
def test_what_is_planned_after_a_day_and_before_it_sum_to_the_whole(total: Decimal, period: Period, ahead: int) -> None:
    day = period.first + timedelta(ahead)
    after = planned_from(total, period, day)
    assert ZERO <= after <= total
    assert planned_from(total, period, day + timedelta(1)) <= after


@given(committed=euros, share=st.integers(0, 100), planned=euros)
def test_never_more_than_is_left_to_pay(committed: Decimal, share: int, planned: Decimal) -> None:
    paid = person_part(committed, Decimal(share), Decimal(100))
    amount = released(committed, paid, planned)
    assert ZERO <= amount <= committed - paid
    assert amount <= planned
    assert amount in (committed - paid, planned)


def test_nothing_is_released_when_more_was_paid_than_is_committed() -> None:
    assert released(Decimal("10.00"), Decimal("12.00"), Decimal("5.00")) == ZERO


@given(total=euros, parts=st.lists(st.integers(1, 5000), min_size=2, max_size=8))
def test_parts_of_persons_are_those_of_the_whole(total: Decimal, parts: list[int]) -> None:
    whole = Decimal(sum(parts))
    told = [person_part(total, Decimal(part), whole) for part in parts]
    assert abs(sum(told) - total) <= Decimal("0.01") * len(parts)
    assert all(ZERO <= part <= total for part in told)
    assert person_part(total, whole, whole) == person_part(total, whole + 1, whole) == total


def test_a_release_takes_the_latest_years_first() -> None:
    left = ((2025, Decimal("2000.00")), (2026, Decimal("3000.00")), (2027, Decimal("1000.00")))
    assert tail_by_year(Decimal("3500.00"), left) == ((2026, Decimal("2500.00")), (2027, Decimal("1000.00")))
    assert tail_by_year(Decimal("1000.00"), reversed(left)) == ((2027, Decimal("1000.00")),)
    assert tail_by_year(Decimal("3500.00"), ()) == ()


@given(amount=euros, left=st.dictionaries(st.integers(2000, 2010), euros, min_size=1))
def test_years_of_a_release_sum_to_it(amount: Decimal, left: dict[int, Decimal]) -> None:
    assert sum((part for _, part in tail_by_year(amount, left.items())), ZERO) == amount


@given(parts=st.dictionaries(st.dates(), euros, min_size=1), share=st.integers(0, 100))
def test_what_is_kept_of_a_schedule_sums_to_what_is_kept_of_the_share(parts: dict[date, Decimal], share: int) -> None:
    whole = sum(parts.values(), ZERO)
    kept = person_part(whole, Decimal(share), Decimal(100))
    cut = cut_tail(list(parts.items()), kept)
    assert sum((amount for _, amount in cut), ZERO) == kept
    assert [day for day, _ in cut] == sorted(parts)[: len(cut)]
    assert all(amount <= parts[day] for day, amount in cut)


def test_only_the_table_moves_a_handoff() -> None:
    moves = {(each.before, each.verb): (each.after, each.side) for each in TRANSITIONS}
    assert len(moves) == len(TRANSITIONS)
    for status in HandoffStatus:
        for verb in ("propose", "withdraw", "accept", "refuse", "expire"):
            found = transition(status, verb)
            assert (found is not None) == ((status, verb) in moves)
            if found is not None:
                assert (found.after, found.side) == moves[status, verb]
    assert moves[HandoffStatus.PROPOSED, "accept"] == (HandoffStatus.ACCEPTED, Side.RECEIVER)
    assert moves[HandoffStatus.PROPOSED, "expire"] == (HandoffStatus.EXPIRED, Side.CLOCK)


def test_what_was_answered_stays() -> None:
    assert {each.before for each in TRANSITIONS} == set(OPEN)
