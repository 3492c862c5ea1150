"""Are names that one person bears told alike, others apart, and is a NIR found however it is typed?"""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conference.domain.identity import age_on, believed_age, holds_nir, likeness_key, name_letters

BORN = date(1980, 3, 12)
LATIN = st.text(st.characters(whitelist_categories=["Ll", "Lu"], max_codepoint=0x24F), min_size=1, max_size=30)
MARKS = st.lists(st.sampled_from([" ", "-", "'", "’", ".", "\u00a0", "\u2011", "  "]), min_size=1, max_size=4)


def key(family: str, given_names: str = "Marie") -> str:
    return likeness_key(family, given_names, BORN)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Le Goff", "LEGOFF"),
        ("Le Goff", "le-goff"),
        ("d’Artagnan", "D ARTAGNAN"),
        ("d'Artagnan", "DARTAGNAN"),
        ("Tour (de La)", "de La Tour"),
        ("Goff Le", "Le Goff"),
        ("Œuvrard", "OEUVRARD"),
        ("Nuñez", "NUNEZ"),
        ("Strauß", "STRAUSS"),
        ("Hélène", "He\u0301le\u0300ne"),
        ("Łukasz", "Lukasz"),
        ("Saint‑Exupéry", "SAINT EXUPERY"),
    ],
)
def test_one_name_written_in_two_ways(one: str, other: str) -> None:
    assert key(one) == key(other)


def test_only_the_first_given_name_counts() -> None:
    assert key("Martin", "Marie, Louise") == key("Martin", "Marie") == key("Martin", ", Marie; Anne")
    assert key("Martin", "Jean Pierre") == key("Martin", "Jean-Pierre")
    assert key("Martin", "Jean-Pierre") != key("Martin", "Jean")


def test_other_persons_stay_apart() -> None:
    assert key("Martin") != key("Martine")
    assert key("Martin", "Anne") != key("Martinan", "ne")
    assert likeness_key("Martin", "Marie", BORN) != likeness_key("Martin", "Marie", date(1980, 12, 3))


@given(LATIN, LATIN)
def test_case_and_marks_change_nothing(family: str, first: str) -> None:
    wanted = likeness_key(family, first, BORN)
    assert likeness_key(f"  {family}- ", f"’{first} ", BORN) == wanted
    if len(family.upper()) == len(family) and family.upper().lower() == family.lower():
        assert likeness_key(family.upper(), first, BORN) == wanted


@given(st.lists(LATIN.filter(lambda word: len(name_letters(word)) > 4), min_size=1, max_size=4), MARKS)
def test_what_stands_between_words_changes_nothing(words: list[str], marks: list[str]) -> None:
    assert name_letters("".join(marks).join(words)) == "".join(name_letters(word) for word in words)


@given(st.text(max_size=40))
def test_letters_of_letters_are_themselves(text: str) -> None:
    once = name_letters(text)
    assert name_letters(once) == once
    assert all(each.isalnum() for each in once)


NIR = st.from_regex(r"[12][0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[1-8][0-9]|2[AB])[0-9]{6}([0-9]{2})?", fullmatch=True)


@given(NIR, st.sampled_from(["", " ", ".", "-", "\u00a0", "\u202f"]), st.sampled_from(["", "n° ", "Mme Martin, "]))
def test_a_nir_is_found_however_it_is_spaced(nir: str, gap: str, before: str) -> None:
    assert holds_nir(f"{before}{gap.join(nir)} reçu")


@pytest.mark.parametrize(
    "text",
    ["06 12 34 56 78", "+33 6 12 34 56 78", "85215620700014", "P-2026-000123", "né le 12/03/1980, 0612345678", ""],
)
def test_other_numbers_are_let_through(text: str) -> None:
    assert not holds_nir(text)


def test_ages() -> None:
    assert age_on(date(2000, 2, 29), date(2026, 2, 28)) == 25
    assert age_on(date(2000, 2, 29), date(2026, 3, 1)) == 26
    assert believed_age(date(2020, 1, 1), date(2026, 1, 1)) is None
    assert believed_age(date(2016, 1, 1), date(2026, 1, 1)) == 10
    assert believed_age(date(1916, 1, 1), date(2026, 12, 31)) == 110
    assert believed_age(date(1915, 12, 31), date(2026, 12, 31)) is None
