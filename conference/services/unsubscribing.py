"""How does a person choose how often the digest comes, and stop it from the mail itself?

On the page *Mon compte*, or by the link that each digest carries: an account number and its HMAC under the instance's key,
which opens nothing but this one choice, needs no sign-in and does not expire (a mail is found again years later). Mail
programs use it too, in one click (RFC 8058).
"""

import hashlib
import hmac
from datetime import datetime

from sqlmodel import Session

from conference.data.journal import write_journal
from conference.data.tables import Account
from conference.domain.permissions import Actor
from conference.domain.refusal import NotFound, Refusal
from conference.services.accounts import own_account
from conference.services.keys import derived_key
from conference.services.sessions import actor_of
from conference.settings import Settings

DIGEST = "digest"
"""Kind of the messages that one may unsubscribe from; the others are part of one's work."""
NEVER = "never"
FREQUENCIES = ("daily", "weekly", NEVER)


def set_digest(session: Session, *, digest: str, by: Actor, at: datetime) -> Account:
    """Choose how often one's own digest comes. Raises Refusal for what is not in FREQUENCIES."""
    if digest not in FREQUENCIES:
        raise Refusal("Choisissez une fréquence de la liste.", field="digest", code="digest_known")
    account = own_account(session, by)
    if account.digest != digest:
        _set(session, account, digest, by, at)
    return account


def unsubscribe_token(settings: Settings, account_id: int) -> str:
    """What proves that its bearer received a digest of that account."""
    key = derived_key(settings.instance, "unsubscribe")
    return f"{account_id}.{hmac.new(key, str(account_id).encode(), hashlib.sha256).hexdigest()[:40]}"


def unsubscribe_address(settings: Settings, account_id: int) -> str:
    """Where the link of a digest leads."""
    return f"{settings.public_url.rstrip('/')}/desabonnement/{unsubscribe_token(settings, account_id)}"


def unsubscribe_headers(settings: Settings, account_id: int) -> dict[str, str]:
    """The headers by which a mail program unsubscribes in one click (RFC 8058)."""
    return {
        "List-Unsubscribe": f"<{unsubscribe_address(settings, account_id)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def token_holder(session: Session, token: str, *, settings: Settings) -> Account:
    """The account that a link is for. Raises NotFound when the token is not one of ours."""
    number, _, _ = token.partition(".")
    if not (number.isascii() and number.isdecimal() and len(number) < 19):
        raise NotFound()
    if not hmac.compare_digest(unsubscribe_token(settings, int(number)).encode(), token.encode()):
        raise NotFound()
    account = session.get(Account, int(number))
    if account is None:
        raise NotFound()
    return account


def unsubscribe(session: Session, token: str, *, settings: Settings, at: datetime) -> Account:
    """Stop the digest of the link's account; nothing changes the second time. Raises NotFound."""
    account = token_holder(session, token, settings=settings)
    if account.digest != NEVER:
        _set(session, account, NEVER, actor_of(session, account), at)
    return account


def _set(session: Session, account: Account, digest: str, by: Actor, at: datetime) -> None:
    told = {"digest": [account.digest, digest]}
    account.digest, account.version = digest, account.version + 1
    session.add(account)
    session.flush()
    write_journal(session, by=by, at=at, verb="set_digest", object_kind="account", object_id=account.id, changes=told)
