"""`conference summary`: the document of a month, and its annex."""

from datetime import date
from pathlib import Path

import click

from conference.cli.init import MONTH
from conference.cli.opening import NotReady, example, json_option, open_instance, print_json
from conference.domain.permissions import CONSOLE
from conference.domain.refusal import NotFound
from conference.services.summaries import made_summary

WHOLE = "conference"
"""The scope that holds every funder."""


@click.command(
    "summary",
    epilog=example(
        "conference summary 2026-03 --out /tmp/syntheses",
        "conference summary 2026-03 --scope region --out /tmp/syntheses --json",
    ),
)
@click.argument("month", type=MONTH)
@click.option("--scope", default=WHOLE, show_default=True, help="`conference`, or the code of one funder.")
@click.option(
    "--out", "folder", type=click.Path(path_type=Path, file_okay=False), required=True, help="Folder to write to."
)
@json_option
def summary_command(month: date, scope: str, folder: Path, as_json: bool) -> None:
    """Write the summary of a month (PDF) and its annex (XLSX).

    The same ledger gives the same bytes; a month still open gives a document marked provisional. The lines of the annex
    are whole in the summary of one funder, and keep what all funders share in that of the conférence.
    """
    with open_instance() as instance, instance.database.reading() as session:
        try:
            threshold, funder = instance.settings.published_threshold, None if scope == WHOLE else scope
            made = made_summary(session, month, threshold=threshold, scope=funder, by=CONSOLE)
        except NotFound:
            raise click.BadParameter(f"no funder has the code {scope!r}", param_hint="--scope") from None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in made.files.items():
            (folder / name).write_bytes(content)
    except OSError as error:
        raise NotReady(f"{folder}: {error.strerror}") from None
    if as_json:
        print_json(made.facts())
    else:
        click.echo("\n".join(str(folder / name) for name in made.files))
