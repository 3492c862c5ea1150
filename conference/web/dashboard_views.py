"""How does a person keep a page of the dashboard under a name, and forget it?"""

from flask import Blueprint, flash, g, redirect, request
from werkzeug.wrappers import Response

from conference.services.views import ROOT, drop_view, keep_view
from conference.web.access import actor, right
from conference.web.transaction import business

pages = Blueprint("dashboard_view", __name__)


@pages.post("/tableau-de-bord/vues")
@right("dashboard.read")
def keep() -> Response:
    """Keep the page that the form names, then open it."""
    address = request.form.get("address", ROOT)
    view = keep_view(business(), name=request.form.get("name", ""), address=address, by=actor(), at=g.at)
    flash(f"La vue « {view.name} » est gardée.", "good")
    return redirect(view.address, 303)


@pages.post("/tableau-de-bord/vues/<int:view_id>/retirer")
@right("dashboard.read")
def drop(view_id: int) -> Response:
    """Forget one's own view."""
    name = drop_view(business(), view_id, by=actor())
    flash(f"La vue « {name} » est retirée.", "good")
    return redirect(ROOT, 303)
