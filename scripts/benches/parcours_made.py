"""Parcours for the measures: `generate --parcours` without the run of detection that follows it, which is measured."""

import sys
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from conference.data.session import Database
from conference.domain.permissions import CONSOLE
from conference.services.parcours_generation import generate_parcours
from conference.settings import load_settings


def main(size: str) -> None:
    """Write `size` parcours into the instance of the environment."""
    database = Database(load_settings().url)
    for _ in generate_parcours(database, parcours=int(size), seed=1, by=CONSOLE, at=datetime.now(UTC)):
        pass
    database.dispose()


if __name__ == "__main__":
    main(*sys.argv[1:])
