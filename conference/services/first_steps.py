"""How does a fresh, empty instance get its name and its first administrator, and from whom?

From whoever holds the set-up code: twelve letters and figures in `setup-code.txt` of the instance folder, printed by
the command that serves. The machine's own address (127.0.0.1) is not believed instead: behind a reverse proxy every
stranger comes from there. Once there is an account the page is gone for good.
"""

import contextlib
import hmac
import os
import secrets
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlmodel import Session, col, select

from conference.data.journal import write_journal
from conference.data.tables import Account, ConferenceProfile, MonthState
from conference.data.tables.organisation import OrganisationKind
from conference.domain.french import day_in_france
from conference.domain.permissions import CONSOLE, Actor, Relation, Role, require
from conference.domain.refusal import Conflict, NotFound, Refusal
from conference.services.accounts import add_account
from conference.services.instance import init_instance
from conference.services.organisations import add_organisation, free_code
from conference.services.passwords import PasswordHash
from conference.settings import Settings

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that are taken for one another."""


def setup_code(instance: Path) -> str:
    """The set-up code of this instance, made at the first need and kept in a file that its owner alone reads."""
    path = instance / "setup-code.txt"
    with contextlib.suppress(FileExistsError):
        draft = instance / f"setup-code.{secrets.token_hex(8)}"
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write("-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(3)) + "\n")
        try:
            os.link(draft, path)  # the first of several processes wins, the others read its code
        finally:
            draft.unlink()
    return path.read_text().strip()


def setup_address(settings: Settings) -> str:
    """The address to open first in an empty instance, its code included."""
    return f"{settings.public_url.rstrip('/')}/premiers-pas?code={setup_code(settings.instance)}"


def needs_first_steps(session: Session) -> bool:
    """Has nobody filled in the first page, and is there no account?"""
    profile = session.get(ConferenceProfile, 1)
    if profile is not None and not profile.needs_setup:
        return False
    return session.exec(select(Account.id).limit(1)).first() is None


def take_first_steps(
    session: Session,
    *,
    code: str,
    name: str,
    region: str,
    first_month: date,
    secretariat: str,
    admin_name: str,
    admin_email: str,
    password: PasswordHash,
    instance: Path,
    at: datetime,
) -> Account:
    """Name the conférence, create its secretariat and its first administrator. Raises NotFound once that is done,
    Refusal on a wrong code or a first month in the future."""
    if not needs_first_steps(session):
        raise NotFound()
    check_setup_code(instance, code)
    init_instance(session, by=CONSOLE, at=at, name=name, region=region, first_month=first_month)
    _name_conference(session, name, region, first_month, at)
    return add_account(
        session,
        email=admin_email,
        name=admin_name,
        organisation_id=make_secretariat(session, code=free_code(session, secretariat), name=secretariat, at=at),
        role=Role.ADMIN.value,
        password=password,
        by=CONSOLE,
        at=at,
    )


def make_secretariat(session: Session, *, code: str, name: str, at: datetime) -> int:
    """Create the organisation of the coordination; its identifier. The first account of an instance needs one."""
    made = add_organisation(session, code=code, name=name, kind=OrganisationKind.COORDINATION, by=CONSOLE, at=at)
    assert made.id is not None
    return made.id


def check_setup_code(instance: Path, code: str) -> None:
    """Raise Refusal (field `code`) unless it is this instance's."""
    if not hmac.compare_digest(code.strip().lower().encode(), setup_code(instance).encode()):
        sentence = "Ce code n’est pas le bon. Il est affiché au démarrage du serveur, et écrit dans setup-code.txt."
        raise Refusal(sentence, field="code", code="setup_code")


def edit_profile(session: Session, *, name: str, region: str, version: int, by: Actor, at: datetime) -> None:
    """Change what the conférence is called. Raises Conflict when somebody else did since `version`."""
    require(by, "setting.manage", Relation.OTHER)
    profile = session.get_one(ConferenceProfile, 1)
    if profile.version != version:
        raise Conflict("Ces réglages ont été modifiés par quelqu’un d’autre. Relisez-les, puis recommencez.")
    if not name.strip():
        raise Refusal("Indiquez le nom de la conférence.", field="name", code="name")
    new = {"name": name.strip(), "region": region.strip()}
    told = {key: [getattr(profile, key), value] for key, value in new.items() if getattr(profile, key) != value}
    profile.name, profile.region = new["name"], new["region"]
    profile.version += 1
    session.add(profile)
    _journal(session, profile, "edit_profile", told, by, at)


def _name_conference(session: Session, name: str, region: str, first_month: date, at: datetime) -> None:
    profile = session.get_one(ConferenceProfile, 1)
    if not name.strip():
        raise Refusal("Indiquez le nom de la conférence.", field="name", code="name")
    if first_month > day_in_france(at):
        raise Refusal("Le premier mois ne peut pas être dans le futur.", field="first_month", code="first_month")
    written = session.exec(select(col(MonthState.month)).limit(1)).first() is not None
    if written and first_month.replace(day=1) != profile.first_month:
        raise Refusal("Des lignes existent déjà : le premier mois ne change plus.", field="first_month", code="written")
    told = {"name": name.strip(), "region": region.strip(), "first_month": first_month}
    profile.name, profile.region, profile.first_month = name.strip(), region.strip(), first_month.replace(day=1)
    profile.needs_setup = False
    profile.version += 1
    session.add(profile)
    session.flush()
    _journal(session, profile, "take_first_steps", told, CONSOLE, at)


def _journal(
    session: Session, profile: ConferenceProfile, verb: str, changes: dict[str, Any], by: Actor, at: datetime
) -> None:
    write_journal(
        session,
        by=by,
        at=at,
        verb=verb,
        object_kind="conference_profile",
        object_id=1,
        object_label=profile.name,
        changes=changes,
    )
