"""The pages of a parcours' rights to an income: record one, take one away.

Unemployment rights may be given as days left on a date, as their payer's letter says them.
"""

from datetime import date

from flask import Blueprint, flash, g, redirect, request, url_for
from wtforms import BooleanField

from conference.data.glossary import label, labels
from conference.data.queries.choices import organisation_choices
from conference.domain.refusal import NotFound, Refusal
from conference.domain.rights import RightKind
from conference.services.income_rights import RightLine, last_of, record_right, withdraw_right
from conference.web.access import actor, right
from conference.web.fields import ChoiceField, DayField, EurosField, Needed, TextField, WholeField
from conference.web.forms import Form
from conference.web.parcours import Answer, answer, day_of, reached, shown
from conference.web.steps import MotiveForm
from conference.web.transaction import business

pages = Blueprint("income_right", __name__)


class RightForm(Form):
    """One right."""

    kind = ChoiceField("Droit", [Needed("Choisissez le droit.")], blank="Choisissez")
    payer_id = ChoiceField("Payeur", [Needed("Choisissez qui paie.")], blank="Choisissez")
    first = DayField("Premier jour payé", [Needed("Indiquez le premier jour payé.")])
    last = DayField("Dernier jour payé", description="Ce jour est compris. À défaut, donnez les jours restants.")
    days_left = WholeField("Ou jours restants au premier jour", description="Jours de calendrier, le premier compris.")
    daily_amount = EurosField(
        "Montant brut par jour", description="Vide s’il n’est pas connu. Le besoin est alors à vérifier."
    )
    monthly_amount = EurosField("Ou montant brut par mois")
    opened_months = WholeField("Durée du droit ouvert", description="En mois, comme la notification la donne.")
    main = BooleanField("C’est le revenu principal de ces jours")
    funder_id = ChoiceField("Qui finance, si ce n’est pas le payeur")
    manager_id = ChoiceField("Qui gère, si ce n’est pas le payeur")
    origin = TextField("Origine", description="La décision ou le courrier qui l’établit. N’écrivez aucun nom.")


@pages.route("/parcours/<int:parcours_id>/droit", methods=["GET", "POST"])
@right("parcours.edit")
def add(parcours_id: int) -> Answer:
    """Record a right."""
    found = reached(parcours_id)
    form = RightForm()
    form.kind.choices = list(labels("right_kind").items())
    organisations = [(each.id, each.label) for each in organisation_choices(business(), actor())]
    form.payer_id.choices = form.funder_id.choices = form.manager_id.choices = organisations
    if request.method == "POST" and form.validate():
        try:
            record_right(business(), parcours_id, _line(form), by=actor(), at=g.at)
            flash("Droit enregistré. Les jours sans revenu sont recomptés.", "good")
            return redirect(url_for("parcours.show", parcours_id=parcours_id), 303)
        except Refusal as refusal:
            shown(form, refusal)
    return answer("income_right/add.html", form, parcours=found)


@pages.route("/parcours/<int:parcours_id>/droit/<int:right_id>/retirer", methods=["GET", "POST"])
@right("parcours.edit")
def withdraw(parcours_id: int, right_id: int) -> Answer:
    """Take away a right recorded by mistake."""
    found = reached(parcours_id)
    row = next((each for each in found.rights if each.id == right_id), None)
    if row is None:
        raise NotFound()
    form = MotiveForm()
    if request.method == "POST" and form.validate():
        try:
            withdraw_right(business(), right_id, motive=form.motive.data or "", by=actor(), at=g.at)
            flash("Droit retiré. Les jours sans revenu sont recomptés.", "good")
            return redirect(url_for("parcours.show", parcours_id=parcours_id), 303)
        except Refusal as refusal:
            shown(form, refusal)
    return answer("income_right/withdraw.html", form, parcours=found, row=row, label=label)


def _line(form: RightForm) -> RightLine:
    first = day_of(form.first)
    return RightLine(
        kind=RightKind(form.kind.data),
        payer_id=form.payer_id.data,
        first=first,
        last=_last(form, first),
        daily_amount=form.daily_amount.data,
        monthly_amount=form.monthly_amount.data,
        opened_months=form.opened_months.data,
        main=form.main.data,
        funder_id=form.funder_id.data,
        manager_id=form.manager_id.data,
        origin=form.origin.data or "",
    )


def _last(form: RightForm, first: date) -> date:
    """The last day as typed, or found from the days left. Raises Refusal when both or none are given."""
    last: date | None = form.last.data
    left: int | None = form.days_left.data
    if (last is None) == (left is None):
        sentence = (
            "Indiquez le dernier jour payé, ou les jours restants."
            if last is None
            else "Donnez le dernier jour ou les jours restants, pas les deux."
        )
        raise Refusal(sentence, field="last", code="last_or_days_left")
    return last if last is not None else last_of(first, left or 0)
