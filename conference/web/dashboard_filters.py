"""How does the address of the dashboard say what is selected, and what do its figures open?

The words are those of the list of commitments (`web.commitment_filters`), so that a figure opens its lines by the same
filters: `annee` (or `toutes`), `du`, `au`, `financeur`, `dispositif`, `public`, `nature`, `niveau`, `territoire`,
`secteur`. Without a period the page shows the year of the last month that is over. A value that cannot be read is said
at its filter, and no figure is shown: figures under an ignored filter would be wrong.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from wtforms import Form

from conference.data.glossary import label
from conference.data.queries.cells import comparison
from conference.data.queries.commitment_filters import Filters
from conference.data.queries.dashboard import booked_years
from conference.domain.figures import LIST_AXES, Axis, Measure
from conference.domain.french import format_month, previous_month
from conference.web.commitment_filters import ITEMS, fill_lists, months_in_order
from conference.web.fields import ChoiceField, MonthField
from conference.web.transaction import Session

ALL_YEARS = "toutes"
ROOT = "/tableau-de-bord"
WORDS = {"financeur": Axis.FUNDER, "mois": Axis.MONTH, "annee": Axis.YEAR} | {
    word: Axis(name) for word, name in ITEMS.items()
}
"""Word of each axis in addresses."""
WORD_OF = {axis: word for word, axis in WORDS.items()}


class DashboardForm(Form):
    """The filters as fields; their names are the words of the address."""

    annee = ChoiceField("Année", blank=None)
    financeur = ChoiceField("Financeur", blank="Tous")
    dispositif = ChoiceField("Dispositif", blank="Tous")
    public = ChoiceField("Public", blank="Tous")
    nature = ChoiceField("Nature", blank="Toutes")
    niveau = ChoiceField("Niveau", blank="Tous")
    territoire = ChoiceField("Territoire", blank="Tous")
    secteur = ChoiceField("Secteur", blank="Tous")
    du = MonthField("Du mois", description="Des mois remplacent l’année.")
    au = MonthField("Au mois")

    def validate(self, extra_validators: Any = None) -> bool:
        """Also refuse months out of order."""
        fine = super().validate(extra_validators)
        return months_in_order(self) and fine


class CrossingForm(DashboardForm):
    """The filters, and what is crossed."""

    lignes = ChoiceField("En lignes", blank=None)
    colonnes = ChoiceField("En colonnes", blank=None)
    mesure = ChoiceField("Chiffre", blank=None)

    def validate(self, extra_validators: Any = None) -> bool:
        """Also refuse an axis crossed with itself."""
        fine = super().validate(extra_validators)
        if fine and self.lignes.data == self.colonnes.data:
            self.colonnes.errors = ["Choisissez un autre axe que celui des lignes."]
            fine = False
        return fine

    @property
    def crossed(self) -> tuple[Axis, Axis, Measure]:
        """Axis of the rows, of the columns, and the measure, of a valid form."""
        return WORDS[self.lignes.data], WORDS[self.colonnes.data], Measure(self.mesure.data)


@dataclass(frozen=True)
class Asked:
    """A selection as the page says it. `words`: the filters of its address; `before`: the same a year earlier, or None."""

    filters: Filters
    before: Filters | None
    words: Mapping[str, str]
    opens_lines: bool
    own_code: str | None
    """Code of the viewer's own funder, whose lines it sees whole."""

    @property
    def period(self) -> str:
        """ "en 2026", "de mars 2025 à juin 2026", "en mars 2026", "toutes années confondues"."""
        return period_words(self.filters)

    @property
    def before_period(self) -> str:
        """The period compared with, "" when there is none."""
        return period_words(self.before) if self.before else ""

    def own(self, funder: str | None = None) -> bool:
        """Are the lines of this figure all the viewer's own?"""
        asked = (funder,) if funder else self.filters.funders
        return self.own_code is not None and asked == (self.own_code,)

    def page(self, path: str = "", **changed: str | None) -> str:
        """Address of a page of the dashboard with these filters, some of them changed (None: removed)."""
        return _address(ROOT + path, {**self.words, **changed})

    def lines(self, **members: str) -> str | None:
        """Address of the lines behind a figure: these filters and the member of each axis. None for who sees no line."""
        if not self.opens_lines:
            return None
        words: dict[str, str | None] = {**self.words}
        if words.get("annee") == ALL_YEARS:
            del words["annee"]
        for name, code in members.items():
            if name not in (Axis.MONTH, Axis.YEAR):
                words[WORD_OF[Axis(name)]] = code
        period = members.get(Axis.MONTH) or members.get(Axis.YEAR)  # a month of a year is that month
        words |= _months(self.filters, period) if period else {}
        return _address("/engagements", words)


