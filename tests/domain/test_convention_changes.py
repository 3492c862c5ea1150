"""Is what changed between two versions told whole, once, and side by side?"""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conference.domain.convention import ArticleRole, AvenantChange, ConventionKind, InstalmentKind, PartyRole
from conference.domain.convention_changes import changed_kinds, compared_texts, differences
from conference.domain.convention_facts import (
    ArticleFacts,
    BonusFacts,
    ConventionFacts,
    IncomeFacts,
    InstalmentFacts,
    PartyFacts,
    ShareFacts,
    SignatoryFacts,
)
from conference.domain.text_marks import Mark, side

ARTICLES = (
    ArticleFacts(1, ArticleRole.OBJECT, "Objet", "Cofinancer l’action."),
    ArticleFacts(2, ArticleRole.DURATION, "Durée", "Jusqu’au {dernier_jour}."),
    ArticleFacts(3, ArticleRole.OTHER, "Communication", "Les documents citent les financeurs."),
    ArticleFacts(4, ArticleRole.OTHER, "Égalité", "Aucune personne n’est écartée de l’action."),
    ArticleFacts(5, ArticleRole.DISPUTES, "Litiges", "Le juge tranche."),
)
FACTS = ConventionFacts(
    conference="Conférence Exemple",
    region="Exemple",
    convention_id=4,
    version_id=8,
    number="C-2026-004",
    kind=ConventionKind.CO_FUNDING,
    rank=0,
    title="Routiers",
    known_on=datetime(2026, 4, 20, tzinfo=UTC),
    parties=(
        PartyFacts(1, "Région Exemple", "Région", None, PartyRole.FUNDER, "délibération 12", ("payer",)),
        PartyFacts(2, "OPCO Exemple", "OPCO", None, PartyRole.FUNDER),
    ),
    articles=ARTICLES,
    first=date(2026, 5, 1),
    last=date(2026, 12, 31),
    ceiling=Decimal("50000.00"),
    shares=(ShareFacts(1, 2026, "Coûts", Decimal("20000.00")), ShareFacts(2, 2026, "Coûts", Decimal("30000.00"))),
    instalments=(InstalmentFacts(1, 1, InstalmentKind.ADVANCE, date(2026, 6, 1), Decimal("20000.00")),),
    bonus_base=Decimal("20000.00"),
    bonuses=(BonusFacts(Decimal(60), Decimal(5)),),
    income=IncomeFacts("Région Exemple", "RSP", Decimal("31.00")),
)


def terms(after: ConventionFacts) -> list[tuple[str, str, str]]:
    """The terms that changed from FACTS, with plain spaces."""
    told = differences(FACTS, after).terms
    return [
        tuple(text.replace("\u202f", " ").replace("\xa0", " ") for text in (t.label, t.before, t.after))  # type: ignore[misc]
        for t in told
    ]


def test_two_equal_versions_have_no_difference() -> None:
    told = differences(FACTS, replace(FACTS, version_id=9, rank=1, is_draft=False))
    assert (told.terms, told.changed, len(told.articles)) == ((), (), 5)
    assert changed_kinds(FACTS, FACTS) == ()


@pytest.mark.parametrize(
    ("changes", "kinds", "told"),
    [
        ({"ceiling": Decimal("60000.00")}, ["ceiling"], [("Plafond", "50 000,00 €", "60 000,00 €")]),
        ({"ceiling": None}, ["ceiling"], [("Plafond", "50 000,00 €", "–")]),
        ({"last": date(2027, 6, 30)}, ["duration"], [("Dernier jour", "31 décembre 2026", "30 juin 2027")]),
        (
            {"shares": (FACTS.shares[0], ShareFacts(2, 2027, "Coûts", Decimal("30000.00")))},
            ["plan"],
            [
                ("Plan : OPCO Exemple, 2027, Coûts", "–", "30 000,00 €"),
                ("Plan : OPCO Exemple, 2026, Coûts", "30 000,00 €", "–"),
            ],
        ),
        (
            {"instalments": (replace(FACTS.instalments[0], due_on=date(2026, 7, 1), condition="signature"),)},
            ["instalments"],
            [
                (
                    "Versement 1 : Région Exemple",
                    "avance de 20 000,00 € au 1er juin 2026",
                    "avance de 20 000,00 € au 1er juillet 2026, signature",
                )
            ],
        ),
        (
            {"parties": (FACTS.parties[0], PartyFacts(3, "Agefiph", "Agefiph", None, PartyRole.PARTNER))},
            ["parties"],
            [("Partie : Agefiph", "–", "partenaire"), ("Partie : OPCO Exemple", "financeur", "–")],
        ),
        (
            {"parties": (replace(FACTS.parties[0], duties=("payer", "suivre")), FACTS.parties[1])},
            ["articles"],
            [("Engagements de Région Exemple", "payer", "payer ; suivre")],
        ),
        (
            {"bonuses": (BonusFacts(Decimal(60), Decimal(8)),)},
            ["bonus"],
            [("Retour à l’emploi : 60 % et plus", "majoration de 5 %", "majoration de 8 %")],
        ),
        ({"income": None}, ["income"], None),
        (
            {"signatories": (SignatoryFacts(1, 1, "Anne Martin", "présidente", "Jean Petit"),)},
            [],
            [("Signataire : Région Exemple", "–", "Anne Martin, présidente, par délégation de Jean Petit")],
        ),
        ({"title": "Conducteurs"}, ["articles"], [("Intitulé", "Routiers", "Conducteurs")]),
    ],
)
def test_each_term_is_told_once_and_types_the_avenant(
    changes: dict[str, object], kinds: list[str], told: list[tuple[str, str, str]] | None
) -> None:
    after = replace(FACTS, **changes)  # type: ignore[arg-type]
    if "plan" in kinds:
        # What one party gives in another year leaves the total where it was.
        assert after.total == FACTS.total
    assert list(changed_kinds(FACTS, after)) == kinds
    if told is not None:
        assert terms(after) == told


