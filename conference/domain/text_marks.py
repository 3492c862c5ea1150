"""What changed between two texts, word by word?

Words are compared whole, with the spaces after them, so that a mark never cuts a word. What both texts begin and end with is
set aside first: on two long articles that differ by one sentence, the comparison is of that sentence.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import groupby, pairwise

from conference.domain.french import typeset

_WORD = re.compile(r"\n+|[^\S\n]+|\S+(?:\u202f(?=\d)\S+)*")
"""The narrow spaces of an amount are of it: one that changed is marked whole."""


_MOST = 4_000_000
"""Pairs of words that are compared one by one, in some tenths of a second; of longer texts, the paragraphs are first."""


class Mark(StrEnum):
    """What became of a run of words."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Span:
    """A run of words with one mark; the text keeps its spaces and line breaks."""

    kind: Mark
    text: str


def compared_texts(before: str, after: str) -> tuple[Span, ...]:
    """Both texts as one row of spans: `before` is what is same or removed, `after` what is same or added.

    Line ends and French spaces that a machine changed are no difference: both are set alike first."""
    old, new = _words(before), _words(after)
    head = _shared(old, new)
    tail = _shared(old[head:][::-1], new[head:][::-1])
    if tail and old[-tail] == " " and head + tail < min(len(old), len(new)):
        # The space after two words that differ goes with them, so that a mark stands apart from the next.
        tail -= 1
    ends = len(old) - tail, len(new) - tail
    spans = [Span(Mark.SAME, "".join(old[:head])), *_marked(old[head : ends[0]], new[head : ends[1]])]
    spans.append(Span(Mark.SAME, "".join(old[ends[0] :])))
    return tuple(_joined(spans))


def side(spans: tuple[Span, ...], without: Mark) -> tuple[Span, ...]:
    """One of the two texts: the one before has nothing ADDED, the one after nothing REMOVED."""
    return tuple(_joined(span for span in spans if span.kind is not without))


def alike(before: str, after: str) -> float:
    """How alike two texts are, from 0 (nothing) to 1 (the same), by their words."""
    old, new = (set(_words(text)) for text in (before, after))
    return 2 * len(old & new) / (len(old) + len(new)) if old or new else 1.0


def _words(text: str) -> list[str]:
    return _WORD.findall(typeset(text.replace("\r\n", "\n").strip()))


def _shared(old: list[str], new: list[str]) -> int:
    pairs = zip(old, new, strict=False)
    return next((place for place, (one, other) in enumerate(pairs) if one != other), min(len(old), len(new)))


def _marked(old: list[str], new: list[str]) -> Iterator[Span]:
    if len(old) * len(new) <= _MOST:
        yield from _marked_words(old, new)
        return
    olds, news = _paragraphs(old), _paragraphs(new)
    for tag, i, j, k, m in SequenceMatcher(None, olds, news, autojunk=False).get_opcodes():
        gone, come = ([word for each in run for word in each] for run in (olds[i:j], news[k:m]))
        if tag == "equal":
            yield Span(Mark.SAME, "".join(gone))
        elif len(gone) * len(come) <= _MOST:
            yield from _marked_words(gone, come)
        else:
            yield from _change("".join(gone), "".join(come))


def _paragraphs(words: list[str]) -> list[tuple[str, ...]]:
    """The words by paragraph, each with the line break that ends it."""
    ends = [0, *(place for place, word in enumerate(words, 1) if "\n" in word), len(words)]
    return [tuple(words[start:end]) for start, end in pairwise(ends) if start < end]


def _marked_words(old: list[str], new: list[str]) -> Iterator[Span]:
    """A space alone between two changed words goes with them: a changed sentence is read whole, not in crumbs."""
    removed, added = "", ""
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        gone, come = "".join(old[i:j]), "".join(new[k:m])
        if tag != "equal" or (gone == " " and (removed or added)):
            removed, added = removed + gone, added + come
            continue
        yield from _change(removed, added)
        removed = added = ""
        yield Span(Mark.SAME, gone)
    yield from _change(removed, added)


def _change(removed: str, added: str) -> Iterator[Span]:
    yield Span(Mark.REMOVED, removed)
    yield Span(Mark.ADDED, added)


def _joined(spans: Iterable[Span]) -> Iterator[Span]:
    """Neighbours of one mark made one, empty ones left out."""
    for kind, run in groupby((span for span in spans if span.text), key=lambda span: span.kind):
        yield Span(kind, "".join(span.text for span in run))
