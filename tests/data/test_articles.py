"""Are the model texts that come with the software whole, and fit to be signed?"""

import re
from datetime import date

import pytest

from conference.data.articles import ArticleError, parse_articles, parse_duties, shipped_articles, shipped_duties
from conference.domain.article_library import AVENANT, LibraryLine, library, missing_roles, model
from conference.domain.article_text import VARIABLES, names_in
from conference.domain.convention import ArticleRole, ConventionKind, PartyRole
from conference.domain.french import NARROW, NBSP

DAY = date(2026, 4, 20)
ARTICLES = library(shipped_articles(), (), DAY)
WHOLE = """
[[articles]]
code = "object"
role = "object"
kinds = ["relay"]
position = 1
first = 2020-01-01
required = true
title = "Objet"
text = '''
Fixe le relais
de {parties}.

Rien d’autre.
'''
"""


@pytest.mark.parametrize("kind", list(ConventionKind))
def test_each_kind_has_a_model_with_every_article_that_it_needs(kind: ConventionKind) -> None:
    lines = model(kind, ARTICLES)
    assert missing_roles(kind, [line.role for line in lines if line.required]) == ()
    assert lines[0].role is ArticleRole.PREAMBLE and lines[-1].role is ArticleRole.ANNEXES
    assert len({line.position for line in lines}) == len(lines), "two articles stand at one place"
    assert lines[0].text.endswith(f"Il est convenu ce qui suit{NARROW}:")
    # Four to eight pages: some 2 500 signs a page.
    assert 9_000 < sum(len(line.text) for line in lines) < 16_000


def test_the_wording_of_an_avenant_stands_apart_from_the_models() -> None:
    codes = [line.code for line in model(AVENANT, ARTICLES)]
    assert codes == ["avenant_preamble", "avenant_object", "avenant_effect"]
    assert not any(set(codes) & {line.code for line in model(kind, ARTICLES)} for kind in ConventionKind)


@pytest.mark.parametrize("line", shipped_articles(), ids=lambda line: line.code)
def test_each_text_is_typeset_and_whole(line: LibraryLine) -> None:
    for text in (line.title, line.text):
        assert not re.search(rf"(?<!{NARROW})[;:?»]", text), "a sign without its narrow space"
        assert not re.search(rf"«(?!{NARROW})|n°(?!{NBSP})|\b[LRD]\.(?!{NBSP})", text)
        assert not re.search(r"['\"!\t]|  | $|^ |\.\.|\(\)|\b(\w+) \1\b", text, re.MULTILINE), "a slip of the pen"
    paragraphs = line.text.split("\n\n")
    assert all("\n" not in each for each in paragraphs)
    assert all(re.search(r"[.;:]$|\}$", each) for each in paragraphs), "a paragraph without its end"
    assert len(line.text) <= 20_000 and len(line.code) <= 60 and re.fullmatch(r"[a-z_]+", line.code)
    assert date(2019, 4, 19) < line.first <= DAY, "it cites texts of 2018 and 2019"


def test_every_variable_of_the_texts_is_known_and_those_of_money_are_used() -> None:
    used = {name for line in shipped_articles() for name in names_in(line.text)}
    assert used <= VARIABLES.keys()
    assert {"plafond", "montant_total", "echeancier", "paliers", "montant_par_jour", "engagements"} <= used


def test_each_role_of_a_party_has_its_duties_in_each_kind() -> None:
    duties = shipped_duties()
    assert duties.keys() == {(kind, role) for kind in ConventionKind for role in PartyRole}
    for text in (text for each in duties.values() for text in each):
        assert re.match(r"[a-zé]+(?:er|ir|re) ", text), f"not an infinitive: {text}"
        assert text[-1] not in ".;" and "'" not in text and "{" not in text


def test_lines_of_a_paragraph_are_joined() -> None:
    [line] = parse_articles({"relay.toml": WHOLE})
    assert line.text == "Fixe le relais de {parties}.\n\nRien d’autre."
    assert line.serves("relay") and not line.serves("bonus")


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("{parties}", "{partis}", "unknown variables partis"),
        ("{parties}", "{parties", "unknown variables {"),
        ('"relay"', '"relais"', "unknown kinds relais"),
        ('role = "object"', 'role = "objet"', "unknown role objet"),
        ("required = true", "", "missing required"),
        ("position = 1", "position = 1\nplace = 2", "unknown place"),
        ("2020-01-01", "2020-01-01T10:00:00", "first must be a day"),
        ("[[articles]]", "[[articles]", "relay.toml: "),
    ],
)
def test_a_slip_of_the_pen_is_named_with_its_file(before: str, after: str, told: str) -> None:
    assert before in WHOLE
    with pytest.raises(ArticleError, match=re.escape(told)) as error:
        parse_articles({"relay.toml": WHOLE.replace(before, after)})
    assert str(error.value).startswith("relay.toml")


def test_two_versions_of_one_day_and_two_duties_of_one_role_are_refused() -> None:
    with pytest.raises(ArticleError, match="two versions from 2020-01-01"):
        parse_articles({"a.toml": WHOLE, "b.toml": WHOLE})
    twice = '[[duties]]\nkind = "relay"\nrole = "funder"\ntext = ["payer"]\n' * 2
    with pytest.raises(ArticleError, match="told twice"):
        parse_duties(twice)
