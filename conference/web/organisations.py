"""Who takes part in the conférence? The administrator keeps the directory; the past stays readable by successors."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import BooleanField, HiddenField, SelectField, StringField

from conference.data.glossary import label
from conference.data.queries.journal import history_of
from conference.data.queries.organisations import lineage, organisation_names, shown_organisation, shown_organisations
from conference.domain.refusal import NotFound, Refusal
from conference.services.organisations import KINDS, add_organisation, edit_organisation, free_code
from conference.web.access import actor, right
from conference.web.fields import DayField
from conference.web.forms import Form, at_most, number_or_none, required, show_refusal, with_empty
from conference.web.transaction import business

pages = Blueprint("organisations", __name__, url_prefix="/administration/organismes")

Answer = Response | str | tuple[str, int]

STATES = (("funders", "Financeurs"), ("to_check", "À vérifier"), ("ended", "Terminés"))


class OrganisationForm(Form):
    """One organisation."""

    name = StringField("Nom", [required("Indiquez le nom de l’organisme."), at_most(200)])
    short_name = StringField("Nom court", [at_most(60)], description="Celui des tableaux. Vide : le nom.")
    kind = SelectField("Type", [required("Choisissez un type.")])
    siret = StringField("SIRET", description="14 chiffres, espaces admis. Vide s’il n’est pas connu.")
    is_funder = BooleanField("C’est un financeur de la conférence")
    first = DayField("Existe depuis le")
    last = DayField("Jusqu’au", description="Vide tant que l’organisme existe.")
    successor_id = SelectField("Successeur", default="", description="L’organisme qui a pris sa suite.")
    to_check = BooleanField(
        "À vérifier", description="Coché quand un import l’a créé. Décochez une fois la fiche relue."
    )
    version = HiddenField()


class FilterForm(Form):
    """What the list shows."""

    class Meta(Form.Meta):
        """A filter changes nothing: its address can be shared."""

        csrf = False

    q = StringField("Nom ou SIRET")
    type = SelectField("Type", validate_choice=False)
    etat = SelectField("État", validate_choice=False)


@pages.get("")
@right("organisation.manage")
def show_list() -> Answer:
    """Organisations by name, filtered by the address."""
    form = FilterForm(request.args)
    form.type.choices = with_empty(_kinds(), "Tous")
    form.etat.choices = with_empty(STATES, "Tous")
    wanted = {"text": form.q.data or "", "kind": form.type.data or "", "state": form.etat.data or ""}
    rows = shown_organisations(business(), actor(), **wanted)
    return render_template("organisations/list.html", form=form, rows=rows, filtered=any(wanted.values()))


@pages.get("/nouveau")
@right("organisation.manage")
def show_new() -> Answer:
    """The form of a new organisation."""
    return _new_page(_with_choices(OrganisationForm(), None))


@pages.post("/nouveau")
@right("organisation.manage")
def add() -> Answer:
    """Add it to the directory."""
    form = _with_choices(OrganisationForm(), None)
    if not form.validate():
        return _new_page(form), 422
    try:
        code = free_code(business(), form.short_name.data or form.name.data or "")
        found = add_organisation(business(), code=code, **_typed(form), by=actor(), at=g.at)
    except Refusal as refusal:
        show_refusal(form, refusal)
        return _new_page(form), 422
    flash("L’organisme est ajouté.", "good")
    return redirect(url_for("organisations.show", organisation_id=found.id))


@pages.get("/<int:organisation_id>")
@right("organisation.manage")
def show(organisation_id: int) -> Answer:
    """One organisation, who came before and after, what was done."""
    found = shown_organisation(business(), actor(), organisation_id)
    form = OrganisationForm(data={**vars(found), "successor_id": str(found.successor_id or "")})
    return _page(organisation_id, _with_choices(form, organisation_id))


@pages.post("/<int:organisation_id>")
@right("organisation.manage")
def save(organisation_id: int) -> Answer:
    """Change it."""
    form = _with_choices(OrganisationForm(), organisation_id)
    if not form.validate():
        return _page(organisation_id, form), 422
    version = number_or_none(form.version.data) or 0
    try:
        edit_organisation(business(), organisation_id, version=version, by=actor(), at=g.at, **_typed(form))
    except NotFound:
        raise
    except Refusal as refusal:
        business().rollback()
        show_refusal(form, refusal if refusal.field else _on_siret(refusal))
        return _page(organisation_id, form), 422
    flash("L’organisme est modifié.", "good")
    return redirect(url_for("organisations.show", organisation_id=organisation_id))


def _on_siret(refusal: Refusal) -> Refusal:
    return Refusal(refusal.message, field="siret" if refusal.code == "siret" else None, code=refusal.code)


def _typed(form: OrganisationForm) -> dict[str, Any]:
    return {
        "name": form.name.data or "",
        "short_name": (form.short_name.data or form.name.data or "")[:60],
        "kind": next(kind for kind in KINDS if kind.value == form.kind.data),
        "siret": form.siret.data or None,
        "is_funder": bool(form.is_funder.data),
        "to_check": bool(form.to_check.data),
        "first": form.first.data,
        "last": form.last.data,
        "successor_id": number_or_none(form.successor_id.data),
    }


def _kinds() -> list[tuple[str, str]]:
    return [(kind.value, label("organisation_kind", kind.value)) for kind in KINDS]


def _with_choices(form: OrganisationForm, itself: int | None) -> OrganisationForm:
    form.kind.choices = with_empty(_kinds())
    others = [(str(i), name) for i, name in organisation_names(business(), actor()) if i != itself]
    form.successor_id.choices = with_empty(others, "Aucun")
    return form


def _new_page(form: OrganisationForm) -> str:
    return render_template("organisations/new.html", form=form)


def _page(organisation_id: int, form: OrganisationForm) -> str:
    return render_template(
        "organisations/show.html",
        form=form,
        organisation=shown_organisation(business(), actor(), organisation_id),
        lineage=lineage(business(), actor(), organisation_id),
        history=history_of(business(), "organisation", organisation_id),
    )
