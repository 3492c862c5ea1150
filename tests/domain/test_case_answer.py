"""Has the answer exactly the keys of the command, in their order, with amounts as texts and days as ISO dates?"""

import json
from datetime import date
from decimal import Decimal

from conference.domain.case_answer import case_answer
from conference.domain.period import Period
from conference.domain.rate import by_day, by_month
from conference.domain.rights import RightKind
from conference.domain.segment import (
    Coverage,
    CoverageStatus,
    DayCounts,
    Overlap,
    Reason,
    ReasonCode,
    Reduced,
    Segment,
    Takeover,
)
from conference.domain.verdict import Condition, Verdict

JANUARY = Period(date(2026, 1, 5), date(2026, 1, 31))
FEBRUARY = Period(date(2026, 2, 1), date(2026, 2, 1))
LISTED = Condition("on_list", Verdict.NO, "Le métier n’est pas sur la liste.", "délibération 2023-52")
TOLD = {
    "code": "on_list",
    "verdict": "no",
    "text": "Le métier n’est pas sur la liste.",
    "source": "délibération 2023-52",
}


def test_whole_answer_in_order() -> None:
    paid = Segment(
        JANUARY,
        CoverageStatus.COVERED,
        RightKind.WAGE,
        "opco",
        by_month(Decimal("1440.00")),
        Reason(ReasonCode.RECORDED_RIGHT, "Un droit."),
    )
    gap = Segment(FEBRUARY, CoverageStatus.GAP, None, None, None, Reason(ReasonCode.NOT_ON_LIST, "Non."), (LISTED,))
    found = Coverage(
        days=DayCounts(needed=28, covered=27, presumed=0, available=0, gap=1, overlap=1),
        need=None,
        reduced=Reduced(days=2, loss=Decimal("12.5"), parts=()),
        segments=(paid, gap),
        dead_time=(FEBRUARY,),
        overlaps=(Overlap(FEBRUARY, (RightKind.ARE, RightKind.AGEFIPH), ("france_travail", "agefiph")),),
        takeover=(Takeover(FEBRUARY, "rff", Verdict.TO_CHECK, (LISTED,)),),
    )
    one_day = {"first": "2026-02-01", "last": "2026-02-01", "days": 1}
    expected = {
        "days": {"needed": 28, "covered": 27, "presumed": 0, "available": 0, "gap": 1, "overlap": 1},
        "need": None,
        "reduced": {"days": 2, "loss": "12.50"},
        "segments": [
            {
                "first": "2026-01-05",
                "last": "2026-01-31",
                "days": 27,
                "status": "covered",
                "kind": "wage",
                "payer": "opco",
                "daily_amount": "47.34",
                "amount": "1278.25",
                "reason": "recorded_right",
                "why": [],
            },
            {
                **one_day,
                "status": "gap",
                "kind": None,
                "payer": None,
                "daily_amount": None,
                "amount": None,
                "reason": "not_on_list",
                "why": [TOLD],
            },
        ],
        "dead_time": [one_day],
        "overlaps": [{**one_day, "kinds": ["are", "agefiph"]}],
        "takeover": [
            {"first": "2026-02-01", "last": "2026-02-01", "scheme": "rff", "verdict": "to_check", "why": [TOLD]}
        ],
    }
    # Texts are compared, so that the order of the keys is too.
    assert json.dumps(case_answer(found), indent=1) == json.dumps(expected, indent=1)


def test_amounts_have_two_decimals() -> None:
    nothing = DayCounts(0, 0, 0, 0, 0, 0)
    gap = Segment(FEBRUARY, CoverageStatus.GAP, None, None, by_day(Decimal(31)), Reason(ReasonCode.NO_RIGHT, "Rien."))
    told = case_answer(Coverage(nothing, Decimal(1457), Reduced(0, Decimal(0), ()), (gap,), (), (), ()))
    assert (told["need"], told["reduced"]) == ("1457.00", {"days": 0, "loss": "0.00"})
    assert isinstance(told["segments"], list)
    assert (told["segments"][0]["daily_amount"], told["segments"][0]["amount"]) == ("31.00", "31.00")
