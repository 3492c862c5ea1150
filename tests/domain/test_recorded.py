"""Which recorded right does a day show, what does the day bring, and which rights clash?"""

from datetime import date, timedelta
from decimal import Decimal
from itertools import permutations

import pytest

from conference.domain.period import Period
from conference.domain.rate import Rate
from conference.domain.recorded import by_rights, clashing, in_precedence, income, overlaps
from conference.domain.rights import Right, RightKind
from conference.domain.segment import Overlap


def day(number: int) -> date:
    """Days of 2026, from 1."""
    return date(2025, 12, 31) + timedelta(days=number)


def span(first: int, last: int) -> Period:
    return Period(day(first), day(last))


def right(
    kind: RightKind = RightKind.AREF,
    payer: str = "a",
    first: int = 1,
    last: int = 10,
    amount: str | None = "31.00",
    *,
    main: bool = False,
    known_on: date | None = None,
) -> Right:
    return Right(kind, payer, span(first, last), None if amount is None else Decimal(amount), known_on, main)


# From the first shown to the last.
ORDER = [
    right(RightKind.WAGE, amount=None, main=True, payer="z"),
    right(RightKind.AREF, amount="31.01"),
    right(RightKind.AREF, amount="31.00"),
    right(RightKind.ARE, amount="30.00"),
    right(RightKind.AREF, "a", amount="30.00"),
    right(RightKind.AREF, "b", 1, 9, amount="30.00"),
    right(RightKind.AREF, "b", 1, 10, amount="30.00"),
    right(RightKind.AREF, "b", 2, 3, amount="30.00"),
    right(RightKind.RFF, amount="0.00"),
    right(RightKind.AFF, amount=None),
]


def test_the_right_shown_is_the_main_one_else_the_larger_whatever_the_order_given() -> None:
    assert in_precedence(reversed(ORDER), None) == ORDER
    for three in permutations(ORDER[:3]):
        assert in_precedence(three, None) == ORDER[:3]
    assert in_precedence([], None) == []


def test_by_month_or_by_day_the_larger_is_the_one_that_pays_more_a_day() -> None:
    monthly = Right(RightKind.WAGE, "e", span(1, 10), monthly_amount=Decimal("942.91"))
    daily = right(amount="31.00")
    assert in_precedence([monthly, daily], None) == [daily, monthly]
    more = Right(RightKind.WAGE, "e", span(1, 10), monthly_amount=Decimal("942.92"))
    assert in_precedence([daily, more], None) == [more, daily]


def test_rights_that_were_not_known_are_not_seen() -> None:
    early, late = right(known_on=day(3)), right(RightKind.RFF, known_on=day(4))
    assert in_precedence([late, early], day(3)) == [early]
    assert in_precedence([late, early], day(4)) == [early, late]
    assert in_precedence([late, early], None) == [early, late]
    assert in_precedence([late], day(3)) == []


def test_a_run_is_cut_where_rights_start_and_stop() -> None:
    one, other = right(first=3, last=6), right(RightKind.WAGE, first=5, last=12)
    assert by_rights([one, other], span(1, 10)) == [
        (span(1, 2), []),
        (span(3, 4), [one]),
        (span(5, 6), [one, other]),
        (span(7, 10), [other]),
    ]
    assert by_rights([other, one], span(5, 6)) == [(span(5, 6), [other, one])]
    assert by_rights([one], span(7, 10)) == [(span(7, 10), [])]
    endless = Right(RightKind.ASS, "etat", Period(day(5), date.max), Decimal("19.00"))
    assert by_rights([endless], span(1, 10)) == [(span(1, 4), []), (span(5, 10), [endless])]


AREF, CIF = right(), right(RightKind.CIF, "fongecif", amount="20.00")
WAGE = right(RightKind.WAGE, "employeur", amount="10.00")
UNKNOWN = right(RightKind.CIF, "fongecif", amount=None)


@pytest.mark.parametrize(
    ("paying", "brings"),
    [
        ([AREF], Rate(3100, 1)),
        ([right(amount=None)], None),
        ([AREF, CIF], Rate(5100, 1)),
        ([AREF, WAGE], Rate(3100, 1)),
        ([AREF, WAGE, CIF], Rate(5100, 1)),
        ([AREF, right(amount="5.00")], Rate(3100, 1)),
        ([AREF, right(amount="5.00"), CIF], Rate(5100, 1)),
        ([AREF, CIF, right(RightKind.CIF, "fongecif", amount="3.00")], Rate(5100, 1)),
        ([AREF, CIF, right(RightKind.CIF, "opacif", amount="3.00")], Rate(5400, 1)),
        ([AREF, UNKNOWN], None),
        ([AREF, UNKNOWN, right(RightKind.CIF, "opacif")], None),
        ([right(amount=None), CIF], None),
        ([AREF, right(RightKind.WAGE, "employeur", amount=None)], Rate(3100, 1)),
    ],
)
def test_a_day_brings_the_right_shown_and_those_paid_with_it(paying: list[Right], brings: Rate | None) -> None:
    assert income(paying) == brings


def test_rights_clash_where_a_pair_may_not_be_paid_together() -> None:
    assert clashing([]) == clashing([AREF]) == []
    assert clashing([AREF, CIF]) == []
    assert clashing([AREF, right(amount="5.00")]) == []
    assert clashing([AREF, WAGE]) == [AREF, WAGE]
    assert clashing([AREF, CIF, WAGE]) == [AREF, CIF, WAGE]
    assert clashing([AREF, right(amount="5.00"), WAGE]) == [AREF, WAGE]
    other = right(RightKind.AREF, "b")
    assert clashing([AREF, other]) == [AREF, other]
    rff = right(RightKind.RFF, "pole_emploi")
    trainee = right(RightKind.TRAINEE_PAY, "region")
    assert clashing([WAGE, rff, trainee]) == [rff, trainee]


def test_days_paid_twice_are_told_as_the_fewest_runs() -> None:
    parts = [
        (span(1, 2), [AREF, WAGE]),
        (span(3, 4), [AREF, right(amount="5.00"), WAGE]),
        (span(5, 6), [AREF]),
        (span(7, 8), [AREF, WAGE]),
        (span(9, 9), [WAGE, AREF]),
        (span(12, 12), [WAGE, AREF]),
    ]
    kinds, payers = (RightKind.AREF, RightKind.WAGE), ("a", "employeur")
    assert overlaps(parts) == (
        Overlap(span(1, 4), kinds, payers),
        Overlap(span(7, 8), kinds, payers),
        Overlap(span(9, 9), kinds[::-1], payers[::-1]),
        Overlap(span(12, 12), kinds[::-1], payers[::-1]),
    )
    assert overlaps([(span(1, 2), [AREF, CIF])]) == ()
    other = right(RightKind.AREF, "b")
    assert overlaps([(span(1, 2), [AREF, WAGE]), (span(3, 4), [AREF, right(RightKind.WAGE, "b")])]) == (
        Overlap(span(1, 2), kinds, payers),
        Overlap(span(3, 4), kinds, ("a", "b")),
    )
    assert overlaps([(span(1, 2), [AREF, WAGE]), (span(3, 4), [AREF, other])]) == (
        Overlap(span(1, 2), kinds, payers),
        Overlap(span(3, 4), (RightKind.AREF, RightKind.AREF), ("a", "b")),
    )
