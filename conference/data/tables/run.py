"""What the house does by itself: each run once, each message once, whatever is killed in the middle.

A run is one kind of work for one period and one scope, unique; a process claims it by one conditional UPDATE, with a lease
that frees it when the process dies. Its messages are rows of the outbox, written in the transaction that says it is done;
sending them comes after and may be tried again.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from conference.data.types import Identifier, Instant


class Run(SQLModel, table=True):
    """One run. `period` is a day (2026-11-23), a month (2026-11) or a name; `scope` who it is for, "" for all."""

    __table_args__ = (
        UniqueConstraint("kind", "period", "scope"),
        CheckConstraint("status IN ('waiting', 'running', 'done', 'failed')", name="status_known"),
        CheckConstraint("(status = 'running') = (lease_until IS NOT NULL)", name="lease_while_running"),
        Index("ix_run_status", "status", "lease_until"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Identifier)
    kind: str = Field(max_length=40)
    period: str = Field(max_length=20)
    scope: str = Field(default="", max_length=60)
    status: str = "waiting"
    owner: str = Field(default="", max_length=80)
    lease_until: datetime | None = Field(default=None, sa_type=Instant)
    attempts: int = 0
    started_at: datetime | None = Field(default=None, sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    report: str = Field(default="", max_length=1000)
    failure: str = Field(default="", max_length=1000)


class OutboxMessage(SQLModel, table=True):
    """A mail to send once. `key` is what makes it unique; `body` is plain text; `links` JSON of what its reader must be able
    to open ([kind, id] pairs): otherwise it is dropped, with the reason in `failure`."""

    __tablename__ = "outbox_message"
    __table_args__ = (
        UniqueConstraint("key"),
        CheckConstraint("status IN ('waiting', 'sent', 'dropped', 'failed')", name="status_known"),
        Index("ix_outbox_message_status", "status", "next_try_at"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Identifier)
    key: str = Field(max_length=120)
    kind: str = Field(max_length=40)
    account_id: int = Field(foreign_key="account.id", index=True, sa_type=Identifier)
    subject: str = Field(max_length=200)
    body: str
    links: str = "[]"
    status: str = "waiting"
    created_at: datetime = Field(sa_type=Instant)
    attempts: int = 0
    next_try_at: datetime | None = Field(default=None, sa_type=Instant)
    sent_at: datetime | None = Field(default=None, sa_type=Instant)
    failure: str = Field(default="", max_length=500)


class Setting(SQLModel, table=True):
    """A threshold of the conférence that differs from its default (`domain.thresholds`)."""

    code: str = Field(primary_key=True, max_length=60)
    value: int
    changed_at: datetime = Field(sa_type=Instant)
    changed_by: int | None = Field(default=None, foreign_key="account.id", sa_type=Identifier)
