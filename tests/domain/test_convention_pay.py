"""Which days can a signed convention pay, to the cent of what is left of its ceiling?"""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from conference.data.scales import shipped_scales
from conference.domain import convention_pay as rules
from conference.domain.case import Convention, Person, Step, StepKind
from conference.domain.convention_pay import Purse, convention_pay, purses, scale_starts
from conference.domain.course import Course
from conference.domain.period import Period
from conference.domain.rate import Rate, by_day, by_thirtieth
from conference.domain.rights import RightKind
from conference.domain.segment import CoverageStatus, ReasonCode, Segment
from conference.domain.verdict import Verdict

LAW = "convention signée entre financeurs"
YES, NO, TO_CHECK = Verdict.YES, Verdict.NO, Verdict.TO_CHECK
TEN = by_day(Decimal("10.00"))


def day(number: int) -> date:
    """Days of 2021, from 1 May."""
    return date(2021, 4, 30) + timedelta(days=number)


def span(first: int, last: int) -> Period:
    return Period(day(first), day(last))


def convention(
    left: str | None = "50000.00", daily: str | None = "10.00", first: int = 1, last: int = 60, payer: str = "region"
) -> Convention:
    amounts = [None if each is None else Decimal(each) for each in (left, daily)]
    return Convention(payer, RightKind.TRAINEE_PAY, span(first, last), amounts[0], amounts[1])


PERSON = Person(birth_date=date(1982, 4, 11), worked_6_of_12=False, single_parent=False)


def course(person: Person = PERSON, first: int = 1, last: int = 60) -> Course:
    step = Step("F1", StepKind.TRAINING, span(first, last), True, weekly_hours=Decimal(35))
    return Course(step, person, (), shipped_scales())


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def told(segment: Segment) -> tuple[Period, Rate | None, list[str]]:
    return segment.period, segment.rate, [each.code for each in segment.why]


# What a purse pays.


def test_a_purse_pays_whole_days_while_what_is_left_lasts() -> None:
    purse = Purse(convention("35.00"))
    assert purse.left == 3500
    assert purse.pay(span(1, 10), TEN) == span(1, 3)
    assert purse.left == 500
    assert purse.pay(span(4, 10), TEN) is None
    assert purse.left == 500


def test_a_ceiling_reached_to_the_cent_pays_its_last_day() -> None:
    assert Purse(convention("30.00")).pay(span(1, 10), TEN) == span(1, 3)
    assert Purse(convention("29.99")).pay(span(1, 10), TEN) == span(1, 2)
    assert Purse(convention("100.00")).pay(span(1, 10), TEN) == span(1, 10)
    assert Purse(convention("9.99")).pay(span(1, 10), TEN) is None


@pytest.mark.parametrize("left", [None, "0.00"])
def test_nothing_left_or_nothing_said_pays_nothing(left: str | None) -> None:
    purse = Purse(convention(left))
    assert purse.left == (None if left is None else 0)
    assert purse.pay(span(1, 10), TEN) is None
    assert purse.pay(span(1, 10), None) is None


def test_an_amount_that_is_not_known_takes_nothing() -> None:
    purse = Purse(convention("5.00"))
    assert purse.pay(span(1, 10), None) == span(1, 10)
    assert purse.left == 500


def test_a_right_of_nothing_takes_nothing() -> None:
    purse = Purse(convention("0.01"))
    assert purse.pay(span(1, 10), Rate(0, 1)) == span(1, 10)
    assert purse.left == 1


def test_days_that_follow_at_one_rate_are_one_sum_rounded_once() -> None:
    third = by_thirtieth(Decimal("685.00"))  # 22.83 for a day, 45.67 for two, 68.50 for three
    purse = Purse(convention("68.50"))
    assert [purse.pay(span(n, n), third) for n in (1, 2, 3, 4)] == [span(1, 1), span(2, 2), span(3, 3), None]
    assert purse.left == 0
    apart = Purse(convention("68.50"))
    assert [apart.pay(span(n, n), third) for n in (1, 3, 5)] == [span(1, 1), span(3, 3), span(5, 5)]
    assert apart.left == 6850 - 3 * 2283
    short = Purse(convention("45.66"))
    assert short.pay(span(1, 3), third) == span(1, 1)


def test_another_rate_begins_another_sum() -> None:
    purse = Purse(convention("50.00"))
    assert purse.pay(span(1, 2), TEN) == span(1, 2)
    assert purse.pay(span(3, 9), by_day(Decimal("12.00"))) == span(3, 4)
    assert purse.left == 600
    half = Rate(1, 2)  # half a cent a day: rounded up, 1 for one or two days, 2 for three
    purse = Purse(convention("0.02"))
    assert purse.pay(span(1, 9), half) == span(1, 4)
    assert Purse(convention("0.01")).pay(span(1, 9), half) == span(1, 2)


def test_purses_pay_in_the_order_of_their_last_day() -> None:
    ordered = [
        convention(last=30, first=2),
        convention(last=40, first=1, payer="z"),
        convention(last=40, first=2, payer="a"),
        convention(last=40, first=2, payer="b"),
    ]
    assert [purse.convention for purse in purses(reversed(ordered))] == ordered
    wage = Convention("b", RightKind.WAGE, span(2, 40), None)
    assert [each.convention for each in purses([wage, ordered[3]])] == [ordered[3], wage]
    assert purses([]) == []


# What the conventions pay of a course.


