"""Can a small number of persons be found in what a summary publishes?"""

from datetime import date
from decimal import Decimal

import pytest
from sqlmodel import Session

from conference.data.session import Database
from conference.domain.case import StepKind
from conference.domain.parcours import KeySituation, ParcoursKind
from conference.services.parcours import open_parcours
from conference.services.steps import StepLine, add_step
from conference.services.summaries import MadeSummary, made_summary
from conference.services.summary_counts import published_list
from tests.seeds import AT, World, commit, make_world

MARCH = date(2026, 3, 1)


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ([0, 0], [0, 0]),
        ([25, 40, 65], [25, 40, 65]),
        ([25, 3, 28], [None, None, 28]),
        ([-4, 30, 26], [None, 30, None]),
        ([3, 3], [None, None]),
    ],
)
def test_a_list_tells_no_small_count(counts: list[int], shown: list[int | None]) -> None:
    assert published_list(11, counts) == shown


def persons(made: MadeSummary) -> list[tuple[int | None, int | None]]:
    found = made.summary.by_funder
    told = [*(each.persons for each in found.funders), found.shared.persons, made.summary.key.persons]
    return [(each.now, each.before) for each in told]


def test_no_document_tells_what_another_hides(database: Database) -> None:
    """Few persons of the OPCO: neither its document, nor that of the Région beside the total, tells them."""
    world = make_world(database)
    with database.writing() as session:
        commit(session, world, "region", "1000.00", persons=25)
        commit(session, world, "opco", "1000.00", persons=3)
        commit(session, world, "opco", "1000.00", date(2025, 2, 1), persons=33)
    with database.reading() as session:
        whole = made_summary(session, MARCH, threshold=11)
        assert persons(whole) == [(None, 33), (None, 0), (28, 33), (28, 33)]
        assert persons(made_summary(session, MARCH, threshold=11, scope="region")) == [(None, 0)] * 3
        opco = made_summary(session, MARCH, threshold=11, scope="opco")
        assert persons(opco) == [(None, 33)] * 3
        assert opco.facts()["persons"] == {"year": None, "year_before": 33}
        assert persons(made_summary(session, MARCH, threshold=3))[:3] == [(3, 33), (25, 0), (28, 33)]


def test_what_goes_through_another_funder_is_counted_there(database: Database) -> None:
    world = make_world(database)
    with database.writing() as session:
        commit(session, world, "region", "1000.00", persons=25, to_funder_id=world["opco"])
        commit(session, world, "opco", "1000.00", persons=25)
        commit(session, world, "region", "400.00", persons=40)
    with database.reading() as session:
        assert persons(made_summary(session, MARCH, threshold=11)) == [(25, 0), (40, 0), (65, 0), (65, 0)]
        assert persons(made_summary(session, MARCH, threshold=11, scope="region")) == [(40, 0)] * 3


def follow(session: Session, world: World, people: int, *, who: str = "region") -> None:
    """People whose training has no payer."""
    for _ in range(people):
        actor = world.actors[who]
        parcours = open_parcours(
            session,
            referent_id=world[who],
            kind=ParcoursKind.INSERTION,
            key_situation=KeySituation.OTHER,
            by=actor,
            at=AT,
        )
        line = StepLine(StepKind.TRAINING, "Formation", date(2026, 5, 1), date(2026, 5, 31))
        add_step(session, parcours.id or 0, line, by=actor, at=AT)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_gaps_of_a_few_people_tell_neither_their_days_nor_their_euros(database: Database) -> None:
    world = make_world(database)
    with database.writing() as session:
        follow(session, world, 10)
        follow(session, world, 2, who="opco")
    with database.reading() as session:
        whole = made_summary(session, MARCH, threshold=11)
        few = made_summary(session, MARCH, threshold=11, scope="region")
        none = made_summary(session, MARCH, threshold=11, scope="france_travail")
    assert (whole.summary.gaps.parcours, whole.summary.gaps.days) == (12, 12 * 31)
    assert few.facts()["gaps"] == {"masked": True, "parcours": None, "days": None, "need": None}
    assert (few.summary.gaps.parcours, few.summary.gaps.days, few.summary.gaps.need) == (0, 0, None)
    assert (none.summary.gaps.parcours, none.summary.gaps.days, none.summary.gaps.need) == (0, 0, Decimal(0))
