"""How is the value of a scale written and read, in its own unit?

Euros have two decimals, lengths are whole numbers, a rate is a part of one that people say in percent. What is typed is
read strictly: « 75 » for a rate has two readings and is refused, with the sentence that says what to write. Spaces are
those of `domain.french`.
"""

import re
from decimal import Decimal
from typing import NamedTuple

from conference.domain.french import NBSP, format_euros, format_number, parse_euros
from conference.domain.refusal import Refusal

RATE = "taux"
LARGEST = Decimal(1_000_000)
"""No value of the law is near it: beyond, a figure is a typing error."""

_PERCENT = re.compile(r"(\d{1,3}(?:[.,]\d{1,2})?) ?%")
_DECIMAL = re.compile(r"\d{1,7}(?:[.,]\d{1,9})?")


class Unit(NamedTuple):
    """`decimals` that a value of this unit may have; what follows one, and several; what to type."""

    decimals: int
    one: str
    many: str
    example: str


UNITS = {
    "EUR/jour": Unit(2, "€ par jour", "€ par jour", "31,00"),
    "EUR/mois": Unit(2, "€ par mois", "€ par mois", "769,49"),
    "EUR/heure": Unit(2, "€ par heure", "€ par heure", "12,02"),
    "heures/mois": Unit(2, "heure par mois", "heures par mois", "151,67"),
    "jours": Unit(0, "jour", "jours", "1095"),
    "mois": Unit(0, "mois", "mois", "4"),
    "années": Unit(0, "an", "ans", "3"),
    RATE: Unit(4, "", "", "75 % ou 0,75"),
}
"""Every unit of a scale, by the code that its file gives."""


def unit_words(unit: str) -> str:
    """What follows the input of a value: « € par mois », « jours »; a rate has nothing after it."""
    return UNITS[unit].many


def example_of(unit: str) -> str:
    """What to type, for the hint: « 769,49 »."""
    return UNITS[unit].example


def format_value(amount: Decimal, unit: str) -> str:
    """A value with its unit: « 769,49 € par mois », « 1 095 jours », « 3 ans », « 75 % ». KeyError: unknown unit."""
    if unit == RATE:
        return f"{_trimmed(amount * 100)}{NBSP}%"
    if unit.startswith("EUR/"):
        return format_euros(amount) + UNITS[unit].many.removeprefix("€")
    words = UNITS[unit].one if amount < 2 else UNITS[unit].many
    return f"{_trimmed(amount)}{NBSP}{words}"


def typed_value(amount: Decimal, unit: str) -> str:
    """The same as it is typed in a form: « 769,49 », « 75 % »."""
    if unit == RATE:
        return f"{_trimmed(amount * 100)} %"
    return f"{amount:.{UNITS[unit].decimals}f}".replace(".", ",")


def parse_value(text: str, unit: str) -> Decimal:
    """The value that a person typed, in its unit. Raises Refusal (field `amount`) on what is not read in one way only,
    is too large, or has more decimals than the unit."""
    shown = text.strip()
    cleaned = re.sub(r"[\s\u00a0\u202f]+", " ", shown)
    try:
        amount = _parsed(cleaned, unit)
    except Refusal:
        amount = None
    if amount is None:
        hint = f"Écrivez par exemple {UNITS[unit].example}."
        raise Refusal(f"La valeur « {shown} » n’est pas lisible. {hint}", field="amount", code="scale_amount")
    check_value(amount, unit)
    return amount


def check_value(amount: Decimal, unit: str) -> None:
    """Raises Refusal (field `amount`) for a value that is not above zero, too large, or finer than its unit allows."""
    decimals = UNITS[unit].decimals
    if not amount.is_finite() or amount <= 0:
        raise Refusal("La valeur doit être supérieure à zéro.", field="amount", code="scale_amount_positive")
    if amount > (1 if unit == RATE else LARGEST):
        sentence = "Un taux ne dépasse pas 100 %." if unit == RATE else "Cette valeur est trop grande pour un barème."
        raise Refusal(sentence, field="amount", code="scale_amount_large")
    if amount != amount.quantize(Decimal(1).scaleb(-decimals)):
        raise Refusal(_too_fine(decimals, unit), field="amount", code="scale_amount_decimals")


def exact(amount: Decimal, unit: str) -> Decimal:
    """The value with the decimals of its unit, as the database gives it back with four."""
    return amount.quantize(Decimal(1).scaleb(-UNITS[unit].decimals))


def _parsed(text: str, unit: str) -> Decimal | None:
    if unit == RATE and (found := _PERCENT.fullmatch(text)):
        return Decimal(found[1].replace(",", ".")) / 100
    if unit.startswith("EUR/") and not _DECIMAL.fullmatch(text):
        return parse_euros(text)
    plain = text.replace(" ", "") if re.fullmatch(r"\d{1,3}( \d{3})*", text) else text
    if not _DECIMAL.fullmatch(plain) or not plain.isascii():
        return None
    amount = Decimal(plain.replace(",", "."))
    if unit.startswith("EUR/") and re.fullmatch(r"\d{1,3}[.,]\d{3}", plain):
        return None  # « 1.250 » has two readings
    return None if unit == RATE and amount > 1 else amount


def _too_fine(decimals: int, unit: str) -> str:
    if decimals == 0:
        return f"Cette valeur se compte en {UNITS[unit].many} entiers, sans décimale."
    if unit == RATE:
        return "Un taux a au plus deux décimales en pourcentage."
    return f"Cette valeur a trop de décimales : {decimals} au plus."


def _trimmed(amount: Decimal) -> str:
    whole, _, rest = f"{amount:f}".partition(".")
    rest = rest.rstrip("0")
    return format_number(int(whole)) + (f",{rest}" if rest else "")
