"""What does the document of a month hold?

The figures are those of the dashboard and of `conference totals`: one read of the funder × month cells up to the month
asked. Nothing here reads a clock: what is known is dated by the last entry included, so that the same ledger gives the
same bytes. While the month is open the document says *provisoire*; freezing it comes with its closing.
"""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlmodel import Session

from conference.data.queries.commitment_order import sort_key
from conference.data.queries.profile import shown_profile
from conference.data.queries.summaries import funder_names, funders_in_being, is_closed, known_on, open_gaps
from conference.data.queries.totals import Selection, TotalRow, minus, plus, totals
from conference.documents.summary import Amounts, GapFigures, MonthSummary, SummaryLine, summary_pdf
from conference.domain.french import format_month, next_month
from conference.domain.ledger import Balance
from conference.domain.permissions import CONSOLE, Actor, Relation, require

SMALL = 5
"""Under so many persons a published count is masked (SEMANTICS §4)."""


@dataclass(frozen=True)
class MadeSummary:
    """A month's summary and its files by name."""

    summary: MonthSummary
    files: dict[str, bytes]

    def facts(self) -> dict[str, Any]:
        """What the command line prints as JSON: amounts as text in euros, the SHA-256 and size of each file."""
        total = self.summary.shared_total
        return {
            "month": f"{self.summary.month:%Y-%m}",
            "provisional": self.summary.provisional,
            "known_on": self.summary.known_on.isoformat() if self.summary.known_on else None,
            "shared_total": {name: _texts(getattr(total, name)) for name in ("month", "year", "all_time")},
            "gaps": {
                "parcours": self.summary.gaps.parcours,
                "days": self.summary.gaps.days,
                "need": None if self.summary.gaps.need is None else str(self.summary.gaps.need),
            },
            "files": [
                {"name": name, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
                for name, content in self.files.items()
            ],
        }


def summary_files(session: Session, month: date, *, by: Actor = CONSOLE) -> dict[str, bytes]:
    """The files of the month's summary by name. Reads only."""
    return made_summary(session, month, by=by).files


def made_summary(session: Session, month: date, *, by: Actor = CONSOLE) -> MadeSummary:
    """The summary of the month whose first day is `month`, and its PDF. Reads only."""
    summary = make_summary(session, month, by=by)
    return MadeSummary(summary, {f"synthese-{month:%Y-%m}.pdf": summary_pdf(summary)})


def make_summary(session: Session, month: date, *, by: Actor) -> MonthSummary:
    """The figures of the month, of its year up to it, and of all months up to it. Raises Forbidden."""
    require(by, "summary.read", Relation.OTHER)
    profile = shown_profile(session)
    names = funder_names(session)
    rows = totals(session, ("funder", "month"), Selection(last_month=month)).rows
    codes = sorted({row.key[0] for row in rows}, key=lambda code: (sort_key(names[code]), code))
    gaps = open_gaps(session)
    return MonthSummary(
        conference=profile.name,
        region=profile.region,
        month=month,
        provisional=not is_closed(session, month),
        demo=profile.is_demo,
        known_on=known_on(session, month),
        lines=tuple(_line(names[code], [row for row in rows if row.key[0] == code], month, _gross) for code in codes),
        sum_of_funders=_line("Somme des financeurs", rows, month, _gross),
        internal_transfers=_line("Transferts internes", rows, month, _internal),
        shared_total=_line("Total partagé", rows, month, _shared),
        twelve_months=_twelve_months(rows, month),
        gaps=GapFigures(gaps.parcours if not 0 < gaps.parcours < SMALL else None, gaps.days, gaps.need),
        completeness=_completeness(rows, month, funders_in_being(session, month)),
    )


def _line(label: str, rows: Iterable[TotalRow], month: date, part: Callable[[TotalRow], Balance]) -> SummaryLine:
    of_month, of_year, ever = Balance(), Balance(), Balance()
    for row in rows:
        amounts = part(row)
        ever = plus(ever, amounts)
        if row.key[1].year == month.year:
            of_year = plus(of_year, amounts)
        if row.key[1] == month:
            of_month = plus(of_month, amounts)
    return SummaryLine(label, _amounts(of_month), _amounts(of_year), _amounts(ever))


def _gross(row: TotalRow) -> Balance:
    return row.gross


def _internal(row: TotalRow) -> Balance:
    return row.internal


def _shared(row: TotalRow) -> Balance:
    return minus(row.gross, row.internal)


def _amounts(balance: Balance) -> Amounts:
    return Amounts(balance.committed, balance.paid, balance.still_to_pay)


def _twelve_months(rows: Iterable[TotalRow], month: date) -> tuple[tuple[date, Decimal, Decimal], ...]:
    first = month.replace(year=month.year - 1)
    shown = dict.fromkeys(_months_after(first, month), Balance())
    for row in rows:
        if row.key[1] in shown:
            shown[row.key[1]] = plus(shown[row.key[1]], row.shared)
    return tuple((each, sums.committed, sums.paid) for each, sums in shown.items())


def _months_after(first: date, last: date) -> list[date]:
    months, month = [], next_month(first)
    while month <= last:
        months.append(month)
        month = next_month(month)
    return months


def _completeness(rows: Iterable[TotalRow], month: date, in_being: set[str]) -> str:
    sent = {row.key[0] for row in rows if row.key[1] == month}
    present, funders = len(sent), len(sent | in_being)
    verb = "ont" if present > 1 else "a"
    return (
        f"{present} financeur{'s' if present > 1 else ''} sur {funders} {verb} au moins une écriture comptabilisée en "
        f"{format_month(month)}. Ce compte ne dit pas si chacun a tout transmis."
    )


def _texts(amounts: Amounts) -> dict[str, str]:
    return {name: str(getattr(amounts, name)) for name in ("committed", "paid", "still_to_pay")}
