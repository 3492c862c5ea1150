"""Who is a parcours about? Read, recorded, corrected, erased, and searched by name.

Names are on these pages alone. Each opening is noted in the traces before anything is deciphered, whatever comes of the page.
A name never stands in an address: the search is a form that is posted.
"""

from datetime import date
from pathlib import Path
from typing import Any

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import HiddenField

from conference.data.queries.identity import (
    IdentityPage,
    identity_page,
    kept_of,
    merges_of,
    parcours_of_digest,
    readings_of,
    similar_parcours,
)
from conference.domain.french import day_in_france
from conference.domain.identity import Person
from conference.domain.permissions import Relation, require
from conference.domain.refusal import NotFound, Refusal
from conference.services.identities import (
    LONGEST,
    MOTIVES,
    change_identity,
    checked_name,
    digest_of,
    erase_identity,
    note_reading,
    read_identity,
    record_identity,
)
from conference.services.retention import retention_count
from conference.web.access import actor, right
from conference.web.fields import ChoiceField, DayField, Needed, TextField
from conference.web.forms import Form, number_or_none, show_refusal
from conference.web.transaction import after_business, business

pages = Blueprint("identity", __name__)
Answer = str | Response | tuple[str, int]
NO_NIR = "N’écrivez jamais de numéro de sécurité sociale."


class NameForm(Form):
    """A name and a day of birth."""

    family_name = TextField(
        "Nom de famille", [Needed("Indiquez le nom de famille.")], longest=LONGEST["family_name"], description=NO_NIR
    )
    given_names = TextField(
        "Prénom",
        [Needed("Indiquez le prénom.")],
        longest=LONGEST["given_names"],
        description="Les autres prénoms se mettent après une virgule.",
    )
    birth_date = DayField("Date de naissance", [Needed("Indiquez la date de naissance.")])


class IdentityForm(NameForm):
    """Who a person is and how to reach them."""

    phone = TextField("Téléphone", longest=LONGEST["phone"])
    mail = TextField("Adresse électronique", longest=LONGEST["mail"])
    own_identifier = TextField(
        "Identifiant chez vous", longest=LONGEST["own_identifier"], description=f"Celui de votre logiciel. {NO_NIR}"
    )
    version = HiddenField()


class CorrectionForm(IdentityForm):
    """The same, and why it is corrected."""

    motive = ChoiceField(
        "Raison de la correction",
        [Needed("Choisissez la raison de la correction.")],
        choices=[(code, f"{words[:1].upper()}{words[1:]}") for code, words in MOTIVES.items()],
        blank="Choisissez",
    )


class EraseForm(Form):
    """Why an identity is erased."""

    motive = TextField("Motif", [Needed("Indiquez le motif.")], longest=500, description="N’écrivez aucun nom.")


@pages.get("/parcours/<int:parcours_id>/identite")
@right("identity.read")
def show(parcours_id: int) -> Answer:
    """Who the person is, who read it, who follows a person that looks the same."""
    kept = kept_of(business(), actor(), parcours_id)
    if kept is not None:
        return redirect(url_for(".show", parcours_id=kept))
    page = identity_page(business(), actor(), parcours_id)
    person = _read(page, "page de l’identité")
    return render_template(
        "identity/show.html",
        page=page,
        person=person,
        similar=similar_parcours(business(), actor(), parcours_id),
        merges=merges_of(business(), actor(), parcours_id),
        readings=readings_of(business(), actor(), parcours_id),
    )


@pages.route("/parcours/<int:parcours_id>/identite/modifier", methods=["GET", "POST"])
@right("identity.edit")
def edit(parcours_id: int) -> Answer:
    """Say who the person is, or correct it."""
    page = _own(parcours_id)
    form: Any = IdentityForm()
    if page.version is not None:
        person = _read(page, "correction de l’identité") if request.method == "GET" else None
        form = CorrectionForm(obj=person, version=page.version)
    if request.method == "POST" and form.validate():
        try:
            _save(page, form)
            flash("Identité enregistrée. Chaque lecture en est notée.", "good")
            return redirect(url_for(".show", parcours_id=parcours_id), 303)
        except Refusal as refusal:
            _shown(form, refusal)
    return _answer("identity/edit.html", form, page=page)


