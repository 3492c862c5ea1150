"""Which recorded rights pay a day, which one is shown, and which may not be paid together?

Two rights of the same kind and payer are one. Of several, the one recorded as main is shown, else the larger; the
others are an overlap unless the pair is cumulable (SEMANTICS §6).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import combinations

from conference.domain.period import ONE_DAY, Period
from conference.domain.rate import Rate
from conference.domain.rights import Right, RightKind, are_cumulable
from conference.domain.segment import Overlap

NO_RATE = Rate(-1, 1)


def in_precedence(rights: Iterable[Right], known_on: date | None) -> list[Right]:
    """The rights known at the end of that day (None: all), the one to show first; the order given changes nothing."""
    known = [right for right in rights if known_on is None or right.is_known(known_on)]
    return known if len(known) < 2 else sorted(known, key=_precedence)


def _precedence(right: Right) -> tuple[bool, float, str, str, Period]:
    """Recorded as main, then the larger; the rest only makes the order total."""
    rate = right.rate or NO_RATE
    return (not right.main, -rate.cents / rate.days, right.kind.value, right.payer, right.period)


def by_rights(rights: Sequence[Right], run: Period) -> list[tuple[Period, list[Right]]]:
    """The run cut wherever a right starts or stops, each part with its paying rights, the one shown first."""
    reaching = [right for right in rights if right.period.overlaps(run)]
    if not reaching:
        return [(run, [])]
    starts = {right.period.first for right in reaching}
    starts |= {right.period.last + ONE_DAY for right in reaching if right.period.last < date.max}
    return [(part, [right for right in reaching if right.period.covers(part)]) for part in run.split(starts)]


def income(paying: Sequence[Right]) -> Rate | None:
    """What the day brings: the right shown and those that may be paid with it; None when one of them is not known."""
    total = paying[0].rate
    seen = {(paying[0].kind, paying[0].payer)}
    for right in paying[1:]:
        if (right.kind, right.payer) in seen or not are_cumulable(paying[0], right):
            continue
        if total is None or right.rate is None:
            return None
        seen.add((right.kind, right.payer))
        total = total.plus(right.rate)
    return total


def clashing(paying: Sequence[Right]) -> list[Right]:
    """Of the rights that pay a same day, those that may not be paid together with another; same payer and kind once."""
    if len(paying) < 2:
        return []
    by_payer: dict[tuple[RightKind, str], Right] = {}
    for right in paying:
        by_payer.setdefault((right.kind, right.payer), right)
    distinct = list(by_payer.values())
    clashes = [pair for pair in combinations(distinct, 2) if not are_cumulable(*pair)]
    return [right for right in distinct if any(right in pair for pair in clashes)]


def overlaps(parts: Iterable[tuple[Period, Sequence[Right]]]) -> tuple[Overlap, ...]:
    """The days paid twice, as the fewest runs."""
    found: list[Overlap] = []
    for part, paying in parts:
        clash = clashing(paying)
        if not clash:
            continue
        kinds, payers = tuple(right.kind for right in clash), tuple(right.payer for right in clash)
        previous = found[-1] if found else None
        if previous and (previous.kinds, previous.payers) == (kinds, payers) and previous.period.touches(part):
            found[-1] = Overlap(Period(previous.period.first, part.last), kinds, payers)
        else:
            found.append(Overlap(part, kinds, payers))
    return tuple(found)
