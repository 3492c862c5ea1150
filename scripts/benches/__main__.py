"""What is measured, and how is it told?

Each measure runs ours and a named alternative in turn, several times, each in a process of its own so that its memory is its
own; medians and the ratio of the medians are told. Figures depend on the machine: trust the ratios. Nothing here is a test.
"""

import argparse
import json
import platform
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[2])]

from importing import measures as importing  # noqa: E402  (the path is made above)
from measuring import Outcome, run  # noqa: E402

LIBRARIES = ("openpyxl", "python-calamine", "pysqlite3", "sqlalchemy", "sqlmodel")


def main() -> int:
    """Measure what was asked for, print it."""
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument("names", nargs="*", help="measures to run (default: all)")
    parser.add_argument("--json", action="store_true", help="one JSON document")
    parser.add_argument("--repeat", type=int, default=3, help="runs of each side, of which the median is told")
    parser.add_argument("--scale", type=float, default=1.0, help="share of the rows, to try quickly")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        measures = importing(Path(folder), given.scale)
        unknown = set(given.names) - {measure.name for measure in measures}
        if unknown:
            parser.error(f"unknown: {', '.join(sorted(unknown))}; known: {', '.join(each.name for each in measures)}")
        wanted = [each for each in measures if not given.names or each.name in given.names]
        outcomes = []
        for measure in wanted:
            outcomes.append(run(measure, given.repeat))
            if not given.json:
                _tell(outcomes[-1])
    if given.json:
        print(json.dumps({"machine": _machine(), "measures": [each.document() for each in outcomes]}, indent=2))
    else:
        print(json.dumps(_machine()))
    return 0


def _machine() -> dict[str, str]:
    return {
        "python": platform.python_version(),
        "system": platform.platform(),
        **{name: version(name) for name in LIBRARIES},
    }


def _tell(outcome: Outcome) -> None:
    print(f"{outcome.name}: {outcome.what}")
    for side in (outcome.ours, outcome.theirs):
        print(f"  {side.label:<44} {side.seconds:8.2f} s  {side.megabytes:6.0f} MB")
    print(f"  ratio {outcome.ratio:.2f} (aim: {outcome.aim})\n", flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
