"""`conference init` makes a working, empty instance; what it cannot do ends in a sentence."""

import os
import stat
from pathlib import Path

import pytest

from conference.cli import commands, run
from conference.data.session import Database
from conference.data.tables import ConferenceProfile
from conference.settings import Settings
from tests.cli.conftest import Console


def test_init_makes_an_instance_once(bare_console: Console, database: Database, settings: Settings) -> None:
    first = bare_console("init", "--first-month", "2019-03", "--name", "Conférence Essai", "--json")
    again = bare_console("init", "--json")
    assert first.code == again.code == 0
    assert first.json == {"instance": str(settings.instance), "created": True, "upgraded": False}
    assert again.json == {"instance": str(settings.instance), "created": False, "upgraded": False}
    with database.reading() as session:
        profile = session.get_one(ConferenceProfile, 1)
        assert (profile.name, f"{profile.first_month:%Y-%m}") == ("Conférence Essai", "2019-03")


def test_init_from_nothing_then_every_reading_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONFERENCE_INSTANCE", str(tmp_path / "new"))
    assert run(["init"]) == 0
    assert run(["totals"]) == 0
    key = tmp_path / "new" / "keys" / "master.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600


def test_nobody_else_reads_the_data_of_a_folder_open_to_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, archive = tmp_path / "open", tmp_path / "archive.tar.gz"
    folder.mkdir(mode=0o755)
    monkeypatch.setenv("CONFERENCE_INSTANCE", str(folder))
    before = os.umask(0o022)
    try:
        assert run(["init"]) == 0
        assert run(["account", "add", "jeanne@region.example", "--name", "Jeanne Morel", "--role", "admin"]) == 0
        assert open_to_others(folder) == []
        (folder / "conference.sqlite").chmod(0o644)  # as an earlier version left it
        assert run(["init"]) == 0
        assert open_to_others(folder) == []
        assert run(["backup", str(archive)]) == 0
        monkeypatch.setenv("CONFERENCE_INSTANCE", str(tmp_path / "restored"))
        (tmp_path / "restored").mkdir(mode=0o755)
        assert run(["restore", str(archive)]) == 0
        assert open_to_others(tmp_path / "restored") == []
    finally:
        os.umask(before)


def open_to_others(folder: Path) -> list[str]:
    """Files that hold something and that others than their owner may read."""
    held = [path for path in folder.rglob("*") if path.is_file() and path.stat().st_size]
    return [path.name for path in held if path.stat().st_mode & 0o077]


def test_first_month_in_the_future_is_refused(bare_console: Console) -> None:
    answer = bare_console("init", "--first-month", "2099-01")
    assert (answer.code, answer.out) == (1, "")
    assert answer.err == "conference: Le premier mois de la conférence ne peut pas être dans le futur.\n"


def test_month_that_is_none_is_misuse(bare_console: Console) -> None:
    answer = bare_console("init", "--first-month", "mars")
    assert answer.code == 2
    assert "mars is not a month; write for example 2026-03" in answer.err


def test_without_instance_says_to_run_init(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CONFERENCE_INSTANCE", str(tmp_path / "none"))
    assert run(["totals"]) == 2
    assert (
        capsys.readouterr().err == f"conference: there is no instance in {tmp_path / 'none'}: run `conference init`\n"
    )
    assert not (tmp_path / "none").exists()


def test_older_tables_say_to_run_init(console: Console, database: Database) -> None:
    with database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")
    answer = console("totals")
    assert answer.code == 2
    assert answer.err == "conference: the database was made by another version: run `conference init` to upgrade it\n"


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("CONFERENCE_COLOUR", "blue", "unknown setting CONFERENCE_COLOUR"),
        ("CONFERENCE_SMTP_PORT", "many", "bad setting: CONFERENCE_SMTP_PORT"),
        ("CONFERENCE_DATABASE_URL", "nonsense", "bad setting CONFERENCE_DATABASE_URL"),
        ("CONFERENCE_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none", "the database cannot be used"),
    ],
)
def test_bad_setting_is_a_sentence(
    name: str,
    value: str,
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("CONFERENCE_INSTANCE", str(tmp_path))
    monkeypatch.setenv(name, value)
    assert run(["totals"]) == 2
    assert capsys.readouterr().err.startswith(f"conference: {said}")


def test_every_command_has_help_with_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    names = commands.list_commands(None)  # type: ignore[arg-type]
    for name in names:
        assert run([name, "--help"]) == 0
        shown = capsys.readouterr().out
        assert "Example" in shown, name
        assert f"  conference {name}" in shown, name


def test_readme_lists_every_command() -> None:
    readme = Path(__file__).parents[2] / "README.md"
    text = readme.read_text() if readme.exists() else ""
    if "conference init" not in text:
        pytest.skip("the README has no list of commands yet")
    names = commands.list_commands(None)  # type: ignore[arg-type]
    assert [name for name in names if f"conference {name}" not in text] == []
