"""`conference demo`: a conférence to look around in."""

import click

from conference.cli.opening import example, json_option, now, print_json, read_settings
from conference.domain.refusal import Refusal
from conference.services.demo import PASSWORD, DemoAccount, demo_accounts, load_demo
from conference.services.set_up import ready_database
from conference.settings import Settings


@click.command("demo", epilog=example("CONFERENCE_INSTANCE=/tmp/essai conference demo", "conference demo --json"))
@json_option
def demo_command(as_json: bool) -> None:
    """Make the instance and fill it with the demo conférence, relative to today.

    Refused where a conférence stands already. Prints the demo accounts, one per role.
    """
    loaded, accounts = fill(read_settings())
    if not loaded:
        raise Refusal("Cette instance a déjà une conférence. Choisissez un autre dossier avec CONFERENCE_INSTANCE.")
    if as_json:
        told = [{"email": a.email, "role": a.role.value, "organisation": a.organisation} for a in accounts]
        print_json({"accounts": told, "password": PASSWORD})
    else:
        click.echo("\n".join(told_accounts(accounts)))


def fill(settings: Settings) -> tuple[bool, tuple[DemoAccount, ...]]:
    """Load the demo unless there is a conférence; whether it was loaded, and its accounts (none in a real one)."""
    with ready_database(settings) as (database, _):
        with database.writing() as session:
            loaded = load_demo(session, instance=settings.instance, address=settings.public_url, at=now())
        with database.reading() as session:
            return loaded, demo_accounts(session)


def told_accounts(accounts: tuple[DemoAccount, ...]) -> list[str]:
    """Lines that present the accounts."""
    lines = [f"Demo accounts (password of each: {PASSWORD})"]
    width = max((len(account.email) for account in accounts), default=0)
    return lines + [f"  {a.email.ljust(width)}  {a.role.value:<11}  {a.organisation}, {a.name}" for a in accounts]
