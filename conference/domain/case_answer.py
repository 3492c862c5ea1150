"""In which words does a program read who pays each day?

The shape is that of `conference coverage` (README), with exactly these keys in this order: amounts are texts in
euros with two decimals, null where the amount is not known; days are YYYY-MM-DD; codes are stable, sentences French.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from conference.domain.period import Period
from conference.domain.segment import Coverage, DayCounts, Segment
from conference.domain.verdict import Condition

Json = dict[str, object]


def case_answer(found: Coverage) -> Json:
    """The whole answer, of dict, list, str, int and None only."""
    return {
        "days": _days(found.days),
        "need": _euros(found.need),
        "reduced": {"days": found.reduced.days, "loss": _euros(found.reduced.loss)},
        "segments": [_segment(segment) for segment in found.segments],
        "dead_time": [_run(period) for period in found.dead_time],
        "overlaps": [
            {**_run(overlap.period), "kinds": [kind.value for kind in overlap.kinds]} for overlap in found.overlaps
        ],
        "takeover": [
            {**_bounds(row.period), "scheme": str(row.scheme), "verdict": row.verdict.value, "why": _why(row.why)}
            for row in found.takeover
        ],
    }


def _days(days: DayCounts) -> Json:
    return {
        "needed": days.needed,
        "covered": days.covered,
        "presumed": days.presumed,
        "available": days.available,
        "gap": days.gap,
        "overlap": days.overlap,
    }


def _segment(segment: Segment) -> Json:
    return {
        **_run(segment.period),
        "status": segment.status.value,
        "kind": None if segment.kind is None else segment.kind.value,
        "payer": segment.payer,
        "daily_amount": _euros(segment.daily_amount),
        "amount": _euros(segment.amount),
        "reason": segment.reason.code.value,
        "why": _why(segment.why),
    }


def _why(conditions: Iterable[Condition]) -> list[Json]:
    return [
        {"code": each.code, "verdict": each.verdict.value, "text": each.text, "source": each.source}
        for each in conditions
    ]


def _bounds(period: Period) -> Json:
    return {"first": period.first.isoformat(), "last": period.last.isoformat()}


def _run(period: Period) -> Json:
    return {**_bounds(period), "days": period.days}


def _euros(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:.2f}"
