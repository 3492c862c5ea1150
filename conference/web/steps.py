"""The pages of a parcours' steps: choose a model, add, change, withdraw, interruptions, results.

A model fills the form with what is usual; nothing is saved before the officer has read it.
"""

from datetime import date
from typing import Any

from flask import Blueprint, current_app, flash, g, redirect, request, url_for
from wtforms import BooleanField, HiddenField, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from conference.data.glossary import label, labels
from conference.data.queries.choices import funder_choices, organisation_choices
from conference.data.queries.parcours_view import ParcoursView, StepView
from conference.domain.case import InterruptionKind, StepKind
from conference.domain.french import day_in_france
from conference.domain.refusal import NotFound, Refusal
from conference.domain.results import QualificationResult, RuptureMotive, StepOutcome, WorkResult
from conference.domain.step_models import MODELS, model_of, usual_days
from conference.services.identities import recorded_age
from conference.services.step_results import ResultLine, record_result
from conference.services.steps import (
    StepLine,
    add_step,
    change_step,
    record_interruption,
    remove_interruption,
    withdraw_step,
)
from conference.web.access import actor, right
from conference.web.fields import ChoiceField, DayField, Needed, TextField, WholeField
from conference.web.forms import Form
from conference.web.parcours import Answer, answer, as_bool, as_told, day_of, reached, shown, told, version_of
from conference.web.simulation_form import HoursField
from conference.web.transaction import business

pages = Blueprint("step", __name__)
CONDITIONS = ("prescribed", "qualifying", "shortage_occupation", "approved_for_pay")


class StepForm(Form):
    """One step."""

    kind = ChoiceField("Nature de l’étape", [Needed("Choisissez la nature de l’étape.")], blank="Choisissez")
    title = TextField("Intitulé", [Needed("Donnez un intitulé à l’étape, par exemple le nom de la formation.")])
    first = DayField("Premier jour", [Needed("Indiquez le premier jour.")])
    last = DayField("Dernier jour", [Needed("Indiquez le dernier jour.")], description="Ce jour est compris.")
    needs_income = BooleanField(
        "La personne a besoin d’un revenu pendant cette étape",
        description="Chaque jour compte, fins de semaine et fermetures comprises.",
    )
    funder_ids = SelectMultipleField(
        "Financeurs de l’étape",
        coerce=int,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        description="Un financeur coché peut lire ce parcours. Sans choix, l’organisme référent est retenu.",
        validate_choice=True,
    )
    hours = WholeField("Nombre d’heures en tout")
    weekly_hours = HoursField("Heures par semaine", description="30 heures ou plus : temps plein.")
    provider_id = ChoiceField("Organisme de formation")
    registered_on = DayField(
        "Inscription ou prescription", description="Ce jour choisit les règles du relais. À défaut, le premier jour."
    )
    age_at_entry = WholeField("Âge de la personne le premier jour")
    prescribed = told("Formation prescrite")
    qualifying = told("Mène à une qualification reconnue", "RNCP, branche, ou une unité d’une qualification.")
    shortage_occupation = told("Métier sur la liste des métiers en tension")
    approved_for_pay = told("Agréée pour la rémunération des stagiaires")
    own_reference = TextField("Votre référence de l’étape", longest=120)
    version = HiddenField()


class MotiveForm(Form):
    """Why something is taken away."""

    motive = TextField("Motif", [Needed("Indiquez le motif.")], longest=500, description="N’écrivez aucun nom.")
    version = HiddenField()


class InterruptionForm(Form):
    """Days that were not followed."""

    kind = ChoiceField(
        "Ce qui s’est passé", [Needed("Choisissez une interruption ou une absence.")], blank="Choisissez"
    )
    first = DayField("Premier jour non suivi", [Needed("Indiquez le premier jour non suivi.")])
    last = DayField("Dernier jour non suivi", [Needed("Indiquez le dernier jour non suivi.")])


