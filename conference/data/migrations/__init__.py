"""How does a database reach the shape that this version needs?

`upgrade` runs the Alembic revisions of `versions/`. On SQLite it copies the file first, switches foreign keys off while
tables are rebuilt (a rebuild with cascades on would empty the children in silence), checks them after, and makes the
triggers again.
"""

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from conference.data.copying import backup
from conference.data.session import Database
from conference.data.tables import metadata
from conference.data.triggers import make_triggers

HERE = Path(__file__).parent


def current_revision(database: Database) -> str | None:
    """Revision that the database stands at, None when it is empty."""
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def head_revision() -> str:
    """Revision that this version of the code needs."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    assert head is not None
    return head


def is_known_revision(revision: str) -> bool:
    """Can this version of the code upgrade a database that stands at `revision`?"""
    return revision in {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}


def upgrade(database: Database, to: str = "head") -> bool:
    """Bring the database to the head revision, or to an earlier one; True when something was done."""
    before = current_revision(database)
    if before == head_revision():
        return False
    if before is not None and database.path is not None:
        backup(database.path, database.path.with_name(f"{database.path.name}.before-{head_revision()}"))
    config = _config()
    with database.engine.connect() as connection:
        if database.is_sqlite:
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            connection.rollback()
            connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=OFF")  # type: ignore[union-attr]
        with connection.begin():
            config.attributes["connection"] = connection
            command.upgrade(config, to)
            make_triggers(connection)
            _check_foreign_keys(connection)
        if database.is_sqlite:
            connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=ON")  # type: ignore[union-attr]
    return True


def differences(database: Database) -> list[object]:
    """What `alembic check` would report between the tables of the code and those of the database."""
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "render_as_batch": True})
        return list(compare_metadata(context, metadata))


def _check_foreign_keys(connection: object) -> None:
    if connection.dialect.name == "sqlite":  # type: ignore[attr-defined]
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()  # type: ignore[attr-defined]
        if broken:
            raise RuntimeError(f"foreign keys broken by the migration: {broken[:5]}")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.set_main_option("path_separator", "os")
    return config


def main() -> int:
    """`python -m conference.data.migrations --check`: exit 1 when tables and revisions differ."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/check.sqlite")
        upgrade(database)
        found = differences(database)
        database.dispose()
    for difference in found:
        print(difference)
    print("tables and migrations differ" if found else "tables and migrations agree")
    return 1 if found else 0
