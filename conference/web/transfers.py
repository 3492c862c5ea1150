"""How does a funder that received a transfer say how it spends it?

By a line of its own with the transfer's dimensions, made from the transfer (`/engagements/nouveau?transfert=`) or
recorded already and tied here. Neither funder writes in the other's books.
"""

from flask import Blueprint, flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from conference.data.queries.received import lines_to_pair, received_transfer, received_transfers
from conference.domain.refusal import Conflict, Forbidden, NotFound, Refusal
from conference.services.transfers import pair_transfer
from conference.web.access import actor, right
from conference.web.fields import ChoiceField, Needed
from conference.web.forms import Form, show_refusal
from conference.web.transaction import business

pages = Blueprint("transfer", __name__)

Answer = Response | str | tuple[str, int]


class PairForm(Form):
    """Which own line spends the transfer."""

    spent_id = ChoiceField("Votre ligne", [Needed("Choisissez la ligne qui dépense ce transfert.")], blank="Choisissez")


@pages.get("/transferts")
@right("transfer.pair")
def show_received() -> str:
    """Transfers received, those to match first."""
    return render_template("transfer/list.html", transfers=received_transfers(business(), actor()))


@pages.get("/transferts/<int:given_id>/rattacher")
@right("transfer.pair")
def show_pair(given_id: int) -> str:
    """Own lines that could spend it."""
    return _page(_form(given_id, blank=True), given_id)


@pages.post("/transferts/<int:given_id>/rattacher")
@right("transfer.pair")
def pair(given_id: int) -> Answer:
    """Tie both sides."""
    form = _form(given_id)
    if not form.validate():
        return _page(form, given_id), 422
    try:
        pair_transfer(business(), given_id=given_id, spent_id=form.spent_id.data, by=actor(), at=g.at)
    except (NotFound, Forbidden, Conflict):
        raise
    except Refusal as refusal:
        show_refusal(form, refusal)
        return _page(form, given_id), 422
    flash("Ligne rattachée au transfert.", "success")
    return redirect(url_for("commitment.show", commitment_id=form.spent_id.data))


def _form(given_id: int, *, blank: bool = False) -> PairForm:
    session = business()
    form = PairForm(formdata=None) if blank else PairForm()
    lines = lines_to_pair(session, actor(), received_transfer(session, actor(), given_id))
    form.spent_id.choices = [(line.id, f"{line.reference} – {line.object or 'sans objet'}") for line in lines]
    return form


def _page(form: PairForm, given_id: int) -> str:
    given = received_transfer(business(), actor(), given_id)
    return render_template("transfer/pair.html", form=form, given=given)
