"""Where does a file wait, and how far is it, between the page that receives it and the ledger?

In a folder of its own in `staged/` of the instance, for a day: the file, its rows once read (`data.staging`) and its state,
a small JSON document replaced whole. What is confirmed is the very file that was shown. Only the account that sent it finds
it again. It is in no archive and in no list; what nobody confirms is swept when the next one comes.
"""

import fcntl
import hashlib
import json
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path, PurePath
from typing import Any, BinaryIO

from conference.domain.permissions import Actor
from conference.domain.refusal import NotFound

WAITS = timedelta(days=1)
STARTS_WITHIN = timedelta(seconds=10)
BLOCK = 1 << 20


class Stage(StrEnum):
    """How far a staged import is."""

    SENT = "sent"
    READING = "reading"
    ASKING = "asking"
    READY = "ready"
    CONFIRMED = "confirmed"
    WRITING = "writing"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


AT_WORK = frozenset({Stage.SENT, Stage.READING, Stage.CONFIRMED, Stage.WRITING})
"""Stages that go on by themselves."""
OVER = frozenset({Stage.DONE, Stage.CANCELLED})


class Cancelled(Exception):
    """The sender cancelled while the work was going on."""


@dataclass(frozen=True)
class StagedState:
    """What is known of a staged import. `done` of `total`: bytes while reading, rows after; `message`: why it failed, in
    French; `unasked`: written as soon as it is read, as on the command line; `sheets`: columns read or to explain, as
    `services.imports` writes them."""

    id: str
    account_id: int | None
    filename: str
    sha256: str
    size: int
    stage: Stage = Stage.SENT
    wanted: str = "auto"
    only: str | None = None
    own_names: bool = False
    unasked: bool = False
    done: int = 0
    total: int = 0
    message: str | None = None
    profile: str | None = None
    sheets: tuple[dict[str, Any], ...] = ()
    rows: int = 0
    created: int = 0
    adjusted: int = 0
    unchanged: int = 0
    refused: int = 0
    warnings: int = 0
    gone: int = 0
    accepted: str = "0.00"
    import_file_id: int | None = None

    @property
    def is_at_work(self) -> bool:
        """Does it go on by itself?"""
        return self.stage in AT_WORK


class StagedImport:
    """One staged import on the disk: `path` of its file, of its rows, its state."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / "file"
        self.rows = folder / "rows.sqlite"
        self.refused = folder / "refused.xlsx"

    @property
    def state(self) -> StagedState:
        """The state as it is now on the disk."""
        told = json.loads((self.folder / "state.json").read_text(encoding="utf-8"))
        told["stage"] = Stage(told["stage"])
        told["sheets"] = tuple(told["sheets"])
        return StagedState(**told)

    def change(self, **values: Any) -> StagedState:
        """Replace the state, whole, with these values changed."""
        state = replace(self.state, **values)
        self.write(state)
        return state

    def write(self, state: StagedState) -> None:
        """Write the state whole: a reader sees the former one or this one."""
        draft = self.folder / f"state.{secrets.token_hex(8)}"
        draft.write_text(json.dumps(asdict(state), ensure_ascii=False), encoding="utf-8")
        draft.replace(self.folder / "state.json")

    @contextmanager
    def at_work(self) -> Iterator[bool]:
        """Work on it alone; False when somebody else does already. A crash lets go."""
        handle = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
            else:
                yield True
        finally:
            os.close(handle)

    def is_stopped(self, at: datetime) -> bool:
        """Was its work interrupted (a crash)? Nobody holds its lock, and it did not change of late: it can be taken up."""
        written = (self.folder / "state.json").stat().st_mtime
        if not self.state.is_at_work or at.timestamp() - written < STARTS_WITHIN.total_seconds():
            return False
        with self.at_work() as free:
            return free and self.state.is_at_work

    def ask_to_stop(self) -> None:
        """Leave word that the sender cancels."""
        (self.folder / "cancel").touch()

    def check_cancelled(self) -> None:
        """Raise Cancelled when the sender cancelled."""
        if (self.folder / "cancel").exists():
            raise Cancelled

    def sweep(self) -> None:
        """Remove everything of it."""
        shutil.rmtree(self.folder, ignore_errors=True)


def stage_file(
    instance: Path,
    stream: BinaryIO,
    filename: str,
    *,
    by: Actor,
    at: datetime,
    wanted: str = "auto",
    only: str | None = None,
    unasked: bool = False,
) -> StagedImport:
    """Keep what `stream` holds, in blocks, for a day."""
    root = instance / "staged"
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    _sweep(root, at)
    staged = StagedImport(root / secrets.token_hex(16))
    staged.folder.mkdir(mode=0o700)
    digest, size = hashlib.sha256(), 0
    with os.fdopen(os.open(staged.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        while block := stream.read(BLOCK):
            digest.update(block)
            size += len(block)
            file.write(block)
    name = PurePath(filename.replace("\\", "/")).name
    name = "".join(sign for sign in name if sign.isprintable())[:200] or "fichier"
    state = StagedState(
        staged.folder.name, by.account_id, name, digest.hexdigest(), size, wanted=wanted, only=only, unasked=unasked
    )
    staged.write(state)
    return staged


def find_staged(instance: Path, staged_id: str, by: Actor) -> StagedImport:
    """The staged import of that name, for the account that sent it. Raises NotFound."""
    folder = instance / "staged" / staged_id
    if not re.fullmatch(r"[0-9a-f]{32}", staged_id) or not (folder / "state.json").is_file():
        raise NotFound()
    staged = StagedImport(folder)
    if staged.state.account_id != by.account_id:
        raise NotFound()
    return staged


def _sweep(root: Path, at: datetime) -> None:
    for path in root.iterdir():
        try:
            old = path.stat().st_mtime < (at - WAITS).timestamp()
        except FileNotFoundError:
            continue
        if old and path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        elif old:
            path.unlink(missing_ok=True)
