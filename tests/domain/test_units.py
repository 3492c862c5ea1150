"""Is a value of the law written and read in its unit, in one way only?"""

from decimal import Decimal

import pytest

from conference.domain.refusal import Refusal
from conference.domain.units import (
    UNITS,
    check_value,
    exact,
    example_of,
    format_value,
    parse_value,
    typed_value,
    unit_words,
)


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
    ("text", "unit", "shown"),
    [
        ("", "EUR/mois", ""),
        (" abc ", "EUR/mois", "abc"),
        ("1.250", "EUR/mois", "1.250"),
        ("1,250", "EUR/mois", "1,250"),
        ("3 ans", "années", "3 ans"),
        ("75", "taux", "75"),
        ("2", "taux", "2"),
        ("1,01", "taux", "1,01"),
        ("1 000,00", "jours", "1 000,00"),
        ("1 000,00 €", "heures/mois", "1 000,00 €"),
        ("50 euros", "taux", "50 euros"),
        ("1e3", "jours", "1e3"),
        ("٣", "jours", "٣"),
        ("1 0 95", "jours", "1 0 95"),
        ("50 %", "jours", "50 %"),
    ],
)
def test_what_has_no_reading_or_two_is_refused_at_the_value(text: str, unit: str, shown: str) -> None:
    sentence = f"La valeur « {shown} » n’est pas lisible. Écrivez par exemple {UNITS[unit].example}."
    assert refused(text, unit) == (sentence, "amount", "scale_amount")


ZERO = "La valeur doit être supérieure à zéro.", "amount", "scale_amount_positive"
LARGE = "Cette valeur est trop grande pour un barème.", "amount", "scale_amount_large"
FINE = "scale_amount_decimals"


@pytest.mark.parametrize(
    ("text", "unit", "told"),
    [
        ("-3", "EUR/mois", ZERO),
        ("0", "EUR/mois", ZERO),
        ("0 %", "taux", ZERO),
        ("2000000", "jours", LARGE),
        ("1 000 000,01", "EUR/mois", LARGE),
        ("101 %", "taux", ("Un taux ne dépasse pas 100 %.", "amount", "scale_amount_large")),
        ("12,345", "heures/mois", ("Cette valeur a trop de décimales : 2 au plus.", "amount", FINE)),
        ("1,5", "jours", ("Cette valeur se compte en jours entiers, sans décimale.", "amount", FINE)),
        ("1,5", "années", ("Cette valeur se compte en ans entiers, sans décimale.", "amount", FINE)),
        ("0,00001", "taux", ("Un taux a au plus deux décimales en pourcentage.", "amount", FINE)),
    ],
)
def test_what_cannot_be_a_value_of_the_law_is_refused(text: str, unit: str, told: tuple[str, str, str]) -> None:
    assert refused(text, unit) == told


def refused(text: str, unit: str) -> tuple[str, str | None, str]:
    with pytest.raises(Refusal) as refusal:
        parse_value(text, unit)
    return str(refusal.value), refusal.value.field, refusal.value.code


def test_bounds_are_values() -> None:
    assert parse_value("1 000 000,00", "EUR/mois") == Decimal("1000000.00")
    assert parse_value("0,01", "EUR/mois") == Decimal("0.01")
    assert parse_value("100 %", "taux") == 1
    assert parse_value("0,01 %", "taux") == Decimal("0.0001")
    assert parse_value("12,50\u00a0\u202f%", "taux") == Decimal("0.125")


def test_what_is_typed_is_shown_in_the_form_as_it_is_typed() -> None:
    assert typed_value(Decimal("769.4900"), "EUR/mois") == "769,49"
    assert typed_value(Decimal("1095.0000"), "jours") == "1095"
    assert typed_value(Decimal("0.7500"), "taux") == "75 %"
    assert typed_value(Decimal("0.5525"), "taux") == "55,25 %"
    assert (unit_words("EUR/mois"), unit_words("années"), unit_words("taux")) == ("€ par mois", "ans", "")
    assert (example_of("jours"), example_of("taux")) == ("1095", "75 % ou 0,75")
    assert str(exact(Decimal("31.0000"), "EUR/jour")) == "31.00"


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
