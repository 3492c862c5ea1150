"""How does an officer prepare a handoff and send it?

The address says from which step, towards which one and on which day: the page then shows what would be released and what is
likely to be asked, before anything is written. A draft is read again on a page of its own, then sent.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import HiddenField, TextAreaField

from conference.data.queries.choices import Choice, funder_choices, item_choices
from conference.data.queries.handoff_page import HandoffPage, handoff_page
from conference.data.queries.handoff_start import HandoffStart, handoff_start
from conference.domain.french import day_in_france, parse_date
from conference.domain.refusal import Conflict, Forbidden, NotFound, Refusal
from conference.services.handoffs import HandoffLine, change_draft, draft_handoff, propose_handoff
from conference.web.access import actor, right
from conference.web.fields import ChoiceField, DayField, EurosField, Needed
from conference.web.forms import Form, at_most, number_or_none, show_refusal
from conference.web.transaction import business

pages = Blueprint("handoff_new", __name__)
Answer = str | Response | tuple[str, int]
SAME = "meme"


class StartForm(Form):
    """From where to where, and when: read from the address."""

    class Meta(Form.Meta):
        """Nothing is written by it."""

        csrf = False

    etape = ChoiceField("Votre étape", blank=None)
    vers = ChoiceField("Étape du destinataire", blank=None)
    jour = DayField("Premier jour du relais")


class DraftForm(Form):
    """What is asked of whom."""

    receiver_id = ChoiceField("Destinataire", [Needed("Choisissez le financeur destinataire.")], blank="Choisissez")
    message = TextAreaField(
        "Message au destinataire",
        [at_most(2000)],
        description="Ce qu’il doit savoir pour décider. N’écrivez aucun nom.",
    )
    version = HiddenField()


class SendForm(Form):
    """Nothing to type: the page says what is sent."""

    version = HiddenField()


@dataclass(frozen=True)
class Draft:
    """What is kept of a draft, to fill its form again."""

    page: HandoffPage

    def values(self) -> dict[str, Any]:
        """The values of its form."""
        asked = {f"asked_{share.nature_id}": share.asked for share in self.page.shares}
        told = {"receiver_id": self.page.receiver_id, "message": self.page.message, "version": str(self.page.version)}
        return {**told, **asked}


@pages.route("/parcours/<int:parcours_id>/relais/nouveau", methods=["GET", "POST"])
@right("handoff.propose")
def new(parcours_id: int) -> Answer:
    """Prepare a handoff of one parcours."""
    return _prepare(parcours_id, None)


@pages.route("/relais/<int:handoff_id>/modifier", methods=["GET", "POST"])
@right("handoff.propose")
def change(handoff_id: int) -> Answer:
    """Write a draft again."""
    found = _of_sender(handoff_id)
    if not found.may_edit or found.row.parcours_id is None:
        raise Conflict("Ce relais n’est plus un brouillon : il ne se modifie plus.")
    return _prepare(found.row.parcours_id, Draft(found))


@pages.route("/relais/<int:handoff_id>/proposer", methods=["GET", "POST"])
@right("handoff.propose")
def send(handoff_id: int) -> Answer:
    """Read the draft again, with what accepting it would release, and send it."""
    found = _of_sender(handoff_id)
    form = SendForm(data={"version": str(found.version)})
    if request.method == "POST" and form.validate():
        try:
            version = number_or_none(form.version.data)
            propose_handoff(business(), handoff_id, version=version, by=actor(), at=g.at)
            flash(f"Relais {found.row.reference} proposé à {found.row.receiver}.", "good")
            return redirect(url_for("handoff.show", handoff_id=handoff_id), 303)
        except Refusal as refusal:
            _shown(form, refusal)
    page = render_template("handoff/send.html", form=form, found=found)
    return (page, 422) if form.errors else page


def _of_sender(handoff_id: int) -> HandoffPage:
    found = handoff_page(business(), actor(), handoff_id)
    if found.row.side != "sender":
        raise NotFound()
    return found


def _prepare(parcours_id: int, draft: Draft | None) -> Answer:
    start = _start(parcours_id, draft)
    if start.from_step is None or start.first_day is None:
        return render_template("handoff/new.html", start=start, draft=draft, chosen=None, form=None, natures=())
    natures = item_choices(business(), "nature", on=day_in_france(g.at))
    form = _draft_form(start, draft, natures)
    if request.method == "POST" and form.validate():
        line = _line(form, start, natures)
        try:
            at, by = g.at, actor()
            if draft is None:
                handoff = draft_handoff(business(), parcours_id, line, by=by, at=at)
            else:
                version = number_or_none(form.version.data) or 0
                handoff = change_draft(business(), draft.page.row.id, line, version=version, by=by, at=at)
            return redirect(url_for(".send", handoff_id=handoff.id), 303)
        except Refusal as refusal:
            _shown(form, refusal)
    page = render_template(
        "handoff/new.html", start=start, draft=draft, chosen=_start_form(start), form=form, natures=natures
    )
    return (page, 422) if form.errors else page


def _start(parcours_id: int, draft: Draft | None) -> HandoffStart:
    """What the address asks, what the draft has, or what is most likely."""
    kept = draft.page if draft else None
    asked = request.args
    to = asked.get("vers") or (str(kept.to_step_id or SAME) if kept else "")
    return handoff_start(
        business(),
        actor(),
        parcours_id,
        today=day_in_france(g.at),
        from_id=number_or_none(asked.get("etape")) if asked.get("etape") else kept.from_step_id if kept else None,
        to_id=number_or_none(to) if to and to != SAME else None,
        keep_same=to == SAME,
        first_day=_day(asked.get("jour")) or (kept.row.first_day if kept else None),
    )


def _day(text: str | None) -> date | None:
    """A day of the address; what cannot be read is left to the most likely one."""
    try:
        return parse_date(text) if text else None
    except Refusal:
        return None


def _start_form(start: HandoffStart) -> StartForm:
    assert start.from_step is not None
    form = StartForm(
        formdata=None,
        data={
            "etape": start.from_step.id,
            "vers": start.to_step.id if start.to_step else SAME,
            "jour": start.first_day,
        },
    )
    form.etape.choices = [(step.id, step.title) for step in start.steps if step.mine]
    others = [(step.id, step.title) for step in start.steps if step.id != start.from_step.id]
    form.vers.choices = [(SAME, "La fin de la même étape"), *others]
    return form


def _draft_form(start: HandoffStart, draft: Draft | None, natures: list[Choice]) -> Any:
    fields = {f"asked_{nature.id}": EurosField(nature.label) for nature in natures}
    likely = {f"asked_{nature}": amount for nature, amount in start.likely.items()}
    form = type("AskedForm", (DraftForm,), fields)(data=draft.values() if draft else likely)
    mine = actor().organisation_id
    form.receiver_id.choices = [
        (each.id, each.label) for each in funder_choices(business(), on=day_in_france(g.at), but=mine)
    ]
    return form


def _line(form: Any, start: HandoffStart, natures: list[Choice]) -> HandoffLine:
    assert start.from_step is not None and start.first_day is not None
    asked = [(nature.id, form[f"asked_{nature.id}"].data) for nature in natures]
    return HandoffLine(
        sender_id=actor().organisation_id or 0,
        receiver_id=form.receiver_id.data,
        from_step_id=start.from_step.id,
        first_day=start.first_day,
        asked=tuple((nature, amount) for nature, amount in asked if amount is not None and amount != Decimal(0)),
        to_step_id=start.to_step.id if start.to_step else None,
        message=form.message.data or "",
    )


def _shown(form: Any, refusal: Refusal) -> None:
    if isinstance(refusal, NotFound | Forbidden):
        raise refusal
    show_refusal(form, refusal)
