"""Can a hidden count be found from what is shown? An oracle that tries every table that a reader could think of."""

from collections.abc import Iterator
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conference.domain.suppression import Pattern, hidden_cells, shown_count

Table = list[list[int]]


@pytest.mark.parametrize(("count", "shown"), [(0, 0), (1, None), (4, None), (5, 5), (327, 327)])
def test_count_from_one_to_the_threshold_is_not_shown(count: int, shown: int | None) -> None:
    assert shown_count(count, 5) == shown


def test_large_counts_and_zeros_hide_nothing() -> None:
    assert hidden_cells([[12, 0], [5, 40]], 5) == Pattern()
    assert hidden_cells([], 5) == Pattern()
    assert hidden_cells([[], []], 5) == Pattern()


def test_one_small_count_of_a_list_takes_the_smallest_other_with_it() -> None:
    assert hidden_cells([[3], [40], [7], [0]], 5).cells == {(0, 0), (2, 0)}


def test_two_ones_would_be_told_by_their_sum() -> None:
    found = hidden_cells([[1], [1], [30]], 5)
    assert found.cells > {(0, 0), (1, 0)} or found.total


def test_one_small_count_of_a_crossing_is_hidden_with_a_rectangle() -> None:
    found = hidden_cells([[2, 30, 40], [50, 8, 60], [70, 80, 90]], 5)
    assert found == Pattern(frozenset({(0, 0), (0, 1), (1, 0), (1, 1)}))


def test_table_of_one_cell_hides_its_margins_too() -> None:
    assert hidden_cells([[2]], 5) == Pattern(frozenset({(0, 0)}), frozenset({0}), frozenset({0}), True)


@pytest.mark.parametrize("table", [[[1, 2], [3]], [[-1]]])
def test_what_is_no_table_of_counts_is_refused(table: Table) -> None:
    with pytest.raises(ValueError, match="a table of counts"):
        hidden_cells(table, 5)


def tables(height: int, width: int) -> st.SearchStrategy[Table]:
    row = st.lists(st.integers(0, 4), min_size=width, max_size=width)
    return st.lists(row, min_size=height, max_size=height)


@settings(max_examples=60, deadline=None)
@given(st.one_of(tables(2, 2), tables(4, 1), tables(1, 3), tables(2, 3)), st.integers(2, 4))
def test_no_hidden_count_has_one_value_only(table: Table, threshold: int) -> None:
    found = hidden_cells(table, threshold)
    for i, row in enumerate(table):
        for j, count in enumerate(row):
            assert not 0 < count < threshold or (i, j) in found.cells
            assert count or (i, j) not in found.cells
    assert hidden_cells(table, threshold) == found
    values = {place: set[int]() for place in found.cells}
    sums: dict[object, set[int]] = {("row", i): set() for i in found.rows}
    sums |= {("column", j): set() for j in found.columns} | ({"total": set()} if found.total else {})
    for thought in imagined(table, found):
        for i, j in values:
            values[i, j].add(thought[i][j])
        for i in found.rows:
            sums["row", i].add(sum(thought[i]))
        for j in found.columns:
            sums["column", j].add(sum(row[j] for row in thought))
        if found.total:
            sums["total"].add(sum(map(sum, thought)))
    assert all(len(each) > 1 for each in (*values.values(), *sums.values())), (table, found)


def imagined(table: Table, found: Pattern) -> Iterator[Table]:
    """Every table that agrees with what is shown, its hidden counts from 1 to a little more than the true ones."""
    places = sorted(found.cells)
    ranges = [range(1, table[i][j] + 3) for i, j in places]
    for values in product(*ranges):
        thought = [list(row) for row in table]
        for (i, j), value in zip(places, values, strict=True):
            thought[i][j] = value
        if agrees(thought, table, found):
            yield thought


def agrees(thought: Table, table: Table, found: Pattern) -> bool:
    rows = all(i in found.rows or sum(thought[i]) == sum(row) for i, row in enumerate(table))
    across = zip(*table, strict=True), zip(*thought, strict=True)
    columns = all(j in found.columns or sum(a) == sum(b) for j, (a, b) in enumerate(zip(*across, strict=True)))
    return rows and columns and (found.total or sum(map(sum, thought)) == sum(map(sum, table)))


def test_the_oracle_finds_what_is_not_hidden_enough() -> None:
    table = [[2, 9], [9, 9]]
    alone = Pattern(frozenset({(0, 0)}))
    assert len({thought[0][0] for thought in imagined(table, alone)}) == 1


def test_large_table_is_protected() -> None:
    table = [[(7 * i + 3 * j) % 23 for j in range(30)] for i in range(30)]
    found = hidden_cells(table, 5)
    small = {(i, j) for i, row in enumerate(table) for j, count in enumerate(row) if 0 < count < 5}
    assert small <= found.cells
    assert len(found.cells) < 2 * len(small)
