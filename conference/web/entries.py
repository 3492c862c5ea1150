"""How are payments and other facts recorded, mistakes annulled, commitments confirmed, and many paid at once?

Each lasting act has its own page, which says what will happen. Forms carry the number of entries that their page showed:
who comes second is told what changed, and the same form sent twice records once.
"""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import HiddenField

from conference.data.glossary import label
from conference.data.queries.commitment_page import CommitmentShown, EntryShown, commitment_page
from conference.data.queries.convention_choices import UnderConvention, under_convention
from conference.domain.french import day_in_france, format_euros
from conference.domain.ledger import EntryKind, EntrySource, faults
from conference.domain.money import ZERO
from conference.domain.refusal import Conflict, Forbidden, NotFound, Refusal
from conference.services.commitments import confirm_commitment
from conference.services.entries import pay_in_bulk, record_entry, reverse_entry
from conference.services.instalments import point_payment
from conference.web.access import actor, right
from conference.web.commitments import entry_verbs
from conference.web.fields import ChoiceField, DayField, EurosField, Needed, TextField
from conference.web.forms import Form, show_refusal
from conference.web.transaction import Session, business

pages = Blueprint("entry", __name__)

Answer = Response | str | tuple[str, int]


class EntryForm(Form):
    """One fact about a commitment."""

    amount = EurosField("Montant", [Needed("Indiquez le montant.")])
    effective_on = DayField("Date", [Needed("Indiquez la date.")])
    reference = TextField("Référence", longest=120, description="Numéro de mandat, de virement, de pièce.")
    motive = TextField("Motif", longest=500)
    instalment_key = ChoiceField("Échéance de la convention", blank="Aucune")
    version = HiddenField()


class ReverseForm(Form):
    """Why an entry is annulled."""

    motive = TextField("Motif de l’annulation", [Needed("Indiquez le motif de l’annulation.")], longest=500)
    version = HiddenField()


class ConfirmForm(Form):
    """Nothing to type: the page says what is confirmed."""

    version = HiddenField()


class BulkForm(Form):
    """When the chosen commitments were paid."""

    paid_on = DayField("Date du paiement", [Needed("Indiquez la date du paiement.")])
    reference = TextField("Référence commune", longest=120, description="Numéro de virement ou de bordereau.")


@pages.get("/engagements/<int:commitment_id>/ecriture")
@right("entry.record")
def show_entry(commitment_id: int) -> str:
    """The form of one kind of entry (`?type=payment`), with the amount that is most likely."""
    line = commitment_page(business(), actor(), commitment_id)
    kind = _kind(line)
    likely = _likely(line, kind)
    under = _under(line, kind)
    told = {"amount": likely or None, "effective_on": day_in_france(g.at)}
    form = EntryForm(formdata=None, data=told | {"instalment_key": under.instalment_key if under else None})
    return _entry_page(form, line, kind, under)


@pages.post("/engagements/<int:commitment_id>/ecriture")
@right("entry.record")
def record(commitment_id: int) -> Answer:
    """Record it."""
    session = business()
    line = commitment_page(session, actor(), commitment_id)
    kind, form = _kind(line), EntryForm()
    under = _under(line, kind)
    _offer(form, under)
    if not form.validate():
        return _entry_page(form, line, kind, under), 422
    try:
        entry = record_entry(
            session,
            commitment_id,
            kind=kind,
            amount=form.amount.data,
            effective_on=form.effective_on.data,
            reference=form.reference.data,
            motive=form.motive.data,
            by=actor(),
            at=g.at,
            source=EntrySource.FORM,
            version=_version(form),
        )
        if form.instalment_key.data is not None:
            point_payment(session, entry.id or 0, form.instalment_key.data, by=actor(), at=g.at)
    except Refusal as refusal:
        return _refused(form, refusal, lambda: _entry_page(form, line, kind, under))
    waits = entry.kind == EntryKind.FORECAST and kind is not EntryKind.FORECAST
    told = f"{label('entry_kind', entry.kind)} de {format_euros(entry.amount)} : écriture enregistrée."
    flash(f"{told} Au-dessus de votre seuil, une seconde personne la confirme." if waits else told, "success")
    return redirect(url_for("commitment.show", commitment_id=commitment_id))


@pages.get("/engagements/<int:commitment_id>/ecritures/<int:entry_id>/annuler")
@right("entry.reverse")
def show_reverse(commitment_id: int, entry_id: int) -> str:
    """What the annulation will do."""
    line, entry = _line_and_entry(business(), commitment_id, entry_id)
    return _reverse_page(ReverseForm(formdata=None), line, entry)


@pages.post("/engagements/<int:commitment_id>/ecritures/<int:entry_id>/annuler")
@right("entry.reverse")
def reverse(commitment_id: int, entry_id: int) -> Answer:
    """Annul it."""
    session, form = business(), ReverseForm()
    line, entry = _line_and_entry(session, commitment_id, entry_id)
    if not form.validate():
        return _reverse_page(form, line, entry), 422
    try:
        reverse_entry(session, entry_id, motive=form.motive.data or "", by=actor(), at=g.at, version=_version(form))
    except Refusal as refusal:
        return _refused(form, refusal, lambda: _reverse_page(form, line, entry))
    kind = label("entry_kind", entry.kind)
    flash(f"{kind} de {format_euros(entry.amount)} : annulation enregistrée.", "success")
    return redirect(url_for("commitment.show", commitment_id=commitment_id))


@pages.get("/engagements/<int:commitment_id>/confirmer")
@right("commitment.confirm")
def show_confirm(commitment_id: int) -> str:
    """What is confirmed, and who entered it."""
    return _confirm_page(ConfirmForm(formdata=None), commitment_page(business(), actor(), commitment_id))


