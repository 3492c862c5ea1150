"""How does the address of the list of commitments say what is selected?

Everything is in the address, so that a link can be shared, a page printed and a figure opened:

    q            words sought in the reader's own references, objects and providers
    financeur    code of a funder
    dispositif, public, nature, niveau, territoire, secteur   codes of items of the lists
    prestataire  code of an organisation              du, au   booked months, included: 2026-03
    annee        a year, short for its twelve months  etat     see STATES
    fichier      number of an imported file (own lines)
    convention   number of a convention that the reader reaches: C-2026-004
    tri          see SORTS, "-" before turns it       page, taille   page number, lines a page (20 to 200)

The figures of the dashboard link here with these names (`address_of`). A value that cannot be read is said at its
filter and no line is shown: figures under an ignored filter would be wrong.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from wtforms import Form, StringField

from conference.data.glossary import label
from conference.data.queries.choices import funder_choices, item_choices, organisation_choices
from conference.data.queries.commitment_filters import Filters
from conference.data.queries.convention_choices import reached_numbers
from conference.domain.french import format_month
from conference.domain.ledger import CommitmentStatus
from conference.domain.permissions import Actor
from conference.web.fields import ChoiceField, MonthField, WholeField
from conference.web.transaction import Session

ITEMS = {
    "dispositif": "scheme",
    "public": "audience",
    "nature": "nature",
    "niveau": "level",
    "territoire": "territory",
    "secteur": "sector",
}
"""Parameter of each list of items."""
STATES = {
    "a-confirmer": CommitmentStatus.AWAITING,
    "en-cours": CommitmentStatus.ACTIVE,
    "solde": CommitmentStatus.PAID,
    "degage": CommitmentStatus.RELEASED,
    "annule": CommitmentStatus.CANCELLED,
}
SORTS = {
    "date": "date",
    "montant": "committed",
    "paye": "paid",
    "reste": "still_to_pay",
    "financeur": "funder",
    **ITEMS,
    "reference": "reference",
    "objet": "object",
    "prestataire": "provider",
}
SIZE = 50
SIZES = range(20, 201)


class FilterForm(Form):
    """The filters as fields; their names are the parameters."""

    q = StringField("Chercher", description="")
    financeur = ChoiceField("Financeur", blank="Tous")
    dispositif = ChoiceField("Dispositif", blank="Tous")
    public = ChoiceField("Public", blank="Tous")
    nature = ChoiceField("Nature", blank="Toutes")
    du = MonthField("Du mois")
    au = MonthField("Au mois")
    etat = ChoiceField("État", blank="Tous")
    niveau = ChoiceField("Niveau", blank="Tous")
    territoire = ChoiceField("Territoire", blank="Tous")
    secteur = ChoiceField("Secteur", blank="Tous")
    prestataire = ChoiceField("Prestataire", blank="Tous")
    annee = WholeField("Année")
    fichier = WholeField("Fichier importé n°")
    convention = ChoiceField("Convention", blank="Toutes")

    def validate(self, extra_validators: Any = None) -> bool:
        """Also refuse a year out of reach and months out of order."""
        fine = super().validate(extra_validators)
        if self.annee.data is not None and not 1950 <= self.annee.data <= 2100:
            self.annee.errors = ["L’année va de 1950 à 2100."]
            fine = False
        return months_in_order(self) and fine


def months_in_order(form: Form) -> bool:
    """Does the month `au` not precede the month `du`? Said at its field."""
    if form["du"].data and form["au"].data and form["au"].data < form["du"].data:
        form["au"].errors = ["Ce mois précède le premier. Corrigez l’un des deux."]
        return False
    return True


def fill_lists(form: Form, session: Session) -> None:
    """Give the filters by funder and by items of lists their choices."""
    form["financeur"].choices = [(choice.code, choice.label) for choice in funder_choices(session)]
    for parameter, name in ITEMS.items():
        form[parameter].choices = [(each.code, each.label) for each in item_choices(session, name, with_unknown=True)]


def filter_form(session: Session, reader: Actor, arguments: Mapping[str, Any]) -> FilterForm:
    """The form filled with the address, its lists with their choices."""
    form = FilterForm(arguments)
    fill_lists(form, session)
    form.prestataire.choices = [(choice.code, choice.label) for choice in organisation_choices(session, reader)]
    form.convention.choices = [(number, number) for number in reached_numbers(session, reader)]
    form.etat.choices = [(word, label("commitment_status", status)) for word, status in STATES.items()]
    return form


def filters_of(form: FilterForm) -> Filters:
    """What a valid form selects."""
    first, last = form.du.data, form.au.data
    if form.annee.data:
        first, last = first or date(form.annee.data, 1, 1), last or date(form.annee.data, 12, 1)
    return Filters(
        q=(form.q.data or "").strip(),
        funders=_chosen(form.financeur.data),
        items={name: _chosen(form[parameter].data) for parameter, name in ITEMS.items() if form[parameter].data},
        provider=form.prestataire.data or "",
        status=STATES[form.etat.data] if form.etat.data else None,
        first_month=first,
        last_month=last,
        import_file=form.fichier.data,
        convention=form.convention.data or "",
    )


def words_of(form: FilterForm) -> list[tuple[str, str, str]]:
    """(parameter, label, value) of each filter in force, as words."""
    found = []
    for field in form:
        if not field.data:
            continue
        value = field.chosen_label if isinstance(field, ChoiceField) else field.data
        shown = format_month(value) if isinstance(value, date) else str(value)
        found.append((field.name, field.label.text, shown))
    return found


def sort_of(arguments: Mapping[str, Any]) -> str:
    """The order asked, in the words of the address; the latest first when it is none we know."""
    asked = str(arguments.get("tri", ""))
    return asked if asked.removeprefix("-") in SORTS else "-date"


def query_sort(words: str) -> str:
    """The order of `sort_of` in the words of the query."""
    key = SORTS[words.removeprefix("-")]
    return f"-{key}" if words.startswith("-") else key


def whole(arguments: Mapping[str, Any], name: str, default: int, allowed: Sequence[int] | range) -> int:
    """A number of the address, `default` when it is none of `allowed`."""
    text = str(arguments.get(name, ""))
    value = int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else default
    return value if value in allowed else default


def address_of(**parameters: str | None) -> str:
    """Address of the list under these parameters: what a figure links to."""
    return "/engagements?" + urlencode({name: value for name, value in parameters.items() if value})


def _chosen(code: str | None) -> tuple[str, ...]:
    return (code,) if code else ()
