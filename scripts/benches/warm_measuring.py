"""How are sides that answer many times in one warm process run, compared and told?

One child process by side and size; each prints what `warm.tell` prints. Medians are told for each label, with the factor by
which ours is faster than the best of the others, and how the median of all labels grows with the size.
"""

import json
import os
import statistics
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class WarmSide:
    """One way of answering: `command` (the Python first) prints the seconds and the digests of its answers."""

    label: str
    command: Sequence[str]
    environment: Mapping[str, str]


@dataclass(frozen=True)
class WarmMeasure:
    """The same answers by several ways, ours first, at several sizes; `sides` makes what a size needs, unmeasured."""

    name: str
    what: str
    aim: str
    sizes: Sequence[int]
    sides: Callable[[int], Sequence[WarmSide]]

    def run(self, _repeat: int) -> "WarmOutcome":
        """Run every side at every size. Raises SystemExit when they disagree."""
        return WarmOutcome(self.name, self.what, self.aim, tuple(self._at(size) for size in self.sizes))

    def _at(self, size: int) -> "AtSize":
        sides = self.sides(size)
        found = {side.label: _ran(side) for side in sides}
        answers = [each["answers"] for each in found.values()]
        if any(each != answers[0] for each in answers):
            wrong = [label for label in answers[0] if len({each.get(label) for each in answers}) > 1]
            raise SystemExit(f"{self.name} at {size:,}: the sides disagree on {', '.join(wrong)}")
        return AtSize(size, {label: each["seconds"] for label, each in found.items()})


@dataclass(frozen=True)
class AtSize:
    """Seconds of each run, by side (ours first) and label, at one size."""

    size: int
    seconds: Mapping[str, Mapping[str, Sequence[float]]]

    def median(self, side: str, label: str | None = None) -> float:
        """Median seconds of a label, or the sum of the medians of all."""
        told = self.seconds[side]
        return statistics.median(told[label]) if label else sum(statistics.median(each) for each in told.values())

    def factor(self, label: str | None = None) -> float | None:
        """How many times the best of the others takes ours; None when ours is alone."""
        ours, *others = self.seconds
        return min(self.median(each, label) for each in others) / self.median(ours, label) if others else None

    def p95(self, side: str, label: str) -> float:
        """Seconds under which 95 runs in 100 are."""
        runs = sorted(self.seconds[side][label])
        return runs[min(len(runs) - 1, -(-95 * len(runs) // 100) - 1)]


@dataclass(frozen=True)
class WarmOutcome:
    """What was measured."""

    name: str
    what: str
    aim: str
    found: Sequence[AtSize]

    @property
    def growth(self) -> float | None:
        """Our time at the largest size over that at the smallest."""
        first, last = self.found[0], self.found[-1]
        ours = next(iter(first.seconds))
        return last.median(ours) / first.median(ours) if first is not last else None

    def document(self) -> dict[str, Any]:
        """For JSON: milliseconds."""
        sizes = {each.size: {"factor": each.factor(), "milliseconds": _told(each)} for each in self.found}
        return {"name": self.name, "what": self.what, "aim": self.aim, "sizes": sizes, "growth": self.growth}

    def tell(self) -> None:
        """Print a line by label, at each size."""
        print(f"{self.name}: {self.what}")
        for each in self.found:
            sides = list(each.seconds)
            print(f"  {each.size:,} entries: milliseconds, median (95th centile)")
            for label in each.seconds[sides[0]]:
                times = "  ".join(f"{side} {_spread(each, side, label)}" for side in sides)
                print(f"    {label:<36} {times}{_times(each.factor(label))}")
            if each.factor():
                print(f"    {'all':<36} {each.median(sides[0]) * 1000:.2f}{_times(each.factor())}")
        if self.growth:
            print(f"  growth from {self.found[0].size:,} to {self.found[-1].size:,}: {self.growth:.2f}")
        print(f"  aim: {self.aim}\n", flush=True)


def _told(found: AtSize) -> dict[str, dict[str, dict[str, float]]]:
    return {
        side: {
            label: {
                "median": round(found.median(side, label) * 1000, 3),
                "p95": round(found.p95(side, label) * 1000, 3),
            }
            for label in labels
        }
        for side, labels in found.seconds.items()
    }


def _spread(found: AtSize, side: str, label: str) -> str:
    return f"{found.median(side, label) * 1000:8.2f} ({found.p95(side, label) * 1000:.2f})"


def _times(factor: float | None) -> str:
    return "" if factor is None else f"   {factor:.1f} times faster"


def _ran(side: WarmSide) -> dict[str, Any]:
    done = subprocess.run(
        side.command, env={**os.environ, **side.environment}, stdout=subprocess.PIPE, text=True, check=False
    )
    if done.returncode != 0:
        raise SystemExit(f"{side.label}: exit {done.returncode}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found
