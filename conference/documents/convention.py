"""What does a convention look like on paper?

As what a regional council signs: who it binds, what they saw, what they agree on in numbered articles, where each signs, then
the annexes that the articles speak of. It is laid out from the facts of one version and from the texts of its articles, their
variables filled; it carries them as data. A code at the foot of each page lets a signed copy be filed by itself.
"""

import re
from collections.abc import Mapping

from conference.documents.article_blocks import LIST_SPACE, article_blocks, printed
from conference.documents.convention_annexes import annexes
from conference.documents.convention_data import convention_attachments
from conference.documents.convention_parties import parties_blocks, signature_blocks
from conference.documents.model import Block, Document, Heading, Items, Lead, Numbered, Room, Text, Together
from conference.documents.render import render_pdf
from conference.domain.convention import ArticleRole, ConventionKind
from conference.domain.convention_facts import ConventionFacts, PartyFacts
from conference.domain.french import NARROW, NBSP, format_date
from conference.domain.page_code import code_start

DRAFT = "Projet"
_AGREED = re.compile(r"(?im)^\s*il est convenu ce qui suit\s*[:.]?\s*$")
"""What ends a preamble, said once whatever the number of preambles."""
_KINDS = {
    ConventionKind.PROTOCOL: "Protocole d’accord",
    ConventionKind.INCOME: "Convention de rémunération",
    ConventionKind.CO_FUNDING: "Convention de cofinancement",
    ConventionKind.RELAY: "Convention de relais",
    ConventionKind.BONUS: "Convention avec bonus et malus",
}


def convention_pdf(
    facts: ConventionFacts, texts: Mapping[int, str], address: str, *, mentions: tuple[str, ...] = ()
) -> bytes:
    """The document of `convention_document` as a tagged, archivable file. The same arguments give the same bytes."""
    return render_pdf(convention_document(facts, texts=texts, address=address, mentions=mentions))


def convention_document(
    facts: ConventionFacts, *, texts: Mapping[int, str], address: str, mentions: tuple[str, ...] = ()
) -> Document:
    """A version of a convention, to print. `texts`: of each article by its identifier, variables filled. `address`: that of
    the instance, that the code of each page begins with. `mentions`: other words shown on every page, such as Démonstration.

    Raises KeyError when an article has no text.
    """
    start = code_start(address, number=facts.number, convention_id=facts.convention_id, rank=facts.rank)
    return Document(
        title=_title(facts),
        reference=facts.reference,
        conference=facts.conference,
        region=facts.region,
        known_on=facts.known_on,
        lines=tuple(filter(None, (*_under_title(facts), _period(facts)))),
        mentions=(*mentions, *((DRAFT,) if facts.is_draft else ())),
        blocks=(*_opening(facts, texts), *_agreed(facts, texts), *annexes(facts)),
        attachments=convention_attachments(facts, texts, file_stem(facts)),
        description=f"{_KINDS[facts.kind]} : {facts.title}",
        code_start=start,
    )


def file_stem(facts: ConventionFacts) -> str:
    """Name without suffix of the files of a version: C-2026-004, C-2026-004-A1, projet-12."""
    name = facts.number or f"projet-{facts.convention_id}"
    return f"{name}-A{facts.rank}" if facts.rank else name


def _title(facts: ConventionFacts) -> str:
    if not facts.rank:
        return printed(facts.title)
    amended = "au protocole d’accord" if facts.kind is ConventionKind.PROTOCOL else "à la convention"
    return f"Avenant n°{NBSP}{facts.rank} {amended} {facts.number or ''}".rstrip()


def _under_title(facts: ConventionFacts) -> tuple[str, ...]:
    kind, title = _KINDS[facts.kind], printed(facts.title)
    return (title,) if facts.rank else (() if title.startswith(kind) else (kind,))


def _period(facts: ConventionFacts) -> str:
    if facts.first and facts.last:
        return f"Du {format_date(facts.first)} au {format_date(facts.last)}"
    return f"À compter du {format_date(facts.first)}" if facts.first else ""


def _opening(facts: ConventionFacts, texts: Mapping[int, str]) -> list[Block]:
    """Parties, what an avenant amends, what they saw, and that they agree."""
    made = [*parties_blocks(facts), *_amended(facts, texts)]
    preambles = [each for each in facts.articles if each.role is ArticleRole.PREAMBLE]
    told = [_AGREED.sub("", texts[each.article_id]).rstrip() for each in preambles]
    for article, text in zip(preambles, told, strict=True):
        made += [Heading(printed(article.title), numbered=False), *article_blocks(text)]
    return [*_with_visa(made, facts, "\n".join(told)), Text(f"Il est convenu ce qui suit{NARROW}:", "strong")]


