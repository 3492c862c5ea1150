"""Do the cells say what `totals` says, by any axis and under any filter, and what the entries themselves add up to?"""

from datetime import date
from decimal import Decimal
from itertools import combinations

import pytest
from sqlmodel import Session, col, select

from conference.data.queries.cells import Group, comparison, read_cells
from conference.data.queries.commitment_filters import Filters
from conference.data.queries.commitment_order import sort_key
from conference.data.queries.totals import Selection, TotalRow, totals
from conference.data.session import Database
from conference.data.tables import REFERENCE_TABLES, Commitment, Entry, Organisation, Scheme
from conference.domain.figures import LIST_AXES, NO_SUMS, Axis
from conference.domain.ledger import Balance, EntryKind, EntrySource
from conference.domain.permissions import CONSOLE
from conference.services.entries import record_entry, reverse_entry
from conference.services.generation import generate
from conference.services.verification import verify
from conference.settings import Settings
from tests.seeds import AT, commit, make_world

YEAR = Filters(first_month=date(2025, 1, 1), last_month=date(2025, 12, 1))


@pytest.fixture
def flows(database: Database) -> Database:
    """Two thousand generated entries: transfers, annulations, dégagements and reversements among them."""
    make_world(database)
    list(generate(database, entries=2_000, seed=11, by=CONSOLE, at=AT))
    return database


def _told(group: Group) -> tuple[object, ...]:
    return (group.key, *((s.committed, s.ordered, s.paid) for s in (group.gross, group.internal)))


def _expected(row: TotalRow) -> tuple[object, ...]:
    key = tuple(f"{each:%Y-%m}" if isinstance(each, date) else str(each) for each in row.key)
    return (key, *((b.committed, b.order, b.paid) for b in (row.gross, row.internal)))


def _selection(session: Session, filters: Filters) -> Selection:
    funders = select(Organisation.id).where(col(Organisation.code).in_(filters.funders))
    items = {}
    for name, codes in filters.items.items():
        table = REFERENCE_TABLES[name]
        items[name] = frozenset(i or 0 for i in session.exec(select(table.id).where(col(table.code).in_(codes))))
    chosen = frozenset(each or 0 for each in session.exec(funders)) if filters.funders else None
    return Selection(chosen, filters.first_month, filters.last_month, items)


def test_every_axis_and_pair_of_axes_says_what_totals_says(flows: Database) -> None:
    with flows.reading() as session:
        schemes = session.exec(select(Scheme.code).order_by(col(Scheme.id)).limit(6)).all()
        cases = [
            Filters(),
            YEAR,
            Filters(funders=("region", "opco_construction", "opco_sante")),
            Filters(items={"scheme": tuple(schemes)}, first_month=date(2024, 3, 1)),
            Filters(funders=("region",), items={"scheme": tuple(schemes)}, last_month=date(2024, 9, 1)),
        ]
        pairs = [(), *((axis,) for axis in Axis), *combinations((Axis.YEAR, Axis.FUNDER, *LIST_AXES[:3]), 2)]
        for filters in cases:
            cells = read_cells(session, filters, axes=tuple(Axis))
            selection = _selection(session, filters)
            for axes in pairs:
                wanted = totals(session, [axis.value for axis in axes], selection)
                groups = cells.by(*axes)
                rows = [row for row in wanted.rows if axes or row.gross != Balance()]
                assert sorted(map(_told, groups)) == sorted(map(_expected, rows)), (filters, axes)
                assert sum((group.shared for group in groups), NO_SUMS) == cells.total().shared
            coarse = read_cells(session, filters, axes=())
            assert coarse.total() == cells.total()
        assert any(group.internal.committed for group in read_cells(session, YEAR, axes=()).by())


