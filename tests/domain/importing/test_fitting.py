"""Does a typed column take what looks like its kind, and nothing else?"""

import pytest

from conference.domain.importing.fields import Field
from conference.domain.importing.fitting import check_of, fits


@pytest.mark.parametrize(
    ("field", "cell", "fit"),
    [
        (Field.AMOUNT, "1 250,00", True),
        (Field.AMOUNT, " ;12,50 ;", True),
        (Field.AMOUNT, "0", False),
        (Field.AMOUNT, "0,01", True),
        (Field.AMOUNT, "-5", False),
        (Field.AMOUNT, "", False),
        (Field.AMOUNT, "Soudure", False),
        (Field.DECIDED_ON, "14/05/2026", True),
        (Field.DECIDED_ON, " 2026-05-14 ;", True),
        (Field.DECIDED_ON, ";2026 ", True),
        (Field.DECIDED_ON, " ;", True),
        (Field.DECIDED_ON, "32/05/2026", False),
        (Field.DECIDED_ON, "Soudure", False),
        (Field.PAYMENT_DATES, "", True),
        (Field.PAYMENT_DATES, " ;", True),
        (Field.PAYMENT_DATES, "2026-05-14/2026-06-14", True),
        (Field.PAYMENT_DATES, "2026-05-14,2026-06-14", True),
        (Field.PAYMENT_DATES, ";2026-05-14;", True),
        (Field.PAYMENT_DATES, "2026-05-14,solde", False),
        (Field.PAYMENT_DATES, "solde", False),
        (Field.BENEFICIARY_SIRET, "", True),
        (Field.BENEFICIARY_SIRET, " ; ", True),
        (Field.BENEFICIARY_SIRET, "52499120500013", True),
        (Field.BENEFICIARY_SIRET, ";524 991 205 00013 ", True),
        (Field.BENEFICIARY_SIRET, "'52499120500013.0", True),
        (Field.BENEFICIARY_SIRET, "52499120500013,00 ;", True),
        (Field.BENEFICIARY_SIRET, "5249912050001", True),
        (Field.BENEFICIARY_SIRET, "524991205000", False),
        (Field.BENEFICIARY_SIRET, "524991205000130", False),
        (Field.BENEFICIARY_SIRET, "5,25E+13", True),
        (Field.BENEFICIARY_SIRET, "GRETA", False),
        (Field.AID_NATURE, "", True),
        (Field.AID_NATURE, " ;", True),
        (Field.AID_NATURE, "Aide en numéraire", True),
        (Field.AID_NATURE, "AIDE FINANCIÈRE", True),
        (Field.AID_NATURE, "Soudure", False),
        (Field.AID_NATURE, "x" * 191 + " nature", True),
        (Field.AID_NATURE, "x" * 195 + " nature", False),
        (Field.EU_NOTIFIED, "", True),
        (Field.EU_NOTIFIED, " Non ;", True),
        (Field.EU_NOTIFIED, "OUI", True),
        (Field.EU_NOTIFIED, "peut-être", False),
        (Field.SHARE, "", True),
        (Field.SHARE, "; ", True),
        (Field.SHARE, " 33,5 % ;", True),
        (Field.SHARE, "1", True),
        (Field.SHARE, "1000", False),
        (Field.SHARE, "moitié", False),
        (Field.YEAR, "", True),
        (Field.YEAR, " 2026;", True),
        (Field.YEAR, "1789", False),
        (Field.YEAR, "Soudure", False),
        (Field.PERSONS, "", True),
        (Field.PERSONS, " 12 ;", True),
        (Field.PERSONS, "12,0", True),
        (Field.PERSONS, "12,5", False),
        (Field.PERSONS, "12345678", False),
        (Field.PERSONS, "٣", False),
    ],
)
def test_typed_column_takes_its_kind(field: Field, cell: str, fit: bool) -> None:
    check = check_of(field)
    assert check is not None
    assert check(cell) is fit


def test_text_fits_anywhere_it_is_not_typed() -> None:
    assert check_of(None) is None
    assert check_of(Field.OBJECT) is None
    assert check_of(Field.SCHEME) is None


def test_record_fits_where_each_of_its_cells_does() -> None:
    columns = [Field.OBJECT, Field.AMOUNT, None, Field.YEAR]
    assert fits(["Soudure", "12", "x", "2026"], columns) is True
    assert fits(["Soudure", "12", "x", "n.c."], columns) is False
    assert fits(["Soudure", "douze", "x", "2026"], columns) is False
    assert fits(["Soudure", "12"], columns) is True
    assert fits(["Soudure", "12", "x", "2026", "de trop"], columns) is True
