"""What tells the readings of a shifted record apart, one question at a time?"""

from decimal import Decimal

import pytest

from conference.domain.importing.fields import Field
from conference.domain.importing.repair import (
    MOST,
    Shape,
    amount_of,
    confirms,
    has_decimals,
    is_anchored,
    is_cut,
    is_dated,
    is_displaced,
    is_pushed,
    is_spaced,
    misfits,
    readings,
    swallowed_lines,
    typed,
    unwrap,
)

F = Field
# A name, an object, an amount, a year.
SHORT = Shape((F.BENEFICIARY_NAME, F.OBJECT, F.AMOUNT, F.YEAR), ",")
# Texts on both sides of the amount.
TEXTS = Shape((F.YEAR, F.OBJECT, F.AMOUNT, F.SCHEME), ",")
FIRST = Shape((F.AMOUNT, F.YEAR, F.OBJECT), ",")
LAST = Shape((F.YEAR, F.BENEFICIARY_SIRET, F.AMOUNT), ",")
DATED = Shape((F.DECIDED_ON, F.BENEFICIARY_NAME, F.OBJECT, F.AMOUNT), ",")
NO_AMOUNT = Shape((F.OBJECT, F.YEAR), ",")


def cut(record: str) -> list[str]:
    return record.split(",")


def test_shape_knows_the_place_of_its_amount_and_what_its_columns_may_hold() -> None:
    assert (SHORT.amount, FIRST.amount, LAST.amount, NO_AMOUNT.amount) == (2, 0, 2, -1)
    assert [check is not None for check in SHORT.checks] == [False, False, True, True]
    shape = Shape((F.SHARE, F.PAYMENT_DATES, F.AMOUNT, F.YEAR, F.OBJECT, None), ",")
    assert shape.most == (2, 4, 5, 1, 1_000, 1_000)


@pytest.mark.parametrize(
    ("record", "shape", "found"),
    [
        # One delimiter may have been added where the last column was left out.
        (
            "GRETA,Soudure,12,2025",
            SHORT,
            [
                ["GRETA", "Soudure", "12", "2025"],
                ["GRETA", "Soudure,12", "2025", ""],
                ["GRETA,Soudure", "12", "2025", ""],
            ],
        ),
        (
            "GRETA,Soudure,1 200,50,2025",
            SHORT,
            [
                ["GRETA", "Soudure", "1 200,50", "2025"],
                ["GRETA", "Soudure,1 200", "50", "2025"],
                ["GRETA,Soudure", "1 200", "50", "2025"],
            ],
        ),
        ("GRETA,Soudure,12,bientôt", SHORT, []),
        ("12,2025,lot 1, lot 2", FIRST, [["12", "2025", "lot 1, lot 2"]]),
        ("2025,52499120500013,1,234,567.80", LAST, [["2025", "52499120500013", "1,234,567.80"]]),
        ("2025,52499120500013,999,567,890,123.00", LAST, [["2025", "52499120500013", "999,567,890,123.00"]]),
        ("2025,52499120500013,,,,,,12", LAST, []),
        ("GRETA,Soudure,12", SHORT, [["GRETA", "Soudure", "12", ""]]),
        ("GRETA,Soudure", SHORT, []),
        ("12", FIRST, [["12", "", ""]]),
        ("Soudure", NO_AMOUNT, [["Soudure", ""]]),
    ],
)
def test_readings_are_the_ways_to_join_the_cells(record: str, shape: Shape, found: list[list[str]]) -> None:
    assert sorted(readings(cut(record), shape)) == sorted(found)


