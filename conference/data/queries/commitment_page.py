"""What is known of one commitment, for the funder that made it?

Everything: what it is, its balance, its entries with their annulations, yearly shares, the other side of its transfers,
files and where it came from. For anybody else it does not exist (NotFound): of another's line only the list speaks.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, or_, select
from sqlmodel import Session

from conference.data.queries.commitment_filters import B, C, D, E, O
from conference.data.tables import REFERENCE_TABLES, Account, Attachment, ImportFile, TransferPair, YearlyShare
from conference.data.tables.sums import MEASURES
from conference.domain.ledger import Balance, CommitmentStatus, EntryKind, status_of
from conference.domain.permissions import Actor, Relation, require
from conference.domain.refusal import NotFound

S: Any = YearlyShare.__table__  # type: ignore[attr-defined]
T: Any = TransferPair.__table__  # type: ignore[attr-defined]
A: Any = Account.__table__  # type: ignore[attr-defined]
F: Any = ImportFile.__table__  # type: ignore[attr-defined]
J: Any = Attachment.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True)
class EntryShown:
    """One entry. `reversed_by`: its annulation; `late_for`: the closed month it regularises, or None."""

    id: int
    kind: EntryKind
    amount: Decimal
    effective_on: date
    booked_month: date
    late_for: date | None
    recorded_at: datetime
    recorded_by: str
    recorded_by_id: int | None
    reverses_id: int | None
    reversed_by: int | None
    motive: str | None
    reference: str | None
    source_file: str | None
    source_sheet: str | None
    source_row: int | None

    @property
    def can_be_reversed(self) -> bool:
        """Neither an annulation nor annulled."""
        return self.reverses_id is None and self.reversed_by is None


@dataclass(frozen=True)
class OtherSide:
    """The other side of a transfer. Of another funder's line: what SEMANTICS §4 grants."""

    given: bool
    funder: str
    month: date
    committed: Decimal
    id: int | None


@dataclass(frozen=True)
class FileShown:
    """A file joined to the commitment."""

    id: int
    filename: str
    media_type: str
    size: int
    added_at: datetime
    added_by: str


@dataclass(frozen=True)
class CommitmentShown:
    """One commitment of the reader's own. `version` is its number of entries: what a form is checked against."""

    id: int
    reference: str
    funder_id: int
    funder: str
    to_funder_id: int | None
    to_funder: str | None
    payer_id: int | None
    payer: str | None
    manager_id: int | None
    manager: str | None
    provider: str | None
    provider_siret: str | None
    provider_to_check: bool
    items: dict[str, int]
    labels: dict[str, str]
    decided_on: date
    object: str
    funder_reference: str | None
    decision_reference: str | None
    accounting_number: str | None
    first: date | None
    last: date | None
    persons: int | None
    source: str
    source_file: str | None
    source_sheet: str | None
    source_row: int | None
    source_import_id: int | None
    """The imported file, where the reader may open its page."""
    recorded_at: datetime
    recorded_by: str
    threshold: Decimal | None
    version: int
    balance: Balance
    entries: tuple[EntryShown, ...]
    shares: tuple[tuple[int, Decimal], ...]
    sides: tuple[OtherSide, ...]
    files: tuple[FileShown, ...]

    @property
    def status(self) -> CommitmentStatus:
        """What the balance says of it."""
        return status_of(self.balance)


def commitment_page(session: Session, reader: Actor, commitment_id: int) -> CommitmentShown:
    """One commitment whole. Raises NotFound when it is not the reader's own, Forbidden when the role sees no line."""
    row = session.connection().execute(_query(commitment_id)).one_or_none()
    if row is None or reader.relation_to(row.funder_id) is not Relation.OWN:
        raise NotFound()
    require(reader, "commitment.read", Relation.OWN)
    entries = _entries(session, commitment_id)
    copied = (
        *("id", "reference", "funder_id", "funder", "to_funder_id", "to_funder", "payer_id", "payer"),
        *("manager_id", "manager", "provider", "provider_siret", "decided_on", "object", "funder_reference"),
        *("decision_reference", "accounting_number", "first", "last", "persons", "source", "source_file"),
        *("source_sheet", "source_row", "recorded_at", "threshold"),
    )
    return CommitmentShown(
        **{name: getattr(row, name) for name in copied},
        provider_to_check=bool(row.provider_to_check),
        items={name: getattr(row, f"{name}_id") for name in REFERENCE_TABLES},
        labels={name: getattr(row, f"{name}_label") for name in REFERENCE_TABLES},
        source_import_id=row.import_file_id if row.source_funder_id == row.funder_id else None,
        recorded_by=row.recorded_by or "console",
        version=row.entry_count,
        balance=Balance(**{name: getattr(row, f"sum_{name}") for name in MEASURES}),
        entries=entries,
        shares=_shares(session, commitment_id),
        sides=_sides(session, reader, commitment_id),
        files=_files(session, commitment_id),
    )


