"""Which parcours does a reader reach, and what do they hold?

A parcours is reached by its referent, by the funders that have a share in one of its steps, and by the receiver of a
handoff that is proposed or accepted (SEMANTICS §4); to be named as the payer of a right opens nothing, since anyone
could then open a parcours to a third party. Coordinators read all of them under their pseudonym. Every query takes
its reader: without one it cannot be written.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, false, func, or_, true
from sqlmodel import Session, col, select

from conference.data.tables import Alert, Handoff, IncomeRight, Organisation, Parcours, ParcoursMerge, Step, StepFunder
from conference.domain.handoff import OPENS_PARCOURS
from conference.domain.money import ZERO
from conference.domain.permissions import Actor, Relation, is_granted, require

PAGE = 50
"""Parcours on one page of the list."""


@dataclass(frozen=True)
class ParcoursLine:
    """One parcours in the list. `gap_days`, `gap_need`: what its open alerts say (need None: not known)."""

    id: int
    pseudonym: str
    kind: str
    key_situation: str
    target: str
    referent: str
    first: date | None
    last: date | None
    steps: int
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


def reached_parcours(reader: Actor, parcours_id: Any) -> ColumnElement[bool]:
    """SQL: does `reader` reach the parcours of identifier `parcours_id` (a column)?"""
    if is_granted(reader, "parcours.read", Relation.OTHER):
        return true()
    mine = reader.organisation_id
    if mine is None or not is_granted(reader, "parcours.read", Relation.PARTY):
        return false()
    own = select(Parcours.id).where(Parcours.referent_id == mine)
    return or_(parcours_id.in_(own), *(parcours_id.in_(part) for part in _parts_of(mine)))


def is_party(session: Session, parcours_id: int, reader: Actor) -> bool:
    """Has the reader's organisation a share in a step of it, a handoff that opens it, or a parcours joined to it?"""
    mine = reader.organisation_id
    if mine is None:
        return False
    reaches = or_(*(col(Parcours.id).in_(part) for part in _parts_of(mine)))
    return session.exec(select(Parcours.id).where(Parcours.id == parcours_id, reaches)).first() is not None


def _parts_of(organisation_id: int) -> tuple[Any, ...]:
    """SQL: the parcours that an organisation reaches by a step, by a handoff, and by one of its own that was joined to it."""
    shared = (
        select(Step.parcours_id)
        .join(StepFunder, col(StepFunder.step_id) == col(Step.id))
        .where(StepFunder.organisation_id == organisation_id)
    )
    handed = select(Handoff.parcours_id).where(
        Handoff.receiver_id == organisation_id, col(Handoff.status).in_([each.value for each in OPENS_PARCOURS])
    )
    joined = select(ParcoursMerge.kept_id).where(
        ParcoursMerge.status == "agreed",
        or_(
            col(ParcoursMerge.asked_by_id) == organisation_id,
            col(ParcoursMerge.answered_by_id) == organisation_id,
        ),
    )
    return shared, handed, joined


def parcours_list(session: Session, reader: Actor, *, page: int = 1, q: str = "") -> ParcoursList:
    """The parcours that `reader` reaches, latest first; `q` is part of a pseudonym or of a target."""
    require(reader, "parcours.list", Relation.OTHER)
    conditions = [reached_parcours(reader, col(Parcours.id))]
    if q:
        pattern = f"%{_escaped(q)}%"
        conditions.append(
            or_(col(Parcours.pseudonym).ilike(pattern, escape="!"), col(Parcours.target).ilike(pattern, escape="!"))
        )
    else:  # one that was joined to another is found by its pseudonym, which leads to the other
        conditions.append(col(Parcours.merged_into_id).is_(None))
    total = int(session.exec(select(func.count()).select_from(Parcours).where(*conditions)).one())
    page = min(max(page, 1), max(1, -(-total // PAGE)))
    query = (
        select(Parcours, Organisation.short_name)
        .join(Organisation, col(Organisation.id) == col(Parcours.referent_id))
        .where(*conditions)
        .order_by(col(Parcours.id).desc())
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    found = session.exec(query).all()
    ids = [parcours.id for parcours, _ in found]
    spans, gaps = _spans(session, ids), _gaps(session, ids)
    lines = tuple(
        ParcoursLine(
            row.id or 0,
            row.pseudonym,
            row.kind,
            row.key_situation,
            row.target,
            referent,
            *spans.get(row.id, (None, None, 0)),
            *gaps.get(row.id, (0, ZERO)),
        )
        for row, referent in found
    )
    return ParcoursList(lines, total, page)


def steps_of(session: Session, parcours_id: int) -> Sequence[Step]:
    """Steps of a parcours, in the order of their days. For queries and services that have checked the reader."""
    query = (
        select(Step)
        .where(Step.parcours_id == parcours_id, col(Step.withdrawn_at).is_(None))
        .order_by(col(Step.first), col(Step.last), col(Step.id))
    )
    return session.exec(query).all()


def rights_of(session: Session, parcours_id: int) -> Sequence[IncomeRight]:
    """Rights of a parcours, in the order of their days. For queries and services that have checked the reader."""
    query = select(IncomeRight).where(IncomeRight.parcours_id == parcours_id, col(IncomeRight.withdrawn_at).is_(None))
    return session.exec(query.order_by(col(IncomeRight.first), col(IncomeRight.last), col(IncomeRight.id))).all()


def reached_among(session: Session, reader: Actor, ids: Sequence[int]) -> set[int]:
    """Those of these parcours that `reader` may open."""
    query = select(Parcours.id).where(col(Parcours.id).in_(ids), reached_parcours(reader, col(Parcours.id)))
    return {number or 0 for number in session.exec(query)}


def _spans(session: Session, ids: Sequence[int | None]) -> dict[int | None, tuple[date | None, date | None, int]]:
    query = (
        select(Step.parcours_id, func.min(Step.first), func.max(Step.last), func.count())
        .where(col(Step.parcours_id).in_(ids), col(Step.withdrawn_at).is_(None))
        .group_by(col(Step.parcours_id))
    )
    return {parcours_id: (first, last, count) for parcours_id, first, last, count in session.exec(query)}


def _gaps(session: Session, ids: Sequence[int | None]) -> dict[int | None, tuple[int, Decimal | None]]:
    query = select(col(Alert.parcours_id), col(Alert.days), col(Alert.need)).where(
        col(Alert.parcours_id).in_(ids), Alert.status == "open", Alert.code == "income_gap"
    )
    found: dict[int | None, tuple[int, Decimal | None]] = {}
    for parcours_id, days, need in session.exec(query):
        before_days, before = found.get(parcours_id, (0, ZERO))
        found[parcours_id] = before_days + days, None if before is None or need is None else before + need
    return found


def _escaped(text: str) -> str:
    return text.replace("!", "!!").replace("%", "!%").replace("_", "!_")
