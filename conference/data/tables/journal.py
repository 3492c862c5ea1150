"""The journal: one entry per service call, chained by hash, sealed each day."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from conference.data.types import Identifier, Instant


class JournalEntry(SQLModel, table=True):
    """Who did what to which object. `changes` is canonical JSON; `hash` covers every other column. Append-only.

    `id` is given by the chain itself (previous + 1), never by the engine: a hole is then a fault.
    """

    __tablename__ = "journal_entry"
    __table_args__ = (Index("ix_journal_entry_object_kind_object_id", "object_kind", "object_id"),)

    id: int = Field(primary_key=True, sa_type=Identifier, sa_column_kwargs={"autoincrement": False})
    at: datetime = Field(sa_type=Instant)
    actor_id: int | None = Field(default=None, foreign_key="account.id", sa_type=Identifier)
    actor_label: str = Field(max_length=200)
    organisation_id: int | None = Field(default=None, foreign_key="organisation.id", sa_type=Identifier)
    verb: str = Field(max_length=60)
    object_kind: str = Field(max_length=40)
    object_id: int | None = Field(default=None, sa_type=Identifier)
    object_label: str = Field(default="", max_length=200)
    changes: str = "{}"
    previous_hash: str = Field(max_length=64)
    hash: str = Field(max_length=64)


class JournalHead(SQLModel, table=True):
    """The end of the chain: the next entry is written after it."""

    __tablename__ = "journal_head"
    __table_args__ = (CheckConstraint("id = 1", name="single_row"),)

    id: int = Field(default=1, primary_key=True)
    last_id: int = Field(default=0, sa_type=Identifier)
    last_hash: str = Field(max_length=64)


class JournalSeal(SQLModel, table=True):
    """The chain as it stood at the end of a day, under the instance's key. Append-only."""

    __tablename__ = "journal_seal"

    day: date = Field(primary_key=True)
    last_id: int = Field(sa_type=Identifier)
    last_hash: str = Field(max_length=64)
    seal: str = Field(max_length=64)
    sealed_at: datetime = Field(sa_type=Instant)
