"""What do the signatures of a PDF prove: are its bytes those that were signed, by whom, when?"""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from conference.documents.reading.child import answers_of

_CHILD = Path(__file__).with_name("signature_child.py")


@dataclass(frozen=True)
class FoundSignature:
    """One signature. `intact`: the signed bytes did not change; `valid`: it was made with its certificate; `trusted`: that
    certificate leads to one that the instance trusts (revocation is not asked); `whole`: it covers the file to its end.

    `at` is what the signer's machine told, None when it told nothing. `sha256` is that of the certificate.
    """

    intact: bool
    valid: bool
    trusted: bool
    whole: bool
    unchanged: bool
    subject: str
    issuer: str
    sha256: str
    at: datetime | None


@dataclass(frozen=True)
class SignedFile:
    """The signatures of a file in their order, and the words of its properties."""

    keywords: str
    signatures: tuple[FoundSignature, ...]

    @property
    def holds(self) -> bool:
        """Is there a signature, is each of them sound, and does the last one cover the whole file?"""
        sound = all(each.intact and each.valid and each.unchanged for each in self.signatures)
        return bool(self.signatures) and sound and self.signatures[-1].whole


def read_signatures(content: bytes, roots: Sequence[Path] = ()) -> SignedFile:
    """The signatures of a PDF, checked against the certificates of the files `roots`. Raises Refusal (field `file`)."""
    with tempfile.NamedTemporaryFile(prefix="conference-") as file:
        file.write(content)
        file.flush()
        [found] = answers_of(_CHILD, file.name, *map(str, roots))
    return SignedFile(
        found["keywords"],
        tuple(
            FoundSignature(**{**each, "at": datetime.fromisoformat(each["at"]) if each["at"] else None})
            for each in found["signatures"]
        ),
    )
