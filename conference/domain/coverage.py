"""Which days of a course does somebody pay, which does nobody pay, and which are paid twice?

Told day by day, computed by runs of days: the result is the same as asking the question for each day (a property
test does so). Decision: the answer is built by **layers**, in order. Each layer takes the days still without an
answer and settles some of them; what no layer settles is a gap. Recorded rights are the first layer and the only one
so far; what a rule presumes and what a signed convention could pay are further functions in `LAYERS`, and neither
the gaps, nor the sums, nor the result's shape change with them.

Sources: rights are paid for every calendar day, weekends and closures included; days between two steps are dead
time, told apart, never a gap.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import combinations

from conference.domain.case import Step
from conference.domain.french import format_date
from conference.domain.money import ZERO, round_cents
from conference.domain.period import ONE_DAY, Period, days_between, merge
from conference.domain.rights import Right, RightKind, are_cumulable


class CoverageStatus(StrEnum):
    """What is known of a day that needs an income; labels are in the glossary."""

    COVERED = "covered"
    PRESUMED = "presumed"
    AVAILABLE = "available"
    GAP = "gap"


class ReasonCode(StrEnum):
    """Why a segment has its status, as far as recorded rights can tell."""

    RECORDED_RIGHT = "recorded_right"
    NO_RIGHT = "no_right"
    NOT_YET_PAYABLE = "not_yet_payable"
    BETWEEN_RIGHTS = "between_rights"
    RIGHTS_ENDED = "rights_ended"


@dataclass(frozen=True, slots=True)
class Reason:
    """A stable code, and the French sentence that a person reads."""

    code: ReasonCode
    text: str


@dataclass(frozen=True, slots=True)
class Segment:
    """The longest run of days with one and the same answer.

    `daily_amount` and `amount` are gross euros: what is paid, or for a gap what would be needed; both None when the
    daily amount is not known (to check). `amount` is rounded to the cent once. A gap has neither kind nor payer.
    """

    period: Period
    status: CoverageStatus
    kind: RightKind | None
    payer: str | None
    daily_amount: Decimal | None
    reason: Reason

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
    def amount(self) -> Decimal | None:
        return None if self.daily_amount is None else round_cents(self.daily_amount * self.days)


@dataclass(frozen=True, slots=True)
class Overlap:
    """Days that several rights pay although they may not be paid together; the right shown comes first."""

    period: Period
    kinds: tuple[RightKind, ...]
    payers: tuple[str, ...]

    @property
    def days(self) -> int:
        return self.period.days


@dataclass(frozen=True, slots=True)
class DayCounts:
    """Covered + presumed + available + gap = needed; overlap counts days that are covered more than once."""

    needed: int
    covered: int
    presumed: int
    available: int
    gap: int
    overlap: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """The whole answer. `need` is what the gaps cost in gross euros, None as soon as one of them is to check."""

    days: DayCounts
    need: Decimal | None
    segments: tuple[Segment, ...]
    dead_time: tuple[Period, ...]
    overlaps: tuple[Overlap, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """What every layer may read: the rights known on the day asked, the largest of a day first."""

    rights: tuple[Right, ...]


Layer = Callable[[Facts, Sequence[Period]], list[Segment]]


def coverage(steps: Iterable[Step], rights: Iterable[Right], known_on: date) -> Coverage:
    """Who pays each day of `steps` that needs an income, as known at the end of the day `known_on`.

    The order of `steps` and `rights` changes nothing. Never fails for a missing amount: the segment stays, its amount
    is None.
    """
    steps = tuple(steps)
    facts = Facts(tuple(sorted((right for right in rights if right.is_known(known_on)), key=_precedence)))
    needed = merge(step.period for step in steps if step.needs_income)
    segments = _settle(facts, needed)
    overlaps = _overlaps(facts, needed)
    return Coverage(
        days=_counts(segments, overlaps),
        need=_need(segments),
        segments=segments,
        dead_time=tuple(days_between(step.period for step in steps)),
        overlaps=overlaps,
    )


def _settle(facts: Facts, needed: Sequence[Period]) -> tuple[Segment, ...]:
    """Each layer in turn takes its days; the rest are gaps."""
    settled: list[Segment] = []
    left = list(needed)
    for layer in LAYERS:
        found = layer(facts, left)
        taken = [segment.period for segment in found]
        left = [rest for run in left for rest in run.subtract(taken)]
        settled += found
    settled += _gaps(facts, left)
    return tuple(_joined(settled))


def recorded_rights(facts: Facts, left: Sequence[Period]) -> list[Segment]:
    """The first layer: the days that a recorded right pays, each shown with its main right."""
    return [_paid_by(paying[0], part) for part, paying in _by_rights(facts, left) if paying]


LAYERS: tuple[Layer, ...] = (recorded_rights,)


def _paid_by(right: Right, part: Period) -> Segment:
    reason = Reason(ReasonCode.RECORDED_RIGHT, "Un droit enregistré paie ces jours.")
    return Segment(part, CoverageStatus.COVERED, right.kind, right.payer, right.daily_amount, reason)


def _gaps(facts: Facts, left: Sequence[Period]) -> list[Segment]:
    return [
        Segment(run, CoverageStatus.GAP, None, None, _amount_near(facts, run), _gap_reason(facts, run)) for run in left
    ]


def _gap_reason(facts: Facts, gap: Period) -> Reason:
    """What the recorded rights say of a run of days that none of them holds."""
    before = max((right.period.last for right in facts.rights if right.period.last < gap.first), default=None)
    after = min((right.period.first for right in facts.rights if right.period.first > gap.last), default=None)
    if before and after:
        return Reason(
            ReasonCode.BETWEEN_RIGHTS,
            f"Un droit s’arrête le {format_date(before)}, le suivant ne commence que le {format_date(after)}.",
        )
    if before:
        text = f"Le dernier droit enregistré s’arrête le {format_date(before)} et rien ne prend la suite."
        return Reason(ReasonCode.RIGHTS_ENDED, text)
    if after:
        text = f"Le premier droit enregistré ne commence que le {format_date(after)}."
        return Reason(ReasonCode.NOT_YET_PAYABLE, text)
    return Reason(ReasonCode.NO_RIGHT, "Aucun droit n’est enregistré pour cette personne.")


def _amount_near(facts: Facts, gap: Period) -> Decimal | None:
    """The nearest earlier daily amount, else the first later one, else None; on a same day, the right shown."""
    valued = [right for right in facts.rights if right.daily_amount is not None]
    earlier = [right for right in valued if right.period.last < gap.first]
    if earlier:
        return max(earlier, key=lambda right: right.period.last).daily_amount
    later = [right for right in valued if right.period.first > gap.last]
    return min(later, key=lambda right: right.period.first).daily_amount if later else None


def _by_rights(facts: Facts, runs: Iterable[Period]) -> list[tuple[Period, list[Right]]]:
    """The runs cut wherever a right starts or stops, each part with its paying rights, the one shown first."""
    starts = {right.period.first for right in facts.rights}
    starts |= {right.period.last + ONE_DAY for right in facts.rights if right.period.last < date.max}
    parts = [part for run in runs for part in run.split(starts)]
    return [(part, [right for right in facts.rights if right.period.covers(part)]) for part in parts]


def _precedence(right: Right) -> tuple[bool, Decimal, str, str, Period]:
    """Sort key: the right recorded as main, then the larger; the rest only makes the order total."""
    amount = Decimal(-1) if right.daily_amount is None else right.daily_amount
    return (not right.main, -amount, right.kind.value, right.payer, right.period)


def _overlaps(facts: Facts, needed: Sequence[Period]) -> tuple[Overlap, ...]:
    found: list[Overlap] = []
    for part, paying in _by_rights(facts, needed):
        clashing = _clashing(paying)
        if not clashing:
            continue
        kinds, payers = tuple(right.kind for right in clashing), tuple(right.payer for right in clashing)
        previous = found[-1] if found else None
        if previous and (previous.kinds, previous.payers) == (kinds, payers) and previous.period.touches(part):
            found[-1] = Overlap(Period(previous.period.first, part.last), kinds, payers)
        else:
            found.append(Overlap(part, kinds, payers))
    return tuple(found)


def _clashing(paying: Sequence[Right]) -> list[Right]:
    """Of the rights that pay a same day, those that may not be paid together with another; same payer and kind once."""
    by_payer: dict[tuple[RightKind, str], Right] = {}
    for right in paying:
        by_payer.setdefault((right.kind, right.payer), right)
    distinct = list(by_payer.values())
    clashes = [pair for pair in combinations(distinct, 2) if not are_cumulable(*pair)]
    return [right for right in distinct if any(right in pair for pair in clashes)]


def _joined(segments: Iterable[Segment]) -> list[Segment]:
    """Segments in order, those that follow with the same answer made one."""
    joined: list[Segment] = []
    for segment in sorted(segments, key=lambda one: one.period):
        previous = joined[-1] if joined else None
        if previous and previous.period.touches(segment.period) and _answer(previous) == _answer(segment):
            joined[-1] = Segment(Period(previous.first, segment.last), *_answer(segment))
        else:
            joined.append(segment)
    return joined


def _answer(
    segment: Segment,
) -> tuple[CoverageStatus, RightKind | None, str | None, Decimal | None, Reason]:
    return (segment.status, segment.kind, segment.payer, segment.daily_amount, segment.reason)


def _counts(segments: Iterable[Segment], overlaps: Iterable[Overlap]) -> DayCounts:
    by_status = dict.fromkeys(CoverageStatus, 0)
    for segment in segments:
        by_status[segment.status] += segment.days
    return DayCounts(
        needed=sum(by_status.values()),
        covered=by_status[CoverageStatus.COVERED],
        presumed=by_status[CoverageStatus.PRESUMED],
        available=by_status[CoverageStatus.AVAILABLE],
        gap=by_status[CoverageStatus.GAP],
        overlap=sum(overlap.days for overlap in overlaps),
    )


def _need(segments: Iterable[Segment]) -> Decimal | None:
    need = ZERO
    for segment in segments:
        if segment.status is not CoverageStatus.GAP:
            continue
        if segment.amount is None:
            return None
        need += segment.amount
    return need
