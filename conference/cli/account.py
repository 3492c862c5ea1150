"""`conference account`: who may sign in, from the machine itself."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import click

from conference.cli.opening import Instance, example, json_option, open_instance, print_json
from conference.data.queries.accounts import ShownAccount, shown_accounts
from conference.data.queries.organisations import shown_organisations
from conference.data.queries.profile import shown_profile
from conference.domain.permissions import CONSOLE
from conference.domain.refusal import Refusal
from conference.services.accounts import (
    ROLES,
    add_account,
    checked_email,
    deactivate_account,
    reactivate_account,
    unlock_account,
)
from conference.services.first_steps import make_secretariat
from conference.services.links import SentLink, invite, request_reset
from conference.services.mails import link_address, link_mail, send
from conference.services.passwords import hash_password
from conference.services.second_factor import reset_second_factor

SECRETARIAT = "secretariat"


@click.group(
    "account",
    epilog=example(
        "conference account add jeanne@region.example --name 'Jeanne Morel' --role officer --organisation region",
        "conference account list --json",
    ),
)
def account_command() -> None:
    """Accounts: add, list, reset a password or a second factor, unlock, close, open again."""


@account_command.command(
    "add",
    epilog=example(
        "conference account add jeanne@region.example --name 'Jeanne Morel' --role officer --organisation region",
        "conference account add a@b.example --name 'A. B.' --role admin --password-stdin < secret",
    ),
)
@click.argument("email")
@click.option("--name", required=True, help="First name and name.")
@click.option("--role", type=click.Choice(ROLES), required=True, help="What the person may do.")
@click.option(
    "--organisation",
    "code",
    default=SECRETARIAT,
    show_default=True,
    help="Code of its organisation; the secretariat is made with its first account.",
)
@click.option("--password-stdin", is_flag=True, help="Read the password on stdin instead of sending an invitation.")
@json_option
def add(email: str, name: str, role: str, code: str, password_stdin: bool, as_json: bool) -> None:
    """Add an account and send its invitation, whose link is printed too."""
    typed = sys.stdin.readline().rstrip("\r\n") if password_stdin else None
    hashed = hash_password(typed, email=checked_email(email), name=name) if typed is not None else None
    with open_instance() as instance:
        link = None
        with instance.database.writing() as session:
            made = add_account(
                session,
                email=email,
                name=name,
                role=role,
                organisation_id=_organisation(session, code, instance.at),
                by=CONSOLE,
                at=instance.at,
                password=hashed,
            )
            if hashed is None:
                link = invite(session, made.id or 0, by=CONSOLE, at=instance.at)
        _tell_link(instance, checked_email(email), link, as_json)


@account_command.command("list", epilog=example("conference account list", "conference account list --json"))
@json_option
def list_(as_json: bool) -> None:
    """List the accounts."""
    with open_instance() as instance, instance.database.reading() as session:
        rows = shown_accounts(session, CONSOLE, count=100_000).rows
    if as_json:
        print_json([_told(row) for row in rows])
        return
    for row in rows:
        told = _told(row)
        click.echo(f"{row.email:<40} {row.role:<12} {told['state']:<9} {row.organisation}, {row.name}")


@account_command.command("reset-password", epilog=example("conference account reset-password jeanne@region.example"))
@click.argument("email")
@json_option
def reset_password(email: str, as_json: bool) -> None:
    """Send a link by which the person chooses a new password, and print it."""
    with open_instance() as instance:
        with instance.database.writing() as session:
            _account(session, email)
            link = request_reset(session, email, at=instance.at)
        if link is None:
            raise Refusal(
                "Un lien vient d’être envoyé, ou ce compte est fermé. Attendez deux minutes, puis recommencez."
            )
        _tell_link(instance, link.email, link, as_json)


@account_command.command("reset-second-factor", epilog=example("conference account reset-second-factor a@b.example"))
@click.argument("email")
def reset_factor(email: str) -> None:
    """Forget the second factor of a lost telephone; the person enrols another at the next sign-in."""
    with _changing(email) as (instance, session, account):
        reset_second_factor(session, account.id, by=CONSOLE, at=instance.at)


@account_command.command("unlock", epilog=example("conference account unlock jeanne@region.example"))
@click.argument("email")
def unlock(email: str) -> None:
    """Let a person locked out try again at once."""
    with _changing(email) as (instance, session, account):
        unlock_account(session, account.id, by=CONSOLE, at=instance.at)


@account_command.command("close", epilog=example("conference account close jeanne@region.example"))
@click.argument("email")
def close(email: str) -> None:
    """Close an account: its sessions end at once."""
    with _changing(email) as (instance, session, account):
        deactivate_account(session, account.id, by=CONSOLE, at=instance.at)


@account_command.command("open", epilog=example("conference account open jeanne@region.example"))
@click.argument("email")
def open_(email: str) -> None:
    """Open a closed account again, with the password it had."""
    with _changing(email) as (instance, session, account):
        reactivate_account(session, account.id, by=CONSOLE, at=instance.at)


@contextmanager
def _changing(email: str) -> Iterator[tuple[Instance, Any, ShownAccount]]:
    with open_instance() as instance, instance.database.writing() as session:
        yield instance, session, _account(session, email)
    click.echo("Done.")


def _account(session: Any, email: str) -> ShownAccount:
    wanted = checked_email(email)
    rows = shown_accounts(session, CONSOLE, count=100_000).rows
    found = next((row for row in rows if row.email == wanted), None)
    if found is None:
        raise Refusal(f"Aucun compte n’a l’adresse « {wanted} ».", field="email", code="unknown_account")
    return found


def _organisation(session: Any, code: str, at: datetime) -> int:
    """The organisation of that code; the secretariat is made with its first account, so that an instance can begin."""
    found = next((row.id for row in shown_organisations(session, CONSOLE) if row.code == code), None)
    if found is None and code == SECRETARIAT:
        return make_secretariat(session, code=code, name="Secrétariat de la conférence", at=at)
    if found is None:
        raise Refusal(f"Aucun organisme n’a le code « {code} ».", field="organisation", code="unknown_organisation")
    return found


def _tell_link(instance: Instance, email: str, link: SentLink | None, as_json: bool) -> None:
    address = None
    if link is not None:
        address = link_address(instance.settings, link.token)
        with instance.database.reading() as session:
            name = shown_profile(session).name
        message = link_mail(link, settings=instance.settings, conference_name=name)
        if not send(message, settings=instance.settings, at=instance.at):
            click.echo("The mail could not be sent: hand the link over yourself.", err=True)
    if as_json:
        print_json({"email": email, "link": address})
    else:
        click.echo(f"{email}: {address or 'ready to sign in'}")


def _told(row: ShownAccount) -> dict[str, Any]:
    state = "closed" if not row.is_active else "invited" if row.invited else "active"
    return {"email": row.email, "name": row.name, "role": row.role, "organisation": row.organisation, "state": state}
