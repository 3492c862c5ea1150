"""A digest holds what is news to one person and nothing else, comes when it was chosen to, and once."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import select

from conference.data.queries.digest import Span, digest_of
from conference.data.session import Database
from conference.data.tables import (
    Account,
    Alert,
    AlertEvent,
    ConferenceProfile,
    Draft,
    Handoff,
    OutboxMessage,
    Run,
    StepFunder,
)
from conference.domain.digest import MOST, News
from conference.domain.french import PARIS
from conference.domain.handoff import HandoffMotive
from conference.domain.permissions import CONSOLE
from conference.services.accounts import deactivate_account
from conference.services.alerts import settle_by
from conference.services.digests import DETECT, NOTHING, send_digests
from conference.services.handoffs import refuse_handoff
from conference.services.outbox import REVOKED, deliver
from conference.services.runs import Task, perform
from conference.settings import Settings
from tests.seeds import AT, World
from tests.services.handoff_worlds import Course, make_course, propose
from tests.services.mail_server import mailing_settings, running_server

MONDAY, TUESDAY = date(2026, 4, 27), date(2026, 4, 28)


def morning(day: date, hour: int = 8) -> datetime:
    return datetime.combine(day, time(hour), PARIS)


@pytest.fixture
def course(database: Database) -> Course:
    """A parcours of the Région; everybody has signed in once, and the alerts found at entry are settled."""
    made = make_course(database)
    with database.writing() as session:
        for account in session.exec(select(Account)):
            account.password_hash = "set"
            session.add(account)
    settle(database)
    return made


def settle(database: Database) -> None:
    """Close every alert, so that what a test adds is all there is."""
    with database.writing() as session:
        for alert in session.exec(select(Alert)):
            alert.status, alert.closed_at, alert.opened_at = "closed", AT, AT
            session.add(alert)


def choose(database: Database, world: World, **rhythms: str) -> None:
    """Those named receive a digest at their rhythm; nobody else."""
    with database.writing() as session:
        for account in session.exec(select(Account)):
            account.digest = rhythms.get(account.email.partition("@")[0], "never")
            session.add(account)


def an_alert(database: Database, course: Course, cause: str = "x1", **more: Any) -> int:
    with database.writing() as session:
        values = {"code": "dead_time", "status": "open", "message": "40 jours entre deux étapes.", "days": 40}
        at = morning(MONDAY, 9)
        values |= {"parcours_id": course.parcours, "cause": cause, "opened_at": at, "changed_at": at}
        values |= more
        alert = Alert(**values, settle_by=settle_by(more.get("due_on"), more.get("first_day")))
        session.add(alert)
        session.flush()
        return alert.id or 0


def digests(settings: Settings, database: Database, on: date, hour: int = 8) -> int:
    return send_digests(settings, database, on=on, at=morning(on, hour), owner="test")


def mails(database: Database) -> dict[str, str]:
    """The text of each digest, by whom it is for."""
    with database.reading() as session:
        query = select(Account.email, OutboxMessage.subject, OutboxMessage.body).join(
            Account, Account.id == OutboxMessage.account_id
        )
        return {email.partition("@")[0]: f"{subject}\n{body}" for email, subject, body in session.exec(query)}


def test_nothing_to_say_no_mail(database: Database, settings: Settings, course: Course) -> None:
    choose(database, course.world, region="daily", opco="weekly", reader="daily", admin="daily", coordinator="daily")
    assert digests(settings, database, TUESDAY) == 5
    assert mails(database) == {}
    with database.reading() as session:
        assert set(session.exec(select(Run.report))) == {NOTHING}


def test_each_is_told_what_is_theirs_and_may_open(database: Database, settings: Settings, course: Course) -> None:
    world = course.world
    choose(database, world, **dict.fromkeys(("region", "opco", "france_travail", "coordinator", "reader"), "daily"))
    with database.writing() as session:
        handoff = propose(session, course, at=morning(MONDAY, 10))
        session.add(
            Draft(account_id=world.actors["region"].account_id or 0, form="commitment", updated_at=morning(MONDAY, 9))
        )
    settle(database)
    waiting = an_alert(database, course)  # waits for nobody: the referent's, and the coordination's
    for_opco = an_alert(database, course, "x2", organisation_id=world["opco"], due_on=date(2026, 5, 20))
    foreign = an_alert(database, course, "x3", organisation_id=world["france_travail"])
    owned = an_alert(database, course, "x4", owner_id=world.actors["region_signatory"].account_id)
    digests(settings, database, TUESDAY)
    told = mails(database)
    assert set(told) == {"region", "opco", "coordinator"}, "France Travail does not reach the parcours"
    url = settings.public_url
    assert f"{url}/alertes/{waiting}\n" in told["region"]
    assert f"{url}/relais/{handoff}" not in told["region"], "the sender has nothing to answer"
    assert told["region"].startswith("1 alerte, 1 brouillon – Conférence Exemple")
    assert f"{url}/brouillons" in told["region"]
    assert told["opco"].startswith("1 relais à répondre, 1 alerte – Conférence Exemple")
    assert f"{url}/relais/{handoff}" in told["opco"]
    assert "reçu il y a 1 jour ouvré" in told["opco"]
    assert "À régler au plus tard le 20\u00a0mai\u00a02026" in told["opco"]
    assert f"{url}/alertes/{for_opco}" in told["opco"]
    assert f"{url}/alertes/{waiting}" in told["coordinator"]
    for number in (foreign, owned):
        assert not [who for who, text in told.items() if f"{url}/alertes/{number}\n" in f"{text}\n"]
    assert all("P-2026-" in text for text in told.values())
    assert all(f"{url}/desabonnement/" in text and f"{url}/mon-compte" in text for text in told.values())


def test_who_stands_in_is_told_what_the_absent_one_owns(database: Database, settings: Settings, course: Course) -> None:
    world = course.world
    choose(database, world, region="daily")
    absent = world.actors["region_signatory"].account_id
    owned = an_alert(database, course, owner_id=absent)
    with database.writing() as session:
        account = session.get_one(Account, absent)
        account.delegate_id = world.actors["region"].account_id
        session.add(account)
    digests(settings, database, TUESDAY)
    assert f"/alertes/{owned}" in mails(database)["region"]


def test_every_thing_is_told_when_it_is_news(database: Database, course: Course) -> None:
    """The four times of one alert whose day is Thursday 7 May, told every day."""
    reader = course.world.actors["region"]
    number = an_alert(database, course, due_on=date(2026, 5, 7))
    told: dict[str, str] = {}
    day, since = TUESDAY, morning(MONDAY)
    while day < date(2026, 5, 13):
        if day == date(2026, 4, 30):
            with database.writing() as session:
                session.add(AlertEvent(alert_id=number, at=morning(day, 1), kind="worsened", days=50))
        with database.reading() as session:
            found = digest_of(session, reader, Span(since, day, frozenset({date(2026, 5, 1)})))
        for each in found.alerts:
            told[f"{day:%d/%m}"] = each.news.value
        assert found.alert_count == len(found.alerts)
        since = morning(day, 2)
        day += timedelta(days=1)
    assert told == {"28/04": News.NEW, "30/04": News.WORSE, "04/05": News.NEAR, "08/05": News.PAST}


def test_the_weekly_digest_comes_on_the_first_working_day_of_the_week_or_when_the_machine_is_back(
    database: Database, settings: Settings, course: Course
) -> None:
    choose(database, course.world, region="weekly")
    an_alert(database, course, opened_at=morning(date(2026, 4, 1)), changed_at=AT, due_on=date(2026, 5, 7))
    sent = {f"{day:%a %d/%m}": digests(settings, database, day) for day in days(date(2026, 4, 29), 8)}
    assert sent == {
        "Wed 29/04": 1,  # the machine was off since Monday
        "Thu 30/04": 0,
        "Fri 01/05": 0,
        "Sat 02/05": 0,
        "Sun 03/05": 0,
        "Mon 04/05": 1,
        "Tue 05/05": 0,
        "Wed 06/05": 0,
    }
    assert len(mails(database)) == 1


def days(first: date, count: int) -> list[date]:
    return [first + timedelta(days=ahead) for ahead in range(count)]


def test_the_daily_digest_rests_on_closed_days(database: Database, settings: Settings, course: Course) -> None:
    choose(database, course.world, region="daily")
    sent = [f"{day:%d/%m}" for day in days(date(2026, 4, 30), 6) if digests(settings, database, day)]
    assert sent == ["30/04", "04/05", "05/05"]


def test_news_of_a_digest_that_was_dropped_come_with_the_next(
    database: Database, settings: Settings, course: Course
) -> None:
    world = course.world
    choose(database, world, opco="daily")
    with database.writing() as session:
        handoff = propose(session, course, at=morning(MONDAY, 10))
        session.add(StepFunder(step_id=course.step, organisation_id=world["opco"]))
    settle(database)
    alert = an_alert(database, course, organisation_id=world["opco"])
    digests(settings, database, TUESDAY)
    with database.writing() as session:
        by = world.actors["opco"]
        refuse_handoff(session, handoff, motive=HandoffMotive.DATES, answer="", by=by, at=morning(TUESDAY))
        row = session.get_one(Alert, alert)  # what a test made up, the detection does not find again
        row.status, row.closed_at = "open", None
        session.add(row)
    assert deliver(settings, database, at=morning(TUESDAY)).dropped == 1
    digests(settings, database, date(2026, 4, 29))
    with database.reading() as session:
        first, second = session.exec(select(OutboxMessage).order_by(OutboxMessage.id)).all()
        assert (first.status, first.failure) == ("dropped", REVOKED)
        assert f"/alertes/{alert}" in second.body
        assert "/relais/" not in second.body
    assert deliver(settings, database, at=morning(date(2026, 4, 29))).sent == 1


def test_a_link_that_its_reader_may_no_longer_open_does_not_leave(
    database: Database, settings: Settings, course: Course
) -> None:
    world = course.world
    choose(database, world, opco="daily")
    with database.writing() as session:
        session.add(StepFunder(step_id=course.step, organisation_id=world["opco"]))
    an_alert(database, course, organisation_id=world["opco"])
    digests(settings, database, TUESDAY)
    with database.writing() as session:
        session.delete(session.get_one(StepFunder, (course.step, world["opco"])))
    assert deliver(settings, database, at=morning(TUESDAY)).dropped == 1
    digests(settings, database, date(2026, 4, 29))
    assert len(mails(database)) == 1, "the next one has nothing that may be opened"


def test_the_mail_unsubscribes_in_one_click(database: Database, settings: Settings, course: Course) -> None:
    choose(database, course.world, region="daily")
    an_alert(database, course)
    with running_server() as server:
        mailing = mailing_settings(settings, server.port)
        digests(mailing, database, TUESDAY)
        assert deliver(mailing, database, at=morning(TUESDAY)).sent == 1
    (received,) = server.received
    address = received["List-Unsubscribe"].strip(" <>")
    assert address.startswith("https://c.example/desabonnement/")
    assert received["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert address in received.get_content()
    assert received.get_content_type() == "text/plain"


def test_a_long_address_stays_an_address(database: Database, settings: Settings, course: Course) -> None:
    """Python's mail library encodes a word of more than 78 characters in a header, which no mail program undoes."""
    choose(database, course.world, region="daily")
    an_alert(database, course)
    far = settings.model_copy(update={"public_url": f"https://{'conference-' * 8}des-financeurs.example/outil"})
    digests(far, database, TUESDAY)
    assert deliver(far, database, at=morning(TUESDAY)).sent == 1
    (file,) = (settings.instance / "mails").glob("*.eml")
    lines = file.read_text().splitlines()
    (header,) = [line for line in lines if line.startswith("List-Unsubscribe:")]
    assert header.startswith(f"List-Unsubscribe: <{far.public_url}/desabonnement/")
    assert max(len(line) for line in lines[lines.index("") :]) <= 78


