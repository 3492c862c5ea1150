"""Which lines are on one page of the list, when sorting them all would cost more than reading the page?

The list's usual order is by month first (others' lines show no day), so a page lies between the month of its first line and
that of its last one. An index on the day tells these two months; only their lines are then sorted in full. The order is the
same as that of `commitment_order` over the whole selection, to the line.
"""

from calendar import monthrange
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session

from conference.data.queries.commitment_counts import line_conditions
from conference.data.queries.commitment_filters import C, Filters, is_own, selected_from
from conference.data.queries.commitment_order import order_by
from conference.domain.permissions import Actor

SORTS = ("-date", "date")


def page_ids(session: Session, reader: Actor, filters: Filters, sort: str, first: int, size: int) -> list[int]:
    """Identifiers of the lines at places `first`.. (from 0) of a plain selection, in the order `sort`, one of SORTS."""
    own = is_own(reader)
    wanted = line_conditions(filters, reader)
    if filters.hides_others:
        wanted.append(own)
    down = sort == "-date"
    begin = _day_at(session, wanted, first, down=down)
    end = _day_at(session, wanted, first + size - 1, down=down)
    if begin is None:
        return []
    before = _beyond(session, wanted, begin, down=down)
    wanted += _between(begin, end, down=down)
    source, amounts = selected_from(filters)
    query = select(C.c.id).select_from(source).where(*wanted).order_by(*order_by(session, sort, own, amounts))
    return list(session.connection().execute(query.limit(size).offset(first - before)).scalars())


def _day_at(session: Session, wanted: list[Any], place: int, *, down: bool) -> date | None:
    """Day of the line at that place when lines are in the order of their days; None beyond the last."""
    day = C.c.decided_on
    query = select(day).where(*wanted).order_by(day.desc() if down else day.asc()).limit(1).offset(place)
    found: date | None = session.connection().execute(query).scalar_one_or_none()
    return found


def _beyond(session: Session, wanted: list[Any], day: date, *, down: bool) -> int:
    """Number of lines of the months that come before that of `day` in the order."""
    condition = C.c.decided_on > _last(day) if down else C.c.decided_on < day.replace(day=1)
    query = select(func.count()).select_from(C).where(condition, *wanted)
    return int(session.connection().execute(query).scalar_one())


def _between(begin: date, end: date | None, *, down: bool) -> list[Any]:
    """Conditions of the months from that of `begin` to that of `end`, in the order."""
    if down:
        after = [C.c.decided_on >= end.replace(day=1)] if end else []
        return [C.c.decided_on <= _last(begin), *after]
    until = [C.c.decided_on <= _last(end)] if end else []
    return [C.c.decided_on >= begin.replace(day=1), *until]


def _last(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])
