"""Measures of conventions as tagged, archivable PDFs, made one after the other in a process of its own.

`conventions`: 1, 100 and 1,000 of them, of the five kinds in turn, from the model texts; against the same documents untagged,
and against WeasyPrint that prints the same texts and tables as PDF/UA (it draws no code nor attaches data); they take turns
on the first twenty. Processor time is told, so that it means the same on a machine that others use.
"""

import json
import statistics
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
SIZES = (1, 100, 1_000)
SAMPLE = 20
"""Documents that each way makes in its turn."""


def measures(folder: Path, scale: float, other_python: str) -> "list[Conventions]":
    """The measure; its pages for WeasyPrint are written in `folder`."""
    sizes = sorted({max(1, int(size * scale)) for size in SIZES})
    return [Conventions(folder, other_python, sizes)]


@dataclass(frozen=True)
class Conventions:
    """The same conventions by three ways, at several sizes."""

    folder: Path
    other_python: str
    sizes: Sequence[int]
    name: str = "conventions"

    def run(self, repeat: int) -> "ConventionsOutcome":
        """Run the three ways in turn, `repeat` times, then ours at every size. Raises SystemExit when one fails."""
        pages = self.folder / "conventions"
        pages.mkdir(exist_ok=True)
        count = min(SAMPLE, self.sizes[-1])
        _told(_ours("pages", count, str(pages)))
        ways = {
            "tagged": _ours("tagged", count),
            "untagged": _ours("untagged", count),
            "WeasyPrint": [self.other_python, str(HERE / "conventions_weasyprint.py"), str(pages)],
        }
        found: dict[str, list[float]] = {way: [] for way in ways}
        for _ in range(repeat):
            for way, command in ways.items():
                found[way].append(_middle(_told(command)["seconds"]))
        return ConventionsOutcome(
            self.name, {way: _middle(each) for way, each in found.items()}, [self._at(size) for size in self.sizes]
        )

    def _at(self, size: int) -> "AtSize":
        told = _told(_ours("tagged", size))
        return AtSize(size, sum(told["seconds"]), _middle(told["seconds"]), max(told["bytes"]), told["megabytes"])


def _ours(way: str, *given: object) -> list[str]:
    return [sys.executable, str(HERE / "conventions_ours.py"), way, *map(str, given)]


@dataclass(frozen=True)
class AtSize:
    """Of so many documents: processor seconds of all, of one in the middle, bytes of the largest, peak in megabytes."""

    size: int
    seconds: float
    each: float
    largest: int
    megabytes: float


@dataclass(frozen=True)
class ConventionsOutcome:
    """What was measured: processor seconds of one document by each way, and ours at each size."""

    name: str
    ways: dict[str, float]
    ours: Sequence[AtSize]

    def factor(self, way: str) -> float:
        """How many times `way` takes ours."""
        return self.ways[way] / self.ways["tagged"]

    def document(self) -> dict[str, Any]:
        """For JSON."""
        factors = {"WeasyPrint": round(self.factor("WeasyPrint"), 2), "untagged": round(1 / self.factor("untagged"), 3)}
        return {**asdict(self), "factors": factors}

    def tell(self) -> None:
        """Print a line for each way, then one for each size."""
        print(f"{self.name}: tagged, archivable PDFs, processor time of one")
        told = {"untagged": f"ours takes {1 / self.factor('untagged'):.2f} times as long"}
        told["WeasyPrint"] = f"ours is {self.factor('WeasyPrint'):.1f} times faster"
        for way, seconds in self.ways.items():
            print(f"  {way:<12} {seconds * 1000:7.1f} ms   {told.get(way, '')}")
        for each in self.ours:
            size = f"at most {each.largest / 1000:.0f} kB each, {each.megabytes:.0f} MB of memory"
            print(f"  {each.size:>5,} made in {each.seconds:6.2f} s, {each.each * 1000:.1f} ms in the middle, {size}")
        print("  aim: 10 times faster than WeasyPrint, 1.25 times of untagged, memory flat, 80 kB each\n", flush=True)


def _middle(seconds: Sequence[float]) -> float:
    return statistics.median(seconds)


def _told(command: Sequence[str]) -> dict[str, Any]:
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{Path(command[1]).name}: exit {done.returncode}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1]) if done.stdout.strip() else {}
    return found
