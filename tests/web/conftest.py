"""Which ledgers are the figures of every surface tried on? One of our own, on both engines, and that of the public files."""

import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from conference.cli import run
from conference.data.session import Database
from conference.settings import Settings
from tests.seeds import sign_in_token
from tests.web.ledger_oracle import read_facts
from tests.web.odd_ledger import PUBLIC, odd_ledger, public_ledger
from tests.web.page_client import PageClient
from tests.web.surfaces import Surfaces


@pytest.fixture(params=["ours", "public"])
def source(request: pytest.FixtureRequest, engine: str) -> str:
    name = str(request.param)
    if name == "public" and not PUBLIC.is_dir():
        pytest.skip("the public files are not beside the checkout")
    if name == "public" and engine != "sqlite":
        pytest.skip("one engine is enough for the public files")
    return name


@pytest.fixture
def surfaces(
    source: str,
    app: Flask,
    database: Database,
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Surfaces:
    world = odd_ledger(database)[0] if source == "ours" else public_ledger(database)[0]
    monkeypatch.setenv("CONFERENCE_INSTANCE", str(settings.instance))
    monkeypatch.setenv("CONFERENCE_DATABASE_URL", settings.url)

    def command(*arguments: str) -> Any:
        capsys.readouterr()
        assert run([*arguments, "--json"]) == 0, arguments
        return json.loads(capsys.readouterr().out)

    client = PageClient(app)
    client.flask.set_cookie("conference_session", sign_in_token(database, world.actors["coordinator"]))
    return Surfaces(client, database, world, read_facts(database), command, tmp_path)