class ResultForm(Form):
    """What came of the step; blank is not known yet."""

    outcome = ChoiceField("Fin de l’étape", blank="Pas encore connue")
    ended_on = DayField("Dernier jour suivi", description="Pour une étape rompue.")
    motive = ChoiceField("Motif de la rupture", blank="Aucun")
    qualification = ChoiceField("Qualification", blank="Pas encore connue")
    work_3_months = ChoiceField("Situation 3 mois après", blank="Pas encore connue")
    work_6_months = ChoiceField("Situation 6 mois après", blank="Pas encore connue")
    version = HiddenField()


@pages.get("/parcours/<int:parcours_id>/etape")
@right("parcours.edit")
def choose(parcours_id: int) -> Answer:
    """The models of steps."""
    return answer("step/choose.html", Form(), parcours=reached(parcours_id), models=MODELS, label=label)


@pages.route("/parcours/<int:parcours_id>/etape/nouvelle", methods=["GET", "POST"])
@right("parcours.edit")
def add(parcours_id: int) -> Answer:
    """Add a step, from the model named in the address or from nothing."""
    found = reached(parcours_id)
    form = _from_model(found, request.args.get("modele", ""))
    if request.method == "POST" and form.validate():
        try:
            add_step(business(), parcours_id, _line(form, parcours_id), by=actor(), at=g.at)
            flash("Étape ajoutée. Les jours sans revenu sont recomptés.", "good")
            return redirect(url_for("parcours.show", parcours_id=parcours_id), 303)
        except Refusal as refusal:
            shown(form, refusal)
    return answer("step/edit.html", form, parcours=found, step=None)


@pages.route("/parcours/<int:parcours_id>/etape/<int:step_id>", methods=["GET", "POST"])
@right("parcours.edit")
def change(parcours_id: int, step_id: int) -> Answer:
    """Write what is now known of a step."""
    found = reached(parcours_id)
    step = found.step(step_id)
    form = _form(**_filled(step))
    if request.method == "POST" and form.validate():
        try:
            line = _line(form, parcours_id)
            change_step(business(), step_id, line, version=version_of(form), by=actor(), at=g.at)
            flash("Étape modifiée. Les jours sans revenu sont recomptés.", "good")
            return redirect(url_for("parcours.show", parcours_id=parcours_id), 303)
        except Refusal as refusal:
            shown(form, refusal)
    return answer("step/edit.html", form, parcours=found, step=step)


@pages.route("/parcours/<int:parcours_id>/etape/<int:step_id>/retirer", methods=["GET", "POST"])
@right("parcours.edit")
def withdraw(parcours_id: int, step_id: int) -> Answer:
    """Take away a step entered by mistake."""
    found = reached(parcours_id)
    step = found.step(step_id)
    form = MotiveForm(version=step.version)
    if request.method == "POST" and form.validate():
        try:
            motive = form.motive.data or ""
            withdraw_step(business(), step_id, motive=motive, version=version_of(form), by=actor(), at=g.at)
            flash("Étape retirée. Les jours sans revenu sont recomptés.", "good")
            return redirect(url_for("parcours.show", parcours_id=parcours_id), 303)
        except Refusal as refusal:
            shown(form, refusal)
    return answer("step/withdraw.html", form, parcours=found, step=step)


@pages.route("/parcours/<int:parcours_id>/etape/<int:step_id>/interruption", methods=["GET", "POST"])
@right("parcours.edit")
def interrupt(parcours_id: int, step_id: int) -> Answer:
    """Record days that were not followed."""
    found = reached(parcours_id)
    step = found.step(step_id)
    form = InterruptionForm()
    form.kind.choices = list(labels("interruption_kind").items())
    if request.method == "POST" and form.validate():
        try:
            kind, first, last = InterruptionKind(form.kind.data), day_of(form.first), day_of(form.last)
            record_interruption(business(), step_id, kind=kind, first=first, last=last, by=actor(), at=g.at)
            flash("Jours enregistrés. Les jours sans revenu sont recomptés.", "good")
            return redirect(url_for("parcours.show", parcours_id=parcours_id), 303)
        except Refusal as refusal:
            shown(form, refusal)
    return answer("step/interruption.html", form, parcours=found, step=step, label=label)


