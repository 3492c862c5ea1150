"""Do sums of needs add up, and can a hidden one be found from those that are shown?"""

from datetime import date
from decimal import Decimal

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from conference.domain.needs import (
    Member,
    Need,
    NeedFilters,
    NeedTable,
    Pair,
    need_table,
    payer_code,
    stored_payer,
    with_persons,
)
from conference.domain.suppression import Pattern
from tests.domain.test_suppression import Table, imagined, tables


def made(days: Table, few: set[Pair]) -> NeedTable:
    """The table of these days, of ten euros each."""
    rows = [Member(f"r{i}", f"Ligne {i}") for i, _ in enumerate(days)]
    columns = [Member(f"c{j}", f"Colonne {j}") for j, _ in enumerate(days[0])]
    cells: dict[Pair, Need] = {
        (f"r{i}", f"c{j}"): Need(count, Decimal(10 * count), count // 2)
        for i, row in enumerate(days)
        for j, count in enumerate(row)
        if count
    }
    return need_table(rows, columns, cells, few)


def pattern(table: NeedTable) -> Pattern:
    """What is hidden, by places."""

    def place(code: str | None) -> int:
        return int((code or "x")[1:])

    return Pattern(
        frozenset((place(row), place(column)) for row, column in table.hidden if row and column),
        frozenset(place(row) for row, column in table.hidden if row and not column),
        frozenset(place(column) for row, column in table.hidden if column and not row),
        (None, None) in table.hidden,
    )


def test_margins_add_up_and_nothing_is_hidden_without_cause() -> None:
    table = made([[3, 0], [4, 5]], set())
    assert not table.hides
    assert table.find("r0", "c0") == Need(3, Decimal(30), 1)
    assert table.find("r0", "c1") == Need()
    assert table.find("r1", None) == Need(9, Decimal(90), 4)
    assert table.find(None, "c0") == Need(7, Decimal(70), 3)
    assert table.find(None, None) == Need(12, Decimal(120), 5)
    assert made([[3]], set()).find(None, None) == Need(3, Decimal(30), 1)


def test_a_small_sum_takes_others_with_it() -> None:
    table = made([[2, 30], [50, 80]], {("r0", "c0")})
    assert table.hidden == {("r0", "c0"), ("r0", "c1"), ("r1", "c0"), ("r1", "c1")}
    assert table.find("r0", "c0") is None and table.find("r0", None) == Need(32, Decimal(320), 16)


def test_the_margin_of_one_person_in_many_cells_is_hidden_as_well() -> None:
    """One person without income in two months: each cell is small, and so is the margin of both."""
    table = made([[30, 31], [400, 500]], {("r0", "c0"), ("r0", "c1"), ("r0", None)})
    assert {("r0", "c0"), ("r0", "c1"), ("r0", None)} <= table.hidden
    assert table.hidden - {("r0", "c0"), ("r0", "c1"), ("r0", None)}


@settings(max_examples=120, deadline=None)
@given(st.one_of(tables(2, 2), tables(3, 1), tables(1, 3), tables(2, 3)), st.data())
def test_no_hidden_sum_has_one_value_only(days: Table, data: st.DataObject) -> None:
    shown = made(days, set())
    known = sorted(((row, column) for (row, column), need in shown.sums.items() if need.days), key=str)
    assume(known)
    few = set(data.draw(st.lists(st.sampled_from(known), min_size=1, unique=True)))
    table = made(days, few)
    assert few <= table.hidden
    assert made(days, few).hidden == table.hidden
    found = pattern(table)
    values: dict[Pair, set[int]] = {pair: set() for pair in table.hidden}
    for thought in imagined(days, found):
        for pair, need in made(thought, set()).sums.items():
            if pair in values:
                values[pair].add(need.days)
    assert all(len(each) > 1 for each in values.values()), (days, few, found)


def test_the_address_of_a_selection_is_always_the_same() -> None:
    assert NeedFilters(payer="personne", reason="no_right").text == "payeur=personne&raison=no_right"
    assert NeedFilters().text == ""
    assert payer_code("none") == "personne" and stored_payer("personne") == "none"
    assert payer_code("rff") == stored_payer("rff") == "rff"
    months = NeedFilters(date(2026, 5, 1), date(2026, 12, 1), "region_11")
    assert months.text == "au=2026-12&du=2026-05&territoire=region_11"


def test_hidden_persons_are_not_told_by_their_sum() -> None:
    """Two hidden cells of a row of two persons: the days leave a doubt, their number would not."""
    days = {("2026-05", "rff"): 20, ("2026-05", "are"): 25, ("2026-05", "ass"): 300}
    days |= {("2026-06", "rff"): 22, ("2026-06", "are"): 28, ("2026-06", "ass"): 310}
    cells: dict[Pair, Need] = {pair: Need(count) for pair, count in days.items()}
    few = {pair for pair in cells if pair[1] != "ass"}
    months = [Member("2026-05", "mai 2026"), Member("2026-06", "juin 2026")]
    payers = [Member("rff", "RFF"), Member("are", "ARE"), Member("ass", "ASS")]
    table = need_table(months, payers, cells, few)
    assert table.hidden == few
    persons: dict[Pair, int] = {pair: 1 if pair in few else 12 for pair in cells}
    told = with_persons(table, persons)
    assert told.hidden > table.hidden
    shown = need_table(months, payers, cells, ())
    assert with_persons(shown, persons) is shown