def test_digests_wait_for_the_night_s_detection_until_seven(
    database: Database, settings: Settings, course: Course
) -> None:
    choose(database, course.world, region="daily")
    assert digests(settings, database, TUESDAY, hour=3) == 0
    perform(database, Task(DETECT, TUESDAY.isoformat()), lambda session: "", at=morning(TUESDAY, 3), owner="t")
    assert digests(settings, database, TUESDAY, hour=3) == 1
    assert digests(settings, database, date(2026, 4, 29), hour=6) == 0
    assert digests(settings, database, date(2026, 4, 29), hour=7) == 1


def test_who_left_or_never_came_receives_nothing(database: Database, settings: Settings, course: Course) -> None:
    world = course.world
    choose(database, world, region="daily", opco="daily")
    with database.writing() as session:
        deactivate_account(session, world.actors["region"].account_id or 0, by=CONSOLE, at=AT)
        account = session.get_one(Account, world.actors["opco"].account_id)
        account.password_hash = None
        session.add(account)
    assert digests(settings, database, TUESDAY) == 0


def test_a_great_many_things_are_told_by_the_first_and_their_number(
    database: Database, settings: Settings, course: Course
) -> None:
    choose(database, course.world, region="daily")
    for number in range(MOST + 3):
        an_alert(database, course, f"x{number}", severity="watch", need=Decimal("10.00"))
    urgent = an_alert(database, course, "last", severity="urgent")
    digests(settings, database, TUESDAY)
    told = mails(database)["region"]
    assert told.startswith("24 alertes – Conférence Exemple")
    assert told.count("– Nouvelle") == MOST
    assert told.index(f"/alertes/{urgent}\n") < told.index("/alertes/", told.index(f"/alertes/{urgent}\n") + 5)
    assert "– et 4 autres" in told
    assert deliver(settings, database, at=morning(TUESDAY)).sent == 1
    with database.reading() as session:
        assert session.exec(select(Handoff)).all() == []
        assert session.get_one(ConferenceProfile, 1).name == "Conférence Exemple"
