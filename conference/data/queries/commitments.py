"""Which lines of the ledger does the reader see, in what order, and what do they add up to?

One list for the page, the exports and the figures of the dashboard that open it. Lines of other funders are masked in
the query itself: a column that may not be shown is NULL before it leaves the database. Totals are those of the whole
selection, not of the page, exact to the cent; what one funder of the selection pays through another of the selection is
told apart as internal transfers. With months asked, amounts are those booked in these months (so that a figure of March
opens lines whose sum is that figure), and the state remains that of today.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, case, extract, func, literal_column, null, select
from sqlmodel import Session

from conference.data.queries.commitment_counts import is_plain, plain_counts, plain_sums
from conference.data.queries.commitment_filters import (
    MASKED,
    B,
    C,
    D,
    Filters,
    O,
    conditions,
    inside,
    is_own,
    selected_from,
)
from conference.data.queries.commitment_order import order_by
from conference.data.queries.commitment_window import SORTS as WINDOWED
from conference.data.queries.commitment_window import page_ids
from conference.data.tables import REFERENCE_TABLES
from conference.data.tables.sums import MEASURES
from conference.domain.ledger import Balance, CommitmentStatus, status_of
from conference.domain.money import ZERO
from conference.domain.permissions import Actor, Relation, require

CHUNK = 500
"""Lines read at once by an export."""
_WHOLE_TEXTS = (
    "reference",
    "object",
    "funder_reference",
    "decision_reference",
    "accounting_number",
    "persons",
    "source",
    "recorded_at",
)
_DAYS = ("decided_on", "first", "last")
_COPIED = ("funder", "to_funder", "provider", "provider_siret", *REFERENCE_TABLES, *_WHOLE_TEXTS, *_DAYS)


@dataclass(frozen=True)
class Line:
    """One line as the reader may see it: what is hidden is None. `id` is None on others' lines, which open no page."""

    id: int | None
    is_own: bool
    reference: str | None
    funder: str
    to_funder: str | None
    scheme: str
    audience: str
    nature: str
    level: str | None
    territory: str
    sector: str | None
    month: date
    decided_on: date | None
    object: str | None
    provider: str | None
    provider_siret: str | None
    funder_reference: str | None
    decision_reference: str | None
    accounting_number: str | None
    first: date | None
    last: date | None
    persons: int | None
    source: str | None
    recorded_at: datetime | None
    status: CommitmentStatus | None
    forecast: Decimal | None
    committed: Decimal
    paid: Decimal
    still_to_pay: Decimal


@dataclass(frozen=True)
class Group:
    """Some lines together: how many, and the sums of their amounts."""

    count: int
    sums: Balance


