"""Is the demo a conférence that users could have made, with something true to show on each page?"""

from datetime import date
from decimal import Decimal

from sqlmodel import Session, col, func, select

from conference.data.queries.totals import totals
from conference.data.session import Database
from conference.data.tables import (
    Account,
    Alert,
    Commitment,
    Entry,
    Handoff,
    HandoffRelease,
    HandoffShare,
    JournalEntry,
    PlanCost,
    PlanShare,
    TransferPair,
)
from conference.domain.permissions import Role
from conference.services.demo import demo_accounts, load_demo
from conference.services.verification import verify
from conference.settings import Settings
from tests.seeds import AT


def test_the_demo_holds_and_loads_once(database: Database, settings: Settings) -> None:
    with database.writing() as session:
        assert load_demo(session, at=AT)
        assert not load_demo(session, at=AT)
    with database.reading() as session:
        assert verify(session, instance=settings.instance).first_fault is None
        assert {account.role for account in demo_accounts(session)} == set(Role) - {Role.CONSOLE}
        assert len({account.organisation for account in demo_accounts(session)}) == 10
        funders = totals(session, ["funder"])
        assert len(funders.rows) == 9
        assert all(row.gross.committed > row.gross.paid >= 0 for row in funders.rows)
        assert funders.internal_transfers.committed > 0
        assert session.exec(select(func.count()).select_from(TransferPair)).one() > 0
        months = [row.key[0] for row in totals(session, ["month"]).rows]
        assert (months[0], months[-1]) == (date(2023, 1, 1), date(2026, 4, 1)), "the handoffs are of this month"
        gaps = session.exec(select(Alert.days, Alert.need).where(Alert.status == "open")).all()
        assert (47, 1457) in gaps
        _check_handoffs(session)
        _check_authors(session)


def _check_handoffs(session: Session) -> None:
    """The money follows the lorry driver and the nurse; the nurse's third year waits for an answer."""
    told = session.exec(
        select(Handoff.status, HandoffRelease.released, HandoffShare.accepted)
        .join(HandoffShare, col(HandoffShare.handoff_id) == col(Handoff.id))
        .join(HandoffRelease, col(HandoffRelease.handoff_id) == col(Handoff.id), isouter=True)
        .order_by(col(Handoff.id))
    ).all()
    assert told == [
        ("accepted", Decimal("3500.00"), Decimal("4500.00")),
        ("accepted", Decimal("7500.00"), Decimal("7500.00")),
        ("proposed", None, None),
    ]
    told_euros = session.exec(select(PlanCost.amount, PlanShare.amount).join(PlanShare)).all()
    assert (Decimal("2500.00"), Decimal("2500.00")) in told_euros, "the first step costs what its funder keeps"
    codes = dict(session.exec(select(Alert.code, func.count()).group_by(col(Alert.code))).all())
    assert {"income_gap", "relay_to_request"} <= set(codes)


def _check_authors(session: Session) -> None:
    """Each row was recorded by an account of its own funder, not before the day it tells of."""
    authors = session.exec(
        select(Commitment.funder_id, Account.organisation_id)
        .join(Account, Account.id == Commitment.recorded_by)  # type: ignore[arg-type]
        .distinct()
    ).all()
    assert len(authors) == 9
    assert all(funder == organisation for funder, organisation in authors)
    recorded = session.exec(select(Entry.recorded_at, Entry.effective_on)).all()
    assert all(instant.date() >= day for instant, day in recorded)
    told = session.exec(select(JournalEntry.at).order_by(col(JournalEntry.id))).all()
    assert len(told) > len(recorded)
    assert told == sorted(told)
