"""A row that was torn (a line cut, a quote lost, a delimiter too many): does it ever bring another amount in silence?"""

import pytest

from conference.domain.importing.remarks import Remark
from tests.domain.importing.test_shifted_rows import read_text, told

HEAD = "dateConvention;referenceDecision;nomBeneficiaire;objet;montant;dispositifAide\n"
LAST = "dateConvention;nomBeneficiaire;referenceDecision;montant\n"
SOUND = "".join(f"2025-03-1{i};A{i};CLUB;stage;10,0{i};PIC\n" for i in range(5))
FINE = [f"10.0{i}" for i in range(5)]


@pytest.mark.parametrize(
    ("torn", "code"),
    [
        ("2025-03-10;B;CLUB;stage;9\n", "columns"),  # « 923383,61 » cut after its first digit
        ("2025-03-10;B;CLUB;stage;708;.14;\n", "shifted"),  # a delimiter inside « 708.14 »
        ("2025-03-10;B;CLUB;stage;708;14;\n", "shifted"),
        ('2025-03-10;B;CLUB;stage;287;22";\n', "quotes"),  # the opening quote of « 287;22 » lost
        # A quote left open in a record that lost its end takes the beginning of the next one.
        ('2025-03-10;B;CLUB;"un\n2025-03-10;C;CLUB;"deux";86,00;PIC\n', "quotes"),
    ],
)
def test_torn_row_is_refused(torn: str, code: str) -> None:
    assert told(read_text(HEAD + SOUND + torn, ";")) == [*FINE, code]


def test_records_that_all_end_at_their_amount_are_read() -> None:
    rows = "".join(f"2025-03-10;A{i};CLUB;stage;10,0{i}\n" for i in range(5))
    assert told(read_text(HEAD + rows, ";")) == FINE


def test_end_of_an_amount_on_a_line_of_its_own_points_at_the_row_above() -> None:
    row, rest = read_text(f"{LAST}2025-03-10;CLUB;A;3\n20985,14\n", ";")
    assert not isinstance(row, Remark)
    assert isinstance(rest, Remark)
    assert "la fin du montant de la précédente" in rest.message


def test_row_one_cell_away_is_refused_where_the_others_stand_right() -> None:
    head = "nomAttribuant,dateConvention,referenceDecision,nomBeneficiaire,objet,montant,nature,notificationUE\n"
    sound = "VILLE,2025-03-10,A,CLUB,stage,37,aide en numéraire,non\n"
    moved = "VILLE,2025-03-10,,B,CLUB,15000,42544050,aide en numér\n"
    assert told(read_text(head + sound * 2 + moved)) == ["37.00", "37.00", "shifted"]


def test_decimal_in_quotes_at_the_start_of_a_short_record_is_not_cut() -> None:
    head = "referenceDecision,montant,dateConvention,nomBeneficiaire,objet\n"
    sound = 'A,"0,11",2025-03-10,CLUB,stage\nB,"0,12",2025-03-10,CLUB,stage\n'
    rows = read_text(f'{head}{sound}"506,61",2025-03-10,CLUB,stage\n')
    assert told(rows[:2]) == ["0.11", "0.12"]
    assert isinstance(rows[2], Remark)


def test_number_that_a_delimiter_cut_in_two_is_refused() -> None:
    head = "referenceDecision|montant|dateConvention|nomBeneficiaire|objet\n"
    rows = read_text(f"{head}A|47|2025-03-10|CLUB|stage\nB|133.|41|2025-03-10|CLUB|stage\n", "|")
    assert told(rows) == ["47.00", "shifted"]
