"""May this person come in?

Hashing takes long and the write lock is everybody's, so it goes by short moments: `candidate` reads, `count_attempt`
counts the attempt as failed before anything is verified (guesses sent all at once would else be answered all together,
each having read that none had failed yet), `is_right` hashes without any lock, then `sign_in` takes the attempt back, or
`note_failure` keeps what happened, in the *traces* session, since the answer to a failure rolls the request back. After so
many failures the account rests for a while, whatever the process that answers. An address that nobody has is counted in
the same way (under a keyed digest), with as many writes, so that neither being locked nor the time of the answer tells who
has an account.

A computer that tries one password on many accounts is stopped by its own network address, whose failures are counted too.
"""

import hashlib
import hmac
import ipaddress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from sqlmodel import Session, col, func, select

from conference.data.tables import Account, LoginSession, Trace
from conference.domain.french import PARIS
from conference.domain.refusal import Refusal
from conference.services.keys import derived_key
from conference.services.passwords import PasswordHash
from conference.services.second_factor import is_due, spend_code
from conference.services.sessions import open_session, revoke_session

WRONG = "Adresse ou mot de passe incorrect."
FAILURE = "login_failed"
ATTEMPT = "login_tried"
"""An attempt at an address that nobody has, counted before anything is verified."""
RESET = "reset_asked"
SIXTY_FOUR = 64
"""Bits of an IPv6 address that name a network: one subscriber has all the others."""
MEMORY = timedelta(days=1)
"""How far back the failures of an unknown address are counted."""


@dataclass(frozen=True)
class Candidate:
    """Who wants to come in: the account of that address, if any, and until when it rests.

    `own_lock`: the rest that this very attempt begins, were it wrong; it does not stop it when it is right.
    """

    email: str
    account_id: int | None
    password_hash: str | None
    locked_until: datetime | None
    own_lock: datetime | None = None


@dataclass(frozen=True)
class Opened:
    """A session just opened: the token for its cookie, and whether a second proof is awaited."""

    token: str
    awaits_totp: bool


@dataclass(frozen=True)
class Limits:
    """How many failures of one account, then how long to wait; how many from one network address in as long a time.

    `instance` holds the key of the digests.
    """

    attempts: int
    lockout: timedelta
    instance: Path
    from_address: int


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


def refuse_if_flooding(session: Session, network: str | None, *, kind: str, limits: Limits, at: datetime) -> None:
    """Raise Refusal when that network address has failed (or asked for resets) too often lately. Reads only."""
    told = network_digest(limits.instance, network)
    query = select(func.count()).where(Trace.kind == kind, Trace.at > at - limits.lockout, Trace.detail == told)
    if session.exec(query.select_from(Trace)).one() >= limits.from_address:
        raise Refusal("Trop d’essais depuis votre réseau. Attendez quelques minutes, puis réessayez.", code="flooding")


def count_attempt(session: Session, found: Candidate, *, limits: Limits, at: datetime) -> Candidate:
    """Count an attempt as failed before it is verified. Raises Refusal when the account, or the address, rests already."""
    if found.account_id is None:
        found = replace(found, locked_until=_unknown_locked_until(session, found.email, limits, at))
        refuse_if_locked(found, at=at)
        session.add(Trace(at=at, kind=ATTEMPT, subject=address_digest(limits.instance, found.email)))
        return found
    account = session.get_one(Account, found.account_id)
    refuse_if_locked(replace(found, locked_until=account.locked_until), at=at)
    account.failed_attempts += 1
    own_lock = at + limits.lockout if account.failed_attempts >= limits.attempts else None
    if own_lock is not None:
        account.failed_attempts, account.locked_until = 0, own_lock
    session.add(account)
    return replace(found, locked_until=None, own_lock=own_lock)


