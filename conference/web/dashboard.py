"""The page *Tableau de bord*: who spends what, and when?

Its filters are in the address: `annee` (a year of booked months) and `financeur` (a code). Each figure opens its lines:
the list of commitments with the same filter, `du` and `au` being booked months; a reader, who sees no line, gets the
figures without links.
"""

from datetime import date
from urllib.parse import urlencode

from flask import Blueprint, render_template, request, url_for
from markupsafe import Markup

from conference.data.glossary import definition
from conference.data.queries.dashboard import Dashboard, PeriodFigures, dashboard
from conference.documents.chart import Chart, Series
from conference.documents.svg import chart_svg
from conference.domain.french import format_euros, format_month
from conference.domain.ledger import Balance
from conference.domain.refusal import Refusal
from conference.web.access import actor, right
from conference.web.transaction import business

pages = Blueprint("dashboard", __name__)

SHORT_MONTHS = ("janv.", "févr.", "mars", "avril", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.")
"""Names of months under the bars of a chart, where the whole word would not fit."""


@pages.get("/tableau-de-bord")
@right("dashboard.read")
def show() -> str:
    """Figures of the selection, by funder and by month."""
    figures = dashboard(business(), actor(), year=_year(), funder=request.args.get("financeur") or None)
    chart = spending_chart(figures)
    return render_template(
        "dashboard/show.html",
        figures=figures,
        chart=Markup(chart_svg(chart, "depenses")),
        budgets=any(each.budget is not None for each in figures.funders),
        definition=definition,
        lines=lambda funder=None, first=None, last=None: _lines(figures, funder, first, last),
        filters=_filters(figures),
        whole=figures.year is None and figures.funder is None,
        period=f"en {figures.year}" if figures.year else "toutes années confondues",
    )


def spending_chart(figures: Dashboard) -> Chart:
    """Shared total committed and paid: the twelve months of the year asked, else one bar a year."""
    periods = _twelve_months(figures) if figures.year else figures.years
    names = [SHORT_MONTHS[each.first.month - 1] if figures.year else str(each.first.year) for each in periods]
    told = [
        f"{format_month(each.first) if figures.year else each.first.year} : {format_euros(each.shared.committed)} engagés, "
        f"{format_euros(each.shared.paid)} payés"
        for each in periods
    ]
    return Chart(
        title=f"Engagé et payé par mois en {figures.year}" if figures.year else "Engagé et payé par année",
        description=". ".join(told) + "." if told else "Aucune écriture.",
        categories=tuple(names),
        series=(
            Series("Engagé", tuple(each.shared.committed for each in periods)),
            Series("Payé", tuple(each.shared.paid for each in periods)),
        ),
        category_label="Mois" if figures.year else "Année",
    )


def _twelve_months(figures: Dashboard) -> tuple[PeriodFigures, ...]:
    known = {each.first: each for each in figures.months}
    firsts = [date(figures.year or 1, month, 1) for month in range(1, 13)]
    return tuple(known.get(first) or PeriodFigures(first, first, Balance(), Balance()) for first in firsts)


def _year() -> int | None:
    text = request.args.get("annee", "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) == 4 and 1950 <= int(text) <= 2100):
        raise Refusal(f"L’année « {text} » n’est pas lisible. Écrivez par exemple 2026.", code="year")
    return int(text)


def _lines(figures: Dashboard, funder: str | None, first: date | None, last: date | None) -> str | None:
    """Address of the lines behind a figure, or None for who sees no line."""
    if not figures.opens_lines:
        return None
    if first is None and figures.year:
        first, last = date(figures.year, 1, 1), date(figures.year, 12, 1)
    chosen = {
        "financeur": funder or (figures.funder[0] if figures.funder else None),
        "du": f"{first:%Y-%m}" if first else None,
        "au": f"{last:%Y-%m}" if last else None,
    }
    return "/engagements?" + urlencode({name: value for name, value in chosen.items() if value})


def _filters(figures: Dashboard) -> list[tuple[str, str, str]]:
    found = []
    if figures.year:
        found.append(("Année", str(figures.year), url_for(".show", financeur=figures.funder and figures.funder[0])))
    if figures.funder:
        found.append(("Financeur", figures.funder[1], url_for(".show", annee=figures.year)))
    return found
