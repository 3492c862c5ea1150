"""Is a cell read to what it says, or refused with a sentence that says what to write?"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conference.domain.importing import cells as read
from conference.domain.importing.profiles import Cell
from conference.domain.refusal import Refusal


def code_of(reader: Callable[[Cell], object], cell: Cell) -> str:
    with pytest.raises(Refusal) as refused:
        reader(cell)
    return refused.value.code


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("58 400,00", "58400.00"),
        ("137\u00a0825,00", "137825.00"),
        ("137\u202f825,00 €", "137825.00"),
        ("50 000 euros", "50000.00"),
        ("24000.0", "24000.00"),
        ("1.234.567,89", "1234567.89"),
        ("1,234,567.89", "1234567.89"),
        ("  12,5 ", "12.50"),
        ("-12,50", "-12.50"),
        (Decimal("33992.72"), "33992.72"),
        (Decimal("1E+3"), "1000.00"),
        ("999999999999,99", "999999999999.99"),
    ],
)
def test_amount_is_read(cell: Cell, expected: str) -> None:
    assert str(read.amount(cell)) == expected


@pytest.mark.parametrize(
    "cell",
    [
        "1.250",
        "1,250",
        "12.50,00",
        "1 25 0",
        "1e3",
        "50 k€",
        "12,",
        "#N/A",
        "1'250,00",
        "٣",
        "1_000",
        "9" * 90,
        Decimal("NaN"),
        Decimal("Infinity"),
        Decimal("1E+30"),
        Decimal("1.005"),
        date(2026, 1, 1),
        "1000000000000",
    ],
)
def test_amount_that_has_two_readings_or_none_is_refused(cell: Cell) -> None:
    assert code_of(read.amount, cell) == "amount"


def test_amount_says_what_is_wrong() -> None:
    with pytest.raises(Refusal, match=r"^Le montant « 12.50,00 » n’est pas lisible. Écrivez par exemple 1250,00"):
        read.amount("12.50,00")
    with pytest.raises(Refusal, match=r"^Le montant n’est pas un nombre"):
        read.amount(Decimal("NaN"))
    assert code_of(read.amount, " ") == "amount_missing"


AMOUNTS = st.decimals(min_value="0.00", max_value="999999999999.99", places=2)


@given(
    AMOUNTS,
    st.sampled_from([" ", "\u00a0", "\u202f", "\u2009", ""]),
    st.sampled_from(["", " €", "€", " euros", " EUR"]),
)
def test_amount_written_in_french_reads_back_to_the_cent(amount: Decimal, space: str, unit: str) -> None:
    written = f"{amount:,.2f}".replace(",", space).replace(".", ",") + unit
    assert read.amount(written) == amount
    assert read.amount(written.replace(",", ".") if space else f"{amount}{unit}") == amount
    assert read.amount(amount) == amount


@given(st.text(alphabet="0123456789,. €\u202f-", max_size=12))
def test_amount_is_never_read_to_other_figures(text: str) -> None:
    """What is read holds the figures that are written, in their order, and none else."""
    try:
        found = read.amount(text)
    except Refusal:
        return
    written = "".join(sign for sign in text if sign.isdigit())
    figures = f"{abs(found):.2f}".replace(".", "")
    assert figures.lstrip("0") in {(written + "0" * k).lstrip("0") for k in range(3)}


@pytest.mark.parametrize(
    "cell",
    [
        "2018/01/30",
        "30/01/2018",
        "2018-01-30",
        "30 janvier 2018",
        "2018-01-30T10:00:00",
        "2018-01-30 20:35:09.123",
        date(2018, 1, 30),
        Decimal(43130),
        Decimal("43130.75"),
    ],
)
def test_day_is_read(cell: Cell) -> None:
    assert read.day(cell) == date(2018, 1, 30)


@pytest.mark.parametrize(
    "cell", ["30/01/18", "01/30/2018", "31/02/2018", "43130", "2018", Decimal(2018), Decimal("NaN"), date(1066, 1, 1)]
)
def test_day_that_is_not_one_is_refused(cell: Cell) -> None:
    assert code_of(read.day, cell) == "date"


def test_days_of_a_cell() -> None:
    both = (date(2019, 2, 20), date(2020, 12, 31))
    assert read.days("2019-02-20_2020-12-31") == read.days("2019-02-20/2020-12-31") == both
    assert read.days("22680 € : 2018-05-30 et 9720 € : 2018-06-30") == (date(2018, 5, 30), date(2018, 6, 30))
    assert read.days("2017-12-12/fin-action") == (date(2017, 12, 12),)
    assert read.days("CONV 2074-15") == read.days(Decimal("1.5")) == ()


@pytest.mark.parametrize(
    "cell",
    [
        "22490001900015",
        "224 900 019 000 15'",
        "'22490001900015",
        "22490001900015.0",
        "224\u202f900\u202f019\u202f00015",
        Decimal("22490001900015"),
    ],
)
def test_siret_is_read(cell: Cell) -> None:
    assert read.siret(cell) == "22490001900015"


def test_zero_lost_by_a_spreadsheet_is_put_back() -> None:
    assert read.siret("7220086800072") == read.siret(Decimal("7220086800072")) == "07220086800072"
    assert read.siret("") is None


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("21860194600000.0", "siret_lost"),
        ("7,86E+13", "siret_lost"),
        (Decimal("7.86E+13"), "siret_lost"),
        ("12345678200000", "siret_lost"),
        ("123", "siret"),
        ("22490001900016", "siret"),
        (date(2026, 1, 1), "siret"),
    ],
)
def test_siret_that_is_not_one_is_refused(cell: Cell, code: str) -> None:
    assert code_of(read.siret, cell) == code


def test_siret_without_establishment_is_lost_even_where_its_key_is_right() -> None:
    from conference.domain.siret import is_siret

    lucky = next(f"{siren}00000" for siren in range(100_000_000, 100_000_100) if is_siret(f"{siren}00000"))
    assert code_of(read.siret, lucky) == "siret_lost"


def test_year_and_count() -> None:
    assert [read.year(cell) for cell in ("2017", "2017.0", Decimal(2017), "Total 2017", "1789", date(2017, 1, 1))] == (
        [2017] * 3 + [None] * 3
    )
    assert [read.count(cell) for cell in ("12", "12,0", Decimal(12))] == [12, 12, 12]
    assert {code_of(read.count, cell) for cell in ("0", "douze", "1,5", "")} == {"persons"}


def test_text_loses_the_signs_that_no_database_keeps() -> None:
    assert read.clean("a\x00b\x07\ud800 c\r\n\td ") == "ab c d"
    assert read.clean("e\u0301te\u0301") == "été"
    assert read.clean(Decimal("6.30")) == "6.30"
    assert read.clean(date(2026, 5, 14)) == "2026-05-14"


@given(st.text())
def test_text_is_clean_once(text: str) -> None:
    once = read.clean(text)
    assert read.clean(once) == once
    once.encode()
    assert not any(sign in once for sign in "\x00\n\r\t")


def told(reader: Callable[[Cell], object], cell: Cell) -> tuple[str, str]:
    with pytest.raises(Refusal) as refused:
        reader(cell)
    return str(refused.value), refused.value.code


@pytest.mark.parametrize(
    ("cell", "sentence", "code"),
    [
        ("", "Le montant manque.", "amount_missing"),
        (
            date(2026, 5, 14),
            "Le montant est une date (14/05/2026). Vérifiez le format de la cellule dans le tableur.",
            "amount",
        ),
        (Decimal("NaN"), "Le montant n’est pas un nombre. Écrivez par exemple 1250,00.", "amount"),
        (Decimal("1E+30"), "Le montant « 1e+30 » est trop grand pour une seule écriture.", "amount"),
        (Decimal("-1E+30"), "Le montant « -1e+30 » est trop grand pour une seule écriture.", "amount"),
        (Decimal("1.005"), "Le montant « 1,005 » a plus de deux décimales. Arrondissez-le au centime.", "amount"),
    ],
)
def test_amount_says_what_to_write(cell: Cell, sentence: str, code: str) -> None:
    assert told(read.amount, cell) == (sentence, code)


def test_amount_up_to_the_largest_is_read() -> None:
    assert str(read.amount(Decimal("999999999999.99"))) == "999999999999.99"
    assert str(read.amount(Decimal("-999999999999.99"))) == "-999999999999.99"
    assert code_of(read.amount, Decimal("1000000000000")) == "amount"
    assert str(read.amount(Decimal(5))) == "5.00"


def test_text_too_long_to_be_shown_is_cut() -> None:
    shown = "x" * 60
    sentence = "Le SIRET « {} » doit compter 14 chiffres."
    assert told(read.siret, f" {shown} ") == (sentence.format(shown), "siret")
    assert told(read.siret, f"{shown}y") == (sentence.format(f"{shown}…"), "siret")


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        (Decimal(18_264), date(1950, 1, 1)),
        (Decimal(73_415), date(2100, 12, 31)),
        (Decimal("73414.99"), date(2100, 12, 30)),
        (date(1950, 1, 1), date(1950, 1, 1)),
        (date(2100, 12, 31), date(2100, 12, 31)),
    ],
)
def test_first_and_last_day_are_known(cell: Cell, day: date) -> None:
    assert read.day(cell) == day


@pytest.mark.parametrize(
    ("cell", "sentence", "code"),
    [
        (" ", "La date manque.", "date_missing"),
        (Decimal(2018), "La date « 2018 » n’est pas lisible. Écrivez par exemple 14/05/2026.", "date"),
        (Decimal(17_999), "La date « 17999 » n’est pas lisible. Écrivez par exemple 14/05/2026.", "date"),
        (Decimal(18_000), "La date « 12/04/1949 » est hors de portée : l’année va de 1950 à 2100.", "date"),
        (Decimal(73_416), "La date « 73416 » n’est pas lisible. Écrivez par exemple 14/05/2026.", "date"),
        (date(1949, 12, 31), "La date « 31/12/1949 » est hors de portée : l’année va de 1950 à 2100.", "date"),
        (date(2101, 1, 1), "La date « 01/01/2101 » est hors de portée : l’année va de 1950 à 2100.", "date"),
        ("fin mai", "La date « fin mai » n’est pas lisible. Écrivez par exemple 14/05/2026.", "date"),
    ],
)
def test_day_says_what_to_write(cell: Cell, sentence: str, code: str) -> None:
    assert told(read.day, cell) == (sentence, code)


def test_day_that_cannot_be_does_not_hide_the_next() -> None:
    assert read.days("2019-02-30 puis 2019-03-01, 31/12/1949, 1/4/2019") == (date(2019, 3, 1), date(2019, 4, 1))
    assert read.days(date(2019, 3, 1)) == read.days(Decimal(43_525)) == (date(2019, 3, 1),)
    assert read.days("12019-03-01") == read.days("2019-03-011") == ()


@pytest.mark.parametrize(
    ("cell", "sentence", "code"),
    [
        (date(2026, 1, 2), "Le SIRET « 02/01/2026 » est une date.", "siret"),
        (
            "7,86e+13",
            "Le SIRET « 7,86e+13 » a perdu ses derniers chiffres dans le tableur. Mettez la colonne au format Texte.",
            "siret_lost",
        ),
        (
            "123 456 782 00000",
            "Le SIRET « 123 456 782 00000 » finit par 00000 : son établissement manque. Indiquez les 14 chiffres.",
            "siret_lost",
        ),
        ("224900190001", "Le SIRET « 224900190001 » doit compter 14 chiffres.", "siret"),
        ("2249001900015", "Le SIRET « 2249001900015 » doit compter 14 chiffres.", "siret"),
        ("2249001900015A", "Le SIRET « 2249001900015A » doit compter 14 chiffres.", "siret"),
        ("224900190001500", "Le SIRET « 224900190001500 » doit compter 14 chiffres.", "siret"),
        (
            "22490001900016",
            "Le SIRET « 22490001900016 » contient une erreur : sa clé de contrôle est fausse.",
            "siret",
        ),
    ],
)
def test_siret_says_what_is_wrong(cell: Cell, sentence: str, code: str) -> None:
    assert told(read.siret, cell) == (sentence, code)


def test_signs_around_a_siret_are_put_aside() -> None:
    assert read.siret(" 224.900\u00a0019’00015` ") == "22490001900015"
    assert read.siret("22490001900015,00") == "22490001900015"


def test_one_person_is_a_number_of_persons_and_none_is_not() -> None:
    assert [read.count(cell) for cell in (" 1 ", Decimal("2.0"), "9999999")] == [1, 2, 9_999_999]
    sentence = "Le nombre de personnes « {} » n’est pas lisible. Écrivez par exemple 12."
    assert told(read.count, "0") == (sentence.format("0"), "persons")
    assert told(read.count, " une  douzaine ") == (sentence.format("une douzaine"), "persons")
    assert told(read.count, "10000000") == (sentence.format("10000000"), "persons")
    assert told(read.count, date(2026, 1, 2)) == (sentence.format("2026-01-02"), "persons")


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (" a", "a"),
        ("a ", "a"),
        ("ab ", "ab"),
        ("a  b", "a b"),
        ("a b", "a b"),
        ("a\u00a0b", "a b"),
        ("a\u202fb", "a b"),
        ("", ""),
        ("é", "é"),
        ("a\tb", "a b"),
    ],
)
def test_text_has_single_spaces_and_none_around(cell: str, text: str) -> None:
    assert read.clean(cell) == text
