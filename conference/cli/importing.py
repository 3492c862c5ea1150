"""`conference import`: a funder's file into the ledger."""

from pathlib import Path

import click

from conference.cli.opening import NotReady, example, json_option, open_instance, print_json
from conference.domain.permissions import CONSOLE
from conference.domain.refusal import Refusal
from conference.domain.scdl import Unreadable
from conference.services.files import keep_file
from conference.services.imports import ImportReport, ReadFile, import_scdl, preview_import, read_file


@click.command(
    "import",
    epilog=example(
        "conference import subventions.csv --dry-run", "conference import subventions.csv --funder region --json"
    ),
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--funder", "funder_code", help="Code of the funder: its rows only, and rows that name no funder.")
@click.option("--profile", type=click.Choice(["scdl"]), default="scdl", show_default=True, help="Schema of the file.")
@click.option("--dry-run", is_flag=True, help="Say what would be done, write nothing.")
@json_option
def import_command(file: Path, funder_code: str | None, profile: str, dry_run: bool, as_json: bool) -> int:
    """Import a file of grants (SCDL: CSV in UTF-8).

    Valid rows are imported without asking, refused rows are told one by one. The same file again changes nothing.
    Exit code: 0 all accepted, 1 something refused, 2 misuse or unreadable file.
    """
    with open_instance() as instance:
        content, read = _read(file)
        try:
            if dry_run:
                with instance.database.reading() as session:
                    report = preview_import(session, read, by=CONSOLE, funder_code=funder_code)
            else:
                keep_file(instance.settings.instance, content)
                with instance.database.writing() as session:
                    report = import_scdl(session, read, by=CONSOLE, at=instance.at, funder_code=funder_code)
        except Refusal as refusal:
            if refusal.code == "unknown_funder":
                raise NotReady(refusal.message) from None
            raise
    _tell(report, as_json)
    return 1 if report.refused else 0


def _read(path: Path) -> tuple[bytes, ReadFile]:
    try:
        content = path.read_bytes()
        return content, read_file(path.name, content)
    except OSError as error:
        raise NotReady(f"{path}: {error.strerror}") from None
    except Unreadable as refusal:
        raise NotReady(f"{path}: {refusal.message}") from None


def _tell(report: ImportReport, as_json: bool) -> None:
    for remark in report.warnings:
        click.echo(f"{remark.cell or f'ligne {remark.row}'} : {remark.message}", err=True)
    if report.gone:
        click.echo(
            f"{len(report.gone)} line(s) of an earlier version are no longer in the file: nothing is removed.", err=True
        )
    if as_json:
        print_json(report.document())
        return
    for remark in report.refused:
        click.echo(f"{remark.cell or f'ligne {remark.row}'} : {remark.message}", err=True)
    click.echo(
        f"{report.created} created, {report.adjusted} adjusted, {report.unchanged} unchanged, "
        f"{len(report.refused)} refused, {len(report.warnings)} warning(s); accepted {report.accepted_amount:.2f} EUR."
    )
