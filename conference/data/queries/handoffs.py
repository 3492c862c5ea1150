"""Which handoffs does the reader answer, send or see closed, and what does one of them say?

A handoff is read by its sender and its receiver, and by coordinators; a draft by its sender alone. Who no longer reaches the
parcours (its handoff was refused, expired or withdrawn) keeps the line of the list and its own answer, without pseudonym, step
or snapshot (SEMANTICS §4).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select

from conference.data.queries.parcours import reached_among, reached_parcours
from conference.data.tables import Handoff, HandoffRelease, HandoffShare, Organisation, Parcours, Step
from conference.domain.handoff import HandoffStatus
from conference.domain.money import ZERO
from conference.domain.permissions import Actor, Relation, is_granted, require
from conference.domain.refusal import NotFound

PAGE = 50
"""Handoffs on one page of the list."""
TABS = ("todo", "sent", "closed")
_CLOSED = [each.value for each in HandoffStatus if each not in (HandoffStatus.DRAFT, HandoffStatus.PROPOSED)]
_SENDER, _RECEIVER = aliased(Organisation), aliased(Organisation)


@dataclass(frozen=True)
class HandoffRow:
    """One handoff in a list. `pseudonym`, `step`: None where the reader does not reach the parcours. Sums in euros.

    `side`: `sender`, `receiver`, or `other` for a coordinator; `may_open`: the reader may read the handoff itself.
    """

    id: int
    reference: str
    parcours_id: int | None
    pseudonym: str | None
    step: str | None
    sender: str
    receiver: str
    first_day: date
    status: str
    answer_by: date | None
    created_at: datetime
    proposed_at: datetime | None
    read_at: datetime | None
    answered_at: datetime | None
    outcome_read_at: datetime | None
    motive: str | None
    asked: Decimal
    accepted: Decimal | None
    foreseen: Decimal
    released: Decimal | None
    side: str
    may_open: bool

    @property
    def is_waiting(self) -> bool:
        """Proposed, and not answered."""
        return self.status == HandoffStatus.PROPOSED


@dataclass(frozen=True)
class HandoffList:
    """One page of a tab, and how many lines each tab holds."""

    lines: tuple[HandoffRow, ...]
    counts: dict[str, int]
    tab: str
    page: int

    @property
    def total(self) -> int:
        """Lines of the tab."""
        return self.counts[self.tab]

    @property
    def pages(self) -> int:
        """Number of pages, at least one."""
        return max(1, -(-self.total // PAGE))


def visible(reader: Actor) -> ColumnElement[bool]:
    """SQL: may `reader` read the handoff?"""
    sent = col(Handoff.proposed_at).is_not(None)
    if is_granted(reader, "handoff.read", Relation.OTHER):
        return sent
    mine = reader.organisation_id
    if mine is None or not is_granted(reader, "handoff.read", Relation.OWN):
        return false()
    return or_(col(Handoff.sender_id) == mine, and_(col(Handoff.receiver_id) == mine, sent))


def handoff_list(session: Session, reader: Actor, *, tab: str = "todo", page: int = 1) -> HandoffList:
    """One tab of the reader's handoffs: `todo` (the nearest deadline first), `sent` (drafts and proposals) or `closed` (the
    latest first). A coordinator answers none: its `todo` are all that wait for an answer. Raises Forbidden."""
    require(reader, "handoff.list", Relation.OTHER)
    conditions = {name: _of_tab(reader, name) for name in TABS}
    counts = {name: _count(session, [visible(reader), condition]) for name, condition in conditions.items()}
    page = min(max(page, 1), max(1, -(-counts[tab] // PAGE)))
    order = {
        "todo": (col(Handoff.answer_by), col(Handoff.id)),
        "sent": (col(Handoff.created_at).desc(), col(Handoff.id).desc()),
        "closed": (col(Handoff.answered_at).desc(), col(Handoff.id).desc()),
    }[tab]
    rows = handoff_rows(
        session, reader, [visible(reader), conditions[tab]], order, limit=PAGE, offset=(page - 1) * PAGE
    )
    return HandoffList(rows, counts, tab, page)


def handoffs_to_answer(session: Session, reader: Actor) -> int | None:
    """How many proposals wait for the reader's organisation; None for those who answer none."""
    if not is_granted(reader, "handoff.answer", Relation.OWN) or reader.organisation_id is None:
        return None
    return _count(session, [_of_tab(reader, "todo")])


def handoffs_of(session: Session, reader: Actor, parcours_id: int) -> tuple[HandoffRow, ...]:
    """Handoffs of a parcours that `reader` reaches, by their first day: those that it may read, and the accepted ones of
    others, which the steps and their funders tell anyway."""
    reached = reached_parcours(reader, col(Handoff.parcours_id))
    told = or_(visible(reader), col(Handoff.status) == HandoffStatus.ACCEPTED.value)
    conditions = [col(Handoff.parcours_id) == parcours_id, reached, told]
    return handoff_rows(session, reader, conditions, (col(Handoff.first_day), col(Handoff.id)))


