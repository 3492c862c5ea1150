"""Which files have come in, and what became of each row?

A funder sees the files of its own lines alone; a coordinator all of them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, true
from sqlalchemy import select as sql_select
from sqlmodel import Session, col, func, select

from conference.data.tables import Account, ImportFile, ImportRemark, IncomeRight, Organisation, Parcours, Step
from conference.domain.importing.people_fields import IDENTITY_CODES
from conference.domain.importing.remarks import Remark, RemarkKind
from conference.domain.permissions import Actor, Relation, is_granted, require
from conference.domain.refusal import NotFound

PLACES = 20
"""Places that a group of remarks names before it says how many others there are."""


@dataclass(frozen=True)
class ShownImport:
    """One imported file. `funder_code` is None when it held lines of several funders; `undone`: lines annulled since."""

    id: int
    filename: str
    sha256: str
    size: int
    profile: str
    imported_at: datetime
    imported_by: str
    funder_id: int | None
    funder_code: str | None
    funder: str | None
    rows: int
    created: int
    adjusted: int
    unchanged: int
    refused: int
    warnings: int
    accepted_amount: Decimal
    undone_at: datetime | None
    undone: int
    undo_motive: str | None
    can_undo: bool
    can_open: bool
    """May its whole content be shown to the reader? It was sent by their organisation, or holds nothing but its lines."""


@dataclass(frozen=True)
class ImportPage:
    """One page of the history, latest first, and how many files there are in all."""

    rows: tuple[ShownImport, ...]
    total: int


@dataclass(frozen=True)
class RemarkGroup:
    """Remarks that say the same: their code, how many, the first sentence told, and the places of the first ones."""

    code: str
    count: int
    message: str
    places: tuple[str, ...]
    alike: bool
    """True when all say the very same sentence."""


@dataclass(frozen=True)
class ImportResult:
    """A file and its remarks, in groups; `gone`: references of lines that it no longer holds, the first ones."""

    file: ShownImport
    refused: tuple[RemarkGroup, ...]
    warnings: tuple[RemarkGroup, ...]
    notes: tuple[RemarkGroup, ...]
    gone: tuple[str, ...]
    gone_count: int
    people: bool = False
    """Did it bring parcours, steps or rights?"""
    is_kept: bool = True
    """Are its bytes kept? Not when they say who somebody is."""


def import_history(session: Session, reader: Actor, *, first: int = 0, count: int = 50) -> ImportPage:
    """The files that `reader` may see."""
    require(reader, "import.read", _widest(reader))
    total = session.exec(select(func.count()).select_from(ImportFile).where(_seen(reader))).one()
    query = _query(reader).order_by(col(ImportFile.id).desc()).offset(first).limit(count)
    return ImportPage(tuple(_shown(reader, *row) for row in session.execute(query)), total)


def import_result(session: Session, reader: Actor, import_id: int) -> ImportResult:
    """One file and its remarks. Raises NotFound when `reader` may not see it.

    Sentences quote the cells of the file: who may not open it is told what happened and how often, nothing more.
    """
    file = shown_import(session, reader, import_id)
    gone = _remarks(session, import_id, RemarkKind.GONE)
    counted = select(func.count()).where(
        ImportRemark.import_file_id == import_id, ImportRemark.kind == RemarkKind.GONE.value
    )
    kinds = (RemarkKind.REFUSED, RemarkKind.WARNING, RemarkKind.NOTE)
    refused, warnings, notes = (grouped(_remarks(session, import_id, kind)) for kind in kinds)
    return ImportResult(
        file,
        refused if file.can_open else _bare(refused),
        warnings if file.can_open else _bare(warnings),
        notes if file.can_open else (),
        tuple(remark.message for _, remark in zip(range(PLACES), gone, strict=False)) if file.can_open else (),
        session.exec(counted).one(),
        _brought_people(session, import_id),
        not any(each.code in IDENTITY_CODES for each in (*refused, *warnings, *notes)),
    )


def shown_import(session: Session, reader: Actor, import_id: int) -> ShownImport:
    """One file. Raises NotFound when `reader` may not see it."""
    require(reader, "import.read", _widest(reader))
    found = session.execute(_query(reader).where(ImportFile.id == import_id)).first()
    if found is None:
        raise NotFound()
    return _shown(reader, *found)


def refused_remarks(session: Session, reader: Actor, import_id: int) -> Iterator[Remark]:
    """Why each refused row of a file was refused, in the order of the file. Raises NotFound as `shown_import`."""
    shown_import(session, reader, import_id)
    return _remarks(session, import_id, RemarkKind.REFUSED)


def grouped(remarks: Iterable[Remark]) -> tuple[RemarkGroup, ...]:
    """Remarks of one code together, the most numerous first: « 3 dates illisibles : F12, F40, F77 »."""
    counts: dict[str, int] = {}
    messages: dict[str, str] = {}
    places: dict[str, list[str]] = {}
    differ: set[str] = set()
    for each in remarks:
        counts[each.code] = counts.get(each.code, 0) + 1
        if messages.setdefault(each.code, each.message) != each.message:
            differ.add(each.code)
        named = places.setdefault(each.code, [])
        if len(named) < PLACES and each.row:
            named.append(_place(each))
    order = sorted(counts, key=lambda code: (-counts[code], code))
    return tuple(
        RemarkGroup(code, counts[code], messages[code], tuple(places[code]), code not in differ) for code in order
    )


def _brought_people(session: Session, import_id: int) -> bool:
    tables = (Parcours, Step, IncomeRight)
    return any(session.exec(select(each.id).where(each.import_file_id == import_id)).first() for each in tables)


def _bare(groups: Iterable[RemarkGroup]) -> tuple[RemarkGroup, ...]:
    return tuple(RemarkGroup(each.code, each.count, "", (), alike=True) for each in groups)


def _place(remark: Remark) -> str:
    place = remark.cell or f"ligne {remark.row}"
    return f"{remark.sheet}, {place}" if remark.sheet else place


def _remarks(session: Session, import_id: int, kind: RemarkKind) -> Iterator[Remark]:
    names = ("row", "cell", "code", "message", "sheet")
    query = (
        sql_select(*(getattr(ImportRemark, name) for name in names))
        .where(col(ImportRemark.import_file_id) == import_id, col(ImportRemark.kind) == kind.value)
        .order_by(col(ImportRemark.id))
        .execution_options(yield_per=2000)
    )
    for row in session.connection().execute(query):
        yield Remark(*row)


def _widest(reader: Actor) -> Relation:
    return Relation.OTHER if is_granted(reader, "import.read", Relation.OTHER) else Relation.OWN


def _seen(reader: Actor) -> ColumnElement[bool]:
    if _widest(reader) is Relation.OTHER:
        return true()
    return col(ImportFile.funder_id) == (reader.organisation_id or 0)


def _query(reader: Actor) -> Any:
    return (
        sql_select(ImportFile, Organisation.code, Organisation.short_name, Account.name, Account.organisation_id)  # type: ignore[call-overload]
        .join(Organisation, col(Organisation.id) == ImportFile.funder_id, isouter=True)
        .join(Account, col(Account.id) == ImportFile.imported_by, isouter=True)
        .where(_seen(reader))
    )


def _shown(
    reader: Actor, row: ImportFile, code: str | None, funder: str | None, account: str | None, sender_id: int | None
) -> ShownImport:
    sent = reader.relation_to(sender_id) is Relation.OWN
    lines = reader.relation_to(row.funder_id) is Relation.OWN
    return ShownImport(
        imported_by=account or "console",
        funder_code=code,
        funder=funder,
        can_undo=(sent or lines) and is_granted(reader, "import.undo", Relation.OWN) and _can_undo(row),
        can_open=sent or (lines and not row.refused),
        **{name: getattr(row, name) for name in _COPIED},
    )


def _can_undo(row: ImportFile) -> bool:
    return row.undone_at is None and bool(row.created + row.adjusted)


_COPIED = (
    "id filename sha256 size profile imported_at funder_id rows created adjusted unchanged refused warnings accepted_amount "
    "undone_at undone undo_motive"
).split()
