"""Who may come in? The administrator invites, changes, closes, and helps who is locked out."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import HiddenField, SelectField, StringField

from conference.data.glossary import label
from conference.data.queries.accounts import shown_account, shown_accounts
from conference.data.queries.journal import history_of
from conference.data.queries.organisations import organisation_names
from conference.domain.refusal import NotFound, Refusal
from conference.services.accounts import (
    ROLES,
    add_account,
    deactivate_account,
    edit_account,
    reactivate_account,
    unlock_account,
)
from conference.services.links import invite
from conference.services.second_factor import reset_second_factor
from conference.web.access import actor, right
from conference.web.forms import Form, at_most, number_or_none, page_number, required, show_refusal, with_empty
from conference.web.mailing import send_invitation
from conference.web.transaction import business

pages = Blueprint("accounts", __name__, url_prefix="/administration/comptes")

Answer = Response | str | tuple[str, int]

PAGE_SIZE = 50
STATES = (("active", "Actifs"), ("invited", "Invités"), ("inactive", "Désactivés"))


class AccountForm(Form):
    """A person, its organisation, its role."""

    email = StringField(
        "Adresse électronique", [at_most(254)], description="Elle ne changera plus : elle est l’identité du compte."
    )
    name = StringField("Nom", [required("Indiquez le nom de la personne."), at_most(200)])
    organisation_id = SelectField("Organisme", [required("Choisissez un organisme.")])
    role = SelectField("Rôle", [required("Choisissez un rôle.")])
    version = HiddenField()


class FilterForm(Form):
    """What the list shows."""

    class Meta(Form.Meta):
        """A filter changes nothing: its address can be shared."""

        csrf = False

    q = StringField("Nom ou adresse")
    role = SelectField("Rôle", validate_choice=False)
    organisme = SelectField("Organisme", validate_choice=False)
    etat = SelectField("État", validate_choice=False)


class EmptyForm(Form):
    """A confirmation: nothing to fill in."""


@pages.get("")
@right("account.manage")
def show_list() -> Answer:
    """Accounts by name, filtered by the address."""
    form = FilterForm(request.args)
    form.role.choices = with_empty(_roles(), "Tous")
    form.organisme.choices = with_empty(_organisations(), "Tous")
    form.etat.choices = with_empty(STATES, "Tous")
    number = page_number(request.args.get("page"))
    organisme = form.organisme.data if (form.organisme.data or "").isdecimal() else ""
    found = shown_accounts(
        business(),
        actor(),
        text=form.q.data or "",
        role=form.role.data or "",
        organisation_id=number_or_none(organisme),
        state=form.etat.data or "",
        first=(number - 1) * PAGE_SIZE,
        count=PAGE_SIZE,
    )
    filtered = any(each.data for each in form)
    return render_template(
        "accounts/list.html", form=form, found=found, number=number, size=PAGE_SIZE, filtered=filtered
    )


@pages.get("/nouveau")
@right("account.manage")
def show_new() -> Answer:
    """The form of an invitation."""
    return _new_page(_with_choices(AccountForm()))


@pages.post("/nouveau")
@right("account.manage")
def add() -> Answer:
    """Create the account, and invite its person."""
    form = _with_choices(AccountForm())
    if not form.validate():
        return _new_page(form), 422
    try:
        account = add_account(business(), email=form.email.data or "", **_typed(form), by=actor(), at=g.at)
        link = invite(business(), account.id or 0, by=actor(), at=g.at)
    except Refusal as refusal:
        show_refusal(form, refusal)
        return _new_page(form), 422
    send_invitation(link)
    return redirect(url_for("accounts.show", account_id=account.id))


@pages.get("/<int:account_id>")
@right("account.manage")
def show(account_id: int) -> Answer:
    """One account: what it is, what may be done, what was done."""
    account = shown_account(business(), actor(), account_id)
    form = AccountForm(data={**vars(account), "organisation_id": str(account.organisation_id)})
    return _page(account_id, _with_choices(form))


@pages.post("/<int:account_id>")
@right("account.manage")
def save(account_id: int) -> Answer:
    """Change name, role or organisation."""
    form = _with_choices(AccountForm())
    if not form.validate():
        return _page(account_id, form), 422
    version = number_or_none(form.version.data) or 0
    try:
        edit_account(business(), account_id, **_typed(form), version=version, by=actor(), at=g.at)
    except NotFound:
        raise
    except Refusal as refusal:
        show_refusal(form, refusal)
        return _page(account_id, form), 422
    flash("Le compte est modifié.", "good")
    return redirect(url_for("accounts.show", account_id=account_id))


@pages.post("/<int:account_id>/inviter")
@right("account.manage")
def invite_again(account_id: int) -> Answer:
    """Send another invitation; the one before no longer serves."""
    send_invitation(invite(business(), account_id, by=actor(), at=g.at))
    return redirect(url_for("accounts.show", account_id=account_id))


@pages.get("/<int:account_id>/desactiver")
@right("account.manage")
def show_deactivate(account_id: int) -> Answer:
    """Say what will happen."""
    account = shown_account(business(), actor(), account_id)
    return render_template("accounts/deactivate.html", form=EmptyForm(), account=account)


@pages.post("/<int:account_id>/desactiver")
@right("account.manage")
def deactivate(account_id: int) -> Answer:
    """Close the account."""
    form = EmptyForm()
    try:
        deactivate_account(business(), account_id, by=actor(), at=g.at)
    except NotFound:
        raise
    except Refusal as refusal:
        show_refusal(form, refusal)
        account = shown_account(business(), actor(), account_id)
        return render_template("accounts/deactivate.html", form=form, account=account), 422
    flash("Le compte est désactivé, ses sessions sont fermées.", "good")
    return redirect(url_for("accounts.show", account_id=account_id))


@pages.post("/<int:account_id>/reactiver")
@right("account.manage")
def reactivate(account_id: int) -> Answer:
    """Open the account again."""
    return _do(account_id, reactivate_account, "Le compte est réactivé.")


@pages.post("/<int:account_id>/deverrouiller")
@right("account.manage")
def unlock(account_id: int) -> Answer:
    """Let the person try again at once."""
    return _do(account_id, unlock_account, "Le compte est déverrouillé.")


@pages.post("/<int:account_id>/second-facteur")
@right("account.manage")
def reset(account_id: int) -> Answer:
    """Forget the person's telephone."""
    return _do(account_id, reset_second_factor, "Le second facteur est réinitialisé, les sessions sont fermées.")


