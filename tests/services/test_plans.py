"""Do plans sum, does one's own share alone become a commitment, and does the money lead to the person's step?"""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from sqlmodel import Session, select

from conference.data.queries.fundings import fundings_of
from conference.data.queries.plans import PlanView, plan_summary
from conference.data.session import Database
from conference.data.tables import (
    Balance,
    Commitment,
    Nature,
    Organisation,
    PlanShare,
    StepFunder,
    StepFunding,
    YearlyShare,
)
from conference.domain.case import StepKind
from conference.domain.ledger import EntrySource
from conference.domain.parcours import KeySituation, ParcoursKind
from conference.domain.refusal import Conflict, NotFound, Refusal
from conference.services.commitments import confirm_commitment
from conference.services.dimensions import Dimensions
from conference.services.parcours import open_parcours
from conference.services.plans import (
    PlanOf,
    commit_shares,
    fund_step,
    remove_share,
    set_cost,
    set_instalments,
    set_share,
)
from conference.services.steps import StepLine, add_step, withdraw_step
from conference.services.verification import verify
from tests.seeds import AT, World, commit, make_world

COURSE = StepLine(StepKind.TRAINING, "Titre de maçon", date(2025, 9, 1), date(2026, 8, 31))


@pytest.fixture
def world(database: Database) -> World:
    return make_world(database)


def planned(session: Session, world: World, amount: str = "6000.00") -> tuple[int, int, int]:
    """A course of the Région with one cost: identifiers of the parcours, the step and the cost."""
    region = world.actors["region"]
    parcours = open_parcours(
        session,
        referent_id=world["region"],
        kind=ParcoursKind.INSERTION,
        key_situation=KeySituation.FIRST_JOB,
        by=region,
        at=AT,
    )
    step = add_step(session, parcours.id or 0, COURSE, by=region, at=AT)
    cost = set_cost(session, PlanOf(step.id), nature(session), Decimal(amount), by=region, at=AT)
    assert cost is not None
    return parcours.id or 0, step.id or 0, cost.id or 0


def nature(session: Session, code: str = "pedagogique") -> int:
    return session.exec(select(Nature.id).where(Nature.code == code)).one() or 0


def years_of(session: Session) -> list[tuple[int, Decimal]]:
    return sorted((row.year, row.amount) for row in session.exec(select(YearlyShare)))


def plan(session: Session, world: World, parcours: int, step: int, who: str = "region") -> PlanView:
    session.flush()
    return plan_summary(session, world.actors[who], parcours)[step]


def test_what_no_share_takes_is_to_find(database: Database, world: World) -> None:
    with database.writing() as session:
        parcours, step, cost = planned(session, world)
        region = world.actors["region"]
        set_share(session, cost, world["region"], percent=Decimal(40), by=region, at=AT)
        set_share(session, cost, world["opco"], amount=Decimal("1000.00"), by=region, at=AT)
        view = plan(session, world, parcours, step)
        assert (view.total, view.to_find) == (Decimal("6000.00"), Decimal("2600.00"))
        assert session.get(StepFunder, (step, world["opco"])) is not None, "a share opens the parcours"
        set_cost(session, PlanOf(step), nature(session), Decimal("10000.00"), by=region, at=AT)
        assert plan(session, world, parcours, step).to_find == Decimal("5000.00"), "per cent follow the cost"


def test_each_commits_its_own_shares_alone(database: Database, world: World, tmp_path: Path) -> None:
    with database.writing() as session:
        parcours, step, cost = planned(session, world)
        region, opco = world.actors["region"], world.actors["opco"]
        mine = set_share(session, cost, world["region"], amount=Decimal("4000.00"), by=region, at=AT)
        theirs = set_share(session, cost, world["opco"], amount=Decimal("2000.00"), by=region, at=AT)
        told = {"decided_on": date(2026, 4, 1), "at": AT, "source": EntrySource.FORM}
        with pytest.raises(NotFound):
            commit_shares(session, [theirs.id or 0], Dimensions(), by=region, **told)  # type: ignore[arg-type]
        [made] = commit_shares(session, [mine.id or 0], Dimensions(), by=region, **told)  # type: ignore[arg-type]
        line = session.get_one(Commitment, made)
        assert (line.funder_id, line.first, line.last, line.persons) == (world["region"], COURSE.first, COURSE.last, 1)
        assert session.get_one(Balance, made).commitment == Decimal("4000.00")
        years = years_of(session)
        assert years == [(2025, Decimal("1336.99")), (2026, Decimal("2663.01"))], "122 of 365 days"
        assert [(row.step_id, row.amount) for row in session.exec(select(StepFunding))] == [(step, Decimal("4000.00"))]
        with pytest.raises(Conflict):
            commit_shares(session, [mine.id or 0], Dimensions(), by=region, **told)  # type: ignore[arg-type]
        with pytest.raises(Refusal, match="déjà engagée"):
            remove_share(session, mine.id or 0, by=region, at=AT)
        with pytest.raises(Refusal, match="déjà engagée"):
            set_cost(session, PlanOf(step), nature(session), None, by=region, at=AT)
        with pytest.raises(Refusal, match="ne peut pas être retirée"):
            withdraw_step(session, step, motive="Doublon", version=1, by=region, at=AT)
        seen = plan(session, world, parcours, step, "opco")
        assert [share.reference for share in seen.costs[0].shares] == [None, None], "another's line is not named"
        commit_shares(session, [theirs.id or 0], Dimensions(), by=opco, **told)  # type: ignore[arg-type]
        assert {share.commitment_id for share in session.exec(select(PlanShare))} == {made, made + 1}
        assert [each.cost_id for each in fundings_of(session, [parcours])[parcours]] == [cost, cost]
    with database.reading() as session:
        assert verify(session, instance=tmp_path).first_fault is None


