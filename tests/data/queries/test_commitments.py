"""Does the list show each reader what SEMANTICS §4 grants, and do its totals match it to the cent?"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import event
from sqlmodel import Session, col, select

from conference.data.queries import commitments as queries
from conference.data.queries.commitment_filters import Filters
from conference.data.queries.commitment_order import SORTS
from conference.data.queries.commitments import Line, Page, all_commitments, list_commitments
from conference.data.session import Database
from conference.data.tables import Audience, Entry, Level, Organisation, Scheme, Sector
from conference.domain.ledger import CommitmentStatus, EntryKind, EntrySource
from conference.domain.permissions import CONSOLE, LINE_COLUMNS, Relation
from conference.domain.refusal import Forbidden
from conference.services.dimensions import Dimensions
from conference.services.entries import record_entry, reverse_entry
from conference.services.generation import generate
from conference.services.transfers import pair_transfer
from tests.seeds import AT, World, commit, make_world

SECRETS = {
    "object": "SecretObjet",
    "funder_reference": "SecretReference",
    "decision_reference": "SecretDecision",
    "accounting_number": "SecretCompte",
}


def item(session: Session, table: type, position: int = 0) -> int:
    """Identifier of one item of a list, other than « non renseigné »."""
    query = select(table.id).where(table.code != "non_renseigne").order_by(table.id)
    return list(session.exec(query))[position]


@pytest.fixture
def world(database: Database) -> World:
    return make_world(database)


def enter(session: Session, commitment_id: int, world: World, who: str, kind: str, amount: str, on: date) -> int:
    entry = record_entry(
        session,
        commitment_id,
        kind=EntryKind(kind),
        amount=Decimal(amount),
        effective_on=on,
        by=world.actors[who],
        at=AT,
        source=EntrySource.FORM,
    )
    return entry.id or 0


def fill(session: Session, world: World) -> dict[str, int]:
    """Two lines of the Région (one paid in part, one with every secret), one of the OPCO, a transfer between them."""
    scheme, audience = item(session, Scheme), item(session, Audience)
    ids = {
        "first": commit(session, world, "region", "1000.00", date(2026, 1, 15)),
        "secret": commit(
            session,
            world,
            "region",
            "2500.50",
            date(2026, 3, 4),
            provider_id=world["centre"],
            persons=7,
            dimensions=Dimensions(scheme=scheme, level=item(session, Level), sector=item(session, Sector)),
            first=date(2026, 3, 4),
            last=date(2026, 6, 30),
            **SECRETS,
        ),
        "given": commit(session, world, "region", "400.00", date(2026, 2, 2), to_funder_id=world["opco"]),
        "opco": commit(
            session, world, "opco", "300.25", date(2026, 2, 20), dimensions=Dimensions(scheme=scheme, audience=audience)
        ),
        "spent": commit(session, world, "opco", "400.00", date(2026, 2, 25)),
    }
    enter(session, ids["first"], world, "region", "payment", "250.10", date(2026, 2, 10))
    enter(session, ids["opco"], world, "opco", "payment", "300.25", date(2026, 3, 10))
    pair_transfer(session, given_id=ids["given"], spent_id=ids["spent"], by=world.actors["opco"], at=AT)
    return ids


@pytest.fixture
def filled(database: Database, world: World) -> dict[str, int]:
    with database.writing() as session:
        return fill(session, world)


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """Statements sent meanwhile."""
    seen: list[str] = []

    def note(_c: object, _u: object, statement: str, *_: object) -> None:
        seen.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    yield seen
    event.remove(database.engine, "before_cursor_execute", note)


def listed(database: Database, world: World, who: str, filters: Filters | None = None, **options: object) -> Page:
    with database.reading() as session:
        return list_commitments(session, world.actors[who], filters or Filters(), **options)  # type: ignore[arg-type]


def test_totals_match_the_lines_and_transfers_are_told_apart(
    database: Database, world: World, filled: dict[str, int]
) -> None:
    page = listed(database, world, "region")
    assert page.totals.count == len(page.lines) == 5
    assert page.totals.sums.committed == sum(line.committed for line in page.lines) == Decimal("4600.75")
    assert page.totals.sums.paid == sum(line.paid for line in page.lines) == Decimal("550.35")
    assert page.internal.committed == Decimal("400.00")
    assert page.shared_committed == Decimal("4200.75")
    region = listed(database, world, "region", Filters(funders=("region",)))
    assert (region.totals.sums.committed, region.internal.committed) == (Decimal("3900.50"), Decimal("0.00"))


def test_months_show_what_was_booked_in_them(database: Database, world: World, filled: dict[str, int]) -> None:
    march = Filters(first_month=date(2026, 3, 1), last_month=date(2026, 3, 1))
    page = listed(database, world, "region", march)
    assert [(line.committed, line.paid) for line in page.lines] == [
        (Decimal("2500.50"), Decimal("0.00")),
        (Decimal("0.00"), Decimal("300.25")),
    ]
    assert page.totals.sums.committed == Decimal("2500.50")
    assert page.totals.sums.paid == Decimal("300.25")


def test_another_funder_sees_the_masked_columns_only(database: Database, world: World, filled: dict[str, int]) -> None:
    page = listed(database, world, "opco", Filters(funders=("region",)))
    granted = LINE_COLUMNS[Relation.OTHER] | {"is_own"}
    assert len(page.lines) == 3
    for line in page.lines:
        shown = {f.name for f in fields(Line) if getattr(line, f.name) is not None}
        assert shown == granted | {"month", "still_to_pay"}
    assert {line.month for line in page.lines} == {date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)}


HIDDEN_FILTERS = (
    *(Filters(q=word) for word in (*SECRETS.values(), "E-2026", "Bâtiment")),
    Filters(provider="centre"),
    Filters(status=CommitmentStatus.AWAITING),
    Filters(status=CommitmentStatus.CANCELLED),
)


@pytest.mark.parametrize("who", ["opco", "coordinator", "admin", "france_travail"])
def test_hidden_columns_select_no_line_of_another_funder(
    database: Database, world: World, filled: dict[str, int], who: str
) -> None:
    for filters in HIDDEN_FILTERS:
        page = listed(database, world, who, filters)
        assert [line.funder for line in page.lines if not line.is_own] == []
        assert (page.hidden.count, page.hidden.sums.committed) == (0, Decimal("0.00"))
    assert listed(database, world, "region", Filters(q="SecretObjet")).totals.count == 1


def test_hidden_columns_do_not_order_the_lines_of_another_funder(database: Database, world: World) -> None:
    """Lines alike in what is shown keep one order, whatever their objects are."""
    with database.writing() as session:
        for name in ("bbb", "aaa", "ccc"):
            commit(session, world, "region", "100.00", object=name, funder_reference=name)
    with database.reading() as session:
        reader = world.actors["opco"]
        for sort in SORTS:
            if sort in LINE_COLUMNS[Relation.OTHER] or sort == "date":
                continue
            up = list(all_commitments(session, reader, Filters(), sort=sort))
            down = list(all_commitments(session, reader, Filters(), sort=f"-{sort}"))
            assert up == down


def test_level_and_sector_say_how_many_others_there_are(
    database: Database, world: World, filled: dict[str, int]
) -> None:
    with database.reading() as session:
        level = session.exec(select(Level.code).where(Level.id == item(session, Level))).one()
    filters = Filters(items={"level": (level,)})
    mine = listed(database, world, "region", filters)
    assert (mine.totals.count, mine.hidden.count) == (1, 0)
    other = listed(database, world, "opco", filters)
    assert (other.lines, other.totals.count) == ((), 0)
    assert (other.hidden.count, other.hidden.sums.committed) == (1, Decimal("2500.50"))
    assert other.shared_committed == mine.shared_committed == Decimal("2500.50")


def test_pages_hold_each_line_once_in_every_order(database: Database, world: World, filled: dict[str, int]) -> None:
    reader = world.actors["region"]
    with database.reading() as session:
        for sort in [*SORTS, *(f"-{key}" for key in SORTS)]:
            pages = [list_commitments(session, reader, Filters(), sort=sort, page=n, size=2) for n in (1, 2, 3)]
            lines = [line for page in pages for line in page.lines]
            assert lines == list(all_commitments(session, reader, Filters(), sort=sort))
            assert len(lines) == 5


def test_orders(database: Database, world: World, filled: dict[str, int]) -> None:
    own = Filters(funders=("region",))
    by_amount = listed(database, world, "region", own, sort="committed")
    assert [line.committed for line in by_amount.lines] == [Decimal("400.00"), Decimal("1000.00"), Decimal("2500.50")]
    by_date = listed(database, world, "region", own, sort="-date")
    assert [line.decided_on for line in by_date.lines] == [date(2026, 3, 4), date(2026, 2, 2), date(2026, 1, 15)]


def test_states(database: Database, world: World, filled: dict[str, int]) -> None:
    with database.writing() as session:
        commitment = session.get_one(Organisation, world["region"])
        commitment.confirmation_threshold = Decimal("5000.00")
        session.add(commitment)
    with database.writing() as session:
        commit(session, world, "region", "9000.00")
        enter(session, filled["first"], world, "region", "release", "749.90", date(2026, 4, 1))
    by_status = {
        status: [str(line.committed) for line in listed(database, world, "region", Filters(status=status)).lines]
        for status in CommitmentStatus
    }
    assert by_status == {
        CommitmentStatus.AWAITING: ["0.00"],
        CommitmentStatus.ACTIVE: ["2500.50", "400.00", "400.00"],
        CommitmentStatus.PAID: ["300.25", "250.10"],
        CommitmentStatus.RELEASED: [],
        CommitmentStatus.CANCELLED: [],
    }
    assert listed(database, world, "opco").totals.count == 5, "a prévision of another funder is no line"


def test_a_cancelled_line_stays_for_its_funder_alone(database: Database, world: World) -> None:
    with database.writing() as session:
        commitment_id = commit(session, world, "region", "12500.00")
        reverse_entry(session, _first_entry(session, commitment_id), motive="saisie", by=world.actors["region"], at=AT)
    assert [line.status for line in listed(database, world, "region").lines] == [CommitmentStatus.CANCELLED]
    assert listed(database, world, "opco").lines == ()


def _first_entry(session: Session, commitment_id: int) -> int:
    return session.exec(select(Entry.id).where(Entry.commitment_id == commitment_id)).first() or 0


def test_a_reader_sees_no_line(database: Database, world: World, filled: dict[str, int]) -> None:
    with pytest.raises(Forbidden):
        listed(database, world, "reader")
    with database.reading() as session, pytest.raises(Forbidden):
        list(all_commitments(session, world.actors["reader"], Filters()))


def test_number_of_queries_does_not_grow(database: Database, world: World) -> None:
    counts = []
    for more in (1, 2):
        with database.writing() as session:
            for number in range(more):
                commit(session, world, "region", f"{100 + number}.00")
        with counted(database) as seen:
            listed(database, world, "region", sort="scheme")
        counts.append(len(seen))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("who", ["region", "coordinator"])
def test_quick_counts_sums_and_pages_are_those_of_going_through_every_line(
    database: Database, monkeypatch: pytest.MonkeyPatch, who: str
) -> None:
    """The oracle is the way that other filters take: each line summed, all of them sorted."""
    world = make_world(database)
    with database.writing() as session:
        for amount in ("10.00", "11.00"):  # lines that say nothing to others: annulled, and awaiting
            line = commit(session, world, "opco", amount)
            first = session.exec(select(Entry.id).where(Entry.commitment_id == line)).one() or 0
            reverse_entry(session, first, motive="Saisi pour essai", by=world.actors["opco"], at=AT)
        commit(session, world, "opco", "12.00", forecast=True)
        commit(session, world, "region", "13.00", forecast=True)
    list(generate(database, entries=900, seed=21, by=CONSOLE, at=AT))
    reader = world.actors[who]
    with database.reading() as session:
        schemes = tuple(session.exec(select(Scheme.code).order_by(col(Scheme.id)).limit(9)))
        levels = tuple(session.exec(select(Level.code).order_by(col(Level.id)).limit(5)))
        cases = [
            Filters(),
            Filters(funders=("region",)),
            Filters(funders=("region", "opco_sante", "opco")),
            Filters(items={"scheme": schemes}),
            Filters(funders=("etat",), items={"scheme": schemes, "level": levels}),
            Filters(items={"level": levels}),
            Filters(funders=("opco",)),
        ]
        for filters in cases:
            for sort in ("-date", "date"):
                quick = [
                    list_commitments(session, reader, filters, sort=sort, page=page, size=20) for page in (1, 2, 5)
                ]
                with monkeypatch.context() as patch:
                    patch.setattr(queries, "is_plain", lambda _: False)
                    slow = [
                        list_commitments(session, reader, filters, sort=sort, page=page, size=20) for page in (1, 2, 5)
                    ]
                for one, other in zip(quick, slow, strict=True):
                    assert (one.lines, one.page, one.pages) == (other.lines, other.page, other.pages), (filters, sort)
                    assert (one.totals.count, one.hidden.count) == (other.totals.count, other.hidden.count), filters
                    for part in ("committed", "paid", "still_to_pay"):
                        assert getattr(one.totals.sums, part) == getattr(other.totals.sums, part), filters
                        assert getattr(one.hidden.sums, part) == getattr(other.hidden.sums, part), filters
                        assert getattr(one.internal, part) == getattr(other.internal, part), filters
