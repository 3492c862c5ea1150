"""How do the tests get a real PostgreSQL?

Each test process starts a cluster of its own in a throw-away folder (about a second) and stops it at its end; it is
reached by a Unix socket in that folder, so no port can be taken. PostgreSQL refuses to run as root: the cluster then
belongs to another user. The server asks the kernel to stop it should the tests be killed. Nothing in it is worth a
flush to the disk, so durability is off, and the folder is in memory where there is room: each test copies the thousand
files of a database, which costs 25 ms of processor there and up to 300 ms on a disk.

`python -m tests.postgresql` prints the folder of the binaries found, exit 1 when there is none.
"""

import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

OWNER = "conference"
"""Superuser of the cluster, without a password: only who may enter the folder can connect."""
NEEDED = ("initdb", "postgres")
DEBIAN = Path("/usr/lib/postgresql")
MEMORY = Path("/dev/shm")
ROOM = 2_000_000_000
"""Bytes that must be free there: a cluster takes 100 MB, and a container often has 64 MB in all."""
PR_SET_PDEATHSIG = 1


def find_binaries() -> Path | None:
    """Folder of a PostgreSQL that really runs, the newest of Debian's first; None when there is none."""
    folders = sorted(DEBIAN.glob("*/bin"), key=_major, reverse=True)
    on_path = shutil.which("initdb")
    if on_path:
        folders.append(Path(on_path).resolve().parent)
    return next((folder for folder in folders if _runs(folder)), None)


def _major(folder: Path) -> int:
    name = folder.parent.name
    return int(name) if name.isdigit() else 0


def _runs(folder: Path) -> bool:
    """A wrapper left behind by a removed package is there, and does not run."""
    try:
        return all(
            subprocess.run([folder / name, "--version"], capture_output=True, timeout=20).returncode == 0
            for name in NEEDED
        )
    except OSError:
        return False


@dataclass(frozen=True)
class Cluster:
    """A running server; `folder` holds its socket."""

    folder: Path

    def url(self, name: str) -> str:
        """SQLAlchemy address of one database of the cluster."""
        return f"postgresql+psycopg://{OWNER}@/{name}?host={self.folder}"

    def create(self, name: str, *, template: str = "template0") -> str:
        """Make the database `name` as a copy of `template` and give its address (PostgreSQL 15 or later).

        Copying the files is cheaper than logging each page, which is the server's default (370 ms).
        """
        self._execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
        return self.url(name)

    def drop(self, name: str) -> None:
        """Remove a database, whoever is still connected to it."""
        self._execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _execute(self, statement: str) -> None:
        with self._connect() as connection:
            connection.execute(statement)  # type: ignore[call-overload]

    def _connect(self) -> psycopg.Connection:
        return psycopg.connect(host=str(self.folder), user=OWNER, dbname="postgres", autocommit=True)


@contextmanager
def running_cluster(binaries: Path) -> Iterator[Cluster]:
    """A new, empty server during the block. Raises RuntimeError with its log when it does not start."""
    # Not the tests' own folder: another user must reach it, and a socket's path has at most 107 characters.
    folder = Path(tempfile.mkdtemp(prefix="conference-postgresql-", dir=_roomy()))
    user = _unprivileged_user() if os.geteuid() == 0 else None
    try:
        if user:
            os.chown(folder, user.pw_uid, user.pw_gid)
        _initialise(binaries, folder, user)
        with _server(binaries, folder, user):
            yield Cluster(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _roomy() -> Path:
    in_memory = MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free >= ROOM
    return MEMORY if in_memory else Path("/tmp")


def _unprivileged_user() -> pwd.struct_passwd:
    known = {user.pw_name: user for user in pwd.getpwall()}
    return known.get("postgres") or known["nobody"]


def _as(user: pwd.struct_passwd | None) -> dict[str, object]:
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}


def _initialise(binaries: Path, folder: Path, user: pwd.struct_passwd | None) -> None:
    arguments = ["--auth=trust", f"--username={OWNER}", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
    done = subprocess.run(
        [binaries / "initdb", "-D", folder / "data", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        **_as(user),  # type: ignore[call-overload]
    )
    if done.returncode != 0:
        raise RuntimeError(f"initdb failed:\n{done.stdout}{done.stderr}")


@contextmanager
def _server(binaries: Path, folder: Path, user: pwd.struct_passwd | None) -> Iterator[None]:
    options = {
        "listen_addresses": "",
        "unix_socket_directories": str(folder),
        "max_connections": "200",
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
        "shared_buffers": "64MB",
        "max_wal_size": "64MB",
        # Databases live for a second: nobody comes to vacuum them, and to compile a query costs more than to run it.
        "autovacuum": "off",
        "jit": "off",
    }
    settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            [binaries / "postgres", "-D", folder / "data", *settings],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            preexec_fn=_stop_with_parent,
            **_as(user),  # type: ignore[call-overload]
        )
        try:
            _wait_until_ready(process, folder)
            yield
        finally:
            process.send_signal(signal.SIGINT)  # fast shutdown: who is still connected is cut off
            process.wait(timeout=30)


def _stop_with_parent() -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGINT)


def _wait_until_ready(process: subprocess.Popen[bytes], folder: Path) -> None:
    deadline = time.monotonic() + 30
    while process.poll() is None and time.monotonic() < deadline:
        try:
            Cluster(folder)._connect().close()
            return
        except psycopg.OperationalError:
            time.sleep(0.02)
    raise RuntimeError(f"PostgreSQL did not start:\n{(folder / 'log').read_text()}")


if __name__ == "__main__":
    found = find_binaries()
    print(found or "no PostgreSQL found")
    sys.exit(0 if found else 1)
