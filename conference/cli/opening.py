"""On which instance does a command work, and is it ready?

A command never makes nor upgrades anything by itself: it says to run `conference init`, which does, with a copy before.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import click

from conference.data.migrations import current_revision, head_revision
from conference.data.session import Database
from conference.settings import Settings, load_settings


class NotReady(Exception):
    """The instance or its settings do not allow any command; the message says what to run or to change."""


@dataclass(frozen=True)
class Instance:
    """An open instance: its settings, its database, and the instant at which the command was run."""

    settings: Settings
    database: Database
    at: datetime


def read_settings() -> Settings:
    """Settings of the environment. Raises NotReady on an unknown CONFERENCE_ key."""
    try:
        return load_settings()
    except ValueError as error:
        if type(error) is ValueError:
            raise NotReady(str(error)) from None
        raise


@contextmanager
def open_instance() -> Iterator[Instance]:
    """The instance of the environment, at the schema of this version. Raises NotReady when there is none."""
    settings = read_settings()
    database = Database(settings.url)
    try:
        if database.path is not None and not database.path.exists():
            raise NotReady(f"there is no instance in {settings.instance}: run `conference init`")
        _require_schema(database)
        yield Instance(settings, database, now())
    finally:
        database.dispose()


def _require_schema(database: Database) -> None:
    found = current_revision(database)
    if found is None:
        raise NotReady("the database is empty: run `conference init`")
    if found != head_revision():
        raise NotReady("the database was made by another version: run `conference init` to upgrade it")


def now() -> datetime:
    """The command's clock, read once."""
    return datetime.now(UTC)


def print_json(document: Any) -> None:
    """One JSON document on stdout."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=2, default=str))


def example(*lines: str) -> str:
    """The example that ends a command's help."""
    return os.linesep.join(["\b", "Example:" if len(lines) == 1 else "Examples:", *(f"  {line}" for line in lines)])


json_option = click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON document on stdout, and nothing else."
)
