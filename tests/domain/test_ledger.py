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
    ],
)
def test_status_says_what_the_balance_became(balance: Balance, status: CommitmentStatus) -> None:
    assert status_of(balance) is status
