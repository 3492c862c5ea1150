"""Which alerts does a reader see?

Those of the parcours that it reaches, and those of the conventions that it reaches: parties and coordinators.
"""

from sqlalchemy import ColumnElement, or_, true
from sqlmodel import col, select

from conference.data.queries.conventions import reached_conventions
from conference.data.queries.parcours import reached_parcours
from conference.data.tables import Alert, Convention
from conference.domain.permissions import Actor, Relation, is_granted


def reached_alerts(reader: Actor) -> ColumnElement[bool]:
    """The condition under which `reader` sees a row of `alert`."""
    if is_granted(reader, "parcours.read", Relation.OTHER) and is_granted(reader, "convention.read", Relation.OTHER):
        return true()
    mine = select(Convention.id).where(reached_conventions(reader))
    return or_(reached_parcours(reader, col(Alert.parcours_id)), col(Alert.convention_id).in_(mine))
