"""`conference generate`: a great many entries, to measure."""

from time import monotonic

import click

from conference.cli.opening import example, json_option, open_instance, print_json
from conference.domain.permissions import CONSOLE
from conference.services.generation import generate


@click.command("generate", epilog=example("conference generate --entries 100000 --seed 1"))
@click.option("--entries", type=click.IntRange(1, 100_000_000), required=True, help="Number of entries, exactly.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same entries.")
@json_option
def generate_command(entries: int, seed: int, as_json: bool) -> None:
    """Fill the instance with plausible entries, over five years to last month.

    Goes through the bulk path of the services, in batches, while the server runs. Never do it on a real conférence:
    nothing is ever deleted.
    """
    began = monotonic()
    with open_instance() as instance:
        for written in generate(instance.database, entries=entries, seed=seed, by=CONSOLE, at=instance.at):
            click.echo(f"{written} of {entries} entries", err=True)
    seconds = monotonic() - began
    if as_json:
        print_json({"entries": entries, "seed": seed, "seconds": round(seconds, 2)})
    else:
        click.echo(f"{entries} entries in {seconds:.1f} s.")
