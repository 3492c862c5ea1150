"""Does the text that a person wrote become the paragraphs and lists that it means, with the typography of print?"""

import pytest

from conference.documents.article_blocks import article_blocks, printed
from conference.documents.model import Items, Lead, Numbered, Room, Text


def test_paragraphs_are_apart_by_an_empty_line_and_a_line_break_is_a_space() -> None:
    assert article_blocks("Un début\nqui continue.\n\n\nUn autre.") == (
        Text("Un début qui continue."),
        Text("Un autre."),
    )


def test_dashes_make_one_list_even_apart_by_empty_lines() -> None:
    blocks = article_blocks("Il faut :\n\n–\u00a0un ;\n\n- deux\nencore ;\n• trois.\n\nFin.")
    assert [type(each) for each in blocks] == [Room, Text, Items, Text]
    assert isinstance(blocks[2], Items)
    assert blocks[2].texts == ("un\u202f;", "deux encore\u202f;", "trois.")


def test_items_keep_their_signs() -> None:
    (blocks,) = article_blocks("1° un\n2° deux")
    assert isinstance(blocks, Numbered)
    assert (blocks.signs, blocks.texts) == (("1°", "2°"), ("un", "deux"))
    (letters,) = article_blocks("a) un\n\nb) deux")
    assert isinstance(letters, Numbered)
    assert letters.signs == ("a)", "b)")


def test_number_of_a_paragraph_leads_it() -> None:
    assert article_blocks("2.1 La Région.\n\n2.1.3. La suite.") == (
        Lead("2.1", "\u00a0\u00a0La Région."),
        Lead("2.1.3", "\u00a0\u00a0La suite."),
    )


def test_texts_that_are_seen_stand_each_on_its_own() -> None:
    assert article_blocks("Vu le code ;\nVu la loi\nde 2000 ;") == (
        Text("Vu le code\u202f;"),
        Text("Vu la loi de 2000\u202f;"),
    )


@pytest.mark.parametrize("text", ["", "  \n\n \t\n", "\n"])
def test_nothing_is_nothing(text: str) -> None:
    assert article_blocks(text) == ()


@pytest.mark.parametrize(
    "text", ["-5 % de malus", "1250 euros", "2026 est une année", "a partir", "-", "–", "1°", "2.1"]
)
def test_what_only_looks_like_a_list_is_a_paragraph(text: str) -> None:
    assert [type(each) for each in article_blocks(text)] == [Text]


def test_typography_is_put_right_and_words_are_kept() -> None:
    shown = "l’article\u00a012 : 23\u202f000\u00a0€, 5\u00a0%, n°\u00a04"
    assert printed("l'article 12 : 23 000 €, 5 %,  n° 4") == shown.replace(" :", "\u202f:")
    assert printed("L'an 2026 000") == "L’an 2026\u202f000"
    assert printed(printed("n° 1 : « l'an »")) == printed("n° 1 : « l'an »")
