"""Do the dashboard's figures hold together, and stay as cheap with many entries as with few?"""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import event

from conference.data.queries.dashboard import dashboard
from conference.data.queries.totals import totals
from conference.data.session import Database
from conference.domain.ledger import EntrySource
from conference.domain.permissions import CONSOLE
from conference.domain.refusal import NotFound
from conference.services.entries import record_payment
from conference.services.organisations import set_budget
from tests.seeds import AT, World, commit, make_world

MARCH = date(2026, 3, 1)


@pytest.fixture
def world(database: Database) -> World:
    """Région gives 1,000.00 to the OPCO, which spends it; France Travail committed 500.00 a year before."""
    made = make_world(database)
    with database.writing() as session:
        commit(session, made, "region", "1000.00", to_funder_id=made["opco"])
        spent = commit(session, made, "opco", "1000.00")
        commit(session, made, "france_travail", "500.00", date(2025, 11, 3))
        opco, paid_on = made.actors["opco"], date(2026, 4, 2)
        record_payment(
            session, spent, amount=Decimal("400.00"), paid_on=paid_on, by=opco, at=AT, source=EntrySource.FORM
        )
    return made


def test_transfer_is_counted_on_both_sides_and_taken_out_once(database: Database, world: World) -> None:
    with database.reading() as session:
        figures = dashboard(session, world.actors["reader"], year=2026)
    assert [(row.code, row.gross.committed) for row in figures.funders] == [
        ("opco", Decimal("1000.00")),
        ("region", Decimal("1000.00")),
    ]
    assert figures.sum_of_funders.committed == Decimal("2000.00")
    assert figures.internal_transfers.committed == Decimal("1000.00")
    assert figures.shared_total.committed == Decimal("1000.00")
    assert [(row.first, row.shared.committed, row.shared.paid) for row in figures.months] == [
        (MARCH, Decimal("1000.00"), Decimal("0.00")),
        (date(2026, 4, 1), Decimal("0.00"), Decimal("400.00")),
    ]


def test_one_funder_alone_has_no_internal_transfer(database: Database, world: World) -> None:
    with database.reading() as session:
        figures = dashboard(session, world.actors["opco"], year=2026, funder="region")
    assert (figures.shared_total.committed, figures.internal_transfers.committed) == (Decimal("1000.00"), Decimal(0))


def test_every_year_is_told_when_none_is_asked(database: Database, world: World) -> None:
    with database.reading() as session:
        figures = dashboard(session, world.actors["admin"])
        by_command = totals(session, ("funder",))
    assert [(row.first.year, row.shared.committed) for row in figures.years] == [
        (2025, Decimal("500.00")),
        (2026, Decimal("1000.00")),
    ]
    assert figures.shared_total == by_command.shared_total
    assert (figures.present, figures.expected, figures.known_years) == (3, 3, (2025, 2026))


def test_funder_without_an_entry_is_missing_from_the_count(database: Database, world: World) -> None:
    with database.reading() as session:
        figures = dashboard(session, world.actors["reader"], year=2025)
    assert (figures.present, figures.expected) == (1, 3)


def test_budget_stands_beside_its_year_only(database: Database, world: World) -> None:
    with database.writing() as session:
        set_budget(session, world["region"], year=2026, amount=Decimal("9000.00"), by=CONSOLE, at=AT)
    with database.reading() as session:
        asked = dashboard(session, world.actors["reader"], year=2026)
        before = dashboard(session, world.actors["reader"], year=2025)
    assert {row.code: row.budget for row in asked.funders} == {"region": Decimal("9000.00"), "opco": None}
    assert [row.budget for row in before.funders] == [None]


def test_only_those_who_see_lines_get_them_opened(database: Database, world: World) -> None:
    with database.reading() as session:
        opened = {who: dashboard(session, actor).opens_lines for who, actor in world.actors.items()}
    assert opened == {who: who != "reader" for who in world.actors}


def test_unknown_funder_is_not_found(database: Database, world: World) -> None:
    with database.reading() as session, pytest.raises(NotFound):
        dashboard(session, world.actors["reader"], funder="centre")


def test_same_number_of_queries_at_few_and_many_entries(database: Database, world: World) -> None:
    def counted() -> int:
        seen: list[str] = []
        listener = lambda *arguments: seen.append(arguments[2])  # noqa: E731
        event.listen(database.engine, "before_cursor_execute", listener)
        with database.reading() as session:
            dashboard(session, world.actors["reader"], year=2026)
        event.remove(database.engine, "before_cursor_execute", listener)
        return len(seen)

    few = counted()
    with database.writing() as session:
        for month in range(1, 13):
            commit(session, world, "region", "10.00", date(2026, month, 5))
            commit(session, world, "france_travail", "10.00", date(2026, month, 5))
    assert counted() == few