def _query(commitment_id: int) -> Any:
    source = C.join(B, B.c.commitment_id == C.c.id).join(D, D.c.id == C.c.dimension_set_id)
    columns = [*C.c, *(B.c[name].label(f"sum_{name}") for name in MEASURES), B.c.entry_count]
    for name in ("funder", "to_funder", "payer", "manager", "provider"):
        alias = O.alias(name)
        source = source.outerjoin(alias, alias.c.id == C.c[f"{name}_id"])
        columns.append((alias.c.name if name == "provider" else alias.c.short_name).label(name))
        if name == "provider":
            columns += [alias.c.siret.label("provider_siret"), alias.c.to_check.label("provider_to_check")]
        if name == "funder":
            columns.append(alias.c.confirmation_threshold.label("threshold"))
    for name, item in REFERENCE_TABLES.items():
        table: Any = item.__table__  # type: ignore[attr-defined]
        source = source.join(table, table.c.id == D.c[f"{name}_id"])
        columns += [table.c.id.label(f"{name}_id"), table.c.label.label(f"{name}_label")]
    source = source.outerjoin(F, F.c.id == C.c.import_file_id).outerjoin(A, A.c.id == C.c.recorded_by)
    columns = [column for column in columns if column.key != "recorded_by"]
    columns += [
        F.c.filename.label("source_file"),
        F.c.funder_id.label("source_funder_id"),
        A.c.name.label("recorded_by"),
    ]
    return select(*columns).select_from(source).where(C.c.id == commitment_id)


def _entries(session: Session, commitment_id: int) -> tuple[EntryShown, ...]:
    source = E.outerjoin(A, A.c.id == E.c.recorded_by).outerjoin(F, F.c.id == E.c.import_file_id)
    query = select(E, A.c.name.label("author"), F.c.filename.label("source_file")).select_from(source)
    rows = session.connection().execute(query.where(E.c.commitment_id == commitment_id).order_by(E.c.id)).all()
    reversals = {row.reverses_id: row.id for row in rows if row.reverses_id is not None}
    return tuple(_entry(row, reversals.get(row.id)) for row in rows)


def _entry(row: Any, reversed_by: int | None) -> EntryShown:
    names = "id amount effective_on booked_month recorded_at reverses_id motive reference source_file source_sheet"
    effective_month = row.effective_on.replace(day=1)
    return EntryShown(
        **{name: getattr(row, name) for name in names.split()},
        source_row=row.source_row,
        kind=EntryKind(row.kind),
        recorded_by=row.author or "console",
        recorded_by_id=row.recorded_by,
        reversed_by=reversed_by,
        late_for=effective_month if row.booked_month != effective_month else None,
    )


def _shares(session: Session, commitment_id: int) -> tuple[tuple[int, Decimal], ...]:
    """(year, euros) engaged less released, by year."""
    query = (
        select(
            S.c.year,
            func.sum(S.c.amount).filter(E.c.kind == EntryKind.COMMITMENT.value).label("committed"),
            func.sum(S.c.amount).filter(E.c.kind == EntryKind.RELEASE.value).label("released"),
            func.sum(S.c.amount).filter(E.c.kind == EntryKind.FORECAST.value).label("forecast"),
        )
        .select_from(S.join(E, E.c.id == S.c.entry_id))
        .where(E.c.commitment_id == commitment_id)
        .group_by(S.c.year)
        .order_by(S.c.year)
    )
    zero = Decimal("0.00")
    rows = session.connection().execute(query)
    sums = [(r.year, (r.committed or zero) - (r.released or zero) or (r.forecast or zero)) for r in rows]
    return tuple((year, amount) for year, amount in sums if amount)


def _sides(session: Session, reader: Actor, commitment_id: int) -> tuple[OtherSide, ...]:
    query = (
        select(T.c.given_id, C.c.id, C.c.funder_id, C.c.decided_on, O.c.short_name, B.c.commitment, B.c.release)
        .select_from(
            T.join(C, or_(C.c.id == T.c.given_id, C.c.id == T.c.spent_id))
            .join(O, O.c.id == C.c.funder_id)
            .join(B, B.c.commitment_id == C.c.id)
        )
        .where(or_(T.c.given_id == commitment_id, T.c.spent_id == commitment_id), C.c.id != commitment_id)
        .order_by(C.c.id)
    )
    return tuple(
        OtherSide(
            given=row.given_id == row.id,
            funder=row.short_name,
            month=row.decided_on.replace(day=1),
            committed=row.commitment - row.release,
            id=row.id if reader.relation_to(row.funder_id) is Relation.OWN else None,
        )
        for row in session.connection().execute(query)
    )


def _files(session: Session, commitment_id: int) -> tuple[FileShown, ...]:
    query = (
        select(J, A.c.name.label("author"))
        .select_from(J.outerjoin(A, A.c.id == J.c.added_by))
        .where(J.c.object_kind == "commitment", J.c.object_id == commitment_id, J.c.withdrawn_at.is_(None))
        .order_by(J.c.id)
    )
    return tuple(
        FileShown(row.id, row.filename, row.media_type, row.size, row.added_at, row.author or "console")
        for row in session.connection().execute(query)
    )
