"""The pages of a step's financing plan: what it costs, who takes which part, when it falls due, and the gesture that commits.

What the plan would pay twice, or with aids that exclude each other, is told before it is saved, with both lines and the rule:
the officer goes on, and the alert stays open, or lifts it with a motive.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from wtforms import HiddenField, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from conference.data.glossary import label
from conference.data.queries.choices import funder_choices, item_choices
from conference.data.queries.fundings import fundings_of
from conference.data.queries.parcours_view import ParcoursView, StepView
from conference.data.queries.plans import CostView, PlanView, ShareView, plan_summary
from conference.domain.french import day_in_france, format_euros
from conference.domain.funding_conflicts import Conflict, conflicts
from conference.domain.ledger import EntrySource
from conference.domain.refusal import NotFound, Refusal
from conference.services.dimensions import Dimensions
from conference.services.plans import (
    PlanOf,
    commit_shares,
    remove_share,
    set_cost,
    set_instalments,
    set_share,
)
from conference.web.access import actor, right
from conference.web.fields import ChoiceField, DayField, EurosField, Needed, TextField, TypedField
from conference.web.forms import Form
from conference.web.parcours import Answer, answer, day_of, reached, shown
from conference.web.transaction import business

pages = Blueprint("plan", __name__)
MOST_INSTALMENTS = 6


def parse_percent(text: str) -> Decimal:
    """« 40 », « 33,3333 », « 40 % » → Decimal. Raises Refusal (code `percent`)."""
    digits = text.replace("%", "").replace("\u202f", "").replace("\u00a0", "").strip().replace(",", ".")
    whole, _, part = digits.partition(".")
    if not (whole.isascii() and whole.isdecimal() and len(whole) <= 3 and len(part) <= 4 and (part + "0").isdecimal()):
        raise Refusal(f"« {text} » n’est pas un pourcentage. Écrivez par exemple 40 ou 33,33.", code="percent")
    return Decimal(digits)


class PercentField(TypedField[Decimal]):
    """A percentage of four decimals at most."""

    parse = staticmethod(parse_percent)

    def show(self, value: Decimal) -> str:
        """`Decimal("33.3300")` → "33,33"."""
        return f"{value.normalize():f}".replace(".", ",")


class CostForm(Form):
    """What the step costs of one nature."""

    nature_id = ChoiceField("Nature de coût", [Needed("Choisissez la nature de coût.")], blank="Choisissez")
    amount = EurosField("Montant", description="Vide pour retirer cette nature du plan.")


class ShareForm(Form):
    """What one funder takes."""

    funder_id = ChoiceField("Financeur", [Needed("Choisissez le financeur.")], blank="Choisissez")
    amount = EurosField("Montant")
    percent = PercentField("Ou pourcentage du coût")
    motive = TextField("Motif pour lever l’avertissement", longest=500, description="Vide, l’alerte reste ouverte.")
    seen = HiddenField()


class CommitForm(Form):
    """Which of one's own shares become commitments."""

    share_ids = SelectMultipleField(
        "Parts à engager", coerce=int, widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )
    decided_on = DayField("Date de la décision", [Needed("Indiquez la date de la décision.")])
    scheme = ChoiceField("Dispositif")
    audience = ChoiceField("Public")
    level = ChoiceField("Niveau")
    territory = ChoiceField("Territoire")
    sector = ChoiceField("Secteur")
    funder_reference = TextField("Votre référence", longest=120, description="Pour une seule part.")
    motive = TextField("Motif pour lever l’avertissement", longest=500, description="Vide, l’alerte reste ouverte.")
    seen = HiddenField()


ITEMS = ("scheme", "audience", "level", "territory", "sector")


@pages.get("/parcours/<int:parcours_id>/etape/<int:step_id>/plan")
@right("parcours.list")
def show(parcours_id: int, step_id: int) -> str:
    """The plan of a step."""
    parcours, step, plan = _found(parcours_id, step_id)
    told = [each for each in _conflicts(parcours_id) if step_id in (each.one.step_id, each.other.step_id)]
    return render_template(
        "plan/show.html", parcours=parcours, step=step, plan=plan, label=label, warnings=_words(parcours, told)
    )


