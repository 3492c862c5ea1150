"""Who pays each day of a course, which days does nobody pay, which are paid twice, and who could take over?

Told day by day, computed by runs of days: the result is that of asking the question for each day (a property test
does so). Decision: the answer is built by **layers**, in order: recorded rights, what a rule presumes, what a signed
convention could pay; each takes the days still without an answer and settles some of them, and what no layer settles
is a gap with one reason. Recorded rights are facts and come first; a rule with a condition to check pays nothing.

Sources: rights are paid for every calendar day, weekends and closures included; days between two steps are dead time,
told apart, never a gap.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from conference.domain.case import Case
from conference.domain.convention_pay import Purse, convention_pay, purses
from conference.domain.course import Course, courses
from conference.domain.gap_reasons import gap_rates, gap_reason
from conference.domain.money import ZERO
from conference.domain.period import Period, days_between
from conference.domain.presumed import Presumption, presumption
from conference.domain.recorded import by_rights, in_precedence, income, overlaps
from conference.domain.reduced import reduced
from conference.domain.rights import Right
from conference.domain.scales import Scales
from conference.domain.segment import (
    Coverage,
    CoverageStatus,
    DayCounts,
    Overlap,
    Reason,
    ReasonCode,
    Reduced,
    ReducedPart,
    Segment,
    Takeover,
)
from conference.domain.takeover import joined_rows, takeover
from conference.domain.verdict import Condition, Verdict

__all__ = ["Coverage", "CoverageStatus", "Overlap", "ReasonCode", "Segment", "coverage"]

RECORDED = Reason(ReasonCode.RECORDED_RIGHT, "Un droit enregistré paie ces jours.")
FLOOR = "AREF_PLANCHER"
DECISION = "décision du payeur, enregistrée par un financeur"


def coverage(case: Case, scales: Scales) -> Coverage:
    """Who pays each day of the steps of `case` that need an income, as known at the end of its day `known_on`.

    The order of steps, rights and conventions changes nothing. Never fails for a missing value: the segment keeps its
    status, its amount is None and `why` names the value and the day.
    """
    rights = in_precedence(case.rights, case.known_on)
    held = purses(case.conventions)
    found = _Found()
    for course, days in courses(case.person, case.steps, rights, scales):
        _settle(course, days, held, found)
    segments = _joined(found.segments)
    twice = overlaps(found.parts)
    return Coverage(
        days=_counts(segments, twice),
        need=_need(segments),
        reduced=_summed(found, segments, rights),
        segments=segments,
        dead_time=tuple(days_between(step.period for step in case.steps)),
        overlaps=twice,
        takeover=joined_rows(found.rows),
    )


class _Found:
    """What is found, course after course."""

    def __init__(self) -> None:
        self.segments: list[Segment] = []
        self.parts: list[tuple[Period, Sequence[Right]]] = []
        self.rows: list[Takeover] = []
        self.presumed: list[Period] = []


def _settle(course: Course, days: Period, held: Sequence[Purse], found: _Found) -> None:
    """Each layer in turn takes its days of a course."""
    for part, paying in by_rights(course.rights, days):
        if paying:
            found.parts.append((part, paying))
            found.segments.append(_recorded(course, part, paying[0]))
        else:
            _settle_unpaid(course, part, held, found)


def _settle_unpaid(course: Course, run: Period, held: Sequence[Purse], found: _Found) -> None:
    if not course.before:
        found.presumed.clear()
    presumed = presumption(course, run, found.presumed)
    found.presumed += [segment.period for segment in presumed.segments if presumed.by_relay]
    left = run.subtract(segment.period for segment in presumed.segments) if presumed.segments else [run]
    available = convention_pay(course, left, held) if held else []
    if available:
        left = [rest for part in left for rest in part.subtract(segment.period for segment in available)]
    found.segments += presumed.segments
    found.segments += available
    for part in left:
        found.segments += _gaps(course, part, presumed)
    found.rows += takeover(course, run, presumed, held, bool(available))


def _recorded(course: Course, part: Period, right: Right) -> Segment:
    return Segment(
        part, CoverageStatus.COVERED, right.kind, right.payer, right.rate, RECORDED, _of_right(course, part, right)
    )


def _of_right(course: Course, part: Period, right: Right) -> tuple[Condition, ...]:
    if right.rate is None:
        text = "Le montant de ce droit n’est pas enregistré."
        return (RECORDED_YES, Condition("daily_amount", Verdict.TO_CHECK, text, DECISION))
    if right.kind != "aref" or FLOOR not in course.scales.by_code:
        return (RECORDED_YES,)
    line = course.scales.value(FLOOR, part.first)
    if line is None or right.rate.daily >= line.amount:
        return (RECORDED_YES,)
    text = "Le montant enregistré est inférieur au plancher de l’ARE-formation, sauf formation de 40 heures au plus."
    return (RECORDED_YES, Condition("floor", Verdict.TO_CHECK, text, line.law or DECISION))


RECORDED_YES = Condition("recorded_right", Verdict.YES, RECORDED.text, DECISION)


def _gaps(course: Course, run: Period, presumed: Presumption) -> list[Segment]:
    """A run that nobody pays, cut where its reason or what it would need changes."""
    found = []
    for part, reason in gap_reason(course, run, presumed):
        told = Condition(reason.code.value, Verdict.NO, reason.text, presumed.law)
        if reason.code is ReasonCode.CONDITION_TO_CHECK:
            told = told._replace(verdict=Verdict.TO_CHECK)
        for piece, rate, notes in gap_rates(course, part):
            why = (told, *presumed.why, *notes)
            found.append(Segment(piece, CoverageStatus.GAP, None, None, rate, reason, why))
    return found


def _joined(segments: Iterable[Segment]) -> tuple[Segment, ...]:
    """Segments in order, those that follow with the same answer made one, their explanations put together."""
    joined: list[Segment] = []
    for segment in sorted(segments, key=_first_day):
        previous = joined[-1] if joined else None
        if previous and segment[1:6] == previous[1:6] and previous.period.touches(segment.period):
            why = previous.why if previous.why == segment.why else tuple(dict.fromkeys((*previous.why, *segment.why)))
            joined[-1] = previous._replace(period=Period(previous.first, segment.last), why=why)
        else:
            joined.append(segment)
    return tuple(joined)


def _first_day(segment: Segment) -> date:
    return segment.period.first


def _counts(segments: Iterable[Segment], twice: Iterable[Overlap]) -> DayCounts:
    covered = presumed = available = gap = 0
    for segment in segments:
        days = segment.period.days
        if segment.status is CoverageStatus.COVERED:
            covered += days
        elif segment.status is CoverageStatus.PRESUMED:
            presumed += days
        elif segment.status is CoverageStatus.AVAILABLE:
            available += days
        else:
            gap += days
    overlap = sum(each.days for each in twice)
    return DayCounts(covered + presumed + available + gap, covered, presumed, available, gap, overlap)


def _need(segments: Iterable[Segment]) -> Decimal | None:
    need = ZERO
    for segment in segments:
        if segment.status is not CoverageStatus.GAP:
            continue
        if segment.amount is None:
            return None
        need += segment.amount
    return need


def _summed(found: _Found, segments: Iterable[Segment], rights: Sequence[Right]) -> Reduced:
    """The days paid less than before, recorded or presumed."""
    paid = [(part, income(paying), paying[0]) for part, paying in found.parts]
    presumed = [(one.period, one.rate, None) for one in segments if one.status is CoverageStatus.PRESUMED]
    parts: list[ReducedPart] = reduced([*paid, *presumed], rights)
    return Reduced(sum(part.days for part in parts), sum((part.loss for part in parts), ZERO), tuple(parts))
