"""What does the very first visitor of an empty conférence see?

One page that asks its name, region, first month and first administrator; every other address leads there until it is
filled in, and it does not exist afterwards. It wants the set-up code of the instance (`services.first_steps` says why).
"""

from datetime import date

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import PasswordField, StringField
from wtforms.validators import EqualTo

from conference.domain.refusal import NotFound, Refusal
from conference.services.accounts import checked_email
from conference.services.first_steps import check_setup_code, needs_first_steps, take_first_steps
from conference.services.instance import default_first_month
from conference.services.passwords import PasswordHash, hash_password
from conference.web.access import public
from conference.web.fields import MonthField, Needed
from conference.web.forms import Form, at_most, required, show_refusal
from conference.web.links import PASSWORD_HINT
from conference.web.transaction import business, read_apart

pages = Blueprint("first_steps", __name__)

Answer = Response | str | tuple[str, int]

OPEN = frozenset({"static", "home.health"})
"""Endpoints that answer before there is a conférence."""


class FirstStepsForm(Form):
    """The conférence, its secretariat and its first administrator."""

    code = StringField(
        "Code de mise en place",
        [required("Indiquez le code affiché au démarrage du serveur.")],
        description="Affiché au démarrage du serveur, et écrit dans le fichier setup-code.txt de l’instance.",
    )
    name = StringField("Nom de la conférence", [required("Indiquez le nom de la conférence."), at_most(200)])
    region = StringField("Région", [required("Indiquez la région."), at_most(200)])
    first_month = MonthField(
        "Premier mois",
        [Needed("Indiquez le premier mois.")],
        description="Ce qui date d’avant sera repris en une fois, sans être clôturé mois par mois.",
    )
    secretariat = StringField(
        "Nom de l’organisme de coordination",
        [required("Indiquez l’organisme qui tient le secrétariat."), at_most(200)],
        description="Le secrétariat de la conférence. Le premier administrateur en fait partie.",
    )
    admin_name = StringField(
        "Nom de l’administrateur", [required("Indiquez le nom de l’administrateur."), at_most(200)]
    )
    email = StringField("Adresse électronique", [required("Indiquez l’adresse de l’administrateur.")])
    password = PasswordField("Mot de passe", [required("Choisissez un mot de passe.")], description=PASSWORD_HINT)
    again = PasswordField(
        "Le même mot de passe, une seconde fois", [EqualTo("password", "Les deux mots de passe ne sont pas les mêmes.")]
    )


@pages.before_app_request
def lead_to_first_steps() -> Response | None:
    """Lead there from everywhere, as long as it is needed. Once it is not, it never is again: asked once per process."""
    done = current_app.extensions.get("first_steps_done", False)
    if done or request.endpoint in OPEN or (request.endpoint or "").startswith("first_steps."):
        return None
    if g.actor is None and _needed():
        return redirect(url_for("first_steps.show"))
    current_app.extensions["first_steps_done"] = True
    return None


@pages.get("/premiers-pas")
@public("nobody has an account yet; the set-up code is asked")
def show() -> Answer:
    """The form, or 404 once it is done."""
    if not _needed():
        raise NotFound()
    first_month: date = default_first_month(g.at)
    return _page(FirstStepsForm(code=request.args.get("code", ""), first_month=first_month))


@pages.post("/premiers-pas")
@public("nobody has an account yet; the set-up code is asked")
def save() -> Answer:
    """Make the conférence."""
    if not _needed():
        raise NotFound()
    form = FirstStepsForm()
    if not form.validate():
        return _page(form), 422
    try:
        hashed = _checked_password(form)
        _take(form, hashed)
    except Refusal as refusal:
        show_refusal(form, refusal)
        return _page(form), 422
    flash("La conférence est en place. Connectez-vous : l’installation du second facteur vient ensuite.", "good")
    return redirect(url_for("sign_in.sign_in"))


def _checked_password(form: FirstStepsForm) -> PasswordHash:
    """The code first, so that a stranger learns nothing and costs no hashing."""
    check_setup_code(current_app.extensions["settings"].instance, form.code.data or "")
    email = checked_email(form.email.data or "")
    return hash_password(form.password.data or "", email=email, name=form.admin_name.data or "")


def _take(form: FirstStepsForm, hashed: PasswordHash) -> None:
    assert form.first_month.data is not None
    take_first_steps(
        business(),
        code=form.code.data or "",
        name=form.name.data or "",
        region=form.region.data or "",
        first_month=form.first_month.data,
        secretariat=form.secretariat.data or "",
        admin_name=form.admin_name.data or "",
        admin_email=form.email.data or "",
        password=hashed,
        instance=current_app.extensions["settings"].instance,
        at=g.at,
    )


def _needed() -> bool:
    with read_apart() as session:
        return needs_first_steps(session)


def _page(form: FirstStepsForm) -> str:
    return render_template("first_steps/form.html", form=form)
