"""What changed between two versions of a convention, told side by side, and what does that make of an avenant?

Articles are matched by what they are about and their title, then by how alike their texts are: an article that was moved or
whose title was corrected stays one article. They are compared as they are signed, their variables filled; the terms are told
with one line each, so that a date that changed is seen once as a date and where the text says it.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from conference.domain.article_text import filled, names_in, variables_of
from conference.domain.convention import ArticleRole, AvenantChange
from conference.domain.convention_facts import (
    ArticleFacts,
    ConventionFacts,
    InstalmentFacts,
    ShareFacts,
    article_numbers,
)
from conference.domain.convention_words import INSTALMENTS, ROLES, daily, tiers
from conference.domain.french import NARROW, format_date, format_euros
from conference.domain.text_marks import Mark, Span, alike, compared_texts

__all__ = ["ArticleChange", "Differences", "TermChange", "changed_kinds", "compared_texts", "differences"]

_Names = Mapping[int, str]
"""Names of the organisations of both versions, by identifier."""
NOTHING = "–"
_OF_AVENANTS = frozenset({"avenant", "convention_modifiee", "modifications"})
_CLOSE = 0.4
"""From so much alike on, two articles of a convention's own are one that was written again."""


@dataclass(frozen=True, slots=True)
class TermChange:
    """A term that changed; `before` or `after` is « – » where there was none."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ArticleChange:
    """An article of either version. `before` and `after`: its number in each document, 0 for a preamble, None where it is
    not.

    `title` and `text` are marked; one that did not change has SAME spans only."""

    role: ArticleRole
    before: int | None
    after: int | None
    title: tuple[Span, ...]
    text: tuple[Span, ...]

    @property
    def is_changed(self) -> bool:
        """Was it added, removed or written again? One that only moved was not."""
        return any(span.kind is not Mark.SAME for span in (*self.title, *self.text))


@dataclass(frozen=True, slots=True)
class Differences:
    """All that differs: the terms that changed, and every article in the order of the text after."""

    terms: tuple[TermChange, ...]
    articles: tuple[ArticleChange, ...]

    @property
    def changed(self) -> tuple[ArticleChange, ...]:
        """The articles that were added, removed or written again."""
        return tuple(each for each in self.articles if each.is_changed)


def differences(before: ConventionFacts, after: ConventionFacts) -> Differences:
    """What changed from one version to another, terms then articles."""
    return Differences(tuple(_terms(before, after)), tuple(_articles(before, after)))


def changed_kinds(before: ConventionFacts, after: ConventionFacts) -> tuple[AvenantChange, ...]:
    """What types an avenant, in the order of AvenantChange. Of the articles, their wording counts and not what fills it."""
    return tuple(kind for kind, told in _TOLD.items() if told(before) != told(after))


_TOLD: Mapping[AvenantChange, Callable[[ConventionFacts], object]] = {
    AvenantChange.CEILING: lambda facts: facts.ceiling,
    AvenantChange.PLAN: lambda facts: _by_key(facts.shares, _share_key, lambda share: share.amount),
    AvenantChange.INSTALMENTS: lambda facts: sorted(
        (line.organisation_id, line.due_on, line.kind, line.amount, line.condition) for line in facts.instalments
    ),
    AvenantChange.DURATION: lambda facts: (facts.first, facts.last),
    AvenantChange.PARTIES: lambda facts: (
        {each.organisation_id: (each.role, each.authority) for each in facts.parties},
        facts.beneficiary,
    ),
    AvenantChange.ARTICLES: lambda facts: (
        facts.title,
        facts.payment_conditions,
        [(each.role, each.title, each.text) for each in facts.articles if not _opens_an_avenant(each)],
        {each.organisation_id: each.duties for each in facts.parties if each.duties},
    ),
    AvenantChange.BONUS: lambda facts: (facts.bonus_base, {each.from_rate: each.percent for each in facts.bonuses}),
    AvenantChange.INCOME: lambda facts: facts.income,
}


def _opens_an_avenant(article: ArticleFacts) -> bool:
    """Is it of the wording of an avenant itself? That it came with the avenant is no change of the convention."""
    return "présent avenant" in article.text or not _OF_AVENANTS.isdisjoint(names_in(article.text))


def _terms(before: ConventionFacts, after: ConventionFacts) -> Iterator[TermChange]:
    for label, told in _SINGLE.items():
        yield from _changed(label, told(before), told(after))
    names = {each.organisation_id: each.name for each in (*before.parties, *after.parties)}
    for lines in (_party_lines, _plan_lines, _instalment_lines, _bonus_lines, _signatory_lines):
        old, new = lines(before, names), lines(after, names)
        for label in dict.fromkeys((*new, *old)):
            yield from _changed(label, old.get(label, ""), new.get(label, ""))


def _changed(label: str, before: str, after: str) -> Iterator[TermChange]:
    if before != after:
        yield TermChange(label, before or NOTHING, after or NOTHING)


def _euros(amount: Decimal | None) -> str:
    return "" if amount is None else format_euros(amount)


def _day(day: date | None) -> str:
    return "" if day is None else format_date(day)


_SINGLE: Mapping[str, Callable[[ConventionFacts], str]] = {
    "Intitulé": lambda facts: facts.title,
    "Premier jour": lambda facts: _day(facts.first),
    "Dernier jour": lambda facts: _day(facts.last),
    "Plafond": lambda facts: _euros(facts.ceiling),
    "Total du plan": lambda facts: _euros(facts.total) if facts.shares else "",
    "Bénéficiaire": lambda facts: facts.beneficiary,
    "Conditions de versement": lambda facts: facts.payment_conditions,
    "Délibération ou décision": lambda facts: facts.decision_reference,
    "Lieu de la signature": lambda facts: facts.place,
    "Ordre des signatures": lambda facts: "imposé" if facts.ordered else "libre",
    "Prix": lambda facts: _euros(facts.bonus_base),
    "Payeur de la rémunération": lambda facts: facts.income.payer if facts.income else "",
    "Nature de la rémunération": lambda facts: facts.income.kind if facts.income else "",
    "Montant de chaque jour": lambda facts: daily(facts.income) if facts.income else "",
    "Public": lambda facts: (facts.income.audience or "tous") if facts.income else "",
    "Territoire": lambda facts: (facts.income.territory or "tous") if facts.income else "",
}


def _party_lines(facts: ConventionFacts, _names: _Names) -> dict[str, str]:
    lines = {}
    for party in facts.parties:
        lines[f"Partie{NARROW}: {party.name}"] = ", ".join(filter(None, (ROLES[party.role], party.authority)))
        lines[f"Engagements de {party.name}"] = f"{NARROW}; ".join(party.duties)
    return lines


def _plan_lines(facts: ConventionFacts, names: _Names) -> dict[str, str]:
    """What each party puts in for a year and a nature; lines with one name are summed, as the reader would."""
    sums: dict[str, Decimal] = {}
    for share in facts.shares:
        label = ", ".join(
            (_name(names, share.organisation_id), str(share.year), share.nature)
            + ((f"pour {share.beneficiary}",) if share.beneficiary else ())
        )
        sums[label] = sums.get(label, Decimal(0)) + share.amount
    return {f"Plan{NARROW}: {label}": format_euros(amount) for label, amount in sums.items()}


def _instalment_lines(facts: ConventionFacts, names: _Names) -> dict[str, str]:
    """An instalment is the same one in two versions when it has the same key."""
    told = {
        line.key: f"Versement {line.key}{NARROW}: {_name(names, line.organisation_id)}" for line in facts.instalments
    }
    return {told[line.key]: _instalment_words(line) for line in facts.instalments}


def _instalment_words(line: InstalmentFacts) -> str:
    told = f"{INSTALMENTS[line.kind]} de {format_euros(line.amount)} au {format_date(line.due_on)}"
    return f"{told}, {line.condition}" if line.condition else told


def _bonus_lines(facts: ConventionFacts, _names: _Names) -> dict[str, str]:
    return {f"Retour à l’emploi{NARROW}: {rates}": effect for rates, effect in tiers(facts.bonuses, None)}


def _signatory_lines(facts: ConventionFacts, names: _Names) -> dict[str, str]:
    lines: dict[str, str] = {}
    for each in sorted(facts.signatories, key=lambda signatory: signatory.rank):
        label = f"Signataire{NARROW}: {_name(names, each.organisation_id)}"
        held = f"par délégation de {each.delegate_of}" if each.delegate_of else ""
        told = ", ".join(filter(None, (each.name, each.function, held)))
        lines[label] = f"{lines[label]}{NARROW}; {told}" if label in lines else told
    return lines


def _name(names: _Names, organisation_id: int) -> str:
    return names.get(organisation_id) or f"organisme {organisation_id}"


def _share_key(share: ShareFacts) -> Hashable:
    return share.organisation_id, share.year, share.nature, share.beneficiary_id


def _by_key(
    lines: Sequence[ShareFacts], key: Callable[[ShareFacts], Hashable], value: Callable[[ShareFacts], Decimal]
) -> dict[Hashable, Decimal]:
    sums: dict[Hashable, Decimal] = {}
    for line in lines:
        sums[key(line)] = sums.get(key(line), Decimal(0)) + value(line)
    return sums


def _articles(before: ConventionFacts, after: ConventionFacts) -> Iterator[ArticleChange]:
    """Those of the text after in their order, each removed one before the first that came after it."""
    pairs = _pairs(before.articles, after.articles)
    values = variables_of(before), variables_of(after)
    source = {new: old for old, new in pairs.items()}
    gone = [place for place in range(len(before.articles)) if place not in pairs]
    was, stands = (article_numbers(each.role for each in facts.articles) for facts in (before, after))
    for new, article in enumerate(after.articles):
        old = source.get(new)
        while gone and old is not None and gone[0] < old:
            place = gone.pop(0)
            yield _change(before.articles[place], None, was[place], None, values)
        kept, number = (None, None) if old is None else (before.articles[old], was[old])
        yield _change(kept, article, number, stands[new], values)
    for place in gone:
        yield _change(before.articles[place], None, was[place], None, values)


def _change(
    old: ArticleFacts | None,
    new: ArticleFacts | None,
    before: int | None,
    after: int | None,
    values: tuple[Mapping[str, str], Mapping[str, str]],
) -> ArticleChange:
    titles, texts = (
        (filled(getattr(old, name), values[0]) if old else "", filled(getattr(new, name), values[1]) if new else "")
        for name in ("title", "text")
    )
    shown = new or old
    assert shown is not None
    return ArticleChange(shown.role, before, after, compared_texts(*titles), compared_texts(*texts))


def _pairs(before: Sequence[ArticleFacts], after: Sequence[ArticleFacts]) -> dict[int, int]:
    """Place before -> place after of the articles that are one."""
    pairs: dict[int, int] = {}
    _take(pairs, before, after, lambda old, new: float((old.role, old.title) == (new.role, new.title)), least=1)
    _take(pairs, before, after, lambda old, new: alike(old.text, new.text) if old.role is new.role else 0, least=_CLOSE)
    _take(pairs, before, after, _same_subject, least=1)
    return pairs


def _same_subject(old: ArticleFacts, new: ArticleFacts) -> float:
    """Two articles on the one subject of a role are one, however they read; `other` is no subject."""
    return float(old.role is new.role and old.role is not ArticleRole.OTHER)


def _take(
    pairs: dict[int, int],
    before: Sequence[ArticleFacts],
    after: Sequence[ArticleFacts],
    score: Callable[[ArticleFacts, ArticleFacts], float],
    least: float,
) -> None:
    """Add the pairs whose score is `least` or more, the highest first, among the articles that have none yet."""
    taken = set(pairs.values())
    scored = (
        (score(old, new), -i, -j)
        for i, old in enumerate(before)
        if i not in pairs
        for j, new in enumerate(after)
        if j not in taken
    )
    for _, i, j in sorted((each for each in scored if each[0] >= least), reverse=True):
        if -i not in pairs and -j not in taken:
            pairs[-i] = -j
            taken.add(-j)
