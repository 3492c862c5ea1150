"""Which lines of the ledger are in the selection, and which of their columns may be used to select them?

A filter or a sort on a column that is hidden would tell what it holds: of another funder's line only the columns of
`LINE_COLUMNS[OTHER]` select and sort (SEMANTICS §4). So text, provider and most states apply to the reader's own lines
alone. Level and sector are dimensions that every aggregate is told by: such a selection shows the reader's lines and
says how many others it holds, and their sum.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, not_, or_, select, true

from conference.data.tables import (
    REFERENCE_TABLES,
    Balance,
    Commitment,
    Convention,
    ConventionCommitment,
    DimensionSet,
    Entry,
    Organisation,
)
from conference.data.tables.metadata import table_of
from conference.data.tables.sums import MEASURES
from conference.domain.ledger import CommitmentStatus, EntryKind
from conference.domain.money import ZERO
from conference.domain.permissions import LINE_COLUMNS, Actor, Relation, Role, is_granted

C: Any = Commitment.__table__  # type: ignore[attr-defined]
B: Any = Balance.__table__  # type: ignore[attr-defined]
D: Any = DimensionSet.__table__  # type: ignore[attr-defined]
E: Any = Entry.__table__  # type: ignore[attr-defined]
O: Any = Organisation.__table__  # type: ignore[attr-defined]  # noqa: E741
MASKED = LINE_COLUMNS[Relation.OTHER]
"""Columns of another funder's line that may be shown, filtered and sorted."""
OPEN_STATUSES = frozenset({CommitmentStatus.ACTIVE, CommitmentStatus.PAID})
"""States that the visible amounts of another's line tell by themselves."""


@dataclass(frozen=True)
class Filters:
    """What is asked of the list. Codes of funders and of list items (empty: all); months are booked months, included.

    `provider` is an organisation's code; `q` words sought in references, object and provider; `import_file` the number of
    the file that made the line; `convention` the number of the one under which it was made, which the reader reaches.
    """

    q: str = ""
    funders: tuple[str, ...] = ()
    items: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    provider: str = ""
    status: CommitmentStatus | None = None
    first_month: date | None = None
    last_month: date | None = None
    import_file: int | None = None
    convention: str = ""

    @property
    def by_month(self) -> bool:
        """Are the amounts those of some months only?"""
        return bool(self.first_month or self.last_month)

    @property
    def own_only(self) -> bool:
        """Do these filters use a column that only the reader's own lines show?"""
        return bool(self.q or self.provider or self.import_file or (self.status and self.status not in OPEN_STATUSES))

    @property
    def hides_others(self) -> bool:
        """Do these filters use a dimension that others' lines do not show?"""
        return any(codes and name not in MASKED for name, codes in self.items.items())


def is_own(reader: Actor, funder: Any = C.c.funder_id) -> ColumnElement[bool]:
    """SQL: is the line, whose funder is in column `funder`, one that `reader` sees whole?"""
    if reader.role is Role.CONSOLE:
        return true()
    if reader.organisation_id is None or not is_granted(reader, "commitment.read", Relation.OWN):
        return false()
    found: ColumnElement[bool] = funder == reader.organisation_id
    return found


def month_sums(filters: Filters, ids: Sequence[int] | None = None) -> Any:
    """Subquery: sums by kind of the entries booked in the months asked, by commitment (of `ids` alone when given)."""
    sums = [func.sum(E.c.amount).filter(E.c.kind == kind).label(kind) for kind in MEASURES]
    conditions = [] if ids is None else [E.c.commitment_id.in_(ids)]
    if filters.first_month:
        conditions.append(E.c.booked_month >= filters.first_month)
    if filters.last_month:
        conditions.append(E.c.booked_month <= filters.last_month)
    return select(E.c.commitment_id, *sums).where(*conditions).group_by(E.c.commitment_id).subquery("month_sums")


def selected_from(filters: Filters, ids: Sequence[int] | None = None) -> tuple[Any, Any]:
    """(FROM clause, the table that holds the amounts): whole balances, or those of the months asked (of `ids` alone)."""
    source = C.join(B, B.c.commitment_id == C.c.id).join(D, D.c.id == C.c.dimension_set_id)
    if not filters.by_month:
        return source, B
    sums = month_sums(filters, ids)
    return source.join(sums, sums.c.commitment_id == C.c.id), sums


