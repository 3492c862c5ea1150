"""In which order do alerts come, and which of them does a page hold, without sorting a hundred thousand?

By the day to settle them, by severity, or by age. An index gives the order of the alerts of one status (and of one severity):
the first of each are read, and the page is the first of them all.
"""

from collections.abc import Sequence
from itertools import product
from typing import Any

from sqlalchemy import and_, case, or_, select
from sqlmodel import Session, col

from conference.data.queries.turning import PAGE, Turn
from conference.data.tables import Alert
from conference.domain.alert_words import AlertSeverity, AlertStatus

SORTS = ("due", "severity", "age")
STATUSES = tuple(each.value for each in AlertStatus)
SEVERITIES = tuple(each.value for each in AlertSeverity)
GRAVEST: Any = case({word: rank for rank, word in enumerate(SEVERITIES)}, value=col(Alert.severity))
"""The rank of a severity, the gravest first."""
_KEYS: dict[str, tuple[Any, ...]] = {
    "due": (col(Alert.settle_by), GRAVEST, col(Alert.id)),
    "severity": (GRAVEST, col(Alert.settle_by), col(Alert.id)),
    "age": (col(Alert.opened_at), col(Alert.id)),
}
Key = tuple[Any, ...]


def order_of(sort: str) -> tuple[Any, ...]:
    """What a query of alerts is ordered by."""
    return _KEYS[sort]


def ordered_ids(
    session: Session, conditions: Sequence[Any], statuses: Sequence[str], sort: str, turn: Turn
) -> Sequence[int]:
    """Identifiers of the alerts of a turn, one more than a page at most, those nearest to its row first."""
    key, backwards = _KEYS[sort], bool(turn.before and not turn.after)
    edge = turn.after or turn.before
    begin: Key | None = None
    if edge:
        row = session.execute(select(*key).where(col(Alert.id) == edge, *conditions)).one_or_none()
        if row is None:
            return ()
        begin = tuple(row)
    order = [each.desc() if backwards else each.asc() for each in key]
    found: list[Key] = []
    for kept in _parts(statuses, sort):
        query = select(*key).where(kept, *conditions).order_by(*order).limit(turn.skipped + PAGE + 1)
        if begin is not None:
            query = query.where(_beyond(key, begin, backwards=backwards))
        found += [tuple(row) for row in session.execute(query)]
    ordered = sorted(found, reverse=backwards)[turn.skipped : turn.skipped + PAGE + 1]
    return [row[-1] for row in ordered]


def _parts(statuses: Sequence[str], sort: str) -> Sequence[Any]:
    """SQL: alerts whose order an index gives."""
    severities = SEVERITIES if sort == "severity" else (None,)
    return [
        and_(col(Alert.status) == status, *([col(Alert.severity) == severity] if severity else []))
        for status, severity in product(statuses, severities)
    ]


def _beyond(key: Sequence[Any], begin: Key, *, backwards: bool) -> Any:
    """SQL: what follows this row, or comes before it. The first term alone lets the index begin there."""
    first = key[0] <= begin[0] if backwards else key[0] >= begin[0]
    beyond: Any = None
    for column, value in reversed(list(zip(key, begin, strict=True))):
        further = column < value if backwards else column > value
        beyond = further if beyond is None else or_(further, and_(column == value, beyond))
    return and_(first, beyond)
