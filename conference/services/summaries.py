"""What does the document of a month hold?

The figures are those of the dashboard and of `conference totals`: three reads of the rollups, folded in memory. Nothing
here reads a clock: what is known is dated by the last entry included, so that the same ledger gives the same bytes. While
the month is open the document says *provisoire*; freezing it comes with its closing. Counts of persons under the
threshold are not published, nor what would tell them (SEMANTICS §4).
"""

import hashlib
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from sqlmodel import Session

from conference.data.queries.cells import gross, read_cells, shared
from conference.data.queries.commitment_filters import Filters
from conference.data.queries.completeness import sent_by_funder
from conference.data.queries.precautions import precautions
from conference.data.queries.profile import shown_profile
from conference.data.queries.summaries import SummaryScope, is_closed, known_on, open_gaps, summary_scope
from conference.documents.summary import summary_pdf
from conference.documents.summary_annex import summary_annex
from conference.documents.summary_content import FunderSent, Gaps, MonthSummary
from conference.domain.figures import LIST_AXES, Axis
from conference.domain.permissions import CONSOLE, Actor, Relation, require
from conference.domain.refusal import NotFound
from conference.services.summary_counts import published, published_list
from conference.services.summary_facts import summary_facts
from conference.services.summary_figures import (
    Periods,
    by_funder,
    by_member,
    crossing,
    key_numbers,
    twelve_months,
    who_funds_what,
)
from conference.services.summary_lines import month_lines


@dataclass(frozen=True)
class MadeSummary:
    """A month's summary and its files by name."""

    summary: MonthSummary
    files: dict[str, bytes]

    def facts(self) -> dict[str, Any]:
        """What the command line prints as JSON: amounts as text in euros, the SHA-256 and size of each file."""
        files = [
            {"name": name, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
            for name, content in self.files.items()
        ]
        return summary_facts(self.summary) | {"files": files}


def made_summary(
    session: Session, month: date, *, threshold: int, scope: str | None = None, by: Actor = CONSOLE
) -> MadeSummary:
    """The summary of the month whose first day is `month`, its PDF and its annex. Reads only. See `make_summary`."""
    summary = make_summary(session, month, threshold=threshold, scope=scope, by=by)
    files = {pdf_name(summary): summary_pdf(summary), annex_name(summary): _annex(session, summary, by)}
    return MadeSummary(summary, files)


def made_pdf(session: Session, month: date, *, threshold: int, scope: str | None, by: Actor) -> tuple[str, bytes]:
    """Name and content of the PDF alone."""
    summary = make_summary(session, month, threshold=threshold, scope=scope, by=by)
    return pdf_name(summary), summary_pdf(summary)


def made_annex(session: Session, month: date, *, threshold: int, scope: str | None, by: Actor) -> tuple[str, bytes]:
    """Name and content of the workbook alone, with the lines that `by` may list."""
    summary = make_summary(session, month, threshold=threshold, scope=scope, by=by)
    return annex_name(summary), _annex(session, summary, by)


def pdf_name(summary: MonthSummary) -> str:
    """Gives "SYN-2026-03.pdf"."""
    return f"{summary.reference}.pdf"


def annex_name(summary: MonthSummary) -> str:
    """Gives "SYN-2026-03-annexe.xlsx"."""
    return f"{summary.reference}-annexe.xlsx"


def summary_files(session: Session, month: date, *, threshold: int, by: Actor = CONSOLE) -> dict[str, bytes]:
    """The files of the conférence's summary by name, the PDF first. Reads only."""
    return made_summary(session, month, threshold=threshold, by=by).files


def _annex(session: Session, summary: MonthSummary, by: Actor) -> bytes:
    scope = _scope(session, summary.scope[0] if summary.scope else None)
    return summary_annex(summary, month_lines(session, summary.month, scope, by=by))


def make_summary(session: Session, month: date, *, threshold: int, scope: str | None, by: Actor) -> MonthSummary:
    """The figures of the month, of its year up to it, and of all months up to it; of one funder (`scope`, its code) or of
    all. `threshold`: number of persons under which a count is not published. Raises Forbidden, NotFound (unknown funder)."""
    require(by, "summary.read", Relation.OTHER)
    found, profile, periods = _scope(session, scope), shown_profile(session), Periods(month)
    funders, total, part = ((found.code,), "Total", gross) if found else ((), "Total partagé", shared)
    year = Filters(funders=funders, first_month=month.replace(month=1), last_month=month)
    before = Filters(funders=funders, first_month=_earlier(month.replace(month=1)), last_month=_earlier(month))
    ever = read_cells(session, Filters(last_month=month), axes=(Axis.FUNDER, Axis.MONTH))
    now, past = (read_cells(session, each, axes=(Axis.FUNDER, *LIST_AXES)) for each in (year, before))
    groups = [each for each in ever.by(Axis.FUNDER, Axis.MONTH) if found is None or each.key[0] == found.code]
    told = by_funder(ever, periods, partial(published_list, threshold), found.code if found else None)
    months, whole = twelve_months(groups, month, part)
    return MonthSummary(
        conference=profile.name,
        region=profile.region,
        month=month,
        scope=(found.code, found.name) if found else None,
        provisional=not is_closed(session, month),
        demo=profile.is_demo,
        known_on=known_on(session, month, found.id if found else None),
        threshold=threshold,
        key=key_numbers(groups, periods, part, told.shared.persons),
        by_funder=told,
        crossing=crossing(now, total=total),
        by_nature=by_member(now, past, Axis.NATURE, others="Autres natures", total=total),
        by_territory=by_member(now, past, Axis.TERRITORY, others="Autres territoires", total=total),
        flows=who_funds_what(now, total=total),
        twelve_months=months,
        twelve_total=whole,
        sent=_sent(session, month, funders),
        gaps=_gaps(session, found, threshold),
        precautions=precautions(session, year, today=month, cells=now),
    )


def _scope(session: Session, code: str | None) -> SummaryScope | None:
    if code is None:
        return None
    found = summary_scope(session, code)
    if found is None:
        raise NotFound()
    return found


def _earlier(month: date) -> date:
    return month.replace(year=month.year - 1)


def _sent(session: Session, month: date, funders: tuple[str, ...]) -> tuple[FunderSent, ...]:
    """Entries of the month; days and instants of all that was booked up to it."""
    ever = {each.code: each for each in sent_by_funder(session, Filters(funders=funders, last_month=month))}
    found = sent_by_funder(session, Filters(funders=funders, first_month=month, last_month=month))
    known = [(each, ever.get(each.code, each)) for each in found]
    return tuple(
        FunderSent(now.name, now.is_expected, now.entries, past.last_on, past.last_recorded_at) for now, past in known
    )


def _gaps(session: Session, scope: SummaryScope | None, threshold: int) -> Gaps:
    """Days and euros of a few persons would tell their income: they are hidden with their number."""
    gaps = open_gaps(session, scope.id if scope else None)
    if published(threshold, gaps.parcours) is None:
        return Gaps(0, 0, None, is_hidden=True)
    return Gaps(gaps.parcours, gaps.days, gaps.need)
