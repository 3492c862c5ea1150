"""What is common to every form: French messages, the token against forgery, and a Refusal shown on its field.

A form turns text into typed values and asks no question of the database; the service decides. What it refuses
comes back as a Refusal, which `show_refusal` puts where the form would have put its own error, so that both read alike.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.i18n import get_translations
from wtforms.validators import DataRequired, Length

from conference.data.queries.turning import Turn
from conference.domain.refusal import Refusal

Choice = tuple[str, str]


class _Catalogue:
    """WTForms' French messages, with the apostrophe that the screen uses."""

    def __init__(self) -> None:
        self._messages = get_translations(["fr_FR", "fr"])

    def gettext(self, text: str) -> str:
        """The message in French."""
        return str(self._messages.gettext(text)).replace("'", "’")

    def ngettext(self, one: str, many: str, count: int) -> str:
        """The message in French for `count` things."""
        return str(self._messages.ngettext(one, many, count)).replace("'", "’")


_CATALOGUE = _Catalogue()


class Form(FlaskForm):
    """Base of the house's forms: WTForms' own messages in French, text without surrounding spaces."""

    def __init__(self, *given: Any, **options: Any) -> None:
        """Two forms on a page have two tokens, and each its own id."""
        super().__init__(*given, **options)
        if "csrf_token" in self:
            self.csrf_token.id = f"token-{type(self).__name__.lower()}"

    class Meta(FlaskForm.Meta):
        """French messages for what WTForms checks by itself; its catalogue is in the library."""

        def get_translations(self, form: Any) -> Any:
            """WTForms' catalogue (Flask-WTF would ask Flask-Babel, which is not used here)."""
            return _CATALOGUE

        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Any:
            """Strip text as it comes in, except passwords, whose spaces count."""
            if unbound_field.field_class is StringField or unbound_field.field_class.__name__ == "TextAreaField":
                filters = (*unbound_field.kwargs.get("filters", ()), _stripped)
                return unbound_field.bind(form=form, **{**options, "filters": filters})
            return unbound_field.bind(form=form, **options)


def show_refusal(form: FlaskForm, refusal: Refusal) -> None:
    """Put `refusal` on its field, or on the whole form when it names none that the form has."""
    if refusal.field and refusal.field in form:
        field = form[refusal.field]
        field.errors = (*field.errors, refusal.message)
    else:
        form.form_errors.append(refusal.message)


def required(message: str) -> DataRequired:
    """The field must hold something; `message` says what to write."""
    return DataRequired(message=message)


def at_most(count: int) -> Length:
    """The text holds at most `count` characters."""
    return Length(max=count, message=f"Ce texte est trop long : {count} caractères au plus.")


LONGEST_NUMBER, LONGEST_PAGE = 18, 9
"""Figures: what a database column holds, and more pages than there are."""


def with_empty(choices: Iterable[Choice], label: str = "Choisissez") -> list[Choice]:
    """The choices of a list, headed by an empty one."""
    return [("", label), *choices]


def number_or_none(text: str | None) -> int | None:
    """Value of a list whose empty choice means none. What no list offers is 0, which is nobody's identifier."""
    if not text:
        return None
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER else 0


def page_number(text: str | None) -> int:
    """Number of a page in an address; the first one when it is not readable."""
    return max(1, number_or_none(text) or 1) if len(text or "") <= LONGEST_PAGE else 1


def turn_asked(asked: Mapping[str, str]) -> Turn:
    """The page of a list that an address asks for: `page`, and `apres` or `avant` a row."""
    after, before = (number_or_none(asked.get(name)) for name in ("apres", "avant"))
    return Turn(page_number(asked.get("page")), after or None, before or None)


def _stripped(value: Any) -> Any:
    return value.replace("\0", "").strip() if isinstance(value, str) else value  # PostgreSQL keeps no NUL
