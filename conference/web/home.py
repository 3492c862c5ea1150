"""The first page: what waits for me?

Also the address that a load balancer asks whether this process serves and reaches its database.
"""

from flask import Blueprint, Response, g, render_template

from conference.data.queries.health import ask
from conference.data.queries.home import home
from conference.domain.french import day_in_france
from conference.web.access import actor, public, right
from conference.web.transaction import business

pages = Blueprint("home", __name__)


@pages.get("/")
@right("home.read")
def show() -> str:
    """Counts that lead to pages, and the last lines of the organisation."""
    return render_template("home/show.html", home=home(business(), actor(), day_in_france(g.at)))


@pages.get("/sante")
@public("a load balancer has no account")
def health() -> Response:
    """`ok` when the database answers; any failure is a 500."""
    ask(business())
    return Response("ok\n", mimetype="text/plain")