def test_decisions_and_persons_are_those_whose_first_engagement_stands(flows: Database, settings: Settings) -> None:
    with flows.reading() as session:
        entries = session.exec(select(Entry).order_by(col(Entry.id))).all()
        persons = {row.id: row.persons or 0 for row in session.exec(select(Commitment))}
        first: dict[int, int] = {}
        for entry in entries:
            if entry.kind == EntryKind.COMMITMENT and entry.reverses_id is None:
                first.setdefault(entry.commitment_id, entry.id or 0)
        annulled = {entry.reverses_id for entry in entries}
        standing = [each for each, entry_id in first.items() if entry_id not in annulled]
        total = read_cells(session, Filters(), axes=()).total().gross
        assert (total.lines, total.persons) == (len(standing), sum(persons[each] for each in standing))
        assert total.entries == len(entries)
        assert verify(session, instance=settings.instance).first_fault is None


def test_annulled_decision_counts_no_more_and_an_increase_counts_once(database: Database) -> None:
    world = make_world(database)
    actor = world.actors["region"]
    with database.writing() as session:
        line = commit(session, world, "region", "100.00", persons=7)
        more = record_entry(
            session,
            line,
            kind=EntryKind.COMMITMENT,
            amount=Decimal("50.00"),
            effective_on=date(2026, 4, 2),
            by=actor,
            at=AT,
            source=EntrySource.FORM,
        )
    with database.reading() as session:
        total = read_cells(session, Filters(), axes=()).total().gross
        first = session.exec(select(Entry.id).order_by(col(Entry.id))).first() or 0
    assert (total.committed, total.lines, total.persons) == (Decimal("150.00"), 1, 7)
    with database.writing() as session:
        reverse_entry(session, more.id or 0, motive="Saisi deux fois", by=actor, at=AT)
        reverse_entry(session, first, motive="Saisi pour essai", by=actor, at=AT)
    with database.reading() as session:
        total = read_cells(session, Filters(), axes=()).total().gross
    assert (total.committed, total.lines, total.persons, total.entries) == (0, 0, 0, 4)


def test_labels_and_order_are_those_of_the_lists(flows: Database) -> None:
    with flows.reading() as session:
        cells = read_cells(session, YEAR, axes=tuple(Axis))
        labels = [cells.label(Axis.FUNDER, group.key[0]) for group in cells.by(Axis.FUNDER)]
        assert labels == sorted(labels, key=sort_key)
        assert labels.index("Agefiph") < labels.index("État") < labels.index("Région Exemple")
        assert [group.key[0] for group in cells.by(Axis.MONTH)] == [f"2025-{month:02d}" for month in range(1, 13)]
        assert cells.label(Axis.MONTH, "2025-03") == "mars\u00a02025"
        codes = [group.key[0] for group in cells.by(Axis.SCHEME)]
        table = session.exec(select(Scheme.code).order_by(col(Scheme.position), col(Scheme.code))).all()
        assert codes == [code for code in table if code in codes]


def test_axis_that_was_not_read_is_refused(flows: Database) -> None:
    with flows.reading() as session, pytest.raises(ValueError, match="month was not read"):
        read_cells(session, Filters(), axes=(Axis.FUNDER,)).by(Axis.MONTH)


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("2026-01-01", "2026-12-01", ("2025-01-01", "2025-04-01")),
        ("2025-01-01", "2025-12-01", ("2024-01-01", "2024-12-01")),
        ("2026-06-01", "2026-12-01", ("2025-06-01", "2025-12-01")),
        ("2026-03-01", "2026-03-01", ("2025-03-01", "2025-03-01")),
    ],
)
def test_comparison_is_with_the_same_months_a_year_before(first: str, last: str, expected: tuple[str, str]) -> None:
    filters = Filters(funders=("region",), first_month=date.fromisoformat(first), last_month=date.fromisoformat(last))
    found = comparison(filters, date(2026, 4, 1))
    assert found is not None
    assert (found.funders, str(found.first_month), str(found.last_month)) == (("region",), *expected)


def test_no_months_asked_is_compared_with_nothing() -> None:
    assert comparison(Filters(), date(2026, 4, 1)) is None
