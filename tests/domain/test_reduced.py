"""Which days are paid less than before, compared with which amount?"""

from datetime import date, timedelta
from decimal import Decimal

from conference.domain.period import Period
from conference.domain.rate import Rate, by_day
from conference.domain.reduced import last_amount, reduced
from conference.domain.rights import Right, RightKind
from conference.domain.segment import ReducedPart


def span(first: int, last: int) -> Period:
    start = date(2025, 12, 31)
    return Period(start + timedelta(days=first), start + timedelta(days=last))


def right(first: int, last: int, amount: str | None, kind: RightKind = RightKind.AREF) -> Right:
    return Right(kind, "a", span(first, last), None if amount is None else Decimal(amount))


def euros(amount: str) -> Rate:
    return by_day(Decimal(amount))


BENEFIT = right(1, 10, "31.00")


def test_presumed_days_are_compared_with_the_benefit_they_follow() -> None:
    paid = [(span(11, 20), euros("25.65"), None), (span(1, 10), euros("31.00"), BENEFIT)]
    [part] = reduced(paid, [BENEFIT])
    assert part == ReducedPart(span(11, 20), euros("31.00"), euros("25.65"))
    assert part.loss == Decimal("53.50")


def test_as_much_or_more_or_not_known_is_no_loss() -> None:
    for rate in (euros("31.00"), euros("31.01"), None):
        assert reduced([(span(11, 20), rate, None)], [BENEFIT]) == []
    assert reduced([(span(11, 20), euros("1.00"), None)], []) == []
    assert reduced([(span(11, 20), None, None), (span(21, 22), euros("1.00"), None)], [BENEFIT]) == [
        ReducedPart(span(21, 22), euros("31.00"), euros("1.00"))
    ]


def test_relay_trainee_pay_and_unknown_amounts_are_no_reference() -> None:
    for kind in (RightKind.AFF, RightKind.AFDEF, RightKind.RFF, RightKind.TRAINEE_PAY):
        assert reduced([(span(11, 20), euros("1.00"), None)], [right(1, 10, "31.00", kind)]) == []
        relay = right(11, 20, "25.65", kind)
        month = (span(21, 30), euros("25.00"), None)
        assert reduced([month], [BENEFIT, relay]) == [ReducedPart(span(21, 30), euros("31.00"), euros("25.00"))]
    assert reduced([(span(11, 20), euros("1.00"), None)], [right(1, 10, None)]) == []


def test_a_recorded_right_is_compared_with_what_ended_before_it_began() -> None:
    lower = right(9, 30, "20.00", RightKind.ARE)
    assert reduced([(span(11, 30), euros("20.00"), lower)], [BENEFIT, lower]) == []
    after = right(11, 30, "20.00", RightKind.ARE)
    assert reduced([(span(15, 30), euros("20.00"), after)], [BENEFIT, after]) == [
        ReducedPart(span(15, 30), euros("31.00"), euros("20.00"))
    ]


def test_reference_is_the_right_that_ended_last_and_of_those_the_one_shown_first() -> None:
    early, late, same = right(1, 5, "40.00"), right(1, 10, "31.00"), right(3, 10, "20.00")
    assert last_amount([early, late, same], span(11, 20)) == euros("31.00")
    assert last_amount([early, same, late], span(11, 20)) == euros("20.00")
    assert last_amount([late, early], span(10, 20)) == euros("40.00")
    assert last_amount([late], span(10, 20)) is None
    assert last_amount([], span(10, 20)) is None


def test_runs_that_follow_at_the_same_amounts_are_one() -> None:
    paid = [
        (span(15, 20), euros("25.65"), None),
        (span(11, 14), euros("25.65"), None),
        (span(22, 25), euros("25.65"), None),
        (span(26, 28), euros("25.00"), None),
    ]
    assert reduced(paid, [BENEFIT]) == [
        ReducedPart(span(11, 20), euros("31.00"), euros("25.65")),
        ReducedPart(span(22, 25), euros("31.00"), euros("25.65")),
        ReducedPart(span(26, 28), euros("31.00"), euros("25.00")),
    ]
    other = right(21, 25, "30.00")
    assert reduced([(span(11, 25), euros("9.00"), None), (span(26, 28), euros("9.00"), None)], [BENEFIT, other]) == [
        ReducedPart(span(11, 25), euros("31.00"), euros("9.00")),
        ReducedPart(span(26, 28), euros("30.00"), euros("9.00")),
    ]
