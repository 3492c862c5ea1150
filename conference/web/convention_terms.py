"""The forms of what a convention settles: its dates and envelope, its parties, its plan, its schedule, its conditions.

Each part is one page, saved whole against the version that was read. A table of fields has some blank lines; a button
adds more, and a line left blank is no line.
"""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from wtforms import BooleanField, HiddenField, TextAreaField

from conference.data.glossary import labels
from conference.data.queries.choices import item_choices, organisation_choices
from conference.data.queries.convention_facts import facts_of
from conference.data.queries.convention_page import ConventionPage, VersionView, version_page
from conference.data.queries.convention_terms import StoredTerms, stored_terms
from conference.domain.convention import InstalmentKind, PartyRole
from conference.domain.convention_facts import ConventionFacts
from conference.domain.refusal import Conflict, Refusal
from conference.domain.rights import RightKind
from conference.services.convention_terms import (
    IncomeLine,
    InstalmentLine,
    PartyLine,
    ShareLine,
    Terms,
    set_bonus,
    set_income,
    set_parties,
    set_plan,
    set_schedule,
    set_terms,
)
from conference.web.access import actor, right
from conference.web.fields import ChoiceField, DayField, EurosField, Needed, TextField, TypedField, WholeField
from conference.web.forms import Form, at_most, number_or_none
from conference.web.line_forms import LinesForm, lines_form, wants_more
from conference.web.parcours import Answer, shown
from conference.web.plan_forms import PercentField, parse_percent
from conference.web.transaction import business

pages = Blueprint("convention_terms", __name__)
ROOT = "/conventions/versions/<int:version_id>"


class TermsForm(Form):
    """What a version says of itself."""

    title = TextField("Intitulé", [Needed("Donnez un titre à la convention.")], longest=300)
    first = DayField("Premier jour")
    last = DayField("Dernier jour", description="Ce jour est compris.")
    ceiling = EurosField("Plafond", description="L’enveloppe que les engagements ne dépassent pas. Vide\u202f: aucune.")
    beneficiary_id = ChoiceField("Bénéficiaire", description="Qui reçoit les fonds, s’il y en a un seul.")
    place = TextField("Fait à", longest=120)
    decision_reference = TextField("Décision ou délibération", longest=300)
    is_grant = BooleanField("Subvention dont les données essentielles se publient")
    payment_conditions = TextField(
        "Conditions de versement", longest=256, description="En une phrase, pour les données publiées."
    )
    eu_notified = BooleanField("Aide de minimis notifiée à la Commission européenne")
    version = HiddenField()


class IncomeForm(Form):
    """Whose days are paid."""

    payer_id = ChoiceField("Payeur", blank="La convention ne rémunère personne")
    kind = ChoiceField("Droit versé", blank=None)
    daily_amount = EurosField("Montant par jour", description="Vide\u202f: le barème des stagiaires.")
    audience_id = ChoiceField("Public", blank="Tous les publics")
    territory_id = ChoiceField("Territoire", blank="Tout le territoire")
    version = HiddenField()


class BonusForm(LinesForm):
    """The price, and its steps."""

    bonus_base = EurosField("Prix")


class SignedPercentField(TypedField[Any]):
    """A percentage that may be negative: « −10 », « 5 »."""

    @staticmethod
    def parse(text: str) -> Any:
        """« −10 » → Decimal("-10"). Raises Refusal as `parse_percent`."""
        bare = text.strip().lstrip("+")
        return -parse_percent(bare[1:]) if bare[:1] in ("-", "−") else parse_percent(bare)

    def show(self, value: Any) -> str:
        """`Decimal("-10")` → "−10"."""
        return f"{value.normalize():f}".replace(".", ",").replace("-", "−")


@pages.route(f"{ROOT}/conditions", methods=["GET", "POST"])
@right("convention.draft")
def edit_terms(version_id: int) -> Answer:
    """Dates, envelope, beneficiary."""
    page, version, kept = _opened(version_id)
    form = TermsForm(data={**kept.terms, "version": str(version.version)})
    form.beneficiary_id.choices = _organisations()
    if request.method == "POST" and form.validate():
        names = list(kept.terms)
        values = {name: form[name].data for name in names}
        texts = ("title", "place", "decision_reference", "payment_conditions")
        values |= {name: values[name] or "" for name in texts}
        saved = _saved(form, lambda: set_terms(business(), version_id, Terms(**values), **_by(form)), page, version)
        if saved is not None:
            return saved
    return _page("convention/terms.html", form, page, version)


