"""What does the page of one handoff show to its sender, to its receiver, to a coordinator?

Amounts of both sides; the lines of the ledger only to the funder that owns them; persons by name inside one's own
organisation, by organisation elsewhere. What the sender would release now is beside what was foreseen, so that a payment made
meanwhile is seen before the answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlmodel import Session, col, select

from conference.data.queries.handoff_money import foreseen_releases
from conference.data.queries.handoffs import HandoffRow, handoff_row
from conference.data.tables import (
    Account,
    Commitment,
    DimensionSet,
    Handoff,
    HandoffRelease,
    HandoffShare,
    Nature,
    Organisation,
    Scheme,
    Step,
)
from conference.domain.handoff import HandoffStatus
from conference.domain.handoff_snapshot import Snapshot, read_snapshot
from conference.domain.money import ZERO
from conference.domain.permissions import Actor, Role, is_granted


@dataclass(frozen=True)
class ShareRow:
    """What the receiver is asked of one nature, and what it took. `commitment_id`, `reference`: its own line, to itself."""

    nature_id: int
    nature: str
    asked: Decimal
    accepted: Decimal | None
    commitment_id: int | None
    reference: str | None


@dataclass(frozen=True)
class ReleaseRow:
    """One commitment of the sender. `now`: what it would release today; None once it is answered. Its line, to itself."""

    nature: str
    scheme: str
    foreseen: Decimal
    now: Decimal | None
    released: Decimal | None
    commitment_id: int | None
    reference: str | None


@dataclass(frozen=True)
class Event:
    """One thing that happened: `what` is created, proposed, read, accepted, refused, expired, withdrawn or outcome_read."""

    at: datetime
    who: str
    what: str


@dataclass(frozen=True)
class HandoffPage:
    """One handoff. `snapshot`, and the amounts, only while the reader reaches the parcours."""

    row: HandoffRow
    to_step: str | None
    from_step_id: int
    to_step_id: int | None
    receiver_id: int
    version: int
    message: str
    answer: str
    snapshot: Snapshot | None
    shares: tuple[ShareRow, ...]
    releases: tuple[ReleaseRow, ...]
    events: tuple[Event, ...]
    may_edit: bool
    may_withdraw: bool
    may_answer: bool
    signatory_needed: bool

    @property
    def releases_now(self) -> Decimal | None:
        """What the sender would release today, in euros, at most what was foreseen; None once it is answered."""
        amounts = [row.now for row in self.releases]
        return None if None in amounts else sum((amount or ZERO for amount in amounts), ZERO)


def handoff_page(session: Session, reader: Actor, handoff_id: int) -> HandoffPage:
    """One handoff whole. Raises NotFound when `reader` may not read it."""
    line = handoff_row(session, reader, handoff_id)
    row = session.get_one(Handoff, handoff_id)
    reached = line.parcours_id is not None
    status = HandoffStatus(row.status)
    to_step = session.get(Step, row.to_step_id) if row.to_step_id else None
    answers = line.side == "receiver" and is_granted(reader, "handoff.answer", reader.relation_to(row.receiver_id))
    proposes = line.side == "sender" and is_granted(reader, "handoff.propose", reader.relation_to(row.sender_id))
    return HandoffPage(
        row=line,
        to_step=to_step.title if to_step and reached else None,
        from_step_id=row.from_step_id,
        to_step_id=row.to_step_id,
        receiver_id=row.receiver_id,
        version=row.version,
        message=row.message if reached else "",
        answer=row.answer,
        snapshot=read_snapshot(row.snapshot) if reached and row.snapshot else None,
        shares=_shares(session, reader, row) if reached else (),
        releases=_releases(session, reader, row) if reached else (),
        events=_events(session, reader, row, line.side),
        may_edit=proposes and status is HandoffStatus.DRAFT,
        may_withdraw=proposes and status in (HandoffStatus.DRAFT, HandoffStatus.PROPOSED),
        may_answer=answers and status is HandoffStatus.PROPOSED,
        signatory_needed=answers and _signatory_needed(session, reader, row, line.asked),
    )


def _signatory_needed(session: Session, reader: Actor, row: Handoff, asked: Decimal) -> bool:
    threshold = session.get_one(Organisation, row.receiver_id).confirmation_threshold
    return threshold is not None and asked > threshold and reader.role is not Role.SIGNATORY


def _shares(session: Session, reader: Actor, row: Handoff) -> tuple[ShareRow, ...]:
    query: Any = (
        select(HandoffShare, Nature.label, Commitment.reference, Commitment.funder_id)
        .join(Nature, col(Nature.id) == col(HandoffShare.nature_id))
        .outerjoin(Commitment, col(Commitment.id) == col(HandoffShare.commitment_id))
        .where(HandoffShare.handoff_id == row.id)
        .order_by(col(Nature.position), col(Nature.id))
    )
    found = []
    for share, nature, reference, funder_id in session.exec(query):
        own = reader.organisation_id is not None and funder_id == reader.organisation_id
        line = (share.commitment_id, reference) if own else (None, None)
        found.append(ShareRow(share.nature_id, nature, share.asked, share.accepted, *line))
    return tuple(found)


def _releases(session: Session, reader: Actor, row: Handoff) -> tuple[ReleaseRow, ...]:
    own = reader.organisation_id == row.sender_id
    is_open = row.status in (HandoffStatus.DRAFT, HandoffStatus.PROPOSED)
    steps = [row.from_step_id, *([row.to_step_id] if row.to_step_id else [])]
    now = foreseen_releases(session, row.parcours_id, row.sender_id, steps, row.first_day) if is_open else ()
    if row.status == HandoffStatus.DRAFT:
        return tuple(
            ReleaseRow(each.nature, each.scheme, each.release, each.release, None, each.commitment_id, each.reference)
            for each in now
        )
    left = {each.commitment_id: each.release for each in now}
    found = []
    for release, reference, nature, scheme in _kept_releases(session, row.id or 0):
        current = min(release.foreseen, left.get(release.commitment_id, ZERO)) if is_open else None
        line = (release.commitment_id, reference) if own else (None, None)
        found.append(ReleaseRow(nature, scheme, release.foreseen, current, release.released, *line))
    return tuple(found)


def _kept_releases(session: Session, handoff_id: int) -> Sequence[Any]:
    query: Any = (
        select(HandoffRelease, Commitment.reference, Nature.label, Scheme.label)
        .join(Commitment, col(Commitment.id) == col(HandoffRelease.commitment_id))
        .join(DimensionSet, col(DimensionSet.id) == col(Commitment.dimension_set_id))
        .join(Nature, col(Nature.id) == col(DimensionSet.nature_id))
        .join(Scheme, col(Scheme.id) == col(DimensionSet.scheme_id))
        .where(HandoffRelease.handoff_id == handoff_id)
        .order_by(col(HandoffRelease.commitment_id))
    )
    return list(session.exec(query).all())


def _events(session: Session, reader: Actor, row: Handoff, side: str) -> tuple[Event, ...]:
    sender = session.get_one(Organisation, row.sender_id).short_name
    receiver = session.get_one(Organisation, row.receiver_id).short_name
    told = [(row.created_at, _who(session, reader, row.created_by, sender), "created")] if side == "sender" else []
    if row.proposed_at:
        told.append((row.proposed_at, sender, "proposed"))
    if row.read_at:
        told.append((row.read_at, receiver, "read"))
    if row.answered_at:
        by = sender if row.status == HandoffStatus.WITHDRAWN else receiver
        by = "délai dépassé" if row.status == HandoffStatus.EXPIRED else by
        told.append((row.answered_at, _who(session, reader, row.answered_by, by), row.status))
    if row.outcome_read_at:
        told.append((row.outcome_read_at, sender, "outcome_read"))
    return tuple(Event(*each) for each in sorted(told, key=lambda each: each[0]))


def _who(session: Session, reader: Actor, account_id: int | None, organisation: str) -> str:
    """A person's name to colleagues, the organisation's to the others."""
    account = session.get(Account, account_id) if account_id else None
    if account is None or account.organisation_id != reader.organisation_id:
        return organisation
    return f"{account.name}, {organisation}"
