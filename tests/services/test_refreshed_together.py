"""Are parcours that one transaction changes many times asked once, or left to the next detection where they are too many?"""

from datetime import date
from decimal import Decimal

import pytest
from sqlmodel import Session, col, select

from conference.data.session import Database
from conference.data.tables import Alert, CoverageVersion, Step
from conference.domain.case import StepKind
from conference.domain.french import day_in_france
from conference.domain.parcours import KeySituation, ParcoursKind
from conference.domain.rights import RightKind
from conference.services.detection import detect, stale_parcours
from conference.services.income_rights import RightLine, record_right
from conference.services.parcours import open_parcours
from conference.services.parcours_changes import refresh_together, refreshed_later
from conference.services.refreshing import asking
from conference.services.steps import StepLine, add_step, move_step
from tests.seeds import AT, World, make_world

COURSE = StepLine(StepKind.TRAINING, "Maçon", date(2026, 1, 5), date(2026, 6, 30), shortage_occupation=False)


@pytest.fixture
def world(database: Database) -> World:
    """Two persons of the Région, each 47 days without income."""
    made = make_world(database)
    by = made.actors["region"]
    with database.writing() as session:
        for _ in range(2):
            opened = open_parcours(
                session,
                referent_id=made["region"],
                kind=ParcoursKind.MOBILITE_SUBIE,
                key_situation=KeySituation.BREAKS,
                by=by,
                at=AT,
            )
            add_step(session, opened.id or 0, COURSE, by=by, at=AT)
            days = (date(2026, 1, 5), date(2026, 5, 14))
            line = RightLine(RightKind.AREF, made["france_travail"], *days, Decimal("31.00"))
            record_right(session, opened.id or 0, line, by=by, at=AT)
    return made


def gaps(session: Session) -> list[int]:
    query = select(Alert.days).where(Alert.code == "income_gap").order_by(col(Alert.parcours_id))
    return list(session.exec(query))


@pytest.mark.parametrize("most", [2, 1])
def test_changes_are_asked_once_or_left_to_detection(database: Database, world: World, most: int) -> None:
    on = day_in_france(AT)
    with database.writing() as session:
        versions = len(session.exec(select(CoverageVersion.id)).all())
        with refreshed_later(session) as changed:
            for last in (date(2026, 7, 10), date(2026, 7, 31)):
                for step in session.exec(select(Step).order_by(col(Step.id))).all():
                    days = {"first": step.first, "last": last, "version": step.version}
                    move_step(session, step.id or 0, **days, by=world.actors["region"], at=AT)  # type: ignore[arg-type]
            assert changed == {1, 2}
            assert gaps(session) == [47, 47]
        refresh_together(session, changed, at=AT, most=most)
    with database.reading() as session:
        assert gaps(session) == ([78, 78] if most == 2 else [47, 47])
        assert list(stale_parcours(session, asking(session, on))) == ([] if most == 2 else [1, 2])
    assert detect(database, on, AT).changed == (0 if most == 2 else 2)
    with database.reading() as session:
        assert gaps(session) == [78, 78]
        assert len(session.exec(select(CoverageVersion.id)).all()) == versions + 2
    with database.writing() as session:  # once out of it, a change is asked at once again
        step = session.get_one(Step, 1)
        move_step(
            session, 1, first=step.first, last=COURSE.last, version=step.version, by=world.actors["region"], at=AT
        )
        assert gaps(session) == [47, 78]
