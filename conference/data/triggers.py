"""Which tables take no UPDATE and no DELETE, and how does the database enforce it?

One exception, which the law asks for: what a person wrote about somebody (`ERASABLE`) may be replaced by `ERASED`, when
nothing else of the row changes.

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
    "article_writing",
    "convention_event",
)

ERASABLE = {"alert_event": "text", "alert_comment": "text"}
"""The column of an append-only table that a person's right to be forgotten may empty."""
ERASED = "(effacé)"
"""What then stands there."""

_PG_FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION USING MESSAGE = 'append_only: ' || TG_TABLE_NAME; END $$
"""

_PG_ERASING = f"""
CREATE OR REPLACE FUNCTION refuse_change_but_erasing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - TG_ARGV[0] = to_jsonb(OLD) - TG_ARGV[0]
    AND to_jsonb(NEW) ->> TG_ARGV[0] = '{ERASED}' THEN RETURN NEW; END IF;
RAISE EXCEPTION USING MESSAGE = 'append_only: ' || TG_TABLE_NAME; END $$
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
                        f'CREATE TRIGGER "{name}" BEFORE {verb} ON "{table}" {_unless_erased(connection, table, verb)}'
                        f"BEGIN SELECT RAISE(ABORT, 'append_only: {table}'); END"
                    )
                )
        return
    connection.execute(text(_PG_FUNCTION))
    connection.execute(text(_PG_ERASING))
    for table in there:
        for verb, level in (("UPDATE OR DELETE", "ROW"), ("TRUNCATE", "STATEMENT")):
            name = f"append_only_{table}_{level.lower()}"
            connection.execute(text(f'DROP TRIGGER IF EXISTS "{name}" ON "{table}"'))
            connection.execute(
                text(
                    f'CREATE TRIGGER "{name}" BEFORE {verb} ON "{table}" '
                    f"FOR EACH {level} EXECUTE FUNCTION {_refusing(table, level)}"
                )
            )


def _refusing(table: str, level: str) -> str:
    """The PostgreSQL function that a trigger calls."""
    return (
        f"refuse_change_but_erasing('{ERASABLE[table]}')" if level == "ROW" and table in ERASABLE else "refuse_change()"
    )


def _unless_erased(connection: Connection, table: str, verb: str) -> str:
    """SQLite: the condition under which an UPDATE of that table is refused; "" when always."""
    if verb != "UPDATE" or table not in ERASABLE:
        return ""
    erased = ERASABLE[table]
    same = [
        f'NEW."{name}" IS OLD."{name}"'
        for each in inspect(connection).get_columns(table)
        if (name := each["name"]) != erased
    ]
    return f"WHEN NOT (NEW.\"{erased}\" = '{ERASED}' AND {' AND '.join(same)}) "
