"""Are the amounts of a segment and of a reduced day rounded once, from an exact rate?"""

from datetime import date
from decimal import Decimal

from conference.domain.period import Period
from conference.domain.rate import by_day, by_month, by_thirtieth
from conference.domain.rights import RightKind
from conference.domain.segment import CoverageStatus, Overlap, Reason, ReasonCode, ReducedPart, Segment

DAYS = Period(date(2026, 5, 15), date(2026, 6, 30))


def test_amount_of_a_segment_is_that_of_its_days() -> None:
    reason = Reason(ReasonCode.RIGHTS_ENDED, "Les droits s’arrêtent.")
    gap = Segment(DAYS, CoverageStatus.GAP, None, None, by_day(Decimal("31.00")), reason)
    assert (gap.first, gap.last, gap.days) == (date(2026, 5, 15), date(2026, 6, 30), 47)
    assert (gap.daily_amount, gap.amount) == (Decimal("31.00"), Decimal("1457.00"))
    monthly = gap._replace(rate=by_month(Decimal("1440.00")))
    assert (monthly.daily_amount, monthly.amount) == (Decimal("47.34"), Decimal("2225.10"))
    unknown = gap._replace(rate=None)
    assert (unknown.daily_amount, unknown.amount) == (None, None)


def test_loss_of_reduced_days_is_what_was_paid_before_less_what_is_paid() -> None:
    part = ReducedPart(DAYS, by_day(Decimal("31.00")), by_thirtieth(Decimal("685.00")))
    assert (part.days, part.loss) == (47, Decimal("1457.00") - Decimal("1073.17"))


def test_overlap_has_the_days_of_its_period() -> None:
    assert Overlap(DAYS, (RightKind.AREF, RightKind.WAGE), ("france_travail", "entreprise")).days == 47
