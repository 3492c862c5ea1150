"""Is there one row per scheme in force and run of days, and one for days that go on through several steps?"""

from datetime import date, timedelta
from decimal import Decimal

from conference.data.scales import shipped_scales
from conference.domain.case import Convention, Person, Step, StepKind
from conference.domain.convention_pay import purses
from conference.domain.course import Course
from conference.domain.period import Period
from conference.domain.presumed import Presumption
from conference.domain.relay import Relay
from conference.domain.rights import RightKind
from conference.domain.segment import Takeover
from conference.domain.takeover import joined_rows, takeover
from conference.domain.trainee_pay import TraineePay
from conference.domain.verdict import Condition, Verdict

YES, NO, TO_CHECK = Verdict.YES, Verdict.NO, Verdict.TO_CHECK
SCALES = shipped_scales()


def span(first: int, last: int) -> Period:
    start = date(2026, 5, 31)
    return Period(start + timedelta(days=first), start + timedelta(days=last))


RUN = span(11, 20)
COURSE = Course(Step("F1", StepKind.TRAINING, span(1, 30), True), Person(), (), SCALES)


def condition(text: str, verdict: Verdict = NO) -> Condition:
    return Condition("code", verdict, text, "loi")


PAY = TraineePay(TO_CHECK, (condition("stagiaire", TO_CHECK),), "region")
RELAY = Relay(SCALES.rule_sets[-1], NO, (condition("relais"),))


def test_each_scheme_in_force_has_its_row() -> None:
    held = purses([Convention("region", RightKind.TRAINEE_PAY, RUN, Decimal("9.00"), Decimal("10.00"))])
    rows = takeover(COURSE, RUN, Presumption(RELAY, PAY, []), held, False)
    assert [(row.period, row.scheme, row.verdict) for row in rows] == [
        (RUN, "rff", NO),
        (RUN, "trainee_pay", TO_CHECK),
        (RUN, "convention", NO),
        (RUN, "are", NO),
        (RUN, "ass", TO_CHECK),
        (RUN, "asp", TO_CHECK),
        (RUN, "ptp", TO_CHECK),
        (RUN, "wage", NO),
        (RUN, "agefiph", TO_CHECK),
    ]
    assert (rows[0].why, rows[1].why) == (RELAY.why, PAY.why)
    assert [one.code for one in rows[2].why] == ["convention"]
    assert [one.code for row in rows[3:] for one in row.why] == ["are", "ass", "asp", "ptp", "wage", "agefiph"]
    paying = takeover(COURSE, RUN, Presumption(None, PAY, []), held, True)
    assert [(row.scheme, row.verdict) for row in paying][:2] == [("trainee_pay", TO_CHECK), ("convention", YES)]


def test_schemes_are_those_of_the_first_day_of_the_run() -> None:
    old = Period(date(2018, 12, 31), date(2019, 1, 31))
    assert [row.scheme for row in takeover(COURSE, old, Presumption(None, PAY, []), [], False)] == [
        "trainee_pay",
        "convention",
        "are",
        "ass",
        "asp",
        "cif",
        "wage",
        "agefiph",
    ]


def row(period: Period, scheme: str, verdict: Verdict, *texts: str) -> Takeover:
    return Takeover(period, scheme, verdict, tuple(condition(text) for text in texts))


def test_rows_of_runs_apart_stay_as_they_are() -> None:
    rows = [row(span(11, 12), "rff", NO, "a"), row(span(11, 12), "ass", NO, "b"), row(span(14, 15), "rff", YES, "a")]
    assert joined_rows(rows) == tuple(rows)
    assert joined_rows([]) == ()


def test_a_run_that_goes_on_through_several_steps_has_one_row_a_scheme() -> None:
    rows = [
        row(span(21, 22), "rff", NO, "z"),
        row(span(11, 12), "rff", NO, "a", "b"),
        row(span(11, 12), "ass", YES, "c"),
        row(span(13, 15), "rff", NO, "b", "d"),
        row(span(13, 15), "ass", NO, "c"),
        row(span(13, 15), "ptp", YES, "e"),
    ]
    assert joined_rows(rows) == (
        row(span(11, 15), "rff", NO, "a", "b", "d"),
        row(span(11, 15), "ass", TO_CHECK, "c"),
        row(span(11, 15), "ptp", YES, "e"),
        row(span(21, 22), "rff", NO, "z"),
    )
