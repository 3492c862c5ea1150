"""How does a person come in, and leave?

Address and password, then a code where the role asks for one; a first sign-in of such a role enrols its telephone
before anything else. The cookie's token is new at each step, so that one planted beforehand is worth nothing. A
failure is written by the *traces* session and answers 422 with a sentence that is the same for an unknown address.
"""

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, session, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response
from wtforms import HiddenField, PasswordField, StringField

from conference.data.queries.accounts import demo_accounts, shown_account
from conference.data.queries.profile import shown_profile
from conference.documents.qr import qr_svg
from conference.domain.refusal import Refusal
from conference.services.demo import PASSWORD as DEMO_PASSWORD
from conference.services.passwords import is_right, rehash_if_weaker
from conference.services.second_factor import WRONG_CODE, enrol_second_factor, proposed_secret, provisioning_address
from conference.services.sessions import revoke_session
from conference.services.sign_in import (
    FAILURE,
    WRONG,
    Candidate,
    Limits,
    Opened,
    candidate,
    count_attempt,
    note_failure,
    open_proven,
    prove,
    refuse_if_flooding,
    refuse_if_locked,
    sign_in,
)
from conference.web.access import COOKIE, public
from conference.web.forms import Form, required, show_refusal
from conference.web.transaction import after_business, business, read_apart, write_apart

pages = Blueprint("sign_in", __name__)

Answer = Response | str | tuple[str, int]


class SignInForm(Form):
    """Address and password."""

    email = StringField("Adresse électronique", [required("Indiquez votre adresse électronique.")])
    password = PasswordField("Mot de passe", [required("Indiquez votre mot de passe.")])
    suite = HiddenField()


class CodeForm(Form):
    """Six figures from the telephone."""

    code = StringField(
        "Code à six chiffres",
        [required("Indiquez le code affiché par votre application.")],
        description="Il change toutes les trente secondes.",
    )
    suite = HiddenField()


@pages.get("/connexion", endpoint="sign_in")
@public("the door itself")
def show_sign_in() -> Answer:
    """The form, or onwards for who is in already."""
    if g.actor is not None:
        return redirect(onward(request.args.get("suite")))
    return _form(SignInForm(suite=request.args.get("suite", "")))


@pages.post("/connexion", endpoint="sign_in_now")
@public("the door itself")
def sign_in_now() -> Answer:
    """Check the password without any lock, then open the session."""
    form = SignInForm()
    if not form.validate():
        return _form(form), 422
    try:
        opened = _password_proven(form.email.data or "", form.password.data or "")
    except Refusal as refusal:
        show_refusal(form, refusal)
        return _form(form), 422
    if opened.awaits_totp:
        return _with_cookie(redirect(url_for("sign_in.show_code", suite=form.suite.data or None)), opened)
    return _with_cookie(redirect(onward(form.suite.data)), opened)


@pages.get("/connexion/code")
@public("second proof of a session whose password was right")
def show_code() -> Answer:
    """The form of the code, or the enrolment for who has no telephone yet."""
    waiting = _waiting()
    if waiting is None:
        return redirect(url_for("sign_in.sign_in"))
    return _code_form(CodeForm(suite=request.args.get("suite", "")))


@pages.post("/connexion/code")
@public("second proof of a session whose password was right")
def give_code() -> Answer:
    """Check the code; a wrong one counts as a failed sign-in."""
    if _waiting() is None:
        return redirect(url_for("sign_in.sign_in"))
    form = CodeForm()
    if not form.validate():
        return _code_form(form), 422
    try:
        opened = _code_proven(form.code.data or "")
    except Refusal as refusal:
        show_refusal(form, refusal)
        return _code_form(form), 422
    return _with_cookie(redirect(onward(form.suite.data)), opened)


@pages.post("/deconnexion")
@public("ends the session of whoever asks, awaiting its second proof or not")
def sign_out() -> Answer:
    """End the session of this browser."""
    if g.signed_in is not None:
        revoke_session(business(), g.signed_in.token_hash, at=g.at)
    session.clear()
    flash("Vous êtes déconnecté.", "good")
    answer = redirect(url_for("sign_in.sign_in"))
    answer.delete_cookie(COOKIE, path="/")
    return answer


def onward(wanted: str | None) -> str:
    """The address to go to after sign-in: `wanted` if it is a path of this site, else the first page."""
    if (
        not wanted
        or not wanted.startswith("/")
        or wanted.startswith("//")
        or "\\" in wanted
        or not wanted.isprintable()
    ):
        return "/"
    parts = urlsplit(wanted)
    return "/" if parts.scheme or parts.netloc or parts.path == "/connexion" else wanted


