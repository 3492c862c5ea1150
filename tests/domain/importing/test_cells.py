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
