"""How is an instance copied whole while it serves, and put back?

One `.tar.gz`: the database as it stood at one instant, the files, the keys, and a manifest with the SHA-256 of each member.
SQLite is copied by its online backup; PostgreSQL table by table through COPY in one repeatable-read transaction, so that no
tool but this one is needed. The archive holds the keys: whoever reads it can do what the instance can, so it is written
for its owner alone and must be kept as secret.

A restore checks every member against the manifest before it touches anything, refuses an instance that holds a conférence
unless told to replace it, and holds the right to write from the beginning to the end.
"""

import hashlib
import json
import os
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

from sqlmodel import select

from conference.data.copying import copy_database, load_database
from conference.data.migrations import current_revision, head_revision, is_known_revision, upgrade
from conference.data.session import Database
from conference.data.tables import ConferenceProfile
from conference.domain.refusal import Refusal
from conference.services.set_up import keep_private
from conference.settings import Settings

FOLDERS = ("files", "keys")
"""Folders of the instance that an archive holds beside the database."""
MANIFEST = "manifest.json"
FORMAT = 1


@dataclass(frozen=True)
class Archive:
    """What an archive holds: engine and revision of its database, when it was made, number and bytes of its members."""

    engine: str
    revision: str
    made_at: str
    members: int
    size: int


def back_up(database: Database, settings: Settings, *, target: Path, at: datetime) -> Archive:
    """Write the archive to `target`, whole or not at all, while others write. Raises Refusal when `target` exists."""
    if target.exists():
        raise Refusal(f"Le fichier {target} existe déjà. Choisissez un autre nom.", code="target_exists")
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        # The database first: a file is kept before the row that names it, so each row copied has its file.
        members = _members(Path(folder), database, settings.instance)
        manifest = _manifest(database, members, at)
        draft = Path(folder) / "archive"
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            _write(file, manifest, members)
            os.fsync(file.fileno())
        os.link(draft, target)
    return _described(manifest)


def restore(settings: Settings, *, source: Path, replace: bool = False) -> Archive:
    """Put the archive `source` in place of the instance of `settings`.

    Raises Refusal when the archive is damaged, of another engine or of a later version, or when the instance holds a
    conférence and `replace` is False. Until all of that is checked, nothing is touched.
    """
    settings.instance.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(dir=settings.instance, prefix="restore-") as folder:
        manifest = _unpack(source, Path(folder))
        database = Database(settings.url)
        try:
            _refuse_mismatch(manifest, database)
            with _writing_alone(database, settings, replace):
                keep_private(database)
                _put(Path(folder), database, settings.instance)
            upgrade(database)
        finally:
            database.dispose()
    return _described(manifest)


def _members(folder: Path, database: Database, instance: Path) -> dict[str, Path]:
    """Path of each member by its name in the archive."""
    copied = copy_database(database, folder / "database")
    members = {f"database/{path.name}": path for path in copied}
    for name in FOLDERS:
        members |= {
            f"{name}/{path.relative_to(instance / name).as_posix()}": path for path in _files_of(instance / name)
        }
    return members


def _files_of(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file()) if folder.exists() else []


def _manifest(database: Database, members: dict[str, Path], at: datetime) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "engine": "sqlite" if database.is_sqlite else "postgresql",
        "revision": current_revision(database) or "",
        "made_at": at.isoformat(),
        "members": {name: {"size": path.stat().st_size, "sha256": _sha256(path)} for name, path in members.items()},
    }


def _write(file: Any, manifest: dict[str, Any], members: dict[str, Path]) -> None:
    with tempfile.TemporaryDirectory() as folder, tarfile.open(fileobj=file, mode="w:gz", compresslevel=3) as archive:
        told = Path(folder) / MANIFEST
        told.write_text(json.dumps(manifest, indent=1))
        archive.add(told, MANIFEST)
        for name, path in members.items():
            archive.add(path, name)


def _unpack(source: Path, folder: Path) -> dict[str, Any]:
    """Unpack into `folder` and check every member. Raises Refusal on an archive that is damaged or is none."""
    try:
        with tarfile.open(source, "r:gz") as archive:
            archive.extractall(folder, filter="data")
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text())
        members = manifest["members"]
        known = manifest["format"] == FORMAT
    except OSError as error:
        raise Refusal(f"{source} ne se lit pas : {error.strerror or error}.", code="unreadable") from None
    except (tarfile.TarError, EOFError, ValueError, KeyError, TypeError):
        raise Refusal(f"{source} n’est pas une sauvegarde de conférence lisible.", code="unreadable") from None
    if not known:
        raise Refusal(
            f"{source} vient d’une version plus récente : mettez d’abord le logiciel à jour.", code="unreadable"
        )
    found = {path.relative_to(folder).as_posix() for path in _files_of(folder)} - {MANIFEST}
    for name in sorted(found ^ set(members)):
        raise Refusal(f"{source} est abîmé : « {name} » manque ou est en trop.", code="unreadable")
    for name, told in members.items():
        if _sha256(folder / PurePosixPath(name)) != told["sha256"]:
            raise Refusal(f"{source} est abîmé : « {name} » a changé.", code="unreadable")
    return manifest


def _refuse_mismatch(manifest: dict[str, Any], database: Database) -> None:
    engine = "sqlite" if database.is_sqlite else "postgresql"
    if manifest["engine"] != engine:
        raise Refusal(
            f"Cette sauvegarde vient de {manifest['engine']} et cette instance est sur {engine}.", code="other_engine"
        )
    upgradable = is_known_revision if database.is_sqlite else head_revision().__eq__
    if not upgradable(manifest["revision"]):
        raise Refusal(
            "Cette sauvegarde vient d’une autre version du logiciel : restaurez-la avec elle.", code="revision"
        )


@contextmanager
def _writing_alone(database: Database, settings: Settings, replace: bool) -> Iterator[None]:
    """Hold the right to write while the instance is replaced; refuse one that holds a conférence."""
    if not database.is_sqlite:
        upgrade(database)
    with database.alone():
        if not replace and _holds_a_conference(database):
            raise Refusal(
                f"L’instance {settings.instance} contient déjà une conférence. Pour la remplacer : --force.",
                code="not_empty",
            )
        yield


def _holds_a_conference(database: Database) -> bool:
    if database.path is not None and not database.path.exists():
        return False
    if current_revision(database) is None:
        return False
    with database.reading() as session:
        return session.exec(select(ConferenceProfile.id)).first() is not None


def _put(folder: Path, database: Database, instance: Path) -> None:
    """The files first, which only add (each is named by what it holds), then the database, then the keys."""
    for path in _files_of(folder / "files"):
        target = instance / "files" / path.relative_to(folder / "files")
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.replace(target)
    load_database(database, folder / "database")
    if (instance / "keys").exists():
        (instance / "keys").rename(folder / "keys.before")
    (folder / "keys").rename(instance / "keys")
    for name in FOLDERS:
        _for_owner_alone(instance / name)


def _for_owner_alone(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")) if folder.exists() else ():
        path.chmod(0o700 if path.is_dir() else 0o600)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _described(manifest: dict[str, Any]) -> Archive:
    members = manifest["members"].values()
    return Archive(
        manifest["engine"],
        manifest["revision"],
        manifest["made_at"],
        len(members),
        sum(each["size"] for each in members),
    )