def handoff_row(session: Session, reader: Actor, handoff_id: int) -> HandoffRow:
    """One handoff that `reader` may read, else NotFound."""
    rows = handoff_rows(session, reader, [visible(reader), col(Handoff.id) == handoff_id], (col(Handoff.id),))
    if not rows:
        raise NotFound()
    return rows[0]


def _of_tab(reader: Actor, tab: str) -> ColumnElement[bool]:
    mine, status = reader.organisation_id or 0, col(Handoff.status)
    if tab == "closed":
        return status.in_(_CLOSED)
    if tab == "sent":
        return and_(col(Handoff.sender_id) == mine, status.not_in(_CLOSED))
    waiting = status == HandoffStatus.PROPOSED.value
    if is_granted(reader, "handoff.read", Relation.OTHER):
        return waiting
    return and_(waiting, col(Handoff.receiver_id) == mine)


def _count(session: Session, conditions: Sequence[Any]) -> int:
    return int(session.exec(select(func.count()).select_from(Handoff).where(*conditions)).one())


def handoff_rows(
    session: Session,
    reader: Actor,
    conditions: Sequence[Any],
    order: Sequence[Any],
    *,
    limit: int | None = None,
    offset: int = 0,
) -> tuple[HandoffRow, ...]:
    """Lines in that order, with what the reader may know of each."""
    may_open = visible(reader)
    query: Any = (
        select(Handoff, _SENDER.short_name, _RECEIVER.short_name, Parcours.pseudonym, Step.title, may_open)  # type: ignore[call-overload]
        .join(_SENDER, col(_SENDER.id) == col(Handoff.sender_id))
        .join(_RECEIVER, col(_RECEIVER.id) == col(Handoff.receiver_id))
        .join(Parcours, col(Parcours.id) == col(Handoff.parcours_id))
        .join(Step, col(Step.id) == col(Handoff.from_step_id))
        .where(*conditions)
        .order_by(*order)
        .limit(limit)
        .offset(offset)
    )
    found = session.exec(query).all()
    reached = reached_among(session, reader, sorted({row.parcours_id for row, *_ in found}))
    ids = [row.id or 0 for row, *_ in found]
    asked, released = _asked(session, ids), _released(session, ids)
    return tuple(
        _row(reader, row, sender, receiver, pseudonym, step, bool(opens), row.parcours_id in reached, asked, released)
        for row, sender, receiver, pseudonym, step, opens in found
    )


def _row(
    reader: Actor,
    row: Handoff,
    sender: str,
    receiver: str,
    pseudonym: str,
    step: str,
    may_open: bool,
    is_reached: bool,
    asked: dict[int, tuple[Decimal, Decimal | None]],
    released: dict[int, tuple[Decimal, Decimal | None]],
) -> HandoffRow:
    mine = reader.organisation_id
    copied = "reference first_day status answer_by created_at proposed_at read_at answered_at outcome_read_at motive"
    return HandoffRow(
        id=row.id or 0,
        **{name: getattr(row, name) for name in copied.split()},
        parcours_id=row.parcours_id if is_reached else None,
        pseudonym=pseudonym if is_reached else None,
        step=step if is_reached else None,
        sender=sender,
        receiver=receiver,
        asked=asked.get(row.id or 0, (ZERO, None))[0],
        accepted=asked.get(row.id or 0, (ZERO, None))[1],
        foreseen=released.get(row.id or 0, (ZERO, None))[0],
        released=released.get(row.id or 0, (ZERO, None))[1],
        side="sender" if row.sender_id == mine else "receiver" if row.receiver_id == mine else "other",
        may_open=may_open,
    )


def _asked(session: Session, ids: Sequence[int]) -> dict[int, tuple[Decimal, Decimal | None]]:
    query = select(HandoffShare.handoff_id, func.sum(HandoffShare.asked), func.sum(HandoffShare.accepted))
    query = query.where(col(HandoffShare.handoff_id).in_(ids)).group_by(col(HandoffShare.handoff_id))
    return {number: (asked, accepted) for number, asked, accepted in session.exec(query)}


def _released(session: Session, ids: Sequence[int]) -> dict[int, tuple[Decimal, Decimal | None]]:
    query = select(HandoffRelease.handoff_id, func.sum(HandoffRelease.foreseen), func.sum(HandoffRelease.released))
    query = query.where(col(HandoffRelease.handoff_id).in_(ids)).group_by(col(HandoffRelease.handoff_id))
    return {number: (foreseen, released) for number, foreseen, released in session.exec(query)}
