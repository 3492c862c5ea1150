"""How is one side of a measure run, and what does it cost?

A child process of its own: wall time from its start to its end, peak memory of it and of its own children together.
"""

import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Side:
    """One way of doing the work: `prepare` is not measured; `answer` gives what both sides must agree on."""

    label: str
    command: Sequence[str]
    environment: dict[str, str]
    prepare: Callable[[], None]
    answer: Callable[[str], Any]


@dataclass(frozen=True)
class Measure:
    """Two sides of the same work, and what we aim at."""

    name: str
    what: str
    aim: str
    make: Callable[[], None]
    ours: Side
    theirs: Side

    def run(self, repeat: int) -> "Outcome":
        """Run both sides in turn, `repeat` times. Raises SystemExit when they disagree."""
        self.make()
        costs: dict[str, list[tuple[float, float]]] = {"ours": [], "theirs": []}
        for _ in range(repeat):
            answers = {}
            for name, side in (("ours", self.ours), ("theirs", self.theirs)):
                side.prepare()
                seconds, megabytes, printed = run_side(side)
                answers[name] = side.answer(printed)
                costs[name].append((seconds, megabytes))
            if answers["ours"] != answers["theirs"]:
                raise SystemExit(f"{self.name}: the two sides disagree: {answers}")
        ours, theirs = _cost(self.ours.label, costs["ours"]), _cost(self.theirs.label, costs["theirs"])
        return Outcome(self.name, self.what, self.aim, ours, theirs)


@dataclass(frozen=True)
class Cost:
    """Median seconds and largest peak in megabytes of one side."""

    label: str
    seconds: float
    megabytes: float
    runs: tuple[float, ...]


@dataclass(frozen=True)
class Outcome:
    """What was measured."""

    name: str
    what: str
    aim: str
    ours: Cost
    theirs: Cost

    @property
    def ratio(self) -> float:
        """Our time over theirs: below 1, we are faster."""
        return self.ours.seconds / self.theirs.seconds

    def document(self) -> dict[str, Any]:
        """For JSON."""
        return {**asdict(self), "ratio": round(self.ratio, 3)}

    def tell(self) -> None:
        """Print both sides and the ratio."""
        print(f"{self.name}: {self.what}")
        for side in (self.ours, self.theirs):
            print(f"  {side.label:<44} {side.seconds:8.2f} s  {side.megabytes:6.0f} MB")
        print(f"  ratio {self.ratio:.2f} (aim: {self.aim})\n", flush=True)


def _cost(label: str, runs: Sequence[tuple[float, float]]) -> Cost:
    seconds = tuple(round(each, 3) for each, _ in runs)
    return Cost(label, statistics.median(seconds), round(max(peak for _, peak in runs), 1), seconds)


def run_side(side: Side) -> tuple[float, float, str]:
    """Seconds from start to end, peak in megabytes, and what it printed. Raises SystemExit when it fails."""
    start = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, *side.command], env={**os.environ, **side.environment}, stdout=subprocess.PIPE, text=True
    )
    watch = _Watch(process.pid)
    printed, _ = process.communicate()
    seconds = time.perf_counter() - start
    watch.stop()
    if process.returncode not in (0, 1):
        raise SystemExit(f"{side.label}: exit {process.returncode}")
    return seconds, watch.peak, printed


class _Watch:
    """The largest sum of resident memory, in megabytes, of a process and its descendants, looked at ten times a second."""

    def __init__(self, pid: int) -> None:
        self.peak = 0.0
        self._pid, self._over = pid, threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Look no more."""
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(0.1):
            self.peak = max(self.peak, sum(_resident(pid) for pid in _family(self._pid)))


def _family(pid: int) -> list[int]:
    found = [pid]
    for each in found:
        for children in Path(f"/proc/{each}/task").glob("*/children"):
            try:
                found += [int(child) for child in children.read_text().split()]
            except OSError:
                continue
    return found


def _resident(pid: int) -> float:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
