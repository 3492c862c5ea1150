"""Is what stands in a table and is not one of its rows told from its rows?"""

from datetime import date
from decimal import Decimal

from conference.domain.importing.doubts import Headings, Totals, odd_unit, rounded_sirets
from conference.domain.importing.fields import Field, Target
from conference.domain.importing.profiles import Cell, Mapping, Record

COLUMNS = (Field.BENEFICIARY_NAME, Field.OBJECT, Field.AMOUNT, Field.YEAR)
HEADINGS = ("nomBeneficiaire", "objet", "montant", "annee")


def mapping(columns: tuple[Field | None, ...] = COLUMNS, headings: tuple[str, ...] = HEADINGS, row: int = 1) -> Mapping:
    return Mapping("scdl", Target.COMMITMENTS, row, headings, columns)


def totals(*lines: tuple[list[Cell], int]) -> list[bool]:
    known = Totals(mapping())
    return [known.is_total(cells, Decimal(amount)) for cells, amount in lines]


def line(name: str, text: str = "") -> list[Cell]:
    return [name, text, "", "2025"]


def test_line_that_says_total_and_holds_the_sum_is_one() -> None:
    rows = [(line("GRETA", "a"), 10), (line("AFPA", "b"), 20)]
    assert totals(*rows, (line("Total", "deux lignes"), 30)) == [False, False, True]
    assert totals(*rows, (line("Total", "deux lignes"), 31)) == [False, False, False]
    assert totals(*rows, (line("GRETA", "Total"), 30)) == [False, False, True]


def test_line_that_says_nothing_but_total_is_one_whatever_it_holds() -> None:
    bare = ["Total", " TOTAL :", "sous-total", "Sous - totaux", "total général 2025 :", "Totaux", "\u00a0Total général"]
    for text in bare:
        assert totals((line("GRETA"), 10), (line(text), 7)) == [False, True], text
    for text in ("Total Énergies", "totalité", "Le total", "Total : 7", "Surtotal"):
        assert totals((line("GRETA"), 10), (line(text), 7)) == [False, False], text


def test_total_that_is_a_row_is_added_and_one_that_is_a_total_is_not() -> None:
    assert totals((line("Total Énergies", "a"), 10), (line("GRETA", "b"), 20), (line("Total", "des deux"), 30)) == [
        False,
        False,
        True,
    ]
    assert totals(
        (line("GRETA"), 10),
        (line("Sous-total", "un"), 10),
        (line("AFPA"), 20),
        (line("Sous-total", "un"), 20),
        (line("Total", "deux"), 30),
    ) == [False, True, False, True, True]


def test_sub_totals_hold_the_rows_since_the_one_before() -> None:
    assert totals(
        (line("GRETA"), 10),
        (line("AFPA"), 20),
        (line("Sous-total", "deux"), 30),
        (line("CFA"), 5),
        (line("OF"), 6),
        (line("Sous-total", "deux"), 11),
        (line("Total", "quatre"), 41),
    ) == [False, False, True, False, False, True, True]


def test_label_is_looked_for_in_texts_alone() -> None:
    known = Totals(mapping((Field.AMOUNT, Field.YEAR, Field.DECIDED_ON, Field.FUNDER_SIRET, Field.PERSONS, None)))
    assert known.is_total(["Total", "Total", "Total", "Total", "Total", "GRETA"], Decimal(7)) is False
    assert known.is_total(["Total", "Total", "Total", "Total", "Total", "Total"], Decimal(8)) is True
    assert known.is_total(["Total"], Decimal(7)) is False
    assert totals(([Decimal(7), "Total"], 7)) == [False]
    assert totals(([date(2025, 1, 1), "Total", "7"], 3)) == [False]
    assert totals(([" ", "Total"], 7)) == [True]
    assert totals(([], 7)) == [False]


def test_title_above_the_headings_tells_the_unit() -> None:
    title = "  Montants en milliers d’euros " + "x" * 100
    sample: list[Record] = [(1, [date(2025, 1, 1), "Ville"]), (2, [Decimal(3), title]), (3, list(HEADINGS))]
    assert odd_unit(sample, mapping(row=3)) == ("Montants en milliers d’euros " + "x" * 100)[:80]
    assert odd_unit(sample, mapping(row=2)) is None
    assert odd_unit(sample[:1], mapping(row=3)) is None
    assert odd_unit([], mapping()) is None


def rounded(*texts: Cell, heading_row: int = 1) -> frozenset[Field]:
    sample: list[Record] = [(i, ["GRETA", text]) for i, text in enumerate(texts, start=2)]
    columns = (Field.BENEFICIARY_NAME, Field.BENEFICIARY_SIRET)
    return rounded_sirets(sample, mapping(columns, ("nom", "siret"), heading_row))


TEN = [f"123456789{i:02d}100" for i in range(10)]
FOUND = frozenset({Field.BENEFICIARY_SIRET})


def test_ten_distinct_sirets_that_end_in_00_are_rounded() -> None:
    assert rounded(*TEN) == FOUND
    assert rounded(*TEN[:9]) == frozenset()
    assert rounded(*TEN[:9], TEN[0]) == frozenset()
    assert rounded(*TEN, "12345678910101") == frozenset()
    assert rounded("12345678910101", *TEN) == frozenset()


def test_what_is_no_siret_says_nothing_of_the_column() -> None:
    assert rounded(*TEN[:9], "1234567891000") == FOUND
    assert rounded(*TEN[:9], "123456789100") == frozenset()
    assert rounded(*TEN[:9], "123456789101000") == frozenset()
    assert rounded(*TEN[:9], "1234567891O100") == frozenset()
    assert rounded(*TEN, "", "n.c.", "123456789101") == FOUND
    assert rounded(*TEN[:8], f" {TEN[8]}.0 ", f"{TEN[9]},00") == FOUND
    assert rounded(*TEN[:9], Decimal(TEN[9])) == FOUND


def test_only_the_rows_under_the_headings_tell() -> None:
    assert rounded("12345678910101", *TEN, heading_row=2) == FOUND
    assert rounded(*TEN, heading_row=2) == frozenset()
    columns = (None, Field.FUNDER_SIRET, Field.OBJECT)
    sample: list[Record] = [(2, ["court"]), *((i, ["x", text, "x"]) for i, text in enumerate(TEN, start=3))]
    assert rounded_sirets(sample, mapping(columns, ("a", "b", "c"))) == frozenset({Field.FUNDER_SIRET})


def test_headings_that_come_again_are_known_whatever_their_dress() -> None:
    known = Headings(mapping())
    assert known.are((9, ["NOM-Bénéficiaire", "Objet", "Montant", "Année"])) is True
    assert known.are((9, ["nombeneficiaire", "Objet", "MONTANT", "année", "de trop"])) is True
    assert known.are((9, ["GRETA", "Soudure", "dix", "2025"])) is False
    assert known.are((9, ["", "", "", ""])) is False
    assert known.are((9, [Decimal(1), date(2025, 1, 1)])) is False
    assert known.other_table is None


def test_headings_of_another_table_are_remembered() -> None:
    known = Headings(mapping())
    assert known.are((9, ["nomBeneficiaire", "objet", "montant", "annee", "nature"])) is True
    assert known.other_table is None
    assert known.are((12, ["nomBeneficiaire", "annee", "objet", "montant"])) is True
    assert known.other_table == 12
    nameless = Headings(mapping((Field.AMOUNT, Field.YEAR), ("", "")))
    assert nameless.are((3, ["", ""])) is False
