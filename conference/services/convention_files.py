"""How is a file added to a convention: a signed copy, a delegation, an annex?

Never in the place of another: a second sending adds a row, and both stay.
"""

from datetime import datetime

from sqlmodel import Session

from conference.data.tables import Convention, ConventionFile, ConventionVersion
from conference.domain.convention import ConventionFileKind
from conference.domain.permissions import Actor
from conference.services.attachments import Depot, checked_file
from conference.services.convention_access import note_convention, reached_convention
from conference.services.files import keep_file


def add_annex(
    session: Session, convention_id: int, *, filename: str, content: bytes, depot: Depot, by: Actor, at: datetime
) -> ConventionFile:
    """Join a document to a convention that `by` drafts for. Raises NotFound, Forbidden, Refusal (field `file`)."""
    convention = reached_convention(session, convention_id, by, "convention.file")
    row = keep_convention_file(
        session, convention, None, ConventionFileKind.ANNEX, filename, content, depot=depot, by=by, at=at
    )
    told = {"attachment": row.id, "sha256": row.sha256, "size": row.size}
    note_convention(session, convention, None, "attach_to_convention", told, by=by, at=at)
    return row


def keep_convention_file(
    session: Session,
    convention: Convention,
    version: ConventionVersion | None,
    kind: ConventionFileKind,
    filename: str,
    content: bytes,
    *,
    depot: Depot,
    by: Actor,
    at: datetime,
    pages: str = "",
    finding: str = "",
) -> ConventionFile:
    """Check the bytes and keep them beside the others. Raises Refusal (field `file`); asks no right, writes no journal."""
    name, media_type = checked_file(filename, content, depot)
    row = ConventionFile(
        convention_id=convention.id or 0,
        version_id=version.id if version is not None else None,
        organisation_id=by.organisation_id,
        kind=kind.value,
        filename=name,
        media_type=media_type,
        size=len(content),
        sha256=keep_file(depot.instance, content),
        pages=pages,
        finding=finding[:2000],
        added_at=at,
        added_by=by.account_id,
    )
    session.add(row)
    session.flush()
    return row
