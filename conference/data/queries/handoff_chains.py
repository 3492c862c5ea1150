"""Which handoffs of a parcours follow one another, as far as the reader may know?

A parcours that the reader reaches tells its accepted handoffs, like its steps and their funders; only those that it sends or
receives are opened.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, func, select

from conference.data.queries.handoffs import HandoffRow, handoff_row, handoff_rows, handoffs_of
from conference.data.queries.parcours import reached_parcours
from conference.data.tables import Handoff
from conference.domain.handoff import HandoffStatus
from conference.domain.handoff_chain import Link, chain_of, chains
from conference.domain.permissions import Actor, Relation, require

CHAINS = 200
"""Parcours whose chains are shown, the latest ones."""


@dataclass(frozen=True)
class ChainLink:
    """One handoff of a chain; `id` None where the reader may not open it."""

    id: int | None
    reference: str
    sender: str
    receiver: str
    first_day: date
    status: str
    current: bool = False


@dataclass(frozen=True)
class Chain:
    """Handoffs of one parcours that follow one another."""

    parcours_id: int
    pseudonym: str
    links: tuple[ChainLink, ...]


def handoff_chain(session: Session, reader: Actor, handoff_id: int) -> tuple[ChainLink, ...]:
    """The chain of a handoff that `reader` may read, where its parcours is reached; empty when it is alone."""
    row = handoff_row(session, reader, handoff_id)
    if row.parcours_id is None:
        return ()
    rows = {
        each.id: each for each in handoffs_of(session, reader, row.parcours_id) if _counts_in_chain(each, handoff_id)
    }
    chain = chain_of(_links(session, list(rows)), handoff_id)
    return tuple(_told(rows[link.id], handoff_id) for link in chain) if len(chain) > 1 else ()


def handoff_chains(session: Session, reader: Actor) -> tuple[Chain, ...]:
    """Chains of two accepted handoffs or more, in the parcours that `reader` reaches, the latest parcours first."""
    require(reader, "handoff.list", Relation.OTHER)
    query = (
        select(Handoff.parcours_id)
        .where(Handoff.status == HandoffStatus.ACCEPTED.value, reached_parcours(reader, col(Handoff.parcours_id)))
        .group_by(col(Handoff.parcours_id))
        .having(func.count() > 1)
        .order_by(col(Handoff.parcours_id).desc())
        .limit(CHAINS)
    )
    ids = list(session.exec(query))
    conditions = [col(Handoff.parcours_id).in_(ids), col(Handoff.status) == HandoffStatus.ACCEPTED.value]
    rows = {each.id: each for each in handoff_rows(session, reader, conditions, (col(Handoff.id),))}
    found = [
        Chain(
            rows[chain[0].id].parcours_id or 0,
            rows[chain[0].id].pseudonym or "",
            tuple(_told(rows[link.id]) for link in chain),
        )
        for chain in chains(_links(session, list(rows)))
        if len(chain) > 1
    ]
    return tuple(sorted(found, key=lambda chain: -chain.parcours_id))


def _counts_in_chain(row: HandoffRow, handoff_id: int) -> bool:
    return row.id == handoff_id or row.status in (HandoffStatus.ACCEPTED, HandoffStatus.PROPOSED)


def _told(row: HandoffRow, current: int = 0) -> ChainLink:
    number = row.id if row.may_open else None
    return ChainLink(number, row.reference, row.sender, row.receiver, row.first_day, row.status, row.id == current)


def _links(session: Session, ids: Sequence[int]) -> list[Link]:
    query = select(Handoff).where(col(Handoff.id).in_(ids))
    return [
        Link(row.id or 0, row.from_step_id, row.to_step_id or row.from_step_id, row.sender_id, row.receiver_id)
        for row in session.exec(query)
    ]
