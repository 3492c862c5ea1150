"""Which days does a span of time hold, and what is left of it when others are taken away?

Decision: a period is two dates, **both included**, everywhere in the house. A half-open interval is easier to
compute with, but nobody in a funder's office reads « du 5 janvier au 30 juin » that way; the one place where the
« + 1 » lives is here. An empty period does not exist: an empty result is an empty list.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from operator import attrgetter

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """The days from `first` to `last`, both included; ordered by first day, then last day.

    Raises ValueError (in French, since it may reach a screen) when the last day is before the first.
    """

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"Le dernier jour ({self.last}) est avant le premier ({self.first}).")

    @property
    def days(self) -> int:
        """Number of calendar days, at least 1."""
        return (self.last - self.first).days + 1

    def __iter__(self) -> Iterator[date]:
        """Each day, in order."""
        return (self.first + timedelta(days=n) for n in range(self.days))

    def contains(self, day: date) -> bool:
        return self.first <= day <= self.last

    def covers(self, other: Period) -> bool:
        """Is every day of `other` a day of this one?"""
        return self.first <= other.first and other.last <= self.last

    def overlaps(self, other: Period) -> bool:
        """Do the two share at least one day?"""
        return self.first <= other.last and other.first <= self.last

    def touches(self, other: Period) -> bool:
        """Would the two together make one run of days: they overlap, or one starts the day after the other ends?"""
        # Differences, not `last + ONE_DAY`, so that date.max does not overflow.
        return (other.first - self.last).days <= 1 and (self.first - other.last).days <= 1

    def intersection(self, other: Period) -> Period | None:
        """The days that both hold, or None."""
        if not self.overlaps(other):
            return None
        return Period(max(self.first, other.first), min(self.last, other.last))

    def subtract(self, others: Iterable[Period]) -> list[Period]:
        """The runs of days of this period that none of `others` holds, in order; `others` may overlap each other."""
        left: list[Period] = []
        start = self.first
        for other in merge(others):
            if other.last < start or other.first > self.last:
                continue
            if other.first > start:
                left.append(Period(start, other.first - ONE_DAY))
            if other.last >= self.last:
                return left
            start = other.last + ONE_DAY
        left.append(Period(start, self.last))
        return left

    def by_month(self) -> list[Period]:
        """The same days cut at each first of a month, in order."""
        return self.split(date(year, month, 1) for year, month in _months_between(self.first, self.last))

    def split(self, starts: Iterable[date]) -> list[Period]:
        """The same days cut before each of `starts` that falls inside; the others change nothing."""
        cuts = sorted({day for day in starts if self.first < day <= self.last})
        if not cuts:
            return [self]
        firsts = [self.first, *cuts]
        lasts = [*(day - ONE_DAY for day in cuts), self.last]
        return [Period(first, last) for first, last in zip(firsts, lasts, strict=True)]


def months_from(first: date, months: int) -> date:
    """The last day of so many months by date: 3 June and 4 months give 2 October, 3 September 2007 and 36 give 2
    September 2010.

        Where the month that ends it has no such day, its last day: 31 January and 1 month give 28 February.
    """
    count = first.year * 12 + first.month - 1 + months
    year, month = divmod(count, 12)
    if first.day > monthrange(year, month + 1)[1]:
        return date(year, month + 1, monthrange(year, month + 1)[1])
    return date(year, month + 1, first.day) - ONE_DAY


def merge(periods: Iterable[Period]) -> list[Period]:
    """The union of all days as the fewest runs, in order: periods that overlap or follow without a hole become one."""
    ordered = list(periods)
    if len(ordered) < 2:
        return ordered
    runs: list[Period] = []
    for period in sorted(ordered, key=_bounds):
        if runs and runs[-1].touches(period):
            runs[-1] = Period(runs[-1].first, max(runs[-1].last, period.last))
        else:
            runs.append(period)
    return runs


_bounds = attrgetter("first", "last")
"""What periods are ordered by: faster than asking each whether it comes before another."""


def total_days(periods: Iterable[Period]) -> int:
    """Number of distinct days that the periods hold together."""
    return sum(run.days for run in merge(periods))


def days_between(runs: Iterable[Period]) -> list[Period]:
    """The holes between the runs (merged first): what lies after one and before the next."""
    merged = merge(runs)
    return [Period(before.last + ONE_DAY, after.first - ONE_DAY) for before, after in pairwise(merged)]


def _months_between(first: date, last: date) -> Iterator[tuple[int, int]]:
    for count in range(first.year * 12 + first.month, last.year * 12 + last.month):
        yield count // 12, count % 12 + 1
