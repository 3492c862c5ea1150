"""Case 9 of money.md, and the steps of a table exactly where they are."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conference.domain.bonus import BonusWorking, bonus, line_of, working_lines
from conference.domain.convention_facts import BonusFacts
from conference.domain.results import WorkResult

BASE = Decimal("20000.00")
TABLE = tuple(BonusFacts(Decimal(rate), Decimal(percent)) for rate, percent in ((0, -10), (40, 0), (60, 5)))
WORK, TRAINING, NO, UNREACHED = WorkResult.LASTING, WorkResult.TRAINING, WorkResult.NO, WorkResult.UNREACHED


@pytest.mark.parametrize(
    ("at_work", "price"),
    [(12, "21000.00"), (11, "20000.00"), (8, "20000.00"), (7, "18000.00"), (0, "18000.00"), (20, "21000.00")],
)
def test_twenty_persons(at_work: int, price: str) -> None:
    found = bonus(BASE, TABLE, [WORK] * at_work + [NO] * (20 - at_work))
    assert found.price == Decimal(price)
    assert found.rate == Fraction(at_work * 100, 20)


def test_short_work_counts_and_training_does_not() -> None:
    results = [WorkResult.SHORT] * 12 + [TRAINING] * 8
    assert bonus(BASE, TABLE, results).price == Decimal("21000.00")


@pytest.mark.parametrize("lacking", [None, UNREACHED])
def test_three_results_missing(lacking: WorkResult | None) -> None:
    found = bonus(BASE, TABLE, [WORK] * 12 + [NO] * 5 + [lacking] * 3)
    assert (found.price, found.missing, found.is_computed) == (None, 3, False)
    assert working_lines(found)[-1] == ("Résultats manquants", "3")


def test_nobody_gives_no_price() -> None:
    assert bonus(BASE, TABLE, []).price is None


def test_the_working_is_said_line_by_line() -> None:
    told = [(what, much.replace("\u202f", " ").replace("\xa0", " ")) for what, much in working_lines(_twelve())]
    assert told == [
        ("Prix convenu", "20 000,00 €"),
        ("Personnes dont l’étape est payée sous cette convention", "20"),
        ("Personnes en emploi trois mois après, durable ou court", "12"),
        ("Taux de retour à l’emploi", "12 / 20 = 60 %"),
        ("Barème", "à partir de 60 % : +5 %"),
        ("Bonus ou malus", "+ 1 000,00 €"),
        ("Prix à payer", "21 000,00 €"),
    ]


def _twelve() -> BonusWorking:
    return bonus(BASE, TABLE, [WORK] * 12 + [NO] * 8)


def test_a_table_that_begins_higher_changes_nothing_under_it() -> None:
    found = bonus(BASE, TABLE[1:], [NO] * 3)
    assert (found.line, found.price) == (None, BASE)
    assert "aucune ligne" in dict(working_lines(found))["Barème"]


def test_a_rate_between_two_hundredths_is_said_about() -> None:
    found = bonus(Decimal("100.01"), (BonusFacts(Decimal(0), Decimal("-3.33")),), [WORK, WORK, NO])
    lines = dict(working_lines(found))
    assert "environ 66,67" in lines["Taux de retour à l’emploi"]
    assert "−3,33" in lines["Barème"]
    assert found.price == Decimal("96.68"), "3.330333 rounded once"


@given(st.integers(1, 60), st.data())
def test_the_line_is_the_highest_reached(persons: int, data: st.DataObject) -> None:
    at_work = data.draw(st.integers(0, persons))
    rate = Fraction(at_work * 100, persons)
    expected = -10 if at_work * 100 < 40 * persons else 0 if at_work * 100 < 60 * persons else 5
    line = line_of(TABLE, rate)
    assert line is not None and line.percent == expected
