"""Does the list of parcours say where each person is, what comes next, and only to those who reach them?"""

from dataclasses import replace
from datetime import date

import pytest

from conference.data.queries.parcours_list import ParcoursLine, Progress, parcours_list
from conference.data.session import Database
from conference.domain.case import StepKind
from conference.domain.parcours import KeySituation, ParcoursKind
from conference.services.parcours import Situation, open_parcours
from conference.services.steps import StepLine, add_step
from tests.seeds import AT, World, make_world

FIRST = StepLine(StepKind.TRAINING, "Permis C", date(2026, 2, 1), date(2026, 4, 30))
SECOND = StepLine(StepKind.WORK_STUDY, "Alternance", date(2026, 6, 1), date(2026, 12, 31), needs_income=False)


@pytest.fixture
def world(database: Database) -> World:
    """Two parcours of the Région (one with a file number), one of the OPCO."""
    made = make_world(database)
    with database.writing() as session:
        for who, steps in (("region", (FIRST, SECOND)), ("opco", (SECOND,)), ("region", (replace(FIRST),))):
            parcours = open_parcours(
                session,
                referent_id=made[who],
                kind=ParcoursKind.INSERTION,
                key_situation=KeySituation.FIRST_JOB,
                target=f"Conducteur {who}",
                situation=Situation(own_reference="D_12" if len(steps) == 1 else None),
                by=made.actors[who],
                at=AT,
            )
            for step in steps:
                add_step(session, parcours.id or 0, step, by=made.actors[who], at=AT)
    return made


def listed(
    database: Database, world: World, who: str, on: date, q: str = "", progress: Progress = Progress.ALL
) -> list[ParcoursLine]:
    with database.reading() as session:
        return list(parcours_list(session, world.actors[who], on=on, q=q, progress=progress).lines)


def test_line_says_where_the_person_is_and_what_comes_next(database: Database, world: World) -> None:
    [line] = listed(database, world, "region", date(2026, 4, 20), q="P-2026-000001")
    assert (line.now, line.then, line.then_on) == ("Permis C", "Alternance", date(2026, 6, 1))
    assert (line.first, line.last, line.gap_days) == (date(2026, 2, 1), date(2026, 12, 31), 89)
    [between] = listed(database, world, "region", date(2026, 5, 10), q="P-2026-000001")
    assert (between.now, between.then) == ("", "Alternance")


@pytest.mark.parametrize(
    ("on", "progress", "found"),
    [
        (date(2026, 1, 1), Progress.COMING, [3, 2, 1]),
        (date(2026, 4, 20), Progress.CURRENT, [3, 1]),
        (date(2026, 5, 10), Progress.CURRENT, [1]),
        (date(2026, 5, 10), Progress.OVER, [3]),
        (date(2026, 5, 10), Progress.COMING, [2]),
        (date(2027, 1, 1), Progress.OVER, [3, 2, 1]),
    ],
)
def test_progress_filters_by_the_day(
    database: Database, world: World, on: date, progress: Progress, found: list[int]
) -> None:
    assert [line.id for line in listed(database, world, "coordinator", on, progress=progress)] == found


def test_only_those_who_reach_a_parcours_find_it(database: Database, world: World) -> None:
    today = date(2026, 4, 20)
    assert [line.id for line in listed(database, world, "region", today)] == [3, 1]
    assert [line.id for line in listed(database, world, "opco", today)] == [2]
    assert listed(database, world, "opco", today, q="region") == []
    assert [line.id for line in listed(database, world, "region", today, q="d_12")] == [3]
    assert listed(database, world, "region", today, q="dx12") == [], "an underscore is itself"
