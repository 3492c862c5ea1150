"""Files joined to an object: the bytes lie in the instance folder under their SHA-256, the row says whose they are."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from conference.data.types import Identifier, Instant


class Attachment(SQLModel, table=True):
    """One file joined to one object. Withdrawing keeps the row and the bytes."""

    __table_args__ = (
        Index("ix_attachment_object_kind_object_id", "object_kind", "object_id"),
        CheckConstraint("size > 0", name="size_positive"),
        CheckConstraint("length(sha256) = 64", name="sha256_length"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Identifier)
    object_kind: str = Field(max_length=40)
    object_id: int = Field(sa_type=Identifier)
    filename: str = Field(max_length=200)
    media_type: str = Field(max_length=100)
    size: int = Field(sa_type=Identifier)
    sha256: str = Field(max_length=64)
    added_at: datetime = Field(sa_type=Instant)
    added_by: int | None = Field(default=None, foreign_key="account.id", sa_type=Identifier)
    withdrawn_at: datetime | None = Field(default=None, sa_type=Instant)
