"""What does the signature, an avenant or the end of a convention change in the days that nobody pays?

The parcours concerned are marked, so that the next detection asks them again; where they are few they are asked at once, in
the same transaction, so that whoever signs sees the gaps close. A change of what is left marks them too.
"""

from datetime import datetime

from sqlmodel import Session

from conference.services.coverage_marks import mark_concerned
from conference.services.refreshing import refresh

FEW = 100
"""Parcours asked at once, at most: a second's work."""


def ask_again(session: Session, convention_id: int, *, at: datetime) -> int:
    """Ask again of the parcours whose days this convention could pay; how many they are."""
    session.flush()
    concerned = mark_concerned(session, convention_id)
    if 0 < len(concerned) <= FEW:
        refresh(session, concerned, at=at)
    return len(concerned)
