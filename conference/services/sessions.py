"""Who is behind this browser, and until when?

Sessions live in the database, so that they can be revoked: the cookie holds a random token, the database its SHA-256.
A session ends when idle too long, at an absolute limit, when revoked, or when its account is closed.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select, update

from conference.data.tables import Account, LoginSession, Organisation
from conference.domain.permissions import Actor, Role

TOUCH_EVERY = timedelta(minutes=1)
"""A session's last visit is written at most this often."""


@dataclass(frozen=True)
class SignedIn:
    """A live session: who it is, whether its second factor is still awaited, whether its last visit is to be written."""

    actor: Actor
    token_hash: str
    awaits_totp: bool
    touch_due: bool


def token_hash(token: str) -> str:
    """What the database keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def open_session(session: Session, account: Account, *, at: datetime, awaits_totp: bool, browser: str) -> str:
    """Open a session for `account`; the token for its cookie."""
    assert account.id is not None
    token = secrets.token_urlsafe(32)
    session.add(
        LoginSession(
            token_hash=token_hash(token),
            account_id=account.id,
            created_at=at,
            seen_at=at,
            awaits_totp=awaits_totp,
            browser=browser[:200],
        )
    )
    return token


def signed_in(session: Session, token: str, *, at: datetime, idle: timedelta, absolute: timedelta) -> SignedIn | None:
    """The live session behind `token`, or None. Reads only."""
    row = session.get(LoginSession, token_hash(token))
    if row is None or row.revoked_at is not None or at - row.seen_at > idle or at - row.created_at > absolute:
        return None
    account = session.get(Account, row.account_id)
    if account is None or not account.is_active:
        return None
    return SignedIn(actor_of(session, account), row.token_hash, row.awaits_totp, at - row.seen_at > TOUCH_EVERY)


def actor_of(session: Session, account: Account) -> Actor:
    """The actor that an account is."""
    organisation = session.get_one(Organisation, account.organisation_id)
    return Actor(account.id, account.name, Role(account.role), account.organisation_id, organisation.short_name)


def touch_session(session: Session, hashed: str, *, at: datetime) -> None:
    """Note that the session was seen."""
    row = session.get(LoginSession, hashed)
    if row is not None:
        row.seen_at = at
        session.add(row)


def revoke_session(session: Session, hashed: str, *, at: datetime) -> None:
    """End one session."""
    row = session.get(LoginSession, hashed)
    if row is not None and row.revoked_at is None:
        row.revoked_at = at
        session.add(row)


def revoke_all_sessions(session: Session, account_id: int, *, at: datetime, but: str | None = None) -> int:
    """End every live session of an account, except the one whose hash is `but`; how many were ended."""
    query = update(LoginSession).where(
        col(LoginSession.account_id) == account_id,
        col(LoginSession.revoked_at).is_(None),
        col(LoginSession.token_hash) != (but or ""),
    )
    return int(session.exec(query.values(revoked_at=at)).rowcount)


def live_sessions(session: Session, account_id: int) -> list[LoginSession]:
    """Sessions of an account that were not revoked, latest first."""
    query = select(LoginSession).where(LoginSession.account_id == account_id, col(LoginSession.revoked_at).is_(None))
    return list(session.exec(query.order_by(col(LoginSession.seen_at).desc(), col(LoginSession.token_hash))))
