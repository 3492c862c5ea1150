"""What is told of a file as a whole, and of its sheets."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of a workbook; the only one of a text file has no name."""

    name: str | None
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """What was put right or left: a stable code, a French sentence, the first row concerned (None: the file)."""

    row: int | None
    code: str
    message: str


@dataclass(slots=True)
class Tally:
    """Rows of which the same is told: the first one, and how many (a hostile file has it said of a million)."""

    first: int | None = None
    count: int = 0

    def add(self, row: int) -> None:
        """One more."""
        if self.first is None:
            self.first = row
        self.count += 1
