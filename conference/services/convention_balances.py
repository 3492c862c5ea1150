"""How does the ledger keep each convention within its envelope?

One row a convention says what was engaged under it: every entry of a commitment made under it moves that row in its own
transaction, under the CHECK of its ceiling, so that nobody passes it, whoever else commits at that instant. What waits for
its second confirmation counts (SEMANTICS §1). Decision: the row is moved by what the entries add, never summed again, so that
an entry costs the same under a convention of ten lines or of ten thousand; `conference verify` compares the sums.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from sqlmodel import Session, col, select

from conference.data.among import among
from conference.data.tables import (
    Balance,
    Commitment,
    Convention,
    ConventionBalance,
    ConventionCommitment,
    ConventionInstalment,
    ConventionParty,
    ConventionVersion,
)
from conference.domain.convention import IN_FORCE
from conference.domain.french import format_date, format_euros
from conference.domain.ledger import EntryKind
from conference.domain.money import ZERO
from conference.domain.refusal import Conflict, Refusal
from conference.services.coverage_marks import mark_concerned


class Moved(Protocol):
    """What of an entry moves a balance."""

    @property
    def commitment_id(self) -> int: ...

    @property
    def kind(self) -> EntryKind: ...

    @property
    def amount(self) -> Decimal: ...


@dataclass
class Move:
    """What entries add to what a convention has engaged and paid, in euros."""

    forecast: Decimal = ZERO
    committed: Decimal = ZERO
    paid: Decimal = ZERO

    def add(self, kind: EntryKind, amount: Decimal) -> None:
        """Count one entry."""
        if kind is EntryKind.FORECAST:
            self.forecast += amount
        elif kind in (EntryKind.COMMITMENT, EntryKind.RELEASE):
            self.committed += amount if kind is EntryKind.COMMITMENT else -amount
        elif kind in (EntryKind.PAYMENT, EntryKind.REPAYMENT):
            self.paid += amount if kind is EntryKind.PAYMENT else -amount

    @property
    def engaged(self) -> Decimal:
        """What it takes of the envelope."""
        return self.forecast + self.committed


def follow_entries(session: Session, entries: Iterable[Moved]) -> None:
    """Move the balances of the conventions under which the commitments of these entries were made; one query when none was.

    Raises Refusal when a convention is not in force any more, or would pass its ceiling.
    """
    found = list(entries)
    if not found:
        return
    wanted = sorted({each.commitment_id for each in found})
    query = select(ConventionCommitment.commitment_id, ConventionCommitment.convention_id)
    links = dict(session.exec(query.where(among(session, col(ConventionCommitment.commitment_id), wanted))).all())
    if not links:
        return
    moves: dict[int, Move] = {}
    for each in found:
        if each.commitment_id in links:
            moves.setdefault(links[each.commitment_id], Move()).add(each.kind, each.amount)
    for convention_id, move in sorted(moves.items()):
        move_balance(session, convention_id, move)


def move_balance(session: Session, convention_id: int, move: Move) -> None:
    """Add a move to the balance of a convention. Raises Refusal as `follow_entries`."""
    row = balance_of(session, convention_id)
    if move.engaged > 0:
        _refuse_out_of_force(session, convention_id)
        refuse_over(row, move.engaged)
    row.forecast += move.forecast
    row.committed += move.committed
    row.paid += move.paid
    session.add(row)
    session.flush()
    if move.engaged:
        mark_concerned(session, convention_id)


def balance_of(session: Session, convention_id: int) -> ConventionBalance:
    """The balance of a convention, locked until the end of the transaction; made of zeros when there is none yet."""
    query = select(ConventionBalance).where(ConventionBalance.convention_id == convention_id).with_for_update()
    row = session.exec(query.execution_options(populate_existing=True)).one_or_none()
    if row is None:
        row = ConventionBalance(convention_id=convention_id)
        session.add(row)
        session.flush()
    return row


def refuse_over(row: ConventionBalance, more: Decimal, *, freed: Decimal = ZERO, field: str = "amount") -> None:
    """Raise Refusal, with what is left once `freed` euros are released, when `more` euros would pass the ceiling."""
    if row.ceiling is None:
        return
    left = row.ceiling - row.committed - row.forecast + freed
    if more > left:
        raise Refusal(
            f"Cette convention a un plafond de {format_euros(row.ceiling)}. Il reste {format_euros(left)}.",
            field=field,
            code="convention_ceiling",
        )


def attach_commitment(
    session: Session,
    commitment_id: int,
    convention_id: int,
    instalment_key: int | None,
    by_id: int | None,
    at: datetime,
) -> Commitment:
    """Put a commitment under a convention in force, without right or journal (the calling verb's own): what it engages
    counts against the ceiling from then on. Raises Refusal, Conflict."""
    line = session.get_one(Commitment, commitment_id)
    if session.get(ConventionCommitment, commitment_id) is not None:
        raise Conflict("Cet engagement est déjà rattaché à une convention.")
    version = _refuse_out_of_force(session, convention_id)
    _refuse_another_party(session, version, line.funder_id)
    _refuse_other_days(version, line)
    if instalment_key is not None:
        instalment_for(session, version, instalment_key, line.funder_id)
    balance, move = session.get_one(Balance, commitment_id), Move()
    for kind in EntryKind:
        move.add(kind, getattr(balance, kind.value))
    move_balance(session, convention_id, move)
    session.add(
        ConventionCommitment(
            commitment_id=commitment_id,
            convention_id=convention_id,
            funder_id=line.funder_id,
            instalment_key=instalment_key,
            linked_at=at,
            linked_by=by_id,
        )
    )
    session.flush()
    return line


def instalment_for(
    session: Session, version: ConventionVersion, instalment_key: int, funder_id: int
) -> ConventionInstalment:
    """The instalment of that key which this funder pays. Raises Refusal."""
    row = session.get(ConventionInstalment, (version.id, instalment_key))
    if row is None or row.organisation_id != funder_id:
        raise Refusal(
            "Choisissez une échéance que la convention met à la charge de votre organisme.",
            field="instalment_key",
            code="instalment",
        )
    return row


def in_force_version(session: Session, convention_id: int) -> ConventionVersion | None:
    """The version in force; None before the first signature."""
    query = select(ConventionVersion).where(
        ConventionVersion.convention_id == convention_id, col(ConventionVersion.in_force).is_(True)
    )
    return session.exec(query).one_or_none()


def _refuse_out_of_force(session: Session, convention_id: int) -> ConventionVersion:
    convention = session.get(Convention, convention_id)
    version = in_force_version(session, convention_id)
    if convention is None or convention.status not in IN_FORCE or version is None:
        raise Refusal(
            "Cette convention n’est pas en vigueur\u202f: elle ne prend pas d’engagement.",
            field="convention_id",
            code="convention_not_in_force",
        )
    return version


def _refuse_another_party(session: Session, version: ConventionVersion, funder_id: int) -> None:
    if session.get(ConventionParty, (version.id, funder_id)) is None:
        raise Refusal(
            "Votre organisme n’est pas une partie de cette convention.", field="convention_id", code="not_a_party"
        )


def _refuse_other_days(version: ConventionVersion, line: Commitment) -> None:
    """The days that a line funds meet those of the convention; without any, it was decided between signature and end."""
    if version.first is None or version.last is None:
        return
    first, last = line.first or line.last, line.last or line.first
    if first is None or last is None:
        earliest = min(version.first, version.signed_on or version.first)
        compatible = earliest <= line.decided_on <= version.last
    else:
        compatible = first <= version.last and last >= version.first and line.decided_on <= version.last
    if not compatible:
        raise Refusal(
            f"Cette convention court du {format_date(version.first)} au {format_date(version.last)}\u202f: les dates de "
            "cet engagement n’y entrent pas.",
            field="convention_id",
            code="convention_days",
        )


def linked_ids(session: Session, convention_id: int) -> Sequence[int]:
    """The commitments made under a convention, in order."""
    query = select(ConventionCommitment.commitment_id).where(ConventionCommitment.convention_id == convention_id)
    return session.exec(query.order_by(col(ConventionCommitment.commitment_id))).all()
