"""What does one cell say?

Strict readers, one per kind of value: they return the value or raise a Refusal whose sentence says what to write. What has
two readings is refused, never guessed. A workbook gives numbers and dates, a text file gives text: both read to the same.
Values repeat much in a table, so that each distinct text is read once.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from unicodedata import normalize

from conference.domain.french import parse_date, parse_euros
from conference.domain.importing.profiles import Cell
from conference.domain.money import CENT, LARGEST
from conference.domain.refusal import Refusal
from conference.domain.siret import is_siret

_FIRST_DAY, _LAST_DAY = date(1950, 1, 1), date(2100, 12, 31)
_EXCEL_ORIGIN = date(1899, 12, 30)
_TIME = re.compile(r"[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?Z?$")
_DAY = re.compile(r"(?<!\d)(?:\d{4}[-/]\d{1,2}[-/]\d{1,2}|\d{1,2}[/.-]\d{1,2}[/.-]\d{4})(?!\d)")
_YEAR = re.compile(r"(?:19[5-9]\d|20\d\d|2100)(?:[.,]0+)?", re.ASCII)
_NOT_SIRET = re.compile(r"[\s\u00a0\u202f'’`.]")
_POWER = re.compile(r"\d+(?:[.,]\d+)?E\+?\d+", re.IGNORECASE)
_NOT_TEXT = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_PLAIN = re.compile(r"\d{1,12}(?:[.,]\d{1,2})?", re.ASCII)
_DIGITS = re.compile(r"\d{13,14}", re.ASCII)
_COUNT = re.compile(r"\d{1,7}(?:[.,]0+)?", re.ASCII)


class LostSiret(Refusal):
    """A SIRET of which the spreadsheet kept the first digits only."""


def amount(cell: Cell) -> Decimal:
    """Euros, to the cent, of either sign. Raises Refusal (codes `amount`, `amount_missing`)."""
    if isinstance(cell, str):
        if not cell.strip():
            raise Refusal("Le montant manque.", code="amount_missing")
        return _amount_of_text(cell)
    if isinstance(cell, date):
        message = f"Le montant est une date ({cell:%d/%m/%Y}). Vérifiez le format de la cellule dans le tableur."
        raise Refusal(message, code="amount")
    return _amount_of_number(cell)


@lru_cache(maxsize=20_000)
def _amount_of_text(text: str) -> Decimal:
    return Decimal(text.replace(",", ".")).quantize(CENT) if _PLAIN.fullmatch(text) else parse_euros(_shown(text))


def _amount_of_number(number: Decimal) -> Decimal:
    if not number.is_finite():
        raise Refusal("Le montant n’est pas un nombre. Écrivez par exemple 1250,00.", code="amount")
    if abs(number) > LARGEST:
        raise Refusal(f"Le montant « {number:.3g} » est trop grand pour une seule écriture.", code="amount")
    if number != number.quantize(CENT):
        shown = str(number).replace(".", ",")
        message = f"Le montant « {shown} » a plus de deux décimales. Arrondissez-le au centime."
        raise Refusal(message, code="amount")
    return number.quantize(CENT)


def day(cell: Cell) -> date:
    """A day. A number is the day of a spreadsheet's calendar. Raises Refusal (codes `date`, `date_missing`)."""
    if isinstance(cell, date):
        return _known(cell)
    if isinstance(cell, Decimal):
        if cell.is_finite() and 18_000 <= cell <= 73_415:
            return _known(_EXCEL_ORIGIN + timedelta(days=int(cell)))
        raise Refusal(f"La date « {cell} » n’est pas lisible. Écrivez par exemple 14/05/2026.", code="date")
    if not cell.strip():
        raise Refusal("La date manque.", code="date_missing")
    return _day_of_text(cell)


@lru_cache(maxsize=20_000)
def _day_of_text(text: str) -> date:
    return parse_date(_TIME.sub("", _shown(text)))


def _known(found: date) -> date:
    if not _FIRST_DAY <= found <= _LAST_DAY:
        message = f"La date « {found:%d/%m/%Y} » est hors de portée : l’année va de 1950 à 2100."
        raise Refusal(message, code="date")
    return found


