"""Which instalment of its convention does a payment pay?

A payment or a repayment points to one instalment of the funder that made it; an annulation goes with its entry. A commitment
made for one instalment sends all its payments there, unless one says otherwise. The keys of instalments stay the same from an
avenant to the next: what was paid stays paid.
"""

from datetime import date, datetime
from decimal import Decimal

from sqlmodel import Session, col, select

from conference.data.journal import write_journal
from conference.data.tables import Commitment, ConventionCommitment, ConventionPayment, Entry
from conference.domain.ledger import EntryKind, EntrySource
from conference.domain.permissions import Actor
from conference.domain.refusal import NotFound, Refusal
from conference.services.commitments import own_commitment
from conference.services.convention_balances import in_force_version, instalment_for
from conference.services.entries import record_entry

PAYING = (EntryKind.PAYMENT, EntryKind.REPAYMENT)


def pay_instalment(
    session: Session,
    commitment_id: int,
    instalment_key: int,
    *,
    amount: Decimal,
    paid_on: date,
    by: Actor,
    at: datetime,
    source: EntrySource = EntrySource.FORM,
    reference: str | None = None,
    version: int | None = None,
) -> Entry:
    """Record a payment of `amount` euros that pays an instalment of the convention of that commitment.

    Raises as `record_entry`, and Refusal when the commitment is under no convention or the instalment is another's.
    """
    entry = record_entry(
        session,
        commitment_id,
        kind=EntryKind.PAYMENT,
        amount=amount,
        effective_on=paid_on,
        by=by,
        at=at,
        source=source,
        reference=reference,
        version=version,
    )
    point_payment(session, entry.id or 0, instalment_key, by=by, at=at)
    return entry


def point_payment(session: Session, entry_id: int, instalment_key: int | None, *, by: Actor, at: datetime) -> None:
    """Say which instalment a payment or a repayment of one's own pays; None: none any more. Raises NotFound, Refusal."""
    entry = session.get(Entry, entry_id)
    if entry is None:
        raise NotFound()
    commitment = own_commitment(session, entry.commitment_id, by, "entry.record")
    if entry.kind not in PAYING or entry.reverses_id is not None:
        raise Refusal("Une échéance se règle par un paiement ou un reversement.", code="instalment_payment")
    link = session.get(ConventionCommitment, entry.commitment_id)
    if link is None:
        raise Refusal(
            "Cet engagement n’est rattaché à aucune convention.", field="instalment_key", code="no_convention"
        )
    row = session.get(ConventionPayment, entry_id)
    before = row.instalment_key if row is not None else None
    if instalment_key == before:
        return
    if instalment_key is not None:
        version = in_force_version(session, link.convention_id)
        assert version is not None
        instalment_for(session, version, instalment_key, entry.funder_id)
    if row is not None:
        session.delete(row)
        session.flush()
    if instalment_key is not None:
        told = {"convention_id": link.convention_id, "instalment_key": instalment_key}
        session.add(ConventionPayment(entry_id=entry_id, **told, linked_at=at, linked_by=by.account_id))
    session.flush()
    _journal(session, commitment, entry_id, [before, instalment_key], by, at)


def drop_payment_links(session: Session, commitment_id: int) -> None:
    """A commitment that leaves its convention takes its payments with it."""
    entries = select(Entry.id).where(Entry.commitment_id == commitment_id)
    for row in session.exec(select(ConventionPayment).where(col(ConventionPayment.entry_id).in_(entries))).all():
        session.delete(row)
    session.flush()


def _journal(
    session: Session, commitment: Commitment, entry_id: int, keys: list[int | None], by: Actor, at: datetime
) -> None:
    write_journal(
        session,
        by=by,
        at=at,
        verb="point_payment",
        object_kind="commitment",
        object_id=commitment.id,
        object_label=commitment.reference,
        changes={"entry": entry_id, "instalment": keys},
    )
