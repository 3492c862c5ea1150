"""How long do the answers for many persons take us, and are they those of the engine?

`coverage_ours.py FOLDER REPEAT SAMPLE`: the quick pass and the engine over the persons kept in FOLDER, from their columns to
their answers; then as many persons as SAMPLE, evenly spread, are asked of the engine alone, which must say the same.
"""

import json
import sys
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[2])]

from coverage_persons import Persons, read  # noqa: E402  (the path is made above)

from conference.data.scales import shipped_scales  # noqa: E402
from conference.domain.coverage import coverage  # noqa: E402
from conference.domain.coverage_in_bulk import counted, coverage_in_bulk  # noqa: E402


def main(folder: str, repeat: str, sample: str) -> None:
    """Print one JSON document: seconds of processor time of each run, sums of days, how many were settled and proven."""
    persons = read(Path(folder))
    seconds, found = [], {}
    for _ in range(int(repeat)):
        start = time.process_time()
        found = _totals(persons)
        seconds.append(time.process_time() - start)
    settled = found.pop("settled")
    told = {"settled": settled, "proven": _proven(persons, int(sample))}
    print(json.dumps({"seconds": seconds, "answers": found, **told}))


def _totals(persons: Persons) -> dict[str, int]:
    needed = covered = unpaid = settled = 0
    for _, found in coverage_in_bulk(persons.asked(), persons.__getitem__, shipped_scales()):
        days = found.days
        needed += days.needed
        covered += days.covered
        unpaid += days.presumed + days.available + days.gap
        settled += found.coverage is None
    return {"needed": needed, "covered": covered, "not covered": unpaid, "settled": settled}


def _proven(persons: Persons, sample: int) -> int:
    """The number of persons compared. Raises SystemExit at the first whose two answers differ."""
    wanted = set(range(0, len(persons), max(1, len(persons) // sample)))
    chosen = (each for each in persons.asked() if each.key in wanted)
    compared = 0
    for place, quick in coverage_in_bulk(chosen, persons.__getitem__, shipped_scales()):
        alone = counted(coverage(persons[place], shipped_scales()))
        if quick._replace(coverage=None) != alone._replace(coverage=None):
            raise SystemExit(f"person {place}: in bulk {quick}, by the engine {alone}")
        compared += 1
    return compared


if __name__ == "__main__":
    main(*sys.argv[1:])
