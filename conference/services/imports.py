"""How does a funder's file enter the ledger?

In three steps that may be far apart: the file is kept aside (`services.staging`); it is read and planned without any lock,
which says what would be done; it is written in one transaction, all of what was accepted or nothing. The bytes are kept
under their SHA-256, unless they say who somebody is; each line keeps the file, the sheet and the row that it comes from; the
journal has one entry with the file's hash, the counts and the digest of the rows, and no name.
"""

import hashlib
import json
import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlmodel import Session, col, select

from conference.data.journal import write_journal
from conference.data.session import Database
from conference.data.staging import Staging
from conference.data.tables import Account, ColumnMapping, ImportFile, Organisation
from conference.domain.importing.fields import Field
from conference.domain.importing.people_fields import IDENTITY_CODES
from conference.domain.importing.profiles import Mapping as Columns
from conference.domain.importing.profiles import heading_digest, with_columns
from conference.domain.importing.remarks import Remark, RemarkKind, letter_of
from conference.domain.permissions import CONSOLE, Actor, Relation, Role, require
from conference.domain.refusal import Conflict, NotFound, Refusal
from conference.services.files import keep_copy
from conference.services.importing.plan import Sender
from conference.services.importing.reading import ReadTable, SheetFound, read_table
from conference.services.importing.settling import settle_file
from conference.services.importing.tally import Tally
from conference.services.importing.writing import keep_remarks
from conference.services.sessions import actor_of
from conference.services.staging import Cancelled, Stage, StagedImport, StagedState

_UNEXPECTED = (
    "La lecture de ce fichier s’est arrêtée sur une erreur imprévue. Rien n’est enregistré. Enregistrez-le sous un autre "
    "format (par exemple CSV UTF-8) et recommencez, ou transmettez-le à l’administrateur."
)
_TOO_LARGE = "Ce fichier est trop grand pour être lu ici. Partagez-le en plusieurs fichiers, puis recommencez."


@dataclass(frozen=True)
class Place:
    """Where a staged import works: the database and the instance folder."""

    database: Database
    instance: Path


def require_import(by: Actor) -> None:
    """Raise Forbidden when `by` may import nothing."""
    require(by, "import.run", Relation.OTHER if by.role is Role.COORDINATOR else Relation.OWN)


def known_funder(session: Session, code: str) -> bool:
    """Is `code` that of a funder of the conférence?"""
    query = select(Organisation.id).where(Organisation.code == code, col(Organisation.is_funder).is_(True))
    return session.exec(query).first() is not None


def actor_who_sent(session: Session, staged: StagedImport) -> Actor:
    """The actor behind a staged import. Raises NotFound when its account is gone."""
    account_id = staged.state.account_id
    if account_id is None:
        return CONSOLE
    account = session.get(Account, account_id)
    if account is None or not account.is_active:
        raise NotFound()
    return actor_of(session, account)


def advance(place: Place, staged: StagedImport, *, by: Actor, at: datetime) -> StagedState:
    """Do what the staged import waits for: read and plan it, or write it once confirmed; the state after.

    Only one process does it; another call meanwhile does nothing. What is wrong with the file is in the state, in French.
    """
    require_import(by)
    with staged.at_work() as alone:
        state = staged.state
        if not alone or not state.is_at_work:
            return state
        try:
            if state.stage in (Stage.CONFIRMED, Stage.WRITING):
                return _write(place, staged, by=by, at=at)
            state = _prepare(place, staged, by=by, at=at)
            return _write(place, staged, by=by, at=at) if state.stage is Stage.CONFIRMED else state
        except Cancelled:
            return staged.change(stage=Stage.CANCELLED)
        except Refusal as refusal:
            return staged.change(stage=Stage.FAILED, message=refusal.message)
        except MemoryError:
            return staged.change(stage=Stage.FAILED, message=_TOO_LARGE)
        except Exception:
            logging.getLogger("conference").exception("the import %s stopped", staged.folder.name)
            return staged.change(stage=Stage.FAILED, message=_UNEXPECTED)


def choose_columns(
    session: Session, staged: StagedImport, columns: tuple[Field | None, ...], *, by: Actor, at: datetime
) -> None:
    """Say what each column of the asked sheet is, remember it for the organisation, and have the file read again.

    Raises Refusal where the columns do not make a line (no amount, a field given twice).
    """
    require_import(by)
    state = staged.state
    if state.stage not in (Stage.ASKING, Stage.READY, Stage.FAILED) or not state.sheets or by.organisation_id is None:
        raise Conflict("Les colonnes de ce fichier ne sont plus demandées. Rechargez la page pour voir où il en est.")
    mapping = with_columns(columns_of(state.sheets[0]), columns)
    digest = heading_digest(mapping.headings)
    query = select(ColumnMapping).where(
        ColumnMapping.organisation_id == by.organisation_id, ColumnMapping.digest == digest
    )
    row = session.exec(query).first() or ColumnMapping(
        organisation_id=by.organisation_id, digest=digest, columns="", chosen_at=at
    )
    row.columns = json.dumps([None if column is None else column.value for column in columns])
    row.chosen_at, row.chosen_by = at, by.account_id
    session.add(row)
    write_journal(
        session,
        by=by,
        at=at,
        verb="choose_columns",
        object_kind="column_mapping",
        object_label=f"colonnes {digest[:12]}",
        changes={"columns": [None if column is None else column.value for column in columns]},
    )
    staged.change(stage=Stage.SENT, message=None)


