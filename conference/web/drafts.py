"""Which forms did I leave unfinished, and how do I throw one away?"""

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from conference.data.queries.drafts import list_drafts
from conference.services.drafts import discard_draft
from conference.web.access import actor, right
from conference.web.transaction import business

pages = Blueprint("draft", __name__)


@pages.get("/brouillons")
@right("commitment.create")
def show_drafts() -> str:
    """The reader's drafts, the latest first."""
    return render_template("draft/list.html", drafts=list_drafts(business(), actor(), "commitment"))


@pages.post("/brouillons/<int:draft_id>/supprimer")
@right("commitment.create")
def discard(draft_id: int) -> Response:
    """Throw one away."""
    discard_draft(business(), draft_id, by=actor())
    flash("Brouillon supprimé.", "success")
    return redirect(url_for("draft.show_drafts"))
