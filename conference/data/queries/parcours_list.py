"""Which people are followed: where each one is, what comes next, and how many of their days nobody pays?

The days without income are those of the answer kept for each parcours (`coverage_state`), whatever was decided of its alerts.
A page costs the same number of queries whatever it holds, and as much wherever it is in the list.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

import sqlalchemy
from sqlalchemy import or_
from sqlmodel import Session, col, select

from conference.data.queries.parcours_reach import listed_parcours
from conference.data.queries.turning import FIRST, PAGE, Page, Turn, counted, turned
from conference.data.tables import CoverageState, CoverageVersion, Organisation, Parcours, Step
from conference.domain.money import ZERO
from conference.domain.permissions import Actor, Relation, require

PSEUDONYM = re.compile(r"P-\d{4}-\d{6,}", re.IGNORECASE | re.ASCII)
"""A whole pseudonym: looked up, not searched for."""


class Progress(StrEnum):
    """Where people are: during a step or between two, before the first, after the last."""

    CURRENT = "current"
    COMING = "coming"
    OVER = "over"
    ALL = "all"


@dataclass(frozen=True)
class ParcoursLine:
    """One parcours in the list. `now`: the step of today; `then`, `then_on`: the next one and its first day. `gap_days`,
    `gap_need`: what nobody pays (need None: not known)."""

    id: int
    pseudonym: str
    target: str
    referent: str
    first: date | None
    last: date | None
    now: str
    then: str
    then_on: date | None
    gap_days: int
    gap_need: Decimal | None


@dataclass(frozen=True)
class ParcoursList:
    """One page of the list, among the parcours that the reader reaches."""

    lines: tuple[ParcoursLine, ...]
    page: Page

    @property
    def total(self) -> int:
        """Parcours that the reader reaches, as far as they are counted."""
        return self.page.total


def parcours_list(
    session: Session,
    reader: Actor,
    *,
    on: date,
    turn: Turn = FIRST,
    q: str = "",
    progress: Progress = Progress.ALL,
    territory_id: int | None = None,
) -> ParcoursList:
    """The parcours that `reader` reaches, latest first; `q` is part of a pseudonym, of a target or of a file number."""
    require(reader, "parcours.list", Relation.OTHER)
    conditions: list[Any] = [listed_parcours(session, reader, col(Parcours.id)), *_asked(q, progress, on)]
    if territory_id is not None:
        conditions.append(col(Parcours.territory_id) == territory_id)
    rows = sqlalchemy.select(col(Parcours.id)).where(*conditions)
    page, ids = turned(turn, counted(session, rows), lambda asked: _ids(session, rows, asked))
    return ParcoursList(_lines(session, ids, on), page)


def _ids(session: Session, rows: sqlalchemy.Select[Any], turn: Turn) -> Sequence[int]:
    number = col(Parcours.id)
    if turn.after:
        rows = rows.where(number < turn.after)
    elif turn.before:
        rows = rows.where(number > turn.before)
    backwards = turn.before and not turn.after
    ordered = rows.order_by(number.asc() if backwards else number.desc())
    return session.execute(ordered.limit(PAGE + 1).offset(turn.skipped)).scalars().all()


def _lines(session: Session, ids: Sequence[int], on: date) -> tuple[ParcoursLine, ...]:
    query: Any = (
        select(Parcours, Organisation.short_name, col(CoverageVersion.gap), col(CoverageVersion.need))
        .join(Organisation, col(Organisation.id) == col(Parcours.referent_id))
        .join(CoverageState, col(CoverageState.parcours_id) == col(Parcours.id), isouter=True)
        .join(CoverageVersion, col(CoverageVersion.id) == col(CoverageState.version_id), isouter=True)
        .where(col(Parcours.id).in_(ids))
        .order_by(col(Parcours.id).desc())
    )
    steps = _steps(session, ids)
    return tuple(
        _line(row, referent, steps.get(row.id or 0, []), on, gap or 0, need if gap else ZERO)
        for row, referent, gap, need in session.exec(query)
    )


def _asked(q: str, progress: Progress, on: date) -> list[Any]:
    conditions: list[Any] = []
    if PSEUDONYM.fullmatch(q):
        conditions.append(col(Parcours.pseudonym) == q.upper())
    elif q:
        pattern = "%" + q.replace("!", "!!").replace("%", "!%").replace("_", "!_") + "%"
        columns = (Parcours.pseudonym, Parcours.target, Parcours.own_reference)
        conditions.append(or_(*(col(each).ilike(pattern, escape="!") for each in columns)))
    else:  # one that was joined to another is found by its pseudonym, which leads to the other
        conditions.append(col(Parcours.merged_into_id).is_(None))
    live = select(Step.id).where(Step.parcours_id == Parcours.id, col(Step.withdrawn_at).is_(None))
    begun, left = live.where(Step.first <= on).exists(), live.where(Step.last >= on).exists()
    if progress is Progress.CURRENT:
        conditions += [begun, left]
    elif progress is Progress.COMING:
        conditions += [~begun]
    elif progress is Progress.OVER:
        conditions += [begun, ~left]
    return conditions


def _steps(session: Session, ids: Sequence[int]) -> dict[int, list[tuple[str, date, date]]]:
    query = (
        select(col(Step.parcours_id), col(Step.title), col(Step.first), col(Step.last))
        .where(col(Step.parcours_id).in_(ids), col(Step.withdrawn_at).is_(None))
        .order_by(col(Step.first), col(Step.last), col(Step.id))
    )
    found: dict[int, list[tuple[str, date, date]]] = {}
    for parcours_id, title, first, last in session.exec(query):
        found.setdefault(parcours_id, []).append((title, first, last))
    return found


def _line(
    row: Parcours, referent: str, steps: Sequence[tuple[str, date, date]], on: date, gap: int, need: Decimal | None
) -> ParcoursLine:
    now = next((title for title, first, last in steps if first <= on <= last), "")
    then = next(((title, first) for title, first, _ in steps if first > on), ("", None))
    return ParcoursLine(
        id=row.id or 0,
        pseudonym=row.pseudonym,
        target=row.target,
        referent=referent,
        first=min((first for _, first, _ in steps), default=None),
        last=max((last for _, _, last in steps), default=None),
        now=now,
        then=then[0],
        then_on=then[1],
        gap_days=gap,
        gap_need=need,
    )