def take_names_as_own(staged: StagedImport, *, by: Actor) -> None:
    """Have the file read again, its unknown givers being the sender's own organisation under another name."""
    require_import(by)
    if staged.state.stage is not Stage.READY:
        raise Conflict("Ce fichier n’attend plus votre confirmation. Rechargez la page pour voir où il en est.")
    staged.change(stage=Stage.SENT, own_names=True)


def confirm_import(staged: StagedImport, *, by: Actor) -> None:
    """Say that what was shown is to be written. Raises Conflict when it no longer waits for that."""
    require_import(by)
    with staged.at_work() as alone:
        if not alone or staged.state.stage is not Stage.READY:
            raise Conflict("Ce fichier n’attend plus votre confirmation. Rechargez la page pour voir où il en est.")
        staged.change(stage=Stage.CONFIRMED)


def cancel_import(staged: StagedImport, *, by: Actor) -> None:
    """Cancel: nothing of the file is recorded, unless it is already. Raises Conflict in that case."""
    require_import(by)
    staged.ask_to_stop()
    with staged.at_work() as alone:
        if alone and staged.state.stage is Stage.DONE:
            raise Conflict("Ce fichier est déjà importé. Pour revenir en arrière, annulez l’import depuis sa page.")
        if alone:
            staged.change(stage=Stage.CANCELLED)


def columns_of(sheet: Mapping[str, Any]) -> Columns:
    """The mapping of a sheet as the state keeps it."""
    return Columns(
        profile=sheet["profile"],
        target=sheet["target"],
        heading_row=sheet["heading_row"],
        headings=tuple(sheet["headings"]),
        columns=tuple(None if name is None else Field(name) for name in sheet["columns"]),
    )


def letters_of(state: StagedState) -> dict[str | None, dict[str, str]]:
    """Letter of the column of each field, sheet by sheet."""
    return {
        sheet["name"]: {name: letter_of(i) for i, name in enumerate(sheet["columns"]) if name is not None}
        for sheet in state.sheets
    }


def document(state: StagedState, staging: Staging) -> Iterator[tuple[str, Any]]:
    """The JSON document of the command line, key by key (SEMANTICS §2); `errors` iterates over one item per refused row."""
    for name in ("created", "adjusted", "unchanged", "refused", "warnings"):
        yield name, getattr(state, name)
    yield "accepted_amount", state.accepted
    yield "errors", (_error(remark) for remark in staging.remarks(RemarkKind.REFUSED))


def _error(remark: Remark) -> dict[str, Any]:
    return {name: getattr(remark, name) for name in ("sheet", "cell", "row", "code", "message")}


def _prepare(place: Place, staged: StagedImport, *, by: Actor, at: datetime) -> StagedState:
    """Read the file into its staging, then plan it: nothing is written to the ledger."""
    staged.change(stage=Stage.READING, done=0, total=0, message=None)
    with Staging(staged.rows) as staging:
        staging.clear()
        read = _read(place, staged, staging, by)
        if read.asked is not None:
            sheet = _sheet(read.asked)
            return staged.change(stage=Stage.ASKING, sheets=(sheet,), profile=None)
        state = staged.change(sheets=tuple(_sheet(each) for each in read.sheets), rows=read.rows, profile=read.profile)
        if state.unasked:
            return staged.change(stage=Stage.CONFIRMED)
        with place.database.reading() as session:
            tally = settle_file(session, staging, _sender(state, by), letters_of(state), at=at, progress=_ticks(staged))
        return staged.change(stage=Stage.READY, **_figures(tally, staging))


def _read(place: Place, staged: StagedImport, staging: Staging, by: Actor) -> ReadTable:
    state = staged.state
    with place.database.reading() as session:
        owner = _owner(session, state, by)
        remembered = _remembered(session, owner)
    return read_table(
        staged.path, state.filename, staging, wanted=state.wanted, remembered=remembered.get, progress=_ticks(staged)
    )


def _owner(session: Session, state: StagedState, by: Actor) -> int | None:
    """Whose columns are remembered: the sender's organisation, or the funder that the command line names."""
    if state.only is None:
        return by.organisation_id
    return session.exec(select(Organisation.id).where(Organisation.code == state.only)).first()


