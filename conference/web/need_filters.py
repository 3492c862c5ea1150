"""How does the address of the needs say what is selected, and what do its sums open?

`du`, `au` (months), `territoire`, `public`, `payeur`, `raison` choose the gaps; `lignes` and `colonnes` the two axes of the
table. A sum opens its gaps by the same words. A value that cannot be read is said at its filter, and no figure is shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from wtforms import Form

from conference.data.queries.choices import item_choices
from conference.data.queries.commitment_filters import Filters
from conference.data.queries.needs import reason_members, scheme_members
from conference.domain.needs import NOT_SAID, NeedAxis, NeedFilters
from conference.domain.segment import ReasonCode
from conference.web.commitment_filters import months_in_order
from conference.web.dashboard_filters import period_words
from conference.web.fields import ChoiceField, MonthField
from conference.web.transaction import Session

ROOT = "/alertes/besoins"
AXES = {
    "mois": (NeedAxis.MONTH, "Mois"),
    "territoire": (NeedAxis.TERRITORY, "Territoire"),
    "public": (NeedAxis.AUDIENCE, "Public"),
    "payeur": (NeedAxis.PAYER, "Payeur possible"),
    "raison": (NeedAxis.REASON, "Raison"),
}
"""Word of each axis in addresses, and what it is called."""
PAID = (
    *(ReasonCode.RECORDED_RIGHT, ReasonCode.PRESUMED_RELAY),
    *(ReasonCode.PRESUMED_TRAINEE_PAY, ReasonCode.SIGNED_CONVENTION),
)
"""Reasons of days that somebody pays: no gap has them."""
ROWS, COLUMNS = "territoire", "payeur"
"""Axes of the table where the address names none."""


class GroupForm(Form):
    """The filters as fields; their names are the words of the address."""

    territoire = ChoiceField("Territoire", blank="Tous")
    public = ChoiceField("Public", blank="Tous")
    payeur = ChoiceField("Payeur possible", blank="Tous")
    raison = ChoiceField("Raison", blank="Toutes")
    du = MonthField("Du mois")
    au = MonthField("Au mois")

    def validate(self, extra_validators: Any = None) -> bool:
        """Also refuse months out of order."""
        fine = super().validate(extra_validators)
        return months_in_order(self) and fine


class NeedForm(GroupForm):
    """The filters, and what is crossed."""

    lignes = ChoiceField("En lignes", blank=None)
    colonnes = ChoiceField("En colonnes", blank=None)

    def validate(self, extra_validators: Any = None) -> bool:
        """Also refuse an axis crossed with itself."""
        fine = super().validate(extra_validators)
        if fine and self.lignes.data == self.colonnes.data:
            self.colonnes.errors = ["Choisissez un autre axe que celui des lignes."]
            fine = False
        return fine

    @property
    def axes(self) -> tuple[NeedAxis, NeedAxis]:
        """Axes of the rows and of the columns, of a valid form."""
        return AXES[self.lignes.data][0], AXES[self.colonnes.data][0]


@dataclass(frozen=True)
class Asked:
    """A selection as the page says it. `words`: its filters in the address."""

    filters: NeedFilters
    words: Mapping[str, str]

    @property
    def period(self) -> str:
        """ "de mars à juin 2026", "en mars 2026", "tous mois confondus"."""
        first, last = self.filters.first_month, self.filters.last_month
        if first is None and last is None:
            return "tous mois confondus"
        return period_words(Filters(first_month=first, last_month=last))

    def page(self, path: str = "", **changed: str | None) -> str:
        """Address of a page of the needs with these filters, some of them changed (None: removed)."""
        told = {name: value for name, value in {**self.words, **changed}.items() if value}
        return f"{ROOT}{path}?{urlencode(told)}" if told else ROOT + path

    def gaps(self, members: Mapping[NeedAxis, str | None]) -> str:
        """Address of the gaps behind a sum: these filters, and the member of each axis (None: a margin)."""
        changed = {word: members[axis] for word, (axis, _) in AXES.items() if members.get(axis)}
        month = changed.pop("mois", None)
        return self.page("/trous", **changed, **({"du": month, "au": month} if month else {}))


def group_form(session: Session, arguments: Mapping[str, Any]) -> GroupForm:
    """The filters alone, filled with the address, their lists with their choices."""
    form = GroupForm(arguments)
    _fill(form, session)
    return form


def need_form(session: Session, arguments: Mapping[str, Any]) -> NeedForm:
    """The form of the table filled with the address; territories by possible payers where it names no axes."""
    form = NeedForm(arguments)
    _fill(form, session)
    form.lignes.choices = form.colonnes.choices = [(word, name) for word, (_, name) in AXES.items()]
    form.lignes.data = form.lignes.data or (ROWS if form.colonnes.data != ROWS else COLUMNS)
    form.colonnes.data = form.colonnes.data or (COLUMNS if form.lignes.data != COLUMNS else ROWS)
    return form


def _fill(form: GroupForm, session: Session) -> None:
    for word, name in (("territoire", "territory"), ("public", "audience")):
        choices = [(each.code, each.label) for each in item_choices(session, name, with_unknown=True)]
        form[word].choices = [*choices, (NOT_SAID, "Non précisé")]
    form.payeur.choices = [(each.code, each.label) for each in scheme_members().values()]
    form.raison.choices = [(each.code, each.label) for each in reason_members().values() if each.code not in PAID]


def asked_of(form: GroupForm) -> Asked:
    """What a valid form selects."""
    words = {name: form[name].data or "" for name in ("territoire", "public", "payeur", "raison")}
    filters = NeedFilters(
        form.du.data, form.au.data, words["territoire"], words["public"], words["payeur"], words["raison"]
    )
    months = {name: f"{form[name].data:%Y-%m}" for name in ("du", "au") if form[name].data}
    return Asked(filters, {name: value for name, value in {**months, **words}.items() if value})


def words_in_force(form: GroupForm, asked: Asked, path: str, **kept: str) -> list[tuple[str, str, str]]:
    """(label, value, address without it) of each filter in force; `kept`: what else the address keeps."""
    found = []
    if "du" in asked.words or "au" in asked.words:
        found.append(("Mois", asked.period, asked.page(path, du=None, au=None, **kept)))
    for word in ("territoire", "public", "payeur", "raison"):
        if form[word].data:
            found.append((form[word].label.text, form[word].chosen_label, asked.page(path, **{word: None}, **kept)))
    return found
