"""Does the database answer?"""

from sqlalchemy import text
from sqlmodel import Session


def ask(session: Session) -> None:
    """Ask the database for one row. Raises SQLAlchemy's errors when it cannot answer."""
    session.connection().execute(text("SELECT 1")).one()