def _address(path: str, words: Mapping[str, str | None]) -> str:
    told = {name: value for name, value in words.items() if value}
    return f"{path}?{urlencode(told)}" if told else path


def _months(filters: Filters, code: str) -> dict[str, str | None]:
    """A month or a year, inside the months asked."""
    if len(code) == 4:
        first, last = date(int(code), 1, 1), date(int(code), 12, 1)
        inside = (filters.first_month or first) <= first and last <= (filters.last_month or last)
        if inside:
            return {"annee": code, "du": None, "au": None}
        first, last = max(first, filters.first_month or first), min(last, filters.last_month or last)
        return {"annee": None, "du": f"{first:%Y-%m}", "au": f"{last:%Y-%m}"}
    return {"annee": None, "du": code, "au": code}


def period_words(filters: Filters) -> str:
    """The months asked, in words that follow a noun."""
    first, last = filters.first_month, filters.last_month
    if first is None and last is None:
        return "toutes années confondues"
    if first is None or last is None:
        return f"depuis {format_month(first)}" if first else f"jusqu’à {format_month(last or date.min)}"
    if first == last:
        return f"en {format_month(first)}"
    if (first.month, last.month) == (1, 12):
        return f"en {first.year}" if first.year == last.year else f"de {first.year} à {last.year}"
    if first.year == last.year:
        return f"{_from(format_month(first).split()[0])} à {format_month(last)}"
    return f"{_from(format_month(first))} à {format_month(last)}"


def _from(month: str) -> str:
    return f"d’{month}" if month[0] in "ao" else f"de {month}"


def crossing_form(session: Session, arguments: Mapping[str, Any], today: date) -> CrossingForm:
    """The form of a crossing filled with the address; schemes by audiences where it names no axes."""
    form = CrossingForm(arguments)
    axes = [(word, label("axis", WORDS[word])) for word in WORDS]
    form.lignes.choices = form.colonnes.choices = axes
    form.mesure.choices = [(each.value, label("measure", each)) for each in Measure]
    form.lignes.data = form.lignes.data or ("dispositif" if form.colonnes.data != "dispositif" else "public")
    form.colonnes.data = form.colonnes.data or ("public" if form.lignes.data != "public" else "dispositif")
    form.mesure.data = form.mesure.data or Measure.COMMITTED.value
    _fill(form, session, arguments, today)
    return form


def dashboard_form(session: Session, arguments: Mapping[str, Any], today: date) -> DashboardForm:
    """The form filled with the address, its lists with their choices."""
    form = DashboardForm(arguments)
    _fill(form, session, arguments, today)
    return form


def _fill(form: DashboardForm, session: Session, arguments: Mapping[str, Any], today: date) -> None:
    default = str(previous_month(today).year)
    years = {str(year) for year in booked_years(session)} | {default}
    asked = str(arguments.get("annee", ""))
    if _is_year(asked):
        years.add(asked)
    form.annee.choices = [(ALL_YEARS, "Toutes"), *((year, year) for year in sorted(years, reverse=True))]
    fill_lists(form, session)
    if form.annee.data is None:
        form.annee.data = default
    if (form.du.data or form.au.data) and form.annee.chosen_label:
        form.annee.data = ALL_YEARS  # months say the period by themselves


def _is_year(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) == 4 and 1950 <= int(text) <= 2100


def asked_of(form: DashboardForm, until: date, *, opens_lines: bool, own_code: str | None) -> Asked:
    """What a valid form selects; `until`: the last month that holds entries."""
    first, last = form.du.data, form.au.data
    if form.annee.data != ALL_YEARS:
        first, last = date(int(form.annee.data), 1, 1), date(int(form.annee.data), 12, 1)
    filters = Filters(
        funders=(form.financeur.data,) if form.financeur.data else (),
        items={name: (form[word].data,) for word, name in ITEMS.items() if form[word].data},
        first_month=first,
        last_month=last,
    )
    words = {word: form[word].data for word in ("financeur", *ITEMS) if form[word].data}
    if form.du.data or form.au.data:
        words |= {"du": f"{first:%Y-%m}" if first else "", "au": f"{last:%Y-%m}" if last else ""}
    else:
        words["annee"] = form.annee.data
    return Asked(filters, comparison(filters, until), {k: v for k, v in words.items() if v}, opens_lines, own_code)


def words_in_force(form: DashboardForm, asked: Asked, path: str) -> list[tuple[str, str, str]]:
    """(label, value, address without it) of each filter; the period is no filter to remove but a choice."""
    found = []
    for word in ("financeur", *(WORD_OF[axis] for axis in LIST_AXES)):
        field = form[word]
        if field.data:
            found.append((field.label.text, field.chosen_label, asked.page(path, **{word: None})))
    return found
