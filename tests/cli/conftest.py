"""How do the tests run a command? In this process, on an instance of their own; exit code, stdout and stderr are kept."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from conference.cli import run
from conference.settings import Settings


@dataclass(frozen=True)
class Answer:
    """What a command said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one JSON document on stdout."""
        return json.loads(self.out)


Console = Callable[..., Answer]


@pytest.fixture
def bare_console(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], settings: Settings) -> Console:
    """`conference …` on an instance where `init` has not been run."""
    monkeypatch.setenv("CONFERENCE_INSTANCE", str(settings.instance))
    monkeypatch.setenv("CONFERENCE_DATABASE_URL", settings.url)

    def call(*arguments: str | Path) -> Answer:
        capsys.readouterr()
        code = run([str(argument) for argument in arguments])
        said = capsys.readouterr()
        return Answer(code, said.out, said.err)

    return call


@pytest.fixture
def console(bare_console: Console) -> Console:
    """`conference …` on an empty instance."""
    assert bare_console("init", "--first-month", "2021-01").code == 0
    return bare_console
