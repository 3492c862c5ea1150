"""The pages of people's parcours: the list, one parcours, and what is added to it.

A parcours is called by its identifier in the address; who does not reach it gets the same 404 as for one that does not
exist, on every page and every form.
"""

from datetime import date
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response
from wtforms import BooleanField, HiddenField, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from conference.data.glossary import label, labels
from conference.data.queries.alerts import parcours_alerts
from conference.data.queries.choices import funder_choices, organisation_choices
from conference.data.queries.parcours import ParcoursView, parcours_list, parcours_view, step_view
from conference.data.queries.parcours_history import parcours_history
from conference.documents.svg import timeline_svg
from conference.domain.case import StepKind
from conference.domain.french import day_in_france
from conference.domain.parcours import KeySituation, ParcoursKind
from conference.domain.permissions import is_granted_somewhere
from conference.domain.refusal import NotFound, Refusal
from conference.domain.rights import RightKind
from conference.services.income_rights import RightLine, record_right
from conference.services.parcours import open_parcours
from conference.services.steps import StepLine, add_step, move_step
from conference.web.access import actor, right
from conference.web.fields import ChoiceField, DayField, EurosField, Needed, TextField, WholeField
from conference.web.forms import Form, show_refusal
from conference.web.parcours_words import history_words, timeline_of
from conference.web.transaction import business

pages = Blueprint("parcours", __name__)
Answer = str | Response | tuple[str, int]


class ParcoursForm(Form):
    """The person's situation."""

    kind = ChoiceField("Type de parcours", [Needed("Choisissez le type de parcours.")], blank="Choisissez")
    key_situation = ChoiceField("Situation clé", [Needed("Choisissez la situation clé.")], blank="Choisissez")
    target = TextField("Qualification visée", longest=300, description="Un métier ou un diplôme. N’écrivez aucun nom.")


class DaysForm(Form):
    """Two days, both included, and the version that was read."""

    first = DayField("Premier jour", [Needed("Indiquez le premier jour.")])
    last = DayField("Dernier jour", [Needed("Indiquez le dernier jour.")], description="Ce jour est compris.")
    version = HiddenField()


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
    hours = WholeField("Nombre d’heures")
    provider_id = ChoiceField("Organisme de formation")


class RightForm(Form):
    """One right."""

    kind = ChoiceField("Droit", [Needed("Choisissez le droit.")], blank="Choisissez")
    payer_id = ChoiceField("Payeur", [Needed("Choisissez qui paie.")], blank="Choisissez")
    first = DayField("Premier jour payé", [Needed("Indiquez le premier jour payé.")])
    last = DayField("Dernier jour payé", [Needed("Indiquez le dernier jour payé.")], description="Ce jour est compris.")
    daily_amount = EurosField(
        "Montant brut par jour", description="Vide s’il n’est pas connu. Le besoin est alors à vérifier."
    )
    origin = TextField("Origine", description="La décision ou le courrier qui l’établit. N’écrivez aucun nom.")


@pages.get("/parcours")
@right("parcours.list")
def show_list() -> str:
    """The parcours that the reader reaches."""
    asked = request.args.get("page", "")
    page = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 9 else 1
    q = request.args.get("q", "").strip()[:100]
    found = parcours_list(business(), actor(), page=page, q=q)
    return render_template(
        "parcours/list.html", found=found, q=q, may_open=is_granted_somewhere(actor(), "parcours.create")
    )


@pages.route("/parcours/nouveau", methods=["GET", "POST"])
@right("parcours.create")
def open_new() -> Answer:
    """Open a parcours followed by the reader's organisation."""
    form = ParcoursForm()
    form.kind.choices = list(labels("parcours_kind").items())
    form.key_situation.choices = list(labels("key_situation").items())
    if request.method == "POST" and form.validate():
        try:
            opened = open_parcours(
                business(),
                referent_id=actor().organisation_id or 0,
                kind=ParcoursKind(form.kind.data),
                key_situation=KeySituation(form.key_situation.data),
                target=form.target.data or "",
                by=actor(),
                at=g.at,
            )
            flash(f"Parcours {opened.pseudonym} ouvert. Ajoutez sa première étape.", "good")
            return redirect(url_for(".show", parcours_id=opened.id), 303)
        except Refusal as refusal:
            _shown(form, refusal)
    return _answer("parcours/new.html", form)


