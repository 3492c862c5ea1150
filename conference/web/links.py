"""How does a person choose a password, invited or having lost it?

Opening the link changes nothing (mail scanners open links); sending the form spends it. The page that asks for a reset
answers the same sentence whether the address has an account or not.
"""

from flask import Blueprint, flash, g, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response
from wtforms import PasswordField, StringField
from wtforms.validators import EqualTo

from conference.data.queries.accounts import LinkHolder, link_holder
from conference.domain.refusal import Refusal
from conference.services.accounts import checked_email
from conference.services.links import use_link
from conference.services.passwords import SHORTEST, hash_password
from conference.services.sessions import token_hash
from conference.services.sign_in import RESET, note_reset, refuse_if_flooding
from conference.web.access import public
from conference.web.forms import Form, required, show_refusal
from conference.web.mailing import send_reset
from conference.web.sign_in import limits
from conference.web.transaction import after_business, business, read_apart

pages = Blueprint("links", __name__)

Answer = Response | str | tuple[str, int]

PASSWORD_HINT = f"{SHORTEST} caractères au moins. Une suite de plusieurs mots se retient bien."


class ForgottenForm(Form):
    """The address to write to."""

    email = StringField("Adresse électronique", [required("Indiquez votre adresse électronique.")])


class PasswordForm(Form):
    """A new password, twice."""

    password = PasswordField(
        "Nouveau mot de passe", [required("Choisissez un mot de passe.")], description=PASSWORD_HINT
    )
    again = PasswordField(
        "Le même, une seconde fois", [EqualTo("password", "Les deux mots de passe ne sont pas les mêmes.")]
    )


@pages.get("/mot-de-passe-oublie")
@public("who has lost a password cannot sign in")
def show_forgotten() -> Answer:
    """The form."""
    return render_template("sign_in/forgotten.html", form=ForgottenForm())


@pages.post("/mot-de-passe-oublie")
@public("who has lost a password cannot sign in")
def ask_reset() -> Answer:
    """Say that a mail leaves if there is an account, and see to it afterwards."""
    form = ForgottenForm()
    if not form.validate():
        return render_template("sign_in/forgotten.html", form=form), 422
    try:
        email = checked_email(form.email.data or "")
        with read_apart() as reading:
            refuse_if_flooding(reading, request.remote_addr, kind=RESET, limits=limits(), at=g.at)
    except Refusal as refusal:
        show_refusal(form, refusal)
        return render_template("sign_in/forgotten.html", form=form), 422
    at, allowed, network = g.at, limits(), request.remote_addr
    after_business(lambda traces: note_reset(traces, network, limits=allowed, at=at))
    send_reset(email)
    flash("Si un compte a cette adresse, un message vient de lui être envoyé. Il est valable une heure.", "info")
    return redirect(url_for("sign_in.sign_in"))


@pages.get("/lien/<token>")
@public("who holds the link of a mail has no password yet")
def show_link(token: str) -> Answer:
    """The form of the new password, or why the link no longer serves."""
    holder = link_holder(business(), token_hash(token), at=g.at)
    if holder is None:
        return render_template("sign_in/link_expired.html"), 410
    return _link_form(PasswordForm(), holder)


@pages.post("/lien/<token>")
@public("who holds the link of a mail has no password yet")
def spend_link(token: str) -> Answer:
    """Check and hash the password without any lock, then spend the link."""
    with read_apart() as reading:
        holder = link_holder(reading, token_hash(token), at=g.at)
    if holder is None:
        return render_template("sign_in/link_expired.html"), 410
    form = PasswordForm()
    if not form.validate():
        return _link_form(form, holder), 422
    try:
        hashed = hash_password(form.password.data or "", email=holder.email, name=holder.name)
    except Refusal as refusal:
        show_refusal(form, refusal)
        return _link_form(form, holder), 422
    use_link(business(), token, password=hashed, at=g.at)
    session.clear()
    flash("Votre mot de passe est enregistré. Connectez-vous.", "good")
    return redirect(url_for("sign_in.sign_in"))


def _link_form(form: PasswordForm, holder: LinkHolder) -> str:
    return render_template("sign_in/link.html", form=form, holder=holder)