def test_a_record_with_too_many_ways_is_given_up() -> None:
    texts = Shape((F.BENEFICIARY_NAME, F.OBJECT, F.SCHEME, F.AMOUNT), ",")
    assert len(readings(["a"] * 20 + ["12"], texts)) == MOST + 1
    assert len(readings(["a"] * 10 + ["12"], texts)) == 36
    pair = Shape((F.OBJECT, F.AMOUNT), ",")
    assert readings(["a"] * 25 + ["12"], pair) == [[",".join(["a"] * 25), "12"]]
    assert readings(["a"] * 26 + ["12"], pair) == []
    assert len(readings(["12", *["a"] * 79], Shape((F.AMOUNT, *[F.OBJECT] * 79), ","))) == MOST + 1
    assert readings(["12", *["a"] * 80], Shape((F.AMOUNT, *[F.OBJECT] * 80), ",")) == []


@pytest.mark.parametrize(
    ("cells", "width", "opened"),
    [
        (['GRETA,"Soudure, lot 1",12,2025'], 4, ["GRETA", "Soudure, lot 1", "12", "2025"]),
        (["GRETA,Soudure\nlot\r1,12", "2025"], 4, ["GRETA", "Soudure lot 1", "12", "2025"]),
        (["GRETA,Soudure", "12", "2025"], 4, ["GRETA,Soudure", "12", "2025"]),
        (["GRETA,Soudure,x", "12"], 4, ["GRETA", "Soudure", "x", "12"]),
        (["GRETA", "12"], 4, ["GRETA", "12"]),
        (["GRETA,x", "12", "2025", "y"], 4, ["GRETA,x", "12", "2025", "y"]),
        (["GRETA,x", "12"], 3, ["GRETA", "x", "12"]),
        (["506,61", "2025", "GRETA"], 4, ["506,61", "2025", "GRETA"]),
        ([], 4, []),
        ([""], 4, [""]),
    ],
)
def test_record_quoted_whole_is_opened(cells: list[str], width: int, opened: list[str]) -> None:
    assert unwrap(cells, ",", width) == opened


@pytest.mark.parametrize(
    ("cells", "shape", "swallowed"),
    [
        # A whole record between two others, or at the end.
        (["GRETA", "un,12,2025\nAFPA,deux,13,2025\nCFA,trois"], SHORT, True),
        (["GRETA", "un\nAFPA,deux,13,2025\r\nCFA"], SHORT, True),
        (["GRETA", "un\nAFPA,deux,13,2025"], SHORT, True),
        # The end of its own record and the beginning of the next one.
        (["GRETA", "un,12,2025\nAFPA,deux", "13", "2025"], SHORT, True),
        (["GRETA", "un,12,2025\r\nAFPA,deux", "13", "2025"], SHORT, True),
        (["GRETA", "un,douze,2025\nAFPA,deux", "13", "2025"], SHORT, False),
        (["GRETA", "un,12\nAFPA,deux", "13", "2025"], SHORT, False),
        (["12", "x\n14,deux"], Shape((F.AMOUNT, F.OBJECT), ","), True),
        # A beginning that a day or a SIRET tells for sure.
        (["10/03/2025", "GRETA", "un\n11/03/2025,AFPA,deux", "86"], DATED, True),
        (["10/03/2025", "GRETA", "un\n,AFPA,deux", "86"], DATED, False),
        (["10/03/2025", "GRETA", "un\nhier,AFPA,deux", "86"], DATED, False),
        (["10/03/2025", "un\n11/03/2025,deux", "x", "86"], DATED, False),
        (["GRETA", "2025", "un\nAFPA,2025,deux", "86"], Shape((F.PAYER, F.YEAR, F.OBJECT, F.AMOUNT), ","), False),
        (["x", "", "un\nx,52499120500013,deux", "86"], Shape((None, F.FUNDER_SIRET, F.OBJECT, F.AMOUNT), ","), True),
        (["x", "", "un\nx,,deux", "86"], Shape((None, F.FUNDER_SIRET, F.OBJECT, F.AMOUNT), ","), False),
        (["GRETA", "un,12,2025\nlot\nAFPA,deux", "13", "2025"], SHORT, True),
        (["un,12,1\r\ndeux", "13", "1"], Shape((F.OBJECT, F.AMOUNT, F.SHARE), ","), True),
        # A text on two lines.
        (["GRETA", "lot 1\nlot 2", "12", "2025"], SHORT, False),
        (["GRETA", "lot 1, lot 2\n- lot 3, lot 4", "12", "2025"], SHORT, False),
        (["un\n12"], Shape((F.AMOUNT,), ","), False),
        (["GRETA", "Soudure", "12", "2025", "un\nAFPA,deux,13,2025"], SHORT, False),
    ],
)
def test_quote_left_open_is_known_by_the_records_in_its_cell(cells: list[str], shape: Shape, swallowed: bool) -> None:
    assert swallowed_lines(cells, shape) is swallowed


