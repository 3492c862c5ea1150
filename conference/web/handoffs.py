"""The pages of handoffs: what is to be answered, what was sent, one handoff, and the answer to it.

Opening a proposal tells its sender that it was read, opening the answer tells the receiver: such a mark is the trace of a
reading, written like those of identities, whatever becomes of the request (SEMANTICS §5). Each answer has its own page, which
says what will happen in euros on both sides.
"""

from decimal import Decimal
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import TextAreaField

from conference.data.glossary import label, labels
from conference.data.queries.handoff_chains import handoff_chain, handoff_chains
from conference.data.queries.handoff_conventions import handoff_conventions
from conference.data.queries.handoff_figures import handoff_figures, handoff_years
from conference.data.queries.handoff_page import HandoffPage, handoff_page
from conference.data.queries.handoffs import handoff_list
from conference.domain.french import day_in_france
from conference.domain.handoff import HandoffMotive, HandoffStatus
from conference.domain.permissions import Relation, is_granted, is_granted_somewhere
from conference.domain.refusal import Conflict, Forbidden, NotFound, Refusal
from conference.services.handoff_acceptance import accept_handoff
from conference.services.handoffs import mark_outcome_read, mark_read, refuse_handoff, withdraw_handoff
from conference.services.holidays import closed_days
from conference.web.access import actor, right
from conference.web.fields import ChoiceField, EurosField, Needed
from conference.web.forms import Form, at_most, page_number, show_refusal
from conference.web.transaction import after_business, business

pages = Blueprint("handoff", __name__)
Answer = str | Response | tuple[str, int]
TABS = {"a-traiter": "todo", "envoyes": "sent", "termines": "closed"}
NAMES = {"a-traiter": "À traiter", "envoyes": "Envoyés", "termines": "Terminés", "chaines": "Chaînes"}
BADGES = {"draft": "neutral", "proposed": "info", "accepted": "good", "refused": "bad", "expired": "warning"}
"""Shape of each state; a withdrawn one has the neutral shape."""


class AnswerForm(Form):
    """What is said with the answer."""

    answer = TextAreaField("Réponse", [at_most(2000)], description="Lue par l’autre financeur. N’écrivez aucun nom.")


class AcceptForm(AnswerForm):
    """The convention under which the receiver engages; without a choice, the one that its blank names."""

    convention_id = ChoiceField("Votre convention", blank="Aucune")


class RefuseForm(Form):
    """Why no."""

    motive = ChoiceField("Motif du refus", [Needed("Choisissez le motif du refus.")], blank="Choisissez")
    answer = TextAreaField(
        "Explication", [at_most(2000)], description="Lue par l’autre financeur. N’écrivez aucun nom."
    )


class WithdrawForm(Form):
    """Nothing to type."""


@pages.get("/relais")
@right("handoff.list")
def show_list() -> str:
    """One tab of the handoffs that the reader may read, and figures of both sides."""
    session, reader = business(), actor()
    reads_all = is_granted(reader, "handoff.read", Relation.OTHER)
    names = {key: name for key, name in NAMES.items() if not (reads_all and key == "envoyes")}
    asked = request.args.get("onglet", "")
    chosen = asked if asked in names else "a-traiter"
    found = handoff_list(session, reader, tab=TABS.get(chosen, "todo"), page=page_number(request.args.get("page")))
    years = handoff_years(session, reader)
    closed = closed_days(*years) if years else frozenset()
    sides = (("all", "Tous les relais"),) if reads_all else (("receiver", "Relais reçus"), ("sender", "Relais envoyés"))
    return render_template(
        "handoff/list.html",
        found=found,
        chosen=chosen,
        names={"a-traiter": "En attente de réponse", **{k: v for k, v in names.items() if k != "a-traiter"}}
        if reads_all
        else names,
        tabs=TABS,
        chains=handoff_chains(session, reader) if chosen == "chaines" else (),
        figures=[(name, handoff_figures(session, reader, side, closed=closed)) for side, name in sides],
        may_propose=is_granted_somewhere(reader, "handoff.propose"),
        badges=BADGES,
        today=day_in_france(g.at),
    )


@pages.get("/relais/<int:handoff_id>")
@right("handoff.read")
def show(handoff_id: int) -> str:
    """One handoff; who opens it is noted for the other side."""
    session, reader, at = business(), actor(), g.at
    found = handoff_page(session, reader, handoff_id)
    if found.row.side == "receiver" and found.row.is_waiting and found.row.read_at is None:
        after_business(lambda traces: _noted(mark_read(traces, handoff_id, by=reader, at=at)))
    answered = found.row.status in (HandoffStatus.ACCEPTED, HandoffStatus.REFUSED, HandoffStatus.EXPIRED)
    if found.row.side == "sender" and answered and found.row.outcome_read_at is None:
        after_business(lambda traces: _noted(mark_outcome_read(traces, handoff_id, by=reader, at=at)))
    return render_template(
        "handoff/show.html",
        found=found,
        chain=handoff_chain(session, reader, handoff_id),
        may_draft=is_granted_somewhere(reader, "convention.draft"),
        badges=BADGES,
        today=day_in_france(at),
    )


