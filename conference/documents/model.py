"""What is a document, before any layout?

Frozen values, already written in French (amounts and dates are text here): a title, a reference and blocks in reading
order. The layout adds nothing that a reader could rely on, so the fingerprint printed at the foot of each page is the
SHA-256 of a canonical JSON of these values: two files with the same content carry the same fingerprint, whatever made
them. Knows no clock: `known_on` is the instant of the last fact included.
"""

import hashlib
import json
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, Literal

from conference.documents.chart import Chart, Flows
from conference.documents.timeline import Timeline


@dataclass(frozen=True)
class Heading:
    """A heading of level 1 or 2 under the document's title; numbered "1.", "1.1." unless told otherwise."""

    text: str
    level: Literal[1, 2] = 1
    numbered: bool = True


@dataclass(frozen=True)
class Text:
    """One paragraph; `link` makes the whole paragraph a link to that address."""

    text: str
    style: Literal["body", "small", "strong"] = "body"
    link: str | None = None


@dataclass(frozen=True)
class Items:
    """A list of short texts."""

    texts: tuple[str, ...]
    space_after: float = field(default=0, metadata={"content": False})
    """Points under the last one."""


@dataclass(frozen=True)
class Column:
    """A column of a table; neighbours with the same non-empty `group` stand under one shared heading."""

    heading: str
    numeric: bool = False
    group: str = ""
    width: float | None = None
    """Points; None: numbers take what they need, texts share what is left."""


@dataclass(frozen=True)
class Row:
    """The cells of a row, as many as columns; a `strong` row is a sum."""

    cells: tuple[str, ...]
    strong: bool = False


@dataclass(frozen=True)
class Table:
    """A table with its caption (read by screen readers and printed above); the first column heads its row."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    empty: str = "Aucune ligne."
    size: float = 8.5
    """Type size in points, not under 7.5."""
    show_caption: bool = True


@dataclass(frozen=True)
class Figure:
    """A chart, with its height in points; its width is that of the text."""

    chart: Chart | Flows | Timeline
    height: float = 170


@dataclass(frozen=True)
class KeyFigure:
    """One figure with its label above and a note below."""

    label: str
    value: str
    note: str = ""


@dataclass(frozen=True)
class KeyFigures:
    """A band of two to five figures that matter."""

    items: tuple[KeyFigure, ...]


@dataclass(frozen=True)
class Beside:
    """Two blocks side by side; `share` is the left one's part of the width. Both must fit on one page."""

    left: "Block"
    right: "Block"
    share: float = 0.6


@dataclass(frozen=True)
class Together:
    """Blocks that stay on one page where one page can hold them: they go to the next one rather than be cut."""

    blocks: "tuple[Block, ...]"


@dataclass(frozen=True)
class Lead:
    """A paragraph whose first words are in bold, such as the name of a party, or 2.1 in an article."""

    head: str
    text: str
    """What follows, with the sign or the space that parts it from `head`."""


@dataclass(frozen=True)
class Numbered:
    """A list whose items bear the signs that the text gave them: "1°" and "2°", "a)" and "b)"."""

    signs: tuple[str, ...]
    texts: tuple[str, ...]
    space_after: float = field(default=0, metadata={"content": False})


@dataclass(frozen=True)
class NewPage:
    """What follows begins a page."""


@dataclass(frozen=True)
class Room:
    """What follows needs so many points of the page that it begins on, else it goes to the next."""

    height: float


@dataclass(frozen=True)
class SignatureBlock:
    """Where somebody signs: `lines` say who and in what name; `date` is what stands beside the day (« Signé le … » once it is
    known)."""

    party: str
    lines: tuple[str, ...]
    date: str


@dataclass(frozen=True)
class Signatures:
    """Signature blocks, two side by side, each whole on a page."""

    blocks: tuple[SignatureBlock, ...]


Block = (
    Heading
    | Text
    | Items
    | Table
    | Figure
    | KeyFigures
    | Beside
    | Together
    | Lead
    | Numbered
    | NewPage
    | Room
    | Signatures
)


@dataclass(frozen=True)
class Attachment:
    """A file carried inside the PDF. `relationship` says what it is to the document (ISO 32000-2, AFRelationship)."""

    name: str
    mime: str
    content: bytes
    description: str
    relationship: Literal["Data", "Source", "Supplement"] = "Data"


@dataclass(frozen=True)
class Document:
    """A document to print: who makes it, what it is called, what it says and what it carries."""

    title: str
    reference: str
    conference: str
    region: str = ""
    known_on: datetime | None = None
    """Aware instant of the last fact included; also the date written in the file's properties."""
    lines: tuple[str, ...] = ()
    """Short lines under the title (period, status, date)."""
    mentions: tuple[str, ...] = ()
    """Words shown on every page, such as "Démonstration" or "Provisoire"."""
    blocks: tuple[Block, ...] = ()
    attachments: tuple[Attachment, ...] = field(default=())
    description: str = ""
    code_start: str = field(default="", metadata={"content": False})
    """What the QR code at the foot of each page begins with (`domain.page_code`); "" for none. It tells where the document is
    filed, not what it says: two instances that make the same text give the same fingerprint."""


def fingerprint(document: Document) -> str:
    """SHA-256, in hexadecimal, of the document's canonical content (attachments included)."""
    canonical = json.dumps(_plain(document), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("utf-8", "backslashreplace")).hexdigest()


@cache
def _said(kind: type[Any]) -> tuple[str, ...]:
    """The fields of a class that are content."""
    return tuple(each.name for each in fields(kind) if each.metadata.get("content", True))


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return value
    if is_dataclass(value) and not isinstance(value, type):
        content = {name: _plain(getattr(value, name)) for name in _said(type(value))}
        return {"kind": type(value).__name__, **content}
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, bytes):
        return hashlib.sha256(value).hexdigest()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value