@pages.route("/parcours/<int:parcours_id>/etape/<int:step_id>/plan/cout", methods=["GET", "POST"])
@right("plan.edit")
def cost(parcours_id: int, step_id: int) -> Answer:
    """Say what a nature costs, or take it off the plan."""
    parcours, step, plan = _found(parcours_id, step_id)
    asked = request.args.get("nature", "")
    known = next((each for each in plan.costs if str(each.nature_id) == asked), None)
    form = CostForm(nature_id=known.nature_id if known else None, amount=known.amount if known else None)
    form.nature_id.choices = [(each.id, each.label) for each in item_choices(business(), "nature")]
    if request.method == "POST" and form.validate():
        try:
            set_cost(business(), PlanOf(step_id), form.nature_id.data, form.amount.data, by=actor(), at=g.at)
            flash("Plan enregistré.", "good")
            return redirect(url_for(".show", parcours_id=parcours_id, step_id=step_id), 303)
        except Refusal as refusal:
            shown(form, refusal)
    return answer("plan/cost.html", form, parcours=parcours, step=step)


@pages.route("/parcours/<int:parcours_id>/etape/<int:step_id>/plan/part/<int:cost_id>", methods=["GET", "POST"])
@right("plan.edit")
def share(parcours_id: int, step_id: int, cost_id: int) -> Answer:
    """Say what a funder takes of a cost."""
    parcours, step, plan = _found(parcours_id, step_id)
    held = plan.cost(cost_id)
    form = ShareForm(**_filled(held, request.args.get("part", "")))
    form.funder_id.choices = [(each.id, each.label) for each in funder_choices(business())]
    warned: list[str] = []
    if request.method == "POST" and form.validate():
        try:
            row = set_share(
                business(),
                cost_id,
                form.funder_id.data,
                amount=form.amount.data,
                percent=form.percent.data,
                by=actor(),
                at=g.at,
            )
            warned = _unseen(parcours, form, {f"share:{row.id}"})
            if not warned:
                flash("Part enregistrée.", "good")
                return redirect(url_for(".show", parcours_id=parcours_id, step_id=step_id), 303)
        except Refusal as refusal:
            shown(form, refusal)
    return _warned("plan/share.html", form, warned, parcours=parcours, step=step, cost=held)


@pages.post("/parcours/<int:parcours_id>/etape/<int:step_id>/plan/part/<int:share_id>/retirer")
@right("plan.edit")
def drop_share(parcours_id: int, step_id: int, share_id: int) -> Answer:
    """Take a share off the plan."""
    _, _, plan = _found(parcours_id, step_id)
    plan.share(share_id)
    try:
        remove_share(business(), share_id, by=actor(), at=g.at)
        flash("Part retirée.", "good")
    except NotFound:
        raise
    except Refusal as refusal:
        flash(refusal.message, "bad")
    return redirect(url_for(".show", parcours_id=parcours_id, step_id=step_id), 303)


@pages.route("/parcours/<int:parcours_id>/etape/<int:step_id>/plan/echeances/<int:share_id>", methods=["GET", "POST"])
@right("plan.edit")
def instalments(parcours_id: int, step_id: int, share_id: int) -> Answer:
    """Say when a share falls due."""
    parcours, step, plan = _found(parcours_id, step_id)
    held = plan.share(share_id)
    form = _instalments_form(held)
    if request.method == "POST" and form.validate():
        try:
            set_instalments(business(), share_id, _due(form), by=actor(), at=g.at)
            flash("Échéancier enregistré.", "good")
            return redirect(url_for(".show", parcours_id=parcours_id, step_id=step_id), 303)
        except Refusal as refusal:
            shown(form, refusal)
    return answer("plan/instalments.html", form, parcours=parcours, step=step, share=held, most=MOST_INSTALMENTS)


@pages.route("/parcours/<int:parcours_id>/etape/<int:step_id>/plan/engager", methods=["GET", "POST"])
@right("plan.edit")
def commit(parcours_id: int, step_id: int) -> Answer:
    """Turn one's own shares into commitments."""
    parcours, step, plan = _found(parcours_id, step_id)
    mine = [each for held in plan.costs for each in held.shares if each.is_own and not each.is_committed]
    form = _commit_form(parcours, plan, mine)
    warned: list[str] = []
    if request.method == "POST" and form.validate():
        try:
            ids = commit_shares(
                business(),
                form.share_ids.data or [],
                Dimensions(**{name: form[name].data for name in ITEMS}),
                decided_on=day_of(form.decided_on),
                by=actor(),
                at=g.at,
                source=EntrySource.FORM,
                funder_reference=form.funder_reference.data,
            )
            warned = _unseen(parcours, form, {f"commitment:{number}" for number in ids})
            if not warned:
                flash("Parts engagées." if len(ids) > 1 else "Part engagée.", "good")
                return redirect(url_for(".show", parcours_id=parcours_id, step_id=step_id), 303)
        except Refusal as refusal:
            shown(form, refusal)
    return _warned("plan/commit.html", form, warned, parcours=parcours, step=step, mine=mine)