@pages.post("/engagements/<int:commitment_id>/confirmer")
@right("commitment.confirm")
def confirm(commitment_id: int) -> Answer:
    """Turn its prévisions into engagements."""
    session, form = business(), ConfirmForm()
    line = commitment_page(session, actor(), commitment_id)
    try:
        confirm_commitment(session, commitment_id, by=actor(), at=g.at, version=_version(form))
    except Refusal as refusal:
        return _refused(form, refusal, lambda: _confirm_page(form, line))
    flash(f"Engagement {line.reference} confirmé.", "success")
    return redirect(url_for("commitment.show", commitment_id=commitment_id))


@pages.get("/engagements/paiement-groupe")
@right("entry.record")
def show_bulk() -> Response:
    """The choice is made on the list."""
    return redirect(url_for("commitment.show_list"))


@pages.post("/engagements/paiement-groupe")
@right("entry.record")
def bulk() -> Answer:
    """Ask for the date of payment of the chosen commitments, then pay what is left of each and tell what was refused.

    Sent twice, the second finds nothing left to pay: the report is the answer itself.
    """
    session, form = business(), BulkForm()
    ids = list(dict.fromkeys(int(text) for text in request.form.getlist("ids") if _is_number(text)))[:1000]
    if not ids:
        flash("Choisissez d’abord des engagements dans la liste.", "warning")
        return redirect(url_for("commitment.show_list"))
    lines = _own_lines(session, ids)
    if "paid_on" not in request.form:
        form = BulkForm(formdata=None, data={"paid_on": day_in_france(g.at)})
        return render_template("commitment/bulk.html", form=form, lines=lines)
    if not form.validate():
        return render_template("commitment/bulk.html", form=form, lines=lines), 422
    report = pay_in_bulk(session, ids, paid_on=form.paid_on.data, by=actor(), at=g.at, reference=form.reference.data)
    paid = [each for each in report if each.amount is not None]
    return render_template(
        "commitment/bulk_report.html",
        paid=paid,
        refused=[each for each in report if each.amount is None],
        total=sum((each.amount for each in paid if each.amount), ZERO),
        paid_on=form.paid_on.data,
    )


def _own_lines(session: Session, ids: list[int]) -> list[CommitmentShown]:
    lines = []
    for commitment_id in ids:
        try:
            lines.append(commitment_page(session, actor(), commitment_id))
        except (NotFound, Forbidden):
            continue
    return lines


def _line_and_entry(session: Session, commitment_id: int, entry_id: int) -> tuple[CommitmentShown, EntryShown]:
    line = commitment_page(session, actor(), commitment_id)
    entry = next((each for each in line.entries if each.id == entry_id), None)
    if entry is None:
        raise NotFound()
    return line, entry


def _refused(form: Form, refusal: Refusal, page: Any) -> Answer:
    if isinstance(refusal, NotFound | Forbidden):
        raise refusal
    show_refusal(form, refusal)
    return page(), 409 if isinstance(refusal, Conflict) else 422


def _kind(line: CommitmentShown) -> EntryKind:
    asked = request.args.get("type", EntryKind.PAYMENT.value)
    found = next((kind for kind, _ in entry_verbs(line.status) if kind.value == asked), None)
    if found is None:
        raise Refusal(
            "Cette écriture n’est pas possible dans l’état actuel de l’engagement. Ouvrez-le pour voir son état."
        )
    return found


def _likely(line: CommitmentShown, kind: EntryKind) -> Any:
    """The amount that the officer most probably means."""
    balance = line.balance
    limits = [limit for limit in (balance.settlement, balance.order) if limit]
    return {
        EntryKind.PAYMENT: min([balance.committed, *limits]) - balance.paid,
        EntryKind.SETTLEMENT: balance.committed - balance.settlement,
        EntryKind.ORDER: (balance.settlement or balance.committed) - balance.order,
        EntryKind.RELEASE: balance.still_to_pay,
    }.get(kind)


def _under(line: CommitmentShown, kind: EntryKind) -> UnderConvention | None:
    """The convention whose instalments that kind of entry may pay."""
    is_paying = kind in (EntryKind.PAYMENT, EntryKind.REPAYMENT)
    return under_convention(business(), actor(), line.id) if is_paying else None


def _offer(form: EntryForm, under: UnderConvention | None) -> None:
    form.instalment_key.choices = [(each.key, each.label) for each in under.choices] if under else []


def _entry_page(form: EntryForm, line: CommitmentShown, kind: EntryKind, under: UnderConvention | None) -> str:
    _offer(form, under)
    verb = dict(entry_verbs(line.status))[kind]
    return render_template("commitment/entry.html", form=_at_version(form, line), line=line, kind=kind, verb=verb)


def _reverse_page(form: ReverseForm, line: CommitmentShown, entry: EntryShown) -> str:
    after = line.balance.plus(entry.kind, -entry.amount)
    broken = [sentence for _, sentence in faults(after)]
    return render_template(
        "commitment/reverse.html", form=_at_version(form, line), line=line, entry=entry, after=after, broken=broken
    )


def _confirm_page(form: ConfirmForm, line: CommitmentShown) -> str:
    waiting = [each for each in line.entries if each.kind is EntryKind.FORECAST and each.can_be_reversed]
    return render_template("commitment/confirm.html", form=_at_version(form, line), line=line, waiting=waiting)


def _at_version(form: Any, line: CommitmentShown) -> Any:
    """The form as of what the page shows: sending it again after a conflict is a decision taken knowingly."""
    form.version.data = str(line.version)
    return form


def _version(form: Any) -> int:
    return int(form.version.data) if _is_number(form.version.data) else -1


def _is_number(text: str | None) -> bool:
    return bool(text) and str(text).isascii() and str(text).isdecimal() and len(str(text)) < 19
