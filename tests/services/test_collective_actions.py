"""Do many people follow one action, at a cost shared to the cent, and does each step stay its person's own?"""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest
from sqlmodel import Session, col, select

from conference.data.queries.fundings import fundings_of
from conference.data.queries.plans import plan_summary
from conference.data.session import Database
from conference.data.tables import (
    Alert,
    Balance,
    CollectiveAction,
    Commitment,
    Nature,
    Parcours,
    Step,
    StepFunder,
    StepFunding,
)
from conference.domain.case import StepKind
from conference.domain.funding_conflicts import conflicts
from conference.domain.ledger import EntrySource
from conference.domain.parcours import KeySituation, ParcoursKind
from conference.domain.refusal import Conflict, NotFound, Refusal
from conference.services.collective_actions import (
    ActionLine,
    NewPeople,
    align_steps,
    change_action,
    create_action,
    enrol,
    enrol_new,
    leave,
)
from conference.services.dimensions import Dimensions
from conference.services.parcours import open_parcours
from conference.services.plans import PlanOf, commit_shares, set_cost, set_share
from conference.services.steps import StepLine, change_step
from conference.services.verification import verify
from tests.seeds import AT, World, make_world

LINE = ActionLine(
    StepKind.TRAINING, "Titre de maçon", date(2026, 9, 1), date(2026, 12, 31), hours=500, places=60, qualifying=True
)


@pytest.fixture
def world(database: Database) -> World:
    return make_world(database)


def people(count: int) -> NewPeople:
    return NewPeople(count, ParcoursKind.INSERTION, KeySituation.FIRST_JOB, target="Maçon")


def action_of(session: Session, world: World, persons: int = 0, line: ActionLine = LINE) -> int:
    region = world.actors["region"]
    action = create_action(session, world["region"], line, by=region, at=AT)
    if persons:
        enrol_new(session, action.id or 0, people(persons), by=region, at=AT)
    return action.id or 0


def planned(session: Session, world: World, action: int, amount: str = "125000.00") -> tuple[int, int]:
    """40 % for the Région, 60 % for the OPCO: identifiers of the two shares."""
    region = world.actors["region"]
    nature = session.exec(select(Nature.id).where(Nature.code == "pedagogique")).one()
    cost = set_cost(session, PlanOf(action_id=action), nature or 0, Decimal(amount), by=region, at=AT)
    assert cost is not None
    shares = [
        set_share(session, cost.id or 0, world[who], percent=Decimal(percent), by=region, at=AT)
        for who, percent in (("region", 40), ("opco", 60))
    ]
    return shares[0].id or 0, shares[1].id or 0


def engaged(session: Session, world: World, share: int, who: str) -> int:
    [made] = commit_shares(
        session,
        [share],
        Dimensions(),
        decided_on=date(2026, 4, 1),
        by=world.actors[who],
        at=AT,
        source=EntrySource.FORM,
    )
    return made


def parts(session: Session, commitment_id: int) -> list[Decimal]:
    query = select(col(StepFunding.amount)).where(StepFunding.commitment_id == commitment_id)
    return list(session.exec(query.order_by(col(StepFunding.step_id))))


def steps(session: Session, action: int) -> list[Step]:
    query = select(Step).where(Step.action_id == action, col(Step.withdrawn_at).is_(None))
    return list(session.exec(query.order_by(col(Step.id))))


def test_fifty_then_fifty_one_people_share_the_cost_to_the_cent(
    database: Database, world: World, tmp_path: Path
) -> None:
    """money.md 3."""
    with database.writing() as session:
        action = action_of(session, world, 50)
        region_share, opco_share = planned(session, world, action)
        region_line = engaged(session, world, region_share, "region")
        opco_line = engaged(session, world, opco_share, "opco")
        assert session.get_one(Balance, region_line).commitment == Decimal("50000.00")
        assert session.get_one(Balance, opco_line).commitment == Decimal("75000.00")
        assert session.get_one(Commitment, region_line).persons == 50
        assert parts(session, region_line) == [Decimal("1000.00")] * 50
        assert parts(session, opco_line) == [Decimal("1500.00")] * 50
        enrol_new(session, action, people(1), by=world.actors["region"], at=AT)
        for line, whole in ((region_line, "50000.00"), (opco_line, "75000.00")):
            shared = parts(session, line)
            assert (len(shared), sum(shared)) == (51, Decimal(whole))
            assert max(shared) - min(shared) <= Decimal("0.01")
    with database.reading() as session:
        assert verify(session, instance=tmp_path).first_fault is None


