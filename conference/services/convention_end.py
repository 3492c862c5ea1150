"""How does a convention end, settled or terminated, and what of its money is given back?

One gesture releases what is not spent of each commitment made under it (committed less paid), booked in the first open month;
what waits for a second confirmation is cancelled; one journal entry tells the whole. Decision: nobody touches another
funder's line (SEMANTICS §4), a coordinator no line at all. So whoever ends the convention releases the lines of its own
organisation; the others are told how much is left on theirs (`releasable`), and their own officers release it by the same
gesture (`release_own`), for which the convention stays open as long as it needs: ended, it takes no commitment any more.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlmodel import Session, col, select

from conference.data.journal import write_journal
from conference.data.tables import Balance, Commitment, Convention, ConventionCommitment, Entry, Organisation
from conference.domain.convention import ConventionStatus, transition
from conference.domain.french import day_in_france
from conference.domain.ledger import EntryKind, EntrySource
from conference.domain.money import ZERO
from conference.domain.permissions import Actor, Relation, is_granted, require
from conference.domain.refusal import Conflict, Refusal
from conference.services.commitments import live_entries, reversal_of, share_by_year, shares_of
from conference.services.convention_access import note_convention, reached_convention, told_reference
from conference.services.convention_coverage import ask_again
from conference.services.entries import years_of
from conference.services.months import OpenMonths
from conference.services.posting import Posting, post

ENDINGS = {"settle": "Convention soldée", "terminate": "Convention résiliée"}
"""The verbs that end a convention, and what its dégagements say."""


@dataclass(frozen=True)
class Releasable:
    """What one funder has not spent under a convention, in euros. `is_own`: the reader's own gesture releases it."""

    organisation_id: int
    organisation: str
    lines: int
    unspent: Decimal
    waiting: Decimal
    is_own: bool


def releasable(session: Session, convention_id: int, *, by: Actor) -> list[Releasable]:
    """What ending the convention would release and cancel, by funder, those with nothing left out. Raises NotFound."""
    reached_convention(session, convention_id, by, "convention.read")
    found: dict[int, list[Balance]] = {}
    for balance in _unspent(session, convention_id):
        found.setdefault(balance.funder_id, []).append(balance)
    names = session.exec(select(Organisation).where(col(Organisation.id).in_(found)).order_by(col(Organisation.id)))
    return [
        Releasable(
            row.id or 0,
            row.short_name,
            len(found[row.id or 0]),
            sum((_left(each) for each in found[row.id or 0]), ZERO),
            sum((each.forecast for each in found[row.id or 0]), ZERO),
            _may_release(by, row.id or 0),
        )
        for row in names
    ]


def end_convention(
    session: Session, convention_id: int, verb: str, *, motive: str, by: Actor, at: datetime
) -> Convention:
    """Settle or terminate a convention, with a motive, and release what `by`'s organisation has not spent under it.

    Raises NotFound, Forbidden, Conflict when it does not stand where that is possible, Refusal without a motive.
    """
    convention = reached_convention(session, convention_id, by, "convention.conduct")
    step = transition(ConventionStatus(convention.status), verb)
    if step is None or verb not in ENDINGS:
        raise Conflict("Cette convention a déjà avancé. Rechargez la page\u202f: elle montre l’état actuel.")
    _check_motive(motive)
    released, waiting = _release(session, convention, ENDINGS[verb], by, at)
    convention.status, convention.ended_on = step.after.value, day_in_france(at)
    told = {"before": step.before.value, "after": step.after.value, **_told(released, waiting)}
    note_convention(session, convention, None, f"{verb}_convention", told, by=by, at=at, motive=motive, event=True)
    ask_again(session, convention_id, at=at)
    return convention


def settle_convention(session: Session, convention_id: int, *, motive: str, by: Actor, at: datetime) -> Convention:
    """Everything was done: as `end_convention`."""
    return end_convention(session, convention_id, "settle", motive=motive, by=by, at=at)


def terminate_convention(session: Session, convention_id: int, *, motive: str, by: Actor, at: datetime) -> Convention:
    """It stops before its end: as `end_convention`."""
    return end_convention(session, convention_id, "terminate", motive=motive, by=by, at=at)


