"""Which transfers did the reader's organisation receive, and what of them is not spent on a line yet?

The receiver is a party to the transfer: it sees the giver, the six dimensions (its own line takes them, so that any
filter holds both sides or none), the month and the amounts; nothing else of the giver's line.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session

from conference.data.queries.commitment_filters import B, C, D, O
from conference.data.tables import REFERENCE_TABLES, TransferPair
from conference.domain.money import ZERO
from conference.domain.permissions import Actor, Relation, require
from conference.domain.refusal import NotFound

T: Any = TransferPair.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True)
class ReceivedTransfer:
    """One transfer received. `spent`: committed on the lines paired with it; `dimension_set_id`: what pairs share."""

    id: int
    funder: str
    labels: dict[str, str]
    dimension_set_id: int
    month: date
    committed: Decimal
    paid: Decimal
    spent: Decimal
    pairs: int

    @property
    def left(self) -> Decimal:
        """What no line of the receiver spends yet."""
        return max(ZERO, self.committed - self.spent)


@dataclass(frozen=True)
class OwnLine:
    """A line of the receiver that has the transfer's dimensions and could be tied to it."""

    id: int
    reference: str
    object: str
    committed: Decimal


def received_transfers(session: Session, reader: Actor) -> list[ReceivedTransfer]:
    """Live transfers towards the reader's organisation, those not spent yet first, then the latest."""
    require(reader, "transfer.pair", Relation.PARTY)
    rows = session.connection().execute(_query(reader))
    found = [_received(row) for row in rows]
    return sorted(found, key=lambda each: (each.left == 0, -each.month.toordinal(), each.id))


def received_transfer(session: Session, reader: Actor, given_id: int) -> ReceivedTransfer:
    """One of them. Raises NotFound when it does not go to the reader's organisation."""
    require(reader, "transfer.pair", Relation.PARTY)
    row = session.connection().execute(_query(reader).where(C.c.id == given_id)).one_or_none()
    if row is None:
        raise NotFound()
    return _received(row)


def lines_to_pair(session: Session, reader: Actor, given: ReceivedTransfer) -> list[OwnLine]:
    """Own lines of the same dimensions that are tied to no transfer, the latest first."""
    paired = select(T.c.id).where(T.c.spent_id == C.c.id).exists()
    query = (
        select(C.c.id, C.c.reference, C.c.object, B.c.commitment, B.c.release)
        .select_from(C.join(B, B.c.commitment_id == C.c.id))
        .where(C.c.funder_id == (reader.organisation_id or 0), C.c.dimension_set_id == given.dimension_set_id)
        .where(B.c.commitment > B.c.release, ~paired)
        .order_by(C.c.id.desc())
        .limit(100)
    )
    rows = session.connection().execute(query)
    return [OwnLine(row.id, row.reference, row.object, row.commitment - row.release) for row in rows]


def _query(reader: Actor) -> Any:
    spent, sums = C.alias("spent"), B.alias("spent_sums")
    pairs = (
        select(
            T.c.given_id,
            func.count().label("pairs"),
            func.sum(sums.c.commitment).label("engaged"),
            func.sum(sums.c.release).label("released"),
        )
        .select_from(T.join(spent, spent.c.id == T.c.spent_id).join(sums, sums.c.commitment_id == spent.c.id))
        .group_by(T.c.given_id)
        .subquery("pairs")
    )
    source = C.join(B, B.c.commitment_id == C.c.id).join(D, D.c.id == C.c.dimension_set_id)
    source = source.join(O, O.c.id == C.c.funder_id).outerjoin(pairs, pairs.c.given_id == C.c.id)
    labels = []
    for name, item in REFERENCE_TABLES.items():
        table: Any = item.__table__  # type: ignore[attr-defined]
        source = source.join(table, table.c.id == D.c[f"{name}_id"])
        labels.append(table.c.label.label(name))
    amounts = [B.c[name] for name in ("commitment", "release", "payment", "repayment")]
    more = [pairs.c.pairs, pairs.c.engaged, pairs.c.released.label("unspent")]
    columns = [C.c.id, C.c.decided_on, C.c.dimension_set_id, O.c.short_name, *labels, *amounts, *more]
    mine = C.c.to_funder_id == (reader.organisation_id or 0)
    return select(*columns).select_from(source).where(mine, B.c.commitment > B.c.release)


def _received(row: Any) -> ReceivedTransfer:
    return ReceivedTransfer(
        id=row.id,
        funder=row.short_name,
        labels={name: getattr(row, name) for name in REFERENCE_TABLES},
        dimension_set_id=row.dimension_set_id,
        month=row.decided_on.replace(day=1),
        committed=row.commitment - row.release,
        paid=row.payment - row.repayment,
        spent=(row.engaged or ZERO) - (row.unspent or ZERO),
        pairs=row.pairs or 0,
    )
