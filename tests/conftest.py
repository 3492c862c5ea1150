"""What does every test stand on?

`database` is fresh, migrated and empty for each test, once on SQLite and once on PostgreSQL: the migrations run once
per test process, then each test gets a copy (a file on SQLite, a template on PostgreSQL). `settings` and `app` stand on
the same one. A test that is about one engine says so:

    @pytest.mark.parametrize("engine", ["sqlite"], indirect=True)

What the machine lacks is skipped, but with CI=true it fails: there, nothing is optional.
"""

import os
import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import Phase
from hypothesis import settings as hypothesis_settings

import conference
from conference.data.migrations import upgrade
from conference.data.session import Database
from conference.settings import Settings
from tests.compiled_once import keep_addresses, keep_statements, keep_templates
from tests.machine import lacking
from tests.postgresql import Cluster, find_binaries, running_cluster

TEMPLATE = "conference_template"
_numbers = count(1)

# The machine is shared and slow at times: time is for the bench to measure, not for the properties. CI tries the same
# examples each time, so that a red run can be had again.
hypothesis_settings.register_profile("local", deadline=None)
hypothesis_settings.register_profile("ci", deadline=None, derandomize=True)
# scripts/mutants asks for the same few examples each time, and for one that fails, not for the least of them.
hypothesis_settings.register_profile(
    "mutants", deadline=None, derandomize=True, max_examples=30, phases=(Phase.explicit, Phase.generate)
)
hypothesis_settings.load_profile("ci" if os.environ.get("CI") == "true" else "local")

keep_addresses()
keep_statements()

# No test may depend on the instance of whoever runs it.
for _name in [name for name in os.environ if name.startswith("CONFERENCE_")]:
    del os.environ[_name]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Who shares out the tests (-n 2 --dist loadgroup)."""
    from tests.workers import Together

    return Together(config, log) if config.getvalue("dist") == "loadgroup" else None


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def engine(request: pytest.FixtureRequest) -> str:
    """`sqlite`, then `postgresql`."""
    return str(request.param)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file that is only copied."""
    path = tmp_path_factory.mktemp("template") / "template.sqlite"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A running PostgreSQL with a migrated, empty database to copy."""
    binaries = find_binaries()
    if binaries is None:
        lacking("PostgreSQL")
    else:
        with running_cluster(binaries) as running:
            _migrate(running.create(TEMPLATE))
            yield running


def _migrate(url: str) -> None:
    database = Database(url)
    upgrade(database)
    database.dispose()


@pytest.fixture
def database_url(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """SQLAlchemy address of a fresh, migrated, empty database."""
    if engine == "sqlite":
        path = tmp_path / "conference.sqlite"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    server: Cluster = request.getfixturevalue("cluster")
    name = f"test_{next(_numbers)}"
    yield server.create(name, template=TEMPLATE)
    server.drop(name)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A fresh, migrated, empty database."""
    opened = Database(database_url)
    yield opened
    opened.dispose()


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Settings of an instance on that database, reached without TLS."""
    instance = tmp_path / "instance"
    instance.mkdir()
    return Settings(instance=instance, database_url=database_url, secure_cookies=False)


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The whole application on that instance."""
    made = keep_templates(conference.create_app(settings))
    yield made
    made.extensions["database"].dispose()
