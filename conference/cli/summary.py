"""`conference summary`: the document of a month."""

from datetime import date
from pathlib import Path

import click

from conference.cli.init import MONTH
from conference.cli.opening import NotReady, example, json_option, open_instance, print_json
from conference.domain.permissions import CONSOLE
from conference.services.summaries import made_summary


@click.command("summary", epilog=example("conference summary 2026-03 --out /tmp/syntheses"))
@click.argument("month", type=MONTH)
@click.option(
    "--out", "folder", type=click.Path(path_type=Path, file_okay=False), required=True, help="Folder to write to."
)
@json_option
def summary_command(month: date, folder: Path, as_json: bool) -> None:
    """Write the summary of a month (PDF).

    The same ledger gives the same bytes; a month still open gives a document marked provisional.
    """
    with open_instance() as instance, instance.database.reading() as session:
        made = made_summary(session, month, by=CONSOLE)
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
