"""Does the money go with the person, to the cent: released on one side, committed on the other, planned alike?"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from sqlmodel import select

from conference.data.session import Database
from conference.data.tables import (
    Commitment,
    Entry,
    Handoff,
    HandoffRelease,
    HandoffShare,
    PlanCost,
    PlanInstalment,
    PlanShare,
    StepFunding,
)
from conference.domain.case import StepKind
from conference.domain.ledger import EntryKind, EntrySource
from conference.services.commitments import shares_of
from conference.services.entries import record_entry, reverse_entry
from conference.services.handoffs import (
    draft_handoff,
    propose_handoff,
    withdraw_handoff,
)
from conference.services.months import close_month
from conference.services.steps import StepLine, add_step
from conference.services.verification import verify
from conference.settings import Settings
from tests.seeds import AT, World
from tests.services.handoff_worlds import (
    NEW_YEAR,
    Course,
    accept,
    funders_of,
    ledger,
    line_to,
    make_course,
    natures,
    open_course,
    pay,
    pay_step,
    propose,
    taken_by_opco,
    totals,
)


@pytest.fixture
def course(database: Database) -> Course:
    """6,000.00 of the Région for a year of course, 3,500.00 of which from New Year's Day on."""
    return make_course(database)


@pytest.fixture
def sound(database: Database, settings: Settings) -> Callable[[], None]:
    """Asks `verify`."""

    def ask() -> None:
        with database.reading() as session:
            report = verify(session, instance=settings.instance)
            assert report.first_fault is None, report.first_fault

    return ask


def test_region_hands_over_to_an_opco(database: Database, course: Course, sound: Callable[[], None]) -> None:
    with database.writing() as session:
        pay(session, course, "2000.00")
        number = propose(session, course)
        before = ledger(session)
        accept(session, course, number)
        assert totals(session, course.commitment) == ("2500.00", "2000.00")
        [taken] = taken_by_opco(session, number)
        assert totals(session, taken) == ("4500.00", "0.00")
        assert session.get_one(Commitment, taken).funder_id == course.world["opco"]
        assert ledger(session)[len(before) :] == [
            (course.commitment, "release", Decimal("3500.00"), NEW_YEAR),
            (taken, "commitment", Decimal("4500.00"), date(2026, 4, 21)),
        ]
        funding = session.get_one(StepFunding, (taken, course.step))
        assert funding.amount == Decimal("4500.00")
        assert funders_of(session, course.step) == {course.world["region"], course.world["opco"]}
    sound()


def test_what_was_paid_since_the_proposal_is_not_released(database: Database, course: Course) -> None:
    with database.writing() as session:
        pay(session, course, "2000.00")
        number = propose(session, course)
        pay(session, course, "1000.00")
        accept(session, course, number)
        row = session.get_one(HandoffRelease, (number, course.commitment))
        assert (row.foreseen, row.released) == (Decimal("3500.00"), Decimal("3000.00"))
        assert totals(session, course.commitment) == ("3000.00", "3000.00")


def test_what_was_committed_since_the_proposal_stays(database: Database, course: Course) -> None:
    with database.writing() as session:
        number = propose(session, course)
        record_entry(
            session,
            course.commitment,
            kind=EntryKind.COMMITMENT,
            amount=Decimal("9000.00"),
            effective_on=NEW_YEAR,
            by=course.world.actors["region"],
            at=AT,
            source=EntrySource.FORM,
        )
        accept(session, course, number)
        assert session.get_one(HandoffRelease, (number, course.commitment)).released == Decimal("3500.00")


def test_without_a_schedule_days_decide(database: Database, sound: Callable[[], None]) -> None:
    course = make_course(database, schedule=())
    with database.writing() as session:
        number = propose(session, course)
        assert session.get_one(HandoffRelease, (number, course.commitment)).foreseen == Decimal("3994.52")
        accept(session, course, number)
        assert totals(session, course.commitment) == ("2005.48", "0.00")
    sound()


def test_nothing_is_released_when_all_is_paid(database: Database, course: Course, sound: Callable[[], None]) -> None:
    with database.writing() as session:
        pay(session, course, "6000.00")
        number = propose(session, course)
        accept(session, course, number)
        row = session.get_one(HandoffRelease, (number, course.commitment))
        assert (row.foreseen, row.released, row.entry_id) == (Decimal("0.00"), Decimal("0.00"), None)
        assert totals(session, course.commitment) == ("6000.00", "6000.00")
    sound()


def test_what_is_settled_stays_committed(database: Database, course: Course) -> None:
    with database.writing() as session:
        record_entry(
            session,
            course.commitment,
            kind=EntryKind.SETTLEMENT,
            amount=Decimal("4000.00"),
            effective_on=date(2025, 12, 1),
            by=course.world.actors["region"],
            at=AT,
            source=EntrySource.FORM,
        )
        accept(session, course, propose(session, course))
        assert totals(session, course.commitment) == ("4000.00", "0.00")


