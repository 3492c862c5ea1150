"""Does a person pass from one funder to the next with the money, or with none of it?"""

import threading
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlmodel import Session, col, select

from conference.data.journal import canonical
from conference.data.queries.parcours import is_party
from conference.data.session import Database
from conference.data.tables import (
    Account,
    Balance,
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
from conference.data.tables.journal import JournalEntry
from conference.domain.case import StepKind
from conference.domain.handoff import HandoffMotive
from conference.domain.handoff_snapshot import read_snapshot
from conference.domain.ledger import EntryKind, EntrySource
from conference.domain.permissions import CONSOLE
from conference.domain.refusal import Conflict, Forbidden, NotFound, Refusal
from conference.domain.rights import RightKind
from conference.services.commitments import shares_of
from conference.services.entries import record_entry, record_payment, reverse_entry
from conference.services.handoff_acceptance import accept_handoff
from conference.services.handoffs import (
    change_draft,
    draft_handoff,
    expire_handoffs,
    mark_outcome_read,
    mark_read,
    propose_handoff,
    refuse_handoff,
    withdraw_handoff,
)
from conference.services.income_rights import RightLine, record_right
from conference.services.months import close_month
from conference.services.organisations import set_confirmation_threshold
from conference.services.steps import StepLine, add_step
from conference.services.verification import verify
from conference.settings import Settings
from tests.seeds import AT, World
from tests.services.handoff_worlds import (
    NEW_YEAR,
    Course,
    funders_of,
    ledger,
    line_to,
    make_course,
    natures,
    open_course,
    pay_step,
    propose,
)

DAY = timedelta(days=1)


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


def pay(session: Session, course: Course, amount: str, commitment: int | None = None) -> None:
    record_payment(
        session,
        commitment or course.commitment,
        amount=Decimal(amount),
        paid_on=date(2025, 12, 1),
        by=course.world.actors["region"],
        at=AT,
        source=EntrySource.FORM,
    )


def totals(session: Session, commitment_id: int) -> tuple[str, str]:
    """(committed, paid) of a commitment."""
    row = session.get_one(Balance, commitment_id, populate_existing=True)
    return str(row.commitment - row.release), str(row.payment - row.repayment)


def accept(session: Session, course: Course, number: int, who: str = "opco", **more: object) -> Handoff:
    return accept_handoff(session, number, by=course.world.actors[who], at=AT + DAY, **more)  # type: ignore[arg-type]


def taken_by_opco(session: Session, number: int) -> list[int]:
    query = select(HandoffShare.commitment_id).where(HandoffShare.handoff_id == number)
    return [each for each in session.exec(query) if each is not None]


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


@pytest.mark.parametrize("how", ["refuse", "withdraw", "expire"])
def test_a_handoff_that_is_not_accepted_moves_no_money_and_shuts_the_parcours(
    database: Database, course: Course, sound: Callable[[], None], how: str
) -> None:
    actors = course.world.actors
    with database.writing() as session:
        before = ledger(session)
        number = propose(session, course)
        assert is_party(session, course.parcours, actors["opco"])
        if how == "refuse":
            refuse_handoff(session, number, motive=HandoffMotive.NO_CREDIT, answer="", by=actors["opco"], at=AT)
        elif how == "withdraw":
            withdraw_handoff(session, number, by=actors["region"], at=AT)
        else:
            row = session.get_one(Handoff, number)
            assert row.answer_by == date(2026, 5, 5)  # ten working days, 1 May closed
            assert expire_handoffs(session, on=row.answer_by, at=AT) == []
            assert expire_handoffs(session, on=row.answer_by + DAY, at=AT) == [number]
            assert expire_handoffs(session, on=row.answer_by + DAY, at=AT) == []
        assert ledger(session) == before
        assert not is_party(session, course.parcours, actors["opco"])
        assert funders_of(session, course.step) == {course.world["region"]}
        assert taken_by_opco(session, number) == []
        assert session.get_one(HandoffRelease, (number, course.commitment)).released is None
        with pytest.raises(Conflict):
            accept(session, course, number)
    sound()


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


@pytest.mark.parametrize(
    ("amount", "code"), [("0.00", "nothing_accepted"), ("4500.01", "accepted"), ("-1.00", "accepted")]
)
def test_amounts_that_cannot_be_accepted(database: Database, course: Course, amount: str, code: str) -> None:
    with database.writing() as session:
        number = propose(session, course)
        before = ledger(session)
        with pytest.raises(Refusal) as refused:
            accept(session, course, number, accepted={course.nature: Decimal(amount)})
        assert refused.value.code == code
        assert ledger(session) == before


def test_above_the_threshold_a_signatory_accepts(database: Database, course: Course, sound: Callable[[], None]) -> None:
    actors, opco = course.world.actors, course.world["opco"]
    with database.writing() as session:
        set_confirmation_threshold(session, opco, threshold=Decimal("4000.00"), by=actors["opco_signatory"], at=AT)
        number = propose(session, course)
        before = ledger(session)
        with pytest.raises(Refusal) as refused:
            accept(session, course, number)
        assert refused.value.code == "signatory_needed"
        assert ledger(session) == before
        assert session.get_one(Handoff, number, populate_existing=True).status == "proposed"
        accept(session, course, number, who="opco_signatory")
        [taken] = taken_by_opco(session, number)
        assert totals(session, taken) == ("4500.00", "0.00")
        assert session.get_one(Balance, taken).forecast == 0
    sound()


def test_an_officer_accepts_a_part_under_the_threshold(database: Database, course: Course) -> None:
    actors, opco = course.world.actors, course.world["opco"]
    with database.writing() as session:
        set_confirmation_threshold(session, opco, threshold=Decimal("4000.00"), by=actors["opco_signatory"], at=AT)
        accept(session, course, propose(session, course), accepted={course.nature: Decimal("4000.00")})


def test_two_people_answer_at_once(database: Database, course: Course, sound: Callable[[], None]) -> None:
    actors = course.world.actors
    with database.writing() as session:
        number = propose(session, course)
    gate = threading.Barrier(2)
    told: dict[str, str] = {}

    def answer(who: str, say: Callable[[Session], object]) -> None:
        gate.wait()
        try:
            with database.writing() as session:
                say(session)
            told[who] = "won"
        except Conflict as conflict:
            told[who] = conflict.message

    threads = [
        threading.Thread(target=answer, args=("opco", lambda session: accept(session, course, number))),
        threading.Thread(
            target=answer,
            args=(
                "opco_signatory",
                lambda session: refuse_handoff(
                    session, number, motive=HandoffMotive.DATES, answer="", by=actors["opco_signatory"], at=AT + DAY
                ),
            ),
        ),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    [winner] = [who for who, said in told.items() if said == "won"]
    [loser] = [said for said in told.values() if said != "won"]
    with database.reading() as session:
        name = session.get_one(Account, actors[winner].account_id).name
        row = session.get_one(Handoff, number)
        assert row.status == ("accepted" if winner == "opco" else "refused")
        assert len(taken_by_opco(session, number)) == (winner == "opco")
        assert (len(ledger(session)) == 1) == (winner != "opco")
    assert f"par {name}, OPCO Exemple" in loser
    sound()


def test_the_sender_is_not_told_which_person_of_the_receiver_answered(database: Database, course: Course) -> None:
    with database.writing() as session:
        number = propose(session, course)
        accept(session, course, number)
        with pytest.raises(Conflict) as conflict:
            withdraw_handoff(session, number, by=course.world.actors["region"], at=AT)
        assert "par OPCO Exemple" in conflict.value.message
        assert "Compte" not in conflict.value.message


def test_only_each_side_moves_its_own(database: Database, course: Course) -> None:
    actors = course.world.actors
    with database.writing() as session:
        draft = draft_handoff(session, course.parcours, line_to(course), by=actors["region"], at=AT)
        number = draft.id or 0
        for who in ("opco", "france_travail", "coordinator"):
            with pytest.raises(NotFound):
                withdraw_handoff(session, number, by=actors[who], at=AT)
        propose_handoff(session, number, by=actors["region"], at=AT)
        for who in ("france_travail", "coordinator", "reader"):
            with pytest.raises(NotFound if who != "reader" else Forbidden):
                accept(session, course, number, who=who)
        for who, verb in (("region", accept), ("opco", withdraw_handoff)):
            with pytest.raises(Forbidden):
                if verb is accept:
                    accept(session, course, number, who=who)
                else:
                    withdraw_handoff(session, number, by=actors[who], at=AT)
        with pytest.raises(NotFound):
            draft_handoff(session, course.parcours, line_to(course), by=actors["france_travail"], at=AT)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"first_day": date(2025, 8, 31)}, "first_day"),
        ({"first_day": date(2026, 9, 1)}, "first_day"),
        ({"asked": ((999_999, Decimal("1.00")),)}, "nature"),
        ({"to_step_id": 999_999}, "step"),
        ({"message": "x" * 2001}, "too_long"),
    ],
)
def test_a_line_that_makes_no_sense(database: Database, course: Course, change: dict[str, object], code: str) -> None:
    with database.writing() as session:
        with pytest.raises(Refusal) as refused:
            draft_handoff(session, course.parcours, line_to(course, **change), by=course.world.actors["region"], at=AT)
        assert refused.value.code == code


