"""How are references numbered without holes?

A counter row per series, raised in the transaction that uses the number: a rollback gives it back.
"""

from sqlmodel import Session

from conference.data.tables import Counter


def take_numbers(session: Session, series: str, count: int = 1) -> list[int]:
    """The next `count` numbers of `series`, in order."""
    counter = session.get(Counter, series) or Counter(series=series, last=0)
    first = counter.last + 1
    counter.last += count
    session.add(counter)
    session.flush()
    return list(range(first, counter.last + 1))
