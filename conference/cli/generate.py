"""`conference generate`: a great many entries or parcours, to measure."""

from collections.abc import Callable, Iterator
from time import monotonic

import click

from conference.cli.opening import Instance, example, json_option, open_instance, print_json
from conference.domain.french import day_in_france
from conference.domain.permissions import CONSOLE
from conference.services.detection import detect
from conference.services.generation import generate
from conference.services.parcours_generation import generate_parcours

_EXAMPLES = ("conference generate --entries 100000 --seed 1", "conference generate --parcours 10000")


@click.command("generate", epilog=example(*_EXAMPLES))
@click.option("--entries", type=click.IntRange(1, 100_000_000), help="Number of entries, exactly.")
@click.option("--parcours", type=click.IntRange(1, 10_000_000), help="Number of parcours, exactly.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same ones.")
@json_option
def generate_command(entries: int | None, parcours: int | None, seed: int, as_json: bool) -> None:
    """Fill the instance with plausible entries over five years to last month, or with parcours that begin within nine months
    before or after today, their coverage and their alerts.

    Goes through the bulk path of the services, in batches, while the server runs. Never do it on a real conférence:
    nothing is ever deleted.
    """
    if entries is None and parcours is None:
        raise click.UsageError("say how many: --entries N, --parcours N, or both")
    seconds = {}
    with open_instance() as instance:
        if entries is not None:
            written = generate(instance.database, entries=entries, seed=seed, by=CONSOLE, at=instance.at)
            seconds["entries"] = _timed(lambda: _told(written, entries, "entries"))
        if parcours is not None:
            recorded = generate_parcours(instance.database, parcours=parcours, seed=seed, by=CONSOLE, at=instance.at)
            seconds["parcours"] = _timed(lambda: _told(recorded, parcours, "parcours"))
            click.echo("coverage and alerts", err=True)
            seconds["detection"] = _timed(lambda: _detected(instance))
    if as_json:
        told = {"entries": entries, "parcours": parcours, "seed": seed, "seconds": round(sum(seconds.values()), 2)}
        print_json({key: value for key, value in told.items() if value is not None} | {"seconds_of": seconds})
        return
    for name, count in (("entries", entries), ("parcours", parcours)):
        if count is not None:
            click.echo(f"{count} {name} in {seconds[name]:.1f} s.")
    if parcours is not None:
        click.echo(f"Coverage and alerts in {seconds['detection']:.1f} s.")


def _timed(work: Callable[[], None]) -> float:
    began = monotonic()
    work()
    return round(monotonic() - began, 2)


def _told(batches: Iterator[int], wanted: int, name: str) -> None:
    for written in batches:
        click.echo(f"{written} of {wanted} {name}", err=True)


def _detected(instance: Instance) -> None:
    detect(instance.database, day_in_france(instance.at), instance.at)
