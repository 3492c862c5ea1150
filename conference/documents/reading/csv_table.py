"""How is a text file read as a table?

Encoding and delimiter are found, never asked. Quotes are read as a spreadsheet does (a quote inside a text is a quote), with
one guard: a line that no author wrote follows the last one, so that a quote left open, which would swallow rows in silence,
is seen and named.
"""

import csv
from collections import Counter
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path
from types import TracebackType
from typing import Self

from conference.documents.reading.encoding import Lines, encoded_once, lines_of, looks_twice_encoded
from conference.documents.reading.notes import Note, Sheet, Tally
from conference.domain.importing.profiles import Record, recognise
from conference.domain.importing.remarks import Unreadable

DELIMITERS = ";,\t|"
MOST_COLUMNS = 400
_SAMPLE = 300
_MARK = "\x00fin\x00"
"""The line after the last one; no file can hold it, since one that holds a NUL is no text."""
_END_OF_FILE = "\x1a"
"""What old systems put after the last line."""
_NOT_TEXT = (
    "Ce fichier n’est pas un tableau en texte. Enregistrez-le en CSV UTF-8 ou en XLSX depuis votre tableur, puis "
    "recommencez."
)


class CsvTable:
    """A text file, read as a stream."""

    kind = "csv"

    def __init__(self, path: Path) -> None:
        self._lines = Lines(path)
        _refuse_binary(path, self._lines.mark)
        self.total = path.stat().st_size
        self.sheets = (Sheet(None),)
        self.notes: list[Note] = []
        self._twice = Tally()
        self._line_was_twice = False
        self.delimiter: str | None = self._find_delimiter()

    @property
    def encoding(self) -> str | None:
        """Encoding found so far."""
        return self._lines.encoding

    @property
    def done(self) -> int:
        """Bytes read so far."""
        return self._lines.done

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Nothing stays open between two readings."""

    def records(self, sheet: Sheet) -> Iterator[Record]:
        """The records that are not blank, from the start of the file. Raises Unreadable."""
        self.notes.clear()
        self._twice, self._line_was_twice = Tally(), False
        yield from self._read(self._sound_lines(), self.delimiter or ",")
        self._note_encodings()

    def _read(self, lines: Iterator[str], delimiter: str) -> Iterator[Record]:
        reader = csv.reader(chain(lines, [f"{_MARK}\n"]), delimiter=delimiter)
        number, begins = 0, 1
        try:
            for cells in reader:
                number += 1
                if cells and (cells[0].strip() or any(cell.strip() for cell in cells)):
                    if _MARK in cells[-1]:
                        if cells == [_MARK]:
                            return
                        break
                    if len(cells) > MOST_COLUMNS:
                        _refuse_width(len(cells))
                    if self._line_was_twice:
                        self._twice.add(number)
                        self._line_was_twice = False
                    if number > 1 or not _is_separator_line(cells, delimiter):
                        yield number, [*cells]
                begins = reader.line_num + 1
        except csv.Error:  # the one that is left to a reader that is not strict: a cell is longer than its limit
            _refuse_long_cell(begins)
        raise Unreadable(
            f"Un guillemet ouvert à la ligne {begins} du fichier n’est jamais fermé : la suite ne peut pas être lue. "
            "Fermez-le ou ôtez-le, puis recommencez.",
            code="quotes",
        )

    def _sound_lines(self) -> Iterator[str]:
        """Lines encoded once. A CR alone ends a line too: were it text, two rows could be read as one."""
        for text in self._lines.texts():
            if "\x00" in text:
                raise Unreadable(_NOT_TEXT, code="not_a_table")
            text = text.replace(_END_OF_FILE, "")
            yield from map(self._sound, lines_of(text)) if looks_twice_encoded(text) else lines_of(text)

    def _sound(self, line: str) -> str:
        sound = encoded_once(line) if looks_twice_encoded(line) else line
        self._line_was_twice = self._line_was_twice or sound != line
        return sound

    def _find_delimiter(self) -> str:
        """The delimiter under which the headings are known, else the one that cuts the lines most alike."""
        lines = list(islice(self._sound_lines(), _SAMPLE))
        told = lines[0].strip(' "\r\n').lower() if lines else ""
        if told.startswith("sep=") and told[4:] and told[4:] in DELIMITERS:
            return told[4:]
        best, best_score = ",", (0, 0.0)
        for delimiter in DELIMITERS:
            records = list(_loosely(lines, delimiter))
            mapping = recognise(records)
            known = sum(column is not None for column in mapping.columns) if mapping else 0
            if (score := (known, _evenness([len(cells) for _, cells in records]))) > best_score:
                best, best_score = delimiter, score
        return best

    def _note_encodings(self) -> None:
        if self._twice.count:
            told = f"{self._twice.count} lignes" if self._twice.count > 1 else "une ligne"
            message = f"Des lettres accentuées étaient encodées deux fois dans {told} : elles sont rétablies."
            self.notes.append(Note(self._twice.first, "encoded_twice", message))
        if self._lines.has_old and self._lines.has_new:
            message = "Ce fichier réunit deux encodages de texte : chaque ligne est lue dans le sien."
            self.notes.append(Note(None, "two_encodings", message))


def _loosely(lines: list[str], delimiter: str) -> Iterator[Record]:
    try:
        for number, cells in enumerate(csv.reader(lines, delimiter=delimiter), start=1):
            if any(cell.strip() for cell in cells):
                yield number, list(cells)
    except csv.Error:
        return


def _evenness(widths: list[int]) -> float:
    """Share of the records that have the most usual width, times that width; 0 where there is one column."""
    if not widths:
        return 0.0
    width, count = Counter(widths).most_common(1)[0]
    return 0.0 if width == 1 else count / len(widths) * min(width, 30)


def _is_separator_line(cells: list[str], delimiter: str) -> bool:
    """« sep=; », that a spreadsheet writes for itself."""
    return delimiter.join(cells).strip().lower() in (f"sep={delimiter}", "sep=")


def _refuse_binary(path: Path, mark: str | None) -> None:
    with path.open("rb") as file:
        head = file.read(1 << 16)
    if mark in ("utf-16-le", "utf-16-be"):
        return
    odd = sum(byte < 32 and byte not in b"\t\n\r\f\x0b\x1a" for byte in head)
    if b"\x00" in head or odd > max(8, len(head) // 20):
        raise Unreadable(_NOT_TEXT, code="not_a_table")


def _refuse_long_cell(line: int) -> None:
    raise Unreadable(
        f"À la ligne {line} du fichier commence une cellule de plus de {csv.field_size_limit() // 1000}\u202f000 signes : un "
        "guillemet y est sans doute ouvert sans être fermé. Vérifiez cette ligne, puis recommencez.",
        code="quotes",
    )


def _refuse_width(width: int) -> None:
    raise Unreadable(
        f"Ce tableau compte {width} colonnes, plus que les {MOST_COLUMNS} acceptées. Gardez les colonnes utiles, puis "
        "recommencez.",
        code="too_wide",
    )
