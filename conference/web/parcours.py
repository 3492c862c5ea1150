"""The pages of people's parcours: the list, a new one, the person's situation, one parcours.

A parcours is called by its identifier in the address; who does not reach it gets the same 404 as for one that does not
exist, on every page and every form. Its steps and rights have rooms of their own.
"""

from datetime import date
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response
from wtforms import HiddenField

from conference.data.glossary import label, labels
from conference.data.queries.alerts import parcours_alerts
from conference.data.queries.attachments import parcours_files
from conference.data.queries.choices import item_choices
from conference.data.queries.handoffs import handoffs_of
from conference.data.queries.identity import kept_of, similar_followers
from conference.data.queries.parcours_history import parcours_history
from conference.data.queries.parcours_list import Progress, parcours_list
from conference.data.queries.parcours_origins import origins_of
from conference.data.queries.parcours_view import FACTS, ParcoursView, parcours_view
from conference.data.queries.plans import plan_summary
from conference.documents.coverage_sheet import payer_name, sentences
from conference.documents.svg import timeline_svg
from conference.domain.french import day_in_france
from conference.domain.parcours import KeySituation, ParcoursKind
from conference.domain.permissions import is_granted_somewhere
from conference.domain.refusal import NotFound, Refusal
from conference.services.attachments import told_size
from conference.services.parcours import Situation, change_parcours, open_parcours
from conference.web.access import actor, right
from conference.web.fields import ChoiceField, DayField, Needed, TextField
from conference.web.forms import Form, show_refusal, turn_asked
from conference.web.parcours_words import timeline_of, whole_history
from conference.web.transaction import business

pages = Blueprint("parcours", __name__)
Answer = str | Response | tuple[str, int]
PROGRESS = {
    "tous": Progress.ALL,
    "en-cours": Progress.CURRENT,
    "a-venir": Progress.COMING,
    "termines": Progress.OVER,
}
STATES = {"tous": "Tous", "en-cours": "En cours", "a-venir": "À venir", "termines": "Terminés"}
TOLD = (("yes", "Oui"), ("no", "Non"))
UNKNOWN = "Personne ne l’a dit"


def told(label: str, description: str = "") -> ChoiceField:
    """A question whose answer may be yes, no, or not said."""
    return ChoiceField(label, choices=TOLD, blank=UNKNOWN, description=description)


class ParcoursForm(Form):
    """The person's situation, and what the parcours aims at."""

    kind = ChoiceField("Type de parcours", [Needed("Choisissez le type de parcours.")], blank="Choisissez")
    key_situation = ChoiceField("Situation clé", [Needed("Choisissez la situation clé.")], blank="Choisissez")
    target = TextField("Qualification visée", longest=300, description="Un métier ou un diplôme. N’écrivez aucun nom.")
    territory_id = ChoiceField("Territoire", description="Où la personne habite ou se forme.")
    audience_id = ChoiceField("Public")
    no_benefit = told(
        "Entre en formation sans aucune allocation", "Demandeur d’emploi non indemnisé, fin de droits, jamais ouvert."
    )
    worked_6_of_12 = told("A travaillé 6 mois sur 12, ou 12 mois sur 24, avant l’entrée")
    single_parent = told("Élève seul un enfant, ou situation assimilée")
    disabled = told("Reconnu travailleur handicapé", "À dire seulement si une règle en dépend.")
    own_reference = TextField("Votre numéro de dossier", longest=120, description="Vu des financeurs de ce parcours.")
    version = HiddenField()


@pages.get("/parcours")
@right("parcours.list")
def show_list() -> str:
    """The parcours that the reader reaches, filtered by the address: `q`, `etat`, `territoire`, `page`, `apres`, `avant`."""
    asked = request.args.get("etat", "")
    etat = asked if asked in PROGRESS else "tous"
    territories = item_choices(business(), "territory")
    chosen = next((each for each in territories if each.code == request.args.get("territoire")), None)
    q = request.args.get("q", "").strip()[:100]
    found = parcours_list(
        business(),
        actor(),
        on=day_in_france(g.at),
        turn=turn_asked(request.args),
        q=q,
        progress=PROGRESS[etat],
        territory_id=chosen.id if chosen else None,
    )
    return render_template(
        "parcours/list.html",
        found=found,
        q=q,
        etat=etat,
        states=STATES,
        territory=chosen.code if chosen else "",
        territories=territories,
        is_filtered=bool(q or chosen or etat != "tous"),
        may_open=is_granted_somewhere(actor(), "parcours.create"),
    )


@pages.route("/parcours/nouveau", methods=["GET", "POST"])
@right("parcours.create")
def open_new() -> Answer:
    """Open a parcours followed by the reader's organisation."""
    form = _form(())
    if request.method == "POST" and form.validate():
        try:
            opened = open_parcours(
                business(),
                referent_id=actor().organisation_id or 0,
                kind=ParcoursKind(form.kind.data),
                key_situation=KeySituation(form.key_situation.data),
                target=form.target.data or "",
                situation=_situation(form),
                by=actor(),
                at=g.at,
            )
            flash(f"Parcours {opened.pseudonym} ouvert. Ajoutez sa première étape.", "good")
            return redirect(url_for("step.choose", parcours_id=opened.id), 303)
        except Refusal as refusal:
            shown(form, refusal)
    return answer("parcours/new.html", form)


