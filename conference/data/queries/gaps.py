"""Which gaps are behind a sum of the table of needs, and which of them could the reader's organisation hand over?

Those of the parcours that the reader reaches are listed; the others are told together, by what is left of the sum that the
table shows: the page of a sum equals it to the cent, and nobody's gap is read for who may not read it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, case, func, select, type_coerce
from sqlmodel import Session

from conference.data.glossary import label
from conference.data.queries.need_selection import GAPS, chosen, need_of, reads_all, total_of
from conference.data.queries.parcours import reached_parcours
from conference.data.tables import Handoff, Parcours, Step, StepFunder
from conference.data.tables.metadata import table_of
from conference.domain.handoff import HandoffStatus
from conference.domain.needs import Need, NeedFilters, payer_code
from conference.domain.permissions import Actor, Relation, require
from conference.domain.suppression import shown_count

PAGE = 50
"""Gaps on one page."""
_PARCOURS, _STEPS, _FUNDERS, _HANDOFFS = table_of(Parcours), table_of(Step), table_of(StepFunder), table_of(Handoff)


class GapLine(NamedTuple):
    """One gap of a parcours that the reader reaches; `amount` None: not known; `payer`: a scheme, or NOBODY."""

    parcours_id: int
    pseudonym: str
    step_id: int
    step: str
    first: date
    last: date
    days: int
    amount: Decimal | None
    reason: str
    payer: str


@dataclass(frozen=True)
class GapList:
    """The gaps behind a sum. `total` is the sum, None when it holds too few persons; `mine` that of the `count` gaps that the
    reader reaches, of which `lines` are one page; `others` the rest (None: hidden) and `other_parcours` how many persons it
    is about (None: too few to be told)."""

    total: Need | None
    mine: Need
    count: int
    lines: tuple[GapLine, ...]
    page: int
    others: Need | None
    other_parcours: int | None

    @property
    def pages(self) -> int:
        """Number of pages, at least one."""
        return max(1, -(-self.count // PAGE))


class Candidate(NamedTuple):
    """A step that the reader's organisation funds and whose days somebody could take over. `amount`: the euros known,
    `unknown_days`: the days without; `handed`: a handoff of it is proposed or accepted."""

    parcours_id: int
    pseudonym: str
    step_id: int
    step: str
    first: date
    days: int
    amount: Decimal
    unknown_days: int
    handed: bool


def gaps_behind(
    session: Session, reader: Actor, filters: NeedFilters, *, threshold: int, page: int = 1, limit: int = PAGE
) -> GapList:
    """The gaps of a selection, the earliest first. What the reader reaches is listed and summed, the rest is what is left of
    the sum that the table shows, to the cent. Forbidden without the right."""
    require(reader, "need.read", Relation.OTHER)
    total = total_of(session, filters)
    reached = chosen(session, filters, GAPS)
    if not reads_all(reader):
        reached.append(reached_parcours(reader, GAPS.c.parcours_id))
    count, mine, persons = _reached(session, reached)
    pages = max(1, -(-count // limit))
    page = min(max(1, page), pages)
    lines = tuple(_lines(session, reached, limit, (page - 1) * limit)) if count else ()
    others, left = total - mine, 0
    if others.days:
        everybody = chosen(session, filters, GAPS)
        left = _distinct(session, everybody) - persons
        if left + persons < threshold:
            return GapList(None, mine, count, lines, page, None, None)
    return GapList(total, mine, count, lines, page, others, shown_count(left, threshold))


def _reached(session: Session, wanted: Sequence[Any]) -> tuple[int, Need, int]:
    """How many gaps, what they add up to, of how many parcours."""
    cents = type_coerce(GAPS.c.amount, BigInteger)
    unknown = case((GAPS.c.amount.is_(None), GAPS.c.days), else_=0)
    sums = (func.sum(GAPS.c.days), func.sum(cents), func.sum(unknown), func.count(GAPS.c.parcours_id.distinct()))
    row = session.connection().execute(select(func.count(), *sums).select_from(GAPS).where(*wanted)).one()
    return int(row[0]), need_of(row[1:4]), int(row[4])


def _distinct(session: Session, wanted: Sequence[Any]) -> int:
    query = select(func.count(GAPS.c.parcours_id.distinct())).where(*wanted)
    return int(session.connection().execute(query).scalar_one())


def _lines(session: Session, wanted: Sequence[Any], limit: int, skipped: int) -> Iterable[GapLine]:
    query = (
        select(GAPS.c.id, _PARCOURS.c.pseudonym, _STEPS.c.title, _STEPS.c.kind, *(GAPS.c[name] for name in _GAP))
        .join(_PARCOURS, _PARCOURS.c.id == GAPS.c.parcours_id)
        .join(_STEPS, _STEPS.c.id == GAPS.c.step_id)
        .where(*wanted)
        .order_by(GAPS.c.first, GAPS.c.id)
        .limit(limit)
        .offset(skipped)
    )
    for row in session.execute(query).mappings():
        name = row["title"] or label("step_kind", row["kind"])
        yield GapLine(
            *(row["parcours_id"], row["pseudonym"], row["step_id"], name, row["first"], row["last"], row["days"]),
            *(row["amount"], row["reason"], payer_code(row["payer"])),
        )


_GAP = ("parcours_id", "step_id", "first", "last", "days", "amount", "reason", "payer")


def candidates(
    session: Session, reader: Actor, filters: NeedFilters, *, limit: int = PAGE, page: int = 1
) -> tuple[tuple[Candidate, ...], int]:
    """One page of the steps of a selection that the reader's organisation could hand over, which are those that it funds, the
    earliest first, and how many there are. Forbidden for who proposes no handoff."""
    require(reader, "handoff.propose", Relation.OWN)
    funded = select(_FUNDERS.c.step_id).where(_FUNDERS.c.organisation_id == reader.organisation_id)
    wanted = [*chosen(session, filters, GAPS), GAPS.c.step_id.in_(funded)]
    count = int(session.execute(select(func.count(GAPS.c.step_id.distinct())).where(*wanted)).scalar_one())
    handed = (
        select(_HANDOFFS.c.from_step_id)
        .where(_HANDOFFS.c.status.in_([HandoffStatus.PROPOSED.value, HandoffStatus.ACCEPTED.value]))
        .scalar_subquery()
    )
    first = func.min(GAPS.c.first)
    unknown = func.sum(case((GAPS.c.amount.is_(None), GAPS.c.days), else_=0))
    sums = (func.sum(GAPS.c.days), func.sum(type_coerce(GAPS.c.amount, BigInteger)), unknown)
    names = (_PARCOURS.c.pseudonym, _STEPS.c.title, _STEPS.c.kind)
    query = (
        select(GAPS.c.parcours_id, GAPS.c.step_id, *names, first, *sums, GAPS.c.step_id.in_(handed))
        .join(_PARCOURS, _PARCOURS.c.id == GAPS.c.parcours_id)
        .join(_STEPS, _STEPS.c.id == GAPS.c.step_id)
        .where(*wanted)
        .group_by(GAPS.c.parcours_id, GAPS.c.step_id, *names)
        .order_by(first, GAPS.c.step_id)
        .limit(limit)
        .offset((max(page, 1) - 1) * limit)
    )
    return tuple(_candidate(row) for row in session.execute(query)), count


def _candidate(row: Any) -> Candidate:
    parcours_id, step_id, pseudonym, title, kind, first, *sums, handed = row
    need = need_of(sums)
    name = title or label("step_kind", kind)
    return Candidate(
        *(parcours_id, pseudonym, step_id, name, first, need.days, need.amount, need.unknown_days, bool(handed))
    )
