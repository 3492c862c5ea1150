"""`conference export scdl`: the essential data of the conventions of a year, as the law has them published."""

import click

from conference.cli.opening import example, open_instance
from conference.data.queries.scdl import published
from conference.domain.permissions import CONSOLE
from conference.domain.scdl import csv_text


@click.group("export", epilog=example("conference export scdl --year 2026 > subventions-2026.csv"))
def export_command() -> None:
    """Open data."""


@export_command.command("scdl", epilog=example("conference export scdl --year 2026 > subventions-2026.csv"))
@click.option("--year", type=click.IntRange(1950, 2100), required=True, help="Year of the first signature.")
def scdl_command(year: int) -> int:
    """Write the signed conventions of a year in the schema SCDL subventions 2.1.1 (UTF-8, commas) to standard output.

    A convention is published when its terms say so. What keeps one out, such as a missing SIRET, is told on standard
    error and the exit status is then 1.
    """
    with open_instance() as instance, instance.database.reading() as session:
        found = published(session, CONSOLE, year)
    click.echo(csv_text(found.rows), nl=False)
    for number, why in found.lacking:
        click.echo(f"{number}: {why}", err=True)
    return 1 if found.lacking else 0