def give_back(session: Session, found: Candidate, *, limits: Limits) -> None:
    """The attempt counted was right: it was no failure, those before it remain."""
    account = session.get_one(Account, found.account_id)
    if found.own_lock is None:
        account.failed_attempts = max(0, account.failed_attempts - 1)
    elif account.locked_until == found.own_lock:
        account.failed_attempts, account.locked_until = limits.attempts - 1, None
    session.add(account)


def note_failure(session: Session, found: Candidate, network: str | None, *, limits: Limits, at: datetime) -> None:
    """Keep that an attempt, counted already, was wrong, and from what network address (a digest of it)."""
    subject = "" if found.account_id else address_digest(limits.instance, found.email)
    detail = network_digest(limits.instance, network)
    session.add(Trace(at=at, kind=FAILURE, account_id=found.account_id, subject=subject, detail=detail))


def note_reset(session: Session, network: str | None, *, limits: Limits, at: datetime) -> None:
    """Keep that a reset was asked for from that network address, whether an account has the address or not."""
    session.add(Trace(at=at, kind=RESET, detail=network_digest(limits.instance, network)))


def sign_in(
    session: Session,
    found: Candidate,
    *,
    browser: str,
    limits: Limits,
    at: datetime,
    fresh_hash: PasswordHash | None = None,
) -> Opened:
    """Open a session for a candidate whose password was right. Raises Refusal when locked or closed meanwhile."""
    account = session.get(Account, found.account_id)
    if account is None or not account.is_active or account.password_hash != found.password_hash:
        raise Refusal(WRONG, code="wrong")
    _refuse_others_lock(account, found, at)
    if fresh_hash is not None:
        account.password_hash = fresh_hash
    awaits = is_due(session, account)
    if awaits:
        give_back(session, found, limits=limits)
    else:
        _come_in(session, account, at)
    token = open_session(session, account, at=at, awaits_totp=awaits, browser=browser)
    return Opened(token, awaits)


def prove(
    session: Session, hashed: str, found: Candidate, *, code: str, instance: Path, browser: str, at: datetime
) -> Opened | None:
    """Give the second proof in the waiting session `hashed`: a new session replaces it. None when the code is wrong.

    `found`: whose session it is, the attempt counted.
    """
    row = session.get_one(LoginSession, hashed)
    account = session.get_one(Account, row.account_id)
    _refuse_others_lock(account, found, at)
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


def network_digest(instance: Path, network: str | None) -> str:
    """What is kept of a network address (the whole network of a subscriber in IPv6): enough to count it, not to read it."""
    try:
        address = ipaddress.ip_address((network or "").partition("%")[0])
        kept = str(ipaddress.ip_network((address, SIXTY_FOUR), strict=False) if address.version == 6 else address)
    except ValueError:
        kept = network or ""
    return hmac.new(derived_key(instance, "networks"), kept.encode(), hashlib.sha256).hexdigest()[:32]


def _refuse_others_lock(account: Account, found: Candidate, at: datetime) -> None:
    """Raise Refusal when the account rests because of others' failures; this attempt's own does not count: it is right."""
    until = account.locked_until
    if until is not None and at < until and until != found.own_lock:
        raise locked(until)


def _come_in(session: Session, account: Account, at: datetime) -> None:
    account.failed_attempts, account.locked_until, account.last_visit_at = 0, None, at
    session.add(account)
    session.add(Trace(at=at, kind="signed_in", account_id=account.id))


def _unknown_locked_until(session: Session, email: str, limits: Limits, at: datetime) -> datetime | None:
    """Until when an address that nobody has would rest, were it somebody's."""
    query = select(Trace.at).where(
        Trace.kind == ATTEMPT, Trace.at > at - MEMORY, Trace.subject == address_digest(limits.instance, email)
    )
    count, until = 0, None
    for failed_at in session.exec(query.order_by(col(Trace.at), col(Trace.id))):
        if until is not None and failed_at < until:
            continue
        count += 1
        if count >= limits.attempts:
            count, until = 0, failed_at + limits.lockout
    return until
