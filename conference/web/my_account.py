"""What does a person settle for itself: name, password, second factor, sessions, who stands in while away?

The present password is asked again for what would let somebody else keep the account; it is verified before the write
lock is taken, and the service checks that it is still the same one.
"""

from typing import Any

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import PasswordField, RadioField, SelectField, StringField
from wtforms.validators import EqualTo

from conference.data.queries.accounts import OpenSession, ShownAccount, open_sessions, possible_delegates, shown_account
from conference.domain.permissions import Relation, is_granted
from conference.domain.refusal import NotFound, Refusal
from conference.services.accounts import change_password, rename_self, set_delegate
from conference.services.passwords import hash_password, is_right
from conference.services.second_factor import ROLES, drop_second_factor, enrol_second_factor, proposed_secret
from conference.services.sessions import revoke_session
from conference.services.sign_in import Candidate, candidate, count_attempt, give_back, note_failure, refuse_if_locked
from conference.services.unsubscribing import FREQUENCIES, set_digest
from conference.web.access import actor, right
from conference.web.forms import Form, at_most, number_or_none, required, show_refusal, with_empty
from conference.web.links import PASSWORD_HINT
from conference.web.sign_in import enrolment, limits
from conference.web.transaction import after_business, business, read_apart, write_apart

pages = Blueprint("my_account", __name__, url_prefix="/mon-compte")

Answer = Response | str | tuple[str, int]


BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)
DIGEST_WORDS = {"daily": "Chaque jour ouvré", "weekly": "Chaque semaine, le lundi", "never": "Jamais"}


@pages.app_template_filter("browser")
def browser_words(sent: str) -> str:
    """« Firefox sur Windows » from what a browser says of itself; its own words when nothing is known in them."""
    name = next((words for mark, words in BROWSERS if mark in sent), None)
    system = next((words for mark, words in SYSTEMS if mark in sent), None)
    if name is None:
        return sent[:60] or "Navigateur inconnu"
    return f"{name} sur {system}" if system else name


class IdentityForm(Form):
    """Name, and who stands in."""

    name = StringField("Nom", [required("Indiquez votre nom."), at_most(200)])
    delegate_id = SelectField(
        "Délégué pendant une absence",
        description="Un collègue de votre organisme, qui répond à votre place à ce qui vous est adressé.",
        validate_choice=False,
    )


class DigestForm(Form):
    """How often the digest comes."""

    digest = RadioField(
        "Rythme",
        description="Un seul message, et seulement s’il y a quelque chose à dire.",
        validate_choice=False,
    )


class OwnPasswordForm(Form):
    """The present password, then the new one twice."""

    present = PasswordField("Mot de passe actuel", [required("Indiquez votre mot de passe actuel.")])
    password = PasswordField(
        "Nouveau mot de passe", [required("Choisissez un mot de passe.")], description=PASSWORD_HINT
    )
    again = PasswordField(
        "Le même, une seconde fois", [EqualTo("password", "Les deux mots de passe ne sont pas les mêmes.")]
    )


class EnrolForm(Form):
    """The present password, and a first code of the telephone."""

    present = PasswordField("Mot de passe actuel", [required("Indiquez votre mot de passe actuel.")])
    code = StringField("Code à six chiffres", [required("Indiquez le code affiché par votre application.")])


class DropForm(Form):
    """The present password."""

    present = PasswordField("Mot de passe actuel", [required("Indiquez votre mot de passe actuel.")])


@pages.get("")
@right("self.manage")
def show() -> Answer:
    """Everything on one page."""
    account = _account()
    return _page(_identity_form(account))


@pages.post("")
@right("self.manage")
def save() -> Answer:
    """Name and delegate."""
    account = _account()
    form = _identity_form(account)
    if not form.validate():
        return _page(form), 422
    try:
        if form.name.data != account.name:
            rename_self(business(), name=form.name.data or "", by=actor(), at=g.at)
        if number_or_none(form.delegate_id.data) != account.delegate_id:
            set_delegate(business(), delegate_id=number_or_none(form.delegate_id.data), by=actor(), at=g.at)
    except Refusal as refusal:
        show_refusal(form, refusal)
        return _page(form), 422
    flash("Vos changements sont enregistrés.", "good")
    return redirect(url_for("my_account.show"))


@pages.post("/point")
@right("self.manage")
def save_digest() -> Answer:
    """How often the digest comes."""
    form = _digest_form()
    try:
        set_digest(business(), digest=form.digest.data or "", by=actor(), at=g.at)
    except Refusal as refusal:
        show_refusal(form, refusal)
        return _page(_identity_form(_account()), form), 422
    flash("Votre choix est enregistré.", "good")
    return redirect(url_for("my_account.show"))


@pages.get("/mot-de-passe")
@right("self.manage")
def show_password() -> Answer:
    """The form of the new password."""
    return render_template("my_account/password.html", form=OwnPasswordForm())


