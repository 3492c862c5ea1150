"""The page *Synthèses*: the months, and for each its document and its annex, of the conférence or of one funder.

A month in the address is written 2026-03; `perimetre` is the code of a funder, absent for the conférence. The month in
progress has its document too, marked *provisoire*. Any member may ask for another funder's document: aggregates are for
all, and the lines of the annex are masked by the service.
"""

from datetime import date

from flask import Blueprint, Response, current_app, g, render_template, request

from conference.data.queries.summaries import summary_months, summary_scope, summary_scopes
from conference.domain.file_kinds import XLSX
from conference.domain.french import day_in_france, parse_month
from conference.domain.permissions import is_granted_somewhere
from conference.domain.refusal import NotFound, Refusal
from conference.services.summaries import made_annex, made_pdf
from conference.web.access import actor, right
from conference.web.transaction import business

pages = Blueprint("summary", __name__)


@pages.get("/syntheses")
@right("summary.read")
def show() -> str:
    """The months of one year (`annee`; by default the current one), latest first."""
    today = day_in_france(g.at)
    scopes = summary_scopes(business(), actor())
    scope = next((each for each in scopes if each.code == request.args.get("perimetre", "")), None)
    months = summary_months(business(), actor(), until=today, funder_id=scope.id if scope else None)
    years = sorted({each.month.year for each in months}, reverse=True)
    asked = request.args.get("annee", "")
    year = int(asked) if asked in {str(each) for each in years} else years[0]
    return render_template(
        "summaries/list.html",
        months=[each for each in months if each.month.year == year],
        years=years,
        year=year,
        current=today.replace(day=1),
        scopes=scopes,
        scope=scope,
        with_lines=is_granted_somewhere(actor(), "commitment.list"),
    )


@pages.get("/syntheses/<name>.pdf")
@right("summary.read")
def document(name: str) -> Response:
    """The month's summary. 404 for a month that is not in the list, or for an unknown funder."""
    filename, content = made_pdf(
        business(), _known_month(name), threshold=_threshold(), scope=_known_scope(), by=actor()
    )
    answer = Response(content, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{filename}"'
    return answer


@pages.get("/syntheses/<name>-annexe.xlsx")
@right("summary.read")
def annex(name: str) -> Response:
    """The workbook of the month, with the lines that the reader may list. 404 as for the document."""
    filename, content = made_annex(
        business(), _known_month(name), threshold=_threshold(), scope=_known_scope(), by=actor()
    )
    answer = Response(content, mimetype=XLSX)
    answer.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return answer


def _threshold() -> int:
    found: int = current_app.extensions["settings"].published_threshold
    return found


def _known_scope() -> str | None:
    asked = request.args.get("perimetre", "")
    if asked and summary_scope(business(), asked) is None:
        raise NotFound()
    return asked or None


def _known_month(name: str) -> date:
    try:
        month = parse_month(name)
    except Refusal:
        raise NotFound() from None
    known = summary_months(business(), actor(), until=day_in_france(g.at))
    if name != f"{month:%Y-%m}" or month not in {each.month for each in known}:
        raise NotFound()
    return month
