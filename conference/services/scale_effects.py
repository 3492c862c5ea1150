"""What would other values of the law change for the people who are followed, before they are saved?

Each parcours is asked twice, with the scales in force and with the candidate ones, and the two answers are compared day
by day. Nothing is written. Parcours are read by chunks; those that ended before the first changed day cannot differ and
are not asked. Who may not read every parcours is told sums only, and of a few persons neither their number nor their days
nor their euros, which would tell an income.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from sqlmodel import Session

from conference.data.queries.cases import CaseRow, cases_from, count_before
from conference.data.queries.parcours import reached_among
from conference.data.queries.scales import scales_of
from conference.domain.coverage import Coverage, CoverageStatus, Segment, coverage
from conference.domain.french import day_in_france
from conference.domain.money import ZERO
from conference.domain.period import ONE_DAY
from conference.domain.permissions import Actor, Relation, is_granted
from conference.domain.scales import Scale, Scales
from conference.domain.suppression import shown_count

LISTED = 20
"""Parcours that are named, when so few change."""


@dataclass(frozen=True)
class Sum:
    """Euros that are known, and the number of parcours whose own are not."""

    euros: Decimal = ZERO
    unknown: int = 0

    def plus(self, euros: Decimal | None) -> "Sum":
        return Sum(self.euros, self.unknown + 1) if euros is None else Sum(self.euros + euros, self.unknown)


@dataclass(frozen=True)
class Side:
    """What the parcours that change add up to, before or after: days by status, days whose amount is not known (no known
    value), what the gaps need and what is presumed, in gross euros."""

    covered: int = 0
    presumed: int = 0
    available: int = 0
    gap: int = 0
    unknown_days: int = 0
    need: Sum = field(default_factory=Sum)
    presumed_euros: Sum = field(default_factory=Sum)

    def plus(self, answer: Coverage) -> "Side":
        """With one more parcours."""
        presumed = [each for each in answer.segments if each.status is CoverageStatus.PRESUMED]
        return Side(
            self.covered + answer.days.covered,
            self.presumed + answer.days.presumed,
            self.available + answer.days.available,
            self.gap + answer.days.gap,
            self.unknown_days + sum(each.days for each in answer.segments if each.daily_amount is None),
            self.need.plus(answer.need),
            self.presumed_euros.plus(_total(presumed)),
        )


@dataclass(frozen=True)
class ChangedParcours:
    """One parcours whose answer changes, and on how many days."""

    id: int
    pseudonym: str
    days: int


@dataclass
class Comparison:
    """What is added up case after case."""

    examined: int = 0
    before: Side = field(default_factory=Side)
    after: Side = field(default_factory=Side)
    changed: list[ChangedParcours] = field(default_factory=list)


@dataclass(frozen=True)
class ScaleEffect:
    """`examined` parcours, of which `parcours` get another answer, on `days` days. `is_hidden`: fewer than `threshold`
    persons, of whom nothing more is told; `masks_few`: no smaller number of them is told either. `listed`: those that the
    reader may open, when few change."""

    examined: int
    threshold: int
    parcours: int = 0
    days: int = 0
    before: Side = field(default_factory=Side)
    after: Side = field(default_factory=Side)
    listed: tuple[ChangedParcours, ...] = ()
    is_hidden: bool = False
    masks_few: bool = False


def effect(session: Session, candidate: Scales, *, by: Actor, at: datetime, threshold: int) -> ScaleEffect:
    """What `candidate` would change, compared with the scales in force, for every parcours as known today."""
    present = scales_of(session)
    first = first_change(present, candidate)
    skipped = count_before(session, first)
    if first is None:
        return ScaleEffect(skipped, threshold)
    found = compared(cases_from(session, first, known_on=day_in_france(at)), present, candidate)
    return told(session, found, examined=skipped + found.examined, by=by, threshold=threshold)


def told(session: Session, found: Comparison, *, examined: int, by: Actor, threshold: int) -> ScaleEffect:
    """What `by` may know of it."""
    masks = not is_granted(by, "parcours.read", Relation.OTHER)
    if masks and shown_count(len(found.changed), threshold) is None:
        return ScaleEffect(examined, threshold, is_hidden=True, masks_few=True)
    return ScaleEffect(
        examined=examined,
        threshold=threshold,
        parcours=len(found.changed),
        days=sum(each.days for each in found.changed),
        before=found.before,
        after=found.after,
        listed=_listed(session, found.changed, by),
        masks_few=masks,
    )


def compared(rows: Iterable[CaseRow], present: Scales, candidate: Scales) -> Comparison:
    """Every case asked with both scales."""
    found = Comparison()
    for row in rows:
        old, new = coverage(row.case, present), coverage(row.case, candidate)
        found.examined += 1
        if differ(old, new):
            found.before, found.after = found.before.plus(old), found.after.plus(new)
            found.changed.append(ChangedParcours(row.id, row.pseudonym, changed_days(old.segments, new.segments)))
    return found


def first_change(present: Scales, candidate: Scales) -> date | None:
    """The first day on which a scale differs, None when none does."""
    days = [_first_difference(present.by_code[code], candidate.by_code[code]) for code in present.by_code]
    return min((day for day in days if day is not None), default=None)


def differ(old: Coverage, new: Coverage) -> bool:
    """Do two answers differ in what they pay, need or reduce? What only explains them is not compared."""
    return (old.days, old.need, old.reduced, _facts(old)) != (new.days, new.need, new.reduced, _facts(new))


def changed_days(old: Sequence[Segment], new: Sequence[Segment]) -> int:
    """Days whose status, payer or amount is another one; both lists hold the same days, in order."""
    later = iter(new)
    other = next(later, None)
    days = 0
    for segment in old:
        while other is not None:
            first, last = max(segment.first, other.first), min(segment.last, other.last)
            if first <= last and _answer(segment) != _answer(other):
                days += (last - first).days + 1
            if other.last > segment.last:
                break
            other = next(later, None)
    return days


def _first_difference(one: Scale, other: Scale) -> date | None:
    if one.values == other.values:
        return None
    starts = set()
    for line in (*one.values, *other.values):
        starts |= {line.first} | ({line.last + ONE_DAY} if line.last and line.last < date.max else set())
    return next((day for day in sorted(starts) if _value(one, day) != _value(other, day)), None)


def _value(scale: Scale, day: date) -> tuple[Decimal, bool] | None:
    line = scale.on(day)
    return None if line is None else (line.amount, line.to_check)


def _answer(segment: Segment) -> tuple[object, ...]:
    return segment.status, segment.kind, segment.payer, segment.rate


def _facts(answer: Coverage) -> list[tuple[object, ...]]:
    return [(segment.period, *_answer(segment)) for segment in answer.segments]


def _total(segments: Iterable[Segment]) -> Decimal | None:
    """Euros of all of them, None as soon as one is not known."""
    total = ZERO
    for segment in segments:
        if segment.amount is None:
            return None
        total += segment.amount
    return total


def _listed(session: Session, changed: list[ChangedParcours], by: Actor) -> tuple[ChangedParcours, ...]:
    if len(changed) > LISTED:
        return ()
    reached = reached_among(session, by, [each.id for each in changed])
    return tuple(each for each in changed if each.id in reached)
