"""In which encoding is a text file written?

Each line says it: UTF-8 where it is valid UTF-8, else the old encoding of the file (Windows or Macintosh, told apart by which
one makes French of its letters): some files were pasted together from both. Text that was encoded twice is put right again.
"""

import codecs
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

from conference.domain.importing.remarks import Unreadable

BLOCK = 1 << 20
LONGEST = 4_000_000
"""Bytes of the longest line that is read."""
_FRENCH = frozenset("éèêëàâäçîïôöûùüœæÉÈÊÀÂÇÎÔÛŒ’‘“”«»€°–—…²³º·\xa0")
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_TWICE = ("Ã", "Â", "â€", "Å", "Ä", "ƒ")
"""What the first bytes of letters beyond ASCII look like when UTF-8 is taken for cp1252."""


def mark_of(head: bytes) -> tuple[str | None, int]:
    """(encoding, length) of the byte order mark that a file begins with."""
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name, len(mark)
    return None, 0


def old_encoding(path: Path) -> str:
    """ "mac_roman" or "cp1252": the one that makes French of the bytes that are not UTF-8 (cp1252 where nothing tells)."""
    counts: Counter[int] = Counter()
    with path.open("rb") as file:
        for line in file:
            if not line.isascii() and not _is_utf8(line):
                counts.update(byte for byte in line if byte > 127)
    if not counts:
        return "cp1252"
    scores = {
        name: sum(n for byte, n in counts.items() if _letter(byte, name) in _FRENCH) for name in ("cp1252", "mac_roman")
    }
    return "mac_roman" if scores["mac_roman"] > scores["cp1252"] else "cp1252"


class Lines:
    """The lines of a text file, decoded; what was found on the way is kept."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            head = file.read(BLOCK)
        self.mark, self._skip = mark_of(head)
        self._old_mac_ends = b"\n" not in head and b"\r" in head
        self._path = path
        self._old: str | None = None
        self.old_lines = 0
        self.new_lines = 0
        self.done = 0

    @property
    def encoding(self) -> str:
        """The encoding of the file: "utf-8", "utf-16-le", "cp1252", "mac_roman", or "utf-8 + cp1252"."""
        if self.mark and self.mark != "utf-8":
            return self.mark
        old = self._old or "cp1252"
        if self.old_lines:
            return f"utf-8 + {old}" if self.new_lines else old
        return "utf-8"

    def __iter__(self) -> Iterator[str]:
        """Each line with its end, from the start of the file."""
        self.done = self.old_lines = self.new_lines = 0
        with self._path.open("rb") as file:
            file.seek(self._skip)
            if self.mark and self.mark != "utf-8":
                yield from self._wide(file)
            else:
                yield from self._narrow(file)

    def _narrow(self, file: BinaryIO) -> Iterator[str]:
        for line in self._cut(file):
            self.done += len(line)
            if line.isascii():
                yield line.decode("ascii")
                continue
            try:
                text = line.decode("utf-8")
                self.new_lines += 1
            except UnicodeDecodeError:
                self.old_lines += 1
                text = self._decoded(line)
            yield text

    def _cut(self, file: BinaryIO) -> Iterator[bytes]:
        """Lines that end by LF, or by CR alone as on old Macintosh. Raises Unreadable on one without end."""
        if self._old_mac_ends:
            rest = b""
            while block := file.read(BLOCK):
                *whole, rest = (rest + block).split(b"\r")
                _refuse_endless(rest)
                yield from (line + b"\n" for line in whole)
            if rest:
                yield rest
            return
        while line := file.readline(LONGEST):
            _refuse_endless(line)
            yield line

    def _decoded(self, line: bytes) -> str:
        if self._old is None:
            self._old = old_encoding(self._path)
        text = line.decode(self._old, errors="replace")
        return text.replace("\ufffd", "")

    def _wide(self, file: BinaryIO) -> Iterator[str]:
        decoder = codecs.getincrementaldecoder(self.mark or "utf-16")(errors="replace")
        rest = ""
        while block := file.read(BLOCK):
            self.done += len(block)
            *whole, rest = (rest + decoder.decode(block)).split("\n")
            _refuse_endless(rest)
            yield from (f"{line}\n" for line in whole)
        if rest:
            yield rest


def _refuse_endless(line: bytes | str) -> None:
    if len(line) >= LONGEST:
        raise Unreadable(
            "Ce fichier n’est pas un tableau en texte : une de ses lignes n’a pas de fin. Enregistrez-le en CSV UTF-8, "
            "puis recommencez.",
            code="not_a_table",
        )


def looks_twice_encoded(text: str) -> bool:
    """May it be UTF-8 taken for cp1252?"""
    return not text.isascii() and any(sign in text for sign in _TWICE)


@lru_cache(maxsize=10_000)
def encoded_once(text: str) -> str:
    """`text` as it was before it was encoded twice, or three times; itself when it was not.

    Word by word, since an author may paste such a text beside a sound one; kept only where every byte makes a letter.
    """
    for _ in range(3):
        again = "".join(_once(word) for word in _words(text))
        if again == text:
            break
        text = again
    return text


def _words(text: str) -> Iterator[str]:
    """Runs of ASCII, and runs of other signs, which alone may have been encoded twice."""
    run, ascii_run = "", True
    for sign in text:
        if (sign < "\x80") != ascii_run and run:
            yield run
            run = ""
        ascii_run = sign < "\x80"
        run += sign
    if run:
        yield run


def _once(run: str) -> str:
    if run.isascii() or len(run) < 2:
        return run
    data = bytearray()
    for sign in run:
        try:
            data += sign.encode("cp1252")
        except UnicodeEncodeError:
            if ord(sign) > 255:
                return run
            data.append(ord(sign))  # cp1252 leaves five bytes without a letter
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return run


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _letter(byte: int, encoding: str) -> str:
    return bytes([byte]).decode(encoding, errors="replace")
