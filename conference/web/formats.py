"""How does a value read on a page: French words for amounts, numbers, days, months, instants and ratios.

The wording itself is in `domain.french`, shared with mails and PDFs; this file only hands it to the templates as
filters, and refuses a value of the wrong type rather than print it badly. Instants are kept in UTC and read in
Paris, because that is where the conférence works.
"""

from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from flask import Flask, request, url_for

from conference.domain.french import (
    NBSP,
    PARIS,
    format_date,
    format_euros,
    format_instant,
    format_month,
    format_number,
    typeset,
)
from conference.domain.units import format_value


def euros(value: Decimal) -> str:
    """An amount in euros, two decimals: « 1 457,00 € ». Floats are refused: they are not money."""
    if not isinstance(value, Decimal):
        raise TypeError(f"an amount is a Decimal, not {type(value).__name__}")
    return format_euros(value)


def figures(value: Decimal) -> str:
    """The same amount without its unit, for a column whose heading says « € »."""
    return euros(value).removesuffix("€").rstrip()


def number(value: int) -> str:
    """A count: « 12 480 »."""
    return format_number(value)


def day(value: date) -> str:
    """A day: « 14 mai 2026 ». An instant must say its hour, so a datetime is refused."""
    if isinstance(value, datetime):
        raise TypeError("a day is a date; use the filter instant for a datetime")
    return format_date(value)


def month(value: date) -> str:
    """The month of a day: « mars 2026 »."""
    return format_month(value)


def instant(value: datetime) -> str:
    """An aware instant, read in Paris: « 14 mai 2026 à 09:32 ». A naive one raises ValueError."""
    if value.tzinfo is None:
        raise ValueError("an instant carries its time zone")
    return format_instant(value.astimezone(PARIS))


def percent(ratio: Decimal, places: int = 0) -> str:
    """A ratio (0.573 with one place: « 57,3 % »), rounded half up as people do by hand."""
    rounded = (ratio * 100).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    whole, _, decimals = f"{abs(rounded):f}".partition(".")
    sign = "\u2212" if rounded < 0 else ""
    return f"{sign}{format_number(int(whole))}{',' + decimals if decimals else ''}{NBSP}%"


def address_with(**changes: str | int | None) -> str:
    """The address of this page with some of its parameters changed; None removes one, lists keep their values."""
    kept: dict[str, Any] = {key: request.args.getlist(key) for key in request.args}
    kept.update(changes)
    parameters = {key: value for key, value in kept.items() if value is not None and value != ""}
    # url_for reads its own options from the same keywords: an address may not choose the scheme or the host.
    safe = {key: value for key, value in parameters.items() if not key.startswith("_")}
    return url_for(str(request.endpoint), **{**safe, **(request.view_args or {})})


def now() -> datetime:
    """The instant at which a page is drawn, printed at its foot."""
    return datetime.now(UTC)


def software_version() -> str:
    """The version of the software, shown at the foot of every page."""
    try:
        return version("conference")
    except PackageNotFoundError:
        return "0"


def register(app: Flask) -> None:
    """Give the filters and the three functions that templates use to the application."""
    for words in (euros, figures, number, day, month, instant, percent, typeset):
        app.add_template_filter(words)
    for function in (address_with, now):
        app.add_template_global(function)
    app.add_template_global(format_value, "scale_value")
    app.jinja_env.globals["software_version"] = software_version()