@pytest.mark.parametrize(
    ("receiver", "code"), [("region", "two_funders"), ("secretariat", "receiver"), ("centre", "receiver")]
)
def test_who_can_receive(database: Database, course: Course, receiver: str, code: str) -> None:
    by = course.world.actors["region"]
    with database.writing() as session:
        with pytest.raises(Refusal) as refused:
            draft_handoff(session, course.parcours, line_to(course, receiver_id=course.world[receiver]), by=by, at=AT)
        assert refused.value.code == code


def test_a_receiver_where_nobody_can_answer(database: Database, course: Course) -> None:
    with database.writing() as session:
        for account in session.exec(select(Account).where(Account.organisation_id == course.world["opco"])):
            account.is_active = False
            session.add(account)
        session.flush()
        with pytest.raises(Refusal) as refused:
            propose(session, course)
        assert refused.value.code == "nobody_answers"


def test_a_line_that_awaits_confirmation_holds_the_handoff_back(database: Database, course: Course) -> None:
    with database.writing() as session:
        pay_step(session, course.world, course.step, "100.00", planned=False, forecast=True)
        with pytest.raises(Refusal) as refused:
            propose(session, course)
        assert refused.value.code == "awaiting"


def test_one_proposal_of_a_step_at_a_time(database: Database, course: Course) -> None:
    with database.writing() as session:
        propose(session, course)
        with pytest.raises(Refusal) as refused:
            propose(session, course, receiver_id=course.world["france_travail"])
        assert refused.value.code == "already_proposed"