@pytest.mark.parametrize(
    ("record", "amount"),
    [
        ("GRETA,x, ;12 ;,2025", "12.00"),
        ("GRETA,x,0.01,2025", "0.01"),
        ("GRETA,x,0,2025", None),
        ("GRETA,x,-1,2025", None),
        ("GRETA,x,12X,2025", None),
    ],
)
def test_amount_of_a_reading_is_above_zero(record: str, amount: str | None) -> None:
    assert amount_of(cut(record), SHORT) == (Decimal(amount) if amount else None)
    assert amount_of(["GRETA"], SHORT) is None


@pytest.mark.parametrize(
    ("record", "dated"),
    [
        ("2025,,x,", True),
        ("X,,x,", True),
        (" ;,,x,", False),
        (",10/03/2025,x,", True),
        (",CONV 7,x,", False),
        (",,10/03/2025,", False),
        (",,x,2025-03-10", True),
    ],
)
def test_reading_that_tells_no_year_is_no_row(record: str, dated: bool) -> None:
    shape = Shape((F.YEAR, F.DECISION_REFERENCE, F.OBJECT, F.PAYMENT_DATES), ",")
    assert is_dated(cut(record), shape) is dated


def test_typed_cells_and_those_that_do_not_fit() -> None:
    assert typed(cut("GRETA,x,12,2025"), SHORT) == ("12", "2025")
    assert misfits(cut("GRETA,x,douze,2025"), SHORT) == [2]
    assert misfits(cut("GRETA,x,douze,bientôt"), SHORT) == [2, 3]


@pytest.mark.parametrize(
    ("cells", "spaced"),
    [
        (["GRETA", "lot 1, lot 2", "12", "2025"], True),
        (["GRETA", "lot 1,\u00a0lot 2, lot 3", "12", "2025"], True),
        (["GRETA", "lot 1,lot 2", "12", "2025"], False),
        (["GRETA", "lot 1, lot 2,lot 3", "12", "2025"], False),
        (["GRETA", "lot 1, ", "12", "2025"], False),
        (["GRETA", "lot 1,", "12", "2025"], False),
        (["GRETA", " lot 2", "12", "2025"], False),
        ([" GRETA", "lot", "12", "2025"], False),
        (["GRETA", " ", "12", "2025"], True),
        (["GRETA", "lot", " 12,50", "2025"], True),
    ],
)
def test_comma_inside_a_text_is_followed_by_a_space(cells: list[str], spaced: bool) -> None:
    assert is_spaced(cells, SHORT) is spaced


@pytest.mark.parametrize(
    ("record", "displaced"),
    [
        ("2025,900,GRETA", True),
        ("2025,900,12", False),
        ("2025,n.c.,GRETA", False),
        ("900,52499120500013,GRETA", False),
    ],
)
def test_row_is_one_cell_away_where_an_amount_stands_beside(record: str, displaced: bool) -> None:
    assert is_displaced(cut(record), LAST) is displaced


def test_row_is_one_cell_away_on_either_side() -> None:
    shape = Shape((F.OBJECT, F.AMOUNT, F.YEAR, F.BENEFICIARY_SIRET), ",")
    assert is_displaced(cut("x,GRETA,900,2025"), shape) is True
    assert is_displaced(cut("x,GRETA,2025,52499120500013"), shape) is False
    assert is_displaced(cut("x,GRETA,2025,n.c."), shape) is False


