"""`conference backup` and `conference restore`: the instance in one file."""

from dataclasses import asdict
from pathlib import Path

import click

from conference.cli.opening import NotReady, example, json_option, open_instance, print_json, read_settings
from conference.domain.refusal import Refusal
from conference.services.archives import Archive, back_up, restore


@click.command("backup", epilog=example("conference backup /srv/backups/conference-2026-04-20.tar.gz"))
@click.argument("target", required=False, type=click.Path(path_type=Path, dir_okay=False))
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="The same as the argument.")
@json_option
def backup_command(target: Path | None, out: Path | None, as_json: bool) -> None:
    """Copy the whole instance into one archive (.tar.gz), while the server runs.

    The archive holds the instance's keys: keep it as secret as the instance itself. Prove it now and then: restore it
    into an empty folder and run `conference verify`.
    """
    path = target or out
    if path is None or (target and out):
        raise click.UsageError("name the archive once: conference backup FILE")
    with open_instance() as instance:
        try:
            made = back_up(instance.database, instance.settings, target=path.resolve(), at=instance.at)
        except OSError as error:
            raise NotReady(f"{path}: {error.strerror}") from None
    _tell(path, made, as_json, "written")


@click.command(
    "restore",
    epilog=example(
        "conference restore /srv/backups/conference-2026-04-20.tar.gz", "conference restore a.tar.gz --force"
    ),
)
@click.argument("source", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--force", is_flag=True, help="Replace the conférence that the instance holds.")
@json_option
def restore_command(source: Path, force: bool, as_json: bool) -> None:
    """Put an archive in place of the instance: database, files and keys.

    Checks the whole archive before it touches anything. Works while the server runs, but whoever is signed in signs in
    again, and the server must be restarted for the restored keys.
    """
    try:
        found = restore(read_settings(), source=source, replace=force)
    except Refusal as refusal:
        if refusal.code == "unreadable":
            raise NotReady(refusal.message) from None
        raise
    _tell(source, found, as_json, "restored")


def _tell(path: Path, archive: Archive, as_json: bool, verb: str) -> None:
    if as_json:
        print_json({"file": path, **asdict(archive)})
    else:
        click.echo(f"{path}: {verb}, {archive.members} files, {archive.size} bytes, made {archive.made_at}.")
