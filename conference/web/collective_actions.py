"""The pages of collective actions: the list, one action with its people, its facts, enrolling, bringing steps to its days.

Its plan has a room of its own (`action_plan`). A count of persons under the threshold is hidden from who does not read all of
them, in the list as on the page.
"""

import re
from typing import Any

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from wtforms import BooleanField, HiddenField, SelectMultipleField, TextAreaField
from wtforms.widgets import CheckboxInput, ListWidget

from conference.data.glossary import label, labels
from conference.data.queries.choices import item_choices, organisation_choices
from conference.data.queries.collective_actions import (
    FACTS,
    ActionView,
    action_list,
    action_view,
    parcours_named,
)
from conference.data.queries.plans import plan_of_action
from conference.domain.case import StepKind
from conference.domain.french import day_in_france, format_date
from conference.domain.parcours import KeySituation, ParcoursKind
from conference.domain.permissions import is_granted_somewhere
from conference.domain.refusal import NotFound, Refusal
from conference.services.collective_actions import (
    MOST_AT_ONCE,
    ActionLine,
    NewPeople,
    align_steps,
    change_action,
    create_action,
    enrol,
    enrol_new,
    leave,
)
from conference.services.parcours import Situation
from conference.web.access import actor, right
from conference.web.fields import ChoiceField, DayField, Needed, PersonsField, TextField, WholeField
from conference.web.forms import Form, at_most, page_number, required
from conference.web.parcours import Answer, answer, as_bool, as_told, day_of, shown, told, version_of
from conference.web.simulation_form import HoursField
from conference.web.steps import CONDITIONS, MotiveForm
from conference.web.transaction import business

pages = Blueprint("action", __name__)


class ActionForm(Form):
    """What is said of an action."""

    kind = ChoiceField("Nature de l’étape", [Needed("Choisissez la nature de l’étape.")], blank="Choisissez")
    title = TextField("Intitulé", [Needed("Donnez un intitulé à l’action, par exemple le nom de la formation.")])
    first = DayField("Premier jour", [Needed("Indiquez le premier jour.")])
    last = DayField("Dernier jour", [Needed("Indiquez le dernier jour.")], description="Ce jour est compris.")
    hours = WholeField("Nombre d’heures en tout")
    weekly_hours = HoursField("Heures par semaine", description="30 heures ou plus\u202f: temps plein.")
    places = WholeField("Nombre de places")
    provider_id = ChoiceField("Organisme de formation")
    needs_income = BooleanField("Les personnes ont besoin d’un revenu pendant cette action")
    registered_on = DayField("Inscription ou prescription", description="À défaut, le premier jour.")
    prescribed = told("Formation prescrite")
    qualifying = told("Mène à une qualification reconnue", "RNCP, branche, ou une unité d’une qualification.")
    shortage_occupation = told("Métier sur la liste des métiers en tension")
    approved_for_pay = told("Agréée pour la rémunération des stagiaires")
    version = HiddenField()


class KnownForm(Form):
    """People who have a parcours."""

    pseudonyms = TextAreaField(
        "Parcours",
        [required("Écrivez au moins un pseudonyme."), at_most(4000)],
        description="Un pseudonyme par ligne, par exemple P-2026-000012.",
    )


class NewForm(Form):
    """People who have none yet."""

    count = PersonsField("Nombre de personnes", [Needed("Indiquez le nombre de personnes.")])
    kind = ChoiceField("Type de parcours", [Needed("Choisissez le type de parcours.")], blank="Choisissez")
    key_situation = ChoiceField("Situation clé", [Needed("Choisissez la situation clé.")], blank="Choisissez")
    target = TextField("Qualification visée", longest=300, description="Un métier ou un diplôme. N’écrivez aucun nom.")
    territory_id = ChoiceField("Territoire")
    audience_id = ChoiceField("Public")


class AlignForm(Form):
    """Which steps are brought to what the action says; each choice is the step and the version that was read."""

    steps = SelectMultipleField(
        "Étapes à aligner", widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )


