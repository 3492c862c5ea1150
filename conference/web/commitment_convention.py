"""How is a commitment put under a convention after it was made, or taken away where that was a mistake?

One page for both: which convention it is under, and which it could be. What is left of each is told before the choice.
"""

from flask import Blueprint, flash, g, redirect, render_template, url_for

from conference.data.queries.commitment_page import CommitmentShown, commitment_page
from conference.data.queries.convention_choices import convention_choices, under_convention
from conference.domain.refusal import Refusal
from conference.services.convention_money import link_commitment, unlink_commitment
from conference.web.access import actor, right
from conference.web.convention_fields import chosen_instalment, offer_conventions
from conference.web.fields import ChoiceField, Needed, TextField
from conference.web.forms import Form
from conference.web.parcours import Answer, shown
from conference.web.transaction import business

pages = Blueprint("commitment_convention", __name__)


class LinkForm(Form):
    """Under which convention, for which of its instalments."""

    convention_id = ChoiceField("Convention", [Needed("Choisissez une convention.")], blank="Choisissez")
    instalment_key = ChoiceField("Échéance de la convention", blank="Aucune en particulier")


class UnlinkForm(Form):
    """Why it is taken away."""

    motive = TextField("Motif", [Needed("Indiquez le motif.")], longest=500)


@pages.get("/engagements/<int:commitment_id>/convention")
@right("commitment.create")
def show_link(commitment_id: int) -> str:
    """The convention of a commitment, or those that it could be put under."""
    line = commitment_page(business(), actor(), commitment_id)
    return _page(line, LinkForm(formdata=None), UnlinkForm(formdata=None))


@pages.post("/engagements/<int:commitment_id>/convention")
@right("commitment.create")
def link(commitment_id: int) -> Answer:
    """Put it under the one chosen."""
    line, form = commitment_page(business(), actor(), commitment_id), LinkForm()
    offer_conventions(form, convention_choices(business(), actor()))
    if form.validate():
        try:
            key = chosen_instalment(form)
            link_commitment(business(), commitment_id, form.convention_id.data, key, by=actor(), at=g.at)
            flash(f"Engagement {line.reference} rattaché à la convention.", "good")
            return redirect(url_for("commitment.show", commitment_id=commitment_id), 303)
        except Refusal as refusal:
            shown(form, refusal)
    return _page(line, form, UnlinkForm(formdata=None)), 422


@pages.post("/engagements/<int:commitment_id>/convention/detacher")
@right("commitment.create")
def unlink(commitment_id: int) -> Answer:
    """Take it away, with the motive."""
    line, form = commitment_page(business(), actor(), commitment_id), UnlinkForm()
    if form.validate():
        try:
            unlink_commitment(business(), commitment_id, motive=form.motive.data or "", by=actor(), at=g.at)
            flash(f"Engagement {line.reference} détaché de la convention.", "good")
            return redirect(url_for("commitment.show", commitment_id=commitment_id), 303)
        except Refusal as refusal:
            shown(form, refusal)
    return _page(line, LinkForm(formdata=None), form), 422


def _page(line: CommitmentShown, form: LinkForm, away: UnlinkForm) -> str:
    offer_conventions(form, convention_choices(business(), actor()))
    under = under_convention(business(), actor(), line.id)
    return render_template("commitment/convention.html", line=line, under=under, form=form, away=away)
