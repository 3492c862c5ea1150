"""What is kept of a person who is wholly paid by recorded rights, and about whom no check has anything to say?

The same as the engine and the checks would find, from whole numbers: when in doubt there is no quick answer, and the caller
takes the long way. A test proves both ways equal.
"""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from conference.data.queries.quick_rows import QuickRight
from conference.domain.coverage_in_bulk import settled
from conference.domain.money import ZERO
from conference.domain.rate import Rate
from conference.domain.thresholds import Thresholds
from conference.services.coverage_versions import Content

Step = tuple[int, int, bool]
"""First and last day as ordinals, and whether its days need an income."""


def quick_answer(
    steps: Sequence[Step], rights: Sequence[QuickRight], on: date, thresholds: Thresholds
) -> tuple[int, str, date | None] | None:
    """The days needed, all paid, the segments as they are stored, and the day to ask again; None when the engine and the
    checks must be asked."""
    recheck_on = None
    late = [right[5] for right in rights if right[5] > on]
    if late:
        recheck_on = min(late)
        rights = [right for right in rights if right[5] <= on]
    needed = [step[:2] for step in steps if step[2]]
    days = settled(needed, [right[:3] for right in rights])
    if days is None or _is_low(rights, thresholds["income_floor"]):
        return None
    if len(steps) > 1 and _waits(steps, thresholds["dead_time"]):
        return None
    return days, _text(needed, rights), recheck_on


def paid_content(days: int, segments: str) -> Content:
    """What is kept of a person whose needed days are all paid."""
    return Content(days, days, 0, 0, 0, 0, 0, ZERO, ZERO, segments)


def _is_low(rights: Sequence[QuickRight], floor: int) -> bool:
    least = Rate(floor * 1200, 365)
    return any(right[2] is not None and right[2].is_less_than(least) for right in rights)


def _waits(steps: Sequence[Step], longest: int) -> bool:
    """Is there a hole between two steps of more days than that?"""
    reached = 0
    for first, last, _ in sorted(steps):
        if reached and first - reached - 1 > longest:
            return True
        reached = max(reached, last)
    return False


def _text(needed: Sequence[tuple[int, int]], rights: Sequence[QuickRight]) -> str:
    """The segments as `coverage_versions.segments_text` writes them; runs of one and the same payment are one."""
    runs: list[list[Any]] = []
    ordered = sorted(rights, key=_first_day) if len(rights) > 1 else rights
    for first, last in _merged(needed):
        for right in ordered:
            start, end = max(first, right[0]), min(last, right[1])
            if start > end:
                continue
            paid = right[2:5]
            if runs and runs[-1][2] == paid and runs[-1][1] == start - 1:
                runs[-1][1] = end
            else:
                runs.append([start, end, paid])
    return f"[{','.join([_segment(*run) for run in runs])}]"


def _first_day(right: QuickRight) -> int:
    return right[0]


def _merged(needed: Sequence[tuple[int, int]]) -> Sequence[tuple[int, int]]:
    if len(needed) < 2:
        return needed
    runs: list[tuple[int, int]] = []
    for first, last in sorted(needed):
        if runs and first <= runs[-1][1] + 1:
            runs[-1] = runs[-1][0], max(runs[-1][1], last)
        else:
            runs.append((first, last))
    return runs


def _segment(first: int, last: int, paid: tuple[Rate | None, str, int]) -> str:
    rate, kind, payer = paid
    amounts = "null,null" if rate is None else f"{rate.cents_for(1)},{rate.cents_for(last - first + 1)}"
    return f'["{_iso(first)}","{_iso(last)}","covered","{kind}","{payer}",{amounts},"recorded_right"]'


@lru_cache(maxsize=65_536)
def _iso(day: int) -> str:
    return date.fromordinal(day).isoformat()
