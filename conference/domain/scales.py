"""Which value does the law give on a day, from which text, and how sure is it?

Scales are dated lines under a code (`RFF_PLAFOND`). A value holds from its first day to its last; one without a last
day holds until the next line begins. Where no line holds a day there is no value: nothing is extended or invented,
and the answer names the code and the day. An instance's own lines come before the shipped ones on their days;
together they are one immutable argument of the engine (SEMANTICS §6). Rule sets are dated the same way, by the day a
course is registered."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from conference.domain.french import format_date
from conference.domain.period import ONE_DAY, Period


class DatedValue(NamedTuple):
    """One line: `amount` in the scale's unit from `first` to `last` (None: until the next line), both included.

    `law` is the text that sets it, `source` where it was read, `checked_on` when; `to_check` says that its dates or
    its amount are doubtful (`note` says why), so that every result that uses it says so; `is_local` that the instance
    added it."""

    first: date
    last: date | None
    amount: Decimal
    law: str
    source: str
    checked_on: date
    to_check: bool = False
    note: str = ""
    is_local: bool = False

    def holds(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class Scale:
    """A value over time: its code, French label, unit (`EUR/jour`, `EUR/mois`, `EUR/heure`, `mois`, `années`, `jours`,
    `taux`)."""

    code: str
    label: str
    unit: str
    values: tuple[DatedValue, ...]

    def on(self, day: date) -> DatedValue | None:
        """The line that holds that day, or None when no value is known."""
        position = bisect_right(self.values, day, key=lambda line: line.first) - 1
        if position < 0 or not self.values[position].holds(day):
            return None
        return self.values[position]


@dataclass(frozen=True, slots=True)
class RuleSet:
    """The relay rules for the courses registered from `first` to `last` (None: still open), and the lengths that go with
    them.

    `scheme` is the kind of right it gives; `after` the kinds of benefit it follows; `limit` the code of the scale of
    its longest duration, `cap` that of its monthly ceiling in euros, None for none; `interruption` the days of
    interruption beyond which it is suspended, None when the texts held say nothing of it. `opened_months`: a right
    opened for that long at most gives a relay of the duration `short_limit` (AFF of 2001 only)."""

    code: str
    scheme: str
    label: str
    first: date
    last: date | None
    law: str
    payer: str
    funder: str
    after: frozenset[str]
    limit: str | None = None
    cap: str | None = None
    interruption: int | None = None
    short_limit: str | None = None
    opened_months: int | None = None

    def holds(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class Scales:
    """Every scale by its code, and the rule sets in the order of their first day."""

    by_code: Mapping[str, Scale]
    rule_sets: tuple[RuleSet, ...]
    _found: dict[tuple[str, date], DatedValue | None] = field(default_factory=dict, compare=False, repr=False)

    def value(self, code: str, day: date) -> DatedValue | None:
        """The line of `code` that holds `day`, None when no value is known. Raises KeyError for a code that is no scale."""
        key = (code, day)
        if key not in self._found:
            self._found[key] = self.by_code[code].on(day)
        return self._found[key]

    def starts(self, code: str) -> tuple[date, ...]:
        """The days on which the value of `code` may change: where a line begins or the day after it ends."""
        days = set()
        for line in self.by_code[code].values:
            days.add(line.first)
            if line.last is not None and line.last < date.max:
                days.add(line.last + ONE_DAY)
        return tuple(sorted(days))

    def rule_set(self, registered: date) -> RuleSet | None:
        """The rule set of a course registered that day, None when none was known to be in force."""
        return next((rules for rules in self.rule_sets if rules.holds(registered)), None)

    def with_local(self, lines: Iterable[tuple[str, DatedValue]]) -> Scales:
        """The same scales with the instance's own lines, which win on their days. Raises KeyError for an unknown code."""
        added: dict[str, list[DatedValue]] = {}
        for code, line in lines:
            added.setdefault(code, []).append(line)
        by_code = dict(self.by_code)
        for code, own in added.items():
            by_code[code] = replace(by_code[code], values=merged(by_code[code].values, own))
        return Scales(by_code, self.rule_sets)


def merged(shipped: Iterable[DatedValue], local: Iterable[DatedValue]) -> tuple[DatedValue, ...]:
    """Lines that no longer overlap, in order: a local one wins on its days, and an open one, local or not, ends where the
    next of either begins; it does not come back after it, since nothing is extended."""
    theirs, own = list(shipped), [line._replace(is_local=True) for line in local]
    taken = {line.first for line in own}
    own = closed(own, before=(line.first for line in theirs))
    theirs = closed((line for line in theirs if line.last is not None or line.first not in taken), before=taken)
    kept = list(own)
    for line in theirs:
        whole = Period(line.first, line.last or date.max)
        for part in whole.subtract(Period(each.first, each.last or date.max) for each in own):
            last = None if line.last is None and part.last == date.max else part.last
            kept.append(line._replace(first=part.first, last=last))
    return tuple(sorted(kept, key=lambda line: line.first))


def closed(lines: Iterable[DatedValue], before: Iterable[date] = ()) -> list[DatedValue]:
    """The lines in order of their first day, each open one ended the day before the next begins, or the next day of `before`;
    of two from one day, the last given stays."""
    by_first = {line.first: line for line in lines}
    starts = sorted({*by_first, *before})
    ended = []
    for line in (by_first[first] for first in sorted(by_first)):
        following = bisect_right(starts, line.first)
        if line.last is None and following < len(starts):
            line = line._replace(last=starts[following] - ONE_DAY)
        ended.append(line)
    return ended


def missing(scale: Scale, day: date) -> str:
    """The sentence that names the value that is not known, and the day."""
    return f"La valeur « {scale.label} » n’est pas connue au {format_date(day)}."
