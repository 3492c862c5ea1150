"""Our side of `questions`: what the pages of the dashboard read, in a session of its own for each answer."""

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from warm import QUESTIONS, tell

from conference.data.queries.cells import Group, read_cells
from conference.data.queries.commitment_filters import Filters
from conference.data.session import Database
from conference.domain.figures import Axis
from conference.domain.money import to_cents
from conference.settings import load_settings


def main(repeat: str) -> None:
    """Answer every question `repeat` times, tell how long and what."""
    database = Database(load_settings().url)

    def answer(axes: tuple[Axis, ...]) -> tuple[Group, ...]:
        with database.reading() as session:
            return read_cells(session, Filters(), axes=axes).by(*axes)

    asked = {name: tuple(Axis(axis) for axis in axes) for name, axes in QUESTIONS.items()}
    tell({name: lambda axes=axes: answer(axes) for name, axes in asked.items()}, int(repeat), plain)


def plain(groups: tuple[Group, ...]) -> list[tuple[Any, ...]]:
    """Groups as the alternatives answer: periods as numbers, amounts in cents."""
    return [(*(_period(code) for code in group.key), *_sums(group.gross), *_sums(group.internal)) for group in groups]


def _period(code: str) -> str | int:
    return int(code.replace("-", "")) if code[:4].isdigit() else code


def _sums(sums: Any) -> tuple[int, ...]:
    return to_cents(sums.committed), to_cents(sums.ordered), to_cents(sums.paid), sums.entries


if __name__ == "__main__":
    main(*sys.argv[1:])
