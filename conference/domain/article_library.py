"""Which articles does the library hold on a day, and which of them make the model text of a kind of convention?

Decision: the software ships dated articles; a conférence dates its own, which stand before the shipped ones of the same code
from their first day on. Nothing is changed: a text that was used in a convention can be read as it was.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from conference.domain.convention import REQUIRED_ROLES, ArticleRole, ConventionKind

AVENANT = "avenant"
"""In the kinds of an article, with no other: it is of the wording that opens an avenant, before the whole text."""

OWN_ROLES: Mapping[str, tuple[ArticleRole, ...]] = {
    ConventionKind.INCOME: (ArticleRole.INCOME,),
    ConventionKind.BONUS: (ArticleRole.BONUS,),
}
"""Roles that a kind asks for besides those of every convention."""


@dataclass(frozen=True, slots=True)
class LibraryLine:
    """An article as it reads from `first` on. `kinds`: words of ConventionKind, or AVENANT; empty for all the kinds.

    `required`: a convention of these kinds may not do without it. `article_id` None: shipped with the software.
    """

    code: str
    first: date
    role: ArticleRole
    position: int
    title: str
    text: str
    kinds: frozenset[str] = frozenset()
    required: bool = True
    article_id: int | None = None

    def serves(self, kind: str) -> bool:
        """Is it of the model of that kind (or of AVENANT)?"""
        return kind in self.kinds or (not self.kinds and kind != AVENANT)


def library(shipped: Iterable[LibraryLine], own: Iterable[LibraryLine], on: date) -> Mapping[str, LibraryLine]:
    """By code, the version in force on a day: the latest one of the conférence, else the latest shipped one."""
    in_force: dict[str, LibraryLine] = {}
    for lines in (shipped, own):
        begun = sorted((line for line in lines if line.first <= on), key=lambda line: line.first)
        in_force.update({line.code: line for line in begun})
    return in_force


def model(kind: str, articles: Mapping[str, LibraryLine]) -> tuple[LibraryLine, ...]:
    """The articles of a kind (or of AVENANT), in the order of its text."""
    return tuple(sorted((line for line in articles.values() if line.serves(kind)), key=_place))


def missing_roles(kind: str, roles: Collection[ArticleRole]) -> tuple[ArticleRole, ...]:
    """The roles that a convention of that kind must have and that no article of it has."""
    return tuple(role for role in (*REQUIRED_ROLES, *OWN_ROLES.get(kind, ())) if role not in roles)


def _place(line: LibraryLine) -> tuple[int, str]:
    return line.position, line.code
