"""Who waits for an answer, and who owes one, is written to once at each stage, and nothing is told that should not be."""

from datetime import date, datetime, time, timedelta

import pytest
from sqlmodel import select

from conference.data.session import Database
from conference.data.tables import Account, OutboxMessage
from conference.domain.french import PARIS
from conference.domain.handoff import HandoffMotive
from conference.domain.permissions import CONSOLE
from conference.services.accounts import deactivate_account, set_delegate
from conference.services.handoff_reminders import announce_handoffs, remind_handoffs
from conference.services.handoffs import expire_handoffs, refuse_handoff, withdraw_handoff
from conference.services.outbox import deliver
from conference.settings import Settings
from tests.seeds import AT
from tests.services.handoff_worlds import Course, make_course, propose

LATER = AT + timedelta(minutes=5)
PROPOSED_ON, ANSWER_BY = date(2026, 4, 20), date(2026, 5, 5)


@pytest.fixture
def course(database: Database) -> Course:
    return make_course(database)


def proposed(database: Database, course: Course) -> int:
    with database.writing() as session:
        return propose(session, course)


def told(database: Database) -> dict[str, list[str]]:
    """Who was written to, by what was told."""
    found: dict[str, list[str]] = {}
    with database.reading() as session:
        query = select(OutboxMessage.key, Account.email).join(Account, Account.id == OutboxMessage.account_id)
        for key, email in session.exec(query.order_by(OutboxMessage.id)):
            found.setdefault(key.split(":")[2], []).append(email.partition("@")[0])
    return found


def texts(database: Database) -> list[str]:
    with database.reading() as session:
        rows = session.exec(select(OutboxMessage).order_by(OutboxMessage.id)).all()
        return [f"{row.subject}\n{row.body}" for row in rows]


def remind(database: Database, settings: Settings, on: date) -> int:
    at = datetime.combine(on, time(2, 5), PARIS)
    with database.writing() as session:
        return remind_handoffs(settings, session, on=on, at=at)


def absent(database: Database, course: Course, who: str, delegate: str) -> None:
    """`who` names `delegate`, of the same organisation."""
    world = course.world
    with database.writing() as session:
        set_delegate(session, delegate_id=world.actors[delegate].account_id, by=world.actors[who], at=AT)


def test_a_proposal_is_announced_once_to_the_officers_of_its_receiver(
    database: Database, settings: Settings, course: Course
) -> None:
    assert announce_handoffs(settings, database, at=AT) == 0
    number = proposed(database, course)
    assert announce_handoffs(settings, database, at=LATER) == 1
    assert announce_handoffs(settings, database, at=LATER) == 0
    assert told(database) == {"proposed": ["opco"]}
    (text,) = texts(database)
    assert "Région Exemple" in text
    assert "1er\u00a0janvier\u00a02026" in text
    assert "5\u00a0mai\u00a02026" in text
    assert f"{settings.public_url}/relais/{number}" in text
    assert deliver(settings, database, at=LATER).sent == 1


def test_the_delegate_of_who_is_absent_is_written_to_as_well(
    database: Database, settings: Settings, course: Course
) -> None:
    absent(database, course, "opco", "opco_signatory")
    proposed(database, course)
    announce_handoffs(settings, database, at=LATER)
    assert told(database) == {"proposed": ["opco", "opco_signatory"]}


def test_without_an_officer_the_signatories_are_told(database: Database, settings: Settings, course: Course) -> None:
    with database.writing() as session:
        deactivate_account(session, course.world.actors["opco"].account_id or 0, by=CONSOLE, at=AT)
    proposed(database, course)
    announce_handoffs(settings, database, at=LATER)
    assert told(database) == {"proposed": ["opco_signatory"]}


def test_more_and_more_people_are_reminded_each_once(database: Database, settings: Settings, course: Course) -> None:
    proposed(database, course)
    counts = {}
    for ahead in range(20):
        day = PROPOSED_ON + timedelta(days=ahead)
        if count := remind(database, settings, day):
            counts[f"{day:%d/%m}"] = count
        assert remind(database, settings, day) == 0
    assert counts == {"23/04": 1, "27/04": 2, "30/04": 3, "05/05": 2}
    assert told(database) == {
        "officers": ["opco"],
        "colleagues": ["opco", "opco_signatory"],
        "coordinator": ["opco", "opco_signatory", "coordinator"],
        "last_day": ["opco", "opco_signatory"],
    }
    assert deliver(settings, database, at=LATER).sent == 8
    assert "délai aujourd’hui" in texts(database)[-1]
    assert "dans 2\u00a0jours ouvrés" in texts(database)[3] or "dans 2 jours ouvrés" in texts(database)[3]


def test_a_machine_that_was_off_reminds_of_the_latest_stage_only(
    database: Database, settings: Settings, course: Course
) -> None:
    proposed(database, course)
    assert remind(database, settings, date(2026, 5, 4)) == 3
    assert list(told(database)) == ["coordinator"]


@pytest.mark.parametrize(
    ("what", "words"),
    [("refused", "Motif\u202f: Crédits épuisés"), ("expired", "n’a pas répondu à temps")],
)
def test_the_answer_is_told_to_who_proposed(
    database: Database, settings: Settings, course: Course, what: str, words: str
) -> None:
    absent(database, course, "region", "region_signatory")
    number = proposed(database, course)
    answered_at = AT + timedelta(days=16)
    with database.writing() as session:
        if what == "expired":
            assert expire_handoffs(session, on=ANSWER_BY, at=answered_at) == []
            assert expire_handoffs(session, on=ANSWER_BY + timedelta(days=1), at=answered_at) == [number]
        else:
            answered_at = LATER
            motive, by = HandoffMotive.NO_CREDIT, course.world.actors["opco"]
            refuse_handoff(session, number, motive=motive, answer="Madame Untel le sait", by=by, at=answered_at)
    assert announce_handoffs(settings, database, at=answered_at) == 2
    assert announce_handoffs(settings, database, at=answered_at + timedelta(days=3)) == 0
    assert told(database) == {what: ["region", "region_signatory"]}
    assert words in texts(database)[0]
    assert not [text for text in texts(database) if "Untel" in text]
    assert deliver(settings, database, at=answered_at).sent == 2


def test_work_of_who_has_left_passes_to_the_officers(database: Database, settings: Settings, course: Course) -> None:
    number = proposed(database, course)
    with database.writing() as session:
        deactivate_account(session, course.world.actors["region"].account_id or 0, by=CONSOLE, at=AT)
        by = course.world.actors["opco"]
        refuse_handoff(session, number, motive=HandoffMotive.DATES, answer="", by=by, at=LATER)
    announce_handoffs(settings, database, at=LATER)
    assert told(database) == {"refused": ["region_signatory"]}


def test_a_proposal_withdrawn_before_its_mail_left_is_not_announced(
    database: Database, settings: Settings, course: Course
) -> None:
    number = proposed(database, course)
    announce_handoffs(settings, database, at=LATER)
    with database.writing() as session:
        withdraw_handoff(session, number, by=course.world.actors["region"], at=LATER)
    done = deliver(settings, database, at=LATER)
    assert (done.sent, done.dropped) == (0, 1)
    assert announce_handoffs(settings, database, at=LATER) == 0


def test_what_was_proposed_long_ago_is_not_announced_today(
    database: Database, settings: Settings, course: Course
) -> None:
    proposed(database, course)
    assert announce_handoffs(settings, database, at=AT + timedelta(days=14)) == 0
    assert announce_handoffs(settings, database, at=AT + timedelta(days=13)) == 1
