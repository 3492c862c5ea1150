"""Which file may this reader download?"""

from dataclasses import dataclass

from sqlmodel import Session

from conference.data.tables import Attachment, Commitment
from conference.domain.permissions import Actor, Relation, require
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
