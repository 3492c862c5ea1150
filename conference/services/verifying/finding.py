"""What does a check find?

Each check is a function `(Facts) -> Finding`: how many rows it looked at, and the first fault, said so that a person can
go to it: table, row, what was expected, what is there. Checks read by SQL aggregates, so that a million entries take
seconds and no memory.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import RowMapping, text
from sqlmodel import Session


@dataclass(frozen=True)
class Fault:
    """The first thing that is not as it should be."""

    table: str
    row: str
    expected: str
    found: str


@dataclass(frozen=True)
class Finding:
    """Rows looked at, and the first fault if any."""

    rows: int
    fault: Fault | None = None


@dataclass(frozen=True)
class Facts:
    """What the checks look at: a reading session and the folder of the instance."""

    session: Session
    instance: Path

    @property
    def is_sqlite(self) -> bool:
        """True on SQLite."""
        return self.session.connection().dialect.name == "sqlite"

    def first(self, statement: str, **values: Any) -> RowMapping | None:
        """First row of a statement, by column name."""
        return self.session.connection().execute(text(statement), values).mappings().first()

    def count(self, table: str) -> int:
        """Number of rows of a table."""
        return int(self.session.connection().execute(text(f'SELECT count(*) FROM "{table}"')).scalar_one())


def one_of(facts: Facts, table: str, statements: Mapping[str, str]) -> Finding:
    """A finding from `statements`: {what is expected: SELECT of faulty rows as `row`, `found`}; first one that answers."""
    for expected, statement in statements.items():
        faulty = facts.first(f"{statement} LIMIT 1")
        if faulty is not None:
            return Finding(facts.count(table), Fault(table, str(faulty["row"]), expected, str(faulty["found"])))
    return Finding(facts.count(table))