@pages.post("/parcours/<int:parcours_id>/etape/<int:step_id>/interruption/<int:interruption_id>/retirer")
@right("parcours.edit")
def resume(parcours_id: int, step_id: int, interruption_id: int) -> Answer:
    """Take away days recorded by mistake."""
    step = reached(parcours_id).step(step_id)
    if interruption_id not in {each.id for each in step.interruptions}:
        raise NotFound()
    remove_interruption(business(), interruption_id, by=actor(), at=g.at)
    flash("Jours retirés. Les jours sans revenu sont recomptés.", "good")
    return redirect(url_for("parcours.show", parcours_id=parcours_id), 303)


@pages.route("/parcours/<int:parcours_id>/etape/<int:step_id>/resultat", methods=["GET", "POST"])
@right("parcours.edit")
def conclude(parcours_id: int, step_id: int) -> Answer:
    """Write what came of a step."""
    found = reached(parcours_id)
    step = found.step(step_id)
    known = step.result
    form = ResultForm(**{name: getattr(known, name) for name in (*_RESULTS, "ended_on", "version")})
    for name, (group, _) in _RESULTS.items():
        form[name].choices = list(labels(group).items())
    if request.method == "POST" and form.validate():
        try:
            read: dict[str, Any] = {
                name: words(form[name].data) if form[name].data else None for name, (_, words) in _RESULTS.items()
            }
            line = ResultLine(**read, ended_on=form.ended_on.data)
            record_result(business(), step_id, line, version=version_of(form), by=actor(), at=g.at)
            flash("Résultat enregistré.", "good")
            return redirect(url_for("parcours.show", parcours_id=parcours_id), 303)
        except Refusal as refusal:
            shown(form, refusal)
    return answer("step/result.html", form, parcours=found, step=step)


_RESULTS = {
    "outcome": ("step_outcome", StepOutcome),
    "motive": ("rupture_motive", RuptureMotive),
    "qualification": ("qualification_result", QualificationResult),
    "work_3_months": ("work_result", WorkResult),
    "work_6_months": ("work_result", WorkResult),
}


def _form(**filled: object) -> StepForm:
    form = StepForm(**filled)
    form.kind.choices = list(labels("step_kind").items())
    form.funder_ids.choices = [(each.id, each.label) for each in funder_choices(business())]
    form.provider_id.choices = [(each.id, each.label) for each in organisation_choices(business(), actor())]
    return form


def _from_model(parcours: ParcoursView, kind: str) -> StepForm:
    """The form filled with what is usual in a step of that kind; blank when there is no such model."""
    funders = [actor().organisation_id]
    model = model_of(kind)
    if model is None:
        return _form(needs_income=True, funder_ids=funders)
    last: date | None = max((step.last for step in parcours.steps), default=None)
    days = usual_days(model, last, day_in_france(g.at))
    return _form(
        kind=model.kind.value,
        title=model.title,
        first=days.first,
        last=days.last,
        hours=model.hours,
        weekly_hours=model.weekly_hours,
        needs_income=model.needs_income,
        qualifying=as_told(model.qualifying),
        funder_ids=funders,
    )


def _filled(step: StepView) -> dict[str, object]:
    names = (
        "kind title first last needs_income hours weekly_hours provider_id registered_on age_at_entry own_reference "
        "version"
    )
    filled = {name: getattr(step, name) for name in names.split()}
    return {**filled, "funder_ids": list(step.funder_ids)} | {name: as_told(getattr(step, name)) for name in CONDITIONS}


def _line(form: StepForm, parcours_id: int) -> StepLine:
    """What was typed; the age is that of the identity where there is one, since the days may have moved."""
    instance = current_app.extensions["settings"].instance
    age = recorded_age(business(), instance, parcours_id, day_of(form.first))
    conditions: dict[str, Any] = {name: as_bool(form[name].data) for name in CONDITIONS}
    return StepLine(
        kind=StepKind(form.kind.data),
        title=form.title.data or "",
        first=day_of(form.first),
        last=day_of(form.last),
        hours=form.hours.data,
        needs_income=form.needs_income.data,
        provider_id=form.provider_id.data,
        funder_ids=tuple(form.funder_ids.data or ()),
        registered_on=form.registered_on.data,
        weekly_hours=form.weekly_hours.data,
        age_at_entry=form.age_at_entry.data if age is None else age,
        own_reference=form.own_reference.data,
        **conditions,
    )
