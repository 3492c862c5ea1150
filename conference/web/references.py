"""What describes a line? The six lists, which the administrator completes, dates and replaces, and never empties."""

from flask import Blueprint, flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms import HiddenField, SelectField, StringField, TextAreaField

from conference.data.glossary import definition, label
from conference.data.queries.journal import history_of
from conference.data.queries.references import shown_item, shown_items
from conference.domain.french import day_in_france
from conference.domain.refusal import NotFound, Refusal
from conference.services.references import add_reference, edit_reference
from conference.web.access import actor, right
from conference.web.fields import DayField
from conference.web.forms import Form, at_most, number_or_none, required, show_refusal, with_empty
from conference.web.transaction import business

pages = Blueprint("references", __name__, url_prefix="/administration/listes/<list_name>")

Answer = Response | str | tuple[str, int]


class ItemForm(Form):
    """One item of a list."""

    label = StringField("Libellé", [required("Indiquez le libellé."), at_most(200)])
    code = StringField(
        "Code", [at_most(60)], description="Celui des fichiers échangés ; il ne change plus. Vide : fait du libellé."
    )
    definition = TextAreaField("Définition", [at_most(500)])
    first = DayField("Valable à partir du", description="Vide : depuis toujours.")
    last = DayField("Valable jusqu’au", description="Vide : en vigueur.")
    parent_code = SelectField("Rattachement", default="", description="La valeur plus large qui contient celle-ci.")
    successor_code = SelectField("Remplacé par", default="", description="La valeur qui a pris la suite.")
    version = HiddenField()


@pages.get("")
@right("reference.manage")
def show_list(list_name: str) -> Answer:
    """Every item of a list."""
    rows = shown_items(business(), actor(), list_name)
    labels = {row.code: row.label for row in rows}
    return render_template(
        "references/list.html", rows=rows, labels=labels, today=day_in_france(g.at), **_titles(list_name)
    )


@pages.get("/nouveau")
@right("reference.manage")
def show_new(list_name: str) -> Answer:
    """The form of a new item."""
    return _new_page(list_name, _with_choices(ItemForm(), list_name))


@pages.post("/nouveau")
@right("reference.manage")
def add(list_name: str) -> Answer:
    """Add the item."""
    form = _with_choices(ItemForm(), list_name)
    if not form.validate():
        return _new_page(list_name, form), 422
    try:
        add_reference(
            business(),
            list_name,
            code=form.code.data or "",
            label=form.label.data or "",
            definition=form.definition.data or None,
            first=form.first.data,
            last=form.last.data,
            parent_code=form.parent_code.data or None,
            by=actor(),
            at=g.at,
        )
    except NotFound:
        raise
    except Refusal as refusal:
        show_refusal(form, refusal)
        return _new_page(list_name, form), 422
    flash("La valeur est ajoutée.", "good")
    return redirect(url_for("references.show_list", list_name=list_name))


@pages.get("/<int:item_id>")
@right("reference.manage")
def show(list_name: str, item_id: int) -> Answer:
    """One item and what was done to it."""
    item = shown_item(business(), actor(), list_name, item_id)
    return _page(list_name, item_id, _with_choices(ItemForm(data=vars(item)), list_name, item.code))


@pages.post("/<int:item_id>")
@right("reference.manage")
def save(list_name: str, item_id: int) -> Answer:
    """Change it."""
    item = shown_item(business(), actor(), list_name, item_id)
    form = _with_choices(ItemForm(), list_name, item.code)
    if not form.validate():
        return _page(list_name, item_id, form), 422
    try:
        edit_reference(
            business(),
            list_name,
            item_id,
            version=number_or_none(form.version.data) or 0,
            by=actor(),
            at=g.at,
            label=form.label.data or "",
            definition=form.definition.data or "",
            first=form.first.data,
            last=form.last.data,
            parent_code=form.parent_code.data or None,
            successor_code=form.successor_code.data or None,
        )
    except Refusal as refusal:
        business().rollback()
        show_refusal(form, refusal)
        return _page(list_name, item_id, form), 422
    flash("La valeur est modifiée.", "good")
    return redirect(url_for("references.show_list", list_name=list_name))


def _titles(list_name: str) -> dict[str, str]:
    return {"list_name": list_name, "title": label("table", list_name), "meaning": definition("table", list_name)}


def _with_choices(form: ItemForm, list_name: str, itself: str = "") -> ItemForm:
    rows = shown_items(business(), actor(), list_name)
    others = [(row.code, f"{row.label} ({row.code})") for row in rows if row.code != itself and not row.fixed]
    form.parent_code.choices = with_empty(others, "Aucun")
    form.successor_code.choices = with_empty(others, "Aucune")
    return form


def _new_page(list_name: str, form: ItemForm) -> str:
    return render_template("references/new.html", form=form, **_titles(list_name))


def _page(list_name: str, item_id: int, form: ItemForm) -> str:
    item = shown_item(business(), actor(), list_name, item_id)
    history = history_of(business(), list_name, item_id)
    return render_template("references/show.html", form=form, item=item, history=history, **_titles(list_name))
