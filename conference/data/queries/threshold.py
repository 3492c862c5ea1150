"""Above which amount does the reader's organisation ask for a second person?"""

from decimal import Decimal

from sqlmodel import Session

from conference.data.tables import Organisation
from conference.domain.permissions import Actor


def own_threshold(session: Session, reader: Actor) -> Decimal | None:
    """The threshold in euros, or None where there is none."""
    organisation = session.get(Organisation, reader.organisation_id) if reader.organisation_id else None
    return organisation.confirmation_threshold if organisation else None
