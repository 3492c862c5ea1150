"""How are many rows added to what is already there, once per batch, on both engines?

Core statements with a list of rows: SQLModel's `add_all` writes eight thousand rows a second, these a hundred thousand.
Each statement is built once: building it again for each call cost more than running it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from functools import cache
from itertools import repeat
from typing import Any, Union

from sqlalchemy import Connection, Dialect, Table, case
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session


def insert_rows(session: Session, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """INSERT `rows`, all with the same keys."""
    if rows:
        insert_columns(session, table, {name: [row[name] for row in rows] for name in rows[0]})


Column = Union[Sequence[Any], "repeat[Any]"]
"""The values of one column, or the one that every row has."""


def insert_columns(session: Session, table: Table, columns: Mapping[str, Column]) -> None:
    """INSERT rows given column by column, all of one length (`repeat` where every row has the same value).

    Each distinct value is converted once (a batch has few days and months), and the driver gets plain tuples: half the
    time of a Core statement, which goes through every value of every row.
    """
    connection = session.connection()
    dialect = connection.dialect
    converted = [_converted(_processor(table, name, dialect), values) for name, values in columns.items()]
    statement = _insertion(table, tuple(columns), dialect.name == "sqlite")
    if len({len(values) for values in columns.values() if not isinstance(values, repeat)}) != 1:
        raise ValueError("the columns are not of one length")
    connection.exec_driver_sql(statement, list(zip(*converted, strict=False)))
    ids = columns.get("id")
    if dialect.name == "postgresql" and ids is not None:
        _move_sequence(connection, table.name, max(ids))


def save_columns(session: Session, table: Table, columns: Mapping[str, Column]) -> None:
    """INSERT rows given column by column, or where the primary key exists already give it these values."""
    connection = session.connection()
    dialect = connection.dialect
    converted = [_converted(_processor(table, name, dialect), values) for name, values in columns.items()]
    statement = _overwriting(table, tuple(columns), dialect.name == "sqlite")
    connection.exec_driver_sql(statement, list(zip(*converted, strict=False)))


def _move_sequence(connection: Connection, table: str, last: int) -> None:
    """PostgreSQL's sequence knows nothing of identifiers given by hand: the next row without one would take theirs."""
    connection.exec_driver_sql("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", (f'"{table}"', last))


def _processor(table: Table, name: str, dialect: Dialect) -> Callable[[Any], Any] | None:
    """How the engine's own type writes a value: a day or an instant is then the same text as everywhere else."""
    return table.c[name].type.dialect_impl(dialect).bind_processor(dialect)


def _converted(processor: Callable[[Any], Any] | None, values: Column) -> Iterable[Any]:
    if isinstance(values, range):
        return values
    if isinstance(values, repeat):
        value = next(values)
        return repeat(_plain(value if processor is None else processor(value)))
    if processor is None and not any(issubclass(kind, StrEnum) for kind in set(map(type, values))):
        return values
    known = {value: _plain(value if processor is None else processor(value)) for value in set(values)}
    return [known[value] for value in values]


def _plain(value: Any) -> Any:
    """The drivers look long for a way to adapt a member of a StrEnum."""
    return str(value) if isinstance(value, str) else value


def add_to_rows(
    session: Session, table: Table, rows: Sequence[Mapping[str, Any]], added: Sequence[str], latest: Sequence[str] = ()
) -> None:
    """INSERT `rows`, or where the primary key exists already add their columns `added` to the stored ones, and keep the
    later one of the columns `latest`."""
    if rows:
        connection = session.connection()
        connection.execute(_addition(connection.dialect.name, table, tuple(added), tuple(latest)), rows)


@cache
def _insertion(table: Table, names: tuple[str, ...], is_sqlite: bool) -> str:
    quoted = ", ".join(f'"{name}"' for name in names)
    return f'INSERT INTO "{table.name}" ({quoted}) VALUES ({", ".join(["?" if is_sqlite else "%s"] * len(names))})'


@cache
def _overwriting(table: Table, names: tuple[str, ...], is_sqlite: bool) -> str:
    key = ", ".join(f'"{column.name}"' for column in table.primary_key)
    changed = ", ".join(f'"{name}" = excluded."{name}"' for name in names if name not in table.primary_key.columns)
    return f"{_insertion(table, names, is_sqlite)} ON CONFLICT ({key}) DO UPDATE SET {changed}"


@cache
def _addition(dialect: str, table: Table, added: tuple[str, ...], latest: tuple[str, ...]) -> Any:
    statement: Any = (sqlite if dialect == "sqlite" else postgresql).insert(table).inline()
    new = statement.excluded
    sums = {name: table.c[name] + new[name] for name in added}
    later = {name: case((table.c[name] < new[name], new[name]), else_=table.c[name]) for name in latest}
    return statement.on_conflict_do_update(index_elements=list(table.primary_key.columns), set_=sums | later)
