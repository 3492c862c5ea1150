"""Which files are joined to a parcours, and which file may this reader download?"""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from conference.data.queries.parcours import reached_parcours
from conference.data.tables import Account, Attachment, Commitment
from conference.domain.permissions import Actor, Relation, is_granted, require
from conference.domain.refusal import NotFound


@dataclass(frozen=True)
class StoredFile:
    """A file joined to a commitment of the reader's own."""

    filename: str
    media_type: str
    sha256: str


def attached_file(session: Session, reader: Actor, commitment_id: int, attachment_id: int) -> StoredFile:
    """The file, when it is joined to that commitment and the commitment is the reader's own; else NotFound."""
    row = session.get(Attachment, attachment_id)
    if row is None or (row.object_kind, row.object_id) != ("commitment", commitment_id) or row.withdrawn_at is not None:
        raise NotFound()
    commitment = session.get(Commitment, commitment_id)
    if commitment is None or reader.relation_to(commitment.funder_id) is not Relation.OWN:
        raise NotFound()
    require(reader, "attachment.read", Relation.OWN)
    return StoredFile(row.filename, row.media_type, row.sha256)


@dataclass(frozen=True)
class JoinedFile:
    """A file joined to a parcours, as its page lists it. `size` in bytes."""

    id: int
    filename: str
    size: int
    added_at: datetime
    added_by: str


def parcours_files(session: Session, reader: Actor, parcours_id: int) -> tuple[JoinedFile, ...]:
    """Files joined to a parcours that `reader` reaches as one of its funders, latest first; none for the others."""
    if not is_granted(reader, "parcours.attach", Relation.PARTY):
        return ()
    query = (
        select(Attachment, Account.name)
        .join(Account, col(Account.id) == col(Attachment.added_by), isouter=True)
        .where(
            Attachment.object_kind == "parcours",
            Attachment.object_id == parcours_id,
            col(Attachment.withdrawn_at).is_(None),
            reached_parcours(reader, col(Attachment.object_id)),
        )
        .order_by(col(Attachment.id).desc())
    )
    return tuple(
        JoinedFile(row.id or 0, row.filename, row.size, row.added_at, name or "") for row, name in session.exec(query)
    )


def parcours_file(session: Session, reader: Actor, parcours_id: int, attachment_id: int) -> StoredFile:
    """One of them, to download; else NotFound. It may name the person: the caller notes the reading."""
    require(reader, "parcours.attach", Relation.PARTY)
    query = select(Attachment).where(
        Attachment.id == attachment_id,
        Attachment.object_kind == "parcours",
        Attachment.object_id == parcours_id,
        col(Attachment.withdrawn_at).is_(None),
        reached_parcours(reader, col(Attachment.object_id)),
    )
    row = session.exec(query).first()
    if row is None:
        raise NotFound()
    return StoredFile(row.filename, row.media_type, row.sha256)