@pages.route("/relais/<int:handoff_id>/accepter", methods=["GET", "POST"])
@right("handoff.answer")
def accept(handoff_id: int) -> Answer:
    """Say yes: what both sides will write in the ledger, and how much of it is taken."""
    found = _of_receiver(handoff_id)
    form = _accept_form(found)
    if request.method == "POST" and form.validate():
        taken = {share.nature_id: form[f"accepted_{share.nature_id}"].data or Decimal(0) for share in found.shares}
        try:
            accept_handoff(
                business(),
                handoff_id,
                accepted=taken,
                answer=form.answer.data or "",
                convention_id=form.convention_id.data,
                by=actor(),
                at=g.at,
            )
            flash(f"Relais {found.row.reference} accepté : l’argent a suivi.", "good")
            return redirect(url_for(".show", handoff_id=handoff_id), 303)
        except Refusal as refusal:
            return _refused("handoff/accept.html", form, refusal, found)
    return _page("handoff/accept.html", form, found)


@pages.route("/relais/<int:handoff_id>/refuser", methods=["GET", "POST"])
@right("handoff.answer")
def refuse(handoff_id: int) -> Answer:
    """Say no, with a motive."""
    found = _of_receiver(handoff_id)
    form = RefuseForm()
    form.motive.choices = list(labels("handoff_motive").items())
    if request.method == "POST" and form.validate():
        motive = HandoffMotive(form.motive.data)
        try:
            refuse_handoff(business(), handoff_id, motive=motive, answer=form.answer.data or "", by=actor(), at=g.at)
            flash(f"Relais {found.row.reference} refusé. Aucun montant n’a bougé.", "good")
            return redirect(url_for(".show", handoff_id=handoff_id), 303)
        except Refusal as refusal:
            return _refused("handoff/refuse.html", form, refusal, found)
    return _page("handoff/refuse.html", form, found)


@pages.route("/relais/<int:handoff_id>/retirer", methods=["GET", "POST"])
@right("handoff.propose")
def withdraw(handoff_id: int) -> Answer:
    """Take a draft or a proposal back."""
    found = handoff_page(business(), actor(), handoff_id)
    if found.row.side != "sender":
        raise NotFound()
    form = WithdrawForm()
    if request.method == "POST" and form.validate():
        try:
            withdraw_handoff(business(), handoff_id, by=actor(), at=g.at)
            flash(f"Relais {found.row.reference} retiré. Aucun montant n’a bougé.", "good")
            return redirect(url_for(".show", handoff_id=handoff_id), 303)
        except Refusal as refusal:
            return _refused("handoff/withdraw.html", form, refusal, found)
    return _page("handoff/withdraw.html", form, found)


def _of_receiver(handoff_id: int) -> HandoffPage:
    found = handoff_page(business(), actor(), handoff_id)
    if found.row.side != "receiver":
        raise NotFound()
    return found


def _accept_form(found: HandoffPage) -> Any:
    """The form of an acceptance: one amount by nature asked, which nobody needs to change."""
    fields = {
        f"accepted_{share.nature_id}": EurosField(
            share.nature, [Needed("Indiquez le montant accepté, 0 pour ne rien prendre.")]
        )
        for share in found.shares
    }
    amounts = {f"accepted_{share.nature_id}": share.asked for share in found.shares}
    form = type("AcceptForm", (AcceptForm,), fields)(data=amounts)
    conventions = handoff_conventions(business(), found.row.id, day_in_france(g.at))
    offered = conventions.all if conventions.by_itself is None else conventions.others
    form.convention_id.choices = [(each.id, each.label) for each in offered]
    if conventions.by_itself is not None:
        form.convention_id.blank = conventions.by_itself.label
    elif conventions.relays:
        form.convention_id.blank = "Choisissez"
    return form


def _refused(template: str, form: Any, refusal: Refusal, found: HandoffPage) -> Answer:
    """Show a refusal on the form, with what the handoff has become since."""
    if isinstance(refusal, NotFound | Forbidden):
        raise refusal
    show_refusal(form, refusal)
    return _page(template, form, found)[0], 409 if isinstance(refusal, Conflict) else 422


def _page(template: str, form: Any, found: HandoffPage) -> tuple[str, int]:
    drawn = render_template(template, form=form, found=found, label=label)
    return drawn, 422 if form.errors else 200


def _noted(_done: bool) -> None:
    """A mark that was there already is none of the page's business."""
