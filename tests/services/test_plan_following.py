"""Does a plan say what stands in the ledger, after an annulation, a dégagement, a rise, and what gives them back?"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from conference.data.queries.handoff_money import foreseen_releases
from conference.data.queries.plans import plan_summary
from conference.data.session import Database
from conference.data.tables import Alert, Entry, HandoffRelease, PlanInstalment, PlanShare, StepFunding
from conference.domain.case import StepKind
from conference.domain.french import day_in_france
from conference.domain.handoff import HandoffMotive
from conference.domain.ledger import EntryKind, EntrySource
from conference.domain.parcours import KeySituation, ParcoursKind
from conference.domain.refusal import Refusal
from conference.services import detection, refreshing
from conference.services.collective_actions import ActionLine, NewPeople, create_action, enrol_new, leave
from conference.services.commitments import confirm_commitment
from conference.services.dimensions import Dimensions
from conference.services.entries import record_entry, reverse_entry
from conference.services.handoffs import HandoffLine, draft_handoff, propose_handoff, refuse_handoff
from conference.services.organisations import set_confirmation_threshold
from conference.services.plans import (
    PlanOf,
    commit_shares,
    fund_step,
    remove_share,
    set_cost,
    set_instalments,
    set_share,
)
from conference.services.steps import StepLine, add_step
from conference.services.verification import verify
from tests.seeds import AT, World, make_world
from tests.services.handoff_worlds import (
    EARLY,
    FIRST,
    LAST,
    NEW_YEAR,
    SCHEDULE,
    Course,
    accept,
    make_course,
    natures,
    open_course,
    propose,
)

JANUARY = date(2026, 1, 5)


@dataclass(frozen=True)
class Plan:
    """A step (or an action) of the Région with one share, that became a commitment."""

    world: World
    parcours: int
    step: int
    share: int
    commitment: int


def committed(session: Session, world: World, of: PlanOf, euros: str = "6000.00") -> tuple[int, int]:
    """(share, commitment) of the Région."""
    region = world.actors["region"]
    cost = set_cost(session, of, natures(session)[0], Decimal(euros), by=region, at=AT)
    assert cost is not None
    share = set_share(session, cost.id or 0, world["region"], amount=Decimal(euros), by=region, at=AT).id or 0
    if of.step_id is not None and euros == "6000.00":
        set_instalments(session, share, [(day, Decimal(each)) for day, each in SCHEDULE], by=region, at=AT)
    return share, engaged(session, world, share)


def engaged(session: Session, world: World, share: int, who: str = "region") -> int:
    [commitment] = commit_shares(
        session, [share], Dimensions(), decided_on=EARLY, by=world.actors[who], at=AT, source=EntrySource.FORM
    )
    return commitment


@pytest.fixture
def plan(database: Database) -> Plan:
    world = make_world(database)
    with database.writing() as session:
        parcours, step = open_course(session, world)
        return Plan(world, parcours, step, *committed(session, world, PlanOf(step_id=step)))


def record(session: Session, world: World, commitment: int, kind: EntryKind, euros: str) -> int:
    entry = record_entry(
        session,
        commitment,
        kind=kind,
        amount=Decimal(euros),
        effective_on=JANUARY,
        by=world.actors["region"],
        at=AT,
        source=EntrySource.FORM,
        motive="Essai",
    )
    return entry.id or 0


def annul(session: Session, world: World, entry: int, who: str = "region") -> None:
    reverse_entry(session, entry, motive="Erreur", by=world.actors[who], at=AT)


def first_entry(session: Session, commitment: int) -> int:
    query = select(Entry.id).where(Entry.commitment_id == commitment).order_by(col(Entry.id))
    return session.exec(query).first() or 0


def told(session: Session, plan: Plan) -> tuple[str, list[tuple[str, bool]]]:
    """(euros to find, (euros, is committed) of each share) of the step's plan."""
    [cost] = plan_summary(session, plan.world.actors["region"], plan.parcours)[plan.step].costs
    return str(cost.to_find), [(str(share.amount), share.is_committed) for share in cost.shares]


def sound(database: Database, instance: Path) -> None:
    with database.reading() as session:
        assert verify(session, instance=instance).first_fault is None


def test_an_annulled_engagement_leaves_its_share_planned(database: Database, plan: Plan, tmp_path: Path) -> None:
    with database.writing() as session:
        annul(session, plan.world, first_entry(session, plan.commitment))
    sound(database, tmp_path)
    with database.writing() as session:
        assert told(session, plan) == ("0.00", [("6000.00", False)])
        assert session.exec(select(StepFunding)).all() == []
        assert engaged(session, plan.world, plan.share) != plan.commitment
    sound(database, tmp_path)


def test_an_annulled_engagement_may_leave_the_plan(database: Database, plan: Plan) -> None:
    with database.writing() as session:
        annul(session, plan.world, first_entry(session, plan.commitment))
        remove_share(session, plan.share, by=plan.world.actors["region"], at=AT)
        assert told(session, plan) == ("6000.00", [])