@pages.route(f"{ROOT}/parties", methods=["GET", "POST"])
@right("convention.draft")
def edit_parties(version_id: int) -> Answer:
    """The parties, in the order of the text."""
    page, version, kept = _opened(version_id)
    organisations, roles = _organisations(), list(labels("party_role").items())
    columns = {
        "organisation_id": lambda line: ChoiceField(f"Organisme, {line}", choices=organisations, blank=""),
        "role": lambda line: ChoiceField(f"Rôle, {line}", choices=roles, blank=""),
        "authority": lambda line: TextField(f"Habilitation, {line}", longest=500),
        "duties": lambda line: TextAreaField(f"Engagements, {line}", [at_most(4000)]),
    }
    form = lines_form(columns, kept.parties, version=str(version.version))
    if request.method == "POST" and form.validate() and not wants_more():
        saved = _saved(form, lambda: set_parties(business(), version_id, _parties(form), **_by(form)), page, version)
        if saved is not None:
            return saved
    return _page("convention/parties.html", form, page, version)


def _parties(form: LinesForm) -> list[PartyLine]:
    lines = []
    for line in form.typed():
        if line["organisation_id"] is None or line["role"] is None:
            raise Refusal("Choisissez l’organisme et le rôle de chaque partie.", code="party")
        lines.append(
            PartyLine(line["organisation_id"], PartyRole(line["role"]), line["authority"] or "", line["duties"] or "")
        )
    return lines


@pages.route(f"{ROOT}/plan", methods=["GET", "POST"])
@right("convention.draft")
def edit_plan(version_id: int) -> Answer:
    """Party by year and nature, in euros or per cent."""
    page, version, kept = _opened(version_id)
    facts = facts_of(business(), version_id)
    parties, organisations = _of_parties(facts), _organisations()
    natures = [(each.id, each.label) for each in item_choices(business(), "nature")]
    columns = {
        "organisation_id": lambda line: ChoiceField(f"Partie, {line}", choices=parties, blank=""),
        "year": lambda line: WholeField(f"Année, {line}"),
        "nature_id": lambda line: ChoiceField(f"Nature, {line}", choices=natures, blank=""),
        "amount": lambda line: EurosField(f"Montant, {line}"),
        "percent": lambda line: PercentField(f"Ou pourcentage, {line}"),
        "beneficiary_id": lambda line: ChoiceField(
            f"Bénéficiaire, {line}", choices=organisations, blank="Celui de la convention"
        ),
    }
    form = lines_form(columns, kept.shares, version=str(version.version))
    if request.method == "POST" and form.validate() and not wants_more():
        saved = _saved(form, lambda: set_plan(business(), version_id, _shares(form), **_by(form)), page, version)
        if saved is not None:
            return saved
    return _page("convention/plan.html", form, page, version, facts=facts)


def _shares(form: LinesForm) -> list[ShareLine]:
    lines = []
    for line in form.typed():
        if None in (line["organisation_id"], line["year"], line["nature_id"]):
            raise Refusal("Donnez la partie, l’année et la nature de chaque ligne.", code="share")
        lines.append(ShareLine(**line))
    return lines


@pages.route(f"{ROOT}/echeancier", methods=["GET", "POST"])
@right("convention.draft")
def edit_schedule(version_id: int) -> Answer:
    """Advance, interims, balance."""
    page, version, kept = _opened(version_id)
    facts = facts_of(business(), version_id)
    parties, kinds = _of_parties(facts), list(labels("instalment_kind").items())
    columns = {
        "organisation_id": lambda line: ChoiceField(f"Partie, {line}", choices=parties, blank=""),
        "kind": lambda line: ChoiceField(f"Type, {line}", choices=kinds, blank=""),
        "due_on": lambda line: DayField(f"Échéance, {line}"),
        "amount": lambda line: EurosField(f"Montant, {line}"),
        "percent": lambda line: PercentField(f"Ou pourcentage, {line}"),
        "condition": lambda line: TextField(f"Condition, {line}", longest=500),
        "key": lambda line: HiddenField(f"Rang, {line}"),
    }
    form = lines_form(columns, kept.instalments, version=str(version.version))
    if request.method == "POST" and form.validate() and not wants_more():
        saved = _saved(
            form, lambda: set_schedule(business(), version_id, _instalments(form), **_by(form)), page, version
        )
        if saved is not None:
            return saved
    return _page("convention/schedule.html", form, page, version, facts=facts)


