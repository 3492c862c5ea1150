"""What is each thing called in French, and what does it mean?

The words are in `glossary.toml`, one table per thing, grouped (`[role.officer]`, `[table.commitment]`); the page Aide
and every label of an enum on a screen, a mail or a document come from it, so that the same thing has the same name
everywhere. Decision: the file is read once and checked whole at that moment; an unknown word raises, since a page
that prints a code to a reader is a defect that a test must see.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


class GlossaryError(LookupError):
    """A word is missing from the glossary, or its line is not whole."""


@dataclass(frozen=True, slots=True)
class GlossaryEntry:
    """One thing: its group and code in the software, its French label, its definition in one sentence."""

    group: str
    code: str
    label: str
    definition: str


@dataclass(frozen=True, slots=True)
class GlossaryGroup:
    """A chapter of the glossary, in the order of the file."""

    code: str
    label: str
    entries: tuple[GlossaryEntry, ...]


def label(group: str, code: str) -> str:
    """The French name of `code` in `group` (enum members may be given). Raises GlossaryError when it has none."""
    return _entry(group, code).label


def definition(group: str, code: str) -> str:
    """The one-sentence definition of `code` in `group`. Raises GlossaryError when it has none."""
    return _entry(group, code).definition


def labels(group: str) -> dict[str, str]:
    """Every code of `group` with its label, in the order of the file: the choices of a form."""
    found = {entry.code: entry.label for entry in entries() if entry.group == group}
    if not found:
        raise GlossaryError(f"the glossary has no group {group!r}")
    return found


def entries() -> tuple[GlossaryEntry, ...]:
    """Every entry, in the order of the file."""
    return tuple(_index().values())


def groups() -> tuple[GlossaryGroup, ...]:
    """The chapters with their entries, in the order of the file's first table."""
    return _read()[0]


def _entry(group: str, code: str) -> GlossaryEntry:
    try:
        return _index()[(group, str(code))]
    except KeyError:
        raise GlossaryError(f"the glossary has no [{group}.{code}]") from None


def _index() -> Mapping[tuple[str, str], GlossaryEntry]:
    return _read()[1]


@cache
def _read() -> tuple[tuple[GlossaryGroup, ...], Mapping[tuple[str, str], GlossaryEntry]]:
    text = files("conference").joinpath("glossary.toml").read_text(encoding="utf-8")
    chapters = parse(text)
    return chapters, {(entry.group, entry.code): entry for chapter in chapters for entry in chapter.entries}


def parse(text: str) -> tuple[GlossaryGroup, ...]:
    """The chapters of a glossary written in TOML. Raises GlossaryError for a line that is not whole."""
    raw = tomllib.loads(text)
    titles = raw.pop("group", {})
    unnamed = raw.keys() ^ titles.keys()
    if unnamed:
        raise GlossaryError(f"groups without a title or without an entry: {', '.join(sorted(unnamed))}")
    return tuple(
        GlossaryGroup(group, title, tuple(_whole(group, code, words) for code, words in raw[group].items()))
        for group, title in titles.items()
    )


def _whole(group: str, code: str, words: Any) -> GlossaryEntry:
    expected = {"label", "definition"}
    if not isinstance(words, dict) or words.keys() != expected:
        raise GlossaryError(f"[{group}.{code}] must hold exactly a label and a definition")
    if not all(isinstance(word, str) and word.strip() for word in words.values()):
        raise GlossaryError(f"[{group}.{code}] has an empty label or definition")
    return GlossaryEntry(group, code, words["label"], words["definition"])