def test_a_degagement_is_to_be_found_again(database: Database, plan: Plan, tmp_path: Path) -> None:
    with database.writing() as session:
        entry = record(session, plan.world, plan.commitment, EntryKind.RELEASE, "2000.00")
        assert told(session, plan) == ("2000.00", [("4000.00", True)])
        due = session.exec(
            select(col(PlanInstalment.due_on), col(PlanInstalment.amount)).order_by(col(PlanInstalment.due_on))
        )
        assert list(due) == [(SCHEDULE[0][0], Decimal("2500.00")), (SCHEDULE[1][0], Decimal("1500.00"))]
    sound(database, tmp_path)
    with database.writing() as session:
        annul(session, plan.world, entry)
        assert told(session, plan) == ("0.00", [("6000.00", True)])
    sound(database, tmp_path)


def test_a_handoff_releases_what_is_left_of_the_plan(database: Database, plan: Plan) -> None:
    with database.writing() as session:
        record(session, plan.world, plan.commitment, EntryKind.RELEASE, "2000.00")
        [each] = foreseen_releases(session, plan.parcours, plan.world["region"], [plan.step], NEW_YEAR)
        assert (each.committed, each.planned, each.release) == (Decimal(4000), Decimal(1500), Decimal(1500))


def test_a_share_wholly_released_goes_and_comes_back(database: Database, plan: Plan, tmp_path: Path) -> None:
    with database.writing() as session:
        entry = record(session, plan.world, plan.commitment, EntryKind.RELEASE, "6000.00")
        assert told(session, plan) == ("6000.00", [])
    sound(database, tmp_path)
    with database.writing() as session:
        annul(session, plan.world, entry)
        assert told(session, plan) == ("0.00", [("6000.00", True)])
    sound(database, tmp_path)


def test_a_rise_is_in_the_share_until_it_is_annulled(database: Database, plan: Plan, tmp_path: Path) -> None:
    with database.writing() as session:
        entry = record(session, plan.world, plan.commitment, EntryKind.COMMITMENT, "500.00")
        assert told(session, plan)[1] == [("6500.00", True)]
        assert session.exec(select(col(StepFunding.amount))).all() == [Decimal("6500.00")]
    sound(database, tmp_path)
    with database.writing() as session:
        annul(session, plan.world, entry)
        assert told(session, plan)[1] == [("6000.00", True)]
    sound(database, tmp_path)


def test_a_confirmation_moves_no_plan(database: Database, tmp_path: Path) -> None:
    world = make_world(database)
    with database.writing() as session:
        set_confirmation_threshold(
            session, world["region"], threshold=Decimal(100), by=world.actors["region_signatory"], at=AT
        )
        parcours, step = open_course(session, world)
        plan = Plan(world, parcours, step, *committed(session, world, PlanOf(step_id=step)))
        confirm_commitment(session, plan.commitment, by=world.actors["region_signatory"], at=AT)
        assert told(session, plan) == ("0.00", [("6000.00", True)])
        assert len(session.exec(select(PlanInstalment)).all()) == 2
    sound(database, tmp_path)


def test_two_fundings_are_no_more_double_once_one_is_taken_back(database: Database, plan: Plan) -> None:
    """The alert closes with the entry, without waiting for the night."""
    world = plan.world
    with database.writing() as session:
        region, opco = world.actors["region"], world.actors["opco"]
        set_share(session, 1, world["opco"], amount=Decimal("10.00"), by=region, at=AT)  # opens the parcours
        line = {"decided_on": EARLY, "source": EntrySource.FORM, "at": AT}
        second = add_other_step(session, plan)
        cost = set_cost(session, PlanOf(step_id=second), natures(session)[0], Decimal(900), by=region, at=AT)
        assert cost is not None
        share = set_share(session, cost.id or 0, world["opco"], amount=Decimal(900), by=region, at=AT)
        [taken] = commit_shares(session, [share.id or 0], Dimensions(), by=opco, **line)  # type: ignore[arg-type]
        assert "open" in statuses(session)
        record_entry(
            session,
            taken,
            kind=EntryKind.RELEASE,
            amount=Decimal(900),
            effective_on=JANUARY,
            by=opco,
            at=AT,
            source=EntrySource.FORM,
        )
        assert "open" not in statuses(session)


def add_other_step(session: Session, plan: Plan) -> int:
    line = StepLine(StepKind.TRAINING, "Habilitation", FIRST, LAST)
    return add_step(session, plan.parcours, line, by=plan.world.actors["region"], at=AT).id or 0


def statuses(session: Session) -> list[str]:
    session.flush()
    return list(session.exec(select(Alert.status).where(Alert.code == "double_funding")))


def test_what_a_handoff_released_comes_back_to_its_sender(database: Database, tmp_path: Path) -> None:
    course: Course = make_course(database)
    with database.writing() as session:
        accept(session, course, propose(session, course))
        amounts = select(col(PlanShare.amount)).where(PlanShare.funder_id == course.world["region"])
        assert session.exec(amounts).all() == [Decimal("2500.00")]
        entry = session.exec(select(HandoffRelease.entry_id)).one()
        annul(session, course.world, entry or 0)
        assert session.exec(amounts).all() == [Decimal("6000.00")]
    sound(database, tmp_path)


