"""In which month is an entry booked, and how is a month closed?

An entry falls in the month of its effective day, or, when that one is closed, in the next open one, where it is shown as
*régularisation*. Months before the conférence's first one are the *reprise*: they keep their own month.
"""

from datetime import date, datetime

from sqlmodel import Session, col, select

from conference.data.journal import write_journal
from conference.data.tables import MonthState
from conference.domain.french import format_month, next_month
from conference.domain.permissions import Actor
from conference.domain.refusal import Refusal


class OpenMonths:
    """The closed months as they stand now, read once per service call."""

    def __init__(self, session: Session) -> None:
        query = select(col(MonthState.month)).where(col(MonthState.closed_at).is_not(None))
        self._closed = frozenset(session.exec(query))

    def booking(self, effective_on: date) -> date:
        """First day of the month that books an entry effective on that day."""
        month = effective_on.replace(day=1)
        while month in self._closed:
            month = next_month(month)
        return month


def close_month(session: Session, *, month: date, by: Actor, at: datetime) -> MonthState:
    """Close `month` (its first day): from then on the database itself refuses an entry in it."""
    state = session.get(MonthState, month) or MonthState(month=month)
    if state.closed_at is not None:
        raise Refusal(f"Le mois de {format_month(month)} est déjà clôturé.", code="month_closed")
    state.closed_at, state.closed_count = at, state.entry_count
    session.add(state)
    write_journal(
        session,
        by=by,
        at=at,
        verb="close_month",
        object_kind="month",
        object_id=month.year * 100 + month.month,
        object_label=format_month(month),
        changes={"entries": state.entry_count, "total": state.entry_total},
    )
    return state
