"""The pages of alerts: what to settle first, one alert with its history, a decision for one or for several.

Filters in the address: `statut` (`ouvertes`, by default, `decidees`, `fermees`, `toutes`), `type`, `gravite`, `responsable`
(`moi`, `organisme`, `personne`), `echeance` (days), `tri` (`echeance`, `gravite`, `anciennete`), `page`, `apres`, `avant`.
"""

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from wtforms import HiddenField, TextAreaField

from conference.data.glossary import definition, label, labels
from conference.data.queries.alerts import AlertFilters, AlertPage, alert_list, alert_page, possible_owners
from conference.domain.alert_outcomes import OUTCOMES, outcomes_of
from conference.domain.alert_words import AlertOutcome
from conference.domain.french import day_in_france
from conference.domain.permissions import is_granted_somewhere
from conference.domain.refusal import Refusal
from conference.services.alert_decisions import (
    assign_alert,
    comment_alert,
    decide_alert,
    decide_in_bulk,
    reopen_alert,
)
from conference.web.access import actor, right
from conference.web.fields import ChoiceField, Needed
from conference.web.forms import Form, at_most, turn_asked
from conference.web.parcours import Answer, answer, shown, version_of
from conference.web.transaction import business

pages = Blueprint("alert", __name__)

STATUSES = {"ouvertes": "open", "decidees": "decided", "fermees": "closed", "toutes": "all"}
NAMES = {"ouvertes": "Ouvertes", "decidees": "Décidées", "fermees": "Fermées", "toutes": "Toutes"}
OWNERS = {"moi": "me", "organisme": "mine", "personne": "nobody"}
OWNER_NAMES = {"moi": "Moi", "organisme": "Mon organisme", "personne": "Personne"}
SORTS = {"echeance": "due", "gravite": "severity", "anciennete": "age"}
SORT_NAMES = {"echeance": "Échéance", "gravite": "Gravité", "anciennete": "Ancienneté"}
DUE = {"7": "7 jours", "30": "30 jours", "90": "90 jours"}
NO_NAME = "N’écrivez aucun nom."
MOST = 200
"""Alerts of one bulk gesture."""


class DecisionForm(Form):
    """What is decided, and why."""

    outcome = ChoiceField("Issue", [Needed("Choisissez une issue.")], blank="Choisissez")
    motive = TextAreaField(
        "Motif", [Needed("Indiquez le motif de la décision."), at_most(1000)], description="N’écrivez aucun nom."
    )
    version = HiddenField(id="version-decision")


class MotiveForm(Form):
    """Why a decision is taken back."""

    motive = TextAreaField(
        "Motif", [Needed("Indiquez le motif."), at_most(1000)], description=NO_NAME, id="motive-reopen"
    )
    version = HiddenField(id="version-motive")


class OwnerForm(Form):
    """Who takes care of it."""

    owner_id = ChoiceField("Responsable", blank="Personne")
    version = HiddenField(id="version-owner")


class CommentForm(Form):
    """What somebody writes."""

    text = TextAreaField(
        "Commentaire", [Needed("Écrivez votre commentaire."), at_most(2000)], description="N’écrivez aucun nom."
    )


@pages.get("/alertes")
@right("alert.list")
def show() -> str:
    """The alerts that the reader may read, as asked."""
    asked, filters = asked_filters()
    return render_template(
        "alerts/list.html",
        found=alert_list(business(), actor(), filters, turn=turn_asked(request.args)),
        asked=asked,
        query=urlencode({name: value for name, value in asked.items() if value}),
        names=NAMES,
        codes={code: label("alert_code", code) for code in OUTCOMES},
        severities=labels("alert_severity"),
        owners=OWNER_NAMES,
        sorts=SORT_NAMES,
        due=DUE,
        is_filtered=any(asked[name] for name in ("type", "gravite", "responsable", "echeance")),
        may_settle=is_granted_somewhere(actor(), "alert.settle"),
        may_tune=is_granted_somewhere(actor(), "limit.manage"),
        label=label,
        at=g.at,
        today=filters.on,
    )


@pages.get("/alertes/<int:alert_id>")
@right("alert.list")
def show_one(alert_id: int) -> str:
    """One alert: what it says, its history, its comments, and what can be done."""
    found = alert_page(business(), actor(), alert_id)
    return _page(found)


@pages.post("/alertes/<int:alert_id>/decider")
@right("alert.settle")
def decide(alert_id: int) -> Answer:
    """Settle it."""
    found = alert_page(business(), actor(), alert_id)
    form = _decision(found)
    if form.validate():
        try:
            decide_alert(
                business(),
                alert_id,
                outcome=AlertOutcome(form.outcome.data),
                motive=form.motive.data or "",
                by=actor(),
                at=g.at,
                version=version_of(form),
            )
            flash("Décision enregistrée. L’alerte se rouvrira si le constat s’aggrave.", "good")
            return redirect(url_for(".show_one", alert_id=alert_id), 303)
        except Refusal as refusal:
            shown(form, refusal)
    return _page(found, decision=form), 422


