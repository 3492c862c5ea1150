"""Do the pages of a long list hold each row once, in order, whichever way they are turned, and count what they say?"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import pairwise

import pytest
from sqlmodel import Session, col, select

from conference.data.queries import alerts as alerts_module
from conference.data.queries import parcours_reach, turning
from conference.data.queries.alerts import AlertFilters, AlertList, alert_list, all_alerts
from conference.data.queries.parcours_list import ParcoursList, parcours_list
from conference.data.queries.turning import PAGE, Turn
from conference.data.session import Database
from conference.data.tables import Alert, Handoff, Parcours, ParcoursMerge, Step, StepFunder
from conference.domain.permissions import Actor
from conference.services.alerts import settle_by
from tests.seeds import AT, World, make_world

TODAY = date(2026, 4, 20)
MANY = 2 * PAGE + 20
DAYS = (None, TODAY, TODAY + timedelta(days=3))


@pytest.fixture
def world(database: Database) -> World:
    """Parcours of the Région and of the OPCO in turn, each with an alert; many alerts share a day, an age, a severity."""
    made = make_world(database)
    with database.writing() as session:
        for number in range(1, MANY + 1):
            session.add(_parcours(number, made["region" if number % 3 else "opco"]))
        session.flush()
        session.add_all(_alert(number) for number in range(1, MANY + 1))
    return made


def _parcours(number: int, referent_id: int) -> Parcours:
    return Parcours(
        id=number,
        pseudonym=f"P-2026-{number:06d}",
        kind="insertion",
        key_situation="1",
        referent_id=referent_id,
        created_at=AT,
    )


def _alert(number: int) -> Alert:
    due, at = DAYS[number % 3], AT + timedelta(days=number % 4)
    return Alert(
        code="income_gap" if number % 2 else "dead_time",
        parcours_id=number,
        cause="x",
        status=("open", "open", "open", "closed")[number % 4],
        severity=("urgent", "watch", "important", "watch", "urgent")[number % 5],
        due_on=due,
        settle_by=settle_by(due, None),
        days=number,
        opened_at=at,
        changed_at=at,
        closed_at=at if number % 4 == 3 else None,
    )


def walked(
    read: Callable[[Turn], tuple[turning.Page, list[int]]], leaf: turning.Page, ids: list[int]
) -> Iterator[tuple[turning.Page, list[int]]]:
    """The page at hand, then every one that follows it."""
    yield leaf, ids
    while leaf.goes_on:
        leaf, ids = read(Turn(leaf.page + 1, after=leaf.last))
        yield leaf, ids


def told(found: AlertList | ParcoursList) -> tuple[turning.Page, list[int]]:
    return found.page, [line.id for line in found.lines]


@pytest.mark.parametrize("status", ["open", "all"])
@pytest.mark.parametrize("sort", ["due", "severity", "age"])
@pytest.mark.parametrize("who", ["coordinator", "region"])
def test_alerts_are_turned_both_ways(database: Database, world: World, who: str, sort: str, status: str) -> None:
    reader, filters = world.actors[who], AlertFilters(TODAY, status=status, sort=sort)
    with database.reading() as session:
        whole = [line.id for line in all_alerts(session, reader, filters)]

        def read(turn: Turn) -> tuple[turning.Page, list[int]]:
            return told(alert_list(session, reader, filters, turn=turn))

        pages = list(walked(read, *read(Turn())))
        assert [number for _, ids in pages for number in ids] == whole
        assert [leaf.page for leaf, _ in pages] == list(range(1, (pages[0][0].pages or 0) + 1))
        for (_, before), (leaf, _) in pairwise(pages):
            back, ids = read(Turn(leaf.page - 1, before=leaf.first))
            assert (ids, back.goes_on) == (before, True)
        assert [read(Turn(number))[1] for number in range(1, len(pages) + 1)] == [ids for _, ids in pages]


def test_parcours_are_turned_both_ways(database: Database, world: World) -> None:
    with database.reading() as session:

        def read(turn: Turn) -> tuple[turning.Page, list[int]]:
            return told(parcours_list(session, world.actors["coordinator"], on=TODAY, turn=turn))

        pages = list(walked(read, *read(Turn())))
        assert [number for _, ids in pages for number in ids] == list(range(MANY, 0, -1))
        assert read(Turn(2, before=pages[2][0].first))[1] == pages[1][1]
        assert read(Turn(2, after=1))[1] == pages[0][1], "nothing follows the last one: the first page"
        assert read(Turn(99))[0].page == len(pages)


def test_a_row_that_one_does_not_reach_says_nothing_of_its_place(database: Database, world: World) -> None:
    with database.reading() as session:
        reader, filters = world.actors["opco"], AlertFilters(TODAY)
        first = told(alert_list(session, reader, filters))
        foreign = next(
            line.id
            for line in alert_list(session, world.actors["region"], filters).lines
            if line.id not in {mine.id for mine in all_alerts(session, reader, filters)}
        )
        assert told(alert_list(session, reader, filters, turn=Turn(1, after=foreign))) == first


def test_beyond_the_most_rows_are_not_counted(
    database: Database, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    coordinator, filters = world.actors["coordinator"], AlertFilters(TODAY)
    with database.reading() as session:
        counted = alert_list(session, coordinator, filters)
        assert (counted.total, counted.page.is_more) == (90, False)
        assert counted.days == sum(number for number in range(1, MANY + 1) if number % 2 and number % 4 != 3)
        monkeypatch.setattr(turning, "MOST", 70)
        monkeypatch.setattr(alerts_module, "MOST", 70)
        found = alert_list(session, coordinator, filters, turn=Turn(2, after=counted.page.last))
        assert (found.total, found.page.is_more, found.page.pages, found.days) == (70, True, None, 0)
        assert len(found.lines) == 40
        assert parcours_list(session, coordinator, on=TODAY).page.is_more


@pytest.mark.parametrize("who", ["coordinator", "region", "opco", "reader", "admin"])
def test_each_way_to_ask_who_reaches_agrees(
    database: Database, world: World, who: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_to_the_opco(database, world)
    reader = world.actors[who]
    with database.reading() as session:
        listed = _reached(session, reader)
        monkeypatch.setattr(parcours_reach, "FEW", -1)
        assert _reached(session, reader) == listed
        monkeypatch.setattr(parcours_reach, "FEW_HANDED", -1)
        assert _reached(session, reader) == listed
    followed = {number for number in range(1, MANY + 1) if number % 3 == 0}
    told = {"coordinator": set(range(1, MANY + 1)), "region": set(range(1, MANY + 1)) - followed}
    assert listed == (told | {"opco": followed | {1, 5, 8}}).get(who, set())


def open_to_the_opco(database: Database, world: World) -> None:
    """Of the Région's parcours: 1 by a step, 5 by a handoff, 8 by one that was joined to it; not 2, whose step is withdrawn,
    7, whose handoff was refused, and 10, whose joining was."""
    opco, region = world["opco"], world["region"]
    with database.writing() as session:
        for number in (1, 2, 5, 7):
            step = Step(id=number, parcours_id=number, kind="training", title="Formation", first=TODAY, last=TODAY)
            if number == 2:
                step.withdrawn_at, step.withdrawn_motive = AT, "Erreur"
            session.add(step)
        session.flush()
        session.add_all(StepFunder(step_id=number, organisation_id=opco) for number in (1, 2))
        session.add_all(_handoff(number, region, opco, status) for number, status in ((5, "proposed"), (7, "refused")))
        session.add_all(
            ParcoursMerge(
                kept_id=kept, merged_id=kept + 1, asked_by_id=region, answered_by_id=opco, status=status, asked_at=AT
            )
            for kept, status in ((8, "agreed"), (10, "refused"))
        )


def _handoff(number: int, sender_id: int, receiver_id: int, status: str) -> Handoff:
    return Handoff(
        reference=f"R-2026-{number:06d}",
        parcours_id=number,
        sender_id=sender_id,
        receiver_id=receiver_id,
        from_step_id=number,
        first_day=TODAY,
        status=status,
        created_at=AT,
        proposed_at=AT,
    )


def _reached(session: Session, reader: Actor) -> set[int]:
    condition = parcours_reach.listed_parcours(session, reader, col(Parcours.id))
    return {number or 0 for number in session.exec(select(Parcours.id).where(condition))}