def test_each_person_has_a_step_of_the_action_and_every_payer_reads_it(database: Database, world: World) -> None:
    with database.writing() as session:
        action = action_of(session, world, 2)
        first = steps(session, action)[0]
        assert (first.title, first.first, first.last, first.hours) == (LINE.title, LINE.first, LINE.last, 500)
        assert plan_summary(session, world.actors["opco"], first.parcours_id) == {}
        planned(session, world, action)
        assert first.id in plan_summary(session, world.actors["opco"], first.parcours_id), "a share opens the parcours"
        enrol_new(session, action, people(1), by=world.actors["region"], at=AT)
        last = steps(session, action)[-1]
        assert session.get(StepFunder, (last.id, world["opco"])) is not None, "who comes later as well"
        assert session.exec(select(Parcours.target)).all() == ["Maçon"] * 3


def test_two_payers_of_one_action_are_an_agreed_plan(database: Database, world: World) -> None:
    with database.writing() as session:
        action = action_of(session, world, 3)
        mine, theirs = planned(session, world, action, "1000.00")
        session.flush()
        parcours = steps(session, action)[0].parcours_id
        before = fundings_of(session, [parcours])[parcours]
        assert [each.amount for each in before] == [Decimal("133.34"), Decimal("200.00")]
        assert conflicts(before) == ()
        engaged(session, world, mine, "region")
        assert conflicts(fundings_of(session, [parcours])[parcours]) == ()
        engaged(session, world, theirs, "opco")
        after = fundings_of(session, [parcours])[parcours]
        assert sorted(each.amount for each in after) == [Decimal("133.34"), Decimal("200.00")]
        assert conflicts(after) == ()


def test_payer_of_the_action_stays_on_each_step(database: Database, world: World) -> None:
    with database.writing() as session:
        action = action_of(session, world, 1)
        planned(session, world, action)
        [step] = steps(session, action)
        region = world.actors["region"]
        alone = StepLine(StepKind.TRAINING, "Maçonnerie", LINE.first, LINE.last, funder_ids=(world["region"],))
        change_step(session, step.id or 0, alone, version=step.version, by=region, at=AT)
        assert session.get(StepFunder, (step.id, world["opco"])) is not None
        assert step.action_id == action, "and the step stays the action's"


def test_part_of_the_action_stands_beside_the_plan_of_the_step(database: Database, world: World) -> None:
    with database.writing() as session:
        action = action_of(session, world, 3)
        share, _ = planned(session, world, action, "1000.00")
        engaged(session, world, share, "region")
        [step, *_] = steps(session, action)
        for who, reference in (("region", "E-2026-000001"), ("opco", None)):
            view = plan_summary(session, world.actors[who], step.parcours_id)[step.id or 0]
            told = [(each.amount, each.is_committed, each.of_action, each.reference) for each in view.others]
            assert told == [(Decimal("133.34"), True, True, reference), (Decimal("200.00"), False, True, None)]


def test_places_twice_and_strangers_are_refused(database: Database, world: World) -> None:
    with database.writing() as session:
        region = world.actors["region"]
        action = action_of(session, world, 2, replace(LINE, places=3))
        known = steps(session, action)[0].parcours_id
        with pytest.raises(Refusal, match="déjà inscrit"):
            enrol(session, action, [known], by=region, at=AT)
        with pytest.raises(Refusal, match="Il reste 1 place dans"):
            enrol_new(session, action, people(2), by=region, at=AT)
        with pytest.raises(Refusal, match="au moins une personne"):
            enrol_new(session, action, people(0), by=region, at=AT)
        foreign = open_parcours(
            session,
            referent_id=world["opco"],
            kind=ParcoursKind.INSERTION,
            key_situation=KeySituation.FIRST_JOB,
            by=world.actors["opco"],
            at=AT,
        )
        with pytest.raises(NotFound):
            enrol(session, action, [foreign.id or 0], by=region, at=AT)
        for gesture in (
            lambda: enrol(session, action, [foreign.id or 0], by=world.actors["opco"], at=AT),
            lambda: change_action(session, action, LINE, version=1, by=world.actors["opco"], at=AT),
            lambda: create_action(session, world["region"], LINE, by=world.actors["opco"], at=AT),
        ):
            with pytest.raises(Refusal):
                gesture()


