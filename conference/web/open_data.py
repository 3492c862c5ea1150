"""The essential data of conventions, as they are published: read on the page, downloaded as the schema wants them."""

from flask import Blueprint, Response, g, render_template, request

from conference.data.queries.scdl import published
from conference.domain.french import day_in_france
from conference.domain.scdl import FIELDS, csv_text
from conference.web.access import actor, right
from conference.web.forms import number_or_none
from conference.web.transaction import business

pages = Blueprint("open_data", __name__)


@pages.get("/conventions/donnees-essentielles")
@right("convention.publish")
def show() -> str:
    """The rows of a year."""
    year = _year()
    found = published(business(), actor(), year)
    return render_template("convention/open_data.html", found=found, year=year, fields=FIELDS)


@pages.get("/conventions/donnees-essentielles.csv")
@right("convention.publish")
def download() -> Response:
    """The same, as a file."""
    year = _year()
    content = csv_text(published(business(), actor(), year).rows)
    name = f"subventions-{year}.csv"
    return Response(content, mimetype="text/csv", headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _year() -> int:
    asked = number_or_none(request.args.get("annee"))
    return asked if asked and 1950 <= asked <= 2100 else day_in_france(g.at).year
