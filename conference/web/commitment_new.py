"""How does a hurried officer record a commitment?

Few fields first, the rest folded. What was typed is never lost: a refused form comes back as it was, and « Garder en
brouillon » keeps it raw. A form opens blank, from another line (`?depuis=`), from a draft (`?brouillon=`), under a convention
(`?convention=`) or from a transfer received (`?transfert=`), whose dimensions it then takes. A period over several years asks
for yearly shares, proposed by days. The form's own number is the line's identity where it has no reference: sent twice, it
records once.
"""

import secrets
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response
from wtforms import BooleanField, HiddenField

from conference.data.queries.choices import funder_choices, item_choices, organisation_choices, provider_names
from conference.data.queries.commitment_page import commitment_page
from conference.data.queries.convention_choices import convention_choices
from conference.data.queries.drafts import draft_page
from conference.data.queries.identities import line_with_identity
from conference.data.queries.received import ReceivedTransfer, received_transfer
from conference.data.queries.threshold import own_threshold
from conference.domain.french import day_in_france, format_euros
from conference.domain.ledger import EntrySource
from conference.domain.money import ZERO
from conference.domain.period import Period
from conference.domain.refusal import Refusal
from conference.domain.years import shares_by_days
from conference.services.commitments import CommitmentLine, commit_funds
from conference.services.dimensions import Dimensions
from conference.services.drafts import discard_draft, save_draft
from conference.services.providers import find_or_add_provider
from conference.services.transfers import spend_transfer
from conference.web.access import actor, right
from conference.web.convention_fields import chosen_instalment, offer_conventions
from conference.web.fields import ChoiceField, DayField, EurosField, Needed, PersonsField, SharesField, TextField
from conference.web.forms import Form, show_refusal
from conference.web.transaction import Session, business

pages = Blueprint("commitment_new", __name__)

FORM = "commitment"
"""Name of this form among the drafts."""
ITEMS = ("scheme", "audience", "nature", "level", "territory", "sector")
FOLDED = (
    *("level", "territory", "sector", "first", "last", "persons", "funder_reference", "decision_reference"),
    *("accounting_number", "to_funder_id", "payer_id", "manager_id", "forecast"),
)
TEXTS = ("funder_reference", "decision_reference", "accounting_number")
MOST_YEARS = 10
Answer = Response | str | tuple[str, int]


class CommitmentForm(Form):
    """One decision to pay."""

    amount = EurosField("Montant engagé", [Needed("Indiquez le montant engagé.")])
    decided_on = DayField("Date de la décision", [Needed("Indiquez la date de la décision.")])
    object = TextField("Objet", [Needed("Dites en quelques mots ce qui est financé.")], longest=1000)
    scheme = ChoiceField("Dispositif")
    audience = ChoiceField("Public")
    nature = ChoiceField("Nature du coût")
    provider = TextField("Prestataire", description="Nom ou SIRET. Un prestataire nouveau est ajouté de lui-même.")
    level = ChoiceField("Niveau de qualification")
    territory = ChoiceField("Territoire")
    sector = ChoiceField("Secteur")
    first = DayField("Début de la période")
    last = DayField("Fin de la période")
    persons = PersonsField("Nombre de personnes")
    shares = SharesField("Répartition par année")
    funder_reference = TextField("Votre référence", longest=120, description="Unique pour votre organisme.")
    decision_reference = TextField("Référence de la décision", longest=300)
    accounting_number = TextField("Numéro comptable", longest=60)
    to_funder_id = ChoiceField("Verser par un autre financeur", blank="Non, versé directement")
    payer_id = ChoiceField("Payeur, si ce n’est pas vous", blank="Vous-même")
    manager_id = ChoiceField("Gestionnaire, si ce n’est pas vous", blank="Vous-même")
    convention_id = ChoiceField("Convention", blank="Aucune")
    instalment_key = ChoiceField("Échéance de la convention", blank="Aucune en particulier")
    forecast = BooleanField("Enregistrer comme prévision, à confirmer plus tard")
    number = HiddenField()
    draft_id = HiddenField()
    given_id = HiddenField()


@pages.get("/engagements/nouveau")
@right("commitment.create")
def show_new() -> str:
    """The form, blank or filled from elsewhere."""
    session = business()
    if draft_id := _number(request.args.get("brouillon")):
        fields = draft_page(session, actor(), draft_id).fields
        form = CommitmentForm(formdata=MultiDict(fields))
        form.draft_id.data = str(draft_id)
    else:
        form = CommitmentForm(formdata=None, data=_start(session))
    form.number.data = form.number.data or secrets.token_urlsafe(12)
    return _page(session, form)


@pages.post("/engagements/nouveau")
@right("commitment.create")
def create() -> Answer:
    """Record the commitment, or keep the form as a draft."""
    session = business()
    form = CommitmentForm()
    if "draft" in request.form:
        return _keep(session, form)
    _fill_choices(session, form)
    if already := _recorded_already(session, form):
        return redirect(url_for("commitment.show", commitment_id=already))
    if not form.validate() or not _agree_shares(form):
        return _page(session, form), 422
    try:
        commitment = _record(session, form)
    except Refusal as refusal:
        show_refusal(form, refusal)
        return _page(session, form), 422
    if draft_id := _number(form.draft_id.data):
        discard_draft(session, draft_id, by=actor())
    flash(_told(session, commitment.id, commitment.reference), "success")
    return redirect(url_for("commitment.show", commitment_id=commitment.id))


