"""How does the text of an article, as a person wrote it, become paragraphs and lists?

Paragraphs are apart by an empty line, a line break within one is a space. A line that begins with a dash is an item of a list;
with « 1° », « 2) » or « a) », an item that keeps its sign; with 2.1, a paragraph whose number is in bold; with « Vu », a
paragraph of its own. The typography is put right (apostrophes, spaces that must not break), never the words.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby

from conference.documents.model import Block, Items, Lead, Numbered, Room, Text
from conference.domain.french import NARROW, NBSP, typeset

_DASH = re.compile(r"[-–—•][\s\u00a0\u202f]+(?=\S)")
_SIGN = re.compile(r"(\d{1,2}°|\d{1,2}\)|[a-z]\))[\s\u00a0\u202f]+(?=\S)")
_NUMBER = re.compile(r"(\d{1,2}(?:\.\d{1,2})+)\.?[\s\u00a0\u202f]+(?=\S)")
_SPACES = re.compile(r" {2,}|[ \t]*\t[ \t]*")
_DIGIT = re.compile(r"\d")
_THOUSANDS = re.compile(r"(?<=\d) (?=\d{3}(?!\d))")
_UNIT = re.compile(r"(?<=\d) (?=[€%])")
_ORDINAL = re.compile(r"(?i)\b(n°|art\.|article|annexe|avenant) (?=\d)")
_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)")
LIST_SPACE = 5.0
"""Points under a list that a paragraph follows."""
_LIST_ROOM = 46.0
"""Points that the line before a list needs, to stand over two lines of it."""
_Line = tuple[str, str, str]
"""What a line is (`item`, `sign`, `lead`, `text`), the sign it bears, and its words."""


def article_blocks(text: str) -> tuple[Block, ...]:
    """The paragraphs and lists of a text, in order."""
    made: list[Block] = []
    for kind, run in groupby(_lines(text), key=lambda line: line[0]):
        lines = list(run)
        if kind in ("item", "sign") and made and isinstance(made[-1], Text):
            made.insert(-1, Room(_LIST_ROOM))
        made += _blocks(kind, lines)
    return tuple(made)


@lru_cache(512)
def printed(text: str) -> str:
    """`text` with the spaces and apostrophes of French print."""
    shown = _SPACES.sub(" ", text.replace("\r", "")).strip()
    if _DIGIT.search(shown):
        shown = _ORDINAL.sub(rf"\1{NBSP}", _THOUSANDS.sub(NARROW, _UNIT.sub(NBSP, shown)))
    return typeset(_APOSTROPHE.sub("’", shown) if "'" in shown else shown)


def _lines(text: str) -> Iterator[_Line]:
    """The lines that count; those that go on from the one before are joined to it."""
    held: _Line | None = None
    for line in [*text.splitlines(), ""]:
        told = _line(line.strip())
        if held and told and told[0] == "text" and not told[2].startswith("Vu "):
            held = (held[0], held[1], f"{held[2]} {told[2]}")
            continue
        if held:
            yield held
        held = told


def _line(line: str) -> _Line | None:
    if not line:
        return None
    for kind, pattern in (("item", _DASH), ("sign", _SIGN), ("lead", _NUMBER)):
        if found := pattern.match(line):
            return kind, found[1] if pattern.groups else "", printed(line[found.end() :])
    return "text", "", printed(line)


def _blocks(kind: str, lines: list[_Line]) -> list[Block]:
    if kind == "item":
        return [Items(tuple(text for _, _, text in lines), space_after=LIST_SPACE)]
    if kind == "sign":
        signs, texts = (tuple(line[part] for line in lines) for part in (1, 2))
        return [Numbered(signs, texts, space_after=LIST_SPACE)]
    if kind == "lead":
        return [Lead(sign, f"{NBSP}{NBSP}{text}") for _, sign, text in lines]
    return [Text(text) for _, _, text in lines]
