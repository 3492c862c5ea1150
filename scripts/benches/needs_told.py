"""Both sides of `needs`: what the page reads, in a session of its own for each answer, or a scan of every gap in plain SQL."""

import sqlite3
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from warm import tell

from conference.data.queries.needs import needs_by
from conference.data.session import Database
from conference.domain.money import to_cents
from conference.domain.needs import NeedAxis, NeedFilters, NeedTable, payer_code
from conference.domain.permissions import Actor, Role
from conference.settings import load_settings

MONTH, TERRITORY, AUDIENCE, PAYER, REASON = NeedAxis
QUESTIONS = {
    "territory × month": (TERRITORY, MONTH),
    "territory × possible payer": (TERRITORY, PAYER),
    "month × reason": (MONTH, REASON),
    "territory × audience": (TERRITORY, AUDIENCE),
}
EXPRESSION = {
    MONTH: "substr(g.month, 1, 4) || '-' || substr(g.month, 5)",
    TERRITORY: "coalesce((SELECT code FROM territory WHERE id = g.territory_id), 'aucun')",
    AUDIENCE: "coalesce((SELECT code FROM audience WHERE id = g.audience_id), 'aucun')",
    PAYER: "g.payer",
    REASON: "g.reason",
}
COLUMN = {MONTH: "month", TERRITORY: "territory_id", AUDIENCE: "audience_id", PAYER: "payer", REASON: "reason"}
READER = Actor(0, "bench", Role.COORDINATOR)


def main(side: str, repeat: str) -> None:
    """Answer every question `repeat` times as that side does, tell how long and what."""
    settings = load_settings()
    answers = _ours(settings.url) if side == "ours" else _scan(settings.url.removeprefix("sqlite:///"))
    tell(answers, int(repeat), _of_table if side == "ours" else _of_rows)


def _ours(url: str) -> dict[str, Any]:
    database = Database(url)

    def answer(rows: NeedAxis, columns: NeedAxis) -> NeedTable:
        with database.reading() as session:
            return needs_by(session, READER, NeedFilters(), rows, columns, threshold=5)

    return {label: lambda axes=axes: answer(*axes) for label, axes in QUESTIONS.items()}


def _scan(path: str) -> dict[str, Any]:
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)

    def answer(rows: NeedAxis, columns: NeedAxis) -> list[tuple[Any, ...]]:
        query = (
            f"SELECT {EXPRESSION[rows]}, {EXPRESSION[columns]}, sum(days), coalesce(sum(amount), 0), "
            f"sum(CASE WHEN amount IS NULL THEN days ELSE 0 END) FROM gap g GROUP BY {COLUMN[rows]}, {COLUMN[columns]}"
        )
        return connection.execute(query).fetchall()

    return {label: lambda axes=axes: answer(*axes) for label, axes in QUESTIONS.items()}


def _of_table(table: NeedTable) -> list[tuple[Any, ...]]:
    return [
        (row, column, need.days, to_cents(need.amount), need.unknown_days)
        for (row, column), need in table.sums.items()
        if row is not None and column is not None
    ]


def _of_rows(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return [(payer_code(row[0]), payer_code(row[1]), *row[2:]) for row in rows]


if __name__ == "__main__":
    main(*sys.argv[1:])
