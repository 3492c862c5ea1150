"""What someone was typing: kept until it is recorded or thrown away."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from conference.data.types import Identifier, Instant


class Draft(SQLModel, table=True):
    """The raw fields of an unfinished form, as JSON text, seen by its author alone."""

    __table_args__ = (Index("ix_draft_account_id_form", "account_id", "form"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=Identifier)
    account_id: int = Field(foreign_key="account.id", sa_type=Identifier)
    form: str = Field(max_length=60)
    title: str = Field(default="", max_length=200)
    payload: str = "{}"
    updated_at: datetime = Field(sa_type=Instant)
    version: int = Field(default=1)
