"""How does a person prove a second time who they are?

TOTP (RFC 6238): six figures every thirty seconds from a secret shared with a telephone. The secret that is proposed at
enrolment is derived from the instance's key, the account, its version and the session, so that nothing is written until
a first code proves that the telephone has it; once accepted it is stored encrypted, and never shown again. A code is good
for its own step, the one before and the one after (clocks differ), and once only: an earlier or equal step is refused.
"""

import base64
import hashlib
import hmac
import re
from datetime import datetime
from pathlib import Path

import pyotp
from sqlmodel import Session

from conference.data.journal import write_journal
from conference.data.tables import Account, ConferenceProfile
from conference.domain.permissions import Actor, Relation, Role, require
from conference.domain.refusal import NotFound, Refusal
from conference.services.keys import cipher, derived_key
from conference.services.sessions import revoke_all_sessions

ROLES = frozenset({Role.SIGNATORY.value, Role.COORDINATOR.value, Role.ADMIN.value})
"""Roles that may not go without (SEMANTICS §5)."""

WRONG_CODE = "Ce code n’est pas le bon, ou il a déjà servi. Attendez le suivant, puis recommencez."
STEP_SECONDS = 30


def is_due(session: Session, account: Account) -> bool:
    """Must this account prove itself a second time at sign-in? Never in the demo."""
    profile = session.get(ConferenceProfile, 1)
    if profile is not None and profile.is_demo:
        return False
    return account.totp_enabled or account.role in ROLES


def proposed_secret(instance: Path, *, account_id: int, version: int, token_hash: str) -> str:
    """The base-32 secret (160 bits) proposed to this account in this session: the same one until the account changes."""
    key, told = derived_key(instance, "totp proposal"), f"{account_id}:{version}:{token_hash}"
    return base64.b32encode(hmac.new(key, told.encode(), hashlib.sha256).digest()[:20]).decode()


def provisioning_address(secret: str, *, email: str, conference_name: str) -> str:
    """The `otpauth://` address that the telephone reads as a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=conference_name.replace(":", " "))


def enrol_second_factor(
    session: Session, account_id: int, *, secret: str, code: str, instance: Path, by: Actor, at: datetime
) -> None:
    """Take `secret` as this account's second factor. Raises Refusal (field `code`) unless `code` comes from it."""
    account = _own(session, account_id, by)
    step = matching_step(secret, code, at)
    if step is None:
        raise Refusal(WRONG_CODE, field="code", code="totp")
    account.totp_secret = cipher(instance, "totp").encrypt(secret.encode()).decode()
    account.totp_enabled, account.totp_last_step = True, step
    account.version += 1
    session.add(account)
    _journal(session, account, "enrol_second_factor", by, at)


def spend_code(session: Session, account: Account, *, code: str, instance: Path, at: datetime) -> bool:
    """Is `code` this account's, not used before? When it is, it cannot be used again."""
    if not account.totp_enabled or account.totp_secret is None:
        return False
    secret = cipher(instance, "totp").decrypt(account.totp_secret.encode()).decode()
    step = matching_step(secret, code, at)
    if step is None or (account.totp_last_step is not None and step <= account.totp_last_step):
        return False
    account.totp_last_step = step
    session.add(account)
    return True


def drop_second_factor(session: Session, account_id: int, *, by: Actor, at: datetime) -> None:
    """Do without. Raises Refusal for a role that may not."""
    account = _own(session, account_id, by)
    if account.role in ROLES:
        raise Refusal("Votre rôle demande un second facteur.", code="totp_required")
    _clear(session, account)
    _journal(session, account, "drop_second_factor", by, at)


def reset_second_factor(session: Session, account_id: int, *, by: Actor, at: datetime) -> None:
    """Forget a lost telephone: the person is signed out everywhere, and enrols another at the next sign-in."""
    require(by, "account.manage", Relation.OTHER)
    account = session.get(Account, account_id)
    if account is None:
        raise NotFound()
    _clear(session, account)
    revoke_all_sessions(session, account_id, at=at)
    _journal(session, account, "reset_second_factor", by, at)


def matching_step(secret: str, code: str, at: datetime) -> int | None:
    """Number of the thirty-second step whose code this is, one step of tolerance each way; None when it is none."""
    digits = re.sub(r"[\s\u00a0\u202f]", "", code)
    if not re.fullmatch(r"[0-9]{6}", digits):
        return None
    totp, now = pyotp.TOTP(secret), int(at.timestamp()) // STEP_SECONDS
    steps = (now, now - 1, now + 1)
    return next((step for step in steps if hmac.compare_digest(totp.generate_otp(step), digits)), None)


def _own(session: Session, account_id: int, by: Actor) -> Account:
    account = session.get(Account, account_id)
    if account is None or by.account_id != account_id:
        raise NotFound()
    return account


def _clear(session: Session, account: Account) -> None:
    account.totp_secret, account.totp_enabled, account.totp_last_step = None, False, None
    account.version += 1
    session.add(account)


def _journal(session: Session, account: Account, verb: str, by: Actor, at: datetime) -> None:
    write_journal(
        session, by=by, at=at, verb=verb, object_kind="account", object_id=account.id, changes={"totp": "modifié"}
    )
