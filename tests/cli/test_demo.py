"""`conference demo` fills an empty instance once with a conférence that users could have made: it holds, and each page has
something true to show.

To load it takes fifteen seconds: once for each engine, and all that is asked of it is asked there.
"""

from datetime import date
from decimal import Decimal
from pathlib import Path

import time_machine
from sqlmodel import Session, col, func, select

from conference.data.queries.totals import totals
from conference.data.session import Database
from conference.data.tables import (
    Account,
    Alert,
    CollectiveAction,
    Commitment,
    Entry,
    Handoff,
    HandoffRelease,
    HandoffShare,
    JournalEntry,
    PlanCost,
    PlanShare,
    Step,
    StepFunding,
    TransferPair,
)
from conference.domain.permissions import Role
from conference.services.demo import demo_accounts
from tests.cli.conftest import Console
from tests.seeds import AT


def test_the_demo_holds_and_loads_once(bare_console: Console, database: Database, tmp_path: Path) -> None:
    with time_machine.travel(AT, tick=False):
        answer = bare_console("demo", "--json")
        assert answer.code == 0
        assert {account["role"] for account in answer.json["accounts"]} == {role.value for role in Role} - {"console"}
        again = bare_console("demo")
        assert (again.code, again.out) == (1, "")
        assert bare_console("verify", "--json").json["fault"] is None
        with database.reading() as session:
            _check_figures(session)
            _check_handoffs(session)
            _check_action(session)
            _check_authors(session)
        _check_summary_of_a_funder(bare_console, tmp_path)
        assert bare_console("seal", "--json").json["sealed"] != []
        assert bare_console("seal", "--json").json == {"sealed": []}


def test_summary_twice_gives_the_same_bytes(console: Console, tmp_path: Path) -> None:
    first = console("summary", "2026-03", "--out", tmp_path / "a", "--json")
    assert first.json["files"] == console("summary", "2026-03", "--out", tmp_path / "b", "--json").json["files"]
    for name in ("SYN-2026-03.pdf", "SYN-2026-03-annexe.xlsx"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def _check_figures(session: Session) -> None:
    """Nine funders of every month since 2023, with money in and out, transfers and gaps."""
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


def _check_summary_of_a_funder(console: Console, folder: Path) -> None:
    """Its scope names its files."""
    told = console("summary", "2026-03", "--scope", "region", "--out", folder, "--json").json
    assert [each["name"] for each in told["files"]] == ["SYN-2026-03-region.pdf", "SYN-2026-03-region-annexe.xlsx"]
    assert [each["code"] for each in told["funders"]] == ["region"]


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


def _check_action(session: Session) -> None:
    """Six people follow one course that two funders pay; what the OPCO engaged is on each of their steps, to the cent."""
    action = session.exec(select(CollectiveAction)).one()
    steps = session.exec(select(Step.id).where(Step.action_id == action.id)).all()
    assert len(steps) == 6
    shared = session.exec(
        select(PlanCost.amount, PlanShare.amount).join(PlanShare).where(PlanCost.action_id == action.id)
    )
    assert sorted(shared.all()) == [(Decimal(23_500), Decimal(9_400)), (Decimal(23_500), Decimal(14_100))]
    carried = session.exec(select(StepFunding.amount).where(col(StepFunding.step_id).in_(steps))).all()
    assert carried == [Decimal(2_350)] * 6


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
