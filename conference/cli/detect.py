"""`conference detect`: which alerts do the parcours call for today?"""

from datetime import datetime
from typing import Any

import click

from conference.cli.opening import example, json_option, open_instance, print_json
from conference.domain.french import day_in_france
from conference.services.detection import Detection, detect, told

EVENTS = ("opened", "worsened", "changed", "reopened", "closed")


@click.command("detect", epilog=example("conference detect", "conference detect --on 2026-11-23 --json"))
@click.option(
    "--on",
    "on",
    type=click.DateTime(["%Y-%m-%d"]),
    help="As on the evening of this day, YYYY-MM-DD; today in France by default.",
)
@click.option(
    "--all", "everything", is_flag=True, help="Ask again of every parcours, and not only where it may change."
)
@json_option
def detect_command(on: datetime | None, everything: bool, as_json: bool) -> None:
    """Bring incomes, needs and alerts of the parcours up to date.

    What the server does each night: asks again of the parcours whose facts, scales or thresholds changed, and of those that
    the day itself changes.
    """
    with open_instance() as instance:
        day = day_in_france(instance.at) if on is None else on.date()
        found = detect(instance.database, day, instance.at, everything=everything)
    if as_json:
        print_json(document(found))
    else:
        click.echo(told(found))


def document(found: Detection) -> dict[str, Any]:
    """The JSON document: counts, and the days without income of the alerts open after the run; euros as a string."""
    return {
        "on": found.on.isoformat(),
        "examined": found.examined,
        "changed": found.changed,
        "alerts": {event: found.alerts[event] for event in EVENTS},
        "gaps": {
            "alerts": found.gap_alerts,
            "days": found.gap_days,
            "need": f"{found.gap_need:.2f}",
            "unknown": found.gap_unknown,
        },
    }
