"""How is a workbook read without trusting it?

Through a child process (`workbook_child`), quick first; an XLSX that the quick reader cannot hold (a far cell, a million rows)
is read again by the slow one, row by row. What neither can do is told in a sentence. The child ends with its reader.
"""

import json
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
from conference.documents.reading.notes import Note, Sheet
from conference.domain.importing.profiles import Cell, Record
from conference.domain.importing.remarks import Unreadable

_CHILD = Path(__file__).with_name("workbook_child.py")
_TOO_WIDE = 3
_CUT = "Ce classeur est incomplet ou abîmé. Ouvrez-le dans votre tableur, enregistrez-le de nouveau, puis recommencez."
_LOCKED = "Ce classeur est protégé par un mot de passe. Enregistrez-le sans mot de passe, puis recommencez."
_TOO_LARGE = (
    "Ce classeur est trop grand pour être ouvert, ou une de ses cellules est très loin des autres. Enregistrez la feuille "
    "utile en CSV UTF-8, puis recommencez."
)


class _Died(Exception):
    """The child ended without having said why: its memory or its time ran out."""


class Workbook:
    """A workbook, opened by a child process at each reading."""

    delimiter: str | None = None

    def __init__(self, path: Path, kind: str) -> None:
        self.kind = kind
        self._path = path
        self._how = "quick"
        self._child: subprocess.Popen[str] | None = None
        self._done = self.total = 0
        self.notes: list[Note] = []
        self.sheets: tuple[Sheet, ...] = tuple(Sheet(name[:120], hidden) for name, hidden in self._names())
        if not any(not sheet.hidden for sheet in self.sheets):
            raise Unreadable("Ce classeur n’a aucune feuille visible. Affichez celle qui est utile, puis recommencez.")

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
        index = str(self.sheets.index(sheet))
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

    def _records(self, index: str) -> Iterator[Record]:
        lines = self._lines(index)
        self.total = int(next(lines, "0"))
        twice: list[int] = []
        for line in lines:
            sound = encoded_once(line) if looks_twice_encoded(line) else line
            number, cells = json.loads(sound)
            if cells is None:
                message = "Des cellules sont très à droite, au-delà de la colonne 400 : elles ne sont pas reprises."
                self.notes.append(Note(number, "far_cells", message))
                continue
            if sound != line:
                twice.append(number)
            self._done = number
            yield number, [value if type(value) is str else _cell(value) for value in cells]
        if twice:
            message = "Des lettres accentuées étaient encodées deux fois : elles sont rétablies."
            self.notes.append(Note(twice[0], "encoded_twice", message))

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
