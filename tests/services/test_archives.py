"""An archive made while others write is whole, and restores into an instance where `verify` is green."""

import hashlib
import json
import tarfile
import threading
from datetime import date
from pathlib import Path

import pytest

from conference.data.migrations import upgrade
from conference.data.queries.totals import totals
from conference.data.session import Database
from conference.domain.refusal import Refusal
from conference.services.archives import back_up, restore
from conference.services.files import file_path
from conference.services.keys import derived_key
from conference.services.verification import verify
from conference.settings import Settings
from tests.cli.conftest import Console, bare_console, console  # noqa: F401  (fixtures)
from tests.conftest import Cluster
from tests.seeds import AT, World, commit, make_world
from tests.services.scdl_files import scdl
from tests.services.sending import send


@pytest.fixture
def world(database: Database, settings: Settings) -> World:
    """A ledger with an imported file and a key."""
    made = make_world(database)
    derived_key(settings.instance, "cookies")
    content = scdl({}, {"montant": "50"})
    with database.writing() as session:
        commit(session, made, "region", "1000.00")
    send(database, content, instance=settings.instance)
    return made


@pytest.fixture
def elsewhere(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> Settings:
    """Settings of another instance, with an empty database that nobody has upgraded."""
    url = f"sqlite:///{tmp_path / 'elsewhere' / 'conference.sqlite'}"
    if engine == "postgresql":
        cluster: Cluster = request.getfixturevalue("cluster")
        name = "elsewhere_" + tmp_path.name.replace("-", "_")[-30:].lower()
        url = cluster.create(name)
        request.addfinalizer(lambda: cluster.drop(name))
    return Settings(instance=tmp_path / "elsewhere", database_url=url)


def _committed(settings: Settings) -> str:
    database = Database(settings.url)
    try:
        with database.reading() as session:
            assert verify(session, instance=settings.instance).first_fault is None
            return str(totals(session, ("funder",)).shared_total.committed)
    finally:
        database.dispose()


def test_archive_restores_elsewhere_with_files_and_keys(
    database: Database, settings: Settings, elsewhere: Settings, world: World, tmp_path: Path
) -> None:
    target = tmp_path / "a.tar.gz"
    made = back_up(database, settings, target=target, at=AT)
    assert target.stat().st_mode & 0o777 == 0o600
    assert restore(elsewhere, source=target) == made
    assert _committed(elsewhere) == "1950.00"
    assert derived_key(elsewhere.instance, "cookies") == derived_key(settings.instance, "cookies")
    sha256 = hashlib.sha256(scdl({}, {"montant": "50"})).hexdigest()
    assert file_path(elsewhere.instance, sha256).read_bytes() == scdl({}, {"montant": "50"})
    assert not list(elsewhere.instance.glob("restore-*"))
    other = Database(elsewhere.url)
    with other.writing() as session:  # the restored instance goes on: identifiers, numbers and rules follow
        commit(session, world, "opco", "5.00", date(2026, 4, 1))
    other.dispose()
    assert _committed(elsewhere) == "1955.00"


def test_archive_made_under_writers_is_one_state(
    database: Database, settings: Settings, elsewhere: Settings, world: World, tmp_path: Path
) -> None:
    stop = threading.Event()
    done: list[int] = []

    def write() -> None:
        while not stop.is_set():
            with database.writing() as session:
                made = commit(session, world, "opco", "1.00")
            done.append(made)

    writers = [threading.Thread(target=write) for _ in range(3)]
    for writer in writers:
        writer.start()
    try:
        for number in range(3):
            before = len(done)
            back_up(database, settings, target=tmp_path / f"{number}.tar.gz", at=AT)
            after = len(done)
            restore(elsewhere, source=tmp_path / f"{number}.tar.gz", replace=number > 0)
            assert 1950 + before <= float(_committed(elsewhere)) <= 1950 + after + 3
    finally:
        stop.set()
        for writer in writers:
            writer.join()
    assert len(done) > 0


def test_instance_that_holds_a_conference_is_replaced_only_when_told(
    database: Database, settings: Settings, world: World, tmp_path: Path
) -> None:
    target = tmp_path / "a.tar.gz"
    back_up(database, settings, target=target, at=AT)
    with database.writing() as session:
        commit(session, world, "region", "7.00")
    with pytest.raises(Refusal) as refused:
        restore(settings, source=target)
    assert refused.value.code == "not_empty"
    assert _committed(settings) == "1957.00"
    restore(settings, source=target, replace=True)
    assert _committed(settings) == "1950.00"
    with database.writing() as session:  # the engine opened before sees the new content
        commit(session, world, "region", "1.00")
    assert _committed(settings) == "1951.00"


@pytest.mark.parametrize("damage", ["changed", "missing", "added", "cut", "other"])
def test_damaged_archive_touches_nothing(
    damage: str, database: Database, settings: Settings, world: World, tmp_path: Path
) -> None:
    target = tmp_path / "a.tar.gz"
    back_up(database, settings, target=target, at=AT)
    _damage(target, damage, tmp_path)
    key = derived_key(settings.instance, "cookies")
    with pytest.raises(Refusal) as refused:
        restore(settings, source=target, replace=True)
    assert refused.value.code == "unreadable"
    assert _committed(settings) == "1950.00"
    assert derived_key(settings.instance, "cookies") == key


def _damage(target: Path, damage: str, tmp_path: Path) -> None:
    if damage == "cut":
        target.write_bytes(target.read_bytes()[: target.stat().st_size // 2])
        return
    if damage == "other":
        target.write_bytes(b"not an archive")
        return
    folder = tmp_path / "unpacked"
    with tarfile.open(target) as archive:
        archive.extractall(folder, filter="data")
    victim = next(path for path in sorted((folder / "files").rglob("*")) if path.is_file())
    if damage == "changed":
        victim.write_bytes(b"changed")
    if damage == "missing":
        victim.unlink()
    if damage == "added":
        (folder / "files" / "more").write_bytes(b"more")
    with tarfile.open(target, "w:gz") as archive:
        for path in sorted(folder.rglob("*")):
            archive.add(path, path.relative_to(folder), recursive=False)


def test_archive_of_a_later_version_is_refused(
    database: Database, settings: Settings, world: World, tmp_path: Path
) -> None:
    target, folder = tmp_path / "a.tar.gz", tmp_path / "unpacked"
    back_up(database, settings, target=target, at=AT)
    with tarfile.open(target) as archive:
        archive.extractall(folder, filter="data")
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps({**manifest, "revision": "9999"}))
    with tarfile.open(target, "w:gz") as archive:
        for path in sorted(folder.rglob("*")):
            archive.add(path, path.relative_to(folder), recursive=False)
    with pytest.raises(Refusal) as refused:
        restore(settings, source=target, replace=True)
    assert refused.value.code == "revision"
    assert _committed(settings) == "1950.00"


def test_commands_back_up_and_restore(console: Console, tmp_path: Path) -> None:  # noqa: F811
    target = tmp_path / "a.tar.gz"
    assert console("backup", target, "--json").json["file"] == str(target)
    assert console("backup", target).code == 1
    assert console("backup").code == 2
    assert console("restore", target).code == 1
    assert console("restore", target, "--force", "--json").code == 0
    assert console("restore", tmp_path / "none.tar.gz").code == 2
    assert console("verify").code == 0


def test_upgrade_after_restore_has_nothing_to_do(
    database: Database, settings: Settings, elsewhere: Settings, world: World, tmp_path: Path
) -> None:
    back_up(database, settings, target=tmp_path / "a.tar.gz", at=AT)
    restore(elsewhere, source=tmp_path / "a.tar.gz")
    other = Database(elsewhere.url)
    assert upgrade(other) is False
    other.dispose()