def limits() -> Limits:
    """How many failures this instance allows."""
    settings = current_app.extensions["settings"]
    lockout = timedelta(minutes=settings.lockout_minutes)
    return Limits(settings.login_attempts, lockout, settings.instance, settings.address_attempts)


def _password_proven(email: str, password: str) -> Opened:
    with read_apart() as reading:
        found = candidate(reading, email, limits=limits(), at=g.at)
        refuse_if_locked(found, at=g.at)
        refuse_if_flooding(reading, request.remote_addr, kind=FAILURE, limits=limits(), at=g.at)
    found = _counted(found)
    if not is_right(found.password_hash, password):
        raise _failed(found, WRONG)
    fresh = rehash_if_weaker(found.password_hash or "", password)
    if g.signed_in is not None:
        revoke_session(business(), g.signed_in.token_hash, at=g.at)
    return sign_in(business(), found, browser=_browser(), limits=limits(), at=g.at, fresh_hash=fresh)


def _code_proven(code: str) -> Opened:
    waiting, instance = g.signed_in, current_app.extensions["settings"].instance
    with read_apart() as reading:
        account = shown_account(reading, waiting.actor, waiting.actor.account_id)
    found = Candidate(account.email, account.id, None, account.locked_until)
    refuse_if_locked(found, at=g.at)
    if not account.totp_enabled:
        return _enrolled(code)
    found = _counted(found)
    opened = prove(business(), waiting.token_hash, found, code=code, instance=instance, browser=_browser(), at=g.at)
    if opened is None:
        raise _failed(found, WRONG_CODE, field="code")
    return opened


def _enrolled(code: str) -> Opened:
    """Take the telephone of an account that has none, asked again under the lock: never in the place of another."""
    waiting, instance = g.signed_in, current_app.extensions["settings"].instance
    account = shown_account(business(), waiting.actor, waiting.actor.account_id)
    if account.totp_enabled:
        raise Refusal(WRONG_CODE, field="code", code="totp")
    secret = proposed_secret(instance, account_id=account.id, version=account.version, token_hash=waiting.token_hash)
    enrol_second_factor(business(), account.id, secret=secret, code=code, instance=instance, by=waiting.actor, at=g.at)
    return open_proven(business(), waiting.token_hash, browser=_browser(), at=g.at)


def _counted(found: Candidate) -> Candidate:
    """The candidate once its attempt is counted, for good and before the business begins."""
    with write_apart() as writing:
        return count_attempt(writing, found, limits=limits(), at=g.at)


def _failed(found: Candidate, sentence: str, field: str | None = None) -> Refusal:
    at, allowed, network = g.at, limits(), request.remote_addr
    after_business(lambda traces: note_failure(traces, found, network, limits=allowed, at=at))
    return Refusal(sentence, field=field, code="wrong")


def _waiting() -> Any:
    """The session whose second proof is awaited, or None."""
    return g.signed_in if g.signed_in is not None and g.signed_in.awaits_totp else None


def _browser() -> str:
    return request.user_agent.string or ""


def _with_cookie(answer: Response, opened: Opened) -> Response:
    """Give the new token; the page's own cookie, CSRF token included, starts afresh too."""
    session.clear()
    secure = current_app.extensions["settings"].secure_cookies
    answer.set_cookie(COOKIE, opened.token, httponly=True, samesite="Lax", secure=secure, path="/")
    return answer


def _form(form: SignInForm) -> str:
    return render_template(
        "sign_in/form.html", form=form, accounts=demo_accounts(business()), demo_password=DEMO_PASSWORD
    )


def _code_form(form: CodeForm) -> str:
    waiting = g.signed_in
    account = shown_account(business(), waiting.actor, waiting.actor.account_id)
    if account.totp_enabled:
        return render_template("sign_in/code.html", form=form)
    instance = current_app.extensions["settings"].instance
    secret = proposed_secret(instance, account_id=account.id, version=account.version, token_hash=waiting.token_hash)
    return render_template("sign_in/enrolment.html", form=form, **enrolment(secret, account.email))


def enrolment(secret: str, email: str) -> dict[str, Any]:
    """What the enrolment page shows: the QR code, and the secret by groups of four."""
    address = provisioning_address(secret, email=email, conference_name=shown_profile(business()).name)
    drawing = Markup(qr_svg(address, title="Code QR à lire avec votre application"))
    return {"qr": drawing, "secret": " ".join(secret[i : i + 4] for i in range(0, len(secret), 4))}
