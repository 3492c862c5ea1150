"""Which unpaid days could a signed convention pay, within what is left of its ceiling?

A convention's own conditions replace the approval of the course. It gives its daily amount, else the trainee scale;
it pays the days in order while what is left lasts, a whole day at a time (SEMANTICS §6). What remains of a ceiling
that nobody has said is to check, so the day stays a gap.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from conference.domain.case import Convention
from conference.domain.course import Course
from conference.domain.french import format_date, format_euros
from conference.domain.money import from_cents, to_cents
from conference.domain.period import Period
from conference.domain.rate import Rate
from conference.domain.segment import CoverageStatus, Reason, ReasonCode, Segment
from conference.domain.trainee_pay import trainee_rate
from conference.domain.verdict import Condition, Verdict

LAW = "convention signée entre financeurs"


@dataclass
class Purse:
    """A convention while its money is spent, in whole cents."""

    convention: Convention
    spent: int = 0
    run: Period | None = None
    rate: Rate | None = None

    @property
    def left(self) -> int | None:
        """Cents left once the run being paid is paid for; None when it was never said."""
        if self.convention.left is None:
            return None
        return to_cents(self.convention.left) - self.spent - self._running(0)

    def pay(self, part: Period, rate: Rate | None) -> Period | None:
        """The first days of `part` that what is left can pay, taken from it; None when it pays none.

        Days that follow at the same rate are one sum, rounded once. An amount that is not known takes nothing.
        """
        left = self.left
        if left is None or left <= 0:
            return None
        if rate is None:
            return part
        if self.run is None or self.rate != rate or not self.run.touches(part):
            self._settle(rate)
        days = min(part.days, self._days_affordable(rate) - self._days_running())
        if days <= 0:
            return None
        paid = Period(part.first, part.first + timedelta(days=days - 1))
        self.run = Period(self.run.first if self.run else paid.first, paid.last)
        return paid

    def _settle(self, rate: Rate) -> None:
        self.spent += self._running(0)
        self.run, self.rate = None, rate

    def _days_running(self) -> int:
        return 0 if self.run is None else self.run.days

    def _running(self, more: int) -> int:
        return 0 if self.rate is None else self.rate.cents_for(self._days_running() + more)

    def _days_affordable(self, rate: Rate) -> int:
        """The most days whose sum, rounded, is not more than the ceiling less what is settled."""
        assert self.convention.left is not None
        ceiling = to_cents(self.convention.left) - self.spent
        if rate.cents == 0:
            return (date.max - date.min).days
        return ((2 * ceiling + 1) * rate.days - 1) // (2 * rate.cents)


def purses(conventions: Iterable[Convention]) -> list[Purse]:
    """Conventions in the order in which they pay: the first to end first."""
    ordered = sorted(conventions, key=lambda one: (one.period.last, one.period.first, one.payer, one.kind.value))
    return [Purse(convention) for convention in ordered]


def convention_pay(course: Course, runs: Sequence[Period], held: Iterable[Purse]) -> list[Segment]:
    """The days of `runs` that signed conventions could pay."""
    found: list[Segment] = []
    left = list(runs)
    for purse in held:
        paid = [segment for run in left for segment in _paid_by(course, run, purse)]
        found += paid
        left = [rest for run in left for rest in run.subtract(segment.period for segment in paid)]
    return found


def _paid_by(course: Course, run: Period, purse: Purse) -> list[Segment]:
    within = run.intersection(purse.convention.period)
    if within is None:
        return []
    found = []
    for part, rate, notes in rates(course, within, purse.convention):
        paid = purse.pay(part, rate)
        if paid is None:
            break
        found.append(_segment(paid, purse.convention, rate, notes))
        if paid != part:
            break
    return found


def rates(
    course: Course, run: Period, convention: Convention | None
) -> list[tuple[Period, Rate | None, tuple[Condition, ...]]]:
    """The run cut where the amount changes, each part with it: the convention's own, else the trainee scale."""
    if convention is not None and convention.rate is not None:
        text = f"La convention donne {format_euros(convention.rate.daily)} par jour."
        return [(run, convention.rate, (Condition("convention_amount", Verdict.YES, text, LAW),))]
    return [(part, *trainee_rate(course, part.first)) for part in run.split(scale_starts(course, run))]


def scale_starts(course: Course, run: Period) -> set[date]:
    """The days of the run on which the trainee scale may change."""
    codes = [code for code in course.scales.by_code if code.startswith(("RSP_", "RFFT_"))]
    return {day for code in codes for day in course.scales.starts(code) if run.contains(day)}


def _segment(period: Period, convention: Convention, rate: Rate | None, notes: tuple[Condition, ...]) -> Segment:
    reason = Reason(ReasonCode.SIGNED_CONVENTION, "Une convention signée pourrait payer ces jours.")
    return Segment(
        period, CoverageStatus.AVAILABLE, convention.kind, convention.payer, rate, reason, (_signed(convention), *notes)
    )


def _signed(convention: Convention) -> Condition:
    period = convention.period
    text = f"Une convention signée court du {format_date(period.first)} au {format_date(period.last)}"
    if convention.left is None:
        return Condition("convention", Verdict.TO_CHECK, f"{text}, ce qu’il en reste n’est pas connu.", LAW)
    return Condition("convention", Verdict.YES, f"{text}, il en restait {format_euros(convention.left)}.", LAW)


def takeover(course: Course, run: Period, held: Sequence[Purse], paid: bool) -> tuple[Verdict, tuple[Condition, ...]]:
    """What the signed conventions say of a run, once they have paid what they could; `paid`: one pays some of its days."""
    reaching = [purse for purse in held if purse.convention.period.overlaps(run)]
    if not reaching:
        text = "Aucune convention signée ne couvre ces jours."
        return Verdict.NO, (Condition("convention", Verdict.NO, text, LAW),)
    why = tuple(_said(purse) for purse in reaching)
    if paid:
        return Verdict.YES, why
    unknown = any(purse.convention.left is None for purse in reaching)
    return (Verdict.TO_CHECK if unknown else Verdict.NO), why


def _said(purse: Purse) -> Condition:
    left = purse.left
    signed = _signed(purse.convention)
    if left is None or left > 0:
        return signed
    text = f"{signed.text[:-1]}, et il ne reste que {format_euros(from_cents(left))}."
    return Condition("convention_ceiling", Verdict.NO, text, LAW)
