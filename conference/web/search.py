"""Where is what I am looking for? The search of every page."""

from flask import Blueprint, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from conference.data.queries.search import search
from conference.domain.french import day_in_france
from conference.web.access import actor, right
from conference.web.transaction import business

pages = Blueprint("search", __name__)


@pages.get("/recherche")
@right("search.use")
def show() -> Response | str:
    """What was found; a line whose reference is exactly what was typed opens at once."""
    text = " ".join(request.args.get("q", "").split())[:200]
    if not text:
        return render_template("search/show.html", text=text, found=None)
    found = search(business(), actor(), text, on=day_in_france(g.at))
    if len(found.lines) == 1 and (found.lines[0].reference or "").lower() == text.lower():
        return redirect(url_for("commitment.show", commitment_id=found.lines[0].id))
    return render_template("search/show.html", text=text, found=found)
