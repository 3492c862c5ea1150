"""How long does numpy take to count the covered days of many persons?

`coverage_numpy.py FOLDER REPEAT`. Steps and rights are padded to as many columns as the person with most has, which is not
measured. It answers less than we do: how many days are covered, and nothing of amounts, overlaps, rules or reasons.
Run by the Python of the bench, which does not know the project.
"""

import json
import sys
import time
from pathlib import Path

import numpy

NEVER = 0


def main(folder: str, repeat: str) -> None:
    """Print one JSON document: seconds of processor time of each run, and the sums of days."""
    steps, rights = _padded(Path(folder), "step"), _padded(Path(folder), "right")
    seconds, found = [], {}
    for _ in range(int(repeat)):
        start = time.process_time()
        found = _totals(steps, rights)
        seconds.append(time.process_time() - start)
    print(json.dumps({"seconds": seconds, "answers": found}))


def _padded(folder: Path, of: str) -> tuple[numpy.ndarray, numpy.ndarray]:
    """First and last day, a row for each person, in order of the first; nothing from day 1 to day 0 where there is none."""
    starts = numpy.fromfile(folder / f"{of}_from", numpy.int32)
    firsts, lasts = (numpy.fromfile(folder / f"{of}_{name}", numpy.int32) for name in ("first", "last"))
    if of == "step":
        kept = numpy.fromfile(folder / "step_needs", numpy.int32) == 1
        firsts, lasts = numpy.where(kept, firsts, NEVER + 1), numpy.where(kept, lasts, NEVER)
    counts = numpy.diff(starts)
    places = numpy.arange(counts.max(initial=1)) < counts[:, None]
    first, last = (numpy.full(places.shape, each, numpy.int32) for each in (NEVER + 1, NEVER))
    first[places], last[places] = firsts, lasts
    order = numpy.argsort(first, axis=1, kind="stable")
    return numpy.take_along_axis(first, order, 1), numpy.take_along_axis(last, order, 1)


def _totals(steps: tuple[numpy.ndarray, numpy.ndarray], rights: tuple[numpy.ndarray, numpy.ndarray]) -> dict[str, int]:
    steps, rights = _apart(*steps), _apart(*rights)
    needed, covered = int(_days(*steps).sum()), 0
    for first, last in zip(*(each.T for each in steps), strict=True):
        for paid_first, paid_last in zip(*(each.T for each in rights), strict=True):
            covered += int(_days(numpy.maximum(first, paid_first), numpy.minimum(last, paid_last)).sum())
    return {"needed": needed, "covered": covered, "not covered": needed - covered}


def _apart(first: numpy.ndarray, last: numpy.ndarray) -> tuple[numpy.ndarray, numpy.ndarray]:
    """The same days, each held once: what an earlier column holds is taken from the later ones."""
    reached = numpy.maximum.accumulate(last, axis=1)
    first = first.copy()
    first[:, 1:] = numpy.maximum(first[:, 1:], reached[:, :-1] + 1)
    return first, last


def _days(first: numpy.ndarray, last: numpy.ndarray) -> numpy.ndarray:
    return numpy.maximum(last - first + 1, 0).astype(numpy.int64)


if __name__ == "__main__":
    main(*sys.argv[1:])
