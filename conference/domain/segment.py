"""What is the answer of the engine made of: segments, sums, overlaps, reduced days, who can take over?

Plain immutable values. Amounts are found from an exact rate and rounded once by segment; a segment whose amount is
not known keeps its status and says in `why` which value is missing, and on which day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from conference.domain.period import Period
from conference.domain.rate import Rate
from conference.domain.rights import RightKind
from conference.domain.verdict import Condition, Verdict


class CoverageStatus(StrEnum):
    """What is known of a day that needs an income; labels are in the glossary."""

    COVERED = "covered"
    PRESUMED = "presumed"
    AVAILABLE = "available"
    GAP = "gap"


class ReasonCode(StrEnum):
    """Why a segment has its status; labels are in the glossary."""

    RECORDED_RIGHT = "recorded_right"
    PRESUMED_RELAY = "presumed_relay"
    PRESUMED_TRAINEE_PAY = "presumed_trainee_pay"
    SIGNED_CONVENTION = "signed_convention"
    NO_RIGHT = "no_right"
    NOT_YET_PAYABLE = "not_yet_payable"
    BETWEEN_RIGHTS = "between_rights"
    RIGHTS_ENDED = "rights_ended"
    NOT_PRESCRIBED = "not_prescribed"
    NOT_QUALIFYING = "not_qualifying"
    NOT_ON_LIST = "not_on_list"
    LIMIT_REACHED = "limit_reached"
    COURSE_NOT_APPROVED = "course_not_approved"
    INTERRUPTION = "interruption"
    ABSENCE = "absence"
    CONDITION_TO_CHECK = "condition_to_check"


class Reason(NamedTuple):
    """A stable code, and the French sentence that a person reads."""

    code: ReasonCode
    text: str


class Segment(NamedTuple):
    """The longest run of days with one and the same answer.

    `rate` is what is paid, or for a gap what would be needed; None when it is not known. A gap has neither kind nor
    payer. `why` explains it: the conditions met, missing or to check, then how the amount was found.
    """

    period: Period
    status: CoverageStatus
    kind: RightKind | None
    payer: str | None
    rate: Rate | None
    reason: Reason
    why: tuple[Condition, ...] = ()

    @property
    def first(self) -> date:
        return self.period.first

    @property
    def last(self) -> date:
        return self.period.last

    @property
    def days(self) -> int:
        return self.period.days

    @property
    def daily_amount(self) -> Decimal | None:
        """Gross euros a day, rounded to the cent."""
        return None if self.rate is None else self.rate.daily

    @property
    def amount(self) -> Decimal | None:
        """Gross euros of all its days, rounded to the cent once."""
        return None if self.rate is None else self.rate.amount(self.days)


@dataclass(frozen=True, slots=True)
class Overlap:
    """Days that several rights pay although they may not be paid together; the right shown comes first."""

    period: Period
    kinds: tuple[RightKind, ...]
    payers: tuple[str, ...]

    @property
    def days(self) -> int:
        return self.period.days


class DayCounts(NamedTuple):
    """Covered + presumed + available + gap = needed; overlap counts days that are covered more than once."""

    needed: int
    covered: int
    presumed: int
    available: int
    gap: int
    overlap: int


@dataclass(frozen=True, slots=True)
class ReducedPart:
    """Days paid less than the last daily amount: `before` was paid a day, `paid` is; both exact."""

    period: Period
    before: Rate
    paid: Rate

    @property
    def days(self) -> int:
        return self.period.days

    @property
    def loss(self) -> Decimal:
        """Gross euros lost over these days."""
        return self.before.amount(self.days) - self.paid.amount(self.days)


class Reduced(NamedTuple):
    """All reduced days, and what they lose in gross euros."""

    days: int
    loss: Decimal
    parts: tuple[ReducedPart, ...]


class Takeover(NamedTuple):
    """What one scheme says of a run of days that no recorded right pays."""

    period: Period
    scheme: str
    verdict: Verdict
    why: tuple[Condition, ...]


class Coverage(NamedTuple):
    """The whole answer. `need` is what the gaps cost in gross euros, None as soon as one of them is not known."""

    days: DayCounts
    need: Decimal | None
    reduced: Reduced
    segments: tuple[Segment, ...]
    dead_time: tuple[Period, ...]
    overlaps: tuple[Overlap, ...]
    takeover: tuple[Takeover, ...]
