"""How does a form understand what a French officer types or pastes from a spreadsheet?

Each field reads text with the strict parsers of `domain.french`, keeps what was typed when it cannot be read, and says
what to write instead. Days are plain text inputs: `type=date` refuses a paste of « 14/05/2026 » from a spreadsheet, and
WTForms' DecimalField renders a number input that knows no comma. A blank field is None, never an error by itself:
`Needed` makes it one.

    amount = EurosField("Montant", [Needed("Indiquez le montant engagé.")])
    decided_on = DayField("Date de la décision")
    scheme = ChoiceField("Dispositif", choices=[(4, "AIF")])
"""

import re
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Generic, TypeVar

from markupsafe import Markup, escape
from wtforms import Field, StringField
from wtforms.validators import StopValidation
from wtforms.widgets import html_params

from conference.domain.french import parse_date, parse_euros, parse_month
from conference.domain.refusal import Refusal

T = TypeVar("T")
LONGEST_NUMBER = 9


class Needed:
    """The field may not stay blank. Sets the flag `required`, which the page shows as « (obligatoire) »."""

    field_flags = {"required": True}  # noqa: RUF012 - WTForms reads this attribute of the instance

    def __init__(self, message: str = "Remplissez ce champ.") -> None:
        self.message = message

    def __call__(self, _form: Any, field: Any) -> None:
        raw = field.raw_data
        blank = not raw or not str(raw[0]).strip()
        if blank and (field.data is None or field.data == "" or raw):
            raise StopValidation(self.message)


class TypedField(StringField, Generic[T]):
    """Text read by `parse` into a value, or None when blank; what was typed is shown again as it was."""

    parse: Callable[[str], Any]
    data: Any

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read what was typed. Raises ValueError with the French sentence of the parser."""
        self.data = None
        typed = valuelist[0].strip() if valuelist else ""
        if not typed:
            return
        try:
            self.data = type(self).parse(typed)
        except Refusal as refusal:
            raise ValueError(refusal.message) from None

    def show(self, value: T) -> str:
        """The value as it is shown for editing."""
        return str(value)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else self.show(self.data)

    def __call__(self, **attributes: Any) -> Any:
        attributes.setdefault("autocomplete", "off")
        return super().__call__(**attributes)


class EurosField(TypedField[Decimal]):
    """An amount in euros: « 1 250,00 », « 1250.5 », « 1.250,00 € » → Decimal with two decimals."""

    parse = staticmethod(parse_euros)

    def show(self, value: Decimal) -> str:
        """`Decimal("1250")` → "1250,00"."""
        return f"{value:.2f}".replace(".", ",")

    def __call__(self, **attributes: Any) -> Any:
        return super().__call__(**{"inputmode": "decimal", **attributes})


class DayField(TypedField[date]):
    """A day: « 14/05/2026 », « 2026-05-14 », « 14 mai 2026 » → date."""

    parse = staticmethod(parse_date)

    def show(self, value: date) -> str:
        """`date(2026, 5, 14)` → "14/05/2026"."""
        return f"{value:%d/%m/%Y}"

    def __call__(self, **attributes: Any) -> Any:
        return super().__call__(**{"placeholder": "jj/mm/aaaa", **attributes})


class MonthField(TypedField[date]):
    """A month: « 2026-03 », « 03/2026 », « mars 2026 » → its first day."""

    parse = staticmethod(parse_month)

    def show(self, value: date) -> str:
        """`date(2026, 3, 1)` → "03/2026"."""
        return f"{value:%m/%Y}"

    def __call__(self, **attributes: Any) -> Any:
        return super().__call__(**{"placeholder": "mm/aaaa", **attributes})


def parse_whole(text: str) -> int:
    """A whole number, with or without spaces between thousands. Raises Refusal (code `number`)."""
    digits = re.sub(r"[\s\u00a0\u202f]", "", text)
    if not re.fullmatch(rf"[0-9]{{1,{LONGEST_NUMBER}}}", digits):
        raise Refusal(f"« {text.strip()} » n’est pas un nombre entier. Écrivez par exemple 12.", code="number")
    return int(digits)


class WholeField(TypedField[int]):
    """A whole number, zero included: « 12 », « 1 250 » → int."""

    parse = staticmethod(parse_whole)

    def __call__(self, **attributes: Any) -> Any:
        return super().__call__(**{"inputmode": "numeric", **attributes})


class PersonsField(WholeField):
    """A number of persons, one at least."""

    def pre_validate(self, form: Any) -> None:
        """Refuse zero."""
        if self.data == 0:
            raise StopValidation("Le nombre de personnes doit être au moins 1, ou rester vide.")


class TextField(StringField):
    """One line of text without spaces around it, None when blank; longer than `longest` is refused, never cut."""

    data: str | None

    def __init__(self, label: str, validators: Sequence[Any] = (), *, longest: int = 200, **options: Any) -> None:
        super().__init__(label, list(validators), **options)
        self.longest = longest

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Strip; PostgreSQL keeps no NUL, and one line holds no control character."""
        text = re.sub(r"[\x00-\x1f\x7f]+", " ", valuelist[0]).strip() if valuelist else ""
        self.data = text or None

    def pre_validate(self, form: Any) -> None:
        """Refuse what the database would have to cut."""
        if self.data and len(self.data) > self.longest:
            raise StopValidation(f"Ce texte compte {len(self.data)} caractères : {self.longest} au plus.")


