"""How are the two sides of a transfer between funders paired?

The giver records what it pays through the other funder (a commitment with `to_funder_id`): that part is internal, and
is taken out of the shared total wherever both funders are in the selection. The receiver records how it spends it, on a
line of its own with the same dimensions, and pairs both. Neither writes in the other's books.
"""

from dataclasses import replace
from datetime import datetime

from sqlmodel import Session, select

from conference.data.journal import write_journal
from conference.data.tables import REFERENCE_TABLES, Commitment, DimensionSet, TransferPair
from conference.domain.ledger import EntrySource
from conference.domain.permissions import Actor, Relation, require
from conference.domain.refusal import NotFound, Refusal
from conference.services.commitments import CommitmentLine, commit_funds
from conference.services.dimensions import Dimensions


def pair_transfer(session: Session, *, given_id: int, spent_id: int, by: Actor, at: datetime) -> TransferPair:
    """Tie the receiver's line `spent_id` to the transfer `given_id` it comes from. `by` acts for the receiver.

    Raises Refusal when the dimensions differ, since a filter would then hold one side without the other.
    """
    given, spent = session.get(Commitment, given_id), session.get(Commitment, spent_id)
    if given is None or spent is None:
        raise NotFound()
    require(by, "transfer.pair", by.relation_to(spent.funder_id))
    if by.relation_to(spent.funder_id) is not Relation.OWN or given.to_funder_id != spent.funder_id:
        raise NotFound()
    if given.dimension_set_id != spent.dimension_set_id:
        raise Refusal(
            "Les deux lignes n’ont pas les mêmes dispositif, public, nature, niveau, territoire et secteur. "
            "Créez votre ligne depuis le transfert reçu : elle les reprend.",
            code="transfer_dimensions",
        )
    query = select(TransferPair.id).where(TransferPair.given_id == given_id, TransferPair.spent_id == spent_id)
    if session.exec(query).first() is not None:
        raise Refusal("Ces deux lignes sont déjà rattachées l’une à l’autre.", code="transfer_pair_given_id_spent_id")
    pair = TransferPair(
        given_id=given_id,
        spent_id=spent_id,
        dimension_set_id=given.dimension_set_id,
        recorded_at=at,
        recorded_by=by.account_id,
    )
    session.add(pair)
    session.flush()
    write_journal(
        session,
        by=by,
        at=at,
        verb="pair_transfer",
        object_kind="commitment",
        object_id=spent_id,
        object_label=spent.reference,
        changes={"given": given.reference},
    )
    return pair


def spend_transfer(
    session: Session, given_id: int, line: CommitmentLine, *, by: Actor, at: datetime, source: EntrySource
) -> Commitment:
    """Record the receiver's line that spends the transfer `given_id`, with the transfer's dimensions, and pair both.

    Raises NotFound when `by` is not of the funder that the transfer goes to.
    """
    given = session.get(Commitment, given_id)
    if given is None or by.relation_to(given.to_funder_id) is not Relation.OWN:
        raise NotFound()
    dimensions = session.get_one(DimensionSet, given.dimension_set_id)
    same = Dimensions(**{name: getattr(dimensions, f"{name}_id") for name in REFERENCE_TABLES})
    spent = commit_funds(session, replace(line, dimensions=same), by=by, at=at, source=source)
    assert spent.id is not None
    pair_transfer(session, given_id=given_id, spent_id=spent.id, by=by, at=at)
    return spent
