"""Do the two commands say how they are used, and is a set-up that is done left alone?

A set-up from nothing takes half a minute and is what each fresh clone proves; here only what is quick.
"""

import os
import subprocess
from pathlib import Path

import pytest

from tests.machine import lacking
from tests.postgresql import Cluster, _runs, find_binaries

ROOT = Path(__file__).resolve().parents[2]


def script(name: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run one of the scripts from another folder, without input."""
    command = [ROOT / "scripts" / name, *arguments]
    return subprocess.run(
        command, cwd="/", env=os.environ | environment, stdin=subprocess.DEVNULL, capture_output=True, text=True
    )


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        (["--unknown"], "unknown option: --unknown"),
        (["--port"], "--port needs a value"),
        (["--port", "http"], "not a port number: http"),
        (["--host="], "the address is empty"),
    ],
)
def test_run_refuses_misuse(arguments: list[str], fault: str) -> None:
    done = script("run", *arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith(f"scripts/run: {fault}\nUsage: scripts/run ")


def test_run_explains_itself() -> None:
    done = script("run", "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert {"--host", "--port", "--empty", "Example:"} <= set(done.stdout.split())


def test_setup_already_done_does_nothing() -> None:
    if not (ROOT / ".venv" / "stamp").exists():
        pytest.skip("this environment was not made by scripts/setup")
    done = script("setup")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_apt_says_the_line_to_run_to_who_is_not_root(tmp_path: Path) -> None:
    (tmp_path / "id").write_text("#!/bin/sh\necho 1000\n")
    (tmp_path / "id").chmod(0o755)
    done = script("apt", "chromium", "postgresql", PATH=f"{tmp_path}:{os.environ['PATH']}")
    assert done.returncode == 1
    assert "apt-get install -y --no-install-recommends chromium postgresql\n" in done.stderr
    assert done.stderr.count("\n") == 1


def test_missing_machinery_is_skipped_but_fails_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "false")
    with pytest.raises(pytest.skip.Exception):
        lacking("PostgreSQL")
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="not optional"):
        lacking("PostgreSQL")


def test_broken_wrapper_is_not_taken_for_postgresql(tmp_path: Path) -> None:
    for name in ("initdb", "postgres"):
        (tmp_path / name).write_text("#!/bin/sh\nexit 127\n")
        (tmp_path / name).chmod(0o755)
    assert not _runs(tmp_path)
    assert not _runs(tmp_path / "absent")


def test_postgresql_is_not_run_by_root(cluster: Cluster) -> None:
    assert find_binaries() is not None
    assert (cluster.folder / "data").stat().st_uid != 0
