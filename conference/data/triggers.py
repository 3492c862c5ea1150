"""Which tables take no UPDATE and no DELETE, and how does the database enforce it?

Triggers do nothing else (the rules of the ledger are CHECK constraints: a trigger per row made an import ten times
slower). They are made again after each migration, since a migration that rebuilds a SQLite table drops them.
"""

from sqlalchemy import Connection, inspect, text

APPEND_ONLY = (
    "dimension_set",
    "commitment",
    "entry",
    "yearly_share",
    "transfer_pair",
    "journal_entry",
    "journal_seal",
    "trace",
    "coverage_version",
    "alert_event",
    "alert_comment",
)

_PG_FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION USING MESSAGE = 'append_only: ' || TG_TABLE_NAME; END $$
"""


def trigger_names(table: str, *, sqlite: bool) -> tuple[str, ...]:
    """Names of the triggers of an append-only table."""
    return tuple(f"append_only_{table}_{event}" for event in (("update", "delete") if sqlite else ("row", "statement")))


def make_triggers(connection: Connection) -> None:
    """(Re)create the triggers of every append-only table that the database has: an older revision lacks the later ones."""
    there = [table for table in APPEND_ONLY if inspect(connection).has_table(table)]
    if connection.dialect.name == "sqlite":
        for table in there:
            for verb in ("UPDATE", "DELETE"):
                name = f"append_only_{table}_{verb.lower()}"
                connection.execute(text(f'DROP TRIGGER IF EXISTS "{name}"'))
                connection.execute(
                    text(
                        f'CREATE TRIGGER "{name}" BEFORE {verb} ON "{table}" '
                        f"BEGIN SELECT RAISE(ABORT, 'append_only: {table}'); END"
                    )
                )
        return
    connection.execute(text(_PG_FUNCTION))
    for table in there:
        for verb, level in (("UPDATE OR DELETE", "ROW"), ("TRUNCATE", "STATEMENT")):
            name = f"append_only_{table}_{level.lower()}"
            connection.execute(text(f'DROP TRIGGER IF EXISTS "{name}" ON "{table}"'))
            connection.execute(
                text(
                    f'CREATE TRIGGER "{name}" BEFORE {verb} ON "{table}" '
                    f"FOR EACH {level} EXECUTE FUNCTION refuse_change()"
                )
            )
