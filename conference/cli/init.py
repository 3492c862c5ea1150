"""`conference init`: make the instance, or bring it to this version."""

from datetime import date, datetime

import click

from conference.cli.opening import example, json_option, now, print_json, read_settings
from conference.domain.permissions import CONSOLE
from conference.services.set_up import set_up


class MonthParam(click.ParamType):
    """A month written YYYY-MM, as its first day."""

    name = "YYYY-MM"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The first day of the month; fails with a sentence."""
        if isinstance(value, date):
            return value
        try:
            return datetime.strptime(str(value), "%Y-%m").date()  # noqa: DTZ007 (a month has no zone)
        except ValueError:
            self.fail(f"{value} is not a month; write for example 2026-03", param, ctx)


MONTH = MonthParam()


@click.command(
    "init", epilog=example("conference init", "conference init --first-month 2021-01 --name 'Conférence de Bretagne'")
)
@click.option("--first-month", type=MONTH, help="First month of the conférence (default: January five years back).")
@click.option("--name", help="Name of the conférence.")
@click.option("--region", help="Its region.")
@json_option
def init_command(first_month: date | None, name: str | None, region: str | None, as_json: bool) -> None:
    """Make a working, empty instance: folder, keys, database, lists.

    Asks nothing. On an existing instance, upgrades its database (a copy is kept before) and changes nothing else.
    """
    settings = read_settings()
    done = set_up(settings, by=CONSOLE, at=now(), name=name, region=region, first_month=first_month)
    if as_json:
        print_json({"instance": settings.instance, "created": done.created, "upgraded": done.upgraded})
    else:
        state = "created" if done.created else "upgraded" if done.upgraded else "already up to date"
        click.echo(f"Instance {settings.instance}: {state}.")