def test_a_draft_changes_until_it_is_sent(database: Database, course: Course) -> None:
    by = course.world.actors["region"]
    with database.writing() as session:
        draft = draft_handoff(session, course.parcours, line_to(course), by=by, at=AT)
        number = draft.id or 0
        changed = change_draft(
            session, number, line_to(course, asked="100.00", message="Suite"), version=1, by=by, at=AT
        )
        assert (changed.version, changed.message) == (2, "Suite")
        assert session.get_one(HandoffShare, (number, course.nature)).asked == Decimal("100.00")
        with pytest.raises(Conflict):
            change_draft(session, number, line_to(course), version=1, by=by, at=AT)
        with pytest.raises(Conflict):
            propose_handoff(session, number, by=by, at=AT, version=1)
        propose_handoff(session, number, by=by, at=AT, version=2)
        with pytest.raises(Conflict):
            change_draft(session, number, line_to(course), version=3, by=by, at=AT)


def test_what_a_draft_says_is_not_told_on_the_parcours(database: Database, course: Course) -> None:
    by = course.world.actors["region"]
    with database.writing() as session:
        draft = draft_handoff(session, course.parcours, line_to(course), by=by, at=AT)
        withdraw_handoff(session, draft.id or 0, by=by, at=AT)
        verbs = session.exec(select(JournalEntry.verb, JournalEntry.object_kind).order_by(col(JournalEntry.id))).all()
        assert verbs[-2:] == [("draft_handoff", "handoff"), ("withdraw_handoff", "handoff")]


def test_the_delay_is_over_before_the_night_has_passed(database: Database, course: Course) -> None:
    with database.writing() as session:
        number = propose(session, course)
        late = AT + timedelta(days=16)
        with pytest.raises(Conflict):
            accept_handoff(session, number, by=course.world.actors["opco"], at=late)
        with pytest.raises(Conflict):
            refuse_handoff(
                session, number, motive=HandoffMotive.DATES, answer="", by=course.world.actors["opco"], at=late
            )


