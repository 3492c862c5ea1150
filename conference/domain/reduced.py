"""Which days are paid less than before, and how much is lost?

Measured against the last daily amount: that of the nearest earlier recorded right that is not itself a relay or a
trainee's pay, so that each month of a capped relay is compared with the benefit it follows (DOMAIN §2: 40 € a day in
June 2025, 1 200.00 to 769.49, a drop of 430.51).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from conference.domain.period import Period
from conference.domain.rate import Rate
from conference.domain.rights import Right, RightKind
from conference.domain.segment import ReducedPart

REPLACEMENTS = frozenset({RightKind.AFF, RightKind.AFDEF, RightKind.RFF, RightKind.TRAINEE_PAY})


def reduced(paid: Iterable[tuple[Period, Rate | None, Right | None]], rights: Sequence[Right]) -> list[ReducedPart]:
    """The reduced runs, in order. `paid`: each run with its exact rate and the right that pays it (None: presumed)."""
    references = [right for right in rights if right.rate is not None and right.kind not in REPLACEMENTS]
    if not references:
        return []
    found: list[ReducedPart] = []
    for period, rate, right in sorted(paid, key=lambda each: each[0]):
        if rate is None:
            continue
        before = last_amount(references, right.period if right is not None else period)
        if before is not None and rate.is_less_than(before):
            _add(found, ReducedPart(period, before, rate))
    return found


def last_amount(references: Sequence[Right], period: Period) -> Rate | None:
    """The rate of the right that ended last before the period; of several that end together, the one shown first."""
    ended = [right for right in references if right.period.last < period.first]
    return max(ended, key=lambda right: right.period.last).rate if ended else None


def _add(found: list[ReducedPart], part: ReducedPart) -> None:
    """Runs that follow at the same amounts are one, rounded once."""
    previous = found[-1] if found else None
    if (
        previous
        and (previous.before, previous.paid) == (part.before, part.paid)
        and previous.period.touches(part.period)
    ):
        found[-1] = ReducedPart(Period(previous.period.first, part.period.last), part.before, part.paid)
    else:
        found.append(part)
