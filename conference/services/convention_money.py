"""How is the envelope of a convention opened, changed, and a commitment put under it?

The envelope is opened by the last signature and changed by an avenant. A funder that is a party puts its own commitments under
the convention, when it makes them (`CommitmentLine.convention_id`) or afterwards; one put there by mistake is taken away with
a motive. Every entry then moves the balance (`convention_balances`).
"""

from datetime import datetime
from decimal import Decimal

from sqlmodel import Session

from conference.data.journal import write_journal
from conference.data.tables import Balance, Convention, ConventionCommitment
from conference.domain.french import format_euros
from conference.domain.ledger import EntryKind
from conference.domain.permissions import Actor
from conference.domain.refusal import Conflict, Refusal
from conference.services.commitments import own_commitment
from conference.services.convention_access import reached_convention, told_reference
from conference.services.convention_balances import Move, attach_commitment, balance_of, move_balance
from conference.services.instalments import drop_payment_links


def open_balance(session: Session, convention_id: int, ceiling: Decimal | None) -> None:
    """Make the balance of a convention that has none yet, with its ceiling in euros (None: no envelope)."""
    set_ceiling(session, convention_id, ceiling)


def set_ceiling(session: Session, convention_id: int, ceiling: Decimal | None) -> None:
    """The envelope in force from now on, without right or journal (the signature's own).

    Raises Refusal under what is engaged already; nothing is then written.
    """
    row = balance_of(session, convention_id)
    engaged = row.committed + row.forecast
    if ceiling is not None and ceiling < engaged:
        raise Refusal(
            f"{format_euros(engaged)} sont déjà engagés sous cette convention\u202f: son plafond ne peut pas descendre à "
            f"{format_euros(ceiling)}. Dégagez d’abord la différence.",
            field="ceiling",
            code="ceiling_under_committed",
        )
    row.ceiling = ceiling
    session.add(row)
    session.flush()


def link_commitment(
    session: Session,
    commitment_id: int,
    convention_id: int,
    instalment_key: int | None = None,
    *,
    by: Actor,
    at: datetime,
) -> ConventionCommitment:
    """Put one's own commitment under a convention in force, for one of its instalments where it is for one.

    Raises NotFound for what `by` does not reach, Refusal when the organisation is no party, the days do not meet or the
    ceiling would be passed, Conflict when it is under a convention already.
    """
    commitment = own_commitment(session, commitment_id, by, "commitment.create")
    convention = reached_convention(session, convention_id, by, "convention.read")
    attach_commitment(session, commitment_id, convention_id, instalment_key, by.account_id, at)
    _journal(
        session,
        "link_commitment",
        commitment_id,
        commitment.reference,
        convention,
        {"instalment": instalment_key},
        by,
        at,
    )
    return session.get_one(ConventionCommitment, commitment_id)


def unlink_commitment(session: Session, commitment_id: int, *, motive: str, by: Actor, at: datetime) -> None:
    """Take a commitment from under its convention: it was put there by mistake. Raises NotFound, Refusal, Conflict."""
    commitment = own_commitment(session, commitment_id, by, "commitment.create")
    if not motive.strip():
        raise Refusal("Indiquez le motif.", field="motive", code="motive")
    link = session.get(ConventionCommitment, commitment_id)
    if link is None:
        raise Conflict("Cet engagement n’est plus rattaché à une convention. Rechargez la page pour voir son état.")
    drop_payment_links(session, commitment_id)
    convention = session.get_one(Convention, link.convention_id)
    balance, move = session.get_one(Balance, commitment_id), Move()
    for kind in EntryKind:
        move.add(kind, -getattr(balance, kind.value))
    session.delete(link)
    session.flush()
    move_balance(session, link.convention_id, move)
    _journal(
        session, "unlink_commitment", commitment_id, commitment.reference, convention, {"motive": "modifié"}, by, at
    )


def _journal(
    session: Session,
    verb: str,
    commitment_id: int,
    reference: str,
    convention: Convention,
    told: dict[str, object],
    by: Actor,
    at: datetime,
) -> None:
    write_journal(
        session,
        by=by,
        at=at,
        verb=verb,
        object_kind="commitment",
        object_id=commitment_id,
        object_label=reference,
        changes={
            "convention": told_reference(convention),
            **{key: value for key, value in told.items() if value is not None},
        },
    )