@pages.get("/actions")
@right("action.list")
def show_list() -> str:
    """The actions that the reader sees, filtered by the address: `q`, `etat` (terminees), `page`."""
    over, q = request.args.get("etat") == "terminees", request.args.get("q", "").strip()[:100]
    found = action_list(
        business(),
        actor(),
        on=day_in_france(g.at),
        page=page_number(request.args.get("page")),
        q=q,
        over=over,
        threshold=_threshold(),
    )
    may_create = is_granted_somewhere(actor(), "action.edit")
    return render_template(
        "collective_action/list.html",
        found=found,
        q=q,
        over=over,
        may_create=may_create,
        label=label,
        threshold=_threshold(),
    )


@pages.route("/actions/nouvelle", methods=["GET", "POST"])
@right("action.edit")
def create() -> Answer:
    """Create an action kept by the reader's organisation."""
    form = _form(kind=StepKind.TRAINING.value, needs_income=True)
    if request.method == "POST" and form.validate():
        try:
            action = create_action(business(), actor().organisation_id or 0, _line(form), by=actor(), at=g.at)
            flash("Action créée. Inscrivez les personnes, puis dites ce qu’elle coûte.", "good")
            return redirect(url_for(".show", action_id=action.id), 303)
        except Refusal as refusal:
            shown(form, refusal)
    return answer("collective_action/edit.html", form, action=None)


@pages.get("/actions/<int:action_id>")
@right("action.list")
def show(action_id: int) -> str:
    """One action: its facts, its money, the people that the reader reaches."""
    action = _seen(action_id)
    return render_template(
        "collective_action/show.html",
        action=action,
        plan=plan_of_action(business(), actor(), action_id) if action.sees_plan else None,
        label=label,
        threshold=_threshold(),
    )


@pages.route("/actions/<int:action_id>/modifier", methods=["GET", "POST"])
@right("action.edit")
def change(action_id: int) -> Answer:
    """Write what is now known of an action; steps that then differ are proposed to be brought to it."""
    action = _kept(action_id)
    known = {name: as_told(value) if name in CONDITIONS else value for name, value in action.facts.items()}
    form = _form(**known, version=action.version)
    if request.method == "POST" and form.validate():
        try:
            change_action(business(), action_id, _line(form), version=version_of(form), by=actor(), at=g.at)
            flash("Action modifiée.", "good")
            apart = _seen(action_id).apart
            return redirect(url_for(".align" if apart else ".show", action_id=action_id), 303)
        except Refusal as refusal:
            shown(form, refusal)
    return answer("collective_action/edit.html", form, action=action)


@pages.route("/actions/<int:action_id>/aligner", methods=["GET", "POST"])
@right("action.edit")
def align(action_id: int) -> Answer:
    """Bring chosen steps to what the action says."""
    action = _kept(action_id)
    apart = [(f"{each.step_id}-{each.version}", each) for each in action.apart]
    form = AlignForm(steps=[key for key, _ in apart])
    form.steps.choices = [
        (key, f"{each.pseudonym}, du {format_date(each.first)} au {format_date(each.last)}") for key, each in apart
    ]
    if request.method == "POST" and form.validate():
        try:
            chosen = [key.partition("-") for key in form.steps.data or ()]
            count = align_steps(
                business(), action_id, [(int(step), int(seen)) for step, _, seen in chosen], by=actor(), at=g.at
            )
            flash("Une étape alignée." if count == 1 else f"{count} étapes alignées.", "good")
            return redirect(url_for(".show", action_id=action_id), 303)
        except Refusal as refusal:
            shown(form, refusal)
    return answer("collective_action/align.html", form, action=action, apart=apart)


@pages.route("/actions/<int:action_id>/inscrire", methods=["GET", "POST"])
@right("action.edit")
def add_people(action_id: int) -> Answer:
    """Enrol people who have a parcours."""
    action, form = _kept(action_id), KnownForm()
    if request.method == "POST" and form.validate():
        try:
            steps = enrol(business(), action_id, _named(form.pseudonyms.data or ""), by=actor(), at=g.at)
            _say_enrolled(len(steps))
            return redirect(url_for(".show", action_id=action_id), 303)
        except Refusal as refusal:
            shown(form, refusal)
    return answer("collective_action/enrol.html", form, action=action, most=MOST_AT_ONCE)


