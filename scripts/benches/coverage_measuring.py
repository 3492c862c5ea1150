"""Measures of the coverage engine: one person with every explanation, and a great many persons.

`coverage_one`: computing alone. `coverage_bulk`: the quick pass with the engine, against numpy over the same dates and
against the plain loop over the days, which must count the same covered days. All are told in processor time, so that
"a second of a core" means the same on a machine that others use.
"""

import json
import statistics
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coverage_persons import generated

HERE = Path(__file__).parent
SMALL, LARGE = 100_000, 1_000_000
SAMPLE = 2_000
RUNS = 5


def measures(folder: Path, scale: float, other_python: str, paid: float, *, large: bool) -> list["One | Bulk"]:
    """The measures, on persons generated in `folder`, of whom the share `paid` is wholly paid by recorded rights."""
    sizes = [int(size * scale) for size in (SMALL, *([LARGE] if large else []))]
    return [One(paid), Bulk(folder, sizes, paid, other_python)]


@dataclass(frozen=True)
class One:
    """One person at a time."""

    paid: float
    name: str = "coverage_one"

    def run(self, _repeat: int) -> "OneOutcome":
        """Run it in a process of its own."""
        told = _ran([sys.executable, str(HERE / "coverage_one.py"), str(RUNS), str(self.paid)])
        return OneOutcome(self.name, {label: statistics.median(each) for label, each in told["seconds"].items()})


@dataclass(frozen=True)
class OneOutcome:
    """Seconds of processor time by label."""

    name: str
    seconds: Mapping[str, float]
    what: str = "one person with every explanation"
    aim: str = "under 100 µs"

    def document(self) -> dict[str, Any]:
        """For JSON: microseconds."""
        told = {label: round(each * 1e6, 1) for label, each in self.seconds.items()}
        return {"name": self.name, "what": self.what, "aim": self.aim, "microseconds": told}

    def tell(self) -> None:
        """Print a line by label."""
        print(f"{self.name}: {self.what}")
        for label, seconds in self.seconds.items():
            print(f"  {label:<44} {seconds * 1e6:8.1f} µs")
        print(f"  aim: {self.aim}\n", flush=True)


@dataclass(frozen=True)
class Bulk:
    """The same persons by three ways, each in a process of its own, at several sizes."""

    folder: Path
    sizes: Sequence[int]
    paid: float
    other_python: str
    name: str = "coverage_bulk"

    def run(self, repeat: int) -> "BulkOutcome":
        """Run every side at every size. Raises SystemExit when they count other days."""
        return BulkOutcome(self.name, self.paid, [self._at(size, repeat) for size in self.sizes])

    def _at(self, size: int, repeat: int) -> "AtSize":
        folder = self.folder / f"persons-{size}"
        generated(size, self.paid).write(folder)
        # At a million persons the loop alone takes most of a minute: a run says it all.
        times = str(repeat if size < LARGE else 1)
        sides = {
            "ours": [sys.executable, str(HERE / "coverage_ours.py"), str(folder), times, str(SAMPLE)],
            "numpy, covered days only": [self.other_python, str(HERE / "coverage_numpy.py"), str(folder), times],
            "loop over the days, covered days only": [
                sys.executable,
                str(HERE / "coverage_loop.py"),
                str(folder),
                times,
            ],
        }
        told = {label: _ran(command) for label, command in sides.items()}
        answers = {label: each["answers"] for label, each in told.items()}
        if any(each != answers["ours"] for each in answers.values()):
            raise SystemExit(f"{self.name} at {size:,}: the sides disagree: {answers}")
        seconds = {label: statistics.median(each["seconds"]) for label, each in told.items()}
        return AtSize(size, seconds, answers["ours"], told["ours"]["settled"], told["ours"]["proven"])


@dataclass(frozen=True)
class AtSize:
    """Seconds of processor time by side, the sums of days that all agree on, and the persons settled without the engine and
    proven against it."""

    persons: int
    seconds: Mapping[str, float]
    days: Mapping[str, int]
    settled: int
    proven: int

    def rate(self, side: str) -> float:
        """Persons a second of a core."""
        return self.persons / self.seconds[side]


@dataclass(frozen=True)
class BulkOutcome:
    """What was measured."""

    name: str
    paid: float
    found: Sequence[AtSize]
    what: str = "generated persons, 1 to 4 steps, 0 to 3 rights, 2005 to 2026"
    aim: str = "above 100,000 persons a second of a core"

    def document(self) -> dict[str, Any]:
        """For JSON."""
        sizes = {each.persons: _told(each) for each in self.found}
        return {"name": self.name, "what": self.what, "aim": self.aim, "share wholly paid": self.paid, "sizes": sizes}

    def tell(self) -> None:
        """Print a line by side, at each size."""
        print(f"{self.name}: {self.what}; share wholly paid by recorded rights: {self.paid:.0%}")
        for each in self.found:
            days = ", ".join(f"{label} {count:,}" for label, count in each.days.items())
            print(f"  {each.persons:,} persons, {each.settled:,} settled without the engine; days: {days}")
            for side, seconds in each.seconds.items():
                print(f"    {side:<42} {seconds:8.2f} s  {each.rate(side):14,.0f} persons a second of a core")
            print(f"    {each.proven:,} persons asked of the engine alone: same answers")
        print(f"  aim: {self.aim}\n", flush=True)


def _told(found: AtSize) -> dict[str, Any]:
    rates = {side: round(found.rate(side)) for side in found.seconds}
    return {"persons a second": rates, "days": found.days, "settled": found.settled, "proven": found.proven}


def _ran(command: Sequence[str]) -> dict[str, Any]:
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{Path(command[1]).name}: exit {done.returncode}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found