def test_part_of_what_is_asked_leaves_the_rest_to_be_found(database: Database, course: Course) -> None:
    with database.writing() as session:
        number = propose(session, course, asked="3500.00")
        accept(session, course, number, accepted={course.nature: Decimal("3000.00")})
        [cost] = session.exec(select(PlanCost)).all()
        shares = {share.funder_id: share for share in session.exec(select(PlanShare))}
        assert cost.amount == Decimal("6000.00")
        assert shares[course.world["region"]].amount == Decimal("2500.00")
        assert shares[course.world["opco"]].amount == Decimal("3000.00")
        [taken] = taken_by_opco(session, number)
        assert shares[course.world["opco"]].commitment_id == taken
        left = session.exec(select(PlanInstalment)).all()
        assert [(row.due_on, row.amount) for row in left] == [(date(2025, 10, 1), Decimal("2500.00"))]


def test_a_closed_month_books_the_release_in_the_next_one(
    database: Database, course: Course, sound: Callable[[], None]
) -> None:
    with database.writing() as session:
        number = propose(session, course)
        close_month(session, month=NEW_YEAR, by=course.world.actors["coordinator"], at=AT)
        accept(session, course, number)
        row = session.get_one(HandoffRelease, (number, course.commitment))
        entry = session.get_one(Entry, row.entry_id)
        assert (entry.effective_on, entry.booked_month) == (NEW_YEAR, date(2026, 2, 1))
        assert entry.motive == f"Relais {session.get_one(Handoff, number).reference}"
    sound()


def test_a_day_to_come_is_booked_in_its_own_month(
    database: Database, course: Course, sound: Callable[[], None]
) -> None:
    summer = date(2026, 7, 1)
    with database.writing() as session:
        number = propose(session, course, first_day=summer)
        accept(session, course, number)
        assert session.get_one(HandoffRelease, (number, course.commitment)).released == Decimal("0.00")
    sound()
    course = Course(course.world, *course_of(database, course.world), course.nature, course.other_nature)
    with database.writing() as session:
        number = propose(session, course, first_day=summer)
        accept(session, course, number)
        row = session.get_one(HandoffRelease, (number, course.commitment))
        entry = session.get_one(Entry, row.entry_id)
        assert (entry.effective_on, entry.booked_month) == (summer, summer)
    sound()


def course_of(database: Database, world: World) -> tuple[int, int, int]:
    """Another course of the Région, without a schedule."""
    with database.writing() as session:
        parcours, step = open_course(session, world)
        return parcours, step, pay_step(session, world, step, "6000.00")


def test_a_line_decided_late_is_released_from_its_own_day(database: Database, sound: Callable[[], None]) -> None:
    course = make_course(database, decided_on=date(2026, 3, 2))
    with database.writing() as session:
        number = propose(session, course)
        accept(session, course, number)
        row = session.get_one(HandoffRelease, (number, course.commitment))
        assert session.get_one(Entry, row.entry_id).effective_on == date(2026, 3, 2)
    sound()


def test_years_of_a_release_are_the_last_ones(database: Database, sound: Callable[[], None]) -> None:
    course = make_course(database, shares=((2025, Decimal("3000.00")), (2026, Decimal("3000.00"))))
    with database.writing() as session:
        number = propose(session, course)
        accept(session, course, number)
        row = session.get_one(HandoffRelease, (number, course.commitment))
        assert shares_of(session, row.entry_id or 0) == ((2025, Decimal("500.00")), (2026, Decimal("3000.00")))
    sound()


def test_of_a_collective_commitment_one_person_s_part_goes(database: Database, sound: Callable[[], None]) -> None:
    """50 people, 50,000.00: each has 1,000.00 of it, of which 20 % is paid."""
    course = make_course(database, schedule=())
    with database.writing() as session:
        second, other_step = open_course(session, course.world)
        shared = pay_step(session, course.world, course.step, "50000.00", part="1000.00", planned=False, persons=50)
        session.add(StepFunding(commitment_id=shared, step_id=other_step, amount=Decimal("1000.00")))
        pay(session, course, "10000.00", shared)
        number = propose(session, course)
        foreseen = session.get_one(HandoffRelease, (number, shared)).foreseen
        assert foreseen == Decimal("665.75")  # 1,000.00 × 243 / 365, under 800.00 left
        accept(session, course, number)
        assert totals(session, shared) == ("49334.25", "10000.00")
        mate = Course(course.world, second, other_step, shared, course.nature, course.other_nature)
        again = propose(session, mate, first_day=date(2025, 9, 1))
        assert session.get_one(HandoffRelease, (again, shared)).foreseen == Decimal("800.00")
        accept(session, mate, again)
        assert totals(session, shared) == ("48534.25", "10000.00")
    sound()


