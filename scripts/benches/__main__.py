"""What is measured, and how is it told?

Each side of a measure runs in a process of its own, so that its memory is its own: several times from start to end
(`measuring`), or answering several times once warm (`warm_measuring`). Medians are told, and how ours compares. Figures
depend on the machine: trust the ratios. Nothing here is a test.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[2])]

from conventions import Conventions  # noqa: E402  (the path is made above)
from conventions import measures as conventions  # noqa: E402
from coverage_measuring import Bulk, One  # noqa: E402
from coverage_measuring import measures as coverage  # noqa: E402
from coverage_persons import PAID  # noqa: E402
from dashboard import measures as dashboard  # noqa: E402
from importing import measures as importing  # noqa: E402
from measuring import Measure  # noqa: E402
from parcours import Detection  # noqa: E402
from parcours import measures as parcours  # noqa: E402
from warm_measuring import WarmMeasure  # noqa: E402

LIBRARIES = ("openpyxl", "python-calamine", "pysqlite3", "sqlalchemy", "sqlmodel")
OTHERS = ("duckdb", "numpy", "polars", "weasyprint")


def main() -> int:
    """Measure what was asked for, print it."""
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument("names", nargs="*", help="measures to run (default: all)")
    parser.add_argument("--json", action="store_true", help="one JSON document")
    parser.add_argument("--repeat", type=int, default=3, help="runs of each side, of which the median is told")
    parser.add_argument("--scale", type=float, default=1.0, help="share of the rows, to try quickly")
    parser.add_argument(
        "--large",
        action="store_true",
        help="also ten million entries (a quarter of an hour to make), a million persons and a million parcours",
    )
    parser.add_argument(
        "--paid", type=float, default=PAID, help="share of generated persons wholly paid by their rights"
    )
    parser.add_argument("--keep", type=Path, help="folder where generated ledgers are kept for the next run")
    parser.add_argument("--other-python", default=sys.executable, help="Python that has the alternatives' libraries")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        measures = _measures(Path(folder), given)
        unknown = set(given.names) - {measure.name for measure in measures}
        if unknown:
            parser.error(f"unknown: {', '.join(sorted(unknown))}; known: {', '.join(each.name for each in measures)}")
        wanted = [each for each in measures if not given.names or each.name in given.names]
        outcomes = []
        for measure in wanted:
            outcomes.append(measure.run(given.repeat))
            if not given.json:
                outcomes[-1].tell()
    machine = _machine(given.other_python)
    if given.json:
        print(json.dumps({"machine": machine, "measures": [each.document() for each in outcomes]}, indent=2))
    else:
        print(json.dumps(machine))
    return 0


def _measures(
    folder: Path, given: argparse.Namespace
) -> list[Measure | WarmMeasure | One | Bulk | Detection | Conventions]:
    kept = (given.keep or folder).resolve()
    kept.mkdir(parents=True, exist_ok=True)
    return [
        *importing(folder, given.scale),
        *coverage(folder, given.scale, given.other_python, given.paid, large=given.large),
        *dashboard(kept, given.scale, given.other_python, large=given.large),
        *parcours(kept, given.scale, large=given.large),
        *conventions(kept, given.scale, given.other_python),
    ]


def _machine(other_python: str) -> dict[str, str]:
    ask = f"from importlib.metadata import version; print(*map(version, {OTHERS!r}))"
    others = subprocess.run([other_python, "-c", ask], capture_output=True, text=True, check=False).stdout.split()
    return {
        "python": platform.python_version(),
        "system": platform.platform(),
        "cores": str(os.cpu_count()),
        **{name: version(name) for name in LIBRARIES},
        **dict(zip(OTHERS, others, strict=False)),
    }


if __name__ == "__main__":
    raise SystemExit(main())
