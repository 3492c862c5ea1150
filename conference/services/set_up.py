"""How is an instance made from nothing, or brought to this version?

Folder, keys, database, profile and lists, in this order, each made only when it lacks: running it again changes nothing.
One process at a time, so that two servers started together do not both create the tables. A file written by an earlier
version is archived before its tables change.

The folder may be one that others can enter: whatever is in it is for its owner alone.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlmodel import Session

from conference.data.migrations import upgrade
from conference.data.session import Database
from conference.domain.permissions import Actor
from conference.services.instance import init_instance
from conference.services.keys import derived_key
from conference.settings import Settings


@dataclass(frozen=True)
class SetUp:
    """What was done: `created` a conférence, `upgraded` the tables."""

    created: bool
    upgraded: bool


def set_up(
    settings: Settings,
    *,
    by: Actor,
    at: datetime,
    name: str | None = None,
    region: str | None = None,
    first_month: date | None = None,
) -> SetUp:
    """Make the instance of `settings` ready, empty when it is new. Raises Refusal on a first month in the future."""
    given: dict[str, Any] = {"name": name, "region": region, "first_month": first_month}
    with ready_database(settings) as (database, upgraded), database.writing() as session:
        created = _init(session, by, at, {key: value for key, value in given.items() if value is not None})
    return SetUp(created, upgraded)


@contextmanager
def ready_database(settings: Settings) -> Iterator[tuple[Database, bool]]:
    """The upgraded database of `settings`, under the set-up lock, and whether its tables changed."""
    settings.instance.mkdir(parents=True, exist_ok=True, mode=0o700)
    derived_key(settings.instance, "cookies")
    with (settings.instance / "setup.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        database = Database(settings.url)
        keep_private(database)
        try:
            yield database, upgrade(database)
        finally:
            database.dispose()


def keep_private(database: Database) -> None:
    """Have the SQLite file for its owner alone before anything is in it; SQLite gives its journal the same mode."""
    if database.path is None:
        return
    os.close(os.open(database.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
    for path in database.path.parent.glob(f"{database.path.name}*"):
        _narrow(path)


def _narrow(path: Path) -> None:
    """Take from the others what an earlier version left them; a file of another owner stays as that owner made it."""
    with suppress(FileNotFoundError):  # SQLite removes its journal when its last reader leaves
        if path.stat().st_uid == os.geteuid() and path.stat().st_mode & 0o077:
            path.chmod(0o600)


def _init(session: Session, by: Actor, at: datetime, given: dict[str, Any]) -> bool:
    return init_instance(session, by=by, at=at, **given)