@pages.get("/parcours/<int:parcours_id>")
@right("parcours.list")
def show(parcours_id: int) -> str:
    """One parcours: its steps, its rights, who pays each day, its alerts and its history."""
    today = day_in_france(g.at)
    found = parcours_view(business(), actor(), parcours_id, known_on=today)
    timeline = timeline_of(found, today)
    return render_template(
        "parcours/show.html",
        parcours=found,
        label=label,
        timeline=Markup(timeline_svg(timeline, "frise")) if timeline else None,
        alerts=parcours_alerts(business(), actor(), parcours_id),
        history=history_words(parcours_history(business(), actor(), parcours_id), found),
        today=today,
    )


@pages.route("/parcours/<int:parcours_id>/etape", methods=["GET", "POST"])
@right("parcours.edit")
def new_step(parcours_id: int) -> Answer:
    """Add a step."""
    found = _reached(parcours_id)
    form = _step_form()
    if request.method == "POST" and form.validate():
        try:
            line = StepLine(
                kind=StepKind(form.kind.data),
                title=form.title.data or "",
                first=_day(form.first),
                last=_day(form.last),
                hours=form.hours.data,
                needs_income=form.needs_income.data,
                provider_id=form.provider_id.data,
                funder_ids=tuple(form.funder_ids.data or ()),
            )
            add_step(business(), parcours_id, line, by=actor(), at=g.at)
            flash("Étape ajoutée. Les jours sans revenu sont recomptés.", "good")
            return redirect(url_for(".show", parcours_id=parcours_id), 303)
        except Refusal as refusal:
            _shown(form, refusal)
    return _answer("parcours/step.html", form, parcours=found)


@pages.route("/parcours/<int:parcours_id>/etape/<int:step_id>", methods=["GET", "POST"])
@right("parcours.edit")
def change_step(parcours_id: int, step_id: int) -> Answer:
    """Change the days of a step."""
    found = _reached(parcours_id)
    step = step_view(business(), actor(), parcours_id, step_id)
    form = DaysForm(first=step.first, last=step.last, version=step.version)
    if request.method == "POST" and form.validate():
        try:
            version = str(form.version.data or "")
            move_step(
                business(),
                step_id,
                first=_day(form.first),
                last=_day(form.last),
                version=int(version) if version.isascii() and version.isdecimal() else 0,
                by=actor(),
                at=g.at,
            )
            flash("Dates modifiées. Les jours sans revenu sont recomptés.", "good")
            return redirect(url_for(".show", parcours_id=parcours_id), 303)
        except Refusal as refusal:
            _shown(form, refusal)
    return _answer("parcours/move.html", form, parcours=found, step=step)


@pages.route("/parcours/<int:parcours_id>/droit", methods=["GET", "POST"])
@right("parcours.edit")
def new_right(parcours_id: int) -> Answer:
    """Record a right."""
    found = _reached(parcours_id)
    form = RightForm()
    form.kind.choices = list(labels("right_kind").items())
    form.payer_id.choices = [(each.id, each.label) for each in organisation_choices(business(), actor())]
    if request.method == "POST" and form.validate():
        try:
            line = RightLine(
                kind=RightKind(form.kind.data),
                payer_id=form.payer_id.data,
                first=_day(form.first),
                last=_day(form.last),
                daily_amount=form.daily_amount.data,
                origin=form.origin.data or "",
            )
            record_right(business(), parcours_id, line, by=actor(), at=g.at)
            flash("Droit enregistré. Les jours sans revenu sont recomptés.", "good")
            return redirect(url_for(".show", parcours_id=parcours_id), 303)
        except Refusal as refusal:
            _shown(form, refusal)
    return _answer("parcours/right.html", form, parcours=found)


def _reached(parcours_id: int) -> ParcoursView:
    """The parcours before its form is read, so that a foreign one answers 404 whatever was sent."""
    return parcours_view(business(), actor(), parcours_id, known_on=day_in_france(g.at))


def _step_form() -> StepForm:
    form = StepForm(needs_income=True, funder_ids=[actor().organisation_id])
    form.kind.choices = list(labels("step_kind").items())
    form.funder_ids.choices = [(each.id, each.label) for each in funder_choices(business())]
    form.provider_id.choices = [(each.id, each.label) for each in organisation_choices(business(), actor())]
    return form


def _shown(form: Any, refusal: Refusal) -> None:
    """Show a refusal on the form; what concerns the page itself goes on."""
    if isinstance(refusal, NotFound):
        raise refusal
    show_refusal(form, refusal)


def _day(field: DayField) -> date:
    """The day of a field that the form has just validated as filled."""
    day = field.data
    assert isinstance(day, date)
    return day


def _answer(template: str, form: Any, **context: Any) -> Answer:
    page = render_template(template, form=form, **context)
    return (page, 422) if form.errors else page