def test_the_receivers_engagement_annulled_is_planned_again(database: Database, tmp_path: Path) -> None:
    course: Course = make_course(database)
    with database.writing() as session:
        accept(session, course, propose(session, course))
        share = session.exec(select(PlanShare).where(PlanShare.funder_id == course.world["opco"])).one()
        annul(session, course.world, first_entry(session, share.commitment_id or 0), "opco")
        session.refresh(share)
        assert (share.amount, share.commitment_id) == (Decimal("4500.00"), None)
    sound(database, tmp_path)


def test_an_action_is_shared_between_its_persons_alone(database: Database, tmp_path: Path) -> None:
    world = make_world(database)
    region = world.actors["region"]
    with database.writing() as session:
        _, step = open_course(session, world)
        action = create_action(
            session, world["region"], ActionLine(StepKind.TRAINING, "Cours", FIRST, LAST), by=region, at=AT
        )
        people = NewPeople(2, ParcoursKind.INSERTION, KeySituation.OTHER)
        enrol_new(session, action.id or 0, people, by=region, at=AT)
        share, commitment = committed(session, world, PlanOf(action_id=action.id), "1000.00")
        record(session, world, commitment, EntryKind.COMMITMENT, "500.00")
        assert parts(session, commitment) == [Decimal("750.00"), Decimal("750.00")]
        record(session, world, commitment, EntryKind.RELEASE, "300.00")
        assert session.get_one(PlanShare, share).amount == Decimal("1200.00")
        with pytest.raises(Refusal, match="action collective"):
            fund_step(session, step, commitment, Decimal("1.00"), by=region, at=AT)
        enrol_new(session, action.id or 0, NewPeople(1, people.kind, people.key_situation), by=region, at=AT)
        assert parts(session, commitment) == [Decimal("500.00")] * 3
    sound(database, tmp_path)


def test_a_refused_handoff_took_nothing_of_an_action(database: Database, tmp_path: Path) -> None:
    """Who enrols later has a part, and who came by mistake may leave."""
    world = make_world(database)
    region, opco = world.actors["region"], world.actors["opco"]
    with database.writing() as session:
        action = create_action(
            session, world["region"], ActionLine(StepKind.TRAINING, "Cours", FIRST, LAST), by=region, at=AT
        )
        people = NewPeople(2, ParcoursKind.INSERTION, KeySituation.OTHER)
        opened, steps = enrol_new(session, action.id or 0, people, by=region, at=AT)
        _, commitment = committed(session, world, PlanOf(action_id=action.id), "1000.00")
        line = HandoffLine(world["region"], world["opco"], steps[0].id or 0, NEW_YEAR)
        number = draft_handoff(session, opened[0].id or 0, line, by=region, at=AT).id or 0
        propose_handoff(session, number, by=region, at=AT)
        refuse_handoff(session, number, motive=HandoffMotive.NO_CREDIT, answer="", by=opco, at=AT)
        enrol_new(session, action.id or 0, people, by=region, at=AT)
        assert parts(session, commitment) == [Decimal("250.00")] * 4
        leave(session, action.id or 0, steps[1].id or 0, motive="Erreur", version=steps[1].version, by=region, at=AT)
        assert parts(session, commitment) == [Decimal("333.34"), Decimal("333.33"), Decimal("333.33")]
    sound(database, tmp_path)


def test_a_detection_under_way_leaves_what_the_money_changed(database: Database, plan: Plan) -> None:
    """It has read the plan as it was: written after, its findings would stand until somebody touches the parcours."""
    world = plan.world
    region = world.actors["region"]
    with database.writing() as session:
        action = create_action(
            session, world["region"], ActionLine(StepKind.TRAINING, "Cours", FIRST, LAST), by=region, at=AT
        )
        opened, _ = enrol_new(
            session, action.id or 0, NewPeople(1, ParcoursKind.INSERTION, KeySituation.OTHER), by=region, at=AT
        )
        people = [plan.parcours, opened[0].id or 0]
        asked = refreshing.asking(session, day_in_france(AT))
        outcomes = list(refreshing.examined(session, people, asked))
        assert len(detection._unchanged_since(session, outcomes)) == 2
        record(session, world, plan.commitment, EntryKind.RELEASE, "2000.00")
        assert [each.parcours_id for each in detection._unchanged_since(session, outcomes)] == people[1:]
        set_cost(session, PlanOf(action_id=action.id), natures(session)[0], Decimal("900.00"), by=region, at=AT)
        assert detection._unchanged_since(session, outcomes) == []


def parts(session: Session, commitment: int) -> list[Decimal]:
    query = select(col(StepFunding.amount)).where(StepFunding.commitment_id == commitment)
    return list(session.exec(query.order_by(col(StepFunding.step_id))))