@pytest.mark.parametrize(
    ("record", "shape", "anchored"),
    [
        ("GRETA,x,12,2025", SHORT, True),
        ("GRETA,x,12, ;", SHORT, False),
        ("GRETA,x,12,X", SHORT, True),
        ("2025,x,12,PIC", TEXTS, False),
        ("12,2025,x", FIRST, True),
        ("12,,x", FIRST, False),
        ("2025,52499120500013,12", LAST, True),
        ("2025,;,12", LAST, False),
        ("GRETA,x,12", SHORT, False),
        ("2025,12,x", Shape((F.YEAR, F.AMOUNT, F.OBJECT), ","), True),
    ],
)
def test_amount_is_anchored_by_a_filled_typed_column_beside_it(record: str, shape: Shape, anchored: bool) -> None:
    assert is_anchored(cut(record), shape) is anchored


@pytest.mark.parametrize(
    ("cells", "shape", "may_be_cut"),
    [
        (["GRETA", "environ, 25 000", "50", "2025"], SHORT, True),
        (["GRETA", "environ, 25 000 ", " ;50 € ;", "2025"], SHORT, True),
        (["GRETA", "environ, 25.,", "50", "2025"], SHORT, True),
        (["GRETA", "environ 25 000", "50", "2025"], SHORT, False),
        (["GRETA", "environ, beaucoup", "50", "2025"], SHORT, False),
        (["GRETA", "environ, 25 000", "5000", "2025"], SHORT, False),
        (["GRETA", "environ, 25 000", "50.00", "2025"], SHORT, True),
        (["GRETA", "", "50", "2025"], SHORT, False),
        (["GRETA", "environ, 25 000", "50X", "2025"], SHORT, False),
        (["GRETA", "environ, 25X", "50", "2025"], SHORT, False),
        (["50", "2025", "lot, 1"], FIRST, False),
        (["2025", "5249912050,0013", "50"], LAST, False),
        (["lot, 1", "50"], Shape((F.OBJECT, F.AMOUNT), ","), True),
    ],
)
def test_amount_may_be_the_end_of_a_number_in_the_text_before(cells: list[str], shape: Shape, may_be_cut: bool) -> None:
    assert is_cut(cells, shape) is may_be_cut


def test_reading_gives_the_amount_its_decimals_back_and_nothing_else() -> None:
    stands = cut("GRETA,x,25 000,50")
    assert is_pushed(["GRETA", "x", "25 000,50", ""], stands, SHORT) is True
    assert is_pushed(["GRETA,x", "y", "25 000,50", ""], stands, SHORT) is False
    assert is_pushed(["GRETA", "x", "25 000", "50"], stands, SHORT) is False
    assert is_pushed(["GRETA", "x", ""], ["GRETA", "x", "25 000"], SHORT) is True


@pytest.mark.parametrize(
    ("cells", "stands", "confirmed"),
    [
        (["x", "12,50", "2025"], ["x", "12", "50"], True),
        (["x", "12,50", " ;"], ["x", "12", "50"], False),
        (["x", "12,50", "X"], ["x", "12", "50"], True),
        (["x", "12,50", "2025"], ["x", "12", "2025"], False),
        (["x", "12", "2025"], ["x", "douze", "2025"], False),
    ],
)
def test_column_after_the_amount_confirms_a_reading(cells: list[str], stands: list[str], confirmed: bool) -> None:
    assert confirms(cells, stands, Shape((F.OBJECT, F.AMOUNT, F.YEAR), ",")) is confirmed


@pytest.mark.parametrize(
    ("amount", "decimals"),
    [
        (" 1 200,50 ;", True),
        ("0,50 €", True),
        (";0,50 euros", True),
        ("1 200", False),
        ("12,5", False),
        ("12.50", False),
        ("0,50X", False),
    ],
)
def test_amount_is_written_with_two_decimals(amount: str, decimals: bool) -> None:
    assert has_decimals(amount) is decimals
