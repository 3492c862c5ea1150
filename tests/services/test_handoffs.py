"""Does a handoff go only where each side may bring it, and does who may not accept change nothing?"""

import threading
from collections.abc import Callable
from dataclasses import replace
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
    Handoff,
    HandoffRelease,
    HandoffShare,
    Step,
)
from conference.data.tables.journal import JournalEntry
from conference.domain.case import StepKind
from conference.domain.handoff import HandoffMotive
from conference.domain.handoff_snapshot import read_snapshot
from conference.domain.permissions import CONSOLE
from conference.domain.refusal import Conflict, Forbidden, NotFound, Refusal
from conference.domain.rights import RightKind
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
from conference.services.identities import record_identity
from conference.services.income_rights import RightLine, record_right
from conference.services.organisations import set_confirmation_threshold
from conference.services.plans import set_share
from conference.services.steps import StepLine, add_step, move_step
from conference.services.thresholds import set_threshold
from conference.services.verification import verify
from conference.settings import Settings
from tests.seeds import AT
from tests.services.handoff_worlds import (
    DAY,
    NEW_YEAR,
    Course,
    accept,
    funders_of,
    ledger,
    line_to,
    make_course,
    pay_step,
    propose,
    taken_by_opco,
    totals,
)
from tests.services.test_identities import WHO


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


def test_a_handoff_without_money_opens_the_step(database: Database, course: Course, sound: Callable[[], None]) -> None:
    with database.writing() as session:
        number = propose(session, course, asked=())
        accept(session, course, number)
        assert taken_by_opco(session, number) == []
        assert totals(session, course.commitment) == ("2500.00", "0.00")
        assert course.world["opco"] in funders_of(session, course.step)
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


def test_no_identity_passes_in_a_handoff(database: Database, course: Course, settings: Settings) -> None:
    region = course.world.actors["region"]
    with database.writing() as session:
        record_identity(session, course.parcours, WHO, instance=settings.instance, by=region, at=AT)
        number = propose(session, course)
        accept(session, course, number)
        kept = session.get_one(Handoff, number).snapshot
        journal = " ".join(row.changes for row in session.exec(select(JournalEntry)))
    for secret in (*WHO.texts().values(), "Anatoline", "2000-05-02"):
        assert secret and secret not in kept
        assert secret not in journal


def test_the_conference_chooses_how_long_an_answer_may_take(database: Database, course: Course) -> None:
    with database.writing() as session:
        set_threshold(session, "handoff_answer", 3, by=course.world.actors["coordinator"], at=AT)
        number = propose(session, course)
        assert session.get_one(Handoff, number).answer_by == date(2026, 4, 23)


def test_who_has_not_answered_yet_names_no_funder(database: Database) -> None:
    """Else the receiver would write itself into the parcours, and read on after it refused (SEMANTICS §4)."""
    course = make_course(database)
    with database.writing() as session:
        number = propose(session, course)
    opco, line = course.world.actors["opco"], StepLine(StepKind.OTHER, "Suite", NEW_YEAR, NEW_YEAR)
    mine = replace(line, funder_ids=(course.world["opco"],))
    for funders in (mine, replace(line, funder_ids=(course.world["france_travail"],))):
        with pytest.raises(Refusal, match="répondu au relais"), database.writing() as session:
            add_step(session, course.parcours, funders, by=opco, at=AT)
    with pytest.raises(Refusal, match="répondu au relais"), database.writing() as session:
        set_share(session, 1, course.world["opco"], amount=Decimal("1.00"), by=opco, at=AT)
    with database.writing() as session:
        add_step(session, course.parcours, line, by=opco, at=AT)
        refuse_handoff(session, number, motive=HandoffMotive.NO_CREDIT, answer="", by=opco, at=AT)
        assert not is_party(session, course.parcours, opco)
    with database.writing() as session:
        accept(session, course, propose(session, course))
        add_step(session, course.parcours, mine, by=opco, at=AT)


def test_what_is_proposed_is_not_proposed_again(database: Database) -> None:
    """The same form sent twice, its version left out."""
    course = make_course(database)
    with database.writing() as session:
        number = propose(session, course)
    with pytest.raises(Conflict, match="déjà proposé"), database.writing() as session:
        propose_handoff(session, number, by=course.world.actors["region"], at=AT)


def test_a_step_shortened_since_leaves_nothing_to_take(database: Database) -> None:
    course = make_course(database)
    with database.writing() as session:
        number = propose(session, course)
        row = session.get_one(Step, course.step)
        last = NEW_YEAR - DAY
        who = course.world.actors["region"]
        move_step(session, course.step, first=row.first, last=last, version=row.version, by=who, at=AT)
    with pytest.raises(Refusal, match=r"finit désormais le 31.décembre.2025"), database.writing() as session:
        accept(session, course, number)