@pages.post("/mot-de-passe")
@right("self.manage")
def save_password() -> Answer:
    """Verify, hash, then write."""
    form = OwnPasswordForm()
    if not form.validate():
        return render_template("my_account/password.html", form=form), 422
    try:
        proven = _proven(form.present.data or "")
        name = actor().label
        fresh = hash_password(form.password.data or "", email=proven.email, name=name)
        kept = g.signed_in.token_hash
        change_password(business(), fresh=fresh, proven=proven.password_hash, by=actor(), at=g.at, kept_session=kept)
    except Refusal as refusal:
        show_refusal(form, refusal)
        return render_template("my_account/password.html", form=form), 422
    flash("Votre mot de passe est changé. Vos autres sessions sont fermées.", "good")
    return redirect(url_for("my_account.show"))


@pages.get("/second-facteur")
@right("self.manage")
def show_second_factor() -> Answer:
    """The enrolment of a telephone, the first or another."""
    return _enrol_page(EnrolForm(), _account())


@pages.post("/second-facteur")
@right("self.manage")
def save_second_factor() -> Answer:
    """Take the telephone whose code is given."""
    form = EnrolForm()
    with read_apart() as reading:
        account = shown_account(reading, actor(), actor().account_id or 0)
    if not form.validate():
        return _enrol_page(form, account), 422
    try:
        _proven(form.present.data or "")
        instance = current_app.extensions["settings"].instance
        code, secret = form.code.data or "", _secret(account)
        enrol_second_factor(business(), account.id, secret=secret, code=code, instance=instance, by=actor(), at=g.at)
    except Refusal as refusal:
        show_refusal(form, refusal)
        return _enrol_page(form, account), 422
    flash("Votre second facteur est installé. Il sera demandé à chaque connexion.", "good")
    return redirect(url_for("my_account.show"))


@pages.get("/second-facteur/retirer")
@right("self.manage")
def show_drop() -> Answer:
    """Confirm."""
    return render_template("my_account/drop_second_factor.html", form=DropForm())


@pages.post("/second-facteur/retirer")
@right("self.manage")
def drop() -> Answer:
    """Do without, where the role allows it."""
    form = DropForm()
    if not form.validate():
        return render_template("my_account/drop_second_factor.html", form=form), 422
    try:
        _proven(form.present.data or "")
        drop_second_factor(business(), actor().account_id or 0, by=actor(), at=g.at)
    except Refusal as refusal:
        show_refusal(form, refusal)
        return render_template("my_account/drop_second_factor.html", form=form), 422
    flash("Votre second facteur est retiré.", "good")
    return redirect(url_for("my_account.show"))


@pages.post("/sessions/<hashed>/fermer")
@right("self.manage")
def close_session(hashed: str) -> Answer:
    """End one of one's own sessions."""
    if hashed not in {each.token_hash for each in _sessions()}:
        raise NotFound()
    revoke_session(business(), hashed, at=g.at)
    flash("La session est fermée.", "good")
    return redirect(url_for("my_account.show"))


def _account() -> ShownAccount:
    return shown_account(business(), actor(), actor().account_id or 0)


def _sessions() -> list[OpenSession]:
    settings = current_app.extensions["settings"]
    idle, absolute = settings.session_idle, settings.session_absolute
    return list(open_sessions(business(), actor(), at=g.at, idle=idle, absolute=absolute))


def _identity_form(account: ShownAccount) -> IdentityForm:
    form = IdentityForm(name=account.name, delegate_id=str(account.delegate_id or ""))
    delegates = [(str(i), name) for i, name in possible_delegates(business(), actor())]
    form.delegate_id.choices = with_empty(delegates, "Personne")
    return form


def _digest_form(**given: Any) -> DigestForm:
    form = DigestForm(**given)
    form.digest.choices = [(each, DIGEST_WORDS[each]) for each in FREQUENCIES]
    return form


def _page(form: IdentityForm, digest_form: DigestForm | None = None) -> str:
    account = _account()
    return render_template(
        "my_account/show.html",
        form=form,
        digest_form=digest_form or _digest_form(formdata=None, digest=account.digest),
        account=account,
        sessions=_sessions(),
        present=g.signed_in.token_hash,
        must_have=account.role in ROLES,
        sees_organisation=is_granted(actor(), "budget.edit", Relation.OWN),
    )


def _enrol_page(form: EnrolForm, account: ShownAccount) -> str:
    shown = enrolment(_secret(account), account.email)
    return render_template("my_account/second_factor.html", form=form, account=account, **shown)


def _secret(account: ShownAccount) -> str:
    instance = current_app.extensions["settings"].instance
    return proposed_secret(instance, account_id=account.id, version=account.version, token_hash=g.signed_in.token_hash)


def _proven(password: str) -> Candidate:
    """The actor's own account once its present password is right; a wrong one counts as a failed sign-in."""
    with read_apart() as reading:
        email = shown_account(reading, actor(), actor().account_id or 0).email
        found = candidate(reading, email, limits=limits(), at=g.at)
    refuse_if_locked(found, at=g.at)
    with write_apart() as writing:
        counted = count_attempt(writing, found, limits=limits(), at=g.at)
    if not is_right(found.password_hash, password):
        at, allowed, network = g.at, limits(), request.remote_addr
        after_business(lambda traces: note_failure(traces, counted, network, limits=allowed, at=at))
        raise Refusal("Ce n’est pas votre mot de passe actuel.", field="present", code="wrong")
    with write_apart() as writing:
        give_back(writing, counted, limits=limits())
    return counted
