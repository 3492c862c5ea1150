"""Are the parties told once of what happens to their convention, and of its end in time?"""

from datetime import date, timedelta

import pytest
from sqlmodel import Session, col, select

from conference.data.session import Database
from conference.data.tables import Account, Convention, OutboxMessage
from conference.jobs import run_jobs
from conference.services.convention_notices import announce_conventions, remind_conventions
from conference.settings import Settings
from tests.seeds import AT, make_world
from tests.services.drafted_conventions import completed, drafted, signed, to_sign


def told(session: Session) -> list[tuple[str, str]]:
    """(login, subject) of the messages about conventions, in order."""
    query = (
        select(Account.email, OutboxMessage.subject)
        .join(OutboxMessage, col(OutboxMessage.account_id) == col(Account.id))
        .where(OutboxMessage.kind == "convention")
        .order_by(col(OutboxMessage.id))
    )
    return [(email.partition("@")[0], subject) for email, subject in session.exec(query)]


def test_each_event_is_told_once_and_to_those_whom_it_concerns(database: Database, settings: Settings) -> None:
    world = make_world(database)
    with database.writing() as session:
        version = drafted(session, world)
        completed(session, world, version)
        to_sign(session, world, settings.instance, version)
    later = AT + timedelta(minutes=5)
    assert announce_conventions(settings, database, at=later) > 0
    assert announce_conventions(settings, database, at=later) == 0
    with database.reading() as session:
        people = told(session)
    signatories = {name for name, subject in people if "mis à la signature" in subject}
    assert signatories == {"region", "region_signatory", "opco", "opco_signatory"}
    assert {name for name, _ in people}.isdisjoint({"france_travail", "reader", "admin"})


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_the_end_is_told_ninety_thirty_and_seven_days_before(database: Database, settings: Settings) -> None:
    world = make_world(database)
    with database.writing() as session:
        version = drafted(session, world)
        completed(session, world, version)
        signed(session, world, to_sign(session, world, settings.instance, version))
    last, counts = date(2026, 12, 31), []
    for left in (91, 90, 60, 31, 29, 8, 7, 0):
        with database.writing() as session:
            counts.append(remind_conventions(settings, session, on=last - timedelta(days=left), at=AT))
    assert [count > 0 for count in counts] == [False, True, False, False, True, False, True, False]


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_convention_begins_at_night_by_itself(database: Database, settings: Settings) -> None:
    world = make_world(database)
    with database.writing() as session:
        version = drafted(session, world)
        completed(session, world, version)
        version.first = date(2026, 5, 1)
        signed(session, world, to_sign(session, world, settings.instance, version))
        number = version.convention_id
    run_jobs(settings, database, AT.replace(month=5, day=1, hour=4))
    with database.reading() as session:
        assert session.get_one(Convention, number).status == "active"
