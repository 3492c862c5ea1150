"""Two parcours of a person who looks the same: ask to join them, answer, undo.

Until both agree, nothing of the other parcours is told: the form names it by a token of its own.
"""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from conference.data.queries.identity import MergeLine, identity_page, merges_of, similar_parcours
from conference.domain.permissions import Relation, require
from conference.domain.refusal import NotFound, Refusal
from conference.services.merges import answer_merge, ask_merge, likeness_token, undo_merge, withdraw_merge
from conference.web.access import actor, right
from conference.web.fields import ChoiceField, Needed, TextField
from conference.web.forms import Form, show_refusal
from conference.web.identity import instance
from conference.web.transaction import business

pages = Blueprint("merge", __name__)
Answer = str | Response | tuple[str, int]


class AskForm(Form):
    """Which parcours to join, and which of the two is kept."""

    other = ChoiceField("Parcours d’une personne semblable", [Needed("Choisissez le parcours.")], blank="Choisissez")
    keep = ChoiceField(
        "Parcours gardé",
        choices=[("mine", "Le nôtre, nous restons référents"), ("other", "L’autre, son organisme devient référent")],
        blank=None,
        default="mine",
    )


class MotiveForm(Form):
    """Why one refuses or undoes."""

    motive = TextField("Motif", [Needed("Indiquez le motif.")], longest=500, description="N’écrivez aucun nom.")


class AgreeForm(Form):
    """An agreement needs no word."""


@pages.route("/parcours/<int:parcours_id>/reunion", methods=["GET", "POST"])
@right("parcours.merge")
def ask(parcours_id: int) -> Answer:
    """Ask to join the parcours of a person who looks the same."""
    page = identity_page(business(), actor(), parcours_id)
    require(actor(), "parcours.merge", Relation.OWN if page.is_own else Relation.PARTY)
    form, others = AskForm(), similar_parcours(business(), actor(), parcours_id)
    form.other.choices = [
        (likeness_token(instance(), parcours_id, each.id), _named(each.follower, each.pseudonym)) for each in others
    ]
    if form.validate_on_submit():
        try:
            keep_mine, who = form.keep.data != "other", {"by": actor(), "at": g.at}
            row = ask_merge(
                business(), parcours_id, form.other.data or "", keep_mine=keep_mine, instance=instance(), **who
            )
            done = row.status == "agreed"
            flash("Les deux parcours sont réunis." if done else "Demande envoyée. Elle attend une réponse.", "good")
            return redirect(url_for("identity.show", parcours_id=parcours_id), 303)
        except Refusal as refusal:
            _shown(form, refusal)
    return _answer("merge/ask.html", form, page=page, others=others)


@pages.route("/parcours/<int:parcours_id>/reunion/<int:merge_id>/accepter", methods=["GET", "POST"])
@right("parcours.merge")
def agree(parcours_id: int, merge_id: int) -> Answer:
    """Agree: what belongs to the person moves to the parcours that is kept."""
    line, form = _line(parcours_id, merge_id), AgreeForm()
    if form.validate_on_submit():
        row = answer_merge(business(), merge_id, agrees=True, by=actor(), at=g.at)
        flash("Les deux parcours sont réunis.", "good")
        return redirect(url_for("identity.show", parcours_id=row.kept_id), 303)
    return _answer("merge/agree.html", form, line=line)


@pages.route("/parcours/<int:parcours_id>/reunion/<int:merge_id>/refuser", methods=["GET", "POST"])
@right("parcours.merge")
def refuse(parcours_id: int, merge_id: int) -> Answer:
    """Refuse: nothing moves."""
    line, form = _line(parcours_id, merge_id), MotiveForm()
    if form.validate_on_submit():
        try:
            answer_merge(business(), merge_id, agrees=False, motive=form.motive.data or "", by=actor(), at=g.at)
            flash("Demande refusée. Rien n’a bougé.", "good")
            return redirect(url_for("identity.show", parcours_id=parcours_id), 303)
        except Refusal as refusal:
            _shown(form, refusal)
    return _answer("merge/refuse.html", form, line=line)


@pages.post("/parcours/<int:parcours_id>/reunion/<int:merge_id>/retirer")
@right("parcours.merge")
def withdraw(parcours_id: int, merge_id: int) -> Answer:
    """Take back one's request."""
    _line(parcours_id, merge_id)
    withdraw_merge(business(), merge_id, by=actor(), at=g.at)
    flash("Demande retirée.", "good")
    return redirect(url_for("identity.show", parcours_id=parcours_id), 303)


@pages.route("/parcours/<int:parcours_id>/reunion/<int:merge_id>/defaire", methods=["GET", "POST"])
@right("parcours.merge")
def undo(parcours_id: int, merge_id: int) -> Answer:
    """Make two parcours of one again."""
    line, form = _line(parcours_id, merge_id), MotiveForm()
    if form.validate_on_submit():
        try:
            undo_merge(business(), merge_id, motive=form.motive.data or "", by=actor(), at=g.at)
            flash("La réunion est défaite : ce qui avait bougé est revenu.", "good")
            return redirect(url_for("identity.show", parcours_id=line.parcours_id), 303)
        except Refusal as refusal:
            _shown(form, refusal)
    return _answer("merge/undo.html", form, line=line)


def _named(follower: str, pseudonym: str | None) -> str:
    return f"{follower}, {pseudonym}" if pseudonym else follower


def _line(parcours_id: int, merge_id: int) -> MergeLine:
    """The request, for one of its two sides, under one of its two parcours; else NotFound."""
    found = next((each for each in merges_of(business(), actor(), parcours_id) if each.id == merge_id), None)
    if found is None:
        raise NotFound()
    return found


def _shown(form: Any, refusal: Refusal) -> None:
    if isinstance(refusal, NotFound):
        raise refusal
    show_refusal(form, refusal)


def _answer(template: str, form: Any, **context: Any) -> Answer:
    page = render_template(template, form=form, **context)
    return (page, 422) if form.errors else page
