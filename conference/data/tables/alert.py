"""What needs somebody's eye: one row per (code, subject, cause), never per date or amount (SEMANTICS §8).

An alert is open until somebody decides or its cause goes; what it said when it was decided is kept beside, so that a finding
that gets worse opens it again. Its events and comments are append-only.
"""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from conference.data.types import Cents, Identifier, Instant, word_check
from conference.domain.alert_words import AlertEventKind, AlertOutcome, AlertSeverity, AlertStatus


class Alert(SQLModel, table=True):
    """A finding about a parcours, or about the money of a convention: one of the two.

    `owner_id` is who takes care of it, `organisation_id` the funder that it waits for. `due_on`: the day by which it must be
    settled; `settle_by`: the day that places it in the list (`due_on`, else `first_day`, else the end of time). `decided_*`:
    what it said when it was decided.
    """

    __table_args__ = (
        UniqueConstraint("code", "parcours_id", "cause"),
        UniqueConstraint("code", "convention_id", "cause"),
        CheckConstraint("(parcours_id IS NULL) <> (convention_id IS NULL)", name="one_subject"),
        word_check("status", AlertStatus),
        word_check("severity", AlertSeverity),
        word_check("outcome", AlertOutcome),
        CheckConstraint("days >= 0", name="days_not_negative"),
        CheckConstraint("(status = 'decided') = (outcome IS NOT NULL)", name="outcome_when_decided"),
        CheckConstraint("outcome IS NULL OR length(outcome_motive) > 0", name="motive_of_outcome"),
        CheckConstraint("settle_by = coalesce(due_on, first_day, '9999-12-31')", name="settle_by_told"),
        Index("ix_alert_settle_by", "status", "settle_by", "severity", "code", "parcours_id"),
        Index("ix_alert_age", "status", "opened_at"),
        Index("ix_alert_opened_at", "opened_at"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Identifier)
    code: str = Field(max_length=40)
    parcours_id: int | None = Field(default=None, foreign_key="parcours.id", index=True, sa_type=Identifier)
    convention_id: int | None = Field(default=None, foreign_key="convention.id", index=True, sa_type=Identifier)
    cause: str = Field(max_length=60)
    status: str
    severity: str = "important"
    organisation_id: int | None = Field(default=None, foreign_key="organisation.id", index=True, sa_type=Identifier)
    owner_id: int | None = Field(default=None, foreign_key="account.id", index=True, sa_type=Identifier)
    first_day: date | None = None
    due_on: date | None = None
    settle_by: date
    days: int = 0
    need: Decimal | None = Field(default=None, sa_type=Cents)
    message: str = Field(default="", max_length=500)
    outcome: str | None = None
    outcome_motive: str = Field(default="", max_length=1000)
    decided_at: datetime | None = Field(default=None, sa_type=Instant)
    decided_by: int | None = Field(default=None, foreign_key="account.id", sa_type=Identifier)
    decided_days: int | None = None
    decided_need: Decimal | None = Field(default=None, sa_type=Cents)
    decided_first_day: date | None = None
    opened_at: datetime = Field(sa_type=Instant)
    changed_at: datetime = Field(sa_type=Instant)
    closed_at: datetime | None = Field(default=None, sa_type=Instant)
    version: int = Field(default=1)


class AlertEvent(SQLModel, table=True):
    """One thing that happened to an alert, with what it said then. Append-only."""

    __tablename__ = "alert_event"
    __table_args__ = (word_check("kind", AlertEventKind),)

    id: int | None = Field(default=None, primary_key=True, sa_type=Identifier)
    alert_id: int = Field(foreign_key="alert.id", index=True, sa_type=Identifier)
    at: datetime = Field(sa_type=Instant)
    kind: str
    first_day: date | None = None
    days: int = 0
    need: Decimal | None = Field(default=None, sa_type=Cents)
    account_id: int | None = Field(default=None, foreign_key="account.id", sa_type=Identifier)
    text: str = Field(default="", max_length=1000)


class AlertComment(SQLModel, table=True):
    """What somebody wrote about an alert. Append-only."""

    __tablename__ = "alert_comment"
    __table_args__ = (CheckConstraint("length(text) > 0", name="text_written"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=Identifier)
    alert_id: int = Field(foreign_key="alert.id", index=True, sa_type=Identifier)
    at: datetime = Field(sa_type=Instant)
    account_id: int | None = Field(default=None, foreign_key="account.id", sa_type=Identifier)
    text: str = Field(max_length=2000)
