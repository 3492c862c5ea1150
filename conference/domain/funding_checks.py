"""Which steps need somebody's eye for their money: not wholly funded, funded beyond their cost, or paid twice?

What is missing or beyond is told when the step begins soon or has begun, until it is over; two fundings that should not stand
together are told as long as they do, since what was paid in excess is still to recover.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from conference.domain.alert_facts import AlertFacts, Finding, StepFacts
from conference.domain.alert_words import AlertSeverity
from conference.domain.french import format_date, format_euros
from conference.domain.funding_conflicts import Conflict, conflicts


def step_unfunded(facts: AlertFacts) -> Iterator[Finding]:
    """A step whose plan no share takes wholly; urgent once it has begun."""
    for step, missing, _ in _planned(facts):
        if missing and _is_near(facts, step):
            first = step.period.first
            severity = AlertSeverity.URGENT if facts.today.reached(first) else AlertSeverity.IMPORTANT
            message = f"{format_euros(missing)} restent à trouver pour l’étape qui commence le {format_date(first)}."
            yield Finding(
                "step_unfunded", str(step.id), severity, first, first, 0, missing, step.organisation_id, message
            )


def step_over_funded(facts: AlertFacts) -> Iterator[Finding]:
    """A step whose shares take more than it costs."""
    for step, _, beyond in _planned(facts):
        if beyond and _is_near(facts, step):
            first = step.period.first
            message = f"Les parts dépassent de {format_euros(beyond)} le coût de l’étape qui commence le {format_date(first)}."
            yield Finding(
                *("step_over_funded", str(step.id), AlertSeverity.WATCH, first, None, 0, beyond),
                *(step.organisation_id, message),
            )


def double_funding(facts: AlertFacts) -> Iterator[Finding]:
    """Two funders that pay the same nature of cost on the same days, outside a common plan."""
    return _conflicts(facts, "double_funding", AlertSeverity.IMPORTANT)


def not_cumulable(facts: AlertFacts) -> Iterator[Finding]:
    """Two aids that a dated rule excludes from each other."""
    return _conflicts(facts, "not_cumulable", AlertSeverity.IMPORTANT)


def _planned(facts: AlertFacts) -> Iterator[tuple[StepFacts, Decimal, Decimal]]:
    """Each step that has a plan, with the euros missing and those beyond."""
    for plan in facts.followed.plans:
        step = facts.followed.step(plan.step_id)
        if step is not None:
            yield step, plan.missing, plan.beyond


def _is_near(facts: AlertFacts, step: StepFacts) -> bool:
    begins = facts.today.within(step.period.first, facts.thresholds["plan_look_ahead"])
    return begins and not facts.today.passed(step.period.last)


def _conflicts(facts: AlertFacts, code: str, severity: AlertSeverity) -> Iterator[Finding]:
    if len(facts.followed.fundings) < 2:
        return
    for conflict in conflicts(facts.followed.fundings):
        if conflict.code == code:
            yield _finding(facts, conflict, severity)


def _finding(facts: AlertFacts, conflict: Conflict, severity: AlertSeverity) -> Finding:
    """The smaller of the two amounts is what is at stake. References stay with their funders (SEMANTICS §4)."""
    amounts = sorted((conflict.one.amount, conflict.other.amount))
    days = conflict.days
    message = (
        f"{conflict.rule} Jours communs : du {format_date(days.first)} au {format_date(days.last)}. "
        f"Montants : {format_euros(amounts[1])} et {format_euros(amounts[0])}."
    )
    referent = facts.followed.referent_id
    return Finding(conflict.code, conflict.cause, severity, days.first, None, days.days, amounts[0], referent, message)
