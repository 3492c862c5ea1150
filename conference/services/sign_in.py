"""May this person come in?

In four moments, because hashing takes long and the write lock is everybody's: `candidate` reads, `is_right` hashes
without any lock, then `sign_in` writes, or `note_failure` does, in the *traces* session, since the answer to a failure
rolls the request back. Failures are counted in the database: after so many the account rests for a while, whatever the
process that answers. An address that nobody has is counted in the same way (under a keyed digest), so that being locked
tells nothing of who has an account.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlmodel import Session, col, select

from conference.data.tables import Account, LoginSession, Trace
from conference.domain.french import PARIS
from conference.domain.refusal import Refusal
from conference.services.keys import derived_key
from conference.services.passwords import PasswordHash
from conference.services.second_factor import is_due, spend_code
from conference.services.sessions import open_session, revoke_session

WRONG = "Adresse ou mot de passe incorrect."
FAILURE = "login_failed"
MEMORY = timedelta(days=1)
"""How far back the failures of an unknown address are counted."""


@dataclass(frozen=True)
class Candidate:
    """Who wants to come in: the account of that address, if any, and until when it rests."""

    email: str
    account_id: int | None
    password_hash: str | None
    locked_until: datetime | None


@dataclass(frozen=True)
class Opened:
    """A session just opened: the token for its cookie, and whether a second proof is awaited."""

    token: str
    awaits_totp: bool


@dataclass(frozen=True)
class Limits:
    """How many failures, and then how long to wait; `instance` holds the key of the digests."""

    attempts: int
    lockout: timedelta
    instance: Path


def clean_email(text: str) -> str:
    """An address as it is kept: lower case, no spaces around it."""
    return text.strip().lower()


def candidate(session: Session, email: str, *, limits: Limits, at: datetime) -> Candidate:
    """Find who `email` is. Reads only. An account that is closed is treated as an unknown address."""
    email = clean_email(email)
    account = session.exec(select(Account).where(Account.email == email, col(Account.is_active))).first()
    if account is None:
        return Candidate(email, None, None, _unknown_locked_until(session, email, limits, at))
    return Candidate(email, account.id, account.password_hash, account.locked_until)


def refuse_if_locked(found: Candidate, *, at: datetime) -> None:
    """Raise Refusal saying until when, while the account rests."""
    if found.locked_until is not None and at < found.locked_until:
        raise locked(found.locked_until)


def locked(until: datetime) -> Refusal:
    """The refusal that says until when an account rests."""
    hour = f"{until.astimezone(PARIS):%H:%M}"
    return Refusal(f"Trop d’essais : la connexion est suspendue jusqu’à {hour}. Réessayez ensuite.", code="locked")


def note_failure(session: Session, found: Candidate, *, limits: Limits, at: datetime) -> None:
    """Count one failure, and let the account rest when there are too many."""
    subject = "" if found.account_id else address_digest(limits.instance, found.email)
    session.add(Trace(at=at, kind=FAILURE, account_id=found.account_id, subject=subject))
    account = session.get(Account, found.account_id) if found.account_id else None
    if account is None or (account.locked_until is not None and at < account.locked_until):
        return
    account.failed_attempts += 1
    if account.failed_attempts >= limits.attempts:
        account.failed_attempts, account.locked_until = 0, at + limits.lockout
    session.add(account)


def sign_in(
    session: Session, found: Candidate, *, browser: str, at: datetime, fresh_hash: PasswordHash | None = None
) -> Opened:
    """Open a session for a candidate whose password was right. Raises Refusal when locked or closed meanwhile."""
    account = session.get(Account, found.account_id)
    if account is None or not account.is_active or account.password_hash != found.password_hash:
        raise Refusal(WRONG, code="wrong")
    if account.locked_until is not None and at < account.locked_until:
        raise locked(account.locked_until)
    if fresh_hash is not None:
        account.password_hash = fresh_hash
    awaits = is_due(session, account)
    if not awaits:
        _come_in(session, account, at)
    token = open_session(session, account, at=at, awaits_totp=awaits, browser=browser)
    return Opened(token, awaits)


def prove(session: Session, hashed: str, *, code: str, instance: Path, browser: str, at: datetime) -> Opened | None:
    """Give the second proof in the waiting session `hashed`: a new session replaces it. None when the code is wrong."""
    row = session.get_one(LoginSession, hashed)
    account = session.get_one(Account, row.account_id)
    if account.locked_until is not None and at < account.locked_until:
        raise locked(account.locked_until)
    if not spend_code(session, account, code=code, instance=instance, at=at):
        return None
    return open_proven(session, hashed, browser=browser, at=at)


def open_proven(session: Session, hashed: str, *, browser: str, at: datetime) -> Opened:
    """Replace the waiting session `hashed`, just proven, by a full one with a token of its own."""
    row = session.get_one(LoginSession, hashed)
    account = session.get_one(Account, row.account_id)
    revoke_session(session, hashed, at=at)
    _come_in(session, account, at)
    return Opened(open_session(session, account, at=at, awaits_totp=False, browser=browser), False)


def address_digest(instance: Path, email: str) -> str:
    """What is kept of an address that nobody has: enough to count it, not to read it."""
    return hmac.new(derived_key(instance, "addresses"), email.encode(), hashlib.sha256).hexdigest()[:32]


def _come_in(session: Session, account: Account, at: datetime) -> None:
    account.failed_attempts, account.locked_until, account.last_visit_at = 0, None, at
    session.add(account)
    session.add(Trace(at=at, kind="signed_in", account_id=account.id))


def _unknown_locked_until(session: Session, email: str, limits: Limits, at: datetime) -> datetime | None:
    """Until when an address that nobody has would rest, were it somebody's."""
    query = select(Trace.at).where(
        Trace.kind == FAILURE, Trace.at > at - MEMORY, Trace.subject == address_digest(limits.instance, email)
    )
    count, until = 0, None
    for failed_at in session.exec(query.order_by(col(Trace.at), col(Trace.id))):
        if until is not None and failed_at < until:
            continue
        count += 1
        if count >= limits.attempts:
            count, until = 0, failed_at + limits.lockout
    return until
