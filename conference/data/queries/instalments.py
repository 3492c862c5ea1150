"""Which instalments of conventions fall due, what of each is paid, and which are late?

A payment pays the instalment that it points to, else that of its commitment; its annulation goes with it, a repayment is
deducted. Only instalments of versions in force count. The officers of an organisation see those that it pays; parties and
coordinators see all those of a convention.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from conference.data.queries.conventions import reached_conventions
from conference.data.tables import (
    Convention,
    ConventionCommitment,
    ConventionInstalment,
    ConventionPayment,
    ConventionVersion,
    Entry,
    Organisation,
)
from conference.domain.convention import ConventionStatus
from conference.domain.ledger import EntryKind
from conference.domain.money import ZERO
from conference.domain.permissions import Actor, Relation, require

DUE = (ConventionStatus.SIGNED.value, ConventionStatus.ACTIVE.value)
"""States of a convention whose instalments are to be paid: nothing is asked of one that is suspended or ended."""
Key = tuple[int, int]
"""Convention and key of an instalment."""


@dataclass(frozen=True)
class InstalmentRow:
    """One instalment, in euros. `is_asked`: its convention is not suspended or ended."""

    convention_id: int
    reference: str
    title: str
    key: int
    organisation_id: int
    organisation: str
    kind: str
    due_on: date
    amount: Decimal
    paid: Decimal
    condition: str
    is_asked: bool
    on: date

    @property
    def left(self) -> Decimal:
        """What is left to pay of it."""
        return max(self.amount - self.paid, ZERO)

    @property
    def is_late(self) -> bool:
        """Is its day past, and something left?"""
        return self.is_asked and self.left > 0 and self.due_on < self.on

    @property
    def days_late(self) -> int:
        """Days since its day; 0 when it is not late."""
        return (self.on - self.due_on).days if self.is_late else 0


def due_instalments(session: Session, reader: Actor, on: date, *, within: int | None = None) -> list[InstalmentRow]:
    """What the reader's organisation has still to pay, the earliest first: all, or what falls due within so many days."""
    require(reader, "convention.list", Relation.OTHER)
    conditions = [
        col(ConventionInstalment.organisation_id) == (reader.organisation_id or 0),
        col(Convention.status).in_(DUE),
    ]
    if within is not None:
        conditions.append(col(ConventionInstalment.due_on) <= on + timedelta(days=within))
    return [row for row in _rows(session, conditions, on) if row.left > 0]


def instalments_of(session: Session, reader: Actor, convention_id: int, on: date) -> list[InstalmentRow]:
    """Every instalment of a convention, in the order of their days; none when the reader does not reach it."""
    return _rows(session, [col(Convention.id) == convention_id, reached_conventions(reader)], on)


def all_due(session: Session, on: date, within: int) -> list[InstalmentRow]:
    """What any organisation has still to pay by that day and `within` days after it. Asks no right: the nightly run's."""
    conditions = [
        col(Convention.status).in_(DUE),
        col(ConventionInstalment.due_on) <= on + timedelta(days=within),
    ]
    return [row for row in _rows(session, conditions, on) if row.left > 0]


def _rows(session: Session, conditions: Sequence[Any], on: date) -> list[InstalmentRow]:
    query = (
        select(ConventionInstalment, Convention, col(ConventionVersion.title), col(Organisation.short_name))
        .join(ConventionVersion, col(ConventionVersion.id) == col(ConventionInstalment.version_id))
        .join(Convention, col(Convention.id) == col(ConventionVersion.convention_id))
        .join(Organisation, col(Organisation.id) == col(ConventionInstalment.organisation_id))
        .where(col(ConventionVersion.in_force).is_(True), *conditions)
        .order_by(col(ConventionInstalment.due_on), col(Convention.id), col(ConventionInstalment.key))
    )
    found = session.execute(query).all()
    paid = paid_by_instalment(session, sorted({convention.id or 0 for _, convention, _, _ in found}))
    return [_row(row, convention, title, name, paid, on) for row, convention, title, name in found]


def _row(
    row: ConventionInstalment,
    convention: Convention,
    title: str,
    organisation: str,
    paid: Mapping[Key, Decimal],
    on: date,
) -> InstalmentRow:
    number = convention.id or 0
    return InstalmentRow(
        convention_id=number,
        reference=convention.number or f"Projet {number}",
        title=title,
        key=row.key,
        organisation_id=row.organisation_id,
        organisation=organisation,
        kind=row.kind,
        due_on=row.due_on,
        amount=row.amount,
        paid=paid.get((number, row.key), ZERO),
        condition=row.condition,
        is_asked=convention.status in DUE,
        on=on,
    )


def paid_by_instalment(session: Session, convention_ids: Sequence[int]) -> dict[Key, Decimal]:
    """Euros paid on each instalment of these conventions, in one query."""
    own, reversed_ = aliased(ConventionPayment), aliased(ConventionPayment)
    key = func.coalesce(own.instalment_key, reversed_.instalment_key, ConventionCommitment.instalment_key)
    amount = Entry.__table__.c.amount  # type: ignore[attr-defined]
    signed = case((col(Entry.kind) == EntryKind.PAYMENT.value, amount), else_=-amount)
    query = (
        select(col(ConventionCommitment.convention_id), key, func.sum(signed, type_=amount.type))
        .join(Entry, col(Entry.commitment_id) == col(ConventionCommitment.commitment_id))
        .outerjoin(own, col(own.entry_id) == col(Entry.id))
        .outerjoin(
            reversed_, and_(col(Entry.reverses_id).is_not(None), col(reversed_.entry_id) == col(Entry.reverses_id))
        )
        .where(
            col(ConventionCommitment.convention_id).in_(convention_ids),
            col(Entry.kind).in_([EntryKind.PAYMENT.value, EntryKind.REPAYMENT.value]),
            key.is_not(None),
        )
        .group_by(col(ConventionCommitment.convention_id), key)
    )
    return {(row[0], row[1]): row[2] for row in session.execute(query)} if convention_ids else {}
