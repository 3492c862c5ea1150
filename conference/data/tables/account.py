"""Accounts, their sessions, the links sent by mail, and the traces that are kept whatever happens."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from conference.data.types import Identifier, Instant


class Account(SQLModel, table=True):
    """A person of one organisation, with one role. The TOTP secret is encrypted with the instance's key."""

    __table_args__ = (
        UniqueConstraint("email"),
        CheckConstraint("role IN ('officer', 'signatory', 'coordinator', 'reader', 'admin')", name="role_known"),
        CheckConstraint("email = lower(email)", name="email_lower_case"),
        CheckConstraint("failed_attempts >= 0", name="attempts_not_negative"),
        CheckConstraint("digest IN ('never', 'daily', 'weekly')", name="digest_known"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Identifier)
    email: str = Field(max_length=254)
    name: str = Field(max_length=200)
    organisation_id: int = Field(foreign_key="organisation.id", index=True, sa_type=Identifier)
    role: str
    password_hash: str | None = None
    totp_secret: str | None = None
    totp_enabled: bool = False
    totp_last_step: int | None = None
    is_active: bool = True
    failed_attempts: int = 0
    locked_until: datetime | None = Field(default=None, sa_type=Instant)
    delegate_id: int | None = Field(default=None, foreign_key="account.id", sa_type=Identifier)
    digest: str = "weekly"
    last_visit_at: datetime | None = Field(default=None, sa_type=Instant)
    created_at: datetime = Field(sa_type=Instant)
    version: int = Field(default=1)


class LoginSession(SQLModel, table=True):
    """One signed-in browser; only the SHA-256 of its token is kept."""

    __tablename__ = "login_session"

    token_hash: str = Field(primary_key=True, max_length=64)
    account_id: int = Field(foreign_key="account.id", index=True, sa_type=Identifier)
    created_at: datetime = Field(sa_type=Instant)
    seen_at: datetime = Field(sa_type=Instant)
    revoked_at: datetime | None = Field(default=None, sa_type=Instant)
    awaits_totp: bool = False
    browser: str = Field(default="", max_length=200)


class AccountLink(SQLModel, table=True):
    """An invitation or a reset link sent by mail, usable once; only the SHA-256 of its token is kept."""

    __tablename__ = "account_link"
    __table_args__ = (CheckConstraint("purpose IN ('invitation', 'reset')", name="purpose_known"),)

    token_hash: str = Field(primary_key=True, max_length=64)
    account_id: int = Field(foreign_key="account.id", index=True, sa_type=Identifier)
    purpose: str
    created_at: datetime = Field(sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant)
    used_at: datetime | None = Field(default=None, sa_type=Instant)


class Trace(SQLModel, table=True):
    """What is kept even when the request fails: failed logins, nominative readings. Append-only."""

    __table_args__ = (Index("ix_trace_kind_at", "kind", "at"), Index("ix_trace_subject", "subject", "kind"))

    id: int | None = Field(default=None, primary_key=True, sa_type=Identifier)
    at: datetime = Field(sa_type=Instant)
    kind: str = Field(max_length=40)
    account_id: int | None = Field(default=None, foreign_key="account.id", sa_type=Identifier)
    subject: str = Field(default="", max_length=300)
    detail: str = Field(default="", max_length=500)
    person_count: int | None = None
