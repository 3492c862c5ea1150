"""A handoff that waits is told to more and more people, on working days."""

from datetime import date, timedelta

import pytest

from conference.domain.handoff_stages import Stage, stage_of
from conference.domain.thresholds import DEFAULTS, Thresholds
from conference.domain.working_days import add_working_days

MONDAY = date(2026, 4, 20)
MAY_DAY = frozenset({date(2026, 5, 1)})
ANSWER_BY = add_working_days(MONDAY, 10, MAY_DAY)


def told(thresholds: Thresholds = DEFAULTS, answer_by: date = ANSWER_BY) -> dict[str, str]:
    """The stage of each day on which somebody is reminded."""
    days = [MONDAY + timedelta(days=ahead) for ahead in range(-3, 30)]
    stages = {day: stage_of(MONDAY, answer_by, day, thresholds, MAY_DAY) for day in days}
    return {f"{day:%d/%m}": stage.value for day, stage in stages.items() if stage}


def test_ten_working_days_with_a_holiday() -> None:
    assert date(2026, 5, 5) == ANSWER_BY
    assert told() == {
        "23/04": "officers",
        "24/04": "officers",
        "27/04": "colleagues",
        "28/04": "colleagues",
        "29/04": "colleagues",
        "30/04": "coordinator",
        "04/05": "coordinator",
        "05/05": "last_day",
    }


@pytest.mark.parametrize(
    ("chosen", "first_days"),
    [
        ({"handoff_colleagues": 60}, {"21/04": "colleagues"}),
        ({"handoff_coordinator": 60}, {"21/04": "coordinator"}),
        ({"handoff_colleagues": 1, "handoff_coordinator": 1}, {"23/04": "officers"}),
    ],
)
def test_thresholds_decide(chosen: dict[str, int], first_days: dict[str, str]) -> None:
    found = told(Thresholds(chosen))
    assert dict(list(found.items())[:1]) == first_days
    assert found["05/05"] == Stage.LAST_DAY


def test_a_short_delay_is_reminded_on_its_last_day() -> None:
    assert told(answer_by=date(2026, 4, 21)) == {"21/04": "last_day"}