def release_own(session: Session, convention_id: int, *, by: Actor, at: datetime) -> Decimal:
    """Release what one's own organisation has not spent under a convention that ended; the euros released.

    Raises NotFound, Forbidden, Refusal when it has not ended or nothing is left.
    """
    convention = reached_convention(session, convention_id, by, "convention.read")
    require(by, "entry.record", Relation.OWN)
    ending = {"settled": "settle", "terminated": "terminate"}.get(convention.status)
    if ending is None:
        raise Refusal(
            "Cette convention n’est pas terminée\u202f: ses engagements se dégagent un par un.", code="not_ended"
        )
    released, waiting = _release(session, convention, ENDINGS[ending], by, at)
    if not released and not waiting:
        raise Refusal("Il ne reste rien à dégager pour votre organisme.", code="nothing_left")
    write_journal(
        session,
        by=by,
        at=at,
        verb="release_convention",
        object_kind="convention",
        object_id=convention_id,
        object_label=told_reference(convention),
        changes=_told(released, waiting),
    )
    return sum((posting.amount for posting in released), ZERO)


def _check_motive(motive: str) -> None:
    if not motive.strip():
        raise Refusal("Indiquez le motif.", field="motive", code="motive")
    if len(motive) > 1000:
        raise Refusal("Le motif tient en 1\u202f000 caractères.", field="motive", code="motive")


def _may_release(by: Actor, funder_id: int) -> bool:
    return is_granted(by, "entry.record", by.relation_to(funder_id))


def _unspent(session: Session, convention_id: int) -> Sequence[Balance]:
    """The balances of the lines under a convention that hold something not spent, or waiting."""
    query = (
        select(Balance)
        .join(ConventionCommitment, col(ConventionCommitment.commitment_id) == col(Balance.commitment_id))
        .where(ConventionCommitment.convention_id == convention_id)
        .order_by(col(Balance.commitment_id))
    )
    rows = session.exec(query.execution_options(populate_existing=True)).all()
    return [row for row in rows if _left(row) > 0 or row.forecast > 0]


def _left(balance: Balance) -> Decimal:
    """Committed less paid, never what is ordered or settled already: that must still be paid."""
    spent = max(balance.payment - balance.repayment, balance.settlement, balance.order)
    return balance.commitment - balance.release - spent


def _release(
    session: Session, convention: Convention, motive: str, by: Actor, at: datetime
) -> tuple[list[Posting], list[Posting]]:
    """Release and cancel on the lines that `by` may touch: the dégagements, and the annulations of what waits."""
    months, on = OpenMonths(session), day_in_france(at)
    told = f"{motive} ({convention.number})"
    released, cancelled = [], []
    for balance in _unspent(session, convention.id or 0):
        if not _may_release(by, balance.funder_id):
            continue
        line = session.get_one(Commitment, balance.commitment_id)
        for entry in live_entries(session, balance.commitment_id, EntryKind.FORECAST):
            cancelled.append(_cancelled(session, entry, line, told, months, at))
        if _left(balance) > 0:
            released.append(_released(session, line, balance, told, months, on))
    post(session, [*cancelled, *released], by_id=by.account_id, at=at)
    return released, cancelled


def _cancelled(
    session: Session, entry: Entry, line: Commitment, told: str, months: OpenMonths, at: datetime
) -> Posting:
    return reversal_of(entry, line, shares_of(session, entry.id or 0), told, months, at)


def _released(session: Session, line: Commitment, balance: Balance, told: str, months: OpenMonths, on: date) -> Posting:
    effective_on = max(on, balance.committed_on or on)
    amount = _left(balance)
    return Posting(
        commitment_id=balance.commitment_id,
        funder_id=line.funder_id,
        to_funder_id=line.to_funder_id,
        dimension_set_id=line.dimension_set_id,
        kind=EntryKind.RELEASE,
        amount=amount,
        effective_on=effective_on,
        booked_month=months.booking(effective_on),
        source=EntrySource.FORM,
        motive=told,
        shares=share_by_year(amount, years_of(session, balance.commitment_id)),
    )


def _told(released: Sequence[Posting], waiting: Sequence[Posting]) -> dict[str, object]:
    """What the journal says of the money: never empty sums."""
    told: dict[str, object] = {}
    if released:
        told |= {"commitments": len(released), "released": sum((posting.amount for posting in released), ZERO)}
    if waiting:
        told |= {"cancelled": -sum((posting.amount for posting in waiting), ZERO)}
    return told
