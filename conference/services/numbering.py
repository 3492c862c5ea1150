"""How are references numbered without holes, and rows that are written many at once?

A counter row per series, raised in the transaction that uses the number: a rollback gives it back.
"""

from typing import Any

from sqlmodel import Session, func, select

from conference.data.tables import Counter


def take_numbers(session: Session, series: str, count: int = 1) -> list[int]:
    """The next `count` numbers of `series`, in order."""
    counter = session.get(Counter, series) or Counter(series=series, last=0)
    first = counter.last + 1
    counter.last += count
    session.add(counter)
    session.flush()
    return list(range(first, counter.last + 1))


def next_id(session: Session, table: type[Any]) -> int:
    """Next free identifier: with one writer at a time the largest one plus one is exact, on both engines."""
    return int(session.exec(select(func.coalesce(func.max(table.id), 0))).one()) + 1
