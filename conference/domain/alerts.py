"""What does a parcours need somebody's eye for, and what does a finding change in the alert that it has already?

Each check is a pure function `AlertFacts -> Iterable[Finding]`; adding an alert is one function, one line of `CHECKS` and one
entry of the glossary (`alert_code.x`). `event_of` is the whole life of an alert (SEMANTICS §8): a decision stays until the
finding gets worse than what was decided upon (more days, more euros, an earlier day), and an alert whose cause goes closes by
itself, unless it is decided: the decision is then kept for the day the cause comes back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from conference.domain import funding_checks, handoff_checks, income_checks
from conference.domain.alert_facts import AlertFacts, Finding
from conference.domain.alert_words import AlertEventKind, AlertSeverity, AlertStatus
from conference.domain.french import format_date, format_euros, format_number

Check = Callable[[AlertFacts], Iterable[Finding]]

CHECKS: tuple[Check, ...] = (
    income_checks.income_gap,
    income_checks.relay_to_request,
    income_checks.income_low,
    income_checks.paid_twice,
    income_checks.dead_time,
    handoff_checks.handoff_unanswered,
    handoff_checks.handoff_refused,
    funding_checks.step_unfunded,
    funding_checks.step_over_funded,
    funding_checks.double_funding,
    funding_checks.not_cumulable,
)
"""Every check; its name is the code of what it finds."""

INCOME_GAP = "income_gap"


class Said(NamedTuple):
    """What an alert says, and what it said when it was decided (None: it is not)."""

    status: AlertStatus
    severity: AlertSeverity
    first_day: date | None
    due_on: date | None
    days: int
    need: Decimal | None
    organisation_id: int | None
    message: str
    decided_days: int | None = None
    decided_need: Decimal | None = None
    decided_first_day: date | None = None


def findings(facts: AlertFacts) -> tuple[Finding, ...]:
    """Everything that the checks find of one parcours, in their order."""
    return tuple(finding for check in CHECKS for finding in check(facts))


def event_of(said: Said | None, finding: Finding | None) -> AlertEventKind | None:
    """What `finding` (None: the cause is gone) does to an alert that says `said` (None: there is none yet); None: nothing."""
    if finding is None:
        return AlertEventKind.CLOSED if said is not None and said.status is AlertStatus.OPEN else None
    if said is None:
        return AlertEventKind.OPENED
    if said.status is AlertStatus.CLOSED:
        return AlertEventKind.REOPENED
    if _worse(compared_with(said), finding):
        return AlertEventKind.REOPENED if said.status is AlertStatus.DECIDED else AlertEventKind.WORSENED
    return None if says_the_same(said, finding) else AlertEventKind.CHANGED


def says_the_same(said: Said, finding: Finding) -> bool:
    """Would the alert tell `finding` by the very same row?"""
    return said[1:8] == (
        finding.severity,
        finding.first_day,
        finding.due_on,
        finding.days,
        finding.need,
        finding.organisation_id,
        finding.message,
    )


def difference(before: Said, finding: Finding) -> str:
    """What a finding changes of what was said, in French: days, euros, first day; "" when none of them moved."""
    told = []
    if finding.days != before.days:
        more = finding.days - before.days
        told.append(
            f"{format_number(abs(more))} jour{'s' if abs(more) > 1 else ''} de {'plus' if more > 0 else 'moins'}"
        )
    if before.need is not None and finding.need is not None and finding.need != before.need:
        euros = finding.need - before.need
        told.append(f"{format_euros(abs(euros))} de {'plus' if euros > 0 else 'moins'}")
    elif before.need is None and finding.need is not None:
        told.append(f"montant désormais connu, {format_euros(finding.need)}")
    if before.first_day and finding.first_day and finding.first_day != before.first_day:
        told.append(f"à partir du {format_date(finding.first_day)} au lieu du {format_date(before.first_day)}")
    return ", ".join(told)


def compared_with(said: Said) -> Said:
    """What the next finding of an alert is compared with: what was decided upon, else what it says."""
    if said.status is not AlertStatus.DECIDED:
        return said
    days = said.days if said.decided_days is None else said.decided_days
    return said._replace(days=days, need=said.decided_need, first_day=said.decided_first_day or said.first_day)


def _worse(said: Said, finding: Finding) -> bool:
    """More days, more euros, or an earlier day. An amount that becomes known is not worse."""
    if finding.days > said.days:
        return True
    if said.need is not None and finding.need is not None and finding.need > said.need:
        return True
    return said.first_day is not None and finding.first_day is not None and finding.first_day < said.first_day
