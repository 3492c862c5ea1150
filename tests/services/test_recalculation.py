"""Does « Recalculer maintenant » do at once what the night would, once, and leave to the night what would take long?"""

from datetime import timedelta

import pytest
from sqlmodel import select

from conference.data.queries.runs import last_detection
from conference.data.session import Database
from conference.data.tables import Alert, JournalEntry, Run
from conference.domain.permissions import CONSOLE
from conference.domain.refusal import Forbidden
from conference.services.recalculation import Report, recalculate
from conference.services.thresholds import set_threshold
from tests.seeds import AT, World, make_world
from tests.services.test_detection import founding_case

LATER = AT + timedelta(hours=1)
"""The same day: nothing but the thresholds has changed."""


@pytest.fixture
def world(database: Database) -> World:
    """One parcours of the Région, paid 31.00 a day until its right ends before its course."""
    made = make_world(database)
    with database.writing() as session:
        founding_case(session, made)
    return made


def choose(database: Database, world: World) -> None:
    """The conférence finds an income low below 1 000 euros a month."""
    with database.writing() as session:
        set_threshold(session, "income_floor", 1000, by=world.actors["coordinator"], at=LATER)


def open_alerts(database: Database) -> set[str]:
    with database.reading() as session:
        return {alert.code for alert in session.exec(select(Alert).where(Alert.status == "open"))}


def test_what_a_threshold_changes_is_asked_again_at_once(database: Database, world: World) -> None:
    coordinator = world.actors["coordinator"]
    choose(database, world)
    assert open_alerts(database) == {"income_gap"}
    report = recalculate(database, by=coordinator, at=LATER, owner="test")
    assert report.said is not None
    assert report.said.startswith("1 parcours examiné, 0 réponse changée. Alertes : 1 ouverte")
    assert open_alerts(database) == {"income_gap", "income_low"}
    with database.reading() as session:
        last = last_detection(session, coordinator)
        assert last is not None
        assert (last.ended_at, last.report) == (LATER, report.said)
        entry = session.exec(select(JournalEntry).where(JournalEntry.verb == "detect")).one()
        assert entry.actor_id == coordinator.account_id


def test_one_run_a_second_and_nothing_twice(database: Database, world: World) -> None:
    coordinator = world.actors["coordinator"]
    first = recalculate(database, by=coordinator, at=LATER, owner="a")
    assert first.said is not None
    assert first.said.startswith("0 parcours examiné")
    assert recalculate(database, by=coordinator, at=LATER, owner="b") == Report(None, is_held=True)
    with database.reading() as session:
        assert [run.status for run in session.exec(select(Run).where(Run.kind == "recalculate"))] == ["done"]


def test_many_wait_for_the_night(database: Database, world: World) -> None:
    coordinator = world.actors["coordinator"]
    choose(database, world)
    assert recalculate(database, by=coordinator, at=LATER, owner="test", most=0) == Report(None)
    assert open_alerts(database) == {"income_gap"}
    with database.reading() as session:
        assert session.exec(select(Run)).all() == []
        assert last_detection(session, coordinator) is None


@pytest.mark.parametrize("who", ["region", "opco", "reader"])
def test_only_who_chooses_the_thresholds_may_ask(database: Database, world: World, who: str) -> None:
    with pytest.raises(Forbidden):
        recalculate(database, by=world.actors[who], at=LATER, owner="test")
    with database.reading() as session, pytest.raises(Forbidden):
        last_detection(session, world.actors[who])
    recalculate(database, by=CONSOLE, at=LATER, owner="test")
