"""Does a text in JSON give the cases that were written, and say where it is broken or doubtful?"""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conference.domain.case import Case, Person
from conference.domain.case_json import TextError, read_cases
from conference.domain.case_reading import CaseError
from tests.domain.test_case_reading import GARBAGE, NOT_AN_AMOUNT, ODD_CASES, plain, with_right

CASES = Path(__file__).parents[3] / "shared" / "cases" / "coverage.json"


@given(st.text() | (GARBAGE | ODD_CASES).map(lambda raw: json.dumps(raw, default=str)))
def test_any_text_is_cases_or_a_sentence(text: str) -> None:
    try:
        read_cases(text)
    except (CaseError, TextError) as error:
        assert str(error).endswith(".")


def test_numbers_of_json_are_exact() -> None:
    text = json.dumps(with_right(daily_amount=0)).replace('"daily_amount": 0', '"daily_amount": 31.10')
    case = read_cases(text)
    assert isinstance(case, Case)
    assert str(case.rights[0].daily_amount) == "31.10"


def test_a_list_gives_a_list_and_its_faults_have_a_number() -> None:
    assert read_cases("[]") == []
    assert read_cases('[{"steps": []}]') == [Case(None, Person(), ())]
    with pytest.raises(CaseError, match="Cas n°\u00a03"):
        read_cases('[{"steps": []}, {"steps": []}, [{"steps": []}]]')


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", "ligne 1, colonne 1, le texte s’arrête trop tôt."),
        ('{\n "steps": [\n  {"kind": }]}', "ligne 3, colonne 12, « } » ne peut pas se trouver là."),
        ('{"steps', "ligne 1, colonne 2, un guillemet s’ouvre et ne se ferme pas."),
        ("{} {}", "ligne 1, colonne 4, le document est fini mais le texte continue."),
        ('{"a\n": 1}', "ligne 1, colonne 4, un texte contient un retour à la ligne ou un caractère invisible."),
        ("\x00", "ligne 1, colonne 1, « … » ne peut pas se trouver là."),
    ],
)
def test_text_that_is_no_json_says_where(text: str, found: str) -> None:
    with pytest.raises(TextError) as refusal:
        read_cases(text)
    assert plain(str(refusal.value)) == f"Le texte n’est pas du JSON : {found} Corrigez-le à cet endroit."


def test_a_case_alone_is_the_first() -> None:
    with pytest.raises(CaseError, match="Cas n°\u00a01"):
        read_cases('{"steps": 1}')


def test_a_number_of_many_digits_is_refused_like_any_other() -> None:
    with pytest.raises(CaseError) as refusal:
        read_cases(f'{{"steps": {"1" * 5000}}}')
    assert refusal.value.field == "steps"


@pytest.mark.parametrize("text", ["3", "NaN", "null", '"a"'])
def test_json_that_holds_no_case_says_what_to_write(text: str) -> None:
    with pytest.raises(TextError) as refusal:
        read_cases(text)
    sentence = "Le texte ne contient pas de cas. Écrivez un cas { … } ou une liste de cas [ { … }, … ]."
    assert plain(str(refusal.value)) == sentence


def test_text_without_a_bottom_is_refused() -> None:
    with pytest.raises(TextError) as refusal:
        read_cases("[" * 100_000)
    sentence = "Le texte contient trop de listes ou d’objets les uns dans les autres. Simplifiez-le."
    assert str(refusal.value) == sentence


TWICE = "cette clé est écrite deux fois. N’en gardez qu’une."
RIGHT = '{"kind": "cif", "payer": "f", "first": "2026-01-05", "last": "2026-01-05", %s}'


@pytest.mark.parametrize(
    ("text", "field", "sentence"),
    [
        ('{"steps": [{"first": "2026-01-05", "kind": "job", "first": "2026-01-06"}]}', "steps[0].first", TWICE),
        ('{"steps": [], "steps": []}', "steps", TWICE),
        ('{"steps": [], "rights": [' + RIGHT % '"payer": "f"' + "]}", "rights[0].payer", TWICE),
        (
            '{"steps": [], "rights": [' + RIGHT % '"daily_amount": -Infinity' + "]}",
            "rights[0].daily_amount",
            f"« -Infinity » {NOT_AN_AMOUNT}",
        ),
        (
            '{"steps": [], "rights": [' + RIGHT % '"right_months": 1e9999999999999999999' + "]}",
            "rights[0].right_months",
            "« Infinity » ne convient pas. Écrivez un nombre entier de mois, de 0 à 600.",
        ),
    ],
)
def test_what_json_lets_pass_names_the_case_and_the_field(text: str, field: str, sentence: str) -> None:
    with pytest.raises(CaseError) as refusal:
        read_cases(f'[{{"steps": []}}, {text}]')
    assert plain(str(refusal.value)) == f"Cas n° 2, champ « {field} » : {sentence}"


@pytest.mark.skipif(not CASES.exists(), reason="the shared cases are not beside the project")
def test_every_shared_case_is_read() -> None:
    written = json.loads(CASES.read_text(encoding="utf-8"))
    read = read_cases(json.dumps([each["case"] for each in written]))
    assert isinstance(read, list)
    assert len(read) == len(written) > 0
