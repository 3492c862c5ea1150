"""`conference import`: a funder's file into the ledger; `continue-import`: the process that reads a large one."""

import gc
import json
import resource
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from conference.cli.opening import Instance, NotReady, example, json_option, open_instance
from conference.data.staging import Staging
from conference.domain.importing.remarks import Remark, RemarkKind
from conference.domain.permissions import CONSOLE
from conference.services.imports import (
    Place,
    actor_who_sent,
    advance,
    document,
    known_funder,
)
from conference.services.staging import Stage, StagedImport, StagedState, stage_file


@click.command(
    "import",
    epilog=example(
        "conference import subventions.csv --dry-run", "conference import tableau.xlsx --funder region --json"
    ),
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--funder", "funder_code", help="Code of the funder: its rows only, and rows that name no funder.")
@click.option(
    "--profile",
    type=click.Choice(["auto", "template", "scdl"]),
    default="auto",
    show_default=True,
    help="What the columns are: found by themselves, the conférence's template, or SCDL grants.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be done, write nothing.")
@json_option
def import_command(file: Path, funder_code: str | None, profile: str, dry_run: bool, as_json: bool) -> int:
    """Import a table of commitments, payments, parcours, steps or rights: CSV, XLSX, XLS or ODS.

    Valid rows are imported without asking, refused rows are told one by one. The same file again changes nothing.
    Exit code: 0 all accepted, 1 something refused, 2 misuse, unreadable file or unknown columns.
    """
    _collect_less()
    with open_instance() as instance:
        _require_funder(instance, funder_code)
        staged = _stage(instance, file, profile, funder_code, dry_run=dry_run)
        try:
            return _import(instance, staged, file, as_json=as_json)
        finally:
            staged.sweep()


@click.command("continue-import", hidden=True)
@click.argument("staged_id")
def continue_import_command(staged_id: str) -> int:
    """Go on with an import that a page began."""
    _collect_less()
    with open_instance() as instance:
        limit = instance.settings.import_memory
        resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
        place = Place(instance.database, instance.settings.instance)
        staged = StagedImport(instance.settings.instance / "staged" / staged_id)
        with instance.database.reading() as session:
            by = actor_who_sent(session, staged)
        return 0 if advance(place, staged, by=by, at=instance.at).stage is not Stage.FAILED else 1


def _collect_less() -> None:
    """Rows hold no cycle: looking for some among millions of objects, again and again, takes a tenth of the time."""
    gc.freeze()
    gc.set_threshold(200_000, 50, 100)


def _require_funder(instance: Instance, code: str | None) -> None:
    with instance.database.reading() as session:
        if code is not None and not known_funder(session, code):
            raise NotReady(f"Aucun financeur n’a le code « {code} ».")


def _stage(instance: Instance, file: Path, profile: str, funder_code: str | None, *, dry_run: bool) -> StagedImport:
    try:
        with file.open("rb") as stream:
            return stage_file(
                instance.settings.instance,
                stream,
                file.name,
                by=CONSOLE,
                at=instance.at,
                wanted=profile,
                only=funder_code,
                unasked=not dry_run,
            )
    except OSError as error:
        raise NotReady(f"{file}: {error.strerror}") from None


def _import(instance: Instance, staged: StagedImport, file: Path, *, as_json: bool) -> int:
    place = Place(instance.database, instance.settings.instance)
    state = advance(place, staged, by=CONSOLE, at=instance.at)
    if state.stage is Stage.ASKING:
        raise NotReady(f"{file}: {_asked(state)}")
    if state.stage is Stage.FAILED:
        raise NotReady(f"{file}: {state.message}")
    with Staging(staged.rows) as staging:
        _tell(state, staging, as_json)
    return 1 if state.refused else 0


def _asked(state: StagedState) -> str:
    [sheet] = state.sheets
    shown = ", ".join(f"« {heading[:60]} »" for heading in sheet["headings"] if heading) or "aucune"
    return (
        "les colonnes de ce fichier ne sont pas reconnues. Expliquez-les une fois sur la page Échanges, Importer : elles "
        f"seront retenues. Colonnes trouvées : {shown}."
    )


def _tell(state: StagedState, staging: Staging, as_json: bool) -> None:
    for kind in (RemarkKind.NOTE, RemarkKind.WARNING):
        for remark in staging.remarks(kind):
            click.echo(_said(remark), err=True)
    if state.gone:
        click.echo(
            f"{state.gone} line(s) of an earlier version are no longer in the file: nothing is removed.", err=True
        )
    if as_json:
        _print_json(document(state, staging))
        return
    for remark in staging.remarks(RemarkKind.REFUSED):
        click.echo(_said(remark), err=True)
    click.echo(
        f"{state.created} created, {state.adjusted} adjusted, {state.unchanged} unchanged, "
        f"{state.refused} refused, {state.warnings} warning(s); accepted {state.accepted} EUR."
    )


def _said(remark: Remark) -> str:
    place = " ".join(
        [*([remark.sheet] if remark.sheet else []), remark.cell or (f"ligne {remark.row}" if remark.row else "fichier")]
    )
    return f"{place} : {remark.message}"


def _print_json(members: Iterator[tuple[str, Any]]) -> None:
    """One JSON document on stdout, its lists written item by item: a million refused rows are not held in memory."""
    write = sys.stdout.write
    first = True
    write("{")
    for name, value in members:
        write(f"{'' if first else ','}\n  {json.dumps(name)}: ")
        first = False
        if not isinstance(value, Iterator):
            write(json.dumps(value, ensure_ascii=False))
            continue
        write("[")
        count = 0
        for item in value:
            write(f"{',' if count else ''}\n    {json.dumps(item, ensure_ascii=False)}")
            count += 1
        write("\n  ]" if count else "]")
    write("\n}\n")
