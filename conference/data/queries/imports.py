"""Which files have come in, and what became of each?

A funder sees the files of its own lines alone; a coordinator all of them.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, true
from sqlmodel import Session, col, func, select

from conference.data.tables import Account, ImportFile, Organisation
from conference.domain.permissions import Actor, Relation, is_granted, require
from conference.domain.refusal import NotFound


@dataclass(frozen=True)
class ShownImport:
    """One imported file. `funder_code` is None when it held lines of several funders."""

    id: int
    filename: str
    imported_at: datetime
    imported_by: str
    funder_id: int | None
    funder_code: str | None
    funder: str | None
    created: int
    adjusted: int
    unchanged: int
    refused: int
    warnings: int
    accepted_amount: Decimal


@dataclass(frozen=True)
class ImportPage:
    """One page of the history, latest first, and how many files there are in all."""

    rows: tuple[ShownImport, ...]
    total: int


@dataclass(frozen=True)
class ImportResult:
    """A file and its remarks: what was refused, what was read with a warning, lines that it no longer holds."""

    file: ShownImport
    refused: tuple[dict[str, Any], ...]
    warnings: tuple[dict[str, Any], ...]
    gone: tuple[str, ...]


def import_history(session: Session, reader: Actor, *, first: int = 0, count: int = 50) -> ImportPage:
    """The files that `reader` may see."""
    require(reader, "import.read", _widest(reader))
    total = session.exec(select(func.count()).select_from(ImportFile).where(_seen(reader))).one()
    query = _query(reader).order_by(col(ImportFile.id).desc()).offset(first).limit(count)
    return ImportPage(tuple(_shown(*row) for row in session.exec(query)), total)


def import_result(session: Session, reader: Actor, import_id: int) -> ImportResult:
    """One file and its remarks. Raises NotFound when `reader` may not see it."""
    require(reader, "import.read", _widest(reader))
    found = session.exec(_query(reader).where(ImportFile.id == import_id)).first()
    if found is None:
        raise NotFound()
    told = json.loads(found[0].report)
    return ImportResult(_shown(*found), tuple(told["refused"]), tuple(told["warnings"]), tuple(told["gone"]))


def _widest(reader: Actor) -> Relation:
    return Relation.OTHER if is_granted(reader, "import.read", Relation.OTHER) else Relation.OWN


def _seen(reader: Actor) -> ColumnElement[bool]:
    if _widest(reader) is Relation.OTHER:
        return true()
    return col(ImportFile.funder_id) == (reader.organisation_id or 0)


def _query(reader: Actor) -> Any:
    return (
        select(ImportFile, Organisation.code, Organisation.short_name, Account.name)
        .join(Organisation, col(Organisation.id) == ImportFile.funder_id, isouter=True)
        .join(Account, col(Account.id) == ImportFile.imported_by, isouter=True)
        .where(_seen(reader))
    )


def _shown(row: ImportFile, code: str | None, funder: str | None, account: str | None) -> ShownImport:
    return ShownImport(
        id=row.id or 0,
        filename=row.filename,
        imported_at=row.imported_at,
        imported_by=account or "console",
        funder_id=row.funder_id,
        funder_code=code,
        funder=funder,
        created=row.created,
        adjusted=row.adjusted,
        unchanged=row.unchanged,
        refused=row.refused,
        warnings=row.warnings,
        accepted_amount=row.accepted_amount,
    )
