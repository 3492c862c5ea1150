"""Is each sum of the needs that of its gaps, and is no small one shown or found, whatever the axes and the filters?

Against a brute force over the rows of gaps of generated parcours.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import permutations
from typing import NamedTuple

import pytest
from sqlmodel import Session, col, select

from conference.data.queries.convention_figures import ConventionFigures, convention_figures
from conference.data.queries.gaps import candidates, gaps_behind
from conference.data.queries.handoff_start import handoff_start
from conference.data.queries.needs import needs_by
from conference.data.queries.parcours import reached_among
from conference.data.session import Database
from conference.data.tables import Audience, Gap, Organisation, Parcours, StepFunder, Territory
from conference.domain.french import day_in_france
from conference.domain.needs import NOT_SAID, Need, NeedAxis, NeedFilters, NeedTable, Pair, payer_code
from conference.domain.permissions import CONSOLE, Actor, Role
from conference.domain.refusal import Forbidden
from conference.services.detection import detect
from conference.services.parcours_generation import generate_parcours
from tests.seeds import AT, World, make_world

THRESHOLD = 5


class Row(NamedTuple):
    """A gap with the codes by which it is told."""

    parcours_id: int
    days: int
    amount: Decimal | None
    codes: dict[NeedAxis, str]


@pytest.fixture
def world(database: Database) -> World:
    """A conférence with 500 generated parcours, of which some have gaps."""
    world = make_world(database)
    for _ in generate_parcours(database, parcours=500, seed=3, by=CONSOLE, at=AT):
        pass
    detect(database, day_in_france(AT), AT)
    return world


def gap_rows(session: Session) -> list[Row]:
    territories = {row.id: row.code for row in session.exec(select(Territory))}
    audiences = {row.id: row.code for row in session.exec(select(Audience))}
    return [
        Row(
            gap.parcours_id,
            gap.days,
            gap.amount,
            {
                NeedAxis.MONTH: f"{gap.month:%Y-%m}",
                NeedAxis.TERRITORY: territories.get(gap.territory_id, NOT_SAID),
                NeedAxis.AUDIENCE: audiences.get(gap.audience_id, NOT_SAID),
                NeedAxis.PAYER: payer_code(gap.payer),
                NeedAxis.REASON: gap.reason,
            },
        )
        for gap in session.exec(select(Gap))
    ]


def behind(rows: list[Row], axes: tuple[NeedAxis, NeedAxis], pair: Pair) -> list[Row]:
    asked = [(axis, code) for axis, code in zip(axes, pair, strict=True) if code is not None]
    return [row for row in rows if all(row.codes[axis] == code for axis, code in asked)]


def summed(rows: list[Row]) -> Need:
    return Need(
        sum(row.days for row in rows),
        sum((row.amount for row in rows if row.amount is not None), Decimal(0)),
        sum(row.days for row in rows if row.amount is None),
    )


def selections(rows: list[Row]) -> Iterator[tuple[NeedFilters, list[Row]]]:
    """Some filters, and the rows that they choose."""
    yield NeedFilters(), rows
    first, last = date(2026, 3, 1), date(2026, 6, 1)
    yield NeedFilters(first, last), [row for row in rows if "2026-03" <= row.codes[NeedAxis.MONTH] <= "2026-06"]
    yield NeedFilters(first, first), [row for row in rows if row.codes[NeedAxis.MONTH] == "2026-03"]
    for axis, name in (("territory", "territory"), ("audience", "audience"), ("payer", "payer"), ("reason", "reason")):
        code = rows[0].codes[NeedAxis(axis)]
        yield NeedFilters(**{name: code}), [row for row in rows if row.codes[NeedAxis(axis)] == code]


def places(table: NeedTable) -> list[Pair]:
    rows, columns = [*(each.code for each in table.rows), None], [*(each.code for each in table.columns), None]
    return [(row, column) for row in rows for column in columns]


def test_each_sum_is_that_of_its_gaps(database: Database, world: World) -> None:
    with database.reading() as session:
        rows = gap_rows(session)
        assert len(rows) > 100 and any(row.amount is None for row in rows)
        for filters, chosen in selections(rows):
            for axes in permutations(NeedAxis, 2):
                table = needs_by(session, world.actors["coordinator"], filters, *axes, threshold=THRESHOLD)
                assert not table.hides
                for pair in places(table):
                    assert table.find(*pair) == summed(behind(chosen, axes, pair)), (filters, axes, pair)


@pytest.mark.parametrize("who", ["region", "reader", "published"])
def test_no_small_sum_is_shown_or_follows_from_the_others(database: Database, world: World, who: str) -> None:
    reader = world.actors["coordinator" if who == "published" else who]
    with database.reading() as session:
        rows = gap_rows(session)
        hidden = 0
        for filters, chosen in selections(rows):
            for axes in permutations(NeedAxis, 2):
                table = needs_by(session, reader, filters, *axes, threshold=THRESHOLD, published=who == "published")
                for pair in places(table):
                    inside = behind(chosen, axes, pair)
                    if 0 < len({row.parcours_id for row in inside}) < THRESHOLD:
                        assert pair in table.hidden, (filters, axes, pair)
                    if pair not in table.hidden:
                        assert table.find(*pair) == summed(inside)
                assert not list(determined(table)), (filters, axes)
                hidden += len(table.hidden)
        assert hidden > 100


def determined(table: NeedTable) -> Iterator[Pair]:
    """Hidden sums that follow from the shown ones by adding up: without each of them its row and its column would no longer
    be joined by other hidden sums."""
    for pair in table.hidden:
        joined: dict[str, str] = {}

        def root(line: str, joined: dict[str, str] = joined) -> str:
            while line in joined:
                line = joined[line]
            return line

        for row, column in table.hidden - {pair}:
            one, other = root(f"row {row}"), root(f"column {column}")
            if one != other:
                joined[one] = other
        if root(f"row {pair[0]}") != root(f"column {pair[1]}"):
            yield pair


def known_persons(figures: ConventionFigures) -> list[str]:
    """Rows whose hidden persons follow from the shown ones: none is missing but one in each hidden cell. Where each person
    counts in one cell of the row, as here."""
    found = []
    for row in figures.table.rows:
        hidden = [each.code for each in figures.table.columns if (row.code, each.code) in figures.table.hidden]
        shown = sum(figures.persons_of(row.code, each.code) or 0 for each in figures.table.columns)
        total = figures.persons_of(row.code, None)
        if hidden and total is not None and total - shown == len(hidden):
            found.append(row.code)
    return found


def test_the_oracle_finds_what_is_not_hidden_enough() -> None:
    alone = NeedTable((), (), {}, frozenset({("a", "b")}))
    assert list(determined(alone)) == [("a", "b")]
    whole = NeedTable((), (), {}, frozenset({("a", "b"), ("a", None), (None, "b"), (None, None)}))
    assert not list(determined(whole))


def actor_of_region(session: Session) -> Actor:
    """An officer of the organisation that follows most generated parcours."""
    owners = [row.referent_id for row in session.exec(select(Parcours))]
    mine = max(set(owners), key=owners.count)
    name = session.get_one(Organisation, mine).short_name
    return Actor(1, "Agent", Role.OFFICER, mine, name)


def test_gaps_one_reaches_and_the_others_make_the_sum(database: Database, world: World) -> None:
    with database.reading() as session:
        rows, officer = gap_rows(session), actor_of_region(session)
        reached = reached_among(session, officer, [row.parcours_id for row in rows])
        told = 0
        for filters, chosen in selections(rows):
            mine = [row for row in chosen if row.parcours_id in reached]
            others = [row for row in chosen if row.parcours_id not in reached]
            found = gaps_behind(session, officer, filters, threshold=THRESHOLD, limit=1000)
            assert found.mine == summed(mine) and found.count == len(mine) == len(found.lines)
            assert {line.parcours_id for line in found.lines} <= reached
            if found.others is None:
                assert len({row.parcours_id for row in chosen}) < THRESHOLD
                continue
            told += 1
            assert found.others == summed(others) and found.total == summed(chosen)
            few = 0 < len({row.parcours_id for row in others}) < THRESHOLD
            assert found.other_parcours == (None if few else len({row.parcours_id for row in others}))
            everything = gaps_behind(session, world.actors["coordinator"], filters, threshold=THRESHOLD, limit=1000)
            assert everything.others == Need() and sum(line.days for line in everything.lines) == summed(chosen).days
        assert told


def test_steps_to_hand_over_are_those_that_one_funds(database: Database, world: World) -> None:
    with database.reading() as session:
        officer = actor_of_region(session)
        query = select(Gap).join(StepFunder, col(StepFunder.step_id) == col(Gap.step_id))
        mine = session.exec(query.where(StepFunder.organisation_id == officer.organisation_id)).all()
        found, count = candidates(session, officer, NeedFilters(), limit=1000)
        assert count == len(found) > 0
        assert {each.step_id for each in found} == {gap.step_id for gap in mine}
        assert sum(each.days for each in found) == sum(gap.days for gap in mine)
        assert all(each.first == min(gap.first for gap in mine if gap.step_id == each.step_id) for each in found)
        for each in found[:5]:
            start = handoff_start(session, officer, each.parcours_id, today=each.first, from_id=each.step_id)
            assert start.from_step is not None and start.from_step.id == each.step_id
        with pytest.raises(Forbidden):
            candidates(session, world.actors["coordinator"], NeedFilters())


def test_figures_of_a_convention_count_each_person_once(database: Database, world: World) -> None:
    axes = (NeedAxis.MONTH, NeedAxis.PAYER)
    with database.reading() as session:
        rows = gap_rows(session)
        for filters, chosen in selections(rows):
            figures = convention_figures(session, world.actors["coordinator"], filters, threshold=THRESHOLD)
            masked = convention_figures(session, world.actors["reader"], filters, threshold=THRESHOLD)
            assert figures.selection == masked.selection == filters.text
            assert not list(determined(masked.table)) and not known_persons(masked)
            for pair in places(figures.table):
                persons = len({row.parcours_id for row in behind(chosen, axes, pair)})
                assert figures.persons_of(*pair) == persons
                assert masked.persons_of(*pair) == (None if pair in masked.table.hidden else persons)
                assert not 0 < (masked.persons_of(*pair) or 0) < THRESHOLD
        with pytest.raises(Forbidden):
            convention_figures(session, world.actors["admin"], NeedFilters(), threshold=THRESHOLD)
        with pytest.raises(ValueError, match="crossed with another one"):
            needs_by(session, CONSOLE, NeedFilters(), NeedAxis.MONTH, NeedAxis.MONTH, threshold=THRESHOLD)
