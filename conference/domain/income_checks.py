"""Which incomes of a parcours need somebody's eye: days without any, a relay to ask for, too little, paid twice?

Decision on what is ahead: a gap is told as soon as its **step** has begun or begins within the look-ahead, whatever the day of
the gap in it, so that a hole eight months away is known on the day of entry; days without income of a step that begins
later are a need (`gaps`), not yet an alert. While the course runs, past days without income stay told; once it is over
nobody can act, and the alert closes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import combinations

from conference.domain.alert_facts import AlertFacts, Finding, StepFacts
from conference.domain.alert_words import AlertSeverity
from conference.domain.french import format_date, format_euros, format_number
from conference.domain.gaps import own_days
from conference.domain.money import ZERO
from conference.domain.period import Period, days_between, merge, total_days
from conference.domain.rate import Rate
from conference.domain.recorded import by_rights, in_precedence, income
from conference.domain.rights import Right, RightKind, are_cumulable
from conference.domain.segment import CoverageStatus

RELAYS = frozenset({RightKind.AFF, RightKind.AFDEF, RightKind.RFF})
NAMES = {RightKind.AFF: "L’AFF", RightKind.AFDEF: "L’AFDEF", RightKind.RFF: "La RFF"}
MONTHS, YEAR = 12, 365
"""A mean month is 365 / 12 days: a monthly amount of the floor is never under it."""


def income_gap(facts: AlertFacts) -> Iterator[Finding]:
    """Days of a step that nobody pays; one finding a step."""
    if not facts.gaps:
        return
    for step in facts.followed.steps:
        parts = [part for part in facts.gaps if part.step_id == str(step.id)]
        if not parts or not facts.is_current(step):
            continue
        runs = merge(part.period for part in parts)
        need = _sum(part.amount for part in parts)
        days = total_days(runs)
        message = f"{_count(days)} sans revenu, {told_runs(runs)}."
        severity = _severity_of_gap(facts, runs)
        first = runs[0].first
        yield Finding("income_gap", str(step.id), severity, first, first, days, need, step.organisation_id, message)


def _severity_of_gap(facts: AlertFacts, runs: Sequence[Period]) -> AlertSeverity:
    """Urgent when days without income run or come near, to watch when they are all past, else important."""
    ahead = [run for run in runs if not facts.today.passed(run.last)]
    if not ahead:
        return AlertSeverity.WATCH
    near = facts.today.within(ahead[0].first, facts.thresholds["gap_urgent"])
    return AlertSeverity.URGENT if near else AlertSeverity.IMPORTANT


def relay_to_request(facts: AlertFacts) -> Iterator[Finding]:
    """A relay that the law presumes, whose decision nobody has recorded, and that begins soon or has begun."""
    ahead = facts.thresholds["relay_request_ahead"]
    if not facts.coverage.days.presumed:
        return
    for step_id, run in _steps_and_days(facts):
        presumed = [
            (period, segment)
            for segment in facts.coverage.segments
            if segment.status is CoverageStatus.PRESUMED
            and segment.kind in RELAYS
            and (period := run.intersection(segment.period)) is not None
        ]
        step = facts.followed.step(step_id)
        if not presumed or step is None or facts.today.passed(step.period.last):
            continue
        first = presumed[0][0].first
        if not facts.today.within(first, ahead):
            continue
        periods = merge(period for period, _ in presumed)
        need = _sum(None if one.rate is None else one.rate.amount(period.days) for period, one in presumed)
        severity = AlertSeverity.URGENT if facts.today.reached(first) else AlertSeverity.IMPORTANT
        days, kind = total_days(periods), presumed[0][1].kind
        name = NAMES[kind] if kind is not None else ""
        message = f"{name} est à demander, {_count(days)}, {told_runs(periods)}. Aucune décision n’est enregistrée."
        yield Finding("relay_to_request", step_id, severity, first, first, days, need, step.organisation_id, message)


def _steps_and_days(facts: AlertFacts) -> list[tuple[str, Period]]:
    """Each step that needs an income, with its whole span of own days."""
    spans: dict[str, Period] = {}
    for step_id, run in own_days(facts.followed.case.steps):
        before = spans.get(step_id)
        spans[step_id] = run if before is None else Period(before.first, run.last)
    return list(spans.items())


def income_low(facts: AlertFacts) -> Iterator[Finding]:
    """Days paid, recorded or presumed, by less than the monthly floor; one finding a step."""
    floor = Rate(facts.thresholds["income_floor"] * 100 * MONTHS, YEAR)
    if not _may_be_low(facts, floor):
        return
    paid = [(period, rate) for period, rate in _incomes(facts) if rate.is_less_than(floor)]
    if not paid:
        return
    low: dict[str, list[tuple[Period, Rate]]] = {}
    for step_id, run in own_days(facts.followed.case.steps):
        for period, rate in paid:
            common = run.intersection(period)
            if common is not None:
                low.setdefault(step_id, []).append((common, rate))
    for step_id, parts in low.items():
        step = facts.followed.step(step_id)
        if step is not None and facts.is_current(step):
            yield _low(step, parts, facts.thresholds["income_floor"])


def _low(step: StepFacts, parts: Sequence[tuple[Period, Rate]], floor: int) -> Finding:
    periods = merge(period for period, _ in parts)
    least = min((rate for _, rate in parts), key=lambda rate: Decimal(rate.cents) / rate.days)
    days, first = total_days(periods), periods[0].first
    month = Decimal(least.cents * YEAR // (least.days * MONTHS)).scaleb(-2)
    message = (
        f"{_count(days)} à {format_euros(month)} par mois au moins bas, sous le seuil de {format_number(floor)} €, "
        f"{told_runs(periods)}."
    )
    severity = AlertSeverity.WATCH
    return Finding("income_low", str(step.id), severity, first, None, days, None, step.organisation_id, message)


def _may_be_low(facts: AlertFacts, floor: Rate) -> bool:
    """Is one of the rights or presumed amounts alone under the floor? What is added to it only makes more."""
    alone = [right.rate for right in facts.followed.case.rights]
    alone += [one.rate for one in facts.coverage.segments if one.status is CoverageStatus.PRESUMED]
    return any(rate is not None and rate.is_less_than(floor) for rate in alone)


def _incomes(facts: AlertFacts) -> Iterator[tuple[Period, Rate]]:
    """What each run of days that is paid brings, rights that may be paid together added up; unknown amounts left out."""
    case = facts.followed.case
    rights = in_precedence(case.rights, case.known_on)
    for segment in facts.coverage.segments:
        if segment.status is CoverageStatus.PRESUMED and segment.rate is not None:
            yield segment.period, segment.rate
        elif segment.status is CoverageStatus.COVERED:
            for part, paying in by_rights(rights, segment.period):
                rate = income(paying) if paying else None
                if rate is not None:
                    yield part, rate


def paid_twice(facts: AlertFacts) -> Iterator[Finding]:
    """Days that two recorded rights pay although they may not be paid together; one finding a pair of rights."""
    if not facts.coverage.overlaps:
        return
    known_on = facts.followed.case.known_on
    known = [each for each in facts.followed.rights if known_on is None or each[1].is_known(known_on)]
    for one, other in combinations(sorted(known, key=lambda each: each[0]), 2):
        shared = one[1].period.intersection(other[1].period)
        if shared is None or are_cumulable(one[1], other[1]):
            continue
        runs = merge(
            common for overlap in facts.coverage.overlaps if (common := overlap.period.intersection(shared)) is not None
        )
        if runs:
            yield _twice(facts, one, other, runs)


def _twice(facts: AlertFacts, one: tuple[int, Right], other: tuple[int, Right], runs: list[Period]) -> Finding:
    days = total_days(runs)
    rates = [right.rate for _, right in (one, other)]
    amounts = [None if rate is None else rate.amount(days) for rate in rates]
    need = None if None in amounts else min(amount for amount in amounts if amount is not None)
    message = f"{_count(days)} que deux droits paient, {told_runs(runs)}. Un seul peut être versé."
    referent, first = facts.followed.referent_id, runs[0].first
    cause = f"{one[0]}+{other[0]}"
    return Finding("paid_twice", cause, AlertSeverity.IMPORTANT, first, None, days, need, referent, message)


def dead_time(facts: AlertFacts) -> Iterator[Finding]:
    """Days between two steps, more than the threshold, until the next step begins; its cause is the step that follows."""
    longest = facts.thresholds["dead_time"]
    if len(facts.followed.steps) < 2:
        return
    for run in days_between(step.period for step in facts.followed.steps):
        if run.days <= longest:
            continue
        after = next(step for step in facts.followed.steps if step.period.first > run.last)
        if facts.today.reached(after.period.first):
            continue
        message = f"{_count(run.days)} entre deux étapes, {told_runs([run])}."
        due, referent = after.period.first, facts.followed.referent_id
        yield Finding(
            "dead_time", str(after.id), AlertSeverity.WATCH, run.first, due, run.days, None, referent, message
        )


def told_runs(runs: Sequence[Period]) -> str:
    """« du 15 mai au 30 juin 2026 », three runs at most in words."""
    told = [
        f"le {format_date(run.first)}" if run.days == 1 else f"du {format_date(run.first)} au {format_date(run.last)}"
        for run in runs[:3]
    ]
    if len(runs) > 3:
        told.append(f"et {len(runs) - 3} autre{'s' if len(runs) > 4 else ''} période{'s' if len(runs) > 4 else ''}")
    return ", ".join(told)


def _count(days: int) -> str:
    return f"{format_number(days)} jour{'s' if days > 1 else ''}"


def _sum(amounts: Iterable[Decimal | None]) -> Decimal | None:
    total = ZERO
    for amount in amounts:
        if amount is None:
            return None
        total += amount
    return total
