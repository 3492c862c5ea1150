"""After a handoff, does the receiver stand in the sender's place beside the other funders, and is nobody paid twice?"""

from datetime import date
from decimal import Decimal

import pytest
from sqlmodel import Session, col, select

from conference.data.queries.fundings import fundings_of
from conference.data.session import Database
from conference.data.tables import Alert, Nature, Step
from conference.domain.case import StepKind
from conference.domain.funding_conflicts import conflicts
from conference.domain.ledger import EntrySource
from conference.domain.parcours import KeySituation, ParcoursKind
from conference.services.collective_actions import ActionLine, NewPeople, create_action, enrol_new
from conference.services.dimensions import Dimensions
from conference.services.handoff_acceptance import accept_handoff
from conference.services.handoffs import HandoffLine, draft_handoff, propose_handoff
from conference.services.plans import PlanOf, commit_shares, fund_step, set_cost, set_share
from tests.seeds import AT, World, commit, make_world

FIRST, LAST, TAKEN = date(2026, 5, 1), date(2027, 4, 30), date(2026, 11, 1)


@pytest.fixture
def world(database: Database) -> World:
    return make_world(database)


def shared_course(session: Session, world: World, persons: int) -> tuple[PlanOf, list[Step]]:
    """A course of so many people that the Région and France Travail pay half each; one person: a plan of the step's own."""
    region = world.actors["region"]
    line = ActionLine(StepKind.TRAINING, "Titre de maçon", FIRST, LAST)
    action = create_action(session, world["region"], line, by=region, at=AT)
    people = NewPeople(persons, ParcoursKind.INSERTION, KeySituation.FIRST_JOB)
    _, steps = enrol_new(session, action.id or 0, people, by=region, at=AT)
    of = PlanOf(action_id=action.id) if persons > 1 else PlanOf(steps[0].id)
    cost = set_cost(session, of, nature(session), Decimal(6000 * persons), by=region, at=AT)
    assert cost is not None
    for who in ("region", "france_travail"):
        share = set_share(session, cost.id or 0, world[who], percent=Decimal(50), by=region, at=AT)
        told = {"decided_on": date(2026, 4, 1), "at": AT, "source": EntrySource.FORM}
        commit_shares(session, [share.id or 0], Dimensions(), by=world.actors[who], **told)  # type: ignore[arg-type]
    return of, steps


def nature(session: Session) -> int:
    return session.exec(select(Nature.id).where(Nature.code == "pedagogique")).one() or 0


def hand_over(session: Session, world: World, step: Step) -> None:
    """The Région hands the person to the OPCO."""
    line = HandoffLine(
        sender_id=world["region"],
        receiver_id=world["opco"],
        from_step_id=step.id or 0,
        first_day=TAKEN,
        asked=((nature(session), Decimal("1500.00")),),
    )
    region = world.actors["region"]
    handoff = draft_handoff(session, step.parcours_id, line, by=region, at=AT)
    propose_handoff(session, handoff.id or 0, by=region, at=AT)
    accept_handoff(session, handoff.id or 0, by=world.actors["opco"], at=AT)


@pytest.mark.parametrize("persons", [1, 3])
def test_receiver_takes_the_sender_s_place_in_the_agreed_plan(database: Database, world: World, persons: int) -> None:
    with database.writing() as session:
        _, steps = shared_course(session, world, persons)
        hand_over(session, world, steps[0])
        found = fundings_of(session, [step.parcours_id for step in steps])
        mine = found[steps[0].parcours_id]
        assert sorted(each.funder_id for each in mine) == sorted(
            world[who] for who in ("region", "opco", "france_travail")
        )
        assert conflicts(mine) == ()
        ends = {each.funder_id: each.period.last for each in mine}
        assert ends[world["region"]] == date(2026, 10, 31), "the sender's money ends the day before"
        for step in steps[1:]:
            assert {each.period.last for each in found[step.parcours_id]} == {LAST}, "the others keep their payers"
        codes = set(session.exec(select(Alert.code)))
        assert codes.isdisjoint({"double_funding", "not_cumulable"})


def test_a_line_beside_the_plan_is_told_and_keeps_its_name(database: Database, world: World) -> None:
    with database.writing() as session:
        _, [step] = shared_course(session, world, 1)
        region = world.actors["region"]
        beside = commit(
            session, world, "opco", "800.00", dimensions=Dimensions(nature=nature(session)), first=FIRST, last=LAST
        )
        cost = set_cost(session, PlanOf(step.id), nature(session), Decimal("6800.00"), by=region, at=AT)
        assert cost is not None
        share = set_share(session, cost.id or 0, world["opco"], amount=Decimal("1.00"), by=region, at=AT)
        fund_step(session, step.id or 0, beside, Decimal("800.00"), by=world.actors["opco"], at=AT)
        rows = session.exec(select(Alert).where(Alert.code == "double_funding").order_by(col(Alert.cause))).all()
        assert len(rows) == 2, "against both payers of the plan"
        assert all(f"commitment:{beside}" in row.cause for row in rows)
        assert f"share:{share.id}" not in {part for row in rows for part in row.cause.split("|")}
