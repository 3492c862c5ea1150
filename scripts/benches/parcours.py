"""Measures of the parcours: what a run of detection takes, and what their pages do, on generated parcours.

`detection`: every parcours asked for the first time (versions, gaps, cells and alerts are all written), asked again when
nothing changed, and the run of the night when nothing changed; against the plain loop that asks one parcours after another,
each in a transaction of its own, on a sample whose answers must be the same. Processor time is told too, so that it means the
same on a machine that others use. `needs`: the table of needs against a scan of
the rows of gaps. `parcours_pages`: their pages at the server, through the whole application.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from measuring import Side, run_side
from warm_measuring import WarmMeasure, WarmSide

HERE = Path(__file__).parent
SMALL, LARGE = 100_000, 1_000_000
SAMPLE = 1_000
"""Parcours that the plain loop asks: it is told at their pace."""


def measures(folder: Path, scale: float, *, large: bool) -> "list[Detection | WarmMeasure]":
    """The measures, on instances kept in `folder`."""
    sizes = [int(size * scale) for size in (SMALL, *([LARGE] if large else []))]
    made = _Instances(folder)
    return [
        Detection(made, sizes),
        WarmMeasure(
            "needs",
            "days and euros that nobody pays by two axes, sums to the cent",
            "faster than a scan of the gaps; growth at most 1.5",
            sizes,
            made.needs,
        ),
        WarmMeasure(
            "parcours_pages",
            "pages of parcours at the server",
            "a parcours 50 ms, the table of needs 100 ms",
            sizes,
            made.pages,
        ),
    ]


class _Instances:
    """Generated instances by size, made when they are first needed and then kept: with their coverage, and without it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def bare(self, size: int) -> Path:
        """The instance in which no parcours was asked yet."""
        folder, done = self._folder / f"parcours-{size}-bare", self._folder / f"parcours-{size}-bare.done"
        if not done.exists():
            print(f"generating {size:,} parcours", file=sys.stderr, flush=True)
            shutil.rmtree(folder, ignore_errors=True)
            _quietly([sys.executable, "-m", "conference.cli", "init", "--json"], folder)
            _quietly([sys.executable, str(HERE / "parcours_made.py"), str(size)], folder)
            done.touch()
        return folder

    def copied(self, size: int, name: str) -> Path:
        """A fresh copy of it."""
        folder = self._folder / f"parcours-{size}-{name}"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.bare(size), folder)
        return folder

    def whole(self, size: int) -> dict[str, str]:
        """The instance in which all were asked, as an environment."""
        folder, done = self._folder / f"parcours-{size}", self._folder / f"parcours-{size}.done"
        if not done.exists():
            shutil.rmtree(folder, ignore_errors=True)
            shutil.copytree(self.bare(size), folder)
            _quietly([sys.executable, "-m", "conference.cli", "detect", "--json"], folder)
            done.touch()
        return {"CONFERENCE_INSTANCE": str(folder)}

    def needs(self, size: int) -> list[WarmSide]:
        """Ours, a scan."""
        environment, script = self.whole(size), str(HERE / "needs_told.py")
        return [
            WarmSide("ours", [sys.executable, script, "ours", "31"], environment),
            WarmSide("scan of the gaps", [sys.executable, script, "scan", "5"], environment),
        ]

    def pages(self, size: int) -> list[WarmSide]:
        """Ours alone."""
        command = [sys.executable, str(HERE / "parcours_pages.py"), "41"]
        return [WarmSide("server", command, self.whole(size))]


def _quietly(command: Sequence[str], folder: Path) -> None:
    environment = {**os.environ, "CONFERENCE_INSTANCE": str(folder)}
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


@dataclass(frozen=True)
class Detection:
    """The same parcours asked by two ways, each in a process of its own, at several sizes."""

    made: _Instances
    sizes: Sequence[int]
    name: str = "detection"

    def run(self, _repeat: int) -> "DetectionOutcome":
        """Run both ways at every size. Raises SystemExit when they answer otherwise."""
        return DetectionOutcome(self.name, [self._at(size) for size in self.sizes])

    def _at(self, size: int) -> "AtSize":
        ours, peak = self._ran(size, "detection_ours.py")
        loop, _ = self._ran(size, "detection_loop.py")
        if ours["answers"] != loop["answers"]:
            raise SystemExit(f"{self.name} at {size:,}: the ways disagree: {ours['answers']}, {loop['answers']}")
        return AtSize(size, ours["seconds"], ours["processor"], peak, loop["seconds"] / loop["asked"], ours["told"])

    def _ran(self, size: int, script: str) -> tuple[dict[str, Any], float]:
        folder = self.made.copied(size, "asked")
        environment = {"CONFERENCE_INSTANCE": str(folder)}
        command = [str(HERE / script), str(min(SAMPLE, size))]
        _, peak, printed = run_side(Side(script, command, environment, lambda: None, str))
        shutil.rmtree(folder)
        if not printed:
            raise SystemExit(f"{script} failed")
        told: dict[str, Any] = json.loads(printed.splitlines()[-1])
        return told, peak


@dataclass(frozen=True)
class AtSize:
    """Of each of our runs by label, seconds by the clock and seconds of processor time; our peak in megabytes with its
    processes, the seconds of processor time that the loop takes for a parcours, and what our first run reports."""

    parcours: int
    seconds: Mapping[str, float]
    processor: Mapping[str, float]
    megabytes: float
    loop: float
    told: str

    @property
    def looped(self) -> float:
        """Seconds of processor time that the loop would take for all of them."""
        return self.loop * self.parcours


@dataclass(frozen=True)
class DetectionOutcome:
    """What was measured."""

    name: str
    found: Sequence[AtSize]
    what: str = "every parcours asked, in two processes, what changed written; then again"
    aim: str = "a million under 40 s, under 15 s when nothing changed"

    def document(self) -> dict[str, Any]:
        """For JSON."""
        sizes = {each.parcours: {**asdict(each), "looped": round(each.looped, 1)} for each in self.found}
        return {"name": self.name, "what": self.what, "aim": self.aim, "sizes": sizes}

    def tell(self) -> None:
        """Print a line by run, at each size."""
        print(f"{self.name}: {self.what}")
        for each in self.found:
            print(f"  {each.parcours:,} parcours, {each.megabytes:.0f} MB at the peak")
            print(f"    {each.told}")
            for label, seconds in each.seconds.items():
                used = each.processor[label]
                times = f"{each.looped / used:10.1f} times less than the loop" if used else ""
                print(f"    {label:<44} {seconds:8.2f} s, {used:8.2f} s of processor {times}")
            rate = f"{each.loop * 1000:.2f} ms each, on a sample"
            print(f"    {'loop, one after another':<44} {'':>10}  {each.looped:8.2f} s of processor ({rate})")
        print(f"  aim: {self.aim}\n", flush=True)
