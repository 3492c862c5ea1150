"""Where does the administrator begin, and what is the conférence called?"""

from flask import Blueprint, flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms import HiddenField, StringField

from conference.data.glossary import label
from conference.data.queries.profile import profile_version, shown_profile
from conference.data.queries.references import list_sizes
from conference.domain.refusal import Refusal
from conference.services.first_steps import edit_profile
from conference.web.access import actor, right
from conference.web.forms import Form, at_most, number_or_none, required, show_refusal
from conference.web.transaction import business

pages = Blueprint("administration", __name__, url_prefix="/administration")

Answer = Response | str | tuple[str, int]


class SettingsForm(Form):
    """What the conférence is called."""

    name = StringField("Nom de la conférence", [required("Indiquez le nom de la conférence."), at_most(200)])
    region = StringField("Région", [at_most(200)])
    version = HiddenField()


@pages.get("")
@right("account.manage")
def show() -> Answer:
    """The rooms of the administration."""
    lists = [(name, label("table", name), size) for name, size in list_sizes(business(), actor())]
    return render_template("administration/index.html", lists=lists)


@pages.get("/reglages")
@right("setting.manage")
def show_settings() -> Answer:
    """The form."""
    profile = shown_profile(business())
    return _page(SettingsForm(name=profile.name, region=profile.region, version=profile_version(business())))


@pages.post("/reglages")
@right("setting.manage")
def save_settings() -> Answer:
    """Change the name or the region."""
    form = SettingsForm()
    if not form.validate():
        return _page(form), 422
    version = number_or_none(form.version.data) or 0
    try:
        edit_profile(
            business(), name=form.name.data or "", region=form.region.data or "", version=version, by=actor(), at=g.at
        )
    except Refusal as refusal:
        show_refusal(form, refusal)
        return _page(form), 422
    flash("Les réglages sont enregistrés.", "good")
    return redirect(url_for("administration.show_settings"))


def _page(form: SettingsForm) -> str:
    return render_template("administration/settings.html", form=form, profile=shown_profile(business()))
