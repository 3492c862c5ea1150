"""Which bytes are the text of a version of a convention, asked for by its name?

What was put to signature is the file that was kept then, whatever the software makes today; before that, the draft as it
reads.
"""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import Session, col, select

from conference.data.tables import Convention, ConventionVersion
from conference.domain.convention import ConventionStatus
from conference.domain.refusal import NotFound
from conference.services.convention_life import rendered
from conference.services.files import read_kept

_NAME = re.compile(
    r"(?:(?P<number>C-\d{4}-\d{3,9})|projet-(?P<draft>\d{1,15}))(?:-A(?P<rank>\d{1,4}))?", re.I | re.ASCII
)
_KEPT = (ConventionStatus.TO_SIGN, ConventionStatus.SIGNED)


@dataclass(frozen=True)
class ConventionText:
    """A document: its bytes, the fingerprint of what it says, and whether it is the file kept for signature."""

    content: bytes
    fingerprint: str
    is_kept: bool

    @property
    def sha256(self) -> str:
        """That of the bytes."""
        return hashlib.sha256(self.content).hexdigest()


def convention_text(session: Session, name: str, *, instance: Path, address: str) -> ConventionText:
    """The text named C-2026-004, C-2026-004-A1 (its avenant 1) or projet-12 (a draft without number yet). Asks no right.

    Raises NotFound for a name of nothing, FileNotFoundError when the kept file is gone.
    """
    version = _named(session, name)
    if version.status in _KEPT and version.file_sha256:
        return ConventionText(read_kept(instance, version.file_sha256), version.fingerprint or "", True)
    content, mark = rendered(session, version.id or 0, address, is_draft=True)
    return ConventionText(content, mark, False)


def _named(session: Session, name: str) -> ConventionVersion:
    found = _NAME.fullmatch(name)
    if found is None:
        raise NotFound()
    query = select(ConventionVersion).join(Convention, col(Convention.id) == col(ConventionVersion.convention_id))
    if found["number"]:
        query = query.where(Convention.number == found["number"].upper())
    else:
        query = query.where(Convention.id == int(found["draft"]))
    version = session.exec(query.where(ConventionVersion.rank == int(found["rank"] or 0))).first()
    if version is None:
        raise NotFound()
    return version