def _record(session: Session, form: CommitmentForm) -> Any:
    provider = find_or_add_provider(session, form.provider.data or "", by=actor(), at=g.at)
    line = _line(form, provider.id if provider else None)
    if given_id := _number(form.given_id.data):
        return spend_transfer(session, given_id, line, by=actor(), at=g.at, source=EntrySource.FORM)
    return commit_funds(session, line, by=actor(), at=g.at, source=EntrySource.FORM)


def _line(form: CommitmentForm, provider_id: int | None) -> CommitmentLine:
    copied = ("to_funder_id", "payer_id", "manager_id", "first", "last", "persons", *TEXTS)
    return CommitmentLine(
        funder_id=actor().organisation_id or 0,
        amount=form.amount.data,
        decided_on=form.decided_on.data,
        object=form.object.data or "",
        dimensions=Dimensions(**{name: form[name].data for name in ITEMS}),
        provider_id=provider_id,
        shares=form.shares.data,
        forecast=bool(form.forecast.data),
        identity=None if form.funder_reference.data else _identity(form),
        convention_id=form.convention_id.data,
        instalment_key=chosen_instalment(form),
        **{name: form[name].data for name in copied},
    )


def _identity(form: CommitmentForm) -> str | None:
    number = (form.number.data or "")[:40]
    return f"form:{actor().account_id}:{number}" if number else None


def _recorded_already(session: Session, form: CommitmentForm) -> int | None:
    identity = _identity(form)
    return line_with_identity(session, actor(), identity) if identity else None


def _agree_shares(form: CommitmentForm) -> bool:
    """Ask for the shares of a period over several years; the proposal is shown for the officer to agree with it."""
    first, last = form.first.data, form.last.data
    if not first or not last or last < first or first.year == last.year:
        form.shares.data, form.shares.typed = (), {}
        return True
    years = set(range(first.year, last.year + 1))
    if form.shares.data and {year for year, _ in form.shares.data} <= years:
        return _sums(form)
    if len(years) > MOST_YEARS:
        form.last.errors = [*form.last.errors, f"La période couvre {len(years)} années : {MOST_YEARS} au plus."]
        return False
    if form.amount.data > 0:
        form.shares.propose(shares_by_days(form.amount.data, Period(first, last)))
    form.shares.errors = [
        f"La période couvre {len(years)} années : vérifiez la répartition proposée, au prorata des jours, puis engagez."
    ]
    return False


def _sums(form: CommitmentForm) -> bool:
    total = sum((amount for _, amount in form.shares.data), ZERO)
    if total == form.amount.data:
        return True
    told = f"Les parts font {format_euros(total)} au lieu de {format_euros(form.amount.data)}."
    form.shares.errors = [f"{told} Corrigez-les, ou videz-les pour une nouvelle proposition."]
    return False


def _keep(session: Session, form: CommitmentForm) -> Response:
    left_out = {"csrf_token", "draft", "draft_id"}
    fields = {name: values for name, values in request.form.lists() if name not in left_out and any(values)}
    title = form.object.data or (f"{form.amount.raw_data[0]} €" if form.amount.raw_data[0].strip() else "Sans objet")
    draft = save_draft(
        session, form=FORM, title=title, fields=fields, by=actor(), at=g.at, draft_id=_number(form.draft_id.data)
    )
    flash("Brouillon gardé : il n’est dans aucun total et vous seul le voyez.", "success")
    return redirect(url_for("commitment_new.show_new", brouillon=draft.id))


def _start(session: Session) -> dict[str, Any]:
    """What a form opens with."""
    today = day_in_france(g.at)
    if given_id := _number(request.args.get("transfert")):
        given = received_transfer(session, actor(), given_id)
        return {"amount": given.left, "decided_on": today, "given_id": str(given_id)}
    source_id = _number(request.args.get("depuis"))
    if not source_id:
        asked = _number(request.args.get("convention"))
        return {"decided_on": today, "convention_id": asked}
    line = commitment_page(session, actor(), source_id)
    same = ("object", "first", "last", "persons", "decision_reference", "to_funder_id", "payer_id", "manager_id")
    amount = line.balance.committed or line.balance.forecast
    return {
        **{name: getattr(line, name) for name in same},
        **line.items,
        "amount": amount or None,
        "decided_on": today,
        "provider": " ".join(filter(None, (line.provider, line.provider_siret))),
    }


def _page(session: Session, form: CommitmentForm) -> str:
    _fill_choices(session, form)
    given: ReceivedTransfer | None = None
    if given_id := _number(form.given_id.data):
        given = received_transfer(session, actor(), given_id)
    return render_template(
        "commitment/new.html",
        form=form,
        given=given,
        open_fold=any(form[name].errors or form[name].data for name in FOLDED),
        providers=provider_names(session, actor()),
        threshold=own_threshold(session, actor()),
    )


def _fill_choices(session: Session, form: CommitmentForm) -> None:
    today = day_in_france(g.at)
    for name in ITEMS:
        chosen = _number(str(form[name].data or ""))
        found = item_choices(session, name, on=today, keep=[chosen] if chosen else [])
        form[name].choices = [(choice.id, choice.label) for choice in found]
    mine = actor().organisation_id
    form.to_funder_id.choices = [(each.id, each.label) for each in funder_choices(session, on=today, but=mine)]
    others = [(each.id, each.label) for each in organisation_choices(session, actor(), on=today) if each.id != mine]
    form.payer_id.choices = form.manager_id.choices = others
    offer_conventions(form, convention_choices(session, actor()))


def _told(session: Session, commitment_id: int, reference: str) -> str:
    shown = commitment_page(session, actor(), commitment_id)
    if shown.balance.forecast:
        return f"Engagement {reference} enregistré comme prévision : il attend sa confirmation, hors de tout total."
    return f"Engagement {reference} enregistré."


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 19 else None