@pages.post("/alertes/<int:alert_id>/rouvrir")
@right("alert.settle")
def reopen(alert_id: int) -> Answer:
    """Take a decision back."""
    found = alert_page(business(), actor(), alert_id)
    form = MotiveForm()
    if form.validate():
        try:
            motive, version = form.motive.data or "", version_of(form)
            reopen_alert(business(), alert_id, motive=motive, by=actor(), at=g.at, version=version)
            flash("Alerte rouverte.", "good")
            return redirect(url_for(".show_one", alert_id=alert_id), 303)
        except Refusal as refusal:
            shown(form, refusal)
    return _page(found, motive=form), 422


@pages.post("/alertes/<int:alert_id>/confier")
@right("alert.settle")
def assign(alert_id: int) -> Answer:
    """Give it to somebody."""
    found = alert_page(business(), actor(), alert_id)
    form = _owner(found)
    if form.validate():
        try:
            owner_id, version = form.owner_id.data, version_of(form)
            assign_alert(business(), alert_id, owner_id=owner_id, by=actor(), at=g.at, version=version)
            flash("Responsable enregistré.", "good")
            return redirect(url_for(".show_one", alert_id=alert_id), 303)
        except Refusal as refusal:
            shown(form, refusal)
    return _page(found, owner=form), 422


@pages.post("/alertes/<int:alert_id>/commenter")
@right("alert.settle")
def comment(alert_id: int) -> Answer:
    """Write something about it."""
    found = alert_page(business(), actor(), alert_id)
    form = CommentForm()
    if form.validate():
        try:
            comment_alert(business(), alert_id, form.text.data or "", by=actor(), at=g.at)
            flash("Commentaire enregistré.", "good")
            return redirect(url_for(".show_one", alert_id=alert_id), 303)
        except Refusal as refusal:
            shown(form, refusal)
    return _page(found, comment=form), 422


@pages.post("/alertes/decider")
@right("alert.settle")
def bulk() -> Answer:
    """First what will happen to the alerts chosen in the list, then the report of it."""
    ids = list(dict.fromkeys(number for each in request.form.getlist("ids") if (number := _number(each))))[:MOST]
    if not ids:
        flash("Cochez au moins une alerte.", "warning")
        return redirect(url_for(".show"), 303)
    form = DecisionForm() if "motive" in request.form else DecisionForm(formdata=None)
    form.outcome.choices = [(each.value, label("alert_outcome", each.value)) for each in AlertOutcome]
    if "motive" in request.form and form.validate():
        try:
            report = decide_in_bulk(
                business(),
                ids,
                outcome=AlertOutcome(form.outcome.data),
                motive=form.motive.data or "",
                by=actor(),
                at=g.at,
            )
            return render_template("alerts/bulk_report.html", report=report)
        except Refusal as refusal:
            shown(form, refusal)
    return answer("alerts/bulk.html", form, ids=ids)


def asked_filters() -> tuple[dict[str, str], AlertFilters]:
    """What the address asks for, as words known to the page and as the query takes them."""
    known: dict[str, Any] = {
        "statut": STATUSES,
        "type": OUTCOMES,
        "gravite": labels("alert_severity"),
        "responsable": OWNERS,
        "echeance": DUE,
        "tri": SORTS,
    }
    asked = {name: request.args.get(name, "") for name in known}
    asked = {name: value if value in known[name] else "" for name, value in asked.items()}
    asked["statut"] = asked["statut"] or "ouvertes"
    asked["tri"] = asked["tri"] or "echeance"
    filters = AlertFilters(
        on=day_in_france(g.at),
        status=STATUSES[asked["statut"]],
        code=asked["type"],
        severity=asked["gravite"],
        owner=OWNERS.get(asked["responsable"], ""),
        due_within=int(asked["echeance"]) if asked["echeance"] else None,
        sort=SORTS[asked["tri"]],
    )
    return asked, filters


def _page(found: AlertPage, **forms: Form) -> str:
    may_settle = is_granted_somewhere(actor(), "alert.settle")
    blank: dict[str, Any] = {
        "decision": _decision(found, blank=True),
        "motive": MotiveForm(formdata=None, version=found.line.version),
        "owner": _owner(found, blank=True) if may_settle else None,
        "comment": CommentForm(formdata=None),
    }
    return render_template(
        "alerts/show.html",
        alert=found.line,
        page=found,
        forms={**blank, **forms},
        failed=next(iter(forms.values()), None),
        may_settle=may_settle,
        label=label,
        definition=definition,
        at=g.at,
    )


def _decision(found: AlertPage, *, blank: bool = False) -> DecisionForm:
    form = DecisionForm(formdata=None, version=found.line.version) if blank else DecisionForm()
    form.outcome.choices = [(each.value, label("alert_outcome", each.value)) for each in outcomes_of(found.line.code)]
    return form


def _owner(found: AlertPage, *, blank: bool = False) -> OwnerForm:
    form = OwnerForm(formdata=None, owner_id=found.owner_id, version=found.line.version) if blank else OwnerForm()
    form.owner_id.choices = list(possible_owners(business(), actor(), found.line.id))
    return form


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0
