"""Whose parcours does the demo show?"""

from datetime import datetime

from sqlmodel import Session

from conference.domain.permissions import Actor


def load_parcours(session: Session, ids: dict[str, int], actors: dict[str, Actor], at: datetime) -> None:
    """The people of the demo."""