def test_convention_pays_its_own_days_at_its_own_amount() -> None:
    [segment] = convention_pay(course(), [span(5, 20)], purses([convention("50000.00", first=10, last=15)]))
    assert (segment.period, segment.status, segment.kind, segment.payer, segment.rate) == (
        span(10, 15),
        CoverageStatus.AVAILABLE,
        RightKind.TRAINEE_PAY,
        "region",
        TEN,
    )
    assert segment.reason == (ReasonCode.SIGNED_CONVENTION, "Une convention signée pourrait payer ces jours.")
    assert [(each.code, each.verdict, plain(each.text), each.source) for each in segment.why] == [
        (
            "convention",
            YES,
            "Une convention signée court du 10 mai 2021 au 15 mai 2021, il en restait 50 000,00 €.",
            LAW,
        ),
        ("convention_amount", YES, "La convention donne 10,00 € par jour.", LAW),
    ]


def test_next_convention_pays_what_the_first_could_not() -> None:
    first, second = convention("25.00", last=30), convention("1000.00", "20.00", first=1, last=40, payer="opco")
    found = convention_pay(course(), [span(1, 3), span(6, 8)], purses([second, first]))
    assert [(each.payer, each.period, each.rate) for each in found] == [
        ("region", span(1, 2), TEN),
        ("opco", span(3, 3), by_day(Decimal("20.00"))),
        ("opco", span(6, 8), by_day(Decimal("20.00"))),
    ]


def test_a_convention_that_has_not_enough_for_one_gap_pays_none_of_the_next() -> None:
    found = convention_pay(course(), [span(1, 2), span(5, 9)], purses([convention("45.00")]))
    assert [each.period for each in found] == [span(1, 2), span(5, 6)]
    assert convention_pay(course(), [span(1, 2)], purses([convention(first=3)])) == []
    assert convention_pay(course(), [], purses([convention()])) == []
    assert convention_pay(course(), [span(1, 2)], []) == []


def test_trainee_scale_pays_where_the_convention_sets_no_amount() -> None:
    found = convention_pay(course(first=-10), [span(-5, 5)], purses([convention(daily=None, first=-30)]))
    assert [told(each) for each in found] == [
        (span(-5, 0), by_thirtieth(Decimal("401.09")), ["convention", "scale"]),
        (span(1, 5), by_thirtieth(Decimal("685.00")), ["convention", "entry", "scale"]),
    ]
    # Six days at 13.37 are 80.22; a day at 22.83 is more than what remains of 100.00, but not of 110.00.
    for left, periods in (("100.00", [span(-5, 0)]), ("110.00", [span(-5, 0), span(1, 1)]), ("80.21", [span(-5, -1)])):
        short = convention_pay(course(first=-10), [span(-5, 5)], purses([convention(left, None, first=-30)]))
        assert [each.period for each in short] == periods


def test_amount_of_an_unknown_age_is_available_without_being_known() -> None:
    [segment] = convention_pay(course(Person()), [span(5, 9)], purses([convention(daily=None)]))
    assert told(segment) == (span(5, 9), None, ["convention", "birth_date"])


def test_scale_may_change_on_the_first_days_of_its_lines_and_the_day_after_they_end() -> None:
    asked = course(first=-300, last=300)
    assert scale_starts(asked, span(-10, 10)) == {day(1)}
    assert scale_starts(asked, span(2, 32)) == {date(2021, 6, 1)}
    assert scale_starts(asked, span(2, 20)) == set()


# What is said of a run once they have paid.


def takeover(
    *held: Purse, run: Period | None = None, paid: bool = False
) -> tuple[Verdict, list[tuple[str, Verdict, str]]]:
    verdict, why = rules.takeover(course(), run or span(5, 20), held, paid)
    assert all(each.source == LAW for each in why)
    return verdict, [(each.code, each.verdict, plain(each.text)) for each in why]


SIGNED = "Une convention signée court du 1er mai 2021 au 29 juin 2021, "


def test_no_convention_on_these_days() -> None:
    none = (NO, [("convention", NO, "Aucune convention signée ne couvre ces jours.")])
    assert takeover() == none
    assert takeover(Purse(convention(first=21)), paid=True) == none


def test_convention_that_pays_some_of_the_days() -> None:
    said = [("convention", YES, SIGNED + "il en restait 50 000,00 €.")]
    assert takeover(Purse(convention()), Purse(convention(first=21)), paid=True) == (YES, said)


def test_convention_that_pays_none_of_them() -> None:
    spent = Purse(convention("30.00"))
    spent.pay(span(1, 3), TEN)
    assert takeover(spent) == (
        NO,
        [("convention_ceiling", NO, SIGNED + "il en restait 30,00 €, et il ne reste que 0,00 €.")],
    )
    some = Purse(convention("35.00"))
    some.pay(span(1, 3), TEN)
    assert takeover(some) == (NO, [("convention", YES, SIGNED + "il en restait 35,00 €.")])


def test_what_is_left_that_nobody_has_said_is_to_check() -> None:
    unsaid = ("convention", TO_CHECK, SIGNED + "ce qu’il en reste n’est pas connu.")
    assert takeover(Purse(convention(None))) == (TO_CHECK, [unsaid])
    assert takeover(Purse(convention()), Purse(convention(None))) == (
        TO_CHECK,
        [("convention", YES, SIGNED + "il en restait 50 000,00 €."), unsaid],
    )