def _found(parcours_id: int, step_id: int) -> tuple[ParcoursView, StepView, PlanView]:
    """The step before its form is read, so that a foreign one answers 404 whatever was sent."""
    parcours = reached(parcours_id)
    step = parcours.step(step_id)
    return parcours, step, plan_summary(business(), actor(), parcours_id)[step_id]


def _conflicts(parcours_id: int) -> tuple[Conflict, ...]:
    return conflicts(fundings_of(business(), [parcours_id]).get(parcours_id, ()))


def _unseen(parcours: ParcoursView, form: Any, keys: set[str]) -> list[str]:
    """Warnings that the lines just written bring and that the officer has not read yet, as sentences; none once they did.

    What was written is rolled back when there is one, since the page then answers 422.
    """
    found = [each for each in _conflicts(parcours.id) if keys & {each.one.key, each.other.key}]
    return [] if form.seen.data == "yes" else _words(parcours, found)


def _warned(template: str, form: Any, warned: Sequence[str], **context: Any) -> Answer:
    form.seen.data = "yes" if warned else ""
    page = render_template(template, form=form, warned=warned, **context)
    return (page, 422) if form.errors or warned else page


def _words(parcours: ParcoursView, found: Sequence[Conflict]) -> list[str]:
    """Each conflict in one sentence: both lines, then the rule."""
    titles = {step.id: step.title for step in parcours.steps}
    names = {each.id: each.label for each in funder_choices(business())}
    natures = {each.code: each.label for each in item_choices(business(), "nature", with_unknown=True)}

    def line(funding: Any) -> str:
        nature = natures.get(funding.nature, funding.nature).lower()
        step = titles.get(funding.step_id, "étape retirée")
        return f"{names.get(funding.funder_id, 'un financeur')}, {format_euros(funding.amount)} ({nature}, « {step} »)"

    return [f"{line(each.one)} et {line(each.other)}. {each.rule}" for each in found]


def _filled(cost: CostView, asked: str) -> dict[str, Any]:
    known: ShareView | None = next((each for each in cost.shares if str(each.id) == asked), None)
    if known is None:
        return {"amount": max(cost.to_find, Decimal(0)) or None}
    amount = known.amount if known.percent is None else None
    return {"funder_id": known.funder_id, "amount": amount, "percent": known.percent}


def _instalments_form(share: ShareView) -> Form:
    fields: dict[str, Any] = {}
    for number in range(MOST_INSTALMENTS):
        known = share.instalments[number] if number < len(share.instalments) else (None, None)
        fields[f"due{number}"] = DayField(f"Échéance {number + 1}", default=known[0])
        fields[f"amount{number}"] = EurosField("Montant", default=known[1])
    fields["instalments"] = HiddenField()
    return type("InstalmentsForm", (Form,), fields)()


def _due(form: Any) -> list[tuple[Any, Decimal]]:
    rows = [(form[f"due{number}"].data, form[f"amount{number}"].data) for number in range(MOST_INSTALMENTS)]
    if any((day is None) != (amount is None) for day, amount in rows):
        raise Refusal("Donnez un jour et un montant à chaque échéance.", code="instalments")
    return [(day, amount) for day, amount in rows if day is not None]


def _commit_form(parcours: ParcoursView, plan: PlanView, mine: Sequence[ShareView]) -> CommitForm:
    today = day_in_france(g.at)
    form = CommitForm(
        share_ids=[each.id for each in mine],
        decided_on=today,
        audience=parcours.situation["audience_id"],
        territory=parcours.situation["territory_id"],
    )
    natures = {each.id: held.nature for held in plan.costs for each in held.shares}
    form.share_ids.choices = [(each.id, f"{natures[each.id]}, {format_euros(each.amount)}") for each in mine]
    for name in ITEMS:
        form[name].choices = [(each.id, each.label) for each in item_choices(business(), name, on=today)]
    return form
