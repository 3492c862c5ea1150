"""How do rows about people's parcours wait in a staging file?

Beside the ledger's rows, as text: they are few, and their facts are seldom all said. They are read again parcours by parcours,
so that a parcours is recorded at once with its steps and rights, whatever the order of the sheets.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from conference.domain.importing.field import Target
from conference.domain.importing.people_rows import PeopleRow

CHUNK = 500
TABLE = (
    "CREATE TABLE IF NOT EXISTS people_row "
    "(id INTEGER PRIMARY KEY, parcours TEXT, target TEXT, sheet TEXT, row INTEGER, facts TEXT)"
)
INDEX = "CREATE INDEX IF NOT EXISTS ix_people_row ON people_row (parcours, id)"
ADD = "INSERT INTO people_row (parcours, target, sheet, row, facts) VALUES (?, ?, ?, ?, ?)"

StagedPerson = tuple[str | None, PeopleRow]
"""Name of the sheet, and one of its rows."""


def stored(sheet: str | None, rows: Iterable[PeopleRow]) -> Iterator[tuple[Any, ...]]:
    """The values of rows as they are kept."""
    for row in rows:
        yield row.parcours, row.target.value, sheet, row.row, told_facts(row)


def told_facts(row: PeopleRow) -> str:
    """What a row says, the same text for the same facts."""
    days = {name: day.isoformat() for name, day in row.days.items()}
    numbers = {name: str(number) for name, number in row.numbers.items()}
    return json.dumps([row.texts, days, numbers, row.answers], ensure_ascii=False, sort_keys=True)


def row_of(target: str, row: int, facts: str) -> PeopleRow:
    """The row again."""
    texts, days, numbers, answers = json.loads(facts)
    return PeopleRow(
        row,
        Target(target),
        texts,
        {name: date.fromisoformat(day) for name, day in days.items()},
        {name: Decimal(number) for name, number in numbers.items()},
        answers,
    )


def people_by_parcours(connection: Any, size: int = CHUNK) -> Iterator[dict[str, list[StagedPerson]]]:
    """The rows of `size` parcours at a time, by the reference of the parcours, both in the order of the file."""
    query = "SELECT parcours FROM people_row GROUP BY parcours ORDER BY MIN(id)"
    cursor = connection.execute(query)
    while found := cursor.fetchmany(size):
        yield _rows_of(connection, [parcours for (parcours,) in found])


def _rows_of(connection: Any, parcours: Sequence[str]) -> dict[str, list[StagedPerson]]:
    rows: dict[str, list[StagedPerson]] = {each: [] for each in parcours}
    marks = ", ".join("?" * len(parcours))
    query = f"SELECT parcours, sheet, target, row, facts FROM people_row WHERE parcours IN ({marks}) ORDER BY id"
    for reference, sheet, target, row, facts in connection.execute(query, list(parcours)):
        rows[reference].append((sheet, row_of(target, row, facts)))
    return rows
