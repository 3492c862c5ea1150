"""How are payments and the other facts of a commitment recorded, and mistakes undone?

Nothing is edited or deleted: a mistake is reversed by a linked entry of the same kind with the opposite amount and a
motive, then entered again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlmodel import Session, select

from conference.data.journal import write_journal
from conference.data.tables import Balance, Commitment, Entry, Organisation
from conference.domain import ledger
from conference.domain.french import day_in_france, format_date, format_euros
from conference.domain.ledger import SPENDING, CommitmentStatus, EntryKind, EntrySource
from conference.domain.money import LARGEST
from conference.domain.permissions import Actor
from conference.domain.refusal import Conflict, NotFound, Refusal
from conference.services.commitments import (
    live_entries,
    own_commitment,
    refuse_stale,
    require_second_person,
    reversal_of,
    share_by_year,
    shares_of,
)
from conference.services.months import OpenMonths
from conference.services.posting import Posting, post


@dataclass(frozen=True)
class BulkLine:
    """What became of one commitment of a bulk payment: `amount` paid, or the French `refusal`."""

    commitment_id: int
    reference: str
    amount: Decimal | None
    refusal: str | None


def record_entry(
    session: Session,
    commitment_id: int,
    *,
    kind: EntryKind,
    amount: Decimal,
    effective_on: date,
    by: Actor,
    at: datetime,
    source: EntrySource,
    reference: str | None = None,
    motive: str | None = None,
    shares: tuple[tuple[int, Decimal], ...] = (),
    version: int | None = None,
) -> Entry:
    """Record one entry on an existing commitment. Raises Refusal when a rule of the ledger forbids it.

    An increase that takes the commitment above the funder's threshold becomes a prévision that waits for its second
    confirmation. `version` is the number of entries that the author saw: Conflict when others came since, so that the
    same form sent twice pays once.
    """
    commitment = own_commitment(session, commitment_id, by, "entry.record")
    refuse_stale(session, commitment_id, version)
    posting = _posting(session, commitment, kind, amount, effective_on, at, source, reference, motive, shares)
    [entry_id] = post(session, [posting], by_id=by.account_id, at=at)
    write_journal(
        session,
        by=by,
        at=at,
        verb=f"record_{posting.kind.value}",
        object_kind="commitment",
        object_id=commitment_id,
        object_label=commitment.reference,
        changes={"entry": entry_id, "amount": amount, "effective_on": effective_on},
    )
    return session.get_one(Entry, entry_id)


def record_payment(
    session: Session,
    commitment_id: int,
    *,
    amount: Decimal,
    paid_on: date,
    by: Actor,
    at: datetime,
    source: EntrySource,
) -> Entry:
    """Record a payment of `amount` euros made on `paid_on`."""
    return record_entry(
        session, commitment_id, kind=EntryKind.PAYMENT, amount=amount, effective_on=paid_on, by=by, at=at, source=source
    )


def reverse_entry(
    session: Session, entry_id: int, *, motive: str, by: Actor, at: datetime, version: int | None = None
) -> Entry:
    """Annul an entry, once, with a motive. Raises Refusal when what follows it would no longer hold; `version` as above."""
    entry = session.get(Entry, entry_id)
    if entry is None:
        raise NotFound()
    commitment = own_commitment(session, entry.commitment_id, by, "entry.reverse")
    if not motive.strip():
        raise Refusal("Indiquez le motif de l’annulation.", field="motive", code="motive")
    if entry.reverses_id is not None:
        raise Refusal(
            "Une annulation ne s’annule pas : enregistrez de nouveau l’écriture.", code="reversal_of_reversal"
        )
    if session.exec(select(Entry.id).where(Entry.reverses_id == entry_id)).first() is not None:
        raise Conflict("Cette écriture est déjà annulée.")
    refuse_stale(session, entry.commitment_id, version)
    _refuse_rise_alone(session, entry, by)
    posting = reversal_of(entry, commitment, shares_of(session, entry_id), motive.strip(), OpenMonths(session), at)
    [reversal_id] = post(session, [posting], by_id=by.account_id, at=at)
    write_journal(
        session,
        by=by,
        at=at,
        verb="reverse_entry",
        object_kind="commitment",
        object_id=commitment.id,
        object_label=commitment.reference,
        changes={"entry": entry_id, "amount": entry.amount, "motive": "modifié"},
    )
    return session.get_one(Entry, reversal_id)


def pay_in_bulk(
    session: Session,
    commitment_ids: Sequence[int],
    *,
    paid_on: date,
    by: Actor,
    at: datetime,
    reference: str | None = None,
) -> list[BulkLine]:
    """Pay what is left of each commitment on `paid_on`: one report line each, in order. Valid ones pass, others say why."""
    report: list[BulkLine] = []
    postings: list[Posting] = []
    for commitment_id in dict.fromkeys(commitment_ids):
        try:
            commitment = own_commitment(session, commitment_id, by, "entry.record")
        except Refusal as refusal:
            report.append(BulkLine(commitment_id, "", None, refusal.message))
            continue
        try:
            left = _left_to_pay(session, commitment_id)
            posting = _posting(
                session, commitment, EntryKind.PAYMENT, left, paid_on, at, EntrySource.FORM, reference, None, ()
            )
            _refuse_before_commitment(session, commitment_id, paid_on)
            postings.append(posting)
            report.append(BulkLine(commitment_id, commitment.reference, left, None))
        except Refusal as refusal:
            report.append(BulkLine(commitment_id, commitment.reference, None, refusal.message))
    post(session, postings, by_id=by.account_id, at=at)
    paid = [line for line in report if line.amount is not None]
    write_journal(
        session,
        by=by,
        at=at,
        verb="pay_in_bulk",
        object_kind="commitment",
        changes={"paid": [line.reference for line in paid], "total": sum((line.amount or 0) for line in paid)},
    )
    return report


def _left_to_pay(session: Session, commitment_id: int) -> Decimal:
    row = session.get_one(Balance, commitment_id)
    balance = _balance(row)
    limits = [balance.committed, *(limit for limit in (balance.settlement, balance.order) if limit)]
    left = min(limits) - balance.paid
    if left <= 0 < balance.still_to_pay:
        done = "mandaté" if balance.order else "liquidé"
        raise Refusal(
            f"Tout ce qui est {done} est payé. Il reste {format_euros(balance.still_to_pay)} engagés, pas encore {done}s.",
            code="nothing_left",
        )
    if left <= 0:
        raise Refusal("Rien ne reste à payer sur cet engagement.", code="nothing_left")
    return left


def _refuse_before_commitment(session: Session, commitment_id: int, paid_on: date) -> None:
    committed_on = session.get_one(Balance, commitment_id).committed_on
    if committed_on and paid_on < committed_on:
        raise Refusal(
            f"Le paiement daterait d’avant l’engagement ({format_date(committed_on)}).",
            field="effective_on",
            code="dates",
        )


def _balance(row: Balance) -> ledger.Balance:
    return ledger.Balance(**{kind.value: getattr(row, kind.value) for kind in EntryKind})


def _posting(
    session: Session,
    commitment: Commitment,
    kind: EntryKind,
    amount: Decimal,
    effective_on: date,
    at: datetime,
    source: EntrySource,
    reference: str | None,
    motive: str | None,
    shares: tuple[tuple[int, Decimal], ...],
) -> Posting:
    assert commitment.id is not None
    _check_entry(session, commitment, kind, amount, effective_on, at)
    threshold = session.get_one(Organisation, commitment.funder_id).confirmation_threshold
    if (
        kind is EntryKind.COMMITMENT
        and threshold is not None
        and _total_with(session, commitment.id, amount) > threshold
    ):
        kind = EntryKind.FORECAST
    if kind in (EntryKind.RELEASE, EntryKind.COMMITMENT, EntryKind.FORECAST) and not shares:
        shares = share_by_year(amount, years_of(session, commitment.id))
    return Posting(
        commitment_id=commitment.id,
        funder_id=commitment.funder_id,
        to_funder_id=commitment.to_funder_id,
        dimension_set_id=commitment.dimension_set_id,
        kind=kind,
        amount=amount,
        effective_on=effective_on,
        booked_month=OpenMonths(session).booking(effective_on),
        source=source,
        reference=reference,
        motive=motive,
        shares=shares,
    )


def _total_with(session: Session, commitment_id: int, amount: Decimal) -> Decimal:
    """What the commitment would come to: a large one made of small increases needs its second person all the same."""
    balance = _balance(session.get_one(Balance, commitment_id))
    return balance.committed + balance.forecast + amount


def _refuse_rise_alone(session: Session, entry: Entry, by: Actor) -> None:
    """Annulling a dégagement raises what is committed: above the threshold it needs the second person, like a new rise."""
    threshold = session.get_one(Organisation, entry.funder_id).confirmation_threshold
    if entry.kind != EntryKind.RELEASE or threshold is None:
        return
    if _total_with(session, entry.commitment_id, entry.amount) > threshold:
        require_second_person(entry, by, "annuler ce dégagement")


def _check_entry(
    session: Session, commitment: Commitment, kind: EntryKind, amount: Decimal, effective_on: date, at: datetime
) -> None:
    if amount <= 0:
        raise Refusal("Le montant doit être supérieur à zéro.", field="amount", code="amount_positive")
    if amount > LARGEST:
        raise Refusal("Ce montant est trop grand pour une seule écriture.", field="amount", code="amount")
    if kind in SPENDING and effective_on > day_in_france(at):
        raise Refusal(
            f"La date du {format_date(effective_on)} est dans le futur. Enregistrez ce qui est déjà fait.",
            field="effective_on",
            code="future",
        )
    balance = _balance(session.get_one(Balance, commitment.id))
    status = ledger.status_of(balance)
    if status is CommitmentStatus.CANCELLED:
        raise Refusal("Cet engagement est annulé : enregistrez-en un nouveau.", code="cancelled")
    if status is CommitmentStatus.AWAITING and kind not in (EntryKind.COMMITMENT, EntryKind.FORECAST):
        raise Refusal(
            f"Cet engagement de {format_euros(balance.forecast)} attend sa confirmation : confirmez-le d’abord.",
            code="awaiting",
        )


def years_of(session: Session, commitment_id: int) -> list[tuple[int, Decimal]]:
    """In what proportions an entry falls on the years: as what is left of each, else as what was engaged before it was
    all released, else as what awaits its confirmation. A line that has yearly shares has them on every entry."""
    engaged = _shares_by_year(session, commitment_id, EntryKind.COMMITMENT)
    released = _shares_by_year(session, commitment_id, EntryKind.RELEASE)
    left = {year: amount - released.get(year, Decimal(0)) for year, amount in engaged.items()}
    if not any(amount > 0 for amount in left.values()):
        left = engaged or _shares_by_year(session, commitment_id, EntryKind.FORECAST)
    return [(year, amount) for year, amount in sorted(left.items()) if amount > 0]


def _shares_by_year(session: Session, commitment_id: int, kind: EntryKind) -> dict[int, Decimal]:
    years: dict[int, Decimal] = {}
    for entry in live_entries(session, commitment_id, kind):
        for year, amount in shares_of(session, entry.id or 0):
            years[year] = years.get(year, Decimal(0)) + amount
    return years
