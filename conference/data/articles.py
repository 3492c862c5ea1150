"""Which articles of conventions come with the software, and what does a party commit itself to by default?

The files of `conference/articles/` are texts that a lawyer can read and correct. They are checked whole when read: a slip of
the pen (a misspelt key, a variable that does not exist, two articles for one code and day) stops everything with the name of
the file and of the article. A paragraph ends at an empty line; its lines are joined.
"""

import re
import tomllib
from collections.abc import Collection, Mapping
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any

from conference.domain.article_library import AVENANT, LibraryLine
from conference.domain.article_text import unknown_variables
from conference.domain.convention import ArticleRole, ConventionKind, PartyRole

DUTIES = "duties.toml"
KINDS = frozenset({*(kind.value for kind in ConventionKind), AVENANT})
Duties = Mapping[tuple[str, str], tuple[str, ...]]


class ArticleError(ValueError):
    """A file of articles is not whole; the message names the file and the article."""


@cache
def shipped_articles() -> tuple[LibraryLine, ...]:
    """Every article that comes with the software, all dates together. Raises ArticleError for a file that is not whole."""
    texts = _texts()
    return parse_articles({name: text for name, text in texts.items() if name != DUTIES})


@cache
def shipped_duties() -> Duties:
    """What a party commits itself to by default, one text each, by (kind of convention, role of the party)."""
    return parse_duties(_texts()[DUTIES])


def parse_articles(texts: Mapping[str, str]) -> tuple[LibraryLine, ...]:
    """The articles of a folder, from the text of each file by its name. Raises ArticleError."""
    found: dict[tuple[str, date], LibraryLine] = {}
    for name in sorted(texts):
        for raw in _tables(texts[name], "articles", name):
            line = _line(raw, f"{name}, article {raw.get('code', 'without code')}")
            if (line.code, line.first) in found:
                raise ArticleError(f"{name}, article {line.code}: two versions from {line.first}")
            found[line.code, line.first] = line
    return tuple(found.values())


def parse_duties(text: str) -> Duties:
    """The duties written in TOML. Raises ArticleError."""
    duties: dict[tuple[str, str], tuple[str, ...]] = {}
    for raw in _tables(text, "duties", DUTIES):
        _keys(raw, DUTIES, ("kind", "role", "text"))
        key = (str(ConventionKind(raw["kind"])), str(PartyRole(raw["role"])))
        if key in duties:
            raise ArticleError(f"{DUTIES}: {key} is told twice")
        duties[key] = tuple(raw["text"])
    return duties


def _texts() -> Mapping[str, str]:
    folder = files("conference").joinpath("articles")
    return {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir() if path.name.endswith(".toml")}


def _tables(text: str, key: str, name: str) -> list[dict[str, Any]]:
    try:
        raw = tomllib.loads(text)
    except ValueError as error:
        raise ArticleError(f"{name}: {error}") from error
    _keys(raw, name, (key,))
    return list(raw[key])


def _line(raw: Mapping[str, Any], where: str) -> LibraryLine:
    _keys(raw, where, ("code", "role", "kinds", "position", "first", "required", "title", "text"))
    if not isinstance(raw["first"], date) or isinstance(raw["first"], datetime):
        raise ArticleError(f"{where}: first must be a day, such as 2020-01-01")
    if unknown := set(raw["kinds"]) - KINDS:
        raise ArticleError(f"{where}: unknown kinds {', '.join(sorted(unknown))}")
    if raw["role"] not in {role.value for role in ArticleRole}:
        raise ArticleError(f"{where}: unknown role {raw['role']}")
    text = _joined(raw["text"])
    if names := unknown_variables(raw["title"] + text):
        raise ArticleError(f"{where}: unknown variables {', '.join(names)}")
    return LibraryLine(
        code=raw["code"],
        first=raw["first"],
        role=ArticleRole(raw["role"]),
        position=raw["position"],
        title=raw["title"],
        text=text,
        kinds=frozenset(raw["kinds"]),
        required=raw["required"],
    )


def _joined(text: str) -> str:
    paragraphs = (" ".join(each.split("\n")) for each in re.split(r"\n\s*\n", text.strip()))
    return "\n\n".join(each.strip() for each in paragraphs)


def _keys(raw: Mapping[str, Any], where: str, needed: Collection[str]) -> None:
    if absent := [key for key in needed if key not in raw]:
        raise ArticleError(f"{where}: missing {', '.join(absent)}")
    if unknown := [key for key in raw if key not in needed]:
        raise ArticleError(f"{where}: unknown {', '.join(unknown)}")