def chosen(filters: Filters, funder: Any, dimension_set: Any) -> list[ColumnElement[bool]]:
    """SQL conditions of the funders and of the items asked, on the columns that hold them."""
    wanted: list[ColumnElement[bool]] = []
    if filters.funders:
        wanted.append(funder.in_(select(O.c.id).where(O.c.code.in_(filters.funders))))
    sets = []
    for name, codes in filters.items.items():
        if codes:
            table: Any = REFERENCE_TABLES[name].__table__  # type: ignore[attr-defined]
            sets.append(D.c[f"{name}_id"].in_(select(table.c.id).where(table.c.code.in_(codes))))
    return [*wanted, dimension_set.in_(select(D.c.id).where(*sets))] if sets else wanted


def conditions(filters: Filters, own: ColumnElement[bool], amounts: Any) -> list[ColumnElement[bool]]:
    """SQL conditions of the selection. Of others' lines those that hold no amount are left out: they say nothing."""
    wanted = [or_(own, _tells_something(amounts))]
    if filters.own_only:
        wanted.append(own)
    wanted += chosen(filters, C.c.funder_id, C.c.dimension_set_id)
    if filters.provider:
        wanted.append(C.c.provider_id.in_(select(O.c.id).where(O.c.code == filters.provider)))
    if filters.import_file:
        wanted.append(C.c.import_file_id == filters.import_file)
    if filters.convention:
        wanted.append(C.c.id.in_(_made_under(filters.convention)))
    if filters.status:
        wanted.append(_status_condition(filters.status))
    if filters.q:
        wanted += [_holds(word) for word in filters.q.split()]
    return wanted


def _made_under(number: str) -> Any:
    links, conventions = table_of(ConventionCommitment), table_of(Convention)
    source = links.join(conventions, conventions.c.id == links.c.convention_id)
    return select(links.c.commitment_id).select_from(source).where(conventions.c.number == number)


def inside(filters: Filters, reader: Actor) -> ColumnElement[bool]:
    """SQL: does the line pay through a funder that is itself in the selection? That part is internal."""
    if filters.own_only:
        return and_(C.c.to_funder_id.is_not(None), C.c.to_funder_id == (reader.organisation_id or 0))
    if filters.funders:
        found: ColumnElement[bool] = C.c.to_funder_id.in_(select(O.c.id).where(O.c.code.in_(filters.funders)))
        return found
    filled: ColumnElement[bool] = C.c.to_funder_id.is_not(None)
    return filled


def _tells_something(amounts: Any) -> ColumnElement[bool]:
    kinds = [kind.value for kind in EntryKind if kind is not EntryKind.FORECAST]
    return or_(*(func.coalesce(amounts.c[kind], ZERO) != ZERO for kind in kinds))


def _status_condition(status: CommitmentStatus) -> ColumnElement[bool]:
    engaged, waiting = B.c.commitment > ZERO, B.c.forecast > ZERO
    all_released, all_paid = B.c.commitment == B.c.release, B.c.commitment - B.c.release == B.c.payment - B.c.repayment
    rules: dict[CommitmentStatus, ColumnElement[bool]] = {
        CommitmentStatus.ACTIVE: and_(engaged, not_(all_released), not_(all_paid)),
        CommitmentStatus.PAID: and_(engaged, not_(all_released), all_paid),
        CommitmentStatus.RELEASED: and_(engaged, all_released),
        CommitmentStatus.AWAITING: waiting,  # also an increase that waits on a line already engaged
        CommitmentStatus.CANCELLED: and_(not_(engaged), not_(waiting)),
    }
    return rules[status]


def _holds(word: str) -> ColumnElement[bool]:
    texts = (C.c.reference, C.c.object, C.c.funder_reference, C.c.decision_reference, C.c.accounting_number)
    named = select(O.c.id).where(or_(O.c.name.icontains(word, autoescape=True), O.c.siret == word))
    return or_(*(text.icontains(word, autoescape=True) for text in texts), C.c.provider_id.in_(named))
