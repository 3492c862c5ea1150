"""Does every no carry its sentence, its field and its code?"""

import pytest

from conference.domain.refusal import Conflict, Forbidden, NotFound, Refusal


def told(refusal: Refusal) -> tuple[str, str, str | None, str]:
    return str(refusal), refusal.message, refusal.field, refusal.code


def test_a_refusal_has_a_code_of_its_own_when_none_is_given() -> None:
    assert told(Refusal("Non.")) == ("Non.", "Non.", None, "refused")
    assert told(Refusal("Non.", field="amount", code="too_much")) == ("Non.", "Non.", "amount", "too_much")


@pytest.mark.parametrize(
    ("refusal", "sentence", "code"),
    [
        (NotFound(), "Cette page n’existe pas ou n’est plus accessible.", "not_found"),
        (NotFound("Ce parcours n’existe pas."), "Ce parcours n’existe pas.", "not_found"),
        (Forbidden(), "Votre rôle ne permet pas cette action.", "forbidden"),
        (Forbidden("Seul un signataire confirme."), "Seul un signataire confirme.", "forbidden"),
        (Conflict("Un autre compte l’a modifié."), "Un autre compte l’a modifié.", "conflict"),
    ],
)
def test_each_kind_says_what_it_was_given(refusal: Refusal, sentence: str, code: str) -> None:
    assert told(refusal) == (sentence, sentence, None, code)
