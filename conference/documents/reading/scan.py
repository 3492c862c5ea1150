"""Which of our pages are in a file that a scanner made, and how are those of one convention taken out of it?"""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from conference.documents.reading.child import answers_of
from conference.domain.page_code import PageCode, read_page_code

_CHILD = Path(__file__).with_name("scan_child.py")


@dataclass(frozen=True)
class ScannedPage:
    """A page of the file, from 1, and the page of ours that it is; None when it bears no code that can be read."""

    place: int
    code: PageCode | None


def scanned_pages(content: bytes) -> tuple[ScannedPage, ...]:
    """The pages of a scan (PDF or image), in its order. Raises Refusal (field `file`) on a file that cannot be read."""
    with tempfile.NamedTemporaryFile(prefix="conference-") as file:
        file.write(content)
        file.flush()
        lines = answers_of(_CHILD, "codes", file.name)
    return tuple(ScannedPage(int(place), _first_code(texts)) for place, texts in lines)


def cut_pages(content: bytes, places: list[int]) -> bytes:
    """The pages of a PDF at these places (from 1), as a PDF. Raises Refusal as `scanned_pages`."""
    with tempfile.TemporaryDirectory(prefix="conference-") as folder:
        given, made = Path(folder) / "given.pdf", Path(folder) / "made.pdf"
        given.write_bytes(content)
        answers_of(_CHILD, "cut", str(given), str(made), ",".join(map(str, places)))
        return made.read_bytes()


def _first_code(texts: list[str]) -> PageCode | None:
    return next((code for text in texts if (code := read_page_code(text)) is not None), None)