def days(cell: Cell) -> tuple[date, ...]:
    """The days that a cell holds, in order: « 2019-02-20_2020-12-31 », « 22680 € : 2018-05-30 et 9720 € : 2018-06-30 »."""
    if isinstance(cell, str):
        return _days_of_text(cell)
    try:
        return (day(cell),)
    except Refusal:
        return ()


@lru_cache(maxsize=20_000)
def _days_of_text(text: str) -> tuple[date, ...]:
    return tuple(_days(text))


def _days(text: str) -> Iterator[date]:
    for found in _DAY.findall(text):
        try:
            yield parse_date(found)
        except Refusal:
            continue


def year(cell: Cell) -> int | None:
    """The year that a cell is, alone: 2017, "2017", "2017.0"."""
    text = str(cell).strip() if not isinstance(cell, date) else ""
    return int(text[:4]) if _YEAR.fullmatch(text) else None


def siret(cell: Cell) -> str | None:
    """The fourteen digits of a SIRET, None for an empty cell. Raises Refusal (code `siret`), LostSiret (`siret_lost`).

    Spaces, quotes and a decimal point of spreadsheets are put aside, a lost leading zero is put back where the key of the
    SIRET says that it is one.
    """
    if isinstance(cell, date):
        raise Refusal(f"Le SIRET « {cell:%d/%m/%Y} » est une date.", code="siret")
    return _siret_of_text(cell if isinstance(cell, str) else str(cell))


@lru_cache(maxsize=50_000)
def _siret_of_text(text: str) -> str | None:
    shown = _shown(text)
    if not shown:
        return None
    if _POWER.fullmatch(shown):
        message = (
            f"Le SIRET « {shown} » a perdu ses derniers chiffres dans le tableur. Mettez la colonne au format Texte."
        )
        raise LostSiret(message, code="siret_lost")
    digits = _NOT_SIRET.sub("", re.sub(r"[.,]0+$", "", shown))
    if _DIGITS.fullmatch(digits) and digits.endswith("00000"):  # no establishment has this number: rounded, key or not
        message = f"Le SIRET « {shown} » finit par 00000 : son établissement manque. Indiquez les 14 chiffres."
        raise LostSiret(message, code="siret_lost")
    if is_siret(digits):
        return digits
    if len(digits) == 13 and is_siret(f"0{digits}"):
        return f"0{digits}"
    if not _DIGITS.fullmatch(digits) or len(digits) != 14:
        raise Refusal(f"Le SIRET « {shown} » doit compter 14 chiffres.", code="siret")
    raise Refusal(f"Le SIRET « {shown} » contient une erreur : sa clé de contrôle est fausse.", code="siret")


def count(cell: Cell) -> int:
    """A number of persons, at least one. Raises Refusal (code `persons`)."""
    text = str(cell).strip() if not isinstance(cell, date) else ""
    number = int(re.split(r"[.,]", text)[0]) if _COUNT.fullmatch(text) else 0
    if number < 1:
        raise Refusal(
            f"Le nombre de personnes « {_shown(str(cell))} » n’est pas lisible. Écrivez par exemple 12.", code="persons"
        )
    return number


def clean(cell: Cell) -> str:
    """A text on one line, without the signs that no text holds (a database refuses some of them), in composed letters."""
    if not isinstance(cell, str):
        return cell.isoformat() if isinstance(cell, date) else f"{cell:f}"
    if cell.isprintable():  # no control sign, no space but " "
        text = " ".join(cell.split()) if "  " in cell or cell[:1] == " " or cell[-1:] == " " else cell
    else:
        text = " ".join(_NOT_TEXT.sub("", cell).split())
    return text if text.isascii() else normalize("NFC", text)


def _shown(text: str) -> str:
    """The text without the spaces around it, cut where it is too long to be shown."""
    cleaned = " ".join(text.split())
    return cleaned if len(cleaned) <= 60 else f"{cleaned[:60]}…"
