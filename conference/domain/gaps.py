"""Of the days that nobody pays, which lie in which step and in which month, why, and who could take them over?

The gaps of an answer of the engine are cut by step and by month, so that the table of needs can add them up: each part has
the days of one step and of one month, and the parts of a segment sum to its amount to the cent (largest remainder by days).
The possible payer is the first scheme, in the order of the engine's rows, that remains to check. Decision: a scheme that says
yes is not named, since it pays what it may pay and these days lie beyond it (limit reached, interruption, ceiling spent).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from conference.domain.case import Step
from conference.domain.money import split
from conference.domain.period import Period
from conference.domain.segment import Coverage, CoverageStatus, Segment, Takeover
from conference.domain.verdict import Verdict

NO_PAYER = "none"
"""The possible payer where no scheme in force could take over."""


class GapPart(NamedTuple):
    """Days of one month and one step that nobody pays, both included; `month` is its first day.

    `amount`: gross euros, None when it is not known. `reason`: a `ReasonCode`; `payer`: the code of a scheme or `none`.
    """

    step_id: str
    month: date
    first: date
    last: date
    amount: Decimal | None
    reason: str
    payer: str

    @property
    def days(self) -> int:
        """Calendar days, at least one."""
        return (self.last - self.first).days + 1

    @property
    def period(self) -> Period:
        """The days."""
        return Period(self.first, self.last)


def gap_parts(covered: Coverage, steps: Iterable[Step]) -> tuple[GapPart, ...]:
    """The gaps of `covered`, the answer for `steps`, in the order of their days."""
    if not covered.days.gap:
        return ()
    owned = own_days(steps)
    gaps = (segment for segment in covered.segments if segment.status is CoverageStatus.GAP)
    return tuple(part for gap in gaps for part in _parts(gap, owned, possible_payer(gap, covered.takeover)))


def own_days(steps: Iterable[Step]) -> list[tuple[str, Period]]:
    """The runs of days of each step that needs an income, in order; a day that two steps share belongs to the first of
    them, as for the engine."""
    owned: list[tuple[str, Period]] = []
    taken: list[Period] = []
    for step in sorted((one for one in steps if one.needs_income), key=_in_order):
        owned += [(step.id, run) for run in (step.period.subtract(taken) if taken else [step.period])]
        taken.append(step.period)
    return sorted(owned, key=lambda each: each[1].first)


def possible_payer(gap: Segment, rows: Sequence[Takeover]) -> str:
    """The scheme that could take over a gap once what remains to check is, `none` when there is none."""
    for row in rows:
        if row.verdict is Verdict.TO_CHECK and row.period.covers(gap.period):
            return str(row.scheme)
    return NO_PAYER


def _in_order(step: Step) -> tuple[date, date, str]:
    return step.period.first, step.period.last, step.id


def _parts(gap: Segment, owned: Sequence[tuple[str, Period]], payer: str) -> list[GapPart]:
    pieces = [
        (step_id, part)
        for step_id, run in owned
        if (common := run.intersection(gap.period)) is not None
        for part in common.by_month()
    ]
    amounts: Sequence[Decimal | None] = [None] * len(pieces)
    if gap.amount is not None:
        amounts = split(gap.amount, [part.days for _, part in pieces]) if len(pieces) > 1 else [gap.amount]
    reason = gap.reason.code.value
    return [
        GapPart(step_id, part.first.replace(day=1), part.first, part.last, amount, reason, payer)
        for (step_id, part), amount in zip(pieces, amounts, strict=True)
    ]
