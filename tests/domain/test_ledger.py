"""Do the rules told in French agree with one another?"""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conference.domain.ledger import Balance, CommitmentStatus, EntryKind, balance_of, faults, status_of
from conference.domain.money import from_cents

amounts = st.integers(min_value=0, max_value=10_000).map(from_cents)
balances = st.builds(Balance, *[amounts] * 7)


@given(balances)
def test_a_balance_without_fault_keeps_every_rule(balance: Balance) -> None:
    if not list(faults(balance)):
        assert 0 <= balance.paid <= balance.committed
        assert balance.release <= balance.commitment - balance.paid
        if balance.settlement:
            assert balance.paid <= balance.settlement <= balance.committed
        if balance.order:
            assert balance.paid <= balance.order <= (balance.settlement or balance.committed)


@given(balances)
def test_a_balance_that_keeps_every_rule_has_no_fault(balance: Balance) -> None:
    kept = 0 <= balance.paid <= balance.committed and (not balance.settlement or not balance.order)
    kept = kept and (not balance.settlement or balance.paid <= balance.settlement <= balance.committed)
    kept = kept and (not balance.order or balance.paid <= balance.order <= balance.committed)
    if kept:
        assert list(faults(balance)) == []


@given(st.lists(st.tuples(st.sampled_from(EntryKind), amounts), max_size=8))
def test_an_entry_and_its_annulation_leave_nothing(entries: list[tuple[EntryKind, Decimal]]) -> None:
    assert balance_of([*entries, *[(kind, -amount) for kind, amount in entries]]) == Balance()


@pytest.mark.parametrize(
    ("balance", "status"),
    [
        (Balance(), CommitmentStatus.CANCELLED),
        (Balance(forecast=Decimal(5)), CommitmentStatus.AWAITING),
        (Balance(commitment=Decimal(5)), CommitmentStatus.ACTIVE),
        (Balance(commitment=Decimal(5), payment=Decimal(4)), CommitmentStatus.ACTIVE),
        (Balance(commitment=Decimal(5), payment=Decimal(5)), CommitmentStatus.PAID),
        (Balance(commitment=Decimal(5), release=Decimal(5)), CommitmentStatus.RELEASED),
        (Balance(commitment=Decimal("0.50")), CommitmentStatus.ACTIVE),
        (Balance(forecast=Decimal("0.50")), CommitmentStatus.AWAITING),
        (Balance(forecast=Decimal(-5)), CommitmentStatus.CANCELLED),
    ],
)
def test_status_says_what_the_balance_became(balance: Balance, status: CommitmentStatus) -> None:
    assert status_of(balance) is status


def test_sums_of_a_commitment_are_told_by_the_kinds_of_its_entries() -> None:
    amounts_by_kind = {kind: Decimal(10 ** (6 - place)) for place, kind in enumerate(EntryKind)}
    balance = balance_of([*amounts_by_kind.items(), (EntryKind.PAYMENT, Decimal(5))])
    assert balance == Balance(
        forecast=Decimal(1_000_000),
        commitment=Decimal(100_000),
        release=Decimal(10_000),
        settlement=Decimal(1_000),
        order=Decimal(100),
        payment=Decimal(15),
        repayment=Decimal(1),
    )
    assert (balance.committed, balance.paid, balance.still_to_pay) == (90_000, 14, 89_986)


def of(**sums: int) -> Balance:
    return Balance(**{name: Decimal(amount) for name, amount in sums.items()})


ANNULLED = "Une annulation ne peut pas dépasser ce qui a été enregistré."


@pytest.mark.parametrize(
    ("balance", "told"),
    [
        (of(forecast=-1), [("ck_balance_forecast_not_negative", ANNULLED)]),
        (of(commitment=8, release=-1), [("ck_balance_release_not_negative", ANNULLED)]),
        (
            of(commitment=8, payment=3, repayment=4),
            [("ck_balance_repaid_within_paid", "Le reversement dépasse ce qui a été payé (3,00\u00a0€).")],
        ),
        (
            of(commitment=1500, release=500, payment=1001),
            [
                (
                    "ck_balance_paid_within_committed",
                    "Le total payé (1\u202f001,00\u00a0€) dépasserait le montant engagé (1\u202f000,00\u00a0€).",
                )
            ],
        ),
        (
            of(commitment=8, settlement=9),
            [
                (
                    "ck_balance_settled_within_committed",
                    "Le total liquidé (9,00\u00a0€) dépasserait le montant engagé (8,00\u00a0€).",
                )
            ],
        ),
        (
            of(commitment=8, order=9),
            [
                (
                    "ck_balance_ordered_within_settled",
                    "Le total mandaté (9,00\u00a0€) dépasserait le montant engagé (8,00\u00a0€).",
                )
            ],
        ),
        (
            of(commitment=8, settlement=6, order=7),
            [
                (
                    "ck_balance_ordered_within_settled",
                    "Le total mandaté (7,00\u00a0€) dépasserait le montant liquidé (6,00\u00a0€).",
                )
            ],
        ),
        (
            of(commitment=8, order=5, payment=6),
            [
                (
                    "ck_balance_paid_within_ordered",
                    "Le total payé (6,00\u00a0€) dépasserait le montant mandaté (5,00\u00a0€).",
                )
            ],
        ),
        (
            of(commitment=8, settlement=5, payment=6),
            [
                (
                    "ck_balance_paid_within_settled",
                    "Le total payé (6,00\u00a0€) dépasserait le montant liquidé (5,00\u00a0€).",
                )
            ],
        ),
        (of(commitment=8, settlement=8, order=8, payment=8), []),
        (of(commitment=8, settlement=6, order=6, payment=6), []),
        (of(commitment=8, release=8), []),
    ],
)
def test_each_rule_that_is_broken_says_so_in_french(balance: Balance, told: list[tuple[str, str]]) -> None:
    assert list(faults(balance)) == told
