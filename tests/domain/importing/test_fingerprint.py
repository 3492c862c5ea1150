"""Is a row known by the same fingerprint tomorrow? The ledger keeps it: its form is a promise."""

import hashlib
from datetime import date
from decimal import Decimal

import pytest

from conference.domain.importing.fields import Field, Target
from conference.domain.importing.fingerprint import Fingerprints
from conference.domain.importing.profiles import Cell, Mapping


def fingerprint(columns: list[Field | None], cells: list[Cell]) -> str:
    headings = tuple("x" for _ in columns)
    return Fingerprints(Mapping("own", Target.COMMITMENTS, 1, headings, tuple(columns))).of(cells)


def of(*facts: str) -> str:
    return hashlib.sha256("\x1f".join(facts).encode()).hexdigest()


def test_facts_are_told_in_the_order_of_their_names_without_amount_and_giver() -> None:
    columns = [Field.OBJECT, Field.AMOUNT, Field.FUNDER_NAME, Field.FUNDER_SIRET, None, Field.BENEFICIARY_NAME]
    cells: list[Cell] = ["Soudure", "900", "VILLE", "21060004500392", "rouge", "GRETA"]
    assert fingerprint(columns, cells) == of("beneficiary_name=GRETA", "object=Soudure")


def test_empty_and_absent_cells_tell_nothing() -> None:
    columns = [Field.DECISION_REFERENCE, Field.OBJECT, Field.PAYER]
    assert fingerprint(columns, ["", "Soudure"]) == of("object=Soudure")
    assert fingerprint(columns, [" \n", "Soudure", ""]) == of("object=Soudure")
    assert fingerprint(columns, []) == of()
    assert fingerprint([Field.BENEFICIARY_SIRET], [" "]) == of()


def test_an_empty_cell_does_not_end_the_row() -> None:
    columns: list[Field | None] = [Field.BENEFICIARY_NAME, Field.OBJECT]
    assert fingerprint(columns, ["", "Soudure"]) == of("object=Soudure")
    assert fingerprint([Field.OBJECT, None, Field.BENEFICIARY_NAME], ["Soudure"]) == of("object=Soudure")


@pytest.mark.parametrize(
    ("field", "cell", "fact"),
    [
        (Field.OBJECT, " Sou\n dure ", "object=Sou dure"),
        (Field.OBJECT, Decimal("12.50"), "object=12.50"),
        (Field.DECIDED_ON, "10/03/2025", "decided_on=2025-03-10"),
        (Field.DECIDED_ON, date(2025, 3, 10), "decided_on=2025-03-10"),
        (Field.DECIDED_ON, " mars  2025", "decided_on=mars 2025"),
        (Field.PAYMENT_DATES, "10/03/2025", "payment_dates=2025-03-10"),
        (Field.PAYMENT_DATES, "2025-03-10T00:00:00", "payment_dates=2025-03-10"),
        (Field.PAYMENT_DATES, "2025-03-10T00:00:00Z", "payment_dates=2025-03-10"),
        (Field.PAYMENT_DATES, "2025-03-10 00:00:00.0", "payment_dates=2025-03-10 00:00:00.0"),
        (Field.PAYMENT_DATES, "2025-03-10_2025-12-31", "payment_dates=2025-03-10_2025-12-31"),
        (Field.PAYMENT_DATES, date(2025, 3, 10), "payment_dates=2025-03-10"),
        (Field.BENEFICIARY_SIRET, "524 991 205 00013", "beneficiary_siret=52499120500013"),
        (Field.BENEFICIARY_SIRET, Decimal("52499120500013"), "beneficiary_siret=52499120500013"),
        (Field.BENEFICIARY_SIRET, " 123 ", "beneficiary_siret=123"),
        (Field.SHARE, "1X", "share=1X"),
        (Field.YEAR, "2025.0", "year=2025"),
        (Field.YEAR, " an 3", "year=an 3"),
        (Field.PERSONS, "12,0", "persons=12"),
        (Field.PERSONS, " une douzaine", "persons=une douzaine"),
        (Field.SHARE, " 0,50 ;", "share=0.5"),
        (Field.SHARE, "50 %", "share=5E+1"),
        (Field.SHARE, Decimal("0.500"), "share=0.5"),
        (Field.SHARE, date(2025, 3, 10), "share=2025-03-10"),
        (Field.SHARE, " la  moitié", "share=la moitié"),
    ],
)
def test_each_kind_of_value_has_one_form(field: Field, cell: Cell, fact: str) -> None:
    assert fingerprint([field], [cell]) == of(fact)


def test_a_text_seen_before_has_the_same_form_and_one_column_does_not_answer_for_another() -> None:
    mapping = Mapping("own", Target.COMMITMENTS, 1, ("a", "b"), (Field.DECIDED_ON, Field.OBJECT))
    reader = Fingerprints(mapping)
    for _ in range(2):
        assert reader.of(["10/03/2025", "10/03/2025"]) == of("decided_on=2025-03-10", "object=10/03/2025")
        assert reader.of([" ", " "]) == of()
