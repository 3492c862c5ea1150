"""What is typed in a financing plan: a cost, a share in euros or per cent, a schedule, which shares to commit."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from wtforms import HiddenField, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from conference.data.queries.plans import CostView, PlanView, ShareView
from conference.domain.french import format_euros
from conference.domain.money import ZERO
from conference.domain.period import Period
from conference.domain.plan import by_year
from conference.domain.refusal import Refusal
from conference.web.fields import ChoiceField, DayField, EurosField, Needed, TextField, TypedField
from conference.web.forms import Form

FEWEST_INSTALMENTS = 6
"""Lines of a schedule's form, when it holds fewer."""
ITEMS = ("scheme", "audience", "level", "territory", "sector")
"""What an engagement is sorted by, but for the nature, which is the cost's."""
_OPEN = "Vide, l’alerte reste ouverte."


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
    """What is planned of one nature."""

    nature_id = ChoiceField("Nature de coût", [Needed("Choisissez la nature de coût.")], blank="Choisissez")
    amount = EurosField("Montant", description="Vide pour retirer cette nature du plan.")


class WarnedForm(Form):
    """A form whose gesture may bring a warning; `seen` says which warnings the officer has read."""

    motive = TextField("Motif pour lever l’avertissement", longest=500, description=_OPEN)
    seen = HiddenField()


class ShareForm(WarnedForm):
    """What one funder takes."""

    funder_id = ChoiceField("Financeur", [Needed("Choisissez le financeur.")], blank="Choisissez")
    amount = EurosField("Montant")
    percent = PercentField("Ou pourcentage du coût")


class CommitForm(WarnedForm):
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


class AttachForm(WarnedForm):
    """An engagement of one's own that already pays the step."""

    reference = TextField("Engagement", [Needed("Indiquez la référence de l’engagement.")], longest=20)
    amount = EurosField("Part de cette personne", [Needed("Indiquez la part de cette personne.")])


def filled_share(cost: CostView, asked: str) -> dict[str, Any]:
    """The share of identifier `asked` as its form shows it again; without one, what is still to find."""
    known: ShareView | None = next((each for each in cost.shares if str(each.id) == asked), None)
    if known is None:
        return {"amount": max(cost.to_find, ZERO) or None}
    amount = known.amount if known.percent is None else None
    return {"funder_id": known.funder_id, "amount": amount, "percent": known.percent}


def instalment_lines(share: ShareView) -> int:
    """How many lines the form of a schedule has: three more than it holds."""
    return max(FEWEST_INSTALMENTS, len(share.instalments) + 3)


def instalments_form(share: ShareView) -> Form:
    """A day and an amount for each instalment of a share, some of them blank."""
    fields: dict[str, Any] = {}
    for number in range(instalment_lines(share)):
        known = share.instalments[number] if number < len(share.instalments) else (None, None)
        fields[f"due{number}"] = DayField(f"Échéance {number + 1}", default=known[0])
        fields[f"amount{number}"] = EurosField(f"Montant de l’échéance {number + 1}", default=known[1])
    fields["instalments"] = HiddenField()
    return type("InstalmentsForm", (Form,), fields)()


def read_instalments(form: Any, lines: int) -> list[tuple[date, Decimal]]:
    """What was typed there. Raises Refusal on a day without an amount, or the reverse."""
    rows = [(form[f"due{number}"].data, form[f"amount{number}"].data) for number in range(lines)]
    if any((day is None) != (amount is None) for day, amount in rows):
        raise Refusal("Donnez un jour et un montant à chaque échéance.", code="instalments")
    return [(day, amount) for day, amount in rows if day is not None]


def shares_to_commit(plan: PlanView, mine: Sequence[ShareView], days: Period) -> list[tuple[int, str]]:
    """(share, what committing it writes) of one's own shares: the nature, the euros, and those of each year."""
    natures = {each.id: cost.nature for cost in plan.costs for each in cost.shares}
    told = []
    for share in mine:
        years = by_year(share.amount, days, share.instalments)
        split = "\u202f; ".join(f"{year}\u202f: {format_euros(amount)}" for year, amount in years)
        said = f"{natures[share.id]}, {format_euros(share.amount)}"
        told.append((share.id, f"{said} ({split})" if split else said))
    return told
