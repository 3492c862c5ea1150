"""How do the administrators learn the seals of the days that are over?

By a message of the outbox, in the very transaction that seals: no seal without its mail, no mail without its seal. Sealing
needs no row of the run table: a day's seal is its own mark (its day is a primary key), and the effect itself.
"""

from datetime import datetime

from sqlmodel import Session

from conference.services.instance import profile
from conference.services.mails import seal_words
from conference.services.outbox import Message, add_messages
from conference.services.sealing import Seal, seal_past_days, seal_readers
from conference.settings import Settings


def seal_and_tell(session: Session, settings: Settings, *, at: datetime) -> list[Seal]:
    """Seal each day that is over and has no seal yet, and write the message to each of those who keep them; the seals made."""
    made = seal_past_days(session, instance=settings.instance, at=at)
    if made:
        subject, body = seal_words(made, conference_name=profile(session).name)
        key = f"seal:{made[-1].day.isoformat()}"
        readers = seal_readers(session)
        add_messages(session, [Message(f"{key}:{each}", "seal", each, subject, body) for each in readers], at=at)
    return made
