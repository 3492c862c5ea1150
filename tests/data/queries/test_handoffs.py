"""Does each reader find its own handoffs, in order, and figures that a hand can count again?"""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from conference.data.queries.handoff_figures import handoff_figures, handoff_years
from conference.data.queries.handoff_start import handoff_start
from conference.data.queries.handoffs import handoff_list, handoff_row, handoffs_of, handoffs_to_answer
from conference.data.session import Database
from conference.data.tables import PlanCost, PlanShare
from conference.domain.case import StepKind
from conference.domain.handoff import HandoffMotive
from conference.domain.refusal import Forbidden, NotFound
from conference.services.handoff_acceptance import accept_handoff
from conference.services.handoffs import draft_handoff, expire_handoffs, refuse_handoff
from conference.services.holidays import closed_days
from conference.services.steps import StepLine, add_step
from tests.seeds import AT
from tests.services.handoff_worlds import NEW_YEAR, Course, line_to, make_course, propose

CLOSED = closed_days(2025, 2027)


@pytest.fixture
def course(database: Database) -> Course:
    """The course of money.md 1."""
    return make_course(database)


def test_delays_are_working_days_and_rates_count_what_expired(database: Database, course: Course) -> None:
    """Proposed on Monday 20 April 2026; answered on Thursday 30 April (8 working days), then on Monday 4 May (9: 1 May is
    closed); the third expires."""
    actors = course.world.actors
    with database.writing() as session:
        first = propose(session, course)
        at = datetime(2026, 4, 30, 8, tzinfo=UTC)
        refuse_handoff(session, first, motive=HandoffMotive.DATES, answer="", by=actors["opco"], at=at)
        second = propose(session, course)
        accept_handoff(session, second, by=actors["opco"], at=datetime(2026, 5, 4, 8, tzinfo=UTC))
        propose(session, course)
        expire_handoffs(session, on=AT.date() + timedelta(60), at=AT + timedelta(60))
        propose(session, course)
    with database.reading() as session:
        told = handoff_figures(session, actors["opco"], "receiver", closed=CLOSED)
        assert (told.accepted, told.refused, told.expired, told.waiting) == (1, 1, 1, 1)
        assert told.delay == Decimal("8.5")
        assert told.rate == Decimal(1) / 3
        assert told.motives == (("dates", 1),)
        assert handoff_figures(session, actors["region"], "sender", closed=CLOSED) == told
        assert handoff_figures(session, actors["coordinator"], "all", closed=CLOSED) == told
        none = handoff_figures(session, actors["france_travail"], "receiver", closed=CLOSED)
        assert (none.delay, none.rate, none.motives) == (None, None, ())
        with pytest.raises(Forbidden):
            handoff_figures(session, actors["opco"], "all", closed=CLOSED)
        assert handoff_years(session, actors["opco"]) == (2026, 2026)
        assert handoff_years(session, actors["france_travail"]) is None


def test_each_tab_holds_what_it_says_of_each_reader(database: Database, course: Course) -> None:
    actors = course.world.actors
    with database.writing() as session:
        refused = propose(session, course)
        refuse_handoff(session, refused, motive=HandoffMotive.DATES, answer="", by=actors["opco"], at=AT)
        waiting = propose(session, course)
        draft = draft_handoff(session, course.parcours, line_to(course), by=actors["region"], at=AT).id
    expected = {
        ("region", "todo"): [],
        ("region", "sent"): [draft, waiting],
        ("region", "closed"): [refused],
        ("opco", "todo"): [waiting],
        ("opco", "sent"): [],
        ("opco", "closed"): [refused],
        ("coordinator", "todo"): [waiting],
        ("coordinator", "closed"): [refused],
        ("france_travail", "todo"): [],
        ("france_travail", "closed"): [],
    }
    with database.reading() as session:
        for (who, tab), ids in expected.items():
            found = handoff_list(session, actors[who], tab=tab)
            assert [line.id for line in found.lines] == ids, (who, tab)
            assert found.total == len(ids)
        for who in ("reader", "admin"):
            with pytest.raises(Forbidden):
                handoff_list(session, actors[who])
        assert [handoffs_to_answer(session, actors[who]) for who in ("opco", "region", "coordinator", "reader")] == [
            1,
            0,
            None,
            None,
        ]


def test_who_lost_the_parcours_keeps_a_line_without_it(database: Database, course: Course) -> None:
    actors = course.world.actors
    with database.writing() as session:
        number = propose(session, course)
        assert handoff_row(session, actors["opco"], number).pseudonym
        refuse_handoff(session, number, motive=HandoffMotive.DATES, answer="", by=actors["opco"], at=AT)
    with database.reading() as session:
        row = handoff_row(session, actors["opco"], number)
        assert (row.parcours_id, row.pseudonym, row.step, row.motive) == (None, None, None, "dates")
        assert handoffs_of(session, actors["opco"], course.parcours) == ()
        assert [each.id for each in handoffs_of(session, actors["region"], course.parcours)] == [number]
        with pytest.raises(NotFound):
            handoff_row(session, actors["france_travail"], number)


def test_a_parcours_tells_the_accepted_handoffs_of_others_but_no_draft(database: Database, course: Course) -> None:
    actors, world = course.world.actors, course.world
    with database.writing() as session:
        accepted = propose(session, course)
        accept_handoff(session, accepted, by=actors["opco"], at=AT)
        line = line_to(course, sender_id=world["opco"], receiver_id=world["france_travail"])
        onward = draft_handoff(session, course.parcours, line, by=actors["opco"], at=AT).id
    with database.reading() as session:
        told = {
            who: [(row.id, row.may_open) for row in handoffs_of(session, actors[who], course.parcours)]
            for who in ("region", "opco", "coordinator", "france_travail")
        }
        assert told == {
            "region": [(accepted, True)],
            "opco": [(accepted, True), (onward, True)],
            "coordinator": [(accepted, True)],
            "france_travail": [],
        }


def test_a_new_handoff_starts_from_the_plan(database: Database, course: Course) -> None:
    region = course.world.actors["region"]
    today = NEW_YEAR
    with database.writing() as session:
        start = handoff_start(session, region, course.parcours, today=today)
        assert (start.from_step and start.from_step.id, start.to_step, start.first_day) == (course.step, None, NEW_YEAR)
        assert start.likely == {course.nature: Decimal("3500.00")}
        line = StepLine(StepKind.TRAINING, "Suite", NEW_YEAR, NEW_YEAR, funder_ids=(course.world["opco"],))
        step = add_step(session, course.parcours, line, by=region, at=AT).id or 0
        cost = PlanCost(step_id=step, nature_id=course.other_nature, amount=Decimal("5000.00"))
        session.add(cost)
        session.flush()
        mine, theirs = course.world["region"], course.world["opco"]
        session.add(PlanShare(cost_id=cost.id or 0, funder_id=mine, amount=Decimal("500.00")))
        session.add(PlanShare(cost_id=cost.id or 0, funder_id=theirs, amount=Decimal("4000.00")))
        session.flush()
        start = handoff_start(session, region, course.parcours, today=today)
        assert (start.to_step and start.to_step.id, start.first_day) == (step, NEW_YEAR)
        assert start.likely == {course.other_nature: Decimal("4500.00")}
        same = handoff_start(session, region, course.parcours, today=today, keep_same=True)
        assert same.to_step is None
        with pytest.raises(NotFound):
            handoff_start(session, region, course.parcours, today=today, from_id=step)
        with pytest.raises(NotFound):
            handoff_start(session, course.world.actors["france_travail"], course.parcours, today=today)