def test_other_motive_needs_words(database: Database, course: Course) -> None:
    with database.writing() as session:
        number = propose(session, course)
        with pytest.raises(Refusal) as refused:
            refuse_handoff(
                session, number, motive=HandoffMotive.OTHER, answer=" ", by=course.world.actors["opco"], at=AT
            )
        assert refused.value.field == "answer"


def test_marks_of_reading_are_kept_once_and_on_the_right_side(database: Database, course: Course) -> None:
    actors = course.world.actors
    with database.writing() as session:
        number = propose(session, course)
        assert not mark_read(session, number, by=actors["region"], at=AT)
        assert not mark_outcome_read(session, number, by=actors["region"], at=AT)
        assert mark_read(session, number, by=actors["opco"], at=AT)
        assert not mark_read(session, number, by=actors["opco"], at=AT + DAY)
        accept(session, course, number)
        assert not mark_outcome_read(session, number, by=actors["opco"], at=AT)
        assert mark_outcome_read(session, number, by=actors["region"], at=AT + DAY)
        row = session.get_one(Handoff, number, populate_existing=True)
        assert (row.read_at, row.outcome_read_at) == (AT, AT + DAY)


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


def test_a_handoff_without_money_opens_the_step(database: Database, course: Course, sound: Callable[[], None]) -> None:
    with database.writing() as session:
        number = propose(session, course, asked=())
        accept(session, course, number)
        assert taken_by_opco(session, number) == []
        assert totals(session, course.commitment) == ("2500.00", "0.00")
        assert course.world["opco"] in funders_of(session, course.step)
    sound()


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


def test_the_snapshot_says_what_passes_and_no_reference_of_the_sender(database: Database, course: Course) -> None:
    region = course.world.actors["region"]
    with database.writing() as session:
        right = RightLine(
            RightKind.AREF, course.world["france_travail"], date(2025, 9, 1), date(2026, 5, 14), Decimal("31.00")
        )
        record_right(session, course.parcours, right, by=region, at=AT)
        number = propose(session, course)
        row = session.get_one(Handoff, number)
        line = session.get_one(Commitment, course.commitment)
        assert line.reference not in row.snapshot
        record_right(
            session,
            course.parcours,
            RightLine(RightKind.RFF, course.world["france_travail"], date(2026, 5, 15), date(2026, 8, 31)),
            by=region,
            at=AT,
        )
        told = read_snapshot(session.get_one(Handoff, number).snapshot)
    assert (told.sender, told.receiver, told.first_day) == ("Région Exemple", "OPCO Exemple", NEW_YEAR)
    assert told.answer_by == date(2026, 5, 5)
    [step] = told.steps
    assert (step.title, step.role, step.funders) == ("Cours", "both", ("Région Exemple",))
    assert [(each.committed, each.paid, each.release) for each in told.releases] == [
        (Decimal("6000.00"), Decimal("0.00"), Decimal("3500.00"))
    ]
    assert [each.amount for each in told.asked] == [Decimal("4500.00")]
    income = told.income
    assert (income.payer, income.kind, income.last_day) == ("France Travail", "aref", date(2026, 5, 14))
    assert (income.daily_amount, income.aref_days, income.relay_days) == (Decimal("31.00"), 122, 0)
    assert [(each.days, each.last) for each in income.left] == [(134, date(2026, 5, 14))]
    assert [(gap.first, gap.days) for gap in income.gaps] == [(date(2026, 5, 15), 109)]
    assert [(each.what, each.who) for each in told.known] == [
        ("commitment", "Région Exemple"),
        ("parcours", "Région Exemple"),
        ("right", "France Travail"),
        ("proposal", "Région Exemple"),
    ]
    assert told.text() == row.snapshot
    assert canonical(told.reference) in row.snapshot


def test_the_console_may_do_everything(database: Database, course: Course) -> None:
    with database.writing() as session:
        handoff = draft_handoff(session, course.parcours, line_to(course), by=CONSOLE, at=AT)
        propose_handoff(session, handoff.id or 0, by=CONSOLE, at=AT)
        assert accept_handoff(session, handoff.id or 0, by=CONSOLE, at=AT).status == "accepted"