def _with_visa(made: list[Block], facts: ConventionFacts, told: str) -> list[Block]:
    """The decision that allows to sign, after the other texts that are seen, where the preamble does not name it."""
    decision = printed(facts.decision_reference).rstrip(" .,;\u202f")
    if not decision or decision[1:] in printed(told):
        return made
    seen = [rank for rank, block in enumerate(made) if isinstance(block, Text) and block.text.startswith("Vu ")]
    place = seen[-1] + 1 if seen else len(made)
    feminine = decision.lower().startswith(("délibération", "décision", "convention"))
    named = (
        f"la {decision[0].lower()}{decision[1:]}" if feminine else f"l’acte de référence suivant{NARROW}: {decision}"
    )
    return [*made[:place], Text(f"Vu {named}{NARROW};"), *made[place:]]


def _amended(facts: ConventionFacts, texts: Mapping[int, str]) -> list[Block]:
    """What an avenant amends, where none of its articles says it."""
    if not facts.rank or any("présent avenant" in text for text in texts.values()):
        return []
    what = "le protocole d’accord" if facts.kind is ConventionKind.PROTOCOL else "la convention"
    named = f"{what} {facts.number or ''}".rstrip() + (
        f" «\u202f{printed(facts.amends)}\u202f»" if facts.amends else ""
    )
    points = f" sur les points suivants{NARROW}:" if facts.changes else "."
    changes: list[Block] = [Items(tuple(facts.changes), space_after=LIST_SPACE)] if facts.changes else []
    after = f"Le texte qui suit est celui de l’ensemble ainsi modifié{NARROW}; une fois signé, il remplace le texte antérieur."
    return [
        Heading("Objet de l’avenant", numbered=False),
        Text(f"Le présent avenant n°{NBSP}{facts.rank} modifie {named}{points}"),
        *changes,
        Text(after),
    ]


def _agreed(facts: ConventionFacts, texts: Mapping[int, str]) -> list[Block]:
    """The articles, and the places to sign with the last of them where a page holds both: nobody signs a page without text."""
    articles, (signatures, *more) = _articles(facts, texts), signature_blocks(facts)
    if not articles:
        return [signatures, *more]
    begun = (block for each in articles[:-1] for block in (Room(_ARTICLE_ROOM), *each))
    return [*begun, Together((*articles[-1], signatures)), *more]


_ARTICLE_ROOM = 88.0
"""Points that a heading and the first lines of its article need: none stands alone at the foot of a page."""


def _articles(facts: ConventionFacts, texts: Mapping[int, str]) -> list[list[Block]]:
    """Each article: its heading, then what it says."""
    articles = [each for each in facts.articles if each.role is not ArticleRole.PREAMBLE]
    told = [article_blocks(texts[each.article_id]) for each in articles]
    made: list[list[Block]] = []
    for rank, (article, blocks) in enumerate(zip(articles, told, strict=True), start=1):
        heading = Heading(f"Article{NBSP}{rank}{NBSP}– {printed(article.title)}", numbered=False)
        duties = _duties(facts, told) if article.role is ArticleRole.COMMITMENTS else []
        made.append([heading, *blocks, *duties])
    return made


def _duties(facts: ConventionFacts, told: list[tuple[Block, ...]]) -> list[Block]:
    """What the parties commit themselves to and that no article says yet, under the article of commitments."""
    words = "\n".join(_words(block) for blocks in told for block in blocks)
    left = [(party, _untold(party, words)) for party in facts.parties]
    return [
        block
        for party, duties in left
        if duties
        for block in (Lead(printed(party.name), f" s’engage à{NARROW}:"), Items(duties, space_after=LIST_SPACE))
    ]


def _words(block: Block) -> str:
    if isinstance(block, Items | Numbered):
        return "\n".join(block.texts)
    return block.text if isinstance(block, Text | Lead) else ""


def _untold(party: PartyFacts, words: str) -> tuple[str, ...]:
    """Its duties that are not in the text, whatever the sign that ends them and the capital that begins them."""
    return tuple(duty for duty in map(printed, party.duties) if duty[1:].rstrip(" .;\u202f") not in words)
