"""Which rows of a list of people does a reader see, when the list may hold a million of them?

The same as `reached_parcours`, asked in the way that costs least: the parcours of an organisation that follows few are listed
once and for all; of one that follows very many, each row of the page is asked about instead.
"""

from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlmodel import Session, col

from conference.data.queries.parcours import parts_of, reached_parcours
from conference.data.tables import Handoff, Parcours, StepFunder
from conference.domain.permissions import Actor, Relation, is_granted

FEW = 200_000
"""Parcours of an organisation that are listed."""


def listed_parcours(session: Session, reader: Actor, parcours_id: Any) -> ColumnElement[bool]:
    """SQL: does `reader` reach the parcours of identifier `parcours_id` (a column)?"""
    mine = reader.organisation_id
    reads_all = is_granted(reader, "parcours.read", Relation.OTHER)
    if mine is None or reads_all or not is_granted(reader, "parcours.read", Relation.PARTY) or _many(session, mine):
        return reached_parcours(reader, parcours_id)
    own = select(col(Parcours.id)).where(col(Parcours.referent_id) == mine)
    listed: ColumnElement[bool] = parcours_id.in_(own.union(*parts_of(mine, None)))
    return listed


def _many(session: Session, organisation_id: int) -> bool:
    """Are there more than `FEW` of them, counted in indexes? Merges are few."""
    counts = (
        select(func.count()).select_from(select(column).where(column == organisation_id).limit(FEW + 1).subquery())
        for column in (col(Parcours.referent_id), col(StepFunder.organisation_id), col(Handoff.receiver_id))
    )
    return sum(int(session.execute(count).scalar_one()) for count in counts) > FEW
