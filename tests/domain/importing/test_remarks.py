"""Is a place in a file named as a spreadsheet names it?"""

import pytest

from conference.domain.importing.remarks import Unreadable, letter_of


@pytest.mark.parametrize(
    ("position", "letters"),
    [(0, "A"), (8, "I"), (25, "Z"), (26, "AA"), (27, "AB"), (51, "AZ"), (52, "BA"), (701, "ZZ"), (702, "AAA")],
)
def test_columns_are_lettered(position: int, letters: str) -> None:
    assert letter_of(position) == letters


def test_a_file_that_cannot_be_read_is_told_at_its_field() -> None:
    told, cut = Unreadable("Illisible."), Unreadable("Coupé.", code="torn")
    assert (str(told), told.field, told.code) == ("Illisible.", "file", "unreadable")
    assert (str(cut), cut.field, cut.code) == ("Coupé.", "file", "torn")
