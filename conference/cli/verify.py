"""`conference verify`: is everything still true?"""

from dataclasses import asdict
from typing import Any

import click

from conference.cli.opening import example, json_option, open_instance, print_json
from conference.services.verification import Verification, verify


@click.command("verify", epilog=example("conference verify", "conference verify --json"))
@json_option
def verify_command(as_json: bool) -> int:
    """Recompute journal, balances, rules, rollups and files.

    Reads only, while the server runs. Exit code 1 names the first fault: table, row, what was expected, what is there.
    """
    with open_instance() as instance, instance.database.reading() as session:
        found = verify(session, instance=instance.settings.instance)
    if as_json:
        print_json(document(found))
    else:
        _tell(found)
    return 0 if found.first_fault is None else 1


def document(found: Verification) -> dict[str, Any]:
    """The JSON document."""
    first = found.first_fault
    return {
        "ok": first is None,
        "checks": [{"name": check.name, "rows": check.rows, "ok": check.ok} for check in found.checks],
        "fault": {"check": first.name, **asdict(first.fault)} if first and first.fault else None,
    }


def _tell(found: Verification) -> None:
    for check in found.checks:
        click.echo(f"{check.name:<16}{check.rows:>12}  {'ok' if check.ok else 'FAULT'}")
    first = found.first_fault
    if first and first.fault:
        fault = first.fault
        click.echo(f"{first.name}: table {fault.table}, row {fault.row}", err=True)
        click.echo(f"  expected: {fault.expected}\n  found:    {fault.found}", err=True)
