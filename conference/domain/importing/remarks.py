"""What is told of a place in a file, and when is the file as a whole refused?

A remark is an error (its row is refused), a warning (its row is read) or a note (about the file). Its message says what
happened and what to do; the place is beside it, never in it, so that remarks that say the same can be shown together.
"""

from dataclasses import dataclass
from enum import StrEnum

from conference.domain.refusal import Refusal


class RemarkKind(StrEnum):
    """What a remark says of its row: refused, read with a warning, no longer in the file; a note is about the file."""

    REFUSED = "refused"
    WARNING = "warning"
    GONE = "gone"
    NOTE = "note"


class Unreadable(Refusal):
    """The file as a whole cannot be read as a table."""

    def __init__(self, message: str, *, code: str = "unreadable") -> None:
        super().__init__(message, field="file", code=code)


@dataclass(frozen=True, slots=True)
class Remark:
    """What is wrong at a place: `row` from 1 (0: the file), `cell` as in a spreadsheet ("I5") or None for the whole row."""

    row: int
    cell: str | None
    code: str
    message: str
    sheet: str | None = None


def letter_of(position: int) -> str:
    """0 → "A", 25 → "Z", 26 → "AA"."""
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
