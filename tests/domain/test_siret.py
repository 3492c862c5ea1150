"""Is a wrong SIRET told from a right one?"""

import pytest

from conference.domain.refusal import Refusal
from conference.domain.siret import is_siret, luhn_sum, parse_siret


@pytest.mark.parametrize("typed", ["21060004500392", "224 900 019 000 15", "356 000 000 49837", "35600000000048"])
def test_right_ones_are_read(typed: str) -> None:
    assert is_siret(parse_siret(typed))


@pytest.mark.parametrize("typed", ["21060004500393", "2106000450039", "2106000450039A", "", "٢١٠٦٠٠٠٤٥٠٠٣٩٢"])
def test_wrong_ones_are_refused(typed: str) -> None:
    assert not is_siret(typed)
    with pytest.raises(Refusal):
        parse_siret(typed)


def test_spaces_of_any_kind_and_points_are_taken_out() -> None:
    assert parse_siret(" 224\u00a0900\u202f019.000\t15\n") == "22490001900015"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (" 2106000450039 ", "Le SIRET « 2106000450039 » doit compter 14 chiffres."),
        ("210600045003921", "Le SIRET « 210600045003921 » doit compter 14 chiffres."),
        (
            " 210 600 045 00393 ",
            "Le SIRET « 210 600 045 00393 » contient une erreur : sa clé de contrôle est fausse.",
        ),
    ],
)
def test_what_is_wrong_is_said(typed: str, sentence: str) -> None:
    with pytest.raises(Refusal) as refused:
        parse_siret(typed)
    assert (str(refused.value), refused.value.code, refused.value.field) == (sentence, "siret", None)


def test_only_la_poste_has_digits_that_sum_to_a_multiple_of_five() -> None:
    assert is_siret("35600000049837")
    assert not is_siret("35600000049838")
    # The same digits in another order, whose Luhn sum is no multiple of ten.
    assert not is_siret("53600000049837")


@pytest.mark.parametrize(
    ("digits", "total"), [("0", 0), ("10", 2), ("50", 1), ("90", 9), ("59", 10), ("79927398713", 70)]
)
def test_every_second_digit_from_the_right_is_doubled(digits: str, total: int) -> None:
    assert luhn_sum(digits) == total
