"""Who has an account here, and what is known of it?

Lists of accounts are the administrator's; a person reads its own. The demo alone shows its accounts to everyone, on the
sign-in page: they hold nothing real.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, or_, select
from sqlmodel.sql.expression import Select

from conference.data.tables import Account, AccountLink, ConferenceProfile, LoginSession, Organisation
from conference.domain.permissions import Actor, Relation, Role, require
from conference.domain.refusal import NotFound


@dataclass(frozen=True)
class DemoAccount:
    """One account of the demo, as the sign-in page proposes it."""

    name: str
    email: str
    role: str
    organisation: str


@dataclass(frozen=True)
class ShownAccount:
    """One account. `invited`: it has no password yet. `version` goes back with a change."""

    id: int
    email: str
    name: str
    role: str
    organisation_id: int
    organisation: str
    is_active: bool
    invited: bool
    totp_enabled: bool
    locked_until: datetime | None
    last_visit_at: datetime | None
    delegate_id: int | None
    digest: str
    created_at: datetime
    version: int


@dataclass(frozen=True)
class AccountPage:
    """One page of the list of accounts, and how many there are in all."""

    rows: tuple[ShownAccount, ...]
    total: int


@dataclass(frozen=True)
class OpenSession:
    """A browser in which a person is signed in."""

    token_hash: str
    browser: str
    created_at: datetime
    seen_at: datetime


@dataclass(frozen=True)
class LinkHolder:
    """Whom a link sent by mail is for."""

    account_id: int
    email: str
    name: str
    purpose: str


def has_accounts(session: Session) -> bool:
    """Is there at least one account?"""
    return session.exec(select(Account.id).limit(1)).first() is not None


def demo_accounts(session: Session) -> list[DemoAccount]:
    """The accounts of the demo, by organisation; none outside the demo, whatever asks."""
    profile = session.get(ConferenceProfile, 1)
    if profile is None or not profile.is_demo:
        return []
    query = select(Account.name, Account.email, Account.role, Organisation.short_name).join(
        Organisation, col(Organisation.id) == col(Account.organisation_id)
    )
    rows = session.exec(query.where(col(Account.is_active)).order_by(col(Account.id)))
    return [DemoAccount(*row) for row in rows]


def shown_accounts(
    session: Session,
    reader: Actor,
    *,
    text: str = "",
    role: str = "",
    organisation_id: int | None = None,
    state: str = "",
    first: int = 0,
    count: int = 50,
) -> AccountPage:
    """Accounts by name, filtered. `state`: active, invited (no password yet), inactive, or empty for all."""
    require(reader, "account.manage", Relation.OTHER)
    conditions = _conditions(text, role, organisation_id, state)
    total = session.exec(select(func.count()).select_from(Account).where(*conditions)).one()
    query = _with_organisation().where(*conditions).order_by(func.lower(Account.name), col(Account.id))
    rows = session.exec(query.offset(first).limit(count))
    return AccountPage(tuple(_shown(account, name) for account, name in rows), int(total))


def shown_account(session: Session, reader: Actor, account_id: int) -> ShownAccount:
    """One account: any for the administrator, one's own for others. Raises NotFound."""
    if reader.account_id != account_id:
        require(reader, "account.manage", Relation.OTHER)
    found = session.exec(_with_organisation().where(col(Account.id) == account_id)).first()
    if found is None:
        raise NotFound()
    return _shown(*found)


def open_sessions(
    session: Session, reader: Actor, *, at: datetime, idle: timedelta, absolute: timedelta
) -> list[OpenSession]:
    """The reader's own live sessions, the last used first."""
    query = select(LoginSession).where(
        LoginSession.account_id == reader.account_id,
        col(LoginSession.revoked_at).is_(None),
        LoginSession.seen_at >= at - idle,
        LoginSession.created_at >= at - absolute,
    )
    rows = session.exec(query.order_by(col(LoginSession.seen_at).desc(), col(LoginSession.token_hash)))
    return [OpenSession(row.token_hash, row.browser, row.created_at, row.seen_at) for row in rows]


def possible_delegates(session: Session, reader: Actor) -> list[tuple[int, str]]:
    """Active colleagues of the reader's organisation, who can stand in for it: (identifier, name)."""
    query = select(Account.id, Account.name).where(
        Account.organisation_id == reader.organisation_id,
        col(Account.is_active),
        Account.id != reader.account_id,
        Account.role != Role.READER.value,
    )
    return [(int(i or 0), name) for i, name in session.exec(query.order_by(func.lower(Account.name), col(Account.id)))]


def link_holder(session: Session, token_hash: str, *, at: datetime) -> LinkHolder | None:
    """Whom the link is for, if it can still be used."""
    link = session.get(AccountLink, token_hash)
    if link is None or link.used_at is not None or link.expires_at < at:
        return None
    account = session.get(Account, link.account_id)
    if account is None or not account.is_active:
        return None
    return LinkHolder(account.id or 0, account.email, account.name, link.purpose)


def _with_organisation() -> Select[Account, str]:
    return select(Account, Organisation.short_name).join(
        Organisation, col(Organisation.id) == col(Account.organisation_id)
    )


def _conditions(text: str, role: str, organisation_id: int | None, state: str) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if text:
        sought = f"%{text.lower().replace('%', '').replace('_', '')}%"
        conditions.append(or_(func.lower(Account.name).like(sought), col(Account.email).like(sought)))
    if role:
        conditions.append(col(Account.role) == role)
    if organisation_id is not None:
        conditions.append(col(Account.organisation_id) == organisation_id)
    if state == "inactive":
        conditions.append(col(Account.is_active).is_(False))
    if state in ("active", "invited"):
        conditions.append(col(Account.is_active).is_(True))
        has_none = col(Account.password_hash).is_(None)
        conditions.append(has_none if state == "invited" else ~has_none)
    return conditions


def _shown(account: Account, organisation: str) -> ShownAccount:
    return ShownAccount(
        id=account.id or 0,
        email=account.email,
        name=account.name,
        role=account.role,
        organisation_id=account.organisation_id,
        organisation=organisation,
        is_active=account.is_active,
        invited=account.password_hash is None,
        totp_enabled=account.totp_enabled,
        locked_until=account.locked_until,
        last_visit_at=account.last_visit_at,
        delegate_id=account.delegate_id,
        digest=account.digest,
        created_at=account.created_at,
        version=account.version,
    )
