"""Of which convention, version and page is this sheet of paper?

A scan of a signed copy is filed by the code at the foot of each page: an address that a telephone opens as well, which holds
the convention, the rank of its version, the start of the fingerprint of its text and the page. Letters of the address are
capital where that changes nothing: a QR code then takes 11 bits for two characters, hence a smaller code with larger modules.
"""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

FINGERPRINT_LENGTH = 16
"""Hexadecimal digits of the fingerprint that a page bears."""
_CODE = re.compile(
    r"(?:.*/)?C/(?:(?P<number>C-[0-9]{4}-[0-9]{3,9})|PROJET-(?P<draft>[0-9]{1,18}))"
    r"/(?P<rank>[0-9]{1,4})/(?P<mark>[0-9A-F]{16})/P(?P<page>[0-9]{1,4})",
    re.ASCII | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class PageCode:
    """What a page says that it is. `number` None: page `page` of a draft of the convention `draft`; `fingerprint` is the start
    of that of the text, in small letters."""

    number: str | None
    draft: int | None
    rank: int
    fingerprint: str
    page: int


def code_start(address: str, *, number: str | None, convention_id: int, rank: int) -> str:
    """What the codes of all pages of a version begin with. `address`: that of the instance, such as https://host."""
    name = number or f"PROJET-{convention_id}"
    whole = f"{address.rstrip('/')}/C/{name}/{rank}"
    return whole if urlsplit(address).path.strip("/") else whole.upper()


def page_code(start: str, fingerprint: str, page: int) -> str:
    """The text of the code of a page (from 1) of a document with that SHA-256."""
    return f"{start}/{fingerprint[:FINGERPRINT_LENGTH].upper()}/P{page}"


def read_page_code(text: str) -> PageCode | None:
    """The page that a scanned code names, whatever the address before it; None when it is another code than ours."""
    found = _CODE.fullmatch(text.strip())
    if found is None:
        return None
    number, draft = found["number"], found["draft"]
    return PageCode(
        number.upper() if number else None,
        int(draft) if draft else None,
        int(found["rank"]),
        found["mark"].lower(),
        int(found["page"]),
    )
