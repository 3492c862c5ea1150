"""Which cases does the engine answer for, many at a time?

Read by chunks, so that neither the memory nor the number of queries grows with each parcours. For services that tell sums:
the caller decides what its reader is told.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple, TypeVar

from sqlmodel import Session, col, func, select

from conference.data.queries.parcours import case_of, reached_parcours
from conference.data.tables import IncomeRight, Parcours, Step
from conference.domain.case import Case
from conference.domain.permissions import Actor

Row = TypeVar("Row", Step, IncomeRight)

CHUNK = 500
"""Parcours read together."""


class CaseRow(NamedTuple):
    """One parcours as the engine is asked."""

    id: int
    pseudonym: str
    case: Case


def cases_from(session: Session, first: date, *, known_on: date, chunk: int = CHUNK) -> Iterator[CaseRow]:
    """Every parcours that has a step on `first` or after, as known at the end of `known_on`, read `chunk` at a time."""
    last_id = 0
    while True:
        found = session.exec(
            select(Parcours.id, Parcours.pseudonym)
            .where(col(Parcours.id) > last_id, col(Parcours.id).in_(_after(first)))
            .order_by(col(Parcours.id))
            .limit(chunk)
        ).all()
        if not found:
            return
        yield from _chunk(session, [(number or 0, pseudonym) for number, pseudonym in found], known_on)
        last_id = found[-1][0] or 0


def count_before(session: Session, first: date | None) -> int:
    """How many parcours have no step on `first` or after; all of them when `first` is None."""
    query = select(func.count()).select_from(Parcours)
    if first is not None:
        query = query.where(col(Parcours.id).not_in(_after(first)))
    return int(session.exec(query).one())


def reached_among(session: Session, reader: Actor, ids: Sequence[int]) -> set[int]:
    """Those of these parcours that `reader` may open."""
    query = select(Parcours.id).where(col(Parcours.id).in_(ids), reached_parcours(reader, col(Parcours.id)))
    return {number or 0 for number in session.exec(query)}


def _after(first: date) -> Any:
    return select(Step.parcours_id).where(col(Step.last) >= first)


def _chunk(session: Session, found: list[tuple[int, str]], known_on: date) -> Iterator[CaseRow]:
    ids = [number for number, _ in found]
    steps = _by_parcours(
        session.exec(
            select(Step).where(col(Step.parcours_id).in_(ids)).order_by(col(Step.first), col(Step.last), col(Step.id))
        )
    )
    rights = _by_parcours(session.exec(select(IncomeRight).where(col(IncomeRight.parcours_id).in_(ids))))
    for number, pseudonym in found:
        yield CaseRow(number, pseudonym, case_of(steps.get(number, []), rights.get(number, []), known_on))
    session.expunge_all()


def _by_parcours(rows: Iterable[Row]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = {}
    for row in rows:
        found.setdefault(row.parcours_id, []).append(row)
    return found
