"""Our side of `detection`: the run itself, as the command and the night make it, three times on the same parcours."""

import json
import os
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from detection_answers import answers, sample_of

from conference.data.session import Database
from conference.domain.french import day_in_france
from conference.services.detection import detect, told
from conference.settings import load_settings

RUNS = (
    ("all asked for the first time, all written", True),
    ("all asked again, nothing changed", True),
    ("the run of the night, nothing changed", False),
)


def main(sample: str) -> None:
    """Print one JSON document: seconds of each run by the clock and of all its processes together, what the first reports, and
    the answers of the sample."""
    database = Database(load_settings().url)
    at = datetime.now(UTC)
    seconds, processor, reports = {}, {}, []
    for label, everything in RUNS:
        start, used = time.perf_counter(), _processor()
        reports.append(detect(database, day_in_france(at), at, everything=everything))
        seconds[label] = round(time.perf_counter() - start, 3)
        processor[label] = round(_processor() - used, 3)
    if any(each.changed or each.alerts for each in reports[1:]):
        raise SystemExit("a run that follows another one changed something")
    found = answers(database, sample_of(database, int(sample)))
    print(json.dumps({"seconds": seconds, "processor": processor, "told": told(reports[0]), "answers": found}))
    database.dispose()


def _processor() -> float:
    """Seconds of processor time of this process and of those that it has ended."""
    return sum(os.times()[:4])


if __name__ == "__main__":  # the processes of the run read this file too
    main(*sys.argv[1:])
