"""Who would pay each day of a course that nobody has entered yet?

The same question as the command's, asked by a form: nothing is stored and nothing is logged, since it holds a birth
date. Hence POST, even to add a block: what was typed is never in an address.
"""

from flask import Blueprint, Response, g, render_template, request
from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from conference.data.glossary import label
from conference.data.queries.profile import shown_profile
from conference.data.queries.scales import scales_of
from conference.documents.coverage_sheet import CoverageSheet, coverage_sheet, payer_name, sentences
from conference.documents.coverage_timeline import coverage_timeline
from conference.documents.svg import timeline_svg
from conference.domain.case import Case
from conference.domain.coverage import Coverage, coverage
from conference.web.access import right
from conference.web.forms import Form
from conference.web.simulation_form import EXAMPLE, MOST, case_form, case_of
from conference.web.transaction import business

pages = Blueprint("simulation", __name__)
Answer = str | tuple[str, int] | Response


@pages.get("/aide/simuler")
@right("help.read")
def simulate() -> str:
    """The form, blank or filled with the example."""
    filled = (
        MultiDict({**EXAMPLE, "steps": "1", "rights": "1", "conventions": "0"}) if "exemple" in request.args else None
    )
    return _page(case_form(1, 1, 0, formdata=filled))


@pages.post("/aide/simuler")
@right("help.read")
def simulated() -> Answer:
    """The answer, as a page or as a PDF; or the form with one more block."""
    counts = {kind: _count(kind, most) for kind, most in MOST.items()}
    added = request.form.get("do", "").removeprefix("add_")
    if added in MOST:
        counts[added] = min(counts[added] + 1, MOST[added])
        form = case_form(**counts)
        form[added].data = str(counts[added])
        return _page(form)
    form = case_form(**counts)
    case = case_of(form) if form.validate() else None
    if case is None:
        return _page(form), 422
    found = coverage(case, scales_of(business()))
    return _pdf(case, found) if request.form.get("do") == "pdf" else _page(form, case, found)


def _count(kind: str, most: int) -> int:
    """How many blocks the form was sent with."""
    sent = request.form.get(kind, "")
    return min(int(sent), most) if sent.isascii() and sent.isdecimal() and len(sent) < 3 else 1


def _page(form: Form, case: Case | None = None, found: Coverage | None = None) -> str:
    drawn = coverage_timeline(case, found, label) if case is not None and found is not None else None
    return render_template(
        "simulation/show.html",
        form=form,
        most=MOST,
        found=found,
        told=sentences(found) if found is not None else [],
        timeline=Markup(timeline_svg(drawn, "frise")) if drawn is not None else None,
        label=label,
        payer_name=payer_name,
    )


def _pdf(case: Case, found: Coverage) -> Response:
    profile = shown_profile(business())
    sheet = CoverageSheet(case, found, profile.name, g.at, profile.region, profile.is_demo)
    answer = Response(coverage_sheet(sheet, label), content_type="application/pdf")
    answer.headers["Content-Disposition"] = 'attachment; filename="revenu-pendant-la-formation.pdf"'
    return answer
