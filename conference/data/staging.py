"""Where do the rows of a file wait between reading and the ledger?

In a SQLite file of their own, beside the file that they come from: a million rows are read outside the write lock without
holding them in memory, counted by the dry run, then written in one transaction. It is a draft: no journal, no sync; a
crash leaves a file that is swept.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from datetime import date
from decimal import Decimal
from operator import attrgetter
from pathlib import Path
from typing import Any

import pysqlite3.dbapi2 as sqlite

from conference.data import staged_people
from conference.data.staged_people import StagedPerson
from conference.domain.importing.field import Target
from conference.domain.importing.people_rows import PeopleRow
from conference.domain.importing.remarks import Remark, RemarkKind
from conference.domain.importing.rows import EntryRow, GrantRow
from conference.domain.ledger import EntryKind

CHUNK = 5000
_DAYS = frozenset({"decided_on", "first", "last", "effective_on"})
_LEFT = frozenset({"warnings"})
"""Warnings are remarks: they have their own table."""

LedgerRow = GrantRow | EntryRow
Row = LedgerRow | PeopleRow
Staged = tuple[str | None, LedgerRow]
"""Name of the sheet, and one of its rows that are of the ledger."""


class Shape:
    """How rows of one class lie in their table: amounts in cents, days in ISO."""

    def __init__(self, table: str, kind: type[LedgerRow], order: str) -> None:
        self.table, self.kind, self.order = table, kind, order
        self.names = tuple(field.name for field in fields(kind) if field.name not in _LEFT)
        self._values = attrgetter(*self.names)
        self._days = [i for i, name in enumerate(self.names) if name in _DAYS]
        self._amount = self.names.index("amount")
        self._word = self.names.index("kind") if "kind" in self.names else None

    def stored(self, sheet: str | None, row: LedgerRow) -> list[Any]:
        """The values of a row as they are kept."""
        values = [sheet, *self._values(row)]
        for i in self._days:
            day = values[i + 1]
            values[i + 1] = None if day is None else day.isoformat()
        values[self._amount + 1] = int(values[self._amount + 1].scaleb(2))
        if self._word is not None:
            values[self._word + 1] = str(values[self._word + 1])
        return values

    def read(self, stored: Sequence[Any]) -> Staged:
        """The row again, and its sheet."""
        sheet, *values = stored
        for i in self._days:
            if values[i] is not None:
                values[i] = date.fromisoformat(values[i])
        values[self._amount] = Decimal(values[self._amount]).scaleb(-2)
        if self._word is not None:
            values[self._word] = EntryKind(values[self._word])
        return sheet, self.kind(**dict(zip(self.names, values, strict=True)))


GRANTS = Shape("grant_row", GrantRow, "id")
# The entries of a commitment in the order of its life, whatever their order in the sheet.
_LIFE = " ".join(f"WHEN '{kind.value}' THEN {i}" for i, kind in enumerate(EntryKind))
ENTRIES = Shape("entry_row", EntryRow, f"effective_on, CASE kind {_LIFE} END, id")


class Staging:
    """The staged rows and remarks of one file. One writer; a page may read the remarks of one that is complete."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite.connect(str(path), isolation_level=None, check_same_thread=False)
        for pragma in ("journal_mode=MEMORY", "synchronous=OFF", "cache_size=-8000", "temp_store=FILE"):
            self._connection.execute(f"PRAGMA {pragma}")
        for shape in (GRANTS, ENTRIES):
            columns = ", ".join(f'"{name}"' for name in shape.names)
            self._connection.execute(
                f"CREATE TABLE IF NOT EXISTS {shape.table} (id INTEGER PRIMARY KEY, sheet TEXT, {columns})"
            )
        for statement in (staged_people.TABLE, staged_people.INDEX):
            self._connection.execute(statement)
        for table in ("read_remark", "plan_remark"):
            self._connection.execute(
                f"CREATE TABLE IF NOT EXISTS {table} (kind TEXT, sheet TEXT, row INTEGER, cell TEXT, code TEXT, message TEXT)"
            )

    def __enter__(self) -> "Staging":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def clear(self) -> None:
        """Forget everything: the file is about to be read again."""
        for table in ("grant_row", "entry_row", "people_row", "read_remark", "plan_remark"):
            self._connection.execute(f"DELETE FROM {table}")

    def add_rows(self, sheet: str | None, rows: Sequence[Row]) -> None:
        """Keep rows of one class, in their order."""
        if not rows:
            return
        if isinstance(rows[0], PeopleRow):
            people = [row for row in rows if isinstance(row, PeopleRow)]
            self._many(staged_people.ADD, staged_people.stored(sheet, people))
            return
        shape = GRANTS if isinstance(rows[0], GrantRow) else ENTRIES
        marks = ", ".join("?" * (len(shape.names) + 1))
        columns = ", ".join(f'"{name}"' for name in ("sheet", *shape.names))
        statement = f"INSERT INTO {shape.table} ({columns}) VALUES ({marks})"
        lines = (row for row in rows if not isinstance(row, PeopleRow))
        self._many(statement, (shape.stored(sheet, row) for row in lines))

    def add_remarks(self, kind: RemarkKind, remarks: Iterable[Remark], *, planned: bool = False) -> None:
        """Keep remarks; `planned` ones belong to the plan, which may be made again."""
        table = "plan_remark" if planned else "read_remark"
        rows = ((kind.value, each.sheet, each.row, each.cell, each.code, each.message) for each in remarks)
        self._many(f"INSERT INTO {table} VALUES (?, ?, ?, ?, ?, ?)", rows)

    def forget_plan(self) -> None:
        """Forget the remarks of the last plan: another is being made."""
        self._connection.execute("DELETE FROM plan_remark")

    def chunks(self, shape: Shape) -> Iterator[list[Staged]]:
        """All rows of one class, in order, some thousands at a time."""
        columns = ", ".join(f'"{name}"' for name in ("sheet", *shape.names))
        cursor = self._connection.execute(f"SELECT {columns} FROM {shape.table} ORDER BY {shape.order}")
        while found := cursor.fetchmany(CHUNK):
            yield [shape.read(each) for each in found]

    def first_rows(self, shape: Shape, count: int) -> list[Staged]:
        """The first rows of one class."""
        columns = ", ".join(f'"{name}"' for name in ("sheet", *shape.names))
        query = f"SELECT {columns} FROM {shape.table} ORDER BY id LIMIT ?"
        return [shape.read(each) for each in self._connection.execute(query, (count,))]

    def count(self, shape: Shape) -> int:
        """How many rows of one class wait."""
        return int(self._connection.execute(f"SELECT COUNT(*) FROM {shape.table}").fetchone()[0])

    def people(self) -> Iterator[dict[str, list[StagedPerson]]]:
        """All rows about people, some hundreds of parcours at a time, by the reference of the parcours."""
        yield from staged_people.people_by_parcours(self._connection)

    def people_counts(self) -> dict[Target, int]:
        """How many rows there are of each kind that is about people; a kind without any is left out."""
        query = "SELECT target, COUNT(*) FROM people_row GROUP BY target"
        return {Target(target): count for target, count in self._connection.execute(query)}

    def first_people(self, count: int) -> list[StagedPerson]:
        """The first rows of each kind that is about people."""
        query = (
            "SELECT sheet, target, row, facts FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY target ORDER BY id) AS rank "
            "FROM people_row) WHERE rank <= ? ORDER BY id"
        )
        found = self._connection.execute(query, (count,))
        return [(sheet, staged_people.row_of(target, row, facts)) for sheet, target, row, facts in found]

    def was_told(self, codes: Sequence[str]) -> bool:
        """Did the reading make a remark of one of these codes?"""
        marks = ", ".join("?" * len(codes))
        query = f"SELECT 1 FROM read_remark WHERE code IN ({marks}) LIMIT 1"
        return self._connection.execute(query, list(codes)).fetchone() is not None

    def repeated(self) -> Iterator[tuple[str | None, int, int]]:
        """(sheet, row, first row alike) of each row without a reference that repeats an earlier one, amount included."""
        query = (
            "SELECT sheet, row, earlier FROM (SELECT sheet, row, FIRST_VALUE(row) OVER same AS earlier, "
            "ROW_NUMBER() OVER same AS rank FROM grant_row WHERE COALESCE(funder_reference, '') = '' AND fingerprint IN "
            "(SELECT fingerprint FROM grant_row GROUP BY fingerprint HAVING COUNT(*) > 1) "
            "WINDOW same AS (PARTITION BY funder_name, funder_siret, fingerprint, amount ORDER BY id)) WHERE rank > 1"
        )
        yield from self._connection.execute(query)

    def remarks(self, kind: RemarkKind) -> Iterator[Remark]:
        """All remarks of one kind, of the reading and of the plan, in the order of the file."""
        query = (
            "SELECT row, cell, code, message, sheet FROM (SELECT * FROM read_remark UNION ALL SELECT * FROM plan_remark) "
            "WHERE kind = ? ORDER BY sheet, row"
        )
        for row, cell, code, message, sheet in self._connection.execute(query, (kind.value,)):
            yield Remark(row, cell, code, message, sheet)

    def remark_count(self, kind: RemarkKind) -> int:
        """How many remarks of one kind there are."""
        query = "SELECT COUNT(*) FROM (SELECT * FROM read_remark UNION ALL SELECT * FROM plan_remark) WHERE kind = ?"
        return int(self._connection.execute(query, (kind.value,)).fetchone()[0])

    def _many(self, statement: str, rows: Iterable[Any]) -> None:
        self._connection.execute("BEGIN")
        self._connection.executemany(statement, rows)
        self._connection.execute("COMMIT")