def test_a_handoff_follows_another_without_releasing_twice(database: Database, sound: Callable[[], None]) -> None:
    course = make_course(database, schedule=())
    with database.writing() as session:
        accept(session, course, propose(session, course, first_day=date(2026, 6, 1)))
        later = propose(session, course, first_day=date(2026, 7, 1), receiver_id=course.world["france_travail"])
        assert session.get_one(HandoffRelease, (later, course.commitment)).foreseen == Decimal("0.00")
        withdraw_handoff(session, later, by=course.world.actors["region"], at=AT)
        earlier = propose(session, course, receiver_id=course.world["france_travail"])
        first = Decimal("6000.00") * 92 / 365
        assert session.get_one(HandoffRelease, (earlier, course.commitment)).foreseen == pytest.approx(
            Decimal("3994.52") - first, abs=Decimal("0.01")
        )
        accept(session, course, earlier, who="france_travail")
    sound()


def test_an_annulled_release_may_be_made_again(database: Database, course: Course, sound: Callable[[], None]) -> None:
    by = course.world.actors["region"]
    course = Course(course.world, *course_of(database, course.world), course.nature, course.other_nature)
    with database.writing() as session:
        first = propose(session, course)
        accept(session, course, first)
        row = session.get_one(HandoffRelease, (first, course.commitment))
        reverse_entry(session, row.entry_id or 0, motive="Erreur", by=by, at=AT)
        again = propose(session, course, receiver_id=course.world["france_travail"])
        assert session.get_one(HandoffRelease, (again, course.commitment)).foreseen == Decimal("3994.52")
    sound()


def test_three_years_three_payers(database: Database, sound: Callable[[], None]) -> None:
    """Year 1 the Région, year 2 the OPCO, year 3 France Travail, each in its own step."""
    course = make_course(database, schedule=())
    region, actors = course.world.actors["region"], course.world.actors
    with database.writing() as session:
        steps = [course.step]
        for year, who in ((2026, "opco"), (2027, "france_travail")):
            line = StepLine(
                StepKind.TRAINING,
                f"Année {year}",
                date(year, 9, 1),
                date(year + 1, 8, 31),
                funder_ids=(course.world[who],),
            )
            steps.append(add_step(session, course.parcours, line, by=region, at=AT).id or 0)
        first = propose(session, course, first_day=date(2026, 9, 1), to_step_id=steps[1])
        accept(session, course, first)
        [second_line] = taken_by_opco(session, first)
        assert totals(session, course.commitment) == ("6000.00", "0.00")
        assert session.get_one(StepFunding, (second_line, steps[1])).amount == Decimal("4500.00")
        line = line_to(
            course,
            sender_id=course.world["opco"],
            receiver_id=course.world["france_travail"],
            from_step_id=steps[1],
            to_step_id=steps[2],
            first_day=date(2027, 9, 1),
        )
        second = draft_handoff(session, course.parcours, line, by=actors["opco"], at=AT)
        propose_handoff(session, second.id or 0, by=actors["opco"], at=AT)
        accept(session, course, second.id or 0, who="france_travail")
        [third_line] = taken_by_opco(session, second.id or 0)
        assert session.get_one(Commitment, third_line).funder_id == course.world["france_travail"]
        assert totals(session, second_line) == ("4500.00", "0.00")
    sound()


def test_a_step_planned_ahead_becomes_what_is_taken(database: Database, course: Course) -> None:
    """The plan of the receiver's step says 4,500.00 of the OPCO before it is committed."""
    region = course.world.actors["region"]
    with database.writing() as session:
        line = StepLine(
            StepKind.TRAINING, "Suite", date(2026, 9, 1), date(2027, 8, 31), funder_ids=(course.world["opco"],)
        )
        step = add_step(session, course.parcours, line, by=region, at=AT).id or 0
        cost = PlanCost(step_id=step, nature_id=course.nature, amount=Decimal("4500.00"))
        session.add(cost)
        session.flush()
        session.add(PlanShare(cost_id=cost.id or 0, funder_id=course.world["opco"], amount=Decimal("4500.00")))
        session.flush()
        number = propose(session, course, first_day=date(2026, 9, 1), to_step_id=step)
        accept(session, course, number, accepted={course.nature: Decimal("4000.00")})
        [share] = session.exec(select(PlanShare).where(PlanShare.cost_id == cost.id)).all()
        assert (share.amount, share.commitment_id) == (Decimal("4000.00"), taken_by_opco(session, number)[0])


def test_two_natures_make_two_lines(database: Database, course: Course, sound: Callable[[], None]) -> None:
    asked = ((course.nature, Decimal("3000.00")), (course.other_nature, Decimal("900.00")))
    with database.writing() as session:
        assert natures(session) == (course.nature, course.other_nature)
        number = propose(session, course, asked=asked)
        accept(session, course, number, accepted={course.nature: Decimal("3000.00")})
        assert len(taken_by_opco(session, number)) == 1
        rest = session.get_one(HandoffShare, (number, course.other_nature))
        assert (rest.accepted, rest.commitment_id) == (Decimal("0.00"), None)
        costs = {cost.nature_id: cost.amount for cost in session.exec(select(PlanCost))}
        assert costs == {course.nature: Decimal("6000.00"), course.other_nature: Decimal("900.00")}
    sound()
