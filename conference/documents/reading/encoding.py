"""In which encoding is a text file written?

Each line says it: UTF-8 where it is valid UTF-8, else the old encoding of the file (Windows or Macintosh, told apart by which
one makes French of its letters): some files were pasted together from both. Text that was encoded twice is put right again.
"""

import codecs
import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from io import StringIO
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
_RUN = re.compile(r"[^\x00-\x7f]{2,200}")
"""Signs beyond ASCII, of which one letter encoded twice makes two at least; no French text has 200 in a row."""
_LETTER = re.compile(rb"[\xc2-\xf4][\x80-\xbf]")
"""What every letter of UTF-8 beyond ASCII begins with."""
_ASCII = bytes(range(128))


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
        for block in _whole_lines(file):
            if not _is_utf8(block):
                for line in block.splitlines():
                    if not line.isascii() and not _is_utf8(line):
                        counts.update(line.translate(None, _ASCII))
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
            self.mark, self._skip = mark_of(file.read(4))
        self._path = path
        self._old: str | None = None
        self.has_old = False
        self.has_new = False
        self.done = 0

    @property
    def encoding(self) -> str:
        """The encoding of the file: "utf-8", "utf-16-le", "cp1252", "mac_roman", or "utf-8 + cp1252"."""
        if self.mark and self.mark != "utf-8":
            return self.mark
        old = self._old or "cp1252"
        if self.has_old:
            return f"utf-8 + {old}" if self.has_new else old
        return "utf-8"

    def texts(self) -> Iterator[str]:
        """The text in pieces of whole lines, from the start of the file. Raises Unreadable: a line has no end."""
        self.done, self.has_old, self.has_new = self._skip, False, False
        with self._path.open("rb") as file:
            file.seek(self._skip)
            if self.mark and self.mark != "utf-8":
                yield from self._wide(file)
                return
            for block in _whole_lines(file):
                self.done += len(block)
                yield self._narrow(block)

    def _narrow(self, block: bytes) -> str:
        try:
            text = block.decode("utf-8")
        except UnicodeDecodeError:
            # where no two bytes could be a letter of UTF-8, neither can a line: all at once, three times as fast
            lines = block.splitlines(keepends=True) if _LETTER.search(block) else [block]
            text = "".join(map(self._decoded, lines))
        else:
            self.has_new = self.has_new or not text.isascii()
        return text.replace("\ufeff", "")  # files put end to end keep the mark of each

    def _decoded(self, line: bytes) -> str:
        try:
            text = line.decode("utf-8")
        except UnicodeDecodeError:
            self.has_old = True
            self._old = self._old or old_encoding(self._path)
            return line.decode(self._old, errors="replace").replace("\ufffd", "")
        self.has_new = self.has_new or not text.isascii()
        return text

    def _wide(self, file: BinaryIO) -> Iterator[str]:
        decoder = codecs.getincrementaldecoder(self.mark or "utf-16")(errors="replace")
        rest = ""
        while block := file.read(BLOCK):
            self.done += len(block)
            rest += decoder.decode(block)
            end = max(rest.rfind("\n"), rest.rfind("\r", 0, -1)) + 1
            yield rest[:end]
            rest = rest[end:]
            _refuse_endless(rest)
        yield rest


def lines_of(text: str) -> Iterator[str]:
    """Its lines with their ends: LF, CR LF, or CR alone as on old Macintosh. No other sign ends a line."""
    return StringIO(text, newline="")


def _whole_lines(file: BinaryIO) -> Iterator[bytes]:
    """The rest of the file, cut at ends of lines (never between CR and LF). Raises Unreadable on a line without end."""
    rest = b""
    while block := file.read(BLOCK):
        rest += block
        end = max(rest.rfind(b"\n"), rest.rfind(b"\r", 0, -1)) + 1
        if end:
            yield rest[:end]
            rest = rest[end:]
        _refuse_endless(rest)
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


def encoded_once(text: str) -> str:
    """`text` as it was before it was encoded twice, or three times; itself when it was not.

    Run by run of signs beyond ASCII, since an author may paste such a text beside a sound one; kept only where every byte
    makes a letter.
    """
    for _ in range(3):
        again = _RUN.sub(_repaired, text)
        if again == text:
            break
        text = again
    return text


def _repaired(run: re.Match[str]) -> str:
    return _once(run[0])


@lru_cache(maxsize=10_000)
def _once(run: str) -> str:
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
