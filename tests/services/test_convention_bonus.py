"""Case 9 of money.md on recorded results, and who is told what of the persons counted."""

from datetime import date
from decimal import Decimal

import pytest
from sqlmodel import Session, select

from conference.data.queries.bonus import BonusView, bonus_view
from conference.data.session import Database
from conference.data.tables import ConventionBonus, ConventionVersion, Step, StepFunding, StepResult
from conference.domain.refusal import NotFound
from conference.services.convention_money import link_commitment
from tests.seeds import AT, World, commit, make_world
from tests.services.convention_worlds import signed_convention, version_of
from tests.services.handoff_worlds import open_course


@pytest.fixture
def world(database: Database) -> World:
    return make_world(database)


def twenty(session: Session, world: World, at_work: int, missing: int = 0, count: int = 20) -> tuple[int, list[int]]:
    """A convention with a bonus, one commitment of the Région under it, and the steps that it pays."""
    convention_id = signed_convention(session, world, "20000", kind="bonus")
    version = session.get_one(ConventionVersion, version_of(session, convention_id))
    version.bonus_base = Decimal("20000.00")
    for rate, percent in ((0, -10), (40, 0), (60, 5)):
        session.add(ConventionBonus(version_id=version.id or 0, from_rate=Decimal(rate), percent=Decimal(percent)))
    line = commit(session, world, "region", "20000")
    link_commitment(session, line, convention_id, by=world.actors["region"], at=AT)
    steps = []
    for place in range(count):
        _, step = open_course(session, world)
        session.add(StepFunding(commitment_id=line, step_id=step, amount=Decimal(20000 // count)))
        if place < count - missing:
            work = "lasting" if place < at_work else "training"
            session.add(StepResult(step_id=step, work_3_months=work, recorded_at=AT))
        steps.append(step)
    session.flush()
    return convention_id, steps


def seen(session: Session, world: World, who: str, convention_id: int) -> BonusView:
    found = bonus_view(session, world.actors[who], convention_id, threshold=5)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("at_work", "missing", "price"), [(12, 0, "21000.00"), (11, 0, "20000.00"), (7, 0, "18000.00"), (12, 3, None)]
)
@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_twenty_persons(database: Database, world: World, at_work: int, missing: int, price: str | None) -> None:
    with database.writing() as session:
        convention_id, _ = twenty(session, world, at_work, missing)
        assert seen(session, world, "region", convention_id).price == (None if price is None else Decimal(price))


def test_who_is_told_whose_result_is_missing(database: Database, world: World) -> None:
    with database.writing() as session:
        convention_id, steps = twenty(session, world, 9, 3)
        mine = seen(session, world, "region", convention_id)
        assert [each.step_id for each in mine.missing] == steps[-3:]
        assert all(each.pseudonym.startswith("P-2026-") for each in mine.missing)
        theirs = seen(session, world, "opco", convention_id)
        assert (theirs.missing, theirs.others, theirs.price) == ((), 3, None)
        with pytest.raises(NotFound):
            bonus_view(session, world.actors["france_travail"], convention_id, threshold=5)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_few_persons_are_told_by_the_price_alone(database: Database, world: World) -> None:
    with database.writing() as session:
        convention_id, steps = twenty(session, world, 3, 0, 6)
        mine, theirs = (seen(session, world, who, convention_id) for who in ("region", "opco"))
        assert len(mine.lines) == 7
        assert (theirs.lines, theirs.price) == ((), Decimal("20000.00"))
        # A second step of the same person, later: its result is the one that counts, once.
        person = session.exec(select(StepResult).where(StepResult.step_id == steps[0])).one()
        _, later = open_course(session, world, first=date(2026, 9, 1), last=date(2026, 12, 31))
        session.get_one(Step, later).parcours_id = session.get_one(Step, steps[0]).parcours_id
        session.add(StepFunding(commitment_id=1, step_id=later, amount=Decimal(1)))
        session.add(StepResult(step_id=later, work_3_months="no", recorded_at=AT))
        session.flush()
        again = seen(session, world, "region", convention_id).working
        assert (again.persons, again.at_work) == (6, 2) and person.work_3_months == "lasting"


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_convention_without_a_table_has_no_bonus(database: Database, world: World) -> None:
    with database.writing() as session:
        convention_id = signed_convention(session, world)
        assert bonus_view(session, world.actors["region"], convention_id, threshold=5) is None
