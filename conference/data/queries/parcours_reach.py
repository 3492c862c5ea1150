"""Which rows of a list of people does a reader see, when the list may hold a million of them?

The same as `reached_parcours`, asked in the way that costs least: the parcours of an organisation that follows few are listed
once and for all; of one that follows very many, each row of the page is asked about instead.
"""

from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from conference.data.queries.parcours import parts_of, reached_parcours
from conference.data.tables import Handoff, Parcours, StepFunder
from conference.domain.permissions import Actor, Relation, is_granted

FEW = 200_000
"""Parcours of an organisation that are listed."""
FEW_HANDED = 1_000
"""Handoffs received that are listed, where its parcours are not."""


def listed_parcours(session: Session, reader: Actor, parcours_id: Any) -> ColumnElement[bool]:
    """SQL: does `reader` reach the parcours of identifier `parcours_id` (a column)?"""
    mine = reader.organisation_id
    reads_all = is_granted(reader, "parcours.read", Relation.OTHER)
    if mine is None or reads_all or not is_granted(reader, "parcours.read", Relation.PARTY):
        return reached_parcours(reader, parcours_id)
    shared, handed, joined = parts_of(mine, None)
    own = select(col(Parcours.id)).where(col(Parcours.referent_id) == mine)
    if _rows_of(session, mine, FEW, col(Parcours.referent_id), col(StepFunder.organisation_id)) <= FEW:
        listed: ColumnElement[bool] = parcours_id.in_(own.union(shared, handed, joined))
        return listed
    followed = aliased(Parcours)
    at_hand = select(col(followed.id)).where(col(followed.id) == parcours_id, col(followed.referent_id) == mine)
    shared_at_hand, handed_at_hand, _ = parts_of(mine, parcours_id)
    if _rows_of(session, mine, FEW_HANDED, col(Handoff.receiver_id)) > FEW_HANDED:
        handed = handed_at_hand
    return or_(*(parcours_id.in_(part) for part in (at_hand, shared_at_hand, handed, joined)))


def _rows_of(session: Session, organisation_id: int, most: int, *columns: Any) -> int:
    """How many rows name the organisation in these columns, counted in their indexes, up to one more than `most` in each."""
    counts = (
        select(func.count()).select_from(select(column).where(column == organisation_id).limit(most + 1).subquery())
        for column in columns
    )
    return sum(int(session.execute(count).scalar_one()) for count in counts)
