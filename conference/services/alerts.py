"""Which days of a parcours does nobody pay, and since when is it known?

Called by every service that changes a parcours, in its transaction. One alert per step that holds uncovered days: its
identity is the code, the parcours and the step, never a date or an amount (SEMANTICS §8). It opens with the finding,
changes with it, closes by itself when it goes and reopens with its history, which the parcours' journal keeps.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlmodel import Session, select

from conference.data.queries.cases import coverage_of
from conference.data.queries.parcours import rights_of, steps_of
from conference.data.tables import Alert, Parcours, Step
from conference.domain.coverage import Coverage, CoverageStatus
from conference.domain.french import day_in_france, format_date, format_number
from conference.domain.money import ZERO
from conference.domain.period import Period, merge, total_days
from conference.domain.rate import Rate

INCOME_GAP = "income_gap"


@dataclass(frozen=True)
class Finding:
    """The uncovered days of one step: the first one, how many, and what they cost in gross euros (None: not known)."""

    cause: str
    first_day: date
    days: int
    need: Decimal | None
    message: str


def detect_income_gaps(session: Session, parcours_id: int, *, at: datetime) -> list[dict[str, Any]]:
    """Bring the income-gap alerts of a parcours up to date; what changed, one dict per alert, for the journal."""
    session.flush()
    steps = steps_of(session, parcours_id)
    row = session.get_one(Parcours, parcours_id)
    found = income_gaps(steps, coverage_of(session, row, steps, rights_of(session, parcours_id), day_in_france(at)))
    query = select(Alert).where(Alert.code == INCOME_GAP, Alert.parcours_id == parcours_id)
    known = {alert.cause: alert for alert in session.exec(query)}
    told = []
    for finding in found:
        alert = known.pop(finding.cause, None)
        if alert is None:
            told.append(_open(session, parcours_id, finding, at))
        elif change := _update(session, alert, finding, at):
            told.append(change)
    for cause, alert in sorted(known.items()):
        if alert.status == "open":
            alert.status, alert.closed_at, alert.changed_at = "closed", at, at
            session.add(alert)
            told.append({"step": cause, "alert": "closed"})
    return told


def income_gaps(steps: Sequence[Step], covered: Coverage) -> list[Finding]:
    """Uncovered days by step, in the order of the steps; a day that two steps share belongs to the first of them."""
    gaps = [segment for segment in covered.segments if segment.status is CoverageStatus.GAP]
    taken: list[Period] = []
    findings = []
    for step in steps:
        if not step.needs_income:
            continue
        own = Period(step.first, step.last).subtract(taken)
        taken = merge([*taken, Period(step.first, step.last)])
        parts = [(run, gap.rate) for gap in gaps for rest in own if (run := gap.period.intersection(rest))]
        if parts:
            findings.append(_finding(str(step.id), parts))
    return findings


def _finding(cause: str, parts: list[tuple[Period, Rate | None]]) -> Finding:
    runs = merge(run for run, _ in parts)
    need: Decimal | None = ZERO
    for run, rate in parts:
        need = None if need is None or rate is None else need + rate.amount(run.days)
    return Finding(cause, runs[0].first, total_days(runs), need, _message(runs))


def _message(runs: list[Period]) -> str:
    days = total_days(runs)
    told = [
        f"le {format_date(run.first)}" if run.days == 1 else f"du {format_date(run.first)} au {format_date(run.last)}"
        for run in runs[:3]
    ]
    if len(runs) > 3:
        told.append(f"et {len(runs) - 3} autre{'s' if len(runs) > 4 else ''} période{'s' if len(runs) > 4 else ''}")
    return f"{format_number(days)} jour{'s' if days > 1 else ''} sans revenu, {', '.join(told)}."


def _open(session: Session, parcours_id: int, finding: Finding, at: datetime) -> dict[str, Any]:
    session.add(
        Alert(
            code=INCOME_GAP,
            parcours_id=parcours_id,
            cause=finding.cause,
            status="open",
            first_day=finding.first_day,
            days=finding.days,
            need=finding.need,
            message=finding.message,
            opened_at=at,
            changed_at=at,
        )
    )
    return {"step": finding.cause, "alert": "opened", "days": finding.days, "need": finding.need}


def _update(session: Session, alert: Alert, finding: Finding, at: datetime) -> dict[str, Any] | None:
    """Bring `alert` to `finding`; None when nothing moved."""
    reopened = alert.status == "closed"
    before = (alert.first_day, alert.days, alert.need)
    if not reopened and before == (finding.first_day, finding.days, finding.need) and alert.message == finding.message:
        return None
    told = {"days": [alert.days, finding.days], "need": [alert.need, finding.need]}
    alert.first_day, alert.days, alert.need = finding.first_day, finding.days, finding.need
    alert.message, alert.changed_at = finding.message, at
    if reopened:
        alert.status, alert.closed_at, alert.opened_at = "open", None, at
    session.add(alert)
    return {"step": finding.cause, "alert": "reopened" if reopened else "changed", **told}
