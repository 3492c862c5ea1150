"""Can a hidden count be found from what is shown? An oracle that tries every table that a reader could think of."""

from collections.abc import Iterator
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conference.domain.suppression import Pattern, hidden_around, hidden_cells, shown_count

Table = list[list[int]]


@pytest.mark.parametrize(("count", "shown"), [(0, 0), (1, None), (4, None), (5, 5), (327, 327), (-1, None), (-40, -40)])
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


def test_what_is_no_table_of_counts_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^a table of counts has rows of one length$"):
        hidden_cells([[1, 2], [3]], 5)


def test_negative_count_is_hidden_and_so_is_what_would_tell_it() -> None:
    assert hidden_cells([[-2], [30], [40]], 5).cells == {(0, 0), (1, 0)}
    assert hidden_cells([[-2]], 5) == Pattern(frozenset({(0, 0)}), frozenset({0}), frozenset({0}), True)
    assert hidden_cells([[-3, 3], [40, 50]], 5).cells == {(0, 0), (0, 1), (1, 0), (1, 1)}


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


LARGE = st.integers(1, 12).flatmap(
    lambda width: st.lists(
        st.lists(st.sampled_from([0, 0, 1, 2, 7, 30, 400, -1]), min_size=width, max_size=width), min_size=1, max_size=12
    )
)


@given(LARGE, st.sampled_from([2, 5, 11]))
def test_each_hidden_count_of_a_larger_table_has_another_value(table: Table, threshold: int) -> None:
    found = hidden_cells(table, threshold)
    small = {(i, j) for i, row in enumerate(table) for j, count in enumerate(row) if count < threshold and count}
    assert small <= found.cells
    for place in found.cells:
        thought = other_table(table, found, place)
        assert thought is not None, (table, found, place)
        assert thought[place[0]][place[1]] != table[place[0]][place[1]]
        assert agrees(thought, table, found)
        assert all(thought[i][j] >= min(1, table[i][j]) or table[i][j] < 0 for i, j in found.cells)
        assert all(thought[i][j] == table[i][j] for i, j in places(table) - found.cells)


def places(table: Table) -> set[tuple[int, int]]:
    return {(i, j) for i, row in enumerate(table) for j, _ in enumerate(row)}


def other_table(table: Table, found: Pattern, place: tuple[int, int]) -> Table | None:
    """The table with its cell one higher, or one lower, the rest of the hidden ones made to fit; None when nothing fits."""
    for step in (1, -1):
        changes = way_round(table, found, place, step)
        if changes is not None:
            return [[count + changes.get((i, j), 0) for j, count in enumerate(row)] for i, row in enumerate(table)]
    return None


def way_round(table: Table, found: Pattern, place: tuple[int, int], step: int) -> dict[tuple[int, int], int] | None:
    """Breadth first, from the column of the cell to its row: in a column the next change is −step, in a row +step; a line
    whose sum is hidden hands its change to the line of sums."""
    height, width = len(table), len(table[0])
    sums = {(i, width) for i in found.rows} | {(height, j) for j in found.columns}
    hidden = found.cells | sums | ({(height, width)} if found.total else set())
    whole = [[*row, sum(row)] for row in table]
    whole.append([sum(column) for column in zip(*whole, strict=True)])
    if not may_change(whole[place[0]][place[1]], step):
        return None
    queue = [(False, place[1], {place: step})]
    seen = {(False, place[1])}
    for in_row, line, changes in queue:
        for cell in sorted(hidden - changes.keys()):
            if cell[0 if in_row else 1] != line:
                continue
            signed = step if in_row else -step
            is_sum = (cell[0] == height) != (cell[1] == width)
            if not may_change(whole[cell[0]][cell[1]], -signed if is_sum else signed):
                continue
            following = (not in_row, cell[1 if in_row else 0])
            if following == (True, place[0]):
                return {**changes, cell: signed}
            if following not in seen:
                seen.add(following)
                queue.append((*following, {**changes, cell: signed}))
    return None


def may_change(count: int, step: int) -> bool:
    return count < 1 or count + step >= 1


def test_large_tables_are_protected() -> None:
    table = [[(7 * i + 3 * j) % 23 for j in range(30)] for i in range(30)]
    found = hidden_cells(table, 5)
    small = {(i, j) for i, row in enumerate(table) for j, count in enumerate(row) if 0 < count < 5}
    # So many small counts that each is a way round for others: nothing more needs to be hidden.
    assert found == Pattern(frozenset(small))
    everywhere = hidden_cells([[1] * 30] * 30, 5)
    sums = frozenset(range(30))
    assert (len(everywhere.cells), everywhere.rows, everywhere.columns, everywhere.total) == (900, sums, sums, True)


def test_a_margin_alone_may_be_what_is_small() -> None:
    """Its cells of 1 cannot shrink: it is in growing that it may be another."""
    for table, places in (([[1, 1]], [(0, 2)]), ([[0, 0], [1, 1]], [(1, 2), (2, 2)]), ([[1], [1]], [(2, 0)])):
        for place in places:
            found = hidden_around(table, [place])
            assert len(found.cells) + len(found.rows) + len(found.columns) + found.total >= 4
    assert hidden_around([], [(0, 0)]) == hidden_around([[0, 3]], [(0, 0)]) == Pattern()
