"""Who may have an account, and what may be changed in it?

An account is invited (it has no password until its person chooses one), edited, closed and opened again; it is never
deleted, because the journal names it. Its address is who it is and does not change: another address is another account.
Closing one, or changing its role or its organisation, ends its sessions at once. The last administrator cannot be lost.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, func, select, update

from conference.data.journal import write_journal
from conference.data.tables import Account, AccountLink, Organisation
from conference.domain.permissions import Actor, Relation, Role, require
from conference.domain.refusal import Conflict, NotFound, Refusal
from conference.services.passwords import PasswordHash
from conference.services.sessions import revoke_all_sessions
from conference.services.sign_in import clean_email

ROLES = tuple(role.value for role in Role if role is not Role.CONSOLE)
FUNDER_ROLES = frozenset({Role.OFFICER.value, Role.SIGNATORY.value})
_EMAIL = re.compile(r"[^@\s<>\"',;:\\()\[\]]+@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}")


def add_account(
    session: Session,
    *,
    email: str,
    name: str,
    organisation_id: int,
    role: str,
    by: Actor,
    at: datetime,
    password: PasswordHash | None = None,
) -> Account:
    """Create an account; without `password` it waits for its invitation. Raises Refusal on what cannot be."""
    require(by, "account.manage", Relation.OTHER)
    account = Account(
        email=checked_email(email),
        name=_checked_name(name),
        organisation_id=organisation_id,
        role=_checked_role(session, role, organisation_id),
        password_hash=password,
        created_at=at,
    )
    if session.exec(select(Account.id).where(Account.email == account.email)).first() is not None:
        raise Refusal("Un compte existe déjà avec cette adresse.", field="email", code="account_email")
    session.add(account)
    session.flush()
    _journal(session, account, "add_account", {"role": role, "organisation_id": organisation_id}, by, at)
    return account


def edit_account(
    session: Session,
    account_id: int,
    *,
    name: str,
    role: str,
    organisation_id: int,
    version: int,
    by: Actor,
    at: datetime,
) -> Account:
    """Change name, role or organisation. Raises Conflict when somebody else changed the account since `version`."""
    account = _managed(session, account_id, by)
    if account.version != version:
        raise Conflict("Ce compte a été modifié par quelqu’un d’autre. Relisez-le, puis recommencez.")
    if role != Role.ADMIN.value:
        _keep_an_administrator(session, account, field="role")
    told: dict[str, Any] = {} if account.name == _checked_name(name) else {"name": "modifié"}
    for column, value in (("role", role), ("organisation_id", organisation_id)):
        if getattr(account, column) != value:
            told[column] = [getattr(account, column), value]
    account.name, account.role = _checked_name(name), _checked_role(session, role, organisation_id)
    if "organisation_id" in told:
        account.organisation_id, account.delegate_id = organisation_id, None
        _forget_delegations_to(session, account_id)
    if "role" in told or "organisation_id" in told:
        revoke_all_sessions(session, account_id, at=at)
    return _changed(session, account, "edit_account", told, by, at)


def deactivate_account(session: Session, account_id: int, *, by: Actor, at: datetime) -> Account:
    """Close an account: its sessions end, its links fall. Raises Refusal: oneself, last administrator."""
    account = _managed(session, account_id, by)
    if account.id == by.account_id:
        raise Refusal("Vous ne pouvez pas désactiver votre propre compte.", code="own_account")
    _keep_an_administrator(session, account)
    account.is_active, account.delegate_id = False, None
    _forget_delegations_to(session, account_id)
    revoke_all_sessions(session, account_id, at=at)
    revoke_links(session, account_id, at=at)
    return _changed(session, account, "deactivate_account", {"is_active": [True, False]}, by, at)


def reactivate_account(session: Session, account_id: int, *, by: Actor, at: datetime) -> Account:
    """Open an account again, with the password it had."""
    account = _managed(session, account_id, by)
    account.is_active = True
    return _changed(session, account, "reactivate_account", {"is_active": [False, True]}, by, at)


def unlock_account(session: Session, account_id: int, *, by: Actor, at: datetime) -> Account:
    """Let a person try again before the end of its wait."""
    account = _managed(session, account_id, by)
    account.failed_attempts, account.locked_until = 0, None
    return _changed(session, account, "unlock_account", {}, by, at)


def rename_self(session: Session, *, name: str, by: Actor, at: datetime) -> Account:
    """Change one's own name."""
    account = own_account(session, by)
    account.name = _checked_name(name)
    return _changed(session, account, "rename_self", {"name": "modifié"}, by, at)


