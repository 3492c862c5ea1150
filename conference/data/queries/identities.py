"""Is this line of the reader's organisation recorded already?"""

from sqlmodel import Session, select

from conference.data.tables import Balance
from conference.domain.permissions import Actor


def line_with_identity(session: Session, reader: Actor, identity: str) -> int | None:
    """The live commitment of the reader's organisation that bears `identity`, or None."""
    query = select(Balance.commitment_id).where(
        Balance.funder_id == (reader.organisation_id or 0), Balance.identity == identity
    )
    return session.exec(query).first()
