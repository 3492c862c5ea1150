"""Which alerts does a reader see?

Those of the parcours that it reaches, and those of the conventions that it reaches: parties and coordinators.
"""

from sqlalchemy import ColumnElement, or_, true
from sqlmodel import Session, col, select

from conference.data.queries.conventions import reached_conventions
from conference.data.queries.parcours import reached_parcours
from conference.data.queries.parcours_reach import listed_parcours
from conference.data.tables import Alert, Convention
from conference.domain.permissions import Actor, Relation, is_granted


def reached_alerts(reader: Actor) -> ColumnElement[bool]:
    """The condition under which `reader` sees a row of `alert`."""
    return _seen(reader, reached_parcours(reader, col(Alert.parcours_id)))


def listed_alerts(session: Session, reader: Actor) -> ColumnElement[bool]:
    """The same condition, asked in the way that costs least for a list of many."""
    return _seen(reader, listed_parcours(session, reader, col(Alert.parcours_id)))


def _seen(reader: Actor, parcours: ColumnElement[bool]) -> ColumnElement[bool]:
    if is_granted(reader, "parcours.read", Relation.OTHER) and is_granted(reader, "convention.read", Relation.OTHER):
        return true()
    mine = select(Convention.id).where(reached_conventions(reader))
    return or_(parcours, col(Alert.convention_id).in_(mine))
