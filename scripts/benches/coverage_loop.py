"""How long does the plain loop take, that asks of each day that needs an income whether a right holds it?

`coverage_loop.py FOLDER REPEAT`. It answers less than we do: which days are covered, and nothing of amounts, overlaps, rules
or reasons.
"""

import json
import sys
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[2])]

from coverage_persons import Persons, read  # noqa: E402  (the path is made above)


def main(folder: str, repeat: str) -> None:
    """Print one JSON document: seconds of processor time of each run, and the sums of days."""
    persons, seconds, found = read(Path(folder)), [], {}
    for _ in range(int(repeat)):
        start = time.process_time()
        found = _totals(persons)
        seconds.append(time.process_time() - start)
    print(json.dumps({"seconds": seconds, "answers": found}))


def _totals(persons: Persons) -> dict[str, int]:
    needed = covered = 0
    for _, steps, rights in persons.asked():
        days = {day for first, last in steps for day in range(first, last + 1)}
        needed += len(days)
        for day in days:
            for first, last, _ in rights:
                if first <= day <= last:
                    covered += 1
                    break
    return {"needed": needed, "covered": covered, "not covered": needed - covered}


if __name__ == "__main__":
    main(*sys.argv[1:])
