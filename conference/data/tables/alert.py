"""What needs somebody's eye: one row per (code, subject, cause), never per date or amount (SEMANTICS §8)."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from conference.data.types import Cents, Identifier, Instant


class Alert(SQLModel, table=True):
    """A finding about a parcours, open until its cause goes; it reopens with its history in the journal."""

    __table_args__ = (
        UniqueConstraint("code", "parcours_id", "cause"),
        CheckConstraint("status IN ('open', 'closed')", name="status_known"),
        CheckConstraint("days >= 0", name="days_not_negative"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Identifier)
    code: str = Field(max_length=40)
    parcours_id: int = Field(foreign_key="parcours.id", index=True, sa_type=Identifier)
    cause: str = Field(max_length=60)
    status: str
    first_day: date | None = None
    days: int = 0
    need: Decimal | None = Field(default=None, sa_type=Cents)
    message: str = Field(default="", max_length=500)
    opened_at: datetime = Field(sa_type=Instant)
    changed_at: datetime = Field(sa_type=Instant)
    closed_at: datetime | None = Field(default=None, sa_type=Instant)
