"""Does each check find what it is for, and only that; is the life of an alert the one of SEMANTICS §8?"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conference.data.glossary import definition, label
from conference.data.scales import shipped_scales
from conference.domain.alert_facts import AlertFacts, Finding, Followed, HandoffFacts, StepFacts, Today
from conference.domain.alert_words import AlertEventKind, AlertSeverity, AlertStatus
from conference.domain.alerts import CHECKS, Said, difference, event_of, findings
from conference.domain.case import Case, Person, Step, StepKind
from conference.domain.coverage import coverage
from conference.domain.funding_conflicts import Funding, Planned
from conference.domain.gaps import gap_parts
from conference.domain.handoff import HandoffStatus
from conference.domain.period import Period
from conference.domain.rights import Right, RightKind
from conference.domain.thresholds import DEFAULTS, Thresholds

SCALES = shipped_scales()
REGION, OPCO = 1, 2
ON = date(2026, 4, 20)
COURSE = Step(
    *("7", StepKind.TRAINING, Period(date(2026, 1, 5), date(2026, 6, 30)), True),
    prescribed=True,
    qualifying=True,
    shortage_occupation=False,
)
AREF = Right(RightKind.AREF, "3", Period(date(2026, 1, 5), date(2026, 5, 14)), Decimal("31.00"))


def facts(
    *steps: Step, rights: tuple[Right, ...] = (AREF,), on: date = ON, thresholds: Thresholds = DEFAULTS, **more: Any
) -> AlertFacts:
    """What the checks look at, for a parcours followed by the Région, whose steps the OPCO funds."""
    case = Case(None, Person(), steps, rights)
    found = coverage(case, SCALES)
    followed = Followed(
        *(1, 1, REGION, 0, 0, case),
        tuple(StepFacts(int(step.id), step.period, step.needs_income, OPCO) for step in steps),
        tuple(range(11, 11 + len(rights))),
        **more,
    )
    return AlertFacts(Today(on), thresholds, followed, found, gap_parts(found, case.steps))


def found(code: str, told: AlertFacts) -> list[Finding]:
    """What the check of that code finds."""
    return [finding for finding in findings(told) if finding.code == code]


def plain(text: str) -> str:
    """The text with ordinary spaces."""
    return text.replace("\u202f", " ").replace("\xa0", " ")


def test_each_check_finds_its_own_code_and_is_in_the_glossary() -> None:
    for check in CHECKS:
        assert label("alert_code", check.__name__) and definition("alert_code", check.__name__)
    assert len({check.__name__ for check in CHECKS}) == len(CHECKS)


def test_founding_case_is_told_with_its_days_and_euros() -> None:
    day = date(2026, 5, 15)
    [finding] = found("income_gap", facts(COURSE))
    assert finding[:8] == ("income_gap", "7", AlertSeverity.URGENT, day, day, 47, Decimal("1457.00"), OPCO)
    assert plain(finding.message) == "47 jours sans revenu, du 15 mai 2026 au 30 juin 2026."


@pytest.mark.parametrize(
    ("on", "severity"),
    [
        (date(2025, 9, 6), None),
        (date(2025, 9, 7), "important"),
        (date(2026, 1, 5), "important"),
        (date(2026, 4, 14), "important"),
        (date(2026, 4, 15), "urgent"),
        (date(2026, 6, 30), "urgent"),
        (date(2026, 7, 1), None),
    ],
)
def test_gap_is_told_from_the_look_ahead_before_its_step_until_the_step_is_over(on: date, severity: str | None) -> None:
    """120 days before 5 January, whatever the day of the gap; urgent 30 days before 15 May."""
    assert [finding.severity for finding in found("income_gap", facts(COURSE, on=on))] == (
        [severity] if severity else []
    )


def test_gap_that_is_past_stays_told_while_the_course_runs() -> None:
    later = Right(RightKind.RFF, "3", Period(date(2026, 5, 20), date(2026, 6, 30)), Decimal("31.00"))
    [finding] = found("income_gap", facts(COURSE, rights=(AREF, later), on=date(2026, 6, 1)))
    assert (finding.severity, finding.days) == (AlertSeverity.WATCH, 5)


def presumed(on: date) -> list[Finding]:
    """The founding case with its occupation on the list: an RFF is presumed from 15 May."""
    step = replace(COURSE, shortage_occupation=True, funders=("region",))
    return found("relay_to_request", facts(step, on=on))


def test_presumed_relay_is_to_ask_for_sixty_days_ahead() -> None:
    assert presumed(date(2026, 3, 15)) == []
    [early], [late] = presumed(date(2026, 3, 16)), presumed(date(2026, 5, 15))
    assert (early.cause, early.first_day, early.days, early.need) == ("7", date(2026, 5, 15), 47, Decimal("1191.47"))
    assert (early.severity, late.severity) == (AlertSeverity.IMPORTANT, AlertSeverity.URGENT)
    assert presumed(date(2026, 7, 1)) == []


def test_income_under_the_floor_is_told() -> None:
    little = replace(AREF, period=COURSE.period, daily_amount=Decimal("16.43"))
    [finding] = found("income_low", facts(COURSE, rights=(little,)))
    assert (finding.cause, finding.days, finding.need, finding.severity) == ("7", 177, None, AlertSeverity.WATCH)
    enough = replace(little, daily_amount=Decimal("16.44"))
    assert found("income_low", facts(COURSE, rights=(enough,))) == []
    monthly = replace(little, daily_amount=None, monthly_amount=Decimal("500.00"))
    assert found("income_low", facts(COURSE, rights=(monthly,))) == []


def test_two_incomes_that_may_be_paid_together_are_added_before_the_floor() -> None:
    little = Right(RightKind.TRAINEE_PAY, "3", COURSE.period, monthly_amount=Decimal("300.00"))
    wage = Right(RightKind.WAGE, "4", COURSE.period, monthly_amount=Decimal("300.00"))
    assert found("income_low", facts(COURSE, rights=(little,))) != []
    assert found("income_low", facts(COURSE, rights=(little, wage))) == []


def test_days_that_two_rights_pay_are_told_by_their_pair() -> None:
    other = Right(RightKind.RFF, "4", Period(date(2026, 5, 5), date(2026, 6, 30)), Decimal("20.00"))
    [finding] = found("paid_twice", facts(COURSE, rights=(other, AREF)))
    assert (finding.cause, finding.first_day, finding.days, finding.need) == (
        "11+12",
        date(2026, 5, 5),
        10,
        Decimal("200.00"),
    )


def test_dead_time_is_told_beyond_the_threshold_until_the_next_step_begins() -> None:
    def after(days: int, on: date = ON) -> list[Finding]:
        first = COURSE.period.last + timedelta(days=days + 1)
        return found("dead_time", facts(COURSE, Step("9", StepKind.JOB, Period(first, first), False), on=on))

    assert after(30) == []
    [finding] = after(31)
    assert (finding.cause, finding.days, finding.need, finding.organisation_id) == ("9", 31, None, REGION)
    assert finding.due_on == date(2026, 8, 1)
    assert after(31, on=date(2026, 8, 1)) == []


def handoff(number: int = 5, status: HandoffStatus = HandoffStatus.PROPOSED, **other: Any) -> HandoffFacts:
    """A handoff of the OPCO to the Région, proposed on 1 April, to answer by 15 April."""
    told = HandoffFacts(
        *(number, f"R-2026-{number:04d}", status, OPCO, REGION, 7, None),
        *(date(2026, 5, 15), date(2026, 4, 1), date(2026, 4, 15)),
    )
    return told._replace(**other)


@pytest.mark.parametrize(
    ("day", "severity"), [(7, None), (8, "important"), (14, "important"), (15, "urgent"), (20, "urgent")]
)
def test_handoff_without_an_answer_is_told_at_half_its_delay(day: int, severity: str | None) -> None:
    told = found("handoff_unanswered", facts(COURSE, on=date(2026, 4, day), handoffs=(handoff(),)))
    assert [finding.severity for finding in told] == ([severity] if severity else [])
    assert all((f.cause, f.organisation_id, f.due_on) == ("5", REGION, date(2026, 4, 15)) for f in told)


def test_refused_handoff_is_told_until_another_is_proposed_or_the_step_is_over() -> None:
    refused = handoff(status=HandoffStatus.REFUSED)
    for status, expected in (
        (HandoffStatus.DRAFT, 1),
        (HandoffStatus.WITHDRAWN, 1),
        (HandoffStatus.PROPOSED, 0),
        (HandoffStatus.ACCEPTED, 0),
    ):
        assert len(found("handoff_refused", facts(COURSE, handoffs=(refused, handoff(6, status))))) == expected
    expired = refused._replace(status=HandoffStatus.EXPIRED)
    [finding] = found("handoff_refused", facts(COURSE, handoffs=(expired,)))
    assert (finding.cause, finding.organisation_id, finding.severity) == ("5", OPCO, AlertSeverity.IMPORTANT)
    assert found("handoff_refused", facts(COURSE, handoffs=(expired,), on=date(2026, 7, 1))) == []
    other = handoff(6, HandoffStatus.ACCEPTED, from_step_id=8)
    assert len(found("handoff_refused", facts(COURSE, handoffs=(expired, other)))) == 1


def test_plan_that_does_not_balance_is_told_near_its_step() -> None:
    plan = Planned(7, [(Decimal("1000.00"), Decimal("600.00")), (Decimal("50.00"), Decimal("80.00"))])
    told = facts(COURSE, plans=(plan,))
    [under], [over] = found("step_unfunded", told), found("step_over_funded", told)
    assert (under.cause, under.need, under.severity, under.organisation_id) == (
        *("7", Decimal("400.00"), AlertSeverity.URGENT),
        OPCO,
    )
    assert (over.cause, over.need, over.severity) == ("7", Decimal("30.00"), AlertSeverity.WATCH)
    assert found("step_unfunded", facts(COURSE, plans=(plan,), on=date(2025, 10, 6))) == []
    assert len(found("step_unfunded", facts(COURSE, plans=(plan,), on=date(2025, 10, 7)))) == 1
    assert found("step_unfunded", facts(COURSE, plans=(plan,), on=date(2026, 7, 1))) == []


def test_fundings_that_should_not_stand_together_are_told_by_both_lines() -> None:
    one = Funding("commitment:4", 7, None, "couts", OPCO, "opco", None, COURSE.period, Decimal("900.00"))
    two = one._replace(key="commitment:3", funder_id=REGION, funder_kind="region", amount=Decimal("700.00"))
    [double] = found("double_funding", facts(COURSE, fundings=(one, two)))
    assert (double.cause, double.days, double.need) == ("commitment:3|commitment:4", 177, Decimal("700.00"))
    assert "900,00" in double.message and len(double.message) <= 500
    aids = (one._replace(scheme="aif"), two._replace(scheme="cheque_formation"))
    [excluded] = found("not_cumulable", facts(COURSE, fundings=aids))
    assert excluded.cause == double.cause
    assert found("double_funding", facts(COURSE, fundings=aids)) == []


steps = st.builds(
    lambda first, days, needs: (first, days, needs), st.integers(0, 200), st.integers(0, 120), st.booleans()
)


@given(
    st.lists(steps, min_size=1, max_size=3),
    st.integers(-60, 400),
    st.lists(st.tuples(st.integers(0, 300), st.integers(0, 100), st.integers(1000, 4000)), max_size=2),
    st.booleans(),
)
def test_nothing_changes_before_the_day_that_the_checks_ask_again(
    spans: list[tuple[int, int, bool]], on: int, paid: list[tuple[int, int, int]], on_list: bool
) -> None:
    """What the nightly run stands on: between today and `Today.next`, excluded, every day finds the same."""
    origin = date(2026, 1, 1)

    def told(day: date) -> AlertFacts:
        made = tuple(
            Step(
                *(str(number), StepKind.TRAINING),
                Period(origin + timedelta(days=first), origin + timedelta(days=first + days)),
                needs,
                prescribed=True,
                qualifying=True,
                shortage_occupation=on_list,
                funders=("region",),
            )
            for number, (first, days, needs) in enumerate(spans)
        )
        rights = tuple(
            Right(
                *(RightKind.AREF, "3"),
                Period(origin + timedelta(days=first), origin + timedelta(days=first + days)),
                Decimal(cents).scaleb(-2),
            )
            for first, days, cents in paid
        )
        plans = (Planned(0, [(Decimal("10.00"), Decimal("4.00"))]),)
        return facts(*made, rights=rights, on=day, handoffs=(handoff(from_step_id=0),), plans=plans)

    today = origin + timedelta(days=on)
    now = told(today)
    first = findings(now)
    until = now.today.next or today + timedelta(days=300)
    for day in {today + timedelta(days=1), today + (until - today) // 2, until - timedelta(days=1)}:
        if today < day < until:
            assert findings(told(day)) == first


SAID = Said(
    *(AlertStatus.OPEN, AlertSeverity.URGENT, date(2026, 5, 15), date(2026, 5, 15), 47, Decimal("1457.00"), OPCO),
    "47 jours.",
)
FINDING = Finding("income_gap", "7", *SAID[1:8])
DECIDED = SAID._replace(
    status=AlertStatus.DECIDED, decided_days=47, decided_need=Decimal("1457.00"), decided_first_day=date(2026, 5, 15)
)
Change = Callable[[Finding], Finding | None]


@pytest.mark.parametrize(
    ("change", "when_open", "when_decided", "when_closed"),
    [
        (lambda it: it, None, None, "reopened"),
        (lambda it: it._replace(days=48), "worsened", "reopened", "reopened"),
        (lambda it: it._replace(need=Decimal("1457.01")), "worsened", "reopened", "reopened"),
        (lambda it: it._replace(first_day=date(2026, 5, 14)), "worsened", "reopened", "reopened"),
        (lambda it: it._replace(days=46, need=Decimal("1426.00")), "changed", "changed", "reopened"),
        (lambda it: it._replace(first_day=date(2026, 5, 16)), "changed", "changed", "reopened"),
        (lambda it: it._replace(need=None), "changed", "changed", "reopened"),
        (lambda it: it._replace(severity=AlertSeverity.WATCH), "changed", "changed", "reopened"),
        (lambda it: None, "closed", None, None),
    ],
)
def test_life_of_an_alert(
    change: Change, when_open: str | None, when_decided: str | None, when_closed: str | None
) -> None:
    assert event_of(SAID, change(FINDING)) == when_open
    assert event_of(DECIDED, change(FINDING)) == when_decided
    assert event_of(SAID._replace(status=AlertStatus.CLOSED), change(FINDING)) == when_closed


def test_new_finding_opens() -> None:
    assert event_of(None, FINDING) is AlertEventKind.OPENED
    assert event_of(None, None) is None


def test_decision_is_compared_with_what_was_decided_upon() -> None:
    """It got better after the decision, then as bad again: still decided."""
    better = DECIDED._replace(days=10, need=Decimal("310.00"), first_day=date(2026, 6, 21))
    assert event_of(better, FINDING) is AlertEventKind.CHANGED
    assert event_of(better, FINDING._replace(days=48)) is AlertEventKind.REOPENED


def test_difference_is_told_in_french() -> None:
    worse = FINDING._replace(days=50, need=Decimal("1550.00"), first_day=date(2026, 5, 12))
    told = "3 jours de plus, 93,00 € de plus, à partir du 12 mai 2026 au lieu du 15 mai 2026"
    assert plain(difference(SAID, worse)) == told
    assert difference(SAID, FINDING._replace(days=46)) == "1 jour de moins"
    assert plain(difference(SAID._replace(need=None), FINDING)) == "montant désormais connu, 1 457,00 €"
    assert difference(SAID, FINDING) == ""