@pages.route("/parcours/<int:parcours_id>/situation", methods=["GET", "POST"])
@right("parcours.edit")
def change(parcours_id: int) -> Answer:
    """Write what is now known of the person's situation."""
    found = reached(parcours_id)
    kept = [found.situation["territory_id"], found.situation["audience_id"]]
    said = {name: as_told(value) if isinstance(value, bool) else value for name, value in found.situation.items()}
    form = _form(
        [each for each in kept if each],
        kind=found.kind,
        key_situation=found.key_situation,
        target=found.target,
        version=found.version,
        **said,
    )
    if request.method == "POST" and form.validate():
        try:
            change_parcours(
                business(),
                parcours_id,
                kind=ParcoursKind(form.kind.data),
                key_situation=KeySituation(form.key_situation.data),
                target=form.target.data or "",
                situation=_situation(form),
                version=version_of(form),
                by=actor(),
                at=g.at,
            )
            flash("Situation enregistrée. Les jours sans revenu sont recomptés.", "good")
            return redirect(url_for(".show", parcours_id=parcours_id), 303)
        except Refusal as refusal:
            shown(form, refusal)
    return answer("parcours/situation.html", form, parcours=found)


@pages.get("/parcours/<int:parcours_id>")
@right("parcours.list")
def show(parcours_id: int) -> Answer:
    """One parcours: its steps, its rights, who pays each day and why, its alerts and its history."""
    if (kept := kept_of(business(), actor(), parcours_id)) is not None:
        return redirect(url_for(".show", parcours_id=kept))
    today = day_in_france(g.at)
    found = parcours_view(business(), actor(), parcours_id, known_on=today)
    handoffs = handoffs_of(business(), actor(), parcours_id)
    timeline = timeline_of(found, handoffs, today)
    origins = origins_of(business(), actor(), parcours_id)
    return render_template(
        "parcours/show.html",
        parcours=found,
        label=label,
        said=sentences(found.coverage),
        payer_name=lambda code, label: found.payers.get(code) or payer_name(code, label),
        timeline=Markup(timeline_svg(timeline, "frise")) if timeline else None,
        alerts=parcours_alerts(business(), actor(), parcours_id),
        alike=similar_followers(business(), actor(), parcours_id),
        handoffs=handoffs,
        plans=plan_summary(business(), actor(), parcours_id),
        files=parcours_files(business(), actor(), parcours_id),
        told_size=told_size,
        origins=origins,
        history=whole_history(parcours_history(business(), actor(), parcours_id), origins, found),
        today=today,
    )


def reached(parcours_id: int) -> ParcoursView:
    """The parcours before its form is read, so that a foreign one answers 404 whatever was sent."""
    return parcours_view(business(), actor(), parcours_id, known_on=day_in_france(g.at))


def shown(form: Any, refusal: Refusal) -> None:
    """Show a refusal on the form; what concerns the page itself goes on."""
    if isinstance(refusal, NotFound):
        raise refusal
    show_refusal(form, refusal)


def day_of(field: DayField) -> date:
    """The day of a field that the form has just validated as filled."""
    day = field.data
    assert isinstance(day, date)
    return day


def as_bool(choice: str | None) -> bool | None:
    """What was answered to a question of `told`."""
    return None if choice is None else choice == "yes"


def as_told(value: bool | None) -> str | None:
    """The answer of a question of `told`, as its list shows it."""
    return None if value is None else "yes" if value else "no"


def version_of(form: Any) -> int:
    """The version that the form was opened with; 0 when it was not sent back whole."""
    sent = str(form.version.data or "")
    return int(sent) if sent.isascii() and sent.isdecimal() and len(sent) < 10 else 0


def answer(template: str, form: Any, **context: Any) -> Answer:
    """The page of a form, with status 422 when something is to be put right."""
    page = render_template(template, form=form, **context)
    return (page, 422) if form.errors else page


def _form(keep: Any, **filled: Any) -> ParcoursForm:
    form = ParcoursForm(**filled)
    form.kind.choices = list(labels("parcours_kind").items())
    form.key_situation.choices = list(labels("key_situation").items())
    today = day_in_france(g.at)
    form.territory_id.choices = [
        (each.id, each.label) for each in item_choices(business(), "territory", on=today, keep=keep)
    ]
    form.audience_id.choices = [
        (each.id, each.label) for each in item_choices(business(), "audience", on=today, keep=keep)
    ]
    return form


def _situation(form: ParcoursForm) -> Situation:
    said = {name: form[name].data for name in FACTS}
    read: dict[str, Any] = {name: as_bool(value) if value in ("yes", "no") else value for name, value in said.items()}
    return Situation(**read)
