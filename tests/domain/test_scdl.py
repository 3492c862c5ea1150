"""What an SCDL file says: rows read, refused only when amount, funder or year cannot be known."""

from datetime import date
from decimal import Decimal

import pytest

from conference.domain.scdl import ScdlFile, Unreadable, identities, letter_of, read_scdl
from tests.services.scdl_files import scdl


def _read(*changes: dict[str, str]) -> ScdlFile:
    return read_scdl(scdl(*changes).decode())


def test_row_number_counts_header_blank_rows_and_not_line_breaks() -> None:
    text = scdl({"objet": "un\nobjet"}, {"montant": "x"}).decode().replace("\r\nVILLE", "\r\n\r\nVILLE", 1)
    found = read_scdl(text)
    assert [grant.row for grant in found.grants] == [3]
    assert [(remark.row, remark.cell) for remark in found.refused] == [(4, "I4")]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"montant": ""}, "amount_missing"),
        ({"montant": "1.250"}, "amount"),
        ({"montant": "0"}, "amount_positive"),
        ({"montant": "-5"}, "amount_positive"),
        ({"montant": "1e9"}, "amount"),
        ({"dateConvention": "", "datesPeriodeVersement": ""}, "date"),
        ({"dateConvention": "2025-02-30", "datesPeriodeVersement": ""}, "date"),
    ],
)
def test_row_is_refused(change: dict[str, str], code: str) -> None:
    found = _read(change)
    assert (found.grants, [remark.code for remark in found.refused]) == ((), [code])


@pytest.mark.parametrize(
    ("change", "day", "codes"),
    [
        ({}, date(2025, 3, 10), []),
        ({"dateConvention": "2024"}, date(2024, 1, 1), ["year_alone"]),
        ({"dateConvention": "10/03/2025"}, date(2025, 3, 10), []),
        ({"dateConvention": ""}, date(2025, 4, 1), ["date_elsewhere"]),
        ({"dateConvention": "", "referenceDecision": "CONV 2 2025-02-03"}, date(2025, 2, 3), ["date_elsewhere"]),
        ({"idBeneficiaire": "123"}, date(2025, 3, 10), ["siret"]),
        ({"objet": "", "referenceDecision": ""}, date(2025, 3, 10), ["object", "reference"]),
    ],
)
def test_row_is_read_with_a_warning(change: dict[str, str], day: date, codes: list[str]) -> None:
    found = _read(change)
    assert [(grant.decided_on, grant.amount) for grant in found.grants] == [(day, Decimal("900.00"))]
    assert [remark.code for remark in found.warnings] == codes


def test_identity_ignores_the_amount_and_what_a_spreadsheet_rewrites() -> None:
    first, rewritten, other = _read(
        {}, {"montant": "1", "dateConvention": "10/03/2025", "idBeneficiaire": "524 991 205 00013"}, {"objet": "Autre"}
    ).grants
    assert first.fingerprint == rewritten.fingerprint != other.fingerprint
    keys = identities([(1, "a"), (1, "a"), (2, "a"), (1, "b")])
    assert keys[0] == keys[2]
    assert len(set(keys)) == 3


def test_unquoted_comma_is_refused_and_unknown_column_is_a_warning() -> None:
    columns = ("nomAttribuant", "dateConvention", "montant", "couleur")
    text = scdl({}, columns=columns).decode() + "VILLE,2025-01-01,12,bleu,et,vert\r\n"
    found = read_scdl(text)
    assert [remark.code for remark in found.refused] == ["columns"]
    assert "unknown_column" in {remark.code for remark in found.warnings}


@pytest.mark.parametrize(
    "text", ["", "a,b\n1,2\n", "montant,dateConvention,montant\n", "montant,dateConvention\n\0,1\n"]
)
def test_what_is_no_scdl_table_is_unreadable(text: str) -> None:
    with pytest.raises(Unreadable):
        read_scdl(text)


def test_letters_of_columns() -> None:
    assert [letter_of(position) for position in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
