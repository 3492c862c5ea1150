"""How long do answers to handoffs take, how many are accepted, and why are the others refused?

For what the reader's organisation received, for what it sent, and for those who read all of them, of everybody.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from statistics import median

from sqlmodel import Session, col, func, select

from conference.data.queries.handoffs import visible
from conference.data.tables import Handoff
from conference.domain.french import day_in_france
from conference.domain.handoff import HandoffStatus
from conference.domain.permissions import Actor, Relation, require
from conference.domain.working_days import working_days_between


@dataclass(frozen=True)
class HandoffFigures:
    """What came of the proposals of one side. `delay`: median of the working days from proposal to answer; `rate`: accepted
    among those accepted, refused or expired; None: none yet. `motives`: (motive, count), the most frequent first."""

    accepted: int
    refused: int
    expired: int
    waiting: int
    delay: Decimal | None
    rate: Decimal | None
    motives: tuple[tuple[str, int], ...]


def handoff_figures(session: Session, reader: Actor, side: str, *, closed: frozenset[date]) -> HandoffFigures:
    """Figures of what the reader's organisation received (`receiver`), sent (`sender`), or of everybody (`all`, for those who
    read all of them). `closed`: public holidays. Raises Forbidden."""
    require(reader, "handoff.list", Relation.OTHER)
    mine = reader.organisation_id or 0
    scope = {"receiver": col(Handoff.receiver_id) == mine, "sender": col(Handoff.sender_id) == mine}.get(side)
    if scope is None:
        require(reader, "handoff.read", Relation.OTHER)
        scope = col(Handoff.id) > 0
    query = select(col(Handoff.status), col(Handoff.motive), col(Handoff.proposed_at), col(Handoff.answered_at)).where(
        visible(reader), scope
    )
    statuses: Counter[str] = Counter()
    motives: Counter[str] = Counter()
    delays = []
    for status, motive, proposed_at, answered_at in session.exec(query):
        statuses[status] += 1
        if motive:
            motives[motive] += 1
        if status in (HandoffStatus.ACCEPTED, HandoffStatus.REFUSED) and proposed_at and answered_at:
            delays.append(working_days_between(day_in_france(proposed_at), day_in_france(answered_at), closed))
    ended = sum(statuses[each] for each in (HandoffStatus.ACCEPTED, HandoffStatus.REFUSED, HandoffStatus.EXPIRED))
    return HandoffFigures(
        accepted=statuses[HandoffStatus.ACCEPTED],
        refused=statuses[HandoffStatus.REFUSED],
        expired=statuses[HandoffStatus.EXPIRED],
        waiting=statuses[HandoffStatus.PROPOSED],
        delay=Decimal(str(median(delays))) if delays else None,
        rate=Decimal(statuses[HandoffStatus.ACCEPTED]) / ended if ended else None,
        motives=tuple(sorted(motives.items(), key=lambda pair: (-pair[1], pair[0]))),
    )


def handoff_years(session: Session, reader: Actor) -> tuple[int, int] | None:
    """First and last year in which the reader's handoffs were proposed or answered; None: none."""
    query = select(func.min(Handoff.proposed_at), func.max(Handoff.answered_at), func.max(Handoff.proposed_at))
    first, answered, proposed = session.exec(query.where(visible(reader))).one()
    if first is None:
        return None
    last = max(each for each in (first, answered, proposed) if each is not None)
    return day_in_france(first).year, day_in_france(last).year
