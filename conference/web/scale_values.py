"""How does the administrator date a value of the law, and withdraw one?

In two steps: the first tells what the value would change and saves nothing, the second saves. What it would change is
read apart, so that nobody waits while parcours are counted.
"""

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import BooleanField, StringField, TextAreaField

from conference.data.queries.scales import local_value, scales_of
from conference.domain.french import day_in_france
from conference.domain.refusal import NotFound, Refusal
from conference.domain.scales import Scale, Scales
from conference.domain.units import example_of, parse_value, unit_words
from conference.services.scale_effects import effect
from conference.services.scales import ScaleLine, add_scale_value, candidate, withdraw_scale_value, without
from conference.web.access import actor, right
from conference.web.effect_words import ToldEffect, told_effect
from conference.web.fields import DayField, Needed
from conference.web.forms import Form, at_most, required, show_refusal
from conference.web.scale_words import ChangedDays, changed_lines
from conference.web.scales import scale_called
from conference.web.transaction import Session, business, read_apart

FOLLOWS = "Les alertes et les besoins des parcours suivent la nuit prochaine, ou dès « Recalculer maintenant »."
"""A value of the law concerns everybody: the house asks of all parcours again by itself, once."""
pages = Blueprint("scale_values", __name__, url_prefix="/administration/baremes")

Answer = Response | str | tuple[str, int]


class ValueForm(Form):
    """A value to date."""

    amount = StringField("Valeur", [required("Indiquez la valeur.")])
    first = DayField("À partir du", [Needed("Indiquez le premier jour.")])
    last = DayField("Jusqu’au", description="Dernier jour compris. Vide : jusqu’à la valeur suivante.")
    law = StringField(
        "Texte qui la fixe",
        [required("Indiquez le texte qui fixe cette valeur, par exemple un décret et sa date."), at_most(500)],
        description="Par exemple « décret 2021-522 du 29 avril 2021 ».",
    )
    source = StringField(
        "Source", [required("Indiquez où cette valeur a été lue."), at_most(500)], description="Où elle a été lue."
    )
    checked_on = DayField("Vérifié le", [Needed("Indiquez quand cette valeur a été vérifiée.")])
    to_check = BooleanField(
        "À vérifier", description="La valeur ou ses dates sont douteuses : chaque résultat qui l’emploie le dira."
    )
    note = TextAreaField("Note", [at_most(500)], description="Ce qui reste à vérifier, ou à savoir.")


class WithdrawForm(Form):
    """Why a value is withdrawn."""

    motive = StringField("Motif", [required("Indiquez le motif du retrait."), at_most(500)])


@pages.get("/<code>/nouvelle")
@right("scale.edit")
def show_new(code: str) -> Answer:
    """The form of a new value."""
    with read_apart() as session:
        scale = scale_called(scales_of(session), code)
    return _form_page(scale, ValueForm(checked_on=day_in_france(g.at)))


@pages.post("/<code>/nouvelle")
@right("scale.edit")
def add(code: str) -> Answer:
    """Tell what the value would change; save it once that was seen."""
    with read_apart() as session:
        scale = scale_called(scales_of(session), code)
    form = ValueForm()
    if "again" in request.form:
        return _form_page(scale, form)
    if not _read(form, scale):
        return _form_page(scale, form), 422
    try:
        line = _line(form, scale)
        if "seen" not in request.form:
            return _preview(scale, form, line)
        add_scale_value(business(), line, by=actor(), at=g.at)
    except Refusal as refusal:
        show_refusal(form, refusal)
        return _form_page(scale, form), 422
    flash(f"La valeur est ajoutée. {FOLLOWS}", "good")
    return redirect(url_for("scales.show_scale", code=code), 303)


@pages.get("/valeurs/<int:value_id>/retirer")
@right("scale.edit")
def show_withdraw(value_id: int) -> Answer:
    """What withdrawing a value would change."""
    return _withdraw_page(value_id, WithdrawForm())


@pages.post("/valeurs/<int:value_id>/retirer")
@right("scale.edit")
def withdraw(value_id: int) -> Answer:
    """Withdraw it, with its motive."""
    form = WithdrawForm()
    if not form.validate():
        return _withdraw_page(value_id, form), 422
    try:
        value = withdraw_scale_value(business(), value_id, motive=form.motive.data or "", by=actor(), at=g.at)
    except NotFound:
        raise
    except Refusal as refusal:
        business().rollback()
        show_refusal(form, refusal)
        return _withdraw_page(value_id, form), 422
    flash(f"La valeur est retirée. {FOLLOWS}", "good")
    return redirect(url_for("scales.show_scale", code=value.code), 303)


def _read(form: ValueForm, scale: Scale) -> bool:
    """Is every field readable? The value is read in the unit of its scale, so that all mistakes are shown together."""
    fine = form.validate()
    try:
        if form.amount.data:
            parse_value(form.amount.data, scale.unit)
    except Refusal as refusal:
        show_refusal(form, refusal)
        return False
    return fine


def _line(form: ValueForm, scale: Scale) -> ScaleLine:
    return ScaleLine(
        code=scale.code,
        first=form.first.data,
        last=form.last.data,
        amount=parse_value(form.amount.data or "", scale.unit),
        law=form.law.data or "",
        source=form.source.data or "",
        checked_on=form.checked_on.data,
        to_check=bool(form.to_check.data),
        note=form.note.data or "",
    )


def _form_page(scale: Scale, form: ValueForm) -> str:
    return render_template(
        "scales/new.html", scale=scale, form=form, unit=unit_words(scale.unit), example=example_of(scale.unit)
    )


def _preview(scale: Scale, form: ValueForm, line: ScaleLine) -> str:
    with read_apart() as session:
        wanted = candidate(session, line, by=actor(), at=g.at)
        before = scales_of(session).by_code[scale.code]
        told = _told_effect(session, wanted)
    return render_template(
        "scales/preview.html",
        scale=scale,
        form=form,
        line=wanted.by_code[scale.code].on(line.first),
        changes=changed_lines(before, wanted.by_code[scale.code]),
        effect=told,
    )


def _withdraw_page(value_id: int, form: WithdrawForm) -> str:
    with read_apart() as session:
        value = local_value(session, actor(), value_id)
        before = scales_of(session).by_code[value.code]
        changes: list[ChangedDays] = []
        told: ToldEffect | None = None
        if value.withdrawn_at is None:
            wanted = without(session, value_id, by=actor())
            changes = changed_lines(before, wanted.by_code[value.code])
            told = _told_effect(session, wanted)
    return render_template("scales/withdraw.html", value=value, scale=before, form=form, changes=changes, effect=told)


def _told_effect(session: Session, wanted: Scales) -> ToldEffect:
    threshold = current_app.extensions["settings"].persons_threshold
    return told_effect(effect(session, wanted, by=actor(), at=g.at, threshold=threshold))
