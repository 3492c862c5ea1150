"""Do values read as DESIGN asks, and are the wrong types refused?"""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from flask import Flask

from conference.web import formats


def test_amounts_numbers_and_ratios_read_in_french() -> None:
    assert formats.euros(Decimal("1457")) == "1\u202f457,00\u00a0€"
    assert formats.figures(Decimal("-1457.5")) == "\u22121\u202f457,50"
    assert formats.number(12480) == "12\u202f480"
    assert formats.percent(Decimal("0.4")) == "40\u00a0%"
    assert formats.percent(Decimal("0.5725"), 1) == "57,3\u00a0%"
    assert formats.percent(Decimal("-0.005")) == "\u22121\u00a0%"
    assert formats.percent(Decimal("12.5")) == "1\u202f250\u00a0%"


def test_days_and_months_read_in_french() -> None:
    assert formats.day(date(2026, 5, 14)) == "14\u00a0mai\u00a02026"
    assert formats.month(date(2026, 3, 1)) == "mars\u00a02026"


@pytest.mark.parametrize(
    ("utc", "paris"),
    [
        (datetime(2026, 5, 14, 7, 32, tzinfo=UTC), "14\u00a0mai\u00a02026 à 09:32"),
        (datetime(2026, 12, 31, 23, 5, tzinfo=UTC), "1er\u00a0janvier\u00a02027 à 00:05"),
    ],
)
def test_instants_are_read_in_paris(utc: datetime, paris: str) -> None:
    assert formats.instant(utc) == paris


def test_wrong_types_are_refused() -> None:
    with pytest.raises(TypeError, match="float"):
        formats.euros(1457.0)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="datetime"):
        formats.day(datetime(2026, 5, 14, tzinfo=UTC))
    with pytest.raises(ValueError, match="time zone"):
        formats.instant(datetime(2026, 5, 14))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("address", "changes", "expected"),
    [
        ("/listes/3?annee=2026&page=4", {"tri": "-ref", "page": None}, "/listes/3?annee=2026&tri=-ref"),
        ("/listes/3?etat=a&etat=b", {"page": 2}, "/listes/3?etat=a&etat=b&page=2"),
        ("/listes/3?_external=1&_scheme=ftp&number=9", {"page": 2}, "/listes/3?page=2"),
        ("/listes/3?q=l%27objet", {"q": None}, "/listes/3"),
    ],
)
def test_address_keeps_its_other_parameters(address: str, changes: dict[str, str | int | None], expected: str) -> None:
    app = Flask(__name__)
    app.add_url_rule("/listes/<int:number>", endpoint="list", view_func=lambda number: "")
    with app.test_request_context(address):
        assert formats.address_with(**changes) == expected
