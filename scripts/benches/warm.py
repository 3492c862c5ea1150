"""How long does a process that is already warm take to answer, and what does it answer?

A side of a warm measure is a child process that loads what it needs, answers each label once unmeasured, then several
times; it prints one JSON document: seconds of each answer, and a digest of what was answered, for the sides to agree on.
This file knows neither the project nor its libraries: the alternatives run in an environment of their own.
"""

import hashlib
import json
import time
from collections.abc import Callable, Mapping
from typing import Any

QUESTIONS: Mapping[str, tuple[str, ...]] = {
    "funder": ("funder",),
    "month": ("month",),
    "year, funder": ("year", "funder"),
    "scheme × audience": ("scheme", "audience"),
    "territory": ("territory",),
    "funder → scheme → audience": ("funder", "scheme", "audience"),
}
"""The six questions of the dashboard, and the axes that each is told by."""


def tell(
    answers: Mapping[str, Callable[[], Any]], repeat: int, plain: Callable[[Any], list[tuple[Any, ...]]] = list
) -> None:
    """Ask each of `answers` once, then `repeat` times; print the seconds and the digest of the rows that `plain` makes."""
    seconds: dict[str, list[float]] = {}
    digests = {}
    for label, answer in answers.items():
        digests[label] = digest(plain(answer()))
        seconds[label] = []
        for _ in range(repeat):
            start = time.perf_counter()
            answer()
            seconds[label].append(round(time.perf_counter() - start, 7))
    print(json.dumps({"seconds": seconds, "answers": digests}))


def digest(rows: list[tuple[Any, ...]]) -> str:
    """SHA-256 of the rows, whatever their order."""
    return hashlib.sha256(json.dumps(sorted(map(list, rows), key=str)).encode()).hexdigest()
