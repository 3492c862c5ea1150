"""Do the tables of the code and those that the migrations make agree, and is every table class listed?"""

import importlib
import pkgutil
from collections.abc import Iterable

import pytest
from sqlalchemy import Column, Integer, MetaData, Table
from sqlmodel import SQLModel

import conference.data.tables as tables
from conference.data.migrations import current_revision, differences, head_revision, upgrade
from conference.data.session import Database


def table_classes() -> dict[str, type[SQLModel]]:
    """Every class with a table of its own, in whichever room it is."""
    found = {}
    for module in pkgutil.iter_modules(tables.__path__):
        room = importlib.import_module(f"{tables.__name__}.{module.name}")
        for name, value in vars(room).items():
            if isinstance(value, type) and issubclass(value, SQLModel) and hasattr(value, "__table__"):
                found[name] = value
    return found


def unlisted(listed: Iterable[str], classes: dict[str, type[SQLModel]]) -> list[str]:
    return sorted(set(classes) - set(listed))


def test_every_table_class_is_listed() -> None:
    assert unlisted(tables.__all__, table_classes()) == []


def test_unlisted_table_class_is_found() -> None:
    name = min(table_classes())
    assert unlisted(set(tables.__all__) - {name}, table_classes()) == [name]


def test_migrations_make_the_tables_of_the_code(database: Database) -> None:
    assert current_revision(database) == head_revision()
    assert differences(database) == []
    assert upgrade(database) is False


def test_difference_between_tables_and_migrations_is_found(database: Database) -> None:
    before = len(differences(database))
    with database.engine.begin() as connection:
        Table("intruder", MetaData(), Column("id", Integer, primary_key=True)).create(connection)
    assert len(differences(database)) == before + 1


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_database_that_was_not_migrated_differs(database: Database) -> None:
    with database.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE organisation ADD COLUMN intruder INTEGER")
    assert [str(change) for change in differences(database) if "intruder" in str(change)]