def test_a_date_that_changes_marks_the_text_that_says_it_but_is_no_change_of_the_articles() -> None:
    after = replace(FACTS, last=date(2027, 12, 31))
    [article] = differences(FACTS, after).changed
    assert [(span.kind, span.text) for span in article.text] == [
        (Mark.SAME, "Jusqu’au 31\xa0décembre\xa0"),
        (Mark.REMOVED, "2026."),
        (Mark.ADDED, "2027."),
    ]
    assert changed_kinds(FACTS, after) == (AvenantChange.DURATION,)


def test_articles_are_matched_by_title_then_by_text_then_by_subject() -> None:
    one, two, three, four, five = ARTICLES
    after = (
        replace(one, article_id=11),
        replace(four, article_id=14, title="Accès de tous", text="Aucune personne n’est jamais écartée de l’action."),
        replace(two, article_id=12),
        ArticleFacts(16, ArticleRole.OTHER, "Mécénat", "Sans rapport avec le reste du texte."),
        replace(five, article_id=15, title="Différends", text="Tout autrement rédigé."),
    )
    told = differences(FACTS, replace(FACTS, articles=after))
    assert [(each.role.value, each.before, each.after) for each in told.articles] == [
        ("object", 1, 1),
        ("other", 3, None),
        ("other", 4, 2),
        ("duration", 2, 3),
        ("other", None, 4),
        ("disputes", 5, 5),
    ]
    assert [(each.before, each.after) for each in told.changed] == [(3, None), (4, 2), (None, 4), (5, 5)]
    added, removed = told.articles[4], told.articles[1]
    assert {span.kind for span in (*added.title, *added.text)} == {Mark.ADDED}
    assert {span.kind for span in (*removed.title, *removed.text)} == {Mark.REMOVED}
    assert three.title == removed.title[0].text
    assert changed_kinds(FACTS, replace(FACTS, articles=after)) == (AvenantChange.ARTICLES,)


def test_the_wording_of_an_avenant_is_shown_and_types_nothing() -> None:
    opening = ArticleFacts(
        20, ArticleRole.PREAMBLE, "Préambule de l’avenant", "Vu la convention {convention_modifiee}."
    )
    effect = ArticleFacts(21, ArticleRole.OTHER, "Prise d’effet", "Le présent avenant prend effet demain.")
    after = replace(FACTS, rank=1, amends="Routiers", articles=(opening, effect, *ARTICLES))
    assert [each.after for each in differences(FACTS, after).changed] == [0, 1]
    assert changed_kinds(FACTS, after) == ()


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("", "", []),
        ("", "Un", [("added", "Un")]),
        (
            "le juge civil tranche",
            "le juge tranche",
            [("same", "le juge "), ("removed", "civil "), ("same", "tranche")],
        ),
        # Two words that change together are one change.
        (
            "a un deux z",
            "a trois quatre z",
            [("same", "a "), ("removed", "un deux "), ("added", "trois quatre "), ("same", "z")],
        ),
        # Neither the line ends of a form nor its spaces before a colon are a change.
        ("ainsi :\r\n\r\nfin", "ainsi\u202f:\n\nfin", [("same", "ainsi\u202f:\n\nfin")]),
    ],
)
def test_words_are_marked_whole(before: str, after: str, told: list[tuple[str, str]]) -> None:
    assert [(span.kind.value, span.text) for span in compared_texts(before, after)] == told


words = st.lists(st.sampled_from(["le", "la", "juge", "partie,", "\n\n", "fin."]), max_size=30).map(" ".join)


@given(words, words)
def test_both_texts_are_found_again_in_the_marks(before: str, after: str) -> None:
    spans = compared_texts(before, after)
    assert "".join(span.text for span in side(spans, Mark.ADDED)) == before.strip()
    assert "".join(span.text for span in side(spans, Mark.REMOVED)) == after.strip()
    assert all(span.text for span in spans)
    assert before.strip() != after.strip() or {span.kind for span in spans} <= {Mark.SAME}


def test_long_texts_are_compared_by_paragraph_first_and_lose_no_word() -> None:
    paragraphs = [" ".join(f"mot{(7 * place + word) % 211}" for word in range(120)) for place in range(20)]
    before, after = "\n\n".join(paragraphs), "\n\n".join([*paragraphs[10:], "Un ajout.", *paragraphs[:10]])
    spans = compared_texts(before, after)
    assert "".join(span.text for span in side(spans, Mark.ADDED)) == before
    assert "".join(span.text for span in side(spans, Mark.REMOVED)) == after
    # One half stays where it is, the other is seen once on each side.
    same = sum(len(span.text) for span in spans if span.kind is Mark.SAME)
    assert 0.45 < same / len(before) < 0.55