def test_change_of_days_moves_the_steps_that_are_chosen(database: Database, world: World) -> None:
    with database.writing() as session:
        region = world.actors["region"]
        action = action_of(session, world, 3)
        version = session.get_one(CollectiveAction, action).version
        later = replace(LINE, first=date(2026, 10, 1), last=date(2027, 1, 31), hours=520)
        change_action(session, action, later, version=version, by=region, at=AT)
        with pytest.raises(Conflict):
            change_action(session, action, LINE, version=version, by=region, at=AT)
        assert {step.first for step in steps(session, action)} == {LINE.first}, "no step moves by itself"
        one, two, three = steps(session, action)
        with pytest.raises(Conflict):
            align_steps(session, action, [(one.id or 0, 99)], by=region, at=AT)
        with pytest.raises(NotFound):
            align_steps(session, action, [(9999, 1)], by=region, at=AT)
        assert (
            align_steps(session, action, [(step.id or 0, step.version) for step in (one, two)], by=region, at=AT) == 2
        )
        moved = [(step.first, step.last, step.hours) for step in steps(session, action)]
        assert moved == [(later.first, later.last, 520)] * 2 + [(three.first, three.last, 500)]
        with pytest.raises(Refusal, match="moins de places"):
            crowd = replace(later, places=2)
            change_action(
                session, action, crowd, version=session.get_one(CollectiveAction, action).version, by=region, at=AT
            )


def test_who_leaves_gives_their_part_to_the_others(database: Database, world: World) -> None:
    with database.writing() as session:
        region = world.actors["region"]
        action = action_of(session, world, 3)
        share, _ = planned(session, world, action, "1000.00")
        line = engaged(session, world, share, "region")
        assert parts(session, line) == [Decimal("133.34"), Decimal("133.33"), Decimal("133.33")]
        first, second, third = steps(session, action)
        leave(session, action, first.id or 0, motive="Jamais venue", version=first.version, by=region, at=AT)
        assert parts(session, line) == [Decimal("200.00")] * 2
        leave(session, action, second.id or 0, motive="Doublon", version=second.version, by=region, at=AT)
        with pytest.raises(Refusal, match="dernière personne"):
            leave(session, action, third.id or 0, motive="Doublon", version=third.version, by=region, at=AT)
        assert parts(session, line) == [Decimal("400.00")]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (replace(LINE, title=" "), "title"),
        (replace(LINE, last=date(2026, 8, 1)), "last"),
        (replace(LINE, places=0), "places"),
        (replace(LINE, places=501), "places"),
        (replace(LINE, provider_id=9999), "provider_id"),
    ],
)
def test_action_that_makes_no_sense_is_refused(database: Database, world: World, wrong: ActionLine, field: str) -> None:
    with database.writing() as session, pytest.raises(Refusal) as refused:
        create_action(session, world["region"], wrong, by=world.actors["region"], at=AT)
    assert refused.value.field == field


def test_action_that_is_not_wholly_funded_is_told_for_each_person(database: Database, world: World) -> None:
    """The course begins soon: a third of each person's cost is still to find, then nothing."""
    soon = replace(LINE, first=date(2026, 5, 1))
    with database.writing() as session:
        region = world.actors["region"]
        action = action_of(session, world, 3, soon)
        nature = session.exec(select(Nature.id).where(Nature.code == "pedagogique")).one()
        cost = set_cost(session, PlanOf(action_id=action), nature or 0, Decimal("900.00"), by=region, at=AT)
        assert cost is not None
        set_share(session, cost.id or 0, world["region"], amount=Decimal("600.00"), by=region, at=AT)
        rows = session.exec(select(Alert).where(Alert.code == "step_unfunded")).all()
        assert [(row.status, row.need) for row in rows] == [("open", Decimal("100.00"))] * 3
        set_share(session, cost.id or 0, world["opco"], amount=Decimal("300.00"), by=region, at=AT)
        assert {row.status for row in session.exec(select(Alert).where(Alert.code == "step_unfunded"))} == {"closed"}


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize("seed", range(6))
def test_whoever_joins_or_leaves_parts_sum_to_what_is_committed(
    database: Database, world: World, tmp_path: Path, seed: int
) -> None:
    chance = Random(seed)
    region = world.actors["region"]
    with database.writing() as session:
        action = action_of(session, world, chance.randrange(1, 4))
        shares = list(zip(planned(session, world, action, "1000.01"), ("region", "opco"), strict=True))
        lines: list[int] = []
        for _ in range(12):
            gesture = chance.choice(("join", "leave", "commit"))
            if gesture == "join":
                enrol_new(session, action, people(chance.randrange(1, 4)), by=region, at=AT)
            elif gesture == "commit" and shares:
                lines.append(engaged(session, world, *shares.pop()))
            elif gesture == "leave" and len(steps(session, action)) > 1:
                gone = chance.choice(steps(session, action))
                leave(session, action, gone.id or 0, motive="Doublon", version=gone.version, by=region, at=AT)
            for line in lines:
                shared = parts(session, line)
                assert sum(shared) == session.get_one(Balance, line).commitment
                assert len(shared) == len(steps(session, action))
                assert max(shared) - min(shared) <= Decimal("0.01")
    with database.reading() as session:
        assert verify(session, instance=tmp_path).first_fault is None
