"""Who did what? The journal, filtered by its address, and the seals by which a rewritten one is found."""

from datetime import date

from flask import Blueprint, render_template, request
from wtforms import SelectField

from conference.data.journal_labels import object_label, verb_label
from conference.data.queries.journal import JournalFilter, journal_page, journal_words, seals
from conference.web.access import actor, right
from conference.web.fields import DayField, WholeField
from conference.web.forms import Form, number_or_none, page_number, with_empty
from conference.web.transaction import business

pages = Blueprint("journal", __name__, url_prefix="/administration/journal")

PAGE_SIZE = 50


class FilterForm(Form):
    """What is looked for."""

    class Meta(Form.Meta):
        """A filter changes nothing: its address can be shared."""

        csrf = False

    action = SelectField("Action", validate_choice=False)
    objet = SelectField("Objet", validate_choice=False)
    numero = WholeField("Numéro de l’objet")
    compte = SelectField("Auteur", validate_choice=False)
    du = DayField("Du")
    au = DayField("Au")


@pages.get("")
@right("journal.read")
def show() -> str:
    """The journal, latest first."""
    form = _filled_form()
    number = page_number(request.args.get("page"))
    form.validate()
    found = journal_page(business(), actor(), _wanted(form), first=(number - 1) * PAGE_SIZE, count=PAGE_SIZE)
    return render_template(
        "journal/list.html",
        form=form,
        found=found,
        number=number,
        size=PAGE_SIZE,
        seals=seals(business(), actor()),
        filtered=any(each.data for each in form),
        verb_label=verb_label,
        object_label=object_label,
    )


def _filled_form() -> FilterForm:
    verbs, kinds, accounts = journal_words(business(), actor())
    form = FilterForm(request.args)
    form.action.choices = with_empty(
        sorted(((verb, verb_label(verb)) for verb in verbs), key=lambda row: row[1]), "Toutes"
    )
    form.objet.choices = with_empty(
        sorted(((kind, object_label(kind)) for kind in kinds), key=lambda row: row[1]), "Tous"
    )
    form.compte.choices = with_empty([(str(i), name) for i, name in accounts], "Tous")
    return form


def _wanted(form: FilterForm) -> JournalFilter:
    first: date | None = form.du.data
    last: date | None = form.au.data
    actor_id = number_or_none(form.compte.data)
    return JournalFilter(form.action.data or "", form.objet.data or "", form.numero.data, actor_id, first, last)
