"""The pages of the money behind conventions: what falls due, what was engaged and paid, the bonus, and the end.

Each figure leads to the list of commitments under the convention, where every reader sees the lines as they may (SEMANTICS
§4). Ending a convention says before what it releases and cancels, and what it leaves to the other funders.
"""

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from wtforms import TextAreaField

from conference.data.queries.bonus import bonus_view
from conference.data.queries.convention_money import convention_money
from conference.data.queries.convention_page import ConventionPage, convention_page, may, may_move
from conference.data.queries.instalments import due_instalments, instalments_of
from conference.domain.convention import IN_FORCE
from conference.domain.french import day_in_france, format_euros
from conference.domain.money import ZERO
from conference.domain.permissions import Relation, is_granted
from conference.domain.refusal import NotFound, Refusal
from conference.services.convention_end import end_convention, releasable, release_own
from conference.web.access import actor, right
from conference.web.forms import Form, at_most, required
from conference.web.parcours import Answer, answer, shown
from conference.web.transaction import business

pages = Blueprint("convention_money", __name__)

ENDINGS = {"solder": "settle", "resilier": "terminate"}
"""Words of the addresses, and the verbs of the table of transitions."""
TITLES = {"solder": "Solder la convention", "resilier": "Résilier la convention"}
DONE = {"solder": "Convention soldée.", "resilier": "Convention résiliée."}
ENDED = ("settled", "terminated")


class EndForm(Form):
    """Why a convention ends."""

    motive = TextAreaField("Motif", [required("Indiquez le motif."), at_most(1000)], description="Lu par les parties.")


class ReleaseForm(Form):
    """Nothing to type: the page says what is released."""


@pages.get("/conventions/echeances")
@right("convention.list")
def show_due() -> str:
    """What the reader's organisation has still to pay under its conventions, the earliest first."""
    rows = due_instalments(business(), actor(), day_in_france(g.at))
    return render_template("convention_money/due.html", rows=rows, left=sum((row.left for row in rows), ZERO))


@pages.get("/conventions/<int:convention_id>/argent")
@right("convention.read")
def show(convention_id: int) -> str:
    """The envelope and what became of it: by party and year, by instalment, and what the bonus comes to."""
    session, reader = business(), actor()
    page = convention_page(session, reader, convention_id)
    return render_template(
        "convention_money/show.html",
        page=page,
        money=convention_money(session, reader, convention_id),
        instalments=instalments_of(session, reader, convention_id, day_in_france(g.at)),
        bonus=bonus_view(session, reader, convention_id, threshold=_threshold()),
        unspent=releasable(session, convention_id, by=reader),
        endings=[(word, TITLES[word]) for word, verb in ENDINGS.items() if may_move(reader, page, page.status, verb)],
        is_ended=page.status in ENDED,
        may_commit=_is_party(page)
        and page.status in IN_FORCE
        and is_granted(reader, "commitment.create", Relation.OWN),
    )


@pages.route(f"/conventions/<int:convention_id>/<any({','.join(ENDINGS)}):word>", methods=["GET", "POST"])
@right("convention.conduct")
def end(convention_id: int, word: str) -> Answer:
    """Settle or terminate a convention: what it releases, then the motive."""
    page = convention_page(business(), actor(), convention_id)
    if not may_move(actor(), page, page.status, ENDINGS[word]):
        raise NotFound()
    unspent = releasable(business(), convention_id, by=actor())
    form = EndForm()
    if request.method == "POST" and form.validate():
        try:
            end_convention(business(), convention_id, ENDINGS[word], motive=form.motive.data or "", by=actor(), at=g.at)
            flash(DONE[word], "good")
            return redirect(url_for(".show", convention_id=convention_id), 303)
        except Refusal as refusal:
            shown(form, refusal)
    return answer("convention_money/end.html", form, page=page, title=TITLES[word], unspent=unspent)


@pages.route("/conventions/<int:convention_id>/degager", methods=["GET", "POST"])
@right("convention.read")
def release(convention_id: int) -> Answer:
    """Release what one's own organisation has not spent under a convention that ended."""
    page = convention_page(business(), actor(), convention_id)
    unspent = [each for each in releasable(business(), convention_id, by=actor()) if each.is_own]
    if page.status not in ENDED or not unspent:
        raise NotFound()
    form = ReleaseForm()
    if request.method == "POST" and form.validate():
        released = release_own(business(), convention_id, by=actor(), at=g.at)
        flash(f"{format_euros(released)} dégagés.", "good")
        return redirect(url_for(".show", convention_id=convention_id), 303)
    return answer("convention_money/release.html", form, page=page, unspent=unspent)


def _is_party(page: ConventionPage) -> bool:
    return page.relation is Relation.OWN and may(actor(), page, "convention.read")


def _threshold() -> int:
    """Persons under which a count is hidden on a screen."""
    found: int = current_app.extensions["settings"].persons_threshold
    return found
