"""Do the database's own rules still hold, row by row?

The engine keeps them on every write; somebody who opens the file with a tool can switch them off. So each CHECK, UNIQUE and
foreign key of the code's tables is asked again as a query, and the append-only triggers must be there.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, RowMapping, Table, UniqueConstraint, text

from conference.data.tables import REFERENCE_TABLES, metadata
from conference.data.tables.reference import UNKNOWN
from conference.data.triggers import APPEND_ONLY, trigger_names
from conference.services.verifying.finding import Facts, Fault, Finding


def triggers(facts: Facts) -> Finding:
    """Every append-only table has its triggers."""
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if facts.is_sqlite
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
    )
    there = set(facts.session.connection().execute(text(query)).scalars())
    wanted = [(table, name) for table in APPEND_ONLY for name in trigger_names(table, sqlite=facts.is_sqlite)]
    for table, name in wanted:
        if name not in there:
            return Finding(len(wanted), Fault(table, "-", f"trigger {name}", "no such trigger"))
    return Finding(len(wanted))


def checks(facts: Facts) -> Finding:
    """Every CHECK of every table, but those of the balance, which `ledger_rules` asks."""
    return _over(facts, (t for t in metadata.sorted_tables if t.name != "balance"), CheckConstraint, _check_query)


def ledger_rules(facts: Facts) -> Finding:
    """Every rule of the ledger on every balance."""
    return _over(facts, [metadata.tables["balance"]], CheckConstraint, _check_query)


def uniqueness(facts: Facts) -> Finding:
    """Every UNIQUE of every table."""
    return _over(facts, metadata.sorted_tables, UniqueConstraint, _unique_query)


def references(facts: Facts) -> Finding:
    """Every foreign key leads to a row."""
    return _over(facts, metadata.sorted_tables, ForeignKeyConstraint, _reference_query)


def lists(facts: Facts) -> Finding:
    """Each list has the item that stands for an unknown datum."""
    for table in REFERENCE_TABLES:
        if facts.first(f"SELECT id FROM \"{table}\" WHERE code = '{UNKNOWN}'") is None:
            return Finding(len(REFERENCE_TABLES), Fault(table, UNKNOWN, "an item of that code", "none"))
    return Finding(len(REFERENCE_TABLES))


def _over(facts: Facts, tables: Iterable[Table], kind: type, query: Callable[[Table, Any], str]) -> Finding:
    rows = 0
    for table in tables:
        rows += facts.count(table.name)
        for constraint in _constraints(table, kind):
            faulty = facts.first(query(table, constraint))
            if faulty is not None:
                shown = ", ".join(f"{name}={value}" for name, value in faulty.items())
                return Finding(rows, Fault(table.name, _row(table, faulty), str(constraint.name), shown))
    return Finding(rows)


def _constraints(table: Table, kind: type) -> Iterator[Any]:
    return (each for each in sorted(table.constraints, key=lambda c: str(c.name)) if isinstance(each, kind))


def _row(table: Table, faulty: RowMapping) -> str:
    return ", ".join(str(faulty[c.name]) for c in table.primary_key if c.name in faulty) or "-"


def _check_query(table: Table, constraint: CheckConstraint) -> str:
    return f'SELECT * FROM "{table.name}" WHERE NOT ({constraint.sqltext}) LIMIT 1'


def _unique_query(table: Table, constraint: UniqueConstraint) -> str:
    names = ", ".join(f'"{column.name}"' for column in constraint.columns)
    known = " AND ".join(f'"{column.name}" IS NOT NULL' for column in constraint.columns)
    return f'SELECT {names}, count(*) AS rows FROM "{table.name}" WHERE {known} GROUP BY {names} HAVING count(*) > 1 LIMIT 1'


def _reference_query(table: Table, constraint: ForeignKeyConstraint) -> str:
    pairs = [(element.parent.name, element.column.name) for element in constraint.elements]
    names = ", ".join(
        f'c."{name}"' for name in dict.fromkeys([*(k.name for k in table.primary_key), *(c for c, _ in pairs)])
    )
    known = " AND ".join(f'c."{child}" IS NOT NULL' for child, _ in pairs)
    same = " AND ".join(f'p."{parent}" = c."{child}"' for child, parent in pairs)
    target = constraint.referred_table.name
    orphan = f'NOT EXISTS (SELECT 1 FROM "{target}" p WHERE {same})'
    return f'SELECT {names} FROM "{table.name}" c WHERE {known} AND {orphan} LIMIT 1'