def _instalments(form: LinesForm) -> list[InstalmentLine]:
    lines = []
    for line in form.typed(blank=("key",)):
        if None in (line["organisation_id"], line["kind"], line["due_on"]):
            raise Refusal("Donnez la partie, le type et la date de chaque versement.", code="instalment")
        told = {**line, "kind": InstalmentKind(line["kind"]), "condition": line["condition"] or ""}
        lines.append(InstalmentLine(**{**told, "key": number_or_none(line["key"])}))
    return lines


@pages.route(f"{ROOT}/bonus", methods=["GET", "POST"])
@right("convention.draft")
def edit_bonus(version_id: int) -> Answer:
    """The price and its steps on the return-to-work rate."""
    page, version, kept = _opened(version_id)
    columns = {
        "from_rate": lambda line: PercentField(f"À partir de, {line}"),
        "percent": lambda line: SignedPercentField(f"Bonus ou malus, {line}"),
    }
    form = lines_form(columns, kept.bonuses, base=BonusForm, version=str(version.version), bonus_base=kept.bonus_base)
    if request.method == "POST" and form.validate() and not wants_more():
        saved = _saved(
            form,
            lambda: set_bonus(business(), version_id, form.bonus_base.data, _steps(form), **_by(form)),
            page,
            version,
        )
        if saved is not None:
            return saved
    return _page("convention/bonus.html", form, page, version)


def _steps(form: LinesForm) -> list[tuple[Any, Any]]:
    lines = form.typed()
    if any(line["from_rate"] is None or line["percent"] is None for line in lines):
        raise Refusal("Donnez le taux et le bonus de chaque palier.", code="bonus")
    return [(line["from_rate"], line["percent"]) for line in lines]


@pages.route(f"{ROOT}/remuneration", methods=["GET", "POST"])
@right("convention.draft")
def edit_income(version_id: int) -> Answer:
    """Whose days the convention pays."""
    page, version, kept = _opened(version_id)
    form = IncomeForm(data={"kind": RightKind.TRAINEE_PAY.value, **kept.income, "version": str(version.version)})
    form.payer_id.choices = _of_parties(facts_of(business(), version_id))
    form.kind.choices = list(labels("right_kind").items())
    form.audience_id.choices = [(each.id, each.label) for each in item_choices(business(), "audience")]
    form.territory_id.choices = [(each.id, each.label) for each in item_choices(business(), "territory")]
    if request.method == "POST" and form.validate():
        line = (
            IncomeLine(
                form.payer_id.data,
                RightKind(form.kind.data),
                form.daily_amount.data,
                form.audience_id.data,
                form.territory_id.data,
            )
            if form.payer_id.data is not None
            else None
        )
        saved = _saved(form, lambda: set_income(business(), version_id, line, **_by(form)), page, version)
        if saved is not None:
            return saved
    return _page("convention/income.html", form, page, version)


def _opened(version_id: int) -> tuple[ConventionPage, VersionView, StoredTerms]:
    page, version = version_page(business(), actor(), version_id)
    return page, version, stored_terms(business(), version_id)


def _saved(form: Any, write: Any, page: ConventionPage, version: VersionView) -> Answer | None:
    """Do it and go back to the text; None when it was refused, which the form then shows. Against a version that has
    moved, what was typed stays and the next saving is made against the one that is there now."""
    try:
        write()
    except Conflict as refusal:
        shown(form, refusal)
        form.version.data, form.stale = str(version.version), True
        return None
    except Refusal as refusal:
        shown(form, refusal)
        return None
    flash("Enregistré.", "good")
    return redirect(url_for("convention.show_text", version_id=version.id), 303)


def _by(form: Any) -> dict[str, Any]:
    return {"seen": number_or_none(form.version.data) or 0, "by": actor(), "at": g.at}


def _organisations() -> list[tuple[int, str]]:
    return [(each.id, each.label) for each in organisation_choices(business(), actor())]


def _of_parties(facts: ConventionFacts) -> list[tuple[int, str]]:
    return [(each.organisation_id, each.short_name) for each in facts.parties]


def _page(template: str, form: Any, page: ConventionPage, version: VersionView, **context: Any) -> Answer:
    stale = getattr(form, "stale", False)
    context = {"facts": facts_of(business(), version.id) if stale else None, **context}
    drawn = render_template(template, form=form, page=page, version=version, stale=stale, **context)
    return (drawn, 422) if form.errors else drawn