@pages.route("/actions/<int:action_id>/inscrire/nouveaux", methods=["GET", "POST"])
@right("action.edit")
def add_new_people(action_id: int) -> Answer:
    """Open a parcours for each of so many people, and enrol them."""
    action, form = _kept(action_id), _new_form()
    if request.method == "POST" and form.validate():
        try:
            people = NewPeople(
                count=form.count.data,
                kind=ParcoursKind(form.kind.data),
                key_situation=KeySituation(form.key_situation.data),
                target=form.target.data or "",
                situation=Situation(territory_id=form.territory_id.data, audience_id=form.audience_id.data),
            )
            opened, _ = enrol_new(business(), action_id, people, by=actor(), at=g.at)
            _say_enrolled(len(opened))
            return redirect(url_for(".show", action_id=action_id), 303)
        except Refusal as refusal:
            shown(form, refusal)
    return answer("collective_action/enrol_new.html", form, action=action, most=MOST_AT_ONCE)


@pages.route("/actions/<int:action_id>/personne/<int:step_id>/retirer", methods=["GET", "POST"])
@right("action.edit")
def remove(action_id: int, step_id: int) -> Answer:
    """Take somebody off who was enrolled by mistake or never came."""
    action = _kept(action_id)
    person = action.person(step_id)
    form = MotiveForm(version=person.version)
    if request.method == "POST" and form.validate():
        try:
            motive = form.motive.data or ""
            leave(business(), action_id, step_id, motive=motive, version=version_of(form), by=actor(), at=g.at)
            flash(f"{person.pseudonym} n’est plus inscrit.", "good")
            return redirect(url_for(".show", action_id=action_id), 303)
        except Refusal as refusal:
            shown(form, refusal)
    return answer("collective_action/remove.html", form, action=action, person=person)


def _threshold() -> int:
    return int(current_app.extensions["settings"].persons_threshold)


def _seen(action_id: int) -> ActionView:
    return action_view(business(), actor(), action_id, threshold=_threshold())


def _kept(action_id: int) -> ActionView:
    """The action before its form is read, so that one kept by others answers 404 whatever was sent."""
    action = _seen(action_id)
    if not action.may_edit:
        raise NotFound()
    return action


def _named(text: str) -> list[int]:
    """The parcours named in a text. Raises Refusal on those that are not found, all of them."""
    asked = [each.upper() for each in re.split(r"[\s,;]+", text) if each]
    if len(asked) > MOST_AT_ONCE:
        raise Refusal(f"Inscrivez {MOST_AT_ONCE} personnes au plus à la fois.", field="pseudonyms", code="too_many")
    found = parcours_named(business(), actor(), asked)
    if missing := [each for each in dict.fromkeys(asked) if each not in found]:
        raise Refusal(
            f"Aucun parcours que vous pouvez lire ne porte ce pseudonyme\u202f: {', '.join(missing)[:300]}.",
            field="pseudonyms",
            code="pseudonyms",
        )
    return [found[each] for each in asked]


def _say_enrolled(count: int) -> None:
    flash("Une personne inscrite." if count == 1 else f"{count} personnes inscrites.", "good")


def _form(**filled: Any) -> ActionForm:
    form = ActionForm(**filled)
    form.kind.choices = list(labels("step_kind").items())
    form.provider_id.choices = [(each.id, each.label) for each in organisation_choices(business(), actor())]
    return form


def _new_form() -> NewForm:
    form, today = NewForm(), day_in_france(g.at)
    form.kind.choices = list(labels("parcours_kind").items())
    form.key_situation.choices = list(labels("key_situation").items())
    for name in ("territory", "audience"):
        form[f"{name}_id"].choices = [(each.id, each.label) for each in item_choices(business(), name, on=today)]
    return form


def _line(form: ActionForm) -> ActionLine:
    said: dict[str, Any] = {name: form[name].data for name in FACTS}
    said |= {name: as_bool(form[name].data) for name in CONDITIONS}
    said |= {"kind": StepKind(form.kind.data), "title": form.title.data or ""}
    return ActionLine(**{**said, "first": day_of(form.first), "last": day_of(form.last)})
