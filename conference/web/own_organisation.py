"""What does a funder decide for itself: above which amount two people sign, and what it means to spend each year?"""

from flask import Blueprint, flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from conference.data.queries.organisations import own_settings, shown_organisation
from conference.domain.permissions import Relation, is_granted
from conference.domain.refusal import Refusal
from conference.services.organisations import set_budget, set_confirmation_threshold
from conference.web.access import actor, right
from conference.web.fields import EurosField, Needed, WholeField
from conference.web.forms import Form, show_refusal
from conference.web.transaction import business

pages = Blueprint("own_organisation", __name__, url_prefix="/mon-organisme")

Answer = Response | str | tuple[str, int]


class ThresholdForm(Form):
    """Above this amount a second person confirms."""

    confirmation_threshold = EurosField(
        "Seuil de confirmation",
        description="Un engagement au-dessus de ce montant attend qu’une seconde personne le confirme. Vide : aucun seuil.",
    )


class BudgetForm(Form):
    """What the funder means to spend in a year."""

    year = WholeField("Année", [Needed("Indiquez l’année, par exemple 2026.")])
    amount = EurosField("Budget", [Needed("Indiquez le budget de cette année.")])


@pages.get("")
@right("self.manage")
def show() -> Answer:
    """Threshold and budgets, with the forms that the role grants."""
    threshold = own_settings(business(), actor()).threshold
    return _page(ThresholdForm(confirmation_threshold=threshold), BudgetForm(formdata=None, year=g.at.year))


@pages.post("/seuil")
@right("threshold.edit")
def save_threshold() -> Answer:
    """Set or lift the threshold."""
    form, other = ThresholdForm(), BudgetForm(formdata=None, year=g.at.year)
    if not form.validate():
        return _page(form, other), 422
    threshold = form.confirmation_threshold.data
    try:
        set_confirmation_threshold(business(), actor().organisation_id or 0, threshold=threshold, by=actor(), at=g.at)
    except Refusal as refusal:
        show_refusal(form, refusal)
        return _page(form, other), 422
    flash("Le seuil est enregistré." if threshold else "Il n’y a plus de seuil.", "good")
    return redirect(url_for("own_organisation.show"))


@pages.post("/budgets")
@right("budget.edit")
def save_budget() -> Answer:
    """Set the budget of a year."""
    threshold = own_settings(business(), actor()).threshold
    form, other = BudgetForm(), ThresholdForm(formdata=None, confirmation_threshold=threshold)
    if not form.validate():
        return _page(other, form), 422
    assert form.year.data is not None and form.amount.data is not None
    try:
        set_budget(
            business(),
            actor().organisation_id or 0,
            year=form.year.data,
            amount=form.amount.data,
            by=actor(),
            at=g.at,
        )
    except Refusal as refusal:
        show_refusal(form, refusal)
        return _page(other, form), 422
    flash("Le budget est enregistré.", "good")
    return redirect(url_for("own_organisation.show"))


def _page(threshold_form: ThresholdForm, budget_form: BudgetForm) -> str:
    who = actor()
    organisation = shown_organisation(business(), who, who.organisation_id or 0)
    return render_template(
        "organisations/own.html",
        threshold_form=threshold_form,
        budget_form=budget_form,
        organisation=organisation,
        own=own_settings(business(), who),
        sets_threshold=organisation.is_funder and is_granted(who, "threshold.edit", Relation.OWN),
        sets_budget=organisation.is_funder and is_granted(who, "budget.edit", Relation.OWN),
    )
