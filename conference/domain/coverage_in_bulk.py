"""What is the answer for very many persons, when most of them are wholly paid by recorded rights?

Decision: a quick pass over whole numbers (proleptic ordinals, as `date.toordinal` gives them) settles only the persons whose
answer leaves nothing to say: every day that needs an income held by one known right, no two rights on a day, no amount
that falls. All others go through the one engine. When in doubt the pass does not settle, so there is no second reading
of the rules: a property test proves its answers equal to those of the engine. Persons come in one by one and
answers go out one by one, so that memory does not grow with their number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from functools import lru_cache
from operator import itemgetter
from typing import Generic, NamedTuple, TypeVar

from conference.domain.case import Case
from conference.domain.coverage import coverage
from conference.domain.money import ZERO
from conference.domain.rate import Rate
from conference.domain.scales import Scales
from conference.domain.segment import Coverage, DayCounts

Key = TypeVar("Key")
Run = tuple[int, int]
"""First and last day, both included, as ordinals."""
Held = tuple[int, int, Rate | None]
"""First and last day of a right as ordinals, and its exact daily amount, None when it is not known."""

_by_first_day = itemgetter(0)


class Asked(NamedTuple, Generic[Key]):
    """One person: the steps that need an income and the rights known on the day asked, in any order.

    `key` is whatever the caller needs to make the whole case, which is done for the persons that the engine answers only."""

    key: Key
    needed: Sequence[Run]
    rights: Sequence[Held]


class Answer(NamedTuple):
    """What is counted of a person, in days and gross euros; `need` is None when the need of a gap is not known.

    `coverage` is the engine's whole answer, None for a person whom the quick pass settled."""

    days: DayCounts
    need: Decimal | None
    reduced_days: int
    loss: Decimal
    coverage: Coverage | None


def coverage_in_bulk(
    persons: Iterable[Asked[Key]], case_of: Callable[[Key], Case], scales: Scales
) -> Iterator[tuple[Key, Answer]]:
    """The answer for each person, in their order, one at a time: what `coverage(case_of(key), scales)` counts."""
    for key, needed, rights in persons:
        paid = settled(needed, rights)
        yield key, counted(coverage(case_of(key), scales)) if paid is None else wholly_paid(paid)


def settled(needed: Sequence[Run], rights: Sequence[Held]) -> int | None:
    """The number of distinct days that need an income, when recorded rights pay them all and nothing else is to be said.

    None when the engine must answer: a day that no right holds, two rights on one day (needed or not), or an amount
    below that of an earlier right. `rights` are those known on the day asked."""
    paid = _paid_runs(rights)
    if paid is None:
        return None
    days = reached = position = 0
    for first, last in sorted(needed):
        while position < len(paid) and paid[position][1] < first:
            position += 1
        if position == len(paid) or first < paid[position][0] or paid[position][1] < last:
            return None
        if last > reached:
            days += last - max(first - 1, reached)
            reached = last
    return days


def _paid_runs(rights: Sequence[Held]) -> Sequence[Run] | None:
    """The longest runs of paid days in order; None when two rights share a day or an amount falls."""
    if len(rights) == 1:
        return [rights[0][:2]]
    runs: list[Run] = []
    amount: Rate | None = None
    for first, last, rate in sorted(rights, key=_by_first_day):
        if runs and first <= runs[-1][1]:
            return None
        if rate is not None:
            if amount is not None and rate.is_less_than(amount):
                return None
            amount = rate
        if runs and first == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], last)
        else:
            runs.append((first, last))
    return runs


@lru_cache(maxsize=4096)
def wholly_paid(days: int) -> Answer:
    """The answer for a person whose needed days are all covered. Kept: persons with as many days have the same one."""
    return Answer(DayCounts(days, days, 0, 0, 0, 0), ZERO, 0, ZERO, None)


def counted(found: Coverage) -> Answer:
    """What is counted of an answer of the engine."""
    return Answer(found.days, found.need, found.reduced.days, found.reduced.loss, found)


def asked_of(key: Key, case: Case) -> Asked[Key]:
    """The few facts that the quick pass reads of a case: rights not yet known on its day are left out."""
    known = case.known_on
    return Asked(
        key,
        [(step.period.first.toordinal(), step.period.last.toordinal()) for step in case.steps if step.needs_income],
        [
            (right.period.first.toordinal(), right.period.last.toordinal(), right.rate)
            for right in case.rights
            if known is None or right.is_known(known)
        ],
    )
