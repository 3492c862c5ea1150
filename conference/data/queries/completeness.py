"""How many funders have entries in a selection, of those that should?

What « 5 financeurs sur 7 » says beside a total: a funder counts as present when one entry of it is booked in the months
asked; expected is a funder in being at any time of these months. All months together, a funder of the past that never
entered anything here is not waited for.
"""

from typing import Any

from sqlalchemy import func, or_, select
from sqlmodel import Session

from conference.data.queries.commitment_filters import Filters, O
from conference.data.tables import RollupFunder
from conference.domain.french import next_month

R: Any = RollupFunder.__table__  # type: ignore[attr-defined]


def funders_that_sent(session: Session, filters: Filters) -> tuple[int, int]:
    """(funders with an entry in the months asked, funders expected), within the funders asked."""
    expected = select(O.c.id).where(O.c.is_funder)
    if filters.funders:
        expected = expected.where(O.c.code.in_(filters.funders))
    if filters.first_month:
        expected = expected.where(or_(O.c.last.is_(None), O.c.last >= filters.first_month))
    else:
        expected = expected.where(or_(O.c.last.is_(None), O.c.id.in_(select(R.c.funder_id).where(R.c.entry_count > 0))))
    if filters.last_month:
        expected = expected.where(or_(O.c.first.is_(None), O.c.first < next_month(filters.last_month)))
    sent = select(func.count(func.distinct(R.c.funder_id))).where(R.c.entry_count > 0, R.c.funder_id.in_(expected))
    if filters.first_month:
        sent = sent.where(R.c.month >= filters.first_month)
    if filters.last_month:
        sent = sent.where(R.c.month <= filters.last_month)
    connection = session.connection()
    count = connection.execute(select(func.count()).select_from(expected.subquery())).scalar_one()
    return int(connection.execute(sent).scalar_one()), int(count)
