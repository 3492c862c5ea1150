"""What do the checks of a parcours look at, and what does one find?

Everything that is recorded of a parcours and what the engine answered for it, told once. Decision: a check compares days with
today only through `Today.reached`, which remembers the nearest day on which an answer would change though no fact does; the
nightly run asks again on that day, and leaves the others alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from conference.domain.alert_words import AlertSeverity
from conference.domain.case import Case
from conference.domain.funding_conflicts import Funding, Planned
from conference.domain.gaps import GapPart
from conference.domain.handoff import HandoffStatus
from conference.domain.period import Period
from conference.domain.rights import Right
from conference.domain.segment import Coverage
from conference.domain.thresholds import Thresholds


class Finding(NamedTuple):
    """What a check found. Its identity is `code` and `cause` (of one parcours): a step, a handoff or two lines, never a date
    or an amount.

    `first_day`: the first day it concerns; `due_on`: the day by which it must be settled; `days`, `need`: calendar days and
    gross euros at stake (None: not known, or no matter of euros); `organisation_id`: the funder that should act; `message`:
    one French sentence without a nominative value.
    """

    code: str
    cause: str
    severity: AlertSeverity
    first_day: date | None
    due_on: date | None
    days: int
    need: Decimal | None
    organisation_id: int | None
    message: str


class Today:
    """The day of the checks. `next`: the nearest later day that one of them asked about, None when there is none."""

    def __init__(self, on: date) -> None:
        self.on = on
        self.next: date | None = None

    def reached(self, day: date) -> bool:
        """Is it that day, or later?"""
        if day <= self.on:
            return True
        if self.next is None or day < self.next:
            self.next = day
        return False

    def within(self, day: date, ahead: int) -> bool:
        """Is that day past, or `ahead` days away at most?"""
        return self.reached(day - timedelta(days=ahead)) if day.toordinal() > ahead else True

    def passed(self, day: date) -> bool:
        """Is that day over?"""
        return day < date.max and self.reached(day + timedelta(days=1))


class StepFacts(NamedTuple):
    """A step: `organisation_id` is the funder that should act for it (its referent where it has a share, else the first)."""

    id: int
    period: Period
    needs_income: bool
    organisation_id: int | None


class HandoffFacts(NamedTuple):
    """A handoff, with its days in France."""

    id: int
    reference: str
    status: HandoffStatus
    sender_id: int
    receiver_id: int
    from_step_id: int
    to_step_id: int | None
    first_day: date
    proposed_on: date | None
    answer_by: date | None


@dataclass(frozen=True, slots=True)
class Followed:
    """What is recorded of a parcours; 0 stands for a territory or an audience that nobody said.

    `case` is what the engine is asked: its steps are `steps`, its rights those of `right_ids`, in the same order.
    """

    id: int
    version: int
    referent_id: int
    territory_id: int
    audience_id: int
    case: Case
    steps: tuple[StepFacts, ...]
    right_ids: tuple[int, ...]
    handoffs: tuple[HandoffFacts, ...] = ()
    fundings: tuple[Funding, ...] = ()
    plans: tuple[Planned, ...] = ()

    def step(self, step_id: int | str | None) -> StepFacts | None:
        """The step of that identifier, None when it is not there (withdrawn)."""
        return next((step for step in self.steps if str(step.id) == str(step_id)), None)

    @property
    def rights(self) -> Iterator[tuple[int, Right]]:
        """Each recorded right with its identifier."""
        return zip(self.right_ids, self.case.rights, strict=True)


@dataclass(frozen=True, slots=True)
class AlertFacts:
    """Everything that the checks of one parcours look at."""

    today: Today
    thresholds: Thresholds
    followed: Followed
    coverage: Coverage
    gaps: tuple[GapPart, ...]

    def is_current(self, step: StepFacts) -> bool:
        """Has the step begun, or does it begin within the look-ahead, and is it not over?"""
        return self.today.within(step.period.first, self.thresholds["gap_look_ahead"]) and not self.today.passed(
            step.period.last
        )
