"""How does a person who has no password, or lost it, get to choose one?

By a link in a mail: a random token of which the database keeps the SHA-256 only, good once, seven days for an
invitation and one hour for a reset. A newer link makes the older ones useless. Choosing a password by
a link ends every session.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from conference.data.journal import write_journal
from conference.data.tables import Account, AccountLink, Trace
from conference.domain.permissions import Actor, Relation, require
from conference.domain.refusal import NotFound, Refusal
from conference.services.accounts import revoke_links
from conference.services.passwords import PasswordHash
from conference.services.sessions import actor_of, revoke_all_sessions, token_hash
from conference.services.sign_in import clean_email

LASTS = {"invitation": timedelta(days=7), "reset": timedelta(hours=1)}
NOT_AGAIN_BEFORE = timedelta(minutes=2)
"""A second reset asked for sooner sends nothing: a mailbox cannot be flooded through this page."""

EXPIRED = "Ce lien a déjà servi ou n’est plus valable. Demandez-en un autre."


@dataclass(frozen=True)
class SentLink:
    """What the mail needs: to whom, for what, the token (kept nowhere else), until when."""

    email: str
    name: str
    purpose: str
    token: str
    expires_at: datetime


def invite(session: Session, account_id: int, *, by: Actor, at: datetime) -> SentLink:
    """Make the link by which a person opens its account. Raises Refusal when it has a password already."""
    require(by, "account.manage", Relation.OTHER)
    account = session.get(Account, account_id)
    if account is None:
        raise NotFound()
    if account.password_hash is not None or not account.is_active:
        raise Refusal("Ce compte n’attend pas d’invitation.", code="not_invited")
    write_journal(session, by=by, at=at, verb="invite_account", object_kind="account", object_id=account_id)
    return _make(session, account, "invitation", at)


def request_reset(session: Session, email: str, *, at: datetime) -> SentLink | None:
    """Make the link by which a person chooses a new password; None when nobody is to be written to.

    An account still waiting for its invitation gets that link again: it has no password to reset.
    """
    query = select(Account).where(Account.email == clean_email(email), col(Account.is_active))
    account = session.exec(query).first()
    if account is None or _asked_lately(session, account, at):
        return None
    session.add(Trace(at=at, kind="reset_requested", account_id=account.id))
    return _make(session, account, "invitation" if account.password_hash is None else "reset", at)


def use_link(session: Session, token: str, *, password: PasswordHash, at: datetime) -> Actor:
    """Set the password of the link's account, whoever holds the link. Raises Refusal when it can no longer be used."""
    link = session.get(AccountLink, token_hash(token))
    account = session.get(Account, link.account_id) if link is not None else None
    if link is None or account is None or not account.is_active or link.used_at is not None or link.expires_at < at:
        raise Refusal(EXPIRED, code="link_expired")
    account.password_hash = password
    account.failed_attempts, account.locked_until = 0, None
    account.version += 1
    session.add(account)
    revoke_links(session, link.account_id, at=at)
    revoke_all_sessions(session, link.account_id, at=at)
    by = actor_of(session, account)
    write_journal(
        session,
        by=by,
        at=at,
        verb="use_link",
        object_kind="account",
        object_id=account.id,
        changes={"purpose": link.purpose, "password": "modifié"},
    )
    return by


def _asked_lately(session: Session, account: Account, at: datetime) -> bool:
    query = select(AccountLink.token_hash).where(
        AccountLink.account_id == account.id, AccountLink.created_at > at - NOT_AGAIN_BEFORE
    )
    return session.exec(query).first() is not None


def _make(session: Session, account: Account, purpose: str, at: datetime) -> SentLink:
    assert account.id is not None
    revoke_links(session, account.id, at=at)
    token = secrets.token_urlsafe(32)
    expires_at = at + LASTS[purpose]
    session.add(
        AccountLink(
            token_hash=token_hash(token), account_id=account.id, purpose=purpose, created_at=at, expires_at=expires_at
        )
    )
    return SentLink(account.email, account.name, purpose, token, expires_at)