@pages.route("/parcours/<int:parcours_id>/identite/effacer", methods=["GET", "POST"])
@right("identity.edit")
def erase(parcours_id: int) -> Answer:
    """Forget who the person is."""
    page, form = _own(parcours_id), EraseForm()
    if page.version is None:
        raise NotFound()
    if request.method == "POST" and form.validate():
        try:
            erase_identity(business(), parcours_id, motive=form.motive.data or "", by=actor(), at=g.at)
            flash("Identité effacée. Sa clé est détruite.", "good")
            return redirect(url_for(".show", parcours_id=parcours_id), 303)
        except Refusal as refusal:
            _shown(form, refusal)
    return _answer("identity/erase.html", form, page=page)


@pages.route("/parcours/recherche-identite", methods=["GET", "POST"])
@right("identity.read")
def search() -> Answer:
    """Find, among the parcours that one reaches, that of a person whose name and birth date one knows."""
    form, found = NameForm(), None
    if request.method == "POST" and form.validate():
        try:
            family, given, born = form.family_name.data or "", form.given_names.data or "", form.birth_date.data
            assert isinstance(born, date)
            checked_name(family, given)
            found = parcours_of_digest(business(), actor(), digest_of(instance(), family, given, born))
            note_later("recherche", "recherche par nom", len(found))
        except Refusal as refusal:
            _shown(form, refusal)
    return _answer("identity/search.html", form, found=found)


@pages.get("/parcours/conservation")
@right("limit.manage")
def retention() -> str:
    """How many parcours were anonymised, and how many will be."""
    today = day_in_france(g.at)
    return render_template("identity/retention.html", count=retention_count(business(), actor(), on=today))


def instance() -> Path:
    """The folder of the instance, where its keys are."""
    found: Path = current_app.extensions["settings"].instance
    return found


def note_later(subject: str, detail: str, persons: int) -> None:
    """Have a reading noted, whatever becomes of the page."""
    by, at = actor(), g.at
    after_business(lambda session: note_reading(session, subject=subject, detail=detail, persons=persons, by=by, at=at))


def _read(page: IdentityPage, detail: str) -> Person | None:
    """The person, once the reading is noted; None when nothing is recorded."""
    if page.version is None:
        return None
    note_later(page.pseudonym, detail, 1)
    return read_identity(business(), page.parcours_id, instance=instance(), by=actor())


def _own(parcours_id: int) -> IdentityPage:
    """The page of a parcours that the reader's organisation follows; another's answers 404, or 403 when it may be read."""
    page = identity_page(business(), actor(), parcours_id)
    require(actor(), "identity.edit", Relation.OWN if page.is_own else Relation.PARTY)
    return page


def _save(page: IdentityPage, form: Any) -> None:
    person = Person(
        family_name=form.family_name.data or "",
        given_names=form.given_names.data or "",
        birth_date=form.birth_date.data,
        phone=form.phone.data or "",
        mail=form.mail.data or "",
        own_identifier=form.own_identifier.data or "",
    )
    who = {"instance": instance(), "by": actor(), "at": g.at}
    if page.version is None:
        record_identity(business(), page.parcours_id, person, **who)
        return
    version = number_or_none(str(form.version.data or "")) or 0
    change_identity(business(), page.parcours_id, person, version=version, motive=form.motive.data or "", **who)


def _shown(form: Any, refusal: Refusal) -> None:
    """Show a refusal on the form; what concerns the page itself goes on."""
    if isinstance(refusal, NotFound):
        raise refusal
    show_refusal(form, refusal)


def _answer(template: str, form: Any, **context: Any) -> Answer:
    page = render_template(template, form=form, **context)
    return (page, 422) if form.errors else page