def _do(account_id: int, service: Callable[..., Any], told: str) -> Answer:
    service(business(), account_id, by=actor(), at=g.at)
    flash(told, "good")
    return redirect(url_for("accounts.show", account_id=account_id))


def _typed(form: AccountForm) -> dict[str, Any]:
    return {"name": form.name.data or "", "role": form.role.data, "organisation_id": int(form.organisation_id.data)}


def _roles() -> list[tuple[str, str]]:
    return [(role, label("role", role)) for role in ROLES]


def _organisations() -> list[tuple[str, str]]:
    return [(str(i), name) for i, name in organisation_names(business(), actor())]


def _with_choices(form: AccountForm) -> AccountForm:
    form.role.choices = with_empty(_roles())
    form.organisation_id.choices = with_empty(_organisations())
    return form


def _new_page(form: AccountForm) -> str:
    return render_template("accounts/new.html", form=form)


def _page(account_id: int, form: AccountForm) -> str:
    return render_template(
        "accounts/show.html",
        form=form,
        account=shown_account(business(), actor(), account_id),
        locked=_is_locked(account_id),
        itself=actor().account_id == account_id,
        history=history_of(business(), "account", account_id),
    )


def _is_locked(account_id: int) -> bool:
    until = shown_account(business(), actor(), account_id).locked_until
    return until is not None and g.at < until
