"""`conference seal`: seal the journal's days that are over."""

import click

from conference.cli.opening import example, json_option, open_instance, print_json
from conference.services.outbox import deliver
from conference.services.sealed_days import seal_and_tell


@click.command("seal", epilog=example("conference seal", "conference seal --json"))
@json_option
def seal_command(as_json: bool) -> None:
    """Seal the journal's days that are over with the instance's key, and mail the seals.

    The server does it by itself each night. Keep the seals elsewhere, so that a journal written again is found.
    """
    with open_instance() as instance:
        with instance.database.writing() as session:
            made = seal_and_tell(session, instance.settings, at=instance.at)
        deliver(instance.settings, instance.database, at=instance.at)
    if as_json:
        print_json({"sealed": [{"day": seal.day, "entry": seal.last_id, "seal": seal.seal} for seal in made]})
        return
    for seal in made:
        click.echo(f"{seal.day}: sealed at entry {seal.last_id}, {seal.seal}")
    if not made:
        click.echo("Every day that is over is sealed already.")