def set_delegate(session: Session, *, delegate_id: int | None, by: Actor, at: datetime) -> Account:
    """Name a colleague for an absence, or nobody. Raises Refusal unless active and of the same organisation."""
    account = own_account(session, by)
    if delegate_id is not None:
        delegate = session.get(Account, delegate_id)
        same = delegate is not None and delegate.organisation_id == account.organisation_id
        if delegate is None or not same or not delegate.is_active or delegate.role == Role.READER.value:
            raise Refusal("Choisissez un collègue de votre organisme.", field="delegate_id", code="delegate")
        if delegate_id == account.id:
            raise Refusal("Choisissez quelqu’un d’autre que vous-même.", field="delegate_id", code="delegate")
    told = {"delegate_id": [account.delegate_id, delegate_id]}
    account.delegate_id = delegate_id
    return _changed(session, account, "set_delegate", told, by, at)


def change_password(
    session: Session,
    *,
    fresh: PasswordHash,
    proven: str | None,
    by: Actor,
    at: datetime,
    kept_session: str | None = None,
) -> Account:
    """Change one's own password. `proven` is the stored hash that the old one was verified against, before the lock.

    Every other session ends, `kept_session` (its hash) stays; links waiting in mailboxes are void.
    """
    account = own_account(session, by)
    if account.password_hash != proven:
        raise Conflict("Votre mot de passe a changé entre-temps. Recommencez.")
    account.password_hash = fresh
    revoke_all_sessions(session, account.id or 0, at=at, but=kept_session)
    revoke_links(session, account.id or 0, at=at)
    return _changed(session, account, "change_password", {"password": "modifié"}, by, at)


def own_account(session: Session, by: Actor) -> Account:
    """The account of the actor. Raises NotFound for the command line, which has none."""
    account = session.get(Account, by.account_id) if by.account_id is not None else None
    if account is None:
        raise NotFound()
    return account


def revoke_links(session: Session, account_id: int, *, at: datetime) -> None:
    """Make every link still in a mailbox useless."""
    waiting = update(AccountLink).where(col(AccountLink.account_id) == account_id, col(AccountLink.used_at).is_(None))
    session.exec(waiting.values(used_at=at))


def checked_email(text: str) -> str:
    """The address in lower case. Raises Refusal (field `email`) when it cannot be one."""
    email = clean_email(text)
    if len(email) > 254 or not _EMAIL.fullmatch(email):
        raise Refusal("Cette adresse n’est pas lisible. Écrivez par exemple prenom.nom@region.fr.", field="email")
    return email


def _checked_name(text: str) -> str:
    name = " ".join(text.split())
    if not name or len(name) > 200:
        raise Refusal("Indiquez le nom de la personne, en 200 caractères au plus.", field="name", code="name")
    return name


def _checked_role(session: Session, role: str, organisation_id: int) -> str:
    if role not in ROLES:
        raise Refusal("Choisissez un rôle de la liste.", field="role", code="account_role_known")
    organisation = session.get(Organisation, organisation_id)
    if organisation is None:
        raise Refusal("Choisissez un organisme de la liste.", field="organisation_id", code="organisation")
    if role in FUNDER_ROLES and not organisation.is_funder:
        raise Refusal(
            "Ce rôle est celui d’un financeur, et cet organisme n’en est pas un. Changez l’un des deux.",
            field="role",
            code="role_of_a_funder",
        )
    return role


def _managed(session: Session, account_id: int, by: Actor) -> Account:
    require(by, "account.manage", Relation.OTHER)
    account = session.get(Account, account_id)
    if account is None:
        raise NotFound()
    return account


def _keep_an_administrator(session: Session, account: Account, field: str | None = None) -> None:
    if account.role != Role.ADMIN.value or not account.is_active:
        return
    others = select(func.count()).where(
        Account.role == Role.ADMIN.value, col(Account.is_active), Account.id != account.id
    )
    if session.exec(others.select_from(Account)).one() == 0:
        sentence = (
            "C’est le dernier administrateur : la conférence ne peut pas rester sans personne pour l’administrer."
        )
        raise Refusal(sentence, field=field, code="last_administrator")


def _forget_delegations_to(session: Session, account_id: int) -> None:
    session.exec(update(Account).where(col(Account.delegate_id) == account_id).values(delegate_id=None))


def _changed(
    session: Session, account: Account, verb: str, told: Mapping[str, Any], by: Actor, at: datetime
) -> Account:
    account.version += 1
    session.add(account)
    session.flush()
    _journal(session, account, verb, told, by, at)
    return account


def _journal(
    session: Session, account: Account, verb: str, changes: Mapping[str, Any], by: Actor, at: datetime
) -> None:
    write_journal(session, by=by, at=at, verb=verb, object_kind="account", object_id=account.id, changes=changes)
