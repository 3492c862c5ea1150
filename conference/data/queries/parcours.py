"""Which parcours does a reader reach, and what do they hold?

A parcours is reached by its referent, by the funders that have a share in one of its steps, and by the receiver of a
handoff that is proposed or accepted (SEMANTICS §4); to be named as the payer of a right opens nothing, since anyone
could then open a parcours to a third party. Coordinators read all of them under their pseudonym. Every query takes
its reader: without one it cannot be written.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, false, func, or_, true
from sqlmodel import Session, col, select

from conference.data.queries.cases import coverage_of
from conference.data.queries.commitment_order import sort_key
from conference.data.tables import Alert, Handoff, IncomeRight, Organisation, Parcours, Step, StepFunder
from conference.domain.coverage import Coverage
from conference.domain.handoff import OPENS_PARCOURS
from conference.domain.money import ZERO
from conference.domain.permissions import Actor, Relation, is_granted, require
from conference.domain.refusal import NotFound

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


@dataclass(frozen=True)
class StepView:
    """One step, with the funders that share it."""

    id: int
    kind: str
    title: str
    first: date
    last: date
    hours: int | None
    needs_income: bool
    provider: str | None
    funders: tuple[str, ...]
    version: int


@dataclass(frozen=True)
class RightView:
    """One recorded right."""

    id: int
    kind: str
    payer: str
    first: date
    last: date
    daily_amount: Decimal | None
    origin: str
    known_on: date


@dataclass(frozen=True)
class ParcoursView:
    """A parcours as its page shows it; `may_edit`: the reader may add to it."""

    id: int
    pseudonym: str
    kind: str
    key_situation: str
    target: str
    referent: str
    created_at: datetime
    version: int
    steps: tuple[StepView, ...]
    rights: tuple[RightView, ...]
    coverage: Coverage
    payers: dict[str, str]
    may_edit: bool


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
    """Has the reader's organisation a share in a step of this parcours, or a handoff that opens it?"""
    mine = reader.organisation_id
    if mine is None:
        return False
    reaches = or_(*(col(Parcours.id).in_(part) for part in _parts_of(mine)))
    return session.exec(select(Parcours.id).where(Parcours.id == parcours_id, reaches)).first() is not None


def _parts_of(organisation_id: int) -> tuple[Any, Any]:
    """SQL: the parcours that an organisation reaches by a step, and by a handoff."""
    shared = (
        select(Step.parcours_id)
        .join(StepFunder, col(StepFunder.step_id) == col(Step.id))
        .where(StepFunder.organisation_id == organisation_id)
    )
    handed = select(Handoff.parcours_id).where(
        Handoff.receiver_id == organisation_id, col(Handoff.status).in_([each.value for each in OPENS_PARCOURS])
    )
    return shared, handed


def parcours_list(session: Session, reader: Actor, *, page: int = 1, q: str = "") -> ParcoursList:
    """The parcours that `reader` reaches, latest first; `q` is part of a pseudonym or of a target."""
    require(reader, "parcours.list", Relation.OTHER)
    conditions = [reached_parcours(reader, col(Parcours.id))]
    if q:
        pattern = f"%{_escaped(q)}%"
        conditions.append(
            or_(col(Parcours.pseudonym).ilike(pattern, escape="!"), col(Parcours.target).ilike(pattern, escape="!"))
        )
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


def parcours_view(session: Session, reader: Actor, parcours_id: int, *, known_on: date) -> ParcoursView:
    """The parcours and its coverage as known at the end of `known_on`. NotFound when `reader` does not reach it."""
    query = (
        select(Parcours, Organisation.short_name)
        .join(Organisation, col(Organisation.id) == col(Parcours.referent_id))
        .where(Parcours.id == parcours_id, reached_parcours(reader, col(Parcours.id)))
    )
    found = session.exec(query).first()
    if found is None:
        raise NotFound()
    row, referent = found
    steps, rights = steps_of(session, parcours_id), rights_of(session, parcours_id)
    names = _names(session, {right.payer_id for right in rights} | {step.provider_id for step in steps})
    return ParcoursView(
        id=parcours_id,
        pseudonym=row.pseudonym,
        kind=row.kind,
        key_situation=row.key_situation,
        target=row.target,
        referent=referent,
        created_at=row.created_at,
        version=row.version,
        steps=_step_views(session, steps, names),
        rights=tuple(_right_view(right, names) for right in rights),
        coverage=coverage_of(session, row, steps, rights, known_on),
        payers={str(right.payer_id): names[right.payer_id] for right in rights},
        may_edit=is_granted(reader, "parcours.edit", Relation.PARTY),
    )


def step_view(session: Session, reader: Actor, parcours_id: int, step_id: int) -> StepView:
    """One step of a parcours that `reader` reaches, else NotFound."""
    query = select(Step).where(
        Step.id == step_id, Step.parcours_id == parcours_id, reached_parcours(reader, col(Step.parcours_id))
    )
    step = session.exec(query).first()
    if step is None:
        raise NotFound()
    return _step_views(session, [step], _names(session, {step.provider_id}))[0]


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
        .where(col(Step.parcours_id).in_(ids))
        .group_by(col(Step.parcours_id))
    )
    return {parcours_id: (first, last, count) for parcours_id, first, last, count in session.exec(query)}


def _gaps(session: Session, ids: Sequence[int | None]) -> dict[int | None, tuple[int, Decimal | None]]:
    query = select(col(Alert.parcours_id), col(Alert.days), col(Alert.need)).where(
        col(Alert.parcours_id).in_(ids), Alert.status == "open"
    )
    found: dict[int | None, tuple[int, Decimal | None]] = {}
    for parcours_id, days, need in session.exec(query):
        before_days, before = found.get(parcours_id, (0, ZERO))
        found[parcours_id] = before_days + days, None if before is None or need is None else before + need
    return found


def _names(session: Session, ids: set[int | None] | set[int]) -> dict[int | None, str]:
    query = select(Organisation.id, Organisation.short_name).where(
        col(Organisation.id).in_(sorted(i for i in ids if i))
    )
    return dict(session.exec(query).all())


def _step_views(session: Session, steps: Sequence[Step], names: dict[int | None, str]) -> tuple[StepView, ...]:
    query = (
        select(StepFunder.step_id, Organisation.short_name)
        .join(Organisation, col(Organisation.id) == col(StepFunder.organisation_id))
        .where(col(StepFunder.step_id).in_([step.id for step in steps]))
    )
    funders: dict[int | None, list[str]] = {}
    for step_id, name in session.exec(query):
        funders.setdefault(step_id, []).append(name)
    return tuple(
        StepView(
            step.id or 0,
            step.kind,
            step.title,
            step.first,
            step.last,
            step.hours,
            step.needs_income,
            names.get(step.provider_id),
            tuple(sorted(funders.get(step.id, ()), key=sort_key)),
            step.version,
        )
        for step in steps
    )


def _right_view(right: IncomeRight, names: dict[int | None, str]) -> RightView:
    return RightView(
        right.id or 0,
        right.kind,
        names[right.payer_id],
        right.first,
        right.last,
        right.daily_amount,
        right.origin,
        right.known_on,
    )


def _escaped(text: str) -> str:
    return text.replace("!", "!!").replace("%", "!%").replace("_", "!_")
