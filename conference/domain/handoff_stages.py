"""Who is reminded of a handoff that waits, and when?

Its receiver's officers when it is proposed and again a few working days later; then the colleagues who may answer too; then
the coordinator; on the last day, once more those who can still answer. Only the latest stage reached is told: a machine that
was off for a week does not send four reminders at once.
"""

from datetime import date
from enum import StrEnum

from conference.domain.thresholds import Thresholds
from conference.domain.working_days import is_working_day, working_days_between

REMIND_AFTER = 3
"""Working days after the proposal when its officers are reminded."""


class Stage(StrEnum):
    """How far a handoff without an answer has gone."""

    OFFICERS = "officers"
    COLLEAGUES = "colleagues"
    COORDINATOR = "coordinator"
    LAST_DAY = "last_day"


def stage_of(
    proposed_on: date, answer_by: date, on: date, thresholds: Thresholds, closed: frozenset[date]
) -> Stage | None:
    """The stage reached on the day `on`; None when nobody is to be reminded of it yet, or any more, or on a day of rest."""
    if not proposed_on < on <= answer_by or not is_working_day(on, closed):
        return None
    left = working_days_between(on, answer_by, closed)
    if left == 0:
        return Stage.LAST_DAY
    if left <= thresholds["handoff_coordinator"]:
        return Stage.COORDINATOR
    if left <= thresholds["handoff_colleagues"]:
        return Stage.COLLEAGUES
    return Stage.OFFICERS if working_days_between(proposed_on, on, closed) >= REMIND_AFTER else None
