"""`conference convention`: the text of a convention, as a document."""

from pathlib import Path

import click

from conference.cli.opening import NotReady, example, json_option, open_instance, print_json
from conference.domain.refusal import NotFound
from conference.services.convention_text import convention_text


@click.group("convention", epilog=example("conference convention pdf C-2026-004 --out C-2026-004.pdf"))
def convention_command() -> None:
    """The texts of conventions."""


@convention_command.command(
    "pdf",
    epilog=example(
        "conference convention pdf C-2026-004 --out C-2026-004.pdf",
        "conference convention pdf C-2026-004-A1 --out avenant.pdf",
        "conference convention pdf projet-12 --out projet.pdf --json",
    ),
)
@click.argument("number")
@click.option(
    "--out", "file", type=click.Path(path_type=Path, dir_okay=False), required=True, help="File to write (PDF)."
)
@json_option
def pdf(number: str, file: Path, as_json: bool) -> None:
    """Write the text of a convention, of one of its avenants (-A1) or of a draft (projet-12) as a PDF.

    A text that was put to signature is the very file that was kept then; a draft is made as it now reads, and says so on each
    page.
    """
    with open_instance() as instance, instance.database.reading() as session:
        folder, address = instance.settings.instance, instance.settings.public_url
        try:
            text = convention_text(session, number, instance=folder, address=address)
        except NotFound:
            raise click.BadParameter(f"no text of a convention has the name {number!r}", param_hint="NUMBER") from None
        except FileNotFoundError:
            raise NotReady(f"the file kept for {number} is gone: run `conference verify`") from None
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.content)
    except OSError as error:
        raise NotReady(f"{file}: {error.strerror}") from None
    if as_json:
        told = {"file": str(file), "bytes": len(text.content), "sha256": text.sha256}
        print_json({**told, "fingerprint": text.fingerprint, "kept": text.is_kept})
    else:
        click.echo(file)
