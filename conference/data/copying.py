"""How is the whole database copied at one instant, and put back?

SQLite: its online backup into one file, which waits for nobody. PostgreSQL: one file per table through COPY in one
repeatable-read transaction, then back through COPY in one transaction with the append-only triggers and the foreign keys
out of the way and checked after; identity sequences are set to the last number.
"""

from pathlib import Path
from typing import Any

import pysqlite3.dbapi2 as sqlite
from sqlalchemy import Table, text

from conference.data.session import Database
from conference.data.tables import metadata
from conference.data.triggers import make_triggers

SQLITE_FILE = "conference.sqlite"
CHUNK = 1 << 20


def copy_database(database: Database, folder: Path) -> list[Path]:
    """Copy the database into `folder`; the files that hold it."""
    folder.mkdir(parents=True)
    if database.path is not None:
        backup(database.path, folder / SQLITE_FILE)
        return [folder / SQLITE_FILE]
    with database.reading() as session:
        raw: Any = session.connection().connection.dbapi_connection
        return [_copy_table(raw, table, folder / f"{table.name}.copy") for table in metadata.sorted_tables]


def load_database(database: Database, folder: Path) -> None:
    """Put back what `copy_database` wrote, in place of everything. The caller holds the right to write."""
    if database.path is not None:
        backup(folder / SQLITE_FILE, database.path)
        return
    with database.engine.begin() as connection:
        tables = ", ".join(f'"{table.name}"' for table in metadata.sorted_tables)
        for table in metadata.sorted_tables:
            connection.execute(text(f'ALTER TABLE "{table.name}" DISABLE TRIGGER USER'))
        connection.execute(text(f"TRUNCATE {tables}"))
        raw: Any = connection.connection.dbapi_connection
        for table in metadata.sorted_tables:
            _load_table(raw, table, folder / f"{table.name}.copy")
            _set_sequence(raw, table)
        for table in metadata.sorted_tables:
            connection.execute(text(f'ALTER TABLE "{table.name}" ENABLE TRIGGER USER'))
        make_triggers(connection)


def backup(source: Path, target: Path) -> None:
    """Copy an SQLite database, what its journal holds included, in one transaction of the target: whoever has that open
    sees the old content, then the new."""
    origin, copy = sqlite.connect(str(source)), sqlite.connect(str(target))
    try:
        origin.backup(copy)
        copy.commit()
    finally:
        origin.close()
        copy.close()


def _columns(table: Table) -> str:
    return ", ".join(f'"{column.name}"' for column in table.columns)


def _copy_table(raw: Any, table: Table, path: Path) -> Path:
    statement = f'COPY "{table.name}" ({_columns(table)}) TO STDOUT'
    with path.open("wb") as file, raw.cursor() as cursor, cursor.copy(statement) as rows:
        for block in rows:
            file.write(block)
    return path


def _load_table(raw: Any, table: Table, path: Path) -> None:
    statement = f'COPY "{table.name}" ({_columns(table)}) FROM STDIN'
    with path.open("rb") as file, raw.cursor() as cursor, cursor.copy(statement) as rows:
        while block := file.read(CHUNK):
            rows.write(block)


def _set_sequence(raw: Any, table: Table) -> None:
    with raw.cursor() as cursor:
        for column in table.primary_key:
            cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", (f'"{table.name}"', column.name))
            sequence = cursor.fetchone()[0]
            if sequence:
                top = f'(SELECT coalesce(max("{column.name}"), 0) + 1 FROM "{table.name}")'
                cursor.execute(f"SELECT setval(%s, {top}, false)", (sequence,))
