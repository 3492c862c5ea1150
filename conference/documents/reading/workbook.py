"""How is a workbook read without trusting it?

Through a child process (`workbook_child`), quick first; an XLSX that the quick reader cannot hold (a far cell, a million rows)
is read again by the slow one, row by row. What neither can do is told in a sentence. The child ends with its reader.
"""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryFile
from types import TracebackType
from typing import IO, Any, Self

from conference.documents.reading.encoding import encoded_once, looks_twice_encoded
from conference.documents.reading.notes import Note, Sheet, Tally
from conference.domain.importing.profiles import Cell, Record
from conference.domain.importing.remarks import Unreadable

_CHILD = Path(__file__).with_name("workbook_child.py")
_TOO_WIDE = 3
MOST_SHEETS = 200
"""Each is read by a process of its own, in a twentieth of a second at least."""
_CUT = "Ce classeur est incomplet ou abîmé. Ouvrez-le dans votre tableur, enregistrez-le de nouveau, puis recommencez."
_LOCKED = "Ce classeur est protégé par un mot de passe. Enregistrez-le sans mot de passe, puis recommencez."
_TOO_LARGE = (
    "Ce classeur est trop grand pour être ouvert, ou une de ses cellules est très loin des autres. Enregistrez la feuille "
    "utile en CSV UTF-8, puis recommencez."
)


class _Died(Exception):
    """The child ended without having said why: its memory ran out."""


class Workbook:
    """A workbook, opened by a child process at each reading."""

    delimiter: str | None = None

    def __init__(self, path: Path, kind: str) -> None:
        self.kind = kind
        self._path = path
        self._how = "quick"
        self._child: subprocess.Popen[str] | None = None
        self._done = self.total = 0
        names = self._names()
        self.sheets: tuple[Sheet, ...] = tuple(Sheet(name, hidden or not table) for name, hidden, table in names)
        if all(sheet.hidden for sheet in self.sheets):
            raise Unreadable("Ce classeur n’a aucune feuille visible. Affichez celle qui est utile, puis recommencez.")
        if len(self.sheets) > MOST_SHEETS:
            raise Unreadable(
                f"Ce classeur compte {len(self.sheets)} feuilles, plus que les {MOST_SHEETS} acceptées. Gardez celles qui "
                "sont utiles, puis recommencez.",
                code="too_many_sheets",
            )
        self._left = list(_hidden_notes([name for name, hidden, table in names if hidden and table]))
        self._told: dict[int, list[Note]] = {}

    @property
    def notes(self) -> list[Note]:
        """What was put right or left in the sheets read so far."""
        return [*self._left, *(note for index in sorted(self._told) for note in self._told[index])]

    @property
    def encoding(self) -> str | None:
        """A workbook says its own."""
        return None

    @property
    def done(self) -> int:
        """Rows read so far."""
        return self._done

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the child that reads, if there is one."""
        child, self._child = self._child, None
        if child is not None:
            child.kill()
            child.wait()
            if child.stdout is not None:
                child.stdout.close()

    def records(self, sheet: Sheet) -> Iterator[Record]:
        """The records of a sheet that are not blank. Raises Unreadable."""
        index = self.sheets.index(sheet)
        begun = False
        try:
            for record in self._records(index):
                begun = True
                yield record
        except _Died:
            if begun or self._how == "slow" or self.kind != "xlsx":
                raise Unreadable(_TOO_LARGE, code="too_large") from None
            self._how = "slow"
            try:
                yield from self._records(index)
            except _Died:
                raise Unreadable(_TOO_LARGE, code="too_large") from None

    def _names(self) -> list[list[Any]]:
        try:
            return self._asked_names()
        except _Died:
            if self.kind != "xlsx":
                raise Unreadable(_TOO_LARGE, code="too_large") from None
        self._how = "slow"
        try:
            return self._asked_names()
        except _Died:
            raise Unreadable(_TOO_LARGE, code="too_large") from None

    def _asked_names(self) -> list[list[Any]]:
        [line] = self._lines()
        found: list[list[Any]] = json.loads(line)
        return found

    def _records(self, index: int) -> Iterator[Record]:
        lines = self._lines(str(index), self.sheets[index].name or "")
        self.total = int(next(lines, "0"))
        twice, far = Tally(), Tally()
        for line in lines:
            sound = encoded_once(line) if looks_twice_encoded(line) else line
            number, cells = json.loads(sound)
            if cells is None:
                far.add(number)
                continue
            if sound != line:
                twice.add(number)
            self._done = number
            yield number, [value if type(value) is str else _cell(value) for value in cells]
        self._told[index] = list(_notes_of(twice, far))

    def _lines(self, *arguments: str) -> Iterator[str]:
        """What the child writes, line by line. Raises Unreadable, _Died."""
        self.close()
        command = [sys.executable, "-I", str(_CHILD), self._how, str(self._path), *arguments]
        with TemporaryFile("w+", encoding="utf-8", errors="replace") as complaints:
            self._child = child = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=complaints,
                text=True,
                encoding="utf-8",
                errors="surrogatepass",
            )
            assert child.stdout is not None
            last = ""
            try:
                for line in child.stdout:
                    if not line.endswith("\n"):  # the child died in the middle of a line
                        break
                    last = line
                    yield line
                _tell_end(child.wait(), last, complaints)
            finally:
                self.close()


def _hidden_notes(names: list[str]) -> Iterator[Note]:
    shown = ", ".join(f"« {name} »" for name in names[:5]) + ("…" if len(names) > 5 else "")
    if len(names) == 1:
        yield Note(
            None, "hidden_sheets", f"La feuille masquée {shown} n’est pas reprise. Affichez-la si elle est utile."
        )
    elif names:
        message = f"{len(names)} feuilles masquées ne sont pas reprises ({shown}). Affichez celles qui sont utiles."
        yield Note(None, "hidden_sheets", message)


def _notes_of(twice: Tally, far: Tally) -> Iterator[Note]:
    if far.count:
        told = f"Sur {far.count} lignes, des" if far.count > 1 else "Des"
        message = f"{told} cellules sont très à droite, au-delà de la colonne 400 : elles ne sont pas reprises."
        yield Note(far.first, "far_cells", message)
    if twice.count:
        message = "Des lettres accentuées étaient encodées deux fois : elles sont rétablies."
        yield Note(twice.first, "encoded_twice", message)


def _tell_end(status: int, last: str, complaints: IO[str]) -> None:
    if status == 0:
        return
    if status == _TOO_WIDE:
        raise Unreadable(
            f"Cette feuille compte {last.strip()} colonnes, plus que les 400 acceptées : gardez les colonnes utiles (et "
            "supprimez une cellule égarée très à droite), puis recommencez.",
            code="too_wide",
        )
    complaints.seek(0)
    said = complaints.read()[-4000:]
    if status == -signal.SIGXCPU:
        raise Unreadable(_TOO_LARGE, code="too_large")
    if status < 0 or "MemoryError" in said or "memory" in said:
        raise _Died
    if "PasswordError" in said or "password" in said.lower():
        raise Unreadable(_LOCKED, code="locked")
    raise Unreadable(_CUT, code="damaged")


def _cell(value: Any) -> Cell:
    if isinstance(value, list):
        try:
            return date.fromisoformat(value[0])
        except ValueError:  # before the year 1, or a day that does not exist
            return str(value[0])
    if isinstance(value, int):
        return Decimal(value)
    return Decimal(f"{value:.15g}")