class ChoiceField(Field):
    """One of `choices`, (key, label) in order, or None. `blank` is the label of no choice; None: one must be chosen.

    Choices are plain pairs, given by the view from a query; WTForms' SelectField wants its own objects.
    """

    data: Any

    def __init__(
        self,
        label: str,
        validators: Sequence[Any] = (),
        *,
        choices: Sequence[tuple[Any, str]] = (),
        blank: str | None = "Non renseigné",
        **options: Any,
    ) -> None:
        super().__init__(label, list(validators), **options)
        self.choices: Sequence[tuple[Any, str]] = choices
        self.blank = blank

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Find the choice whose key was sent."""
        sent = valuelist[0] if valuelist else ""
        self.data = sent or None

    def pre_validate(self, form: Any) -> None:
        """Replace what was sent by the key of the list. Refuses what the list does not hold."""
        if self.data is None:
            return
        keys = {str(key): key for key, _ in self.choices}
        if str(self.data) not in keys:
            raise StopValidation("Choisissez dans la liste.")
        self.data = keys[str(self.data)]

    @property
    def chosen_label(self) -> str:
        """Label of the choice in force, "" when there is none."""
        return next((label for key, label in self.choices if str(key) == str(self.data)), "")

    def __call__(self, **attributes: Any) -> Markup:
        """The list, its choice in force selected."""
        attributes.setdefault("id", self.id)
        blank = [] if self.blank is None else [("", self.blank)]
        lines = (self._option(str(key), label) for key, label in [*blank, *self.choices])
        return Markup(f"<select {html_params(name=self.name, **attributes)}>{''.join(lines)}</select>")

    def _option(self, key: str, label: str) -> str:
        selected = " selected" if key == str(self.data or "") else ""
        return f'<option value="{escape(key)}"{selected}>{escape(label)}</option>'


class SharesField(Field):
    """Amounts by year, one input a year named `<name>-2026`; data: ((year, euros), …) of those filled in.

    `propose(…)` fills it when nothing was typed; `years` are the years shown.
    """

    def __init__(self, label: str, **options: Any) -> None:
        super().__init__(label, **options)
        self.typed: dict[int, str] = {}

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        """Read every input whose name begins with the field's own."""
        self.process_errors, self.raw_data = [], None
        self.data: tuple[tuple[int, Decimal], ...] = tuple(data or ())
        self.typed = {year: f"{amount:.2f}".replace(".", ",") for year, amount in self.data}
        if not formdata:
            return
        names = {name: re.fullmatch(rf"{re.escape(self.name)}-([0-9]{{4}})", name) for name in formdata}
        self.typed = {int(found[1]): str(formdata.getlist(name)[0]) for name, found in names.items() if found}
        read = []
        for year, text in sorted(self.typed.items()):
            if not text.strip():
                continue
            try:
                read.append((year, parse_euros(text)))
            except Refusal as refusal:
                self.process_errors.append(f"{year} : {refusal.message}")
        self.data = tuple(read)

    @property
    def years(self) -> list[int]:
        """Years that have an input."""
        return sorted(self.typed)

    def propose(self, shares: Sequence[tuple[int, Decimal]]) -> None:
        """Show these amounts instead of what was typed."""
        self.typed = {year: f"{amount:.2f}".replace(".", ",") for year, amount in shares}

    def __call__(self, **attributes: Any) -> Markup:
        """One labelled input a year."""
        inputs = (
            f'<label for="{self.id}-{year}">{year}</label>'
            f'<input id="{self.id}-{year}" name="{self.name}-{year}" inputmode="decimal" autocomplete="off" '
            f'value="{escape(self.typed[year])}">'
            for year in self.years
        )
        return Markup("".join(f'<div class="field">{each}</div>' for each in inputs))
