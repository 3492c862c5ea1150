"""What does the command line say of a summary?

Every total that the document prints, as text in euros; nothing that it masks.
"""

from typing import Any

from conference.documents.summary_content import ByMember, Compared, FunderFigures, MonthSummary
from conference.domain.figures import Sums


def summary_facts(summary: MonthSummary) -> dict[str, Any]:
    """The JSON document but its files."""
    return {
        "month": f"{summary.month:%Y-%m}",
        "scope": summary.scope[0] if summary.scope else "conference",
        "reference": summary.reference,
        "provisional": summary.provisional,
        "known_on": summary.known_on.isoformat() if summary.known_on else None,
        **_funders(summary),
        "persons": _persons(summary),
        "scheme_audience": _crossing(summary),
        "nature": _members(summary.by_nature),
        "territory": _members(summary.by_territory),
        "flows": _pair(summary.flows.total.committed, summary.flows.total.paid),
        "months": [{"month": f"{each.month:%Y-%m}"} | _compared(each.compared) for each in summary.twelve_months],
        "twelve_months": _compared(summary.twelve_total),
        "completeness": {
            "sent": sum(1 for each in summary.sent if each.entries),
            "funders": len(summary.sent),
            "entries": sum(each.entries for each in summary.sent),
        },
        "gaps": _gaps(summary),
        "precautions": list(summary.precautions),
    }


def _funders(summary: MonthSummary) -> dict[str, Any]:
    found = summary.by_funder
    key = summary.key
    shared = {
        "month": _sums(key.month.now),
        "month_year_before": _sums(key.month.before),
        "year": _sums(key.year.now),
        "year_before": _sums(key.year.before),
        "all_time": _sums(key.ever.now),
        "all_time_year_before": _sums(key.ever.before),
    }
    return {
        "funders": [{"code": each.code, "name": each.label} | _funder(each) for each in found.funders],
        "sum_of_funders": _funder(found.total),
        "internal_transfers": _funder(found.internal),
        "shared_total": shared,
    }


def _funder(each: FunderFigures) -> dict[str, Any]:
    """What the tables by funder show of it."""
    periods = {
        "month": each.month.now,
        "month_year_before": each.month.before,
        "year": each.year.now,
        "year_before": each.year.before,
    }
    told = {name: _pair(sums.committed, sums.paid) for name, sums in periods.items()}
    return told | {"all_time": _sums(each.ever)}


def _sums(sums: Sums) -> dict[str, str]:
    return {name: f"{getattr(sums, name):.2f}" for name in ("committed", "paid", "still_to_pay")}


def _pair(committed: object, paid: object) -> dict[str, str]:
    return {"committed": f"{committed:.2f}", "paid": f"{paid:.2f}"}


def _compared(compared: Compared) -> dict[str, Any]:
    now, before = compared.now, compared.before
    return _pair(now.committed, now.paid) | {"year_before": _pair(before.committed, before.paid)}


def _persons(summary: MonthSummary) -> dict[str, int | None]:
    """None: not published."""
    return {"year": summary.key.persons.now, "year_before": summary.key.persons.before}


def _crossing(summary: MonthSummary) -> dict[str, Any]:
    total = summary.crossing.total
    columns = dict(zip(summary.crossing.columns, (f"{each:.2f}" for each in total.committed), strict=True))
    return {"audiences": columns} | _pair(total.total, total.paid)


def _members(found: ByMember) -> dict[str, Any]:
    members = [{"code": each.code, "name": each.label} | _compared(each.year) for each in found.all]
    return {"items": members} | _compared(found.total.year)


def _gaps(summary: MonthSummary) -> dict[str, Any]:
    gaps = summary.gaps
    if gaps.is_hidden:
        return {"masked": True, "parcours": None, "days": None, "need": None}
    need = None if gaps.need is None else f"{gaps.need:.2f}"
    return {"masked": False, "parcours": gaps.parcours, "days": gaps.days, "need": need}
