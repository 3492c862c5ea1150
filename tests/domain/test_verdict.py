"""Is what nobody has said to check, and never a no?"""

from itertools import product

import pytest

from conference.domain.verdict import Condition, Verdict, all_of, told

YES, NO, TO_CHECK = Verdict.YES, Verdict.NO, Verdict.TO_CHECK


def of(*verdicts: Verdict) -> Verdict:
    return all_of(Condition("code", verdict, "texte", "source") for verdict in verdicts)


def test_a_datum_that_nobody_has_said_is_to_check() -> None:
    assert [told(datum) for datum in (True, False, None)] == [YES, NO, TO_CHECK]


@pytest.mark.parametrize(
    ("verdicts", "whole"),
    [((), YES), ((YES, YES), YES), ((YES, TO_CHECK), TO_CHECK), ((TO_CHECK, NO), NO), ((NO, YES), NO)],
)
def test_a_missing_condition_is_a_no_whatever_remains_to_check(verdicts: tuple[Verdict, ...], whole: Verdict) -> None:
    assert of(*verdicts) is whole


def test_the_order_of_conditions_changes_nothing() -> None:
    for three in product(Verdict, repeat=3):
        assert of(*three) is of(*reversed(three)) is of(*three, *three)
