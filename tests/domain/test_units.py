"""Is a value of the law written and read in its unit, in one way only?"""

from decimal import Decimal

import pytest

from conference.domain.refusal import Refusal
from conference.domain.units import UNITS, check_value, exact, format_value, parse_value, typed_value


@pytest.mark.parametrize(
    ("amount", "unit", "words"),
    [
        ("769.49", "EUR/mois", "769,49\u00a0€ par mois"),
        ("1932.52", "EUR/mois", "1\u202f932,52\u00a0€ par mois"),
        ("31", "EUR/jour", "31,00\u00a0€ par jour"),
        ("12.02", "EUR/heure", "12,02\u00a0€ par heure"),
        ("151.67", "heures/mois", "151,67\u00a0heures par mois"),
        ("1095", "jours", "1\u202f095\u00a0jours"),
        ("1", "jours", "1\u00a0jour"),
        ("4", "mois", "4\u00a0mois"),
        ("1", "années", "1\u00a0an"),
        ("2", "années", "2\u00a0ans"),
        ("0.75", "taux", "75\u00a0%"),
        ("0.5525", "taux", "55,25\u00a0%"),
        ("1", "taux", "100\u00a0%"),
    ],
)
def test_value_reads_with_its_unit(amount: str, unit: str, words: str) -> None:
    assert format_value(Decimal(amount), unit) == words


@pytest.mark.parametrize(
    ("text", "unit", "amount"),
    [
        ("769,49", "EUR/mois", "769.49"),
        (" 1 932,52 € ", "EUR/mois", "1932.52"),
        ("1\u202f932,52", "EUR/mois", "1932.52"),
        ("1.250,00", "EUR/mois", "1250.00"),
        ("31", "EUR/jour", "31"),
        ("151.67", "heures/mois", "151.67"),
        ("1 095", "jours", "1095"),
        ("3", "années", "3"),
        ("75 %", "taux", "0.75"),
        ("55,25%", "taux", "0.5525"),
        ("0,75", "taux", "0.75"),
        ("1", "taux", "1"),
    ],
)
def test_what_is_typed_is_read(text: str, unit: str, amount: str) -> None:
    assert parse_value(text, unit) == Decimal(amount)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("", "EUR/mois"),
        ("abc", "EUR/mois"),
        ("1.250", "EUR/mois"),
        ("1,250", "EUR/mois"),
        ("-3", "EUR/mois"),
        ("0", "EUR/mois"),
        ("12,345", "heures/mois"),
        ("1,5", "jours"),
        ("3 ans", "années"),
        ("75", "taux"),
        ("101 %", "taux"),
        ("0,00001", "taux"),
        ("1e3", "jours"),
        ("٣", "jours"),
        ("2000000", "jours"),
        ("1 0 95", "jours"),
    ],
)
def test_what_has_no_reading_or_two_is_refused_at_the_value(text: str, unit: str) -> None:
    with pytest.raises(Refusal) as refusal:
        parse_value(text, unit)
    assert refusal.value.field == "amount"


@pytest.mark.parametrize("unit", sorted(UNITS))
def test_the_example_of_the_hint_is_read_and_written_alike(unit: str) -> None:
    amount = parse_value(UNITS[unit].example.split(" ou ")[0], unit)
    assert parse_value(typed_value(amount, unit), unit) == amount
    assert format_value(exact(amount, unit), unit) == format_value(amount, unit)


def test_finer_than_the_unit_is_refused_with_what_is_allowed() -> None:
    with pytest.raises(Refusal, match="2 au plus"):
        check_value(Decimal("1.001"), "EUR/jour")
    with pytest.raises(Refusal, match="entiers"):
        check_value(Decimal("1.5"), "jours")
    with pytest.raises(Refusal, match="pourcentage"):
        check_value(Decimal("0.55555"), "taux")
    with pytest.raises(Refusal, match="zéro"):
        check_value(Decimal("NaN"), "jours")
