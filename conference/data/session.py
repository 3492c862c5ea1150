"""How does the house talk to its database?

One writer at a time, on both engines. On SQLite a file lock (flock, shared by the threads and the processes of one
machine) is taken before `BEGIN IMMEDIATE`: no writer ever meets a locked database, and 32 of them queue in order. On
PostgreSQL an advisory lock held by the transaction does the same. So numbering without holes, ceilings, the hash chain
and the rollups need no other care, and no deadlock can happen; measured, it is also faster than retrying. Readers never
wait: WAL on SQLite, snapshots on PostgreSQL.

`reading()` gives a session in which the database itself refuses to write; `writing()` one that commits when its block
ends well and rolls back when it raises.
"""

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pysqlite3
from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.pool import QueuePool
from sqlmodel import Session

WRITER_KEY = 0x636F6E66
"""Key of the advisory lock on PostgreSQL ("conf")."""


class WriterLock:
    """The right to write to one SQLite file: first among threads, then among processes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._thread = threading.Lock()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Wait for the right to write, hold it during the block."""
        with self._thread:
            handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX)
                yield
            finally:
                os.close(handle)


class Database:
    """One database, by its SQLAlchemy address. Safe to share between threads, not across a fork."""

    def __init__(self, url: str, *, pool_size: int = 10) -> None:
        self.url = url
        self.is_sqlite = url.startswith("sqlite")
        self.path = Path(url.removeprefix("sqlite:///")) if self.is_sqlite else None
        self.engine = _sqlite_engine(url, pool_size) if self.is_sqlite else _postgresql_engine(url, pool_size)
        self._lock = WriterLock(self.path.with_name(self.path.name + ".lock")) if self.path else None

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that sees one state of the database and cannot change it."""
        with Session(self.engine, expire_on_commit=False, autoflush=False) as session:
            event.listen(session, "before_flush", _refuse_flush)
            connection = session.connection(execution_options={"conference_mode": "read"})
            if self.is_sqlite:
                connection.exec_driver_sql("PRAGMA query_only=ON")
            else:
                connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            try:
                yield session
            finally:
                if self.is_sqlite:
                    connection.exec_driver_sql("PRAGMA query_only=OFF")
                session.rollback()

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """The one writing session of the moment: commits at the end of the block, rolls back if it raises."""
        if self._lock is None:
            with self._session() as session:
                session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": WRITER_KEY})
                yield session
            return
        with self._lock.held(), self._session() as session:
            yield session

    @contextmanager
    def alone(self) -> Iterator[None]:
        """The right to write without a transaction, for what replaces the database itself."""
        if self._lock is not None:
            with self._lock.held():
                yield
            return
        with self.engine.connect() as connection:
            connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": WRITER_KEY})
            try:
                yield
            finally:
                connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": WRITER_KEY})

    @contextmanager
    def _session(self) -> Iterator[Session]:
        with Session(self.engine, expire_on_commit=False) as session:
            session.connection(execution_options={"conference_mode": "write"})
            yield session
            session.commit()

    def dispose(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def _refuse_flush(session: Session, *_: Any) -> None:
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("a reading session was asked to write")


def _postgresql_engine(url: str, pool_size: int) -> Engine:
    return create_engine(url, pool_size=pool_size, max_overflow=20, pool_pre_ping=True)


def _sqlite_engine(url: str, pool_size: int) -> Engine:
    engine = create_engine(
        url,
        module=pysqlite3.dbapi2,
        poolclass=QueuePool,
        pool_size=pool_size,
        max_overflow=40,
        connect_args={"check_same_thread": False, "timeout": 30},
    )
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)
    return engine


def _on_connect(connection: Any, _record: Any) -> None:
    """Own explicit transactions (the driver's own would let DDL survive a rollback), foreign keys, WAL."""
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "foreign_keys=ON",
        "recursive_triggers=ON",
        "synchronous=FULL",
        "busy_timeout=30000",
        "cache_size=-32000",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _on_begin(connection: Any) -> None:
    mode = connection.get_execution_options().get("conference_mode", "write")
    connection.exec_driver_sql("BEGIN" if mode == "read" else "BEGIN IMMEDIATE")
