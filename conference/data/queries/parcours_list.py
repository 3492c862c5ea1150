"""Which people are followed: where each one is, what comes next, and how many of their days nobody pays?

The days without income are those of the answer kept for each parcours (`coverage_state`), whatever was decided of its alerts.
A page costs the same number of queries whatever it holds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import func, or_
from sqlmodel import Session, col, select

from conference.data.queries.parcours import reached_parcours
from conference.data.tables import CoverageState, CoverageVersion, Organisation, Parcours, Step
from conference.domain.money import ZERO
from conference.domain.permissions import Actor, Relation, require

PAGE = 50
"""Parcours on one page of the list."""


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
    """One page of the list, and how many parcours the reader reaches in all."""

    lines: tuple[ParcoursLine, ...]
    total: int
    page: int

    @property
    def pages(self) -> int:
        """Number of pages, at least one."""
        return max(1, -(-self.total // PAGE))


def parcours_list(
    session: Session,
    reader: Actor,
    *,
    on: date,
    page: int = 1,
    q: str = "",
    progress: Progress = Progress.ALL,
    territory_id: int | None = None,
) -> ParcoursList:
    """The parcours that `reader` reaches, latest first; `q` is part of a pseudonym, of a target or of a file number."""
    require(reader, "parcours.list", Relation.OTHER)
    conditions: list[Any] = [reached_parcours(reader, col(Parcours.id)), *_asked(q, progress, on)]
    if territory_id is not None:
        conditions.append(col(Parcours.territory_id) == territory_id)
    total = int(session.exec(select(func.count()).select_from(Parcours).where(*conditions)).one())
    page = min(max(page, 1), max(1, -(-total // PAGE)))
    query: Any = (
        select(Parcours, Organisation.short_name, col(CoverageVersion.gap), col(CoverageVersion.need))
        .join(Organisation, col(Organisation.id) == col(Parcours.referent_id))
        .join(CoverageState, col(CoverageState.parcours_id) == col(Parcours.id), isouter=True)
        .join(CoverageVersion, col(CoverageVersion.id) == col(CoverageState.version_id), isouter=True)
        .where(*conditions)
        .order_by(col(Parcours.id).desc())
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    found = session.exec(query).all()
    steps = _steps(session, [row.id or 0 for row, *_ in found])
    lines = (
        _line(row, referent, steps.get(row.id or 0, []), on, gap or 0, need if gap else ZERO)
        for row, referent, gap, need in found
    )
    return ParcoursList(tuple(lines), total, page)


def _asked(q: str, progress: Progress, on: date) -> list[Any]:
    conditions: list[Any] = []
    if q:
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
