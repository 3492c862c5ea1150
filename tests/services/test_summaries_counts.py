"""Can a small number of persons be found in what a summary publishes?"""

from datetime import date
from decimal import Decimal

import pytest
from sqlmodel import Session

from conference.data.session import Database
from conference.domain.parcours import KeySituation, ParcoursKind
from conference.domain.rights import StepKind
from conference.services.parcours import StepLine, add_step, open_parcours
from conference.services.summaries import MadeSummary, made_summary
from conference.services.summary_counts import published_list, published_within
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
    assert published_list(counts, 11) == shown


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ((0, 0, 0), (0, 0, 0)),
        ((20, 20, 20), (20, 20, 20)),
        ((5, 20, 400), (None, 20, 400)),
        ((15, 20, 400), (None, 20, 400)),
        ((20, 40, 45), (20, 40, None)),
        ((-3, 20, 40), (None, 20, 40)),
    ],
)
def test_a_period_does_not_tell_what_another_hides(counts: tuple[int, int, int], shown: tuple[int | None, ...]) -> None:
    assert published_within(11, *counts) == shown


def persons(made: MadeSummary) -> list[int | None]:
    found = made.summary.by_funder
    return [*(each.persons for each in found.funders), found.shared.persons, made.summary.key.persons_of_year.now]


def test_key_figures_do_not_tell_what_the_table_by_funder_hides(database: Database) -> None:
    world = make_world(database)
    with database.writing() as session:
        commit(session, world, "region", "1000.00", persons=25)
        commit(session, world, "opco", "1000.00", persons=3)
    with database.reading() as session:
        assert persons(made_summary(session, MARCH, threshold=11)) == [None, None, 28, 28]
        assert persons(made_summary(session, MARCH, threshold=3)) == [3, 25, 28, 28]
        alone = made_summary(session, MARCH, threshold=11, scope="opco")
        assert persons(alone) == [None, None, None]
        assert alone.facts()["persons"] == {"month": None, "year": None, "all_time": None}


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