def _remembered(session: Session, owner: int | None) -> dict[str, tuple[Field | None, ...]]:
    query = select(ColumnMapping.digest, ColumnMapping.columns).where(ColumnMapping.organisation_id == owner)
    known = {field.value: field for field in Field}
    return {
        digest: tuple(None if name is None else known.get(name) for name in json.loads(columns))
        for digest, columns in (session.exec(query) if owner is not None else ())
    }


def _write(place: Place, staged: StagedImport, *, by: Actor, at: datetime) -> StagedState:
    """Write what was planned, in one transaction; once, even when a crash comes between the commit and the state."""
    state = staged.change(stage=Stage.WRITING, done=0, total=state_rows(staged))
    with Staging(staged.rows) as staging:
        names_somebody = staging.was_told(IDENTITY_CODES)
    if not names_somebody:
        keep_copy(place.instance, staged.path, state.sha256)
    with Staging(staged.rows) as staging, place.database.writing() as session:
        earlier = session.exec(select(ImportFile).where(ImportFile.staged_id == state.id)).first()
        if earlier is None:
            file, tally = _import(session, staged, staging, by=by, at=at)
            figures = _figures(tally, staging)
        else:
            file, figures = earlier, {}
        staged.check_cancelled()
    state = staged.change(stage=Stage.DONE, import_file_id=file.id, **figures)
    if names_somebody:
        staged.path.unlink(missing_ok=True)
    return state


def state_rows(staged: StagedImport) -> int:
    """How many rows there are to write."""
    return staged.state.rows


def _import(
    session: Session, staged: StagedImport, staging: Staging, *, by: Actor, at: datetime
) -> tuple[ImportFile, Tally]:
    state = staged.state
    file = ImportFile(
        filename=state.filename,
        sha256=state.sha256,
        size=state.size,
        staged_id=state.id,
        profile=state.profile or "own",
        rows=state.rows,
        imported_at=at,
        imported_by=by.account_id,
    )
    session.add(file)
    session.flush()
    assert file.id is not None
    digest = hashlib.sha256()
    tally = settle_file(
        session,
        staging,
        _sender(state, by),
        letters_of(state),
        at=at,
        file=file,
        digest=digest,
        progress=_ticks(staged),
    )
    counts = _counts(tally, staging)
    for name, value in counts.items():
        setattr(file, name, value)
    file.funder_id = _one_funder(session, tally, by)
    session.add(file)
    session.flush()
    keep_remarks(session, staging, file.id)
    write_journal(
        session,
        by=by,
        at=at,
        verb="import_file",
        object_kind="import_file",
        object_id=file.id,
        object_label=f"fichier {state.sha256[:12]}",
        changes={"file": state.sha256, "rows": digest.hexdigest(), **counts, **tally.people},
    )
    return file, tally


def _one_funder(session: Session, tally: Tally, by: Actor) -> int | None:
    """The funder whose lines the file holds; the sender's own organisation when nothing of it was accepted."""
    if len(tally.funders) == 1:
        return next(iter(tally.funders))
    own = (
        session.get(Organisation, by.organisation_id) if by.organisation_id is not None and not tally.funders else None
    )
    return own.id if own is not None and own.is_funder else None


def _sender(state: StagedState, by: Actor) -> Sender:
    return Sender(by, only=state.only, own_names=state.own_names, sha256=state.sha256)


def _sheet(found: SheetFound) -> dict[str, Any]:
    mapping = found.mapping
    return {
        "name": found.name,
        "profile": mapping.profile,
        "target": mapping.target,
        "heading_row": mapping.heading_row,
        "headings": list(mapping.headings),
        "columns": [None if column is None else column.value for column in mapping.columns],
    }


def _counts(tally: Tally, staging: Staging) -> dict[str, Any]:
    return {
        "created": tally.created,
        "adjusted": tally.adjusted,
        "unchanged": tally.unchanged,
        "refused": staging.remark_count(RemarkKind.REFUSED),
        "warnings": staging.remark_count(RemarkKind.WARNING),
        "accepted_amount": tally.accepted,
    }


def _figures(tally: Tally, staging: Staging) -> dict[str, Any]:
    counts = _counts(tally, staging)
    accepted: Decimal = counts.pop("accepted_amount")
    return {**counts, "accepted": f"{accepted:.2f}", "gone": staging.remark_count(RemarkKind.GONE)}


def _ticks(staged: StagedImport) -> Callable[[int, int], None]:
    """Tell how far the work is, and stop it when the sender cancelled."""

    def tick(done: int, total: int) -> None:
        staged.check_cancelled()
        staged.change(done=done, total=total)

    return tick
