"""Does every no carry its sentence, its field and its code?"""

import pytest

from conference.domain.refusal import Conflict, Forbidden, NotFound, Refusal


def told(refusal: Refusal) -> tuple[str, str, str | None, str]:
    return str(refusal), refusal.message, refusal.field, refusal.code


def test_a_refusal_has_a_code_of_its_own_when_none_is_given() -> None:
    assert told(Refusal("Non.")) == ("Non.", "Non.", None, "refused")
    assert told(Refusal("Non.", field="amount", code="too_much")) == ("Non.", "Non.", "amount", "too_much")


@pytest.mark.parametrize(
    ("kind", "sentence", "code"),
    [
        (NotFound, "Cette page n’existe pas ou n’est plus accessible.", "not_found"),
        (Forbidden, "Votre rôle ne permet pas cette action.", "forbidden"),
    ],
)
def test_each_kind_has_a_sentence_of_its_own(kind: type[NotFound] | type[Forbidden], sentence: str, code: str) -> None:
    assert told(kind()) == (sentence, sentence, None, code)


@pytest.mark.parametrize(("kind", "code"), [(NotFound, "not_found"), (Forbidden, "forbidden"), (Conflict, "conflict")])
def test_each_kind_says_what_it_was_given(kind: type[NotFound] | type[Forbidden] | type[Conflict], code: str) -> None:
    assert told(kind("Un autre compte l’a modifié.")) == (
        "Un autre compte l’a modifié.",
        "Un autre compte l’a modifié.",
        None,
        code,
    )
