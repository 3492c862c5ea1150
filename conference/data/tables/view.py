"""The views of the dashboard that a person keeps under a name."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from conference.data.types import Identifier, Instant


class NamedView(SQLModel, table=True):
    """A page of the dashboard with its filters, seen by its author alone: `address` is its path and query."""

    __tablename__ = "named_view"
    __table_args__ = (UniqueConstraint("account_id", "name"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=Identifier)
    account_id: int = Field(foreign_key="account.id", sa_type=Identifier)
    name: str = Field(max_length=80)
    address: str = Field(max_length=1000)
    kept_at: datetime = Field(sa_type=Instant)
