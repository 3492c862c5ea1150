"""Which collective actions does a reader see, what does each hold, and who follows it?

Its owner sees all of it; a funder that has a share of its plan as well, since it reads the parcours of who is enrolled; a
funder that reaches one of these parcours sees the action and its own people. Coordinators see every action. Under the
threshold, how many people follow it is told only to who reads all of them (SEMANTICS §4).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select, true
from sqlmodel import Session, col

from conference.data.queries.parcours import reached_parcours
from conference.data.tables import (
    CollectiveAction,
    Organisation,
    Parcours,
    PlanCost,
    PlanShare,
    Step,
    StepFunding,
    StepResult,
)
from conference.domain.money import ZERO
from conference.domain.permissions import Actor, Relation, is_granted, require
from conference.domain.refusal import NotFound
from conference.domain.suppression import shown_count

PAGE = 50
"""Actions on one page of the list."""
COMMON = (
    *("kind", "title", "first", "last", "hours", "weekly_hours", "provider_id"),
    *("qualifying", "shortage_occupation", "approved_for_pay"),
)
"""What is the action's for everyone; a prescription, a registration or a need of income is each person's own."""


@dataclass(frozen=True)
class ActionRow:
    """One action in the list. `persons`: enrolled, None when the count is hidden; `cost`, `to_find`: euros of its plan, None
    when the reader may not see the plan."""

    id: int
    title: str
    kind: str
    first: date
    last: date
    owner: str
    places: int | None
    persons: int | None
    cost: Decimal | None
    to_find: Decimal | None
    is_own: bool


@dataclass(frozen=True)
class ActionList:
    """One page of the list, and how many actions the reader sees in all."""

    rows: tuple[ActionRow, ...]
    total: int
    page: int

    @property
    def pages(self) -> int:
        """Number of pages, at least one."""
        return max(1, -(-self.total // PAGE))


@dataclass(frozen=True)
class PersonRow:
    """One person enrolled, whose parcours the reader reaches. `funded`: euros committed for the step; `differs`: the step says
    otherwise than the action."""

    parcours_id: int
    pseudonym: str
    step_id: int
    version: int
    first: date
    last: date
    outcome: str | None
    funded: Decimal
    differs: bool


@dataclass(frozen=True)
class ActionView:
    """An action as its page shows it. `persons`: all that are enrolled, None when hidden; `people`: those that the reader
    reaches; `sees_plan`: its plan is the reader's too; `may_edit`: the reader's organisation keeps it, `may_plan`: writes its
    plan."""

    id: int
    owner: str
    provider: str | None
    facts: dict[str, Any]
    persons: int | None
    people: tuple[PersonRow, ...]
    is_own: bool
    sees_plan: bool
    may_edit: bool
    may_plan: bool
    version: int

    @property
    def title(self) -> str:
        """Its title, as users typed it."""
        return str(self.facts["title"])

    @property
    def others(self) -> int | None:
        """Persons enrolled that the reader does not reach; None when hidden."""
        return None if self.persons is None else self.persons - len(self.people)

    @property
    def apart(self) -> tuple[PersonRow, ...]:
        """Those whose step says otherwise than the action."""
        return tuple(person for person in self.people if person.differs)

    def person(self, step_id: int) -> PersonRow:
        """One of its people. Raises NotFound."""
        found = next((person for person in self.people if person.step_id == step_id), None)
        if found is None:
            raise NotFound()
        return found


FACTS = (
    *(
        "kind",
        "title",
        "first",
        "last",
        "hours",
        "weekly_hours",
        "places",
        "needs_income",
        "provider_id",
        "registered_on",
    ),
    *("prescribed", "qualifying", "shortage_occupation", "approved_for_pay"),
)
A, S = CollectiveAction.__table__, Step.__table__  # type: ignore[attr-defined]


def action_list(
    session: Session, reader: Actor, *, on: date, page: int = 1, q: str = "", over: bool = False, threshold: int
) -> ActionList:
    """The actions that `reader` sees, latest first; `q` is part of a title, `over` shows those that ended before `on`.
    `threshold`: smallest count of persons shown to who does not read them all."""
    require(reader, "action.list", Relation.OTHER)
    conditions = [_seen(reader), A.c.last < on if over else A.c.last >= on]
    if q:
        pattern = "%" + q.replace("!", "!!").replace("%", "!%").replace("_", "!_") + "%"
        conditions.append(A.c.title.ilike(pattern, escape="!"))
    total = int(session.execute(select(func.count()).select_from(A).where(*conditions)).scalar_one())
    page = min(max(page, 1), max(1, -(-total // PAGE)))
    query = (
        select(A, col(Organisation.short_name).label("owner"))
        .join(Organisation, col(Organisation.id) == A.c.owner_id)
        .where(*conditions)
        .order_by(A.c.first.desc(), A.c.id.desc())
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    found = session.execute(query).all()
    ids = [row.id for row in found]
    counts, sums, mine = _counts(session, reader, ids), _sums(session, ids), _sharing(session, reader, ids)
    rows = []
    for row in found:
        own = reader.relation_to(row.owner_id) is Relation.OWN
        persons, reached = counts.get(row.id, (0, 0))
        cost, taken = sums.get(row.id, (ZERO, ZERO)) if own or row.id in mine else (None, ZERO)
        rows.append(
            ActionRow(
                *(row.id, row.title, row.kind, row.first, row.last, row.owner, row.places),
                persons if own or reached == persons else shown_count(persons, threshold),
                cost,
                None if cost is None else cost - taken,
                own,
            )
        )
    return ActionList(tuple(rows), total, page)


def action_view(session: Session, reader: Actor, action_id: int, *, threshold: int) -> ActionView:
    """The action and its people. NotFound when `reader` does not see it."""
    require(reader, "action.list", Relation.OTHER)
    query = (
        select(A, col(Organisation.short_name).label("owner"))
        .join(Organisation, col(Organisation.id) == A.c.owner_id)
        .where(A.c.id == action_id, _seen(reader))
    )
    row = session.execute(query).first()
    if row is None:
        raise NotFound()
    own = reader.relation_to(row.owner_id) is Relation.OWN
    persons, reached = _counts(session, reader, [action_id]).get(action_id, (0, 0))
    sharing = bool(_sharing(session, reader, [action_id]))
    facts = {name: getattr(row, name) for name in FACTS}
    provider = session.get(Organisation, row.provider_id) if row.provider_id else None
    return ActionView(
        id=action_id,
        owner=row.owner,
        provider=provider.name if provider else None,
        facts=facts,
        persons=persons if own or reached == persons else shown_count(persons, threshold),
        people=tuple(_people(session, reader, action_id, facts)),
        is_own=own,
        sees_plan=own or sharing,
        may_edit=own and is_granted(reader, "action.edit", Relation.OWN),
        may_plan=(own or sharing) and is_granted(reader, "plan.edit", Relation.PARTY),
        version=row.version,
    )


def parcours_named(session: Session, reader: Actor, pseudonyms: Sequence[str]) -> dict[str, int]:
    """Identifiers of those of these pseudonyms that `reader` reaches."""
    query = select(col(Parcours.pseudonym), col(Parcours.id)).where(
        col(Parcours.pseudonym).in_(sorted(set(pseudonyms))), reached_parcours(reader, col(Parcours.id))
    )
    return {row[0]: row[1] for row in session.execute(query)}


def _seen(reader: Actor) -> ColumnElement[bool]:
    """SQL: does `reader` see the action?"""
    if is_granted(reader, "parcours.read", Relation.OTHER):
        return true()
    enrolled = select(S.c.action_id).where(
        S.c.action_id.is_not(None), S.c.withdrawn_at.is_(None), reached_parcours(reader, S.c.parcours_id)
    )
    mine = reader.organisation_id
    return or_(A.c.owner_id == mine, A.c.id.in_(_shared(mine)), A.c.id.in_(enrolled))


def _shared(organisation_id: int | None) -> Any:
    return (
        select(col(PlanCost.action_id))
        .join(PlanShare, col(PlanShare.cost_id) == col(PlanCost.id))
        .where(col(PlanCost.action_id).is_not(None), col(PlanShare.funder_id) == organisation_id)
    )


def _sharing(session: Session, reader: Actor, ids: Sequence[int]) -> set[int]:
    """Those of these actions whose plan the reader sees without keeping them."""
    if is_granted(reader, "parcours.read", Relation.OTHER):
        return set(ids)
    query = _shared(reader.organisation_id).where(col(PlanCost.action_id).in_(ids))
    return set(session.execute(query).scalars())


def _counts(session: Session, reader: Actor, ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """(persons enrolled, of whom the reader reaches) by action."""
    live = (S.c.action_id.in_(ids), S.c.withdrawn_at.is_(None))
    query = select(S.c.action_id, func.count()).group_by(S.c.action_id)
    mine = query.where(*live, reached_parcours(reader, S.c.parcours_id))
    reached = {row[0]: int(row[1]) for row in session.execute(mine)}
    return {row[0]: (int(row[1]), reached.get(row[0], 0)) for row in session.execute(query.where(*live))}


def _sums(session: Session, ids: Sequence[int]) -> dict[int, tuple[Decimal, Decimal]]:
    """(euros planned, euros that shares take within each cost) by action."""
    taken = func.coalesce(func.sum(col(PlanShare.amount)), 0)
    query = (
        select(col(PlanCost.action_id), col(PlanCost.amount), taken)
        .join(PlanShare, col(PlanShare.cost_id) == col(PlanCost.id), isouter=True)
        .where(col(PlanCost.action_id).in_(ids))
        .group_by(col(PlanCost.action_id), col(PlanCost.id), col(PlanCost.amount))
    )
    found: dict[int, tuple[Decimal, Decimal]] = {}
    for action_id, cost, shares in session.execute(query):
        planned, before = found.get(action_id, (ZERO, ZERO))
        found[action_id] = planned + cost, before + min(cost, shares or ZERO)
    return found


def _people(session: Session, reader: Actor, action_id: int, facts: dict[str, Any]) -> list[PersonRow]:
    funded = (
        select(func.coalesce(func.sum(col(StepFunding.amount)), 0))
        .where(col(StepFunding.step_id) == S.c.id)
        .correlate(S)
        .scalar_subquery()
    )
    query = (
        select(
            S,
            col(Parcours.pseudonym).label("pseudonym"),
            col(StepResult.outcome).label("outcome"),
            funded.label("funded"),
        )
        .join(Parcours, col(Parcours.id) == S.c.parcours_id)
        .join(StepResult, col(StepResult.step_id) == S.c.id, isouter=True)
        .where(S.c.action_id == action_id, S.c.withdrawn_at.is_(None), reached_parcours(reader, S.c.parcours_id))
        .order_by(S.c.id)
    )
    return [
        PersonRow(
            parcours_id=row.parcours_id,
            pseudonym=row.pseudonym,
            step_id=row.id,
            version=row.version,
            first=row.first,
            last=row.last,
            outcome=row.outcome,
            funded=row.funded or ZERO,
            differs=any(getattr(row, name) != facts[name] for name in COMMON),
        )
        for row in session.execute(query)
    ]
