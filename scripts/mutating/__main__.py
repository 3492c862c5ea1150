"""Which changes of a rule would no test notice?

mutmut changes conference/domain one spot at a time (a sign, a bound, a word, an argument) and runs the tests of
tests/domain that pass there: a change that no test notices survives, and is either a hole in the tests or a change
that nobody could see. It works on a copy, made by `copying`; what was killed stays killed until its function changes, and
the others are tried again, so that a second run costs little. Nothing here is a test, and no run of the tests calls it.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from copying import copy_project
from telling import Mutants, read_mutants, table

ROOT = Path(__file__).resolve().parents[2]
MUTMUT = (sys.executable, "-m", "mutmut")


def main() -> int:
    """Copy, change, run, tell; 1 when the share is under what is asked."""
    parser = argparse.ArgumentParser(prog="scripts/mutants", description=__doc__)
    parser.add_argument("modules", nargs="*", help="modules under conference/domain (money importing); default: all")
    parser.add_argument("--work", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--tell", action="store_true", help="tell the last run again, without running")
    parser.add_argument("--show", action="store_true", help="show each change that no test noticed")
    parser.add_argument("--anew", action="store_true", help="forget what was killed before")
    parser.add_argument("--processes", type=int, default=1, help="mutants tried at once")
    parser.add_argument("--least", type=float, default=90.0, help="share in percent under which the exit code is 1")
    given = parser.parse_args()
    patterns = [f"conference.domain.{module.replace('/', '.')}.*" for module in given.modules]
    if not given.tell and run(given.work, patterns, given.anew, given.processes):
        return 2
    found = [mutants for mutants in read_mutants(given.work) if not given.modules or mutants.is_of(given.modules)]
    print(table(found))
    if given.show:
        show(given.work, found)
    return 1 if Mutants.gathered(found).share < given.least else 0


def run(work: Path, patterns: list[str], anew: bool, processes: int) -> int:
    """mutmut's exit code, after it has tried every mutant of these patterns that was not killed yet."""
    copy_project(ROOT, work)
    for mutants in read_mutants(work):
        mutants.forget(killed_too=anew)
    (work / "mutants" / "mutmut-stats.json").unlink(missing_ok=True)  # the tests may have changed
    # The tests that are to run are those of a machine like this one, whatever started us.
    environment = {name: value for name, value in os.environ.items() if name != "CI"}
    environment["PYTHONPATH"] = str(Path(__file__).parent)  # properties_last
    command = [*MUTMUT, "run", "--max-children", str(processes), *patterns]
    return subprocess.run(command, cwd=work, env=environment, check=False).returncode


def show(work: Path, found: list[Mutants]) -> None:
    """Print each change that no test noticed."""
    for mutants in found:
        for name in mutants.unnoticed:
            subprocess.run([*MUTMUT, "show", name], cwd=work, check=True)


if __name__ == "__main__":
    sys.exit(main())
