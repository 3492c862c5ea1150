"""How are amounts, numbers, days and months written and read in French?

Writing follows the typographic use of the screen and the documents: a narrow no-break space (U+202F) between thousands,
a no-break space (U+00A0) before the sign. Reading is strict: what has two readings is refused with a sentence that
says what to write, never guessed (Babel's parser accepts `12,345` and `1e3`, hence this one).
"""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from conference.domain.money import LARGEST, round_cents
from conference.domain.refusal import Refusal

NARROW = "\u202f"
NBSP = "\u00a0"
PARIS = ZoneInfo("Europe/Paris")
MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)
SHORT_MONTHS = ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.")
_SPACES = re.compile(r"[\s\u00a0\u202f\u2009]+")
_PLAIN = re.compile(r"[+-]?\d+(?:[.,]\d{1,2})?")
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:[ ]\d{3})+(?:[.,]\d{1,2})?")
_DOTS = re.compile(r"[+-]?\d{1,3}(?:\.\d{3})+,\d{1,2}")
_COMMAS = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+\.\d{1,2}")
_DAY_FIRST = re.compile(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4})")
_YEAR_FIRST = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})")
_MONTH = re.compile(r"(\d{4})-(\d{2})|(\d{1,2})/(\d{4})")


def format_number(number: int) -> str:
    """`12345` → "12 345"."""
    return f"{number:,}".replace(",", NARROW).replace("-", "−")


def format_euros(amount: Decimal) -> str:
    """`Decimal("1457")` → "1 457,00 €"."""
    text = f"{round_cents(amount):,.2f}".replace(",", NARROW).replace(".", ",").replace("-", "−")
    return f"{text}{NBSP}€"


@lru_cache(maxsize=16_384)
def format_date(day: date) -> str:
    """`date(2026, 5, 14)` → "14 mai 2026"; the first is "1er"."""
    number = "1er" if day.day == 1 else str(day.day)
    return f"{number}{NBSP}{MONTHS[day.month - 1]}{NBSP}{day.year}"


def format_month(month: date) -> str:
    """`date(2026, 3, 1)` → "mars 2026"."""
    return f"{MONTHS[month.month - 1]}{NBSP}{month.year}"


def format_instant(instant: datetime) -> str:
    """A zoned `datetime`, in its own zone → "14 mai 2026 à 09:32"."""
    return f"{format_date(instant.date())} à {instant:%H:%M}"


def typeset(text: str) -> str:
    """A French sentence with its spaces made narrow and no-break, before ; : ! ? » and after «."""
    return re.sub(r" (?=[;:!?»])", NARROW, text).replace("« ", f"«{NARROW}")


def day_in_france(instant: datetime) -> date:
    """The calendar day that it is in Paris at that instant."""
    return instant.astimezone(PARIS).date()


def parse_euros(text: str) -> Decimal:
    """Euros from what a person types: "1 250,00", "1250.5", "1.250,00 €". Raises Refusal (code `amount`).

    "1.250" and "1,250" have two readings (mille deux cent cinquante, or one and a quarter): refused.
    """
    shown = text.strip()
    cleaned = re.sub(r"(?i)\s*(?:€|euros?|eur)$", "", _SPACES.sub(" ", shown)).strip()
    cleaned = cleaned.replace("−", "-")
    if re.match(r"[+-] ", cleaned):
        cleaned = cleaned[0] + cleaned[2:]
    if not cleaned.isascii():
        number = None
    elif _PLAIN.fullmatch(cleaned) or _GROUPED.fullmatch(cleaned):
        number = cleaned.replace(" ", "").replace(",", ".")
    elif _DOTS.fullmatch(cleaned):
        number = cleaned.replace(".", "").replace(",", ".")
    elif _COMMAS.fullmatch(cleaned):
        number = cleaned.replace(",", "")
    else:
        number = None
    if number is None:
        raise Refusal(
            f"Le montant « {shown} » n’est pas lisible. Écrivez par exemple 1250,00 ou 1 250,00.", code="amount"
        )
    amount = Decimal(number)
    if abs(amount) > LARGEST:
        raise Refusal(f"Le montant « {shown} » est trop grand pour une seule écriture.", code="amount")
    return amount.quantize(Decimal("0.01"))


def parse_date(text: str) -> date:
    """A day from "14/05/2026", "14-5-2026", "2026-05-14" or "14 mai 2026". Raises Refusal (code `date`)."""
    shown = text.strip()
    words = _SPACES.sub(" ", shown.lower()).replace("1er ", "1 ")
    for position, name in enumerate(MONTHS, start=1):
        words = re.sub(rf"\b{name}\b", str(position), words)
    if found := _YEAR_FIRST.fullmatch(words):
        year, month, day = (int(part) for part in found.groups())
    elif found := _DAY_FIRST.fullmatch(words):
        day, month, year = (int(part) for part in found.groups())
    else:
        raise Refusal(f"La date « {shown} » n’est pas lisible. Écrivez par exemple 14/05/2026.", code="date")
    try:
        read = date(year, month, day)
    except ValueError:
        raise Refusal(f"La date « {shown} » n’existe pas. Vérifiez le jour et le mois.", code="date") from None
    if not 1950 <= read.year <= 2100:
        raise Refusal(f"La date « {shown} » est hors de portée : l’année va de 1950 à 2100.", code="date")
    return read


def parse_month(text: str) -> date:
    """First day of the month written "2026-03", "03/2026" or "mars 2026". Raises Refusal (code `month`)."""
    shown = text.strip()
    words = _SPACES.sub(" ", shown.lower())
    for position, name in enumerate(MONTHS, start=1):
        words = re.sub(rf"^{name} (?=\d)", f"{position}/", words)
    if found := _MONTH.fullmatch(words):
        year, month = (found[1], found[2]) if found[1] else (found[4], found[3])
        if 1 <= int(month) <= 12 and 1950 <= int(year) <= 2100:
            return date(int(year), int(month), 1)
    raise Refusal(f"Le mois « {shown} » n’est pas lisible. Écrivez par exemple 03/2026.", code="month")


def next_month(month: date) -> date:
    """First day of the month after the one that holds `month`."""
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)


def previous_month(month: date) -> date:
    """First day of the month before the one that holds `month`."""
    return (month.replace(day=1) - timedelta(days=1)).replace(day=1)


def months_between(first: date, last: date) -> list[date]:
    """First days of the months from that of `first` to that of `last`, both included; none when they are out of order."""
    months, month = [], first.replace(day=1)
    while month <= last:
        months.append(month)
        month = next_month(month)
    return months