@dataclass(frozen=True)
class Page:
    """One page of the list. `totals`: of all the lines that the list shows; `hidden`: others' lines that the selection
    holds and that the reader may only know together; `internal`: transfers between funders of the selection."""

    lines: tuple[Line, ...]
    page: int
    size: int
    totals: Group
    hidden: Group
    internal: Balance

    @property
    def pages(self) -> int:
        """Number of pages, one at least."""
        return max(1, -(-self.totals.count // self.size))

    @property
    def shared_committed(self) -> Decimal:
        """Committed by all the funders of the selection together, transfers counted once."""
        return self.totals.sums.committed + self.hidden.sums.committed - self.internal.committed

    @property
    def shared_paid(self) -> Decimal:
        """Paid by all the funders of the selection together, transfers counted once."""
        return self.totals.sums.paid + self.hidden.sums.paid - self.internal.paid


def list_commitments(
    session: Session, reader: Actor, filters: Filters, *, sort: str = "-date", page: int = 1, size: int = 50
) -> Page:
    """One page of the selection. Raises Forbidden for who may see no line. `sort`: see `commitment_order.SORTS`."""
    require(reader, "commitment.list", Relation.OTHER)
    shown, hidden, internal = _totals(session, reader, filters)
    page = min(max(page, 1), max(1, -(-shown.count // size)))
    if is_plain(filters) and sort in WINDOWED:
        ids = page_ids(session, reader, filters, sort, (page - 1) * size, size)
    else:
        query = _ids(session, reader, filters, sort).limit(size).offset((page - 1) * size)
        ids = list(session.connection().execute(query).scalars())
    return Page(tuple(_lines(session, reader, filters, ids)), page, size, shown, hidden, internal)


def all_commitments(session: Session, reader: Actor, filters: Filters, *, sort: str = "-date") -> Iterator[Line]:
    """Every line of the selection, in the order of the list: what an export holds."""
    require(reader, "commitment.export", Relation.OTHER)
    ids = list(session.connection().execute(_ids(session, reader, filters, sort)).scalars())
    for start in range(0, len(ids), CHUNK):
        yield from _lines(session, reader, filters, ids[start : start + CHUNK])


def _ids(session: Session, reader: Actor, filters: Filters, sort: str) -> Any:
    own = is_own(reader)
    source, amounts = selected_from(filters)
    wanted = conditions(filters, own, amounts)
    if filters.hides_others:
        wanted.append(own)
    return select(C.c.id).select_from(source).where(*wanted).order_by(*order_by(session, sort, own, amounts))


def _totals(session: Session, reader: Actor, filters: Filters) -> tuple[Group, Group, Balance]:
    """What the list shows, what others' lines hold together, and what is internal."""
    if is_plain(filters):
        counts = plain_counts(session, reader, filters)
        rows = [(is_mine, counts.pop(is_mine, 0), *sums) for is_mine, *sums in plain_sums(session, reader, filters)]
        rows += [(is_mine, count, *[None] * (2 * len(MEASURES))) for is_mine, count in counts.items()]
    else:
        rows = list(session.connection().execute(_sums_by_line(reader, filters)))
    shown, hidden, internal = Group(0, Balance()), Group(0, Balance()), Balance()
    for is_mine, count, *values in rows:
        group = Group(count, _balance(values[: len(MEASURES)]))
        internal = _plus(internal, _balance(values[len(MEASURES) :]))
        if is_mine or not filters.hides_others:
            shown = Group(shown.count + group.count, _plus(shown.sums, group.sums))
        else:
            hidden = group
    return shown, hidden, internal


def _sums_by_line(reader: Actor, filters: Filters) -> Any:
    own = is_own(reader)
    source, amounts = selected_from(filters)
    flag = case((own, 1), else_=0).label("is_mine")
    within = inside(filters, reader)
    sums = [func.sum(amounts.c[kind]).label(kind) for kind in MEASURES]
    inner = [func.sum(amounts.c[kind]).filter(within).label(f"internal_{kind}") for kind in MEASURES]
    query = select(flag, func.count(), *sums, *inner).select_from(source).where(*conditions(filters, own, amounts))
    return query.group_by(literal_column("is_mine"))


def _balance(values: Sequence[Any]) -> Balance:
    return Balance(**{name: value or ZERO for name, value in zip(MEASURES, values, strict=True)})


def _plus(left: Balance, right: Balance) -> Balance:
    return Balance(**{name: getattr(left, name) + getattr(right, name) for name in MEASURES})


def _lines(session: Session, reader: Actor, filters: Filters, ids: Sequence[int]) -> Iterator[Line]:
    if not ids:
        ids = [0]  # the same number of queries for an empty page
    found = {row.id: row for row in session.connection().execute(_details(reader, filters, ids))}
    for commitment_id in ids:
        if commitment_id in found:
            yield _line(found[commitment_id])


def _details(reader: Actor, filters: Filters, ids: Sequence[int]) -> Any:
    own = is_own(reader)
    source, amounts = selected_from(filters, ids)
    funder, to_funder, provider = O.alias("funder"), O.alias("to_funder"), O.alias("provider")
    source = source.join(funder, funder.c.id == C.c.funder_id)
    source = source.outerjoin(to_funder, to_funder.c.id == C.c.to_funder_id)
    source = source.outerjoin(provider, provider.c.id == C.c.provider_id)
    columns = {"funder": funder.c.short_name, "to_funder": to_funder.c.short_name, "provider": provider.c.name}
    for name, item in REFERENCE_TABLES.items():
        table: Any = item.__table__  # type: ignore[attr-defined]
        source = source.join(table, table.c.id == D.c[f"{name}_id"])
        columns[name] = table.c.label
    for name in _WHOLE_TEXTS:
        columns[name] = C.c[name]
    shown = [column.label(name) if name in MASKED else _own(own, column, name) for name, column in columns.items()]
    shown += [_own(own, C.c[name], name) for name in _DAYS]
    shown.append(_own(own, provider.c.siret, "provider_siret"))
    shown += [_measure(own, amounts, name) for name in MEASURES]
    shown += [_own(own, B.c[name], f"life_{name}") for name in MEASURES]
    year, month = extract("year", C.c.decided_on).label("year"), extract("month", C.c.decided_on).label("month_number")
    flag = case((own, 1), else_=0).label("is_own")
    return select(C.c.id, flag, year, month, *shown).select_from(source).where(C.c.id.in_(ids))


def _measure(own: ColumnElement[bool], amounts: Any, name: str) -> Any:
    """Others see what adds up to committed and paid, not prévisions, liquidations or mandats."""
    seen = {"commitment", "release", "payment", "repayment"}
    return amounts.c[name].label(name) if name in seen else _own(own, amounts.c[name], name)


def _own(own: ColumnElement[bool], column: Any, name: str) -> Any:
    return case((own, column), else_=null()).label(name)


def _line(row: Any) -> Line:
    mine = bool(row.is_own)
    sums = _balance([getattr(row, name) for name in MEASURES])
    return Line(
        id=row.id if mine else None,
        is_own=mine,
        month=date(int(row.year), int(row.month_number), 1),
        status=status_of(_balance([getattr(row, f"life_{name}") for name in MEASURES])) if mine else None,
        forecast=sums.forecast if mine else None,
        committed=sums.committed,
        paid=sums.paid,
        still_to_pay=sums.still_to_pay,
        **{name: getattr(row, name) for name in _COPIED},
    )
