"""How many days does nobody pay, month after month? The drawing that stands beside the table of needs.

It shows the sums by month of a table that has this axis, as that table shows them: what the table hides is not drawn.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from conference.data.queries.needs import needs_by
from conference.documents.chart import Chart, Series
from conference.domain.french import SHORT_MONTHS, format_month, months_between
from conference.domain.needs import Need, NeedAxis, NeedTable
from conference.domain.permissions import Actor
from conference.web.need_filters import Asked
from conference.web.transaction import Session

MONTHS = 36
"""Months that bars can tell apart: of more, the last ones."""


@dataclass(frozen=True)
class ByMonth:
    """The drawing, and its figures: what each month is called, with its sum (None: hidden)."""

    chart: Chart
    figures: tuple[tuple[str, Need | None], ...]


def by_month(
    session: Session,
    reader: Actor,
    asked: Asked,
    table: NeedTable,
    axes: tuple[NeedAxis, NeedAxis],
    *,
    threshold: int,
) -> ByMonth | None:
    """Days by month of a selection, from `table` where months are one of its `axes`; None when there is no gap."""
    if NeedAxis.MONTH not in axes:
        axes = (NeedAxis.MONTH, axes[0])
        table = needs_by(session, reader, asked.filters, *axes, threshold=threshold)
    in_rows = axes[0] is NeedAxis.MONTH
    codes = [each.code for each in (table.rows if in_rows else table.columns)]
    if not codes:
        return None
    months = months_between(_month(codes[0]), _month(codes[-1]))[-MONTHS:]
    needs = [table.find(*((code, None) if in_rows else (None, code))) for code in (f"{each:%Y-%m}" for each in months)]
    return ByMonth(
        _chart(months, needs, asked.period),
        tuple((format_month(month), need) for month, need in zip(months, needs, strict=True)),
    )


def _month(code: str) -> date:
    return date.fromisoformat(f"{code}-01")


def _chart(months: list[date], needs: list[Need | None], period: str) -> Chart:
    """The year stands under its first month."""
    firsts = {min(each for each in months if each.year == year) for year in {each.year for each in months}}
    names = [SHORT_MONTHS[each.month - 1] + (f"\n{each.year}" if each in firsts else "") for each in months]
    hidden = " Les mois cachés dans le tableau n’ont pas de barre." if None in needs else ""
    return Chart(
        title=f"Jours sans payeur par mois, {period}",
        description=f"Barres par mois.{hidden} Les mêmes chiffres figurent dans le tableau des mois.",
        categories=tuple(names),
        series=(Series("Jours", tuple(None if need is None else Decimal(need.days) for need in needs)),),
        unit="jours",
    )
