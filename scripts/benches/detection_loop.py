"""The other side of `detection`: one parcours after another, each read, asked and written in a transaction of its own."""

import json
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from detection_answers import answers, sample_of

from conference.data.session import Database
from conference.services.refreshing import refresh
from conference.settings import load_settings


def main(count: str) -> None:
    """Print one JSON document: seconds of processor time that the sample took, how many it is, and its answers."""
    database = Database(load_settings().url)
    at, sample = datetime.now(UTC), sample_of(database, int(count))
    start = time.process_time()
    for parcours_id in sample:
        with database.writing() as session:
            refresh(session, [parcours_id], at=at)
    seconds = time.process_time() - start
    found = answers(database, sample)
    print(json.dumps({"seconds": round(seconds, 3), "asked": len(sample), "answers": found}))
    database.dispose()


if __name__ == "__main__":
    main(*sys.argv[1:])
