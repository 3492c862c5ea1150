"""What does an accepted handoff write in the ledger: the sender's dégagements, the receiver's engagements?

Through `posting` like any entry, so that sums and rules follow. A dégagement takes effect on the handoff's first day, and is
booked in that month or in the first open one after it; it takes the latest years of the commitment first, since the end of
the course is what is handed over. The receiver's lines have the dimensions of the sender's, but for the scheme: the
receiver's own is not known to the tool.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from sqlmodel import Session, col, select

from conference.data.tables import (
    Balance,
    Commitment,
    DimensionSet,
    Handoff,
    HandoffRelease,
    HandoffShare,
    Parcours,
    Step,
    StepFunding,
)
from conference.domain.french import day_in_france
from conference.domain.handoff import tail_by_year
from conference.domain.ledger import EntryKind, EntrySource
from conference.domain.money import ZERO
from conference.domain.permissions import Actor
from conference.services.commitments import CommitmentLine, record_commitments
from conference.services.dimensions import Dimensions
from conference.services.entries import years_of
from conference.services.handoffs import releases_of
from conference.services.months import OpenMonths
from conference.services.posting import Posting, post


def release_foreseen(session: Session, handoff: Handoff, *, by: Actor, at: datetime) -> Decimal:
    """Release of each commitment of the sender what was foreseen, or what is left of it now where that is less; the sum."""
    now = {each.commitment_id: each.release for each in releases_of(session, handoff)}
    query = select(HandoffRelease).where(HandoffRelease.handoff_id == handoff.id)
    rows = session.exec(query.order_by(col(HandoffRelease.commitment_id))).all()
    months = OpenMonths(session)
    moved = []
    for row in rows:
        row.released = min(row.foreseen, now.get(row.commitment_id, ZERO))
        session.add(row)
        if row.released > 0:
            moved.append(row)
    postings = [_release(session, handoff, row.commitment_id, row.released or ZERO, months) for row in moved]
    entries = post(session, postings, by_id=by.account_id, at=at, moves_plans=False)
    for row, entry_id in zip(moved, entries, strict=True):
        row.entry_id = entry_id
    session.flush()
    return sum((row.released or ZERO for row in moved), ZERO)


def _release(session: Session, handoff: Handoff, commitment_id: int, amount: Decimal, months: OpenMonths) -> Posting:
    line = session.get_one(Commitment, commitment_id)
    committed_on = session.get_one(Balance, commitment_id).committed_on
    effective_on = max(handoff.first_day, committed_on or handoff.first_day)  # a line decided later is released later
    return Posting(
        commitment_id=commitment_id,
        funder_id=line.funder_id,
        to_funder_id=line.to_funder_id,
        dimension_set_id=line.dimension_set_id,
        kind=EntryKind.RELEASE,
        amount=amount,
        effective_on=effective_on,
        booked_month=months.booking(effective_on),
        source=EntrySource.FORM,
        motive=f"Relais {handoff.reference}",
        shares=tail_by_year(amount, years_of(session, commitment_id)),
    )


def commit_accepted(
    session: Session,
    handoff: Handoff,
    shares: Sequence[HandoffShare],
    target: Step,
    convention_id: int | None = None,
    *,
    by: Actor,
    at: datetime,
) -> None:
    """Commit for the receiver what it takes of each nature, for the days of `target` from the handoff's first day on, under
    its convention where one pays."""
    taken = [share for share in shares if share.accepted]
    patterns = _patterns(session, handoff)
    lines = [
        CommitmentLine(
            funder_id=handoff.receiver_id,
            amount=share.accepted or ZERO,
            decided_on=day_in_france(at),
            object=f"Relais {handoff.reference} : {target.title}",
            dimensions=_dimensions(session, handoff, patterns, share.nature_id),
            provider_id=target.provider_id
            or next((line.provider_id for line, _ in patterns if line.provider_id), None),
            first=max(handoff.first_day, target.first),
            last=target.last,
            persons=1,
            convention_id=convention_id,
        )
        for share in taken
    ]
    ids = record_commitments(session, lines, by=by, at=at, source=EntrySource.FORM, confirmed=True)
    for share, commitment_id in zip(taken, ids, strict=True):
        share.commitment_id = commitment_id
        session.add(StepFunding(commitment_id=commitment_id, step_id=target.id or 0, amount=share.accepted or ZERO))
    session.add_all(shares)
    session.flush()


def _patterns(session: Session, handoff: Handoff) -> list[tuple[Commitment, DimensionSet]]:
    """The sender's lines, whose dimensions the receiver's take."""
    query = (
        select(Commitment, DimensionSet)
        .join(DimensionSet, col(DimensionSet.id) == col(Commitment.dimension_set_id))
        .join(HandoffRelease, col(HandoffRelease.commitment_id) == col(Commitment.id))
        .where(HandoffRelease.handoff_id == handoff.id)
        .order_by(col(Commitment.id))
    )
    return list(session.exec(query).all())


def _dimensions(
    session: Session, handoff: Handoff, patterns: Sequence[tuple[Commitment, DimensionSet]], nature_id: int
) -> Dimensions:
    same = [dims for _, dims in patterns if dims.nature_id == nature_id] or [dims for _, dims in patterns]
    if not same:
        parcours = session.get_one(Parcours, handoff.parcours_id)
        return Dimensions(audience=parcours.audience_id, nature=nature_id, territory=parcours.territory_id)
    first = same[0]
    return Dimensions(
        audience=first.audience_id,
        nature=nature_id,
        level=first.level_id,
        territory=first.territory_id,
        sector=first.sector_id,
    )
