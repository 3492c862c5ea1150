"""The page *Synthèses*: the months, and the document of each.

A month in the address is written 2026-03. The month in progress has its document too, marked *provisoire*.
"""

from datetime import date

from flask import Blueprint, Response, g, render_template, request

from conference.data.queries.summaries import summary_months
from conference.domain.french import day_in_france, parse_month
from conference.domain.refusal import NotFound, Refusal
from conference.services.summaries import made_summary
from conference.web.access import actor, right
from conference.web.transaction import business

pages = Blueprint("summary", __name__)


@pages.get("/syntheses")
@right("summary.read")
def show() -> str:
    """The months of one year (`annee`; by default the current one), latest first."""
    today = day_in_france(g.at)
    months = summary_months(business(), actor(), until=today)
    years = sorted({each.month.year for each in months}, reverse=True)
    asked = request.args.get("annee", "")
    year = int(asked) if asked in {str(each) for each in years} else years[0]
    return render_template(
        "summaries/list.html",
        months=[each for each in months if each.month.year == year],
        years=years,
        year=year,
        current=today.replace(day=1),
    )


@pages.get("/syntheses/<name>.pdf")
@right("summary.read")
def document(name: str) -> Response:
    """The month's summary. 404 for a month that is not in the list."""
    month = _known_month(name)
    [(filename, content)] = made_summary(business(), month, by=actor()).files.items()
    answer = Response(content, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{filename}"'
    return answer


def _known_month(name: str) -> date:
    try:
        month = parse_month(name)
    except Refusal:
        raise NotFound() from None
    known = summary_months(business(), actor(), until=day_in_france(g.at))
    if name != f"{month:%Y-%m}" or month not in {each.month for each in known}:
        raise NotFound()
    return month