def test_schedule_sums_to_its_share_and_gives_the_years(database: Database, world: World) -> None:
    with database.writing() as session:
        _, _, cost = planned(session, world)
        region = world.actors["region"]
        share = set_share(session, cost, world["region"], amount=Decimal("6000.00"), by=region, at=AT)
        due = [(date(2025, 10, 1), Decimal("2500.00")), (date(2026, 1, 15), Decimal("3500.00"))]
        for wrong in (due[:1], [due[0], (due[0][0], Decimal("3500.00"))]):
            with pytest.raises(Refusal):
                set_instalments(session, share.id or 0, wrong, by=region, at=AT)
        set_instalments(session, share.id or 0, due, by=region, at=AT)
        commit_shares(
            session,
            [share.id or 0],
            Dimensions(),
            decided_on=date(2025, 9, 1),
            by=region,
            at=AT,
            source=EntrySource.FORM,
        )
        years = years_of(session)
        assert years == [(2025, Decimal("2500.00")), (2026, Decimal("3500.00"))]


def test_above_the_threshold_a_share_waits_for_its_second_person(database: Database, world: World) -> None:
    with database.writing() as session:
        parcours, step, cost = planned(session, world)
        region = world.actors["region"]
        session.get_one(Organisation, world["region"]).confirmation_threshold = Decimal("5000.00")
        share = set_share(session, cost, world["region"], amount=Decimal("6000.00"), by=region, at=AT)
        told = {"decided_on": date(2025, 9, 1), "by": region, "at": AT, "source": EntrySource.FORM}
        [made] = commit_shares(session, [share.id or 0], Dimensions(), **told)  # type: ignore[arg-type]
        balance = session.get_one(Balance, made)
        assert (balance.forecast, balance.commitment) == (Decimal("6000.00"), Decimal("0.00"))
        confirm_commitment(session, made, by=world.actors["region_signatory"], at=AT)
        session.refresh(balance)
        assert balance.commitment == Decimal("6000.00")
        assert plan(session, world, parcours, step).costs[0].shares[0].is_committed


def test_a_line_of_the_ledger_is_tied_to_a_step_within_its_amount(database: Database, world: World) -> None:
    with database.writing() as session:
        parcours, step, _ = planned(session, world)
        region = world.actors["region"]
        line = commit(session, world, "region", "1000.00")
        with pytest.raises(Refusal, match="ne sont rattachés à personne"):
            fund_step(session, step, line, Decimal("1000.01"), by=region, at=AT)
        fund_step(session, step, line, Decimal("600.00"), by=region, at=AT)
        with pytest.raises(Conflict):
            fund_step(session, step, line, Decimal("100.00"), by=region, at=AT)
        assert [each.amount for each in plan(session, world, parcours, step).others] == [Decimal("600.00")]
        foreign = commit(session, world, "opco", "1000.00")
        with pytest.raises(NotFound):
            fund_step(session, step, foreign, Decimal("1.00"), by=region, at=AT)


def test_foreign_funder_does_not_know_of_a_plan(database: Database, world: World) -> None:
    with database.writing() as session:
        parcours, step, cost = planned(session, world)
        opco = world.actors["opco"]
        for gesture in (
            lambda: set_cost(session, PlanOf(step), nature(session), Decimal(1), by=opco, at=AT),
            lambda: set_share(session, cost, world["opco"], amount=Decimal(1), by=opco, at=AT),
        ):
            with pytest.raises(NotFound):
                gesture()
        assert plan_summary(session, opco, parcours) == {}


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"amount": Decimal(1), "percent": Decimal(1)},
        {"amount": Decimal(0)},
        {"percent": Decimal(101)},
        {"percent": Decimal("0.00001").quantize(Decimal("0.0001"))},
    ],
)
def test_share_that_makes_no_sense_is_refused(database: Database, world: World, wrong: dict[str, Decimal]) -> None:
    with database.writing() as session:
        _, _, cost = planned(session, world)
        with pytest.raises(Refusal):
            set_share(session, cost, world["region"], by=world.actors["region"], at=AT, **wrong)


def test_a_share_of_less_than_a_cent_is_refused(database: Database) -> None:
    world = make_world(database)
    region = world.actors["region"]
    with database.writing() as session:
        _, step, cost = planned(session, world)
        set_share(session, cost, world["region"], percent=Decimal("0.5"), by=region, at=AT)
        set_cost(session, PlanOf(step_id=step), nature(session), Decimal("10.00"), by=region, at=AT)
    with pytest.raises(Refusal, match="centime"), database.writing() as session:
        set_share(session, cost, world["opco"], percent=Decimal("0.0001"), by=region, at=AT)
    with pytest.raises(Refusal, match="centime"), database.writing() as session:
        set_cost(session, PlanOf(step_id=step), nature(session), Decimal("0.50"), by=region, at=AT)
