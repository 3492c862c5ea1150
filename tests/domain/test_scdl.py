"""Is what the law publishes of a convention written as the schema wants it?"""

import csv
from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import StringIO

import pytest

from conference.domain.scdl import FIELDS, Body, Grant, csv_text, lacks_of, row_of

GRANT = Grant(
    number="C-2026-004",
    payer=Body("Région Exemple", "23750007900312"),
    beneficiary=Body("Centre de formation", "85215620700014"),
    signed_on=date(2026, 2, 3),
    decision="",
    object="Dix places de maçon",
    amount=Decimal("30000.00"),
    whole=Decimal("30000.00"),
    conditions="",
    due=(date(2026, 3, 1), date(2026, 12, 1)),
    first=date(2026, 1, 1),
    last=date(2026, 12, 31),
    eu_notified=False,
)


def told(grant: Grant) -> dict[str, str]:
    return dict(zip(FIELDS, row_of(grant), strict=True))


def test_a_row_says_who_gives_what_to_whom_and_when() -> None:
    row = told(GRANT)
    assert (row["idAttribuant"], row["montant"], row["pourcentageSubvention"]) == ("23750007900312", "30000.00", "1.00")
    assert (row["referenceDecision"], row["dateConvention"]) == ("C-2026-004", "2026-02-03")
    assert (row["conditionsVersement"], row["datesPeriodeVersement"]) == ("échelonné", "2026-03-01/2026-12-01")
    assert (row["nature"], row["notificationUE"]) == ("aide en numéraire", "non")


@pytest.mark.parametrize(
    ("due", "days", "conditions"),
    [
        ((date(2026, 3, 1),), "2026-03-01", "unique"),
        ((), "2026-01-01/2026-12-31", "échelonné"),
    ],
)
def test_one_payment_is_a_day_and_none_the_whole_period(due: tuple[date, ...], days: str, conditions: str) -> None:
    row = told(replace(GRANT, due=due))
    assert (row["datesPeriodeVersement"], row["conditionsVersement"]) == (days, conditions)


@pytest.mark.parametrize(
    ("amount", "part"), [("13500.00", "0.45"), ("10000.00", "0.3333"), ("1.00", "0.01"), ("30000.00", "1.00")]
)
def test_a_beneficiary_among_others_has_its_part_of_the_whole(amount: str, part: str) -> None:
    row = told(replace(GRANT, amount=Decimal(amount)))
    assert (row["pourcentageSubvention"], row["montant"]) == (part, "30000.00")


def test_texts_stay_within_the_schema_and_on_one_line() -> None:
    row = told(replace(GRANT, object="mot " * 100, conditions="Après\nservice fait"))
    assert len(row["objet"]) <= 256 and row["objet"].endswith("mot…")
    assert row["conditionsVersement"] == "Après service fait"


def test_who_has_no_siret_is_named_and_not_published() -> None:
    assert list(lacks_of(GRANT)) == []
    lacking = replace(GRANT, beneficiary=Body("Centre", None), payer=Body("OPCO", None))
    assert list(lacks_of(lacking)) == ["OPCO n’a pas de SIRET", "Centre n’a pas de SIRET"]


def test_the_file_quotes_what_it_must() -> None:
    text = csv_text([row_of(replace(GRANT, object='Cours "A, B"'))])
    head, row = list(csv.reader(StringIO(text)))
    assert head == FIELDS and row[7] == 'Cours "A, B"'
    assert "\r" not in text
