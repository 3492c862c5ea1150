"""What may an entry do to a commitment?

Seven kinds of entry, all positive amounts; an annulation is an entry of the same kind with the opposite amount. The
balance of a commitment is the sum of each kind. Committed = engagements − dégagements, paid = paiements − reversements,
still to pay = committed − paid; a prévision is in no total (SEMANTICS §1). The rules are the CHECK constraints of the
balance row, in `data.tables.ledger`: `faults` says the same before the database does, for forms and for `verify`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from decimal import Decimal
from enum import StrEnum

from conference.domain.french import format_euros
from conference.domain.money import ZERO


class EntryKind(StrEnum):
    """Kinds of entry, in the order in which a decision lives."""

    FORECAST = "forecast"
    COMMITMENT = "commitment"
    RELEASE = "release"
    SETTLEMENT = "settlement"
    ORDER = "order"
    PAYMENT = "payment"
    REPAYMENT = "repayment"


class CommitmentStatus(StrEnum):
    """What a commitment has become."""

    AWAITING = "awaiting"
    ACTIVE = "active"
    PAID = "paid"
    RELEASED = "released"
    CANCELLED = "cancelled"


class EntrySource(StrEnum):
    """By which door a line came in."""

    FORM = "form"
    FILE = "file"
    CONSOLE = "console"
    API = "api"


SPENDING = frozenset({EntryKind.SETTLEMENT, EntryKind.ORDER, EntryKind.PAYMENT, EntryKind.REPAYMENT})
"""Kinds that tell of a fact already done: they are never dated in the future."""


@dataclass(frozen=True)
class Balance:
    """Sums by kind of the entries of one commitment, or of any set of them, in euros."""

    forecast: Decimal = ZERO
    commitment: Decimal = ZERO
    release: Decimal = ZERO
    settlement: Decimal = ZERO
    order: Decimal = ZERO
    payment: Decimal = ZERO
    repayment: Decimal = ZERO

    @property
    def committed(self) -> Decimal:
        """Engagements − dégagements."""
        return self.commitment - self.release

    @property
    def paid(self) -> Decimal:
        """Paiements − reversements."""
        return self.payment - self.repayment

    @property
    def still_to_pay(self) -> Decimal:
        """Committed − paid."""
        return self.committed - self.paid

    def plus(self, kind: EntryKind, amount: Decimal) -> "Balance":
        """The balance after an entry of `amount` (negative for an annulation)."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        values[kind.value] += amount
        return Balance(**values)


def balance_of(entries: Iterable[tuple[EntryKind, Decimal]]) -> Balance:
    """Sum of `entries`, given as (kind, signed amount)."""
    total = Balance()
    for kind, amount in entries:
        total = total.plus(kind, amount)
    return total


def status_of(balance: Balance) -> CommitmentStatus:
    """What the balance says of the commitment."""
    if balance.commitment > 0:
        if balance.committed == 0:
            return CommitmentStatus.RELEASED
        return CommitmentStatus.PAID if balance.still_to_pay == 0 else CommitmentStatus.ACTIVE
    return CommitmentStatus.AWAITING if balance.forecast > 0 else CommitmentStatus.CANCELLED


def faults(balance: Balance) -> Iterator[tuple[str, str]]:
    """(name of the constraint, French sentence) for each rule of the ledger that `balance` breaks."""
    for kind in EntryKind:
        if getattr(balance, kind.value) < 0:
            yield (
                f"ck_balance_{kind.value}_not_negative",
                "Une annulation ne peut pas dépasser ce qui a été enregistré.",
            )
    if balance.paid < 0:
        yield "ck_balance_repaid_within_paid", f"Le reversement dépasse ce qui a été payé ({_euros(balance.payment)})."
    if balance.paid > balance.committed:
        yield (
            "ck_balance_paid_within_committed",
            f"Le total payé ({_euros(balance.paid)}) dépasserait le montant engagé ({_euros(balance.committed)}).",
        )
    yield from _order_faults(balance)


def _order_faults(balance: Balance) -> Iterator[tuple[str, str]]:
    settled, ordered, paid = balance.settlement, balance.order, balance.paid
    if settled and settled > balance.committed:
        yield (
            "ck_balance_settled_within_committed",
            f"Le total liquidé ({_euros(settled)}) dépasserait le montant engagé ({_euros(balance.committed)}).",
        )
    if ordered and ordered > (settled or balance.committed):
        limit = f"liquidé ({_euros(settled)})" if settled else f"engagé ({_euros(balance.committed)})"
        sentence = f"Le total mandaté ({_euros(ordered)}) dépasserait le montant {limit}."
        yield "ck_balance_ordered_within_settled", sentence
    if ordered and paid > ordered:
        yield (
            "ck_balance_paid_within_ordered",
            f"Le total payé ({_euros(paid)}) dépasserait le montant mandaté ({_euros(ordered)}).",
        )
    if settled and paid > settled:
        yield (
            "ck_balance_paid_within_settled",
            f"Le total payé ({_euros(paid)}) dépasserait le montant liquidé ({_euros(settled)}).",
        )


_euros = format_euros
