"""Which counts of persons may be shown, so that none of the small ones can be found?

A count from 1 to threshold − 1 is hidden (primary suppression); 0 is shown. In a published table with its margins, other
counts are then hidden so that no hidden one can be computed from those that are shown (secondary suppression).

What a reader is taken to know: every count that is shown, that rows, columns and the total add up, and that a hidden count
is at least 1; not which of the hidden ones are small. Given that, each hidden count, sum or total must keep two possible
values at least: two that add up to 2 are both 1, and do not. Whether it does is a question of alternating cycles: a hidden
count can be another one when a change of 1 can go round through other hidden ones, up in one, down in the next (Cox, 1995,
on network models of suppression). Where it cannot, the cheapest way round is hidden too: smallest counts first, a sum or the
total only when nothing else helps; these may always grow, so that a way always exists. It is a heuristic: another pattern
may hide less. Amounts are public money and are never hidden (SEMANTICS §4).

An annulation booked later than its decision makes a count negative: it is hidden as a small one is, and may be any number.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import pairwise

Place = tuple[int, int]


@dataclass(frozen=True)
class Pattern:
    """What is hidden: `cells` by (row, column), the sums of `rows` and of `columns`, and the `total`."""

    cells: frozenset[Place] = frozenset()
    rows: frozenset[int] = frozenset()
    columns: frozenset[int] = frozenset()
    total: bool = False


def shown_count(count: int, threshold: int) -> int | None:
    """`count`, or None when it is from 1 to `threshold` − 1, annulled persons (a negative count) as well. What a screen shows,
    cell by cell."""
    return None if 0 < abs(count) < threshold else count


def hidden_cells(table: Sequence[Sequence[int]], threshold: int) -> Pattern:
    """What to hide of a table of counts (rows of one length) and of its margins; the same table gives the same.

    A list is a table of one column; the sum of its only column is its total, and both are hidden together. Raises ValueError
    on rows of several lengths.
    """
    if not _has_cells(table):
        return Pattern()
    whole = _Suppression(table)
    return whole.pattern([place for place in whole.places() if whole.count(place) and whole.count(place) < threshold])


def hidden_around(table: Sequence[Sequence[int]], small: Collection[Place]) -> Pattern:
    """The same, where something else says which places of a table of counts are small: days of few persons, say. The margins
    of a row and of a column have the place after its last one. A count of 0 is shown whatever is said of it."""
    if not _has_cells(table):
        return Pattern()
    whole = _Suppression(table)
    return whole.pattern([place for place in sorted(set(small)) if whole.count(place)])


def _has_cells(table: Sequence[Sequence[int]]) -> bool:
    if len({len(row) for row in table}) > 1:
        raise ValueError("a table of counts has rows of one length")
    return bool(table) and bool(table[0])


class _Suppression:
    """The table with its margins as a last row and a last column, as a graph: its lines are rows, then columns, and each cell
    an arc from its row to its column (it goes up) and one back (it goes down). Margins count with the opposite sign, so that
    every line adds up to nothing; the total, margin of margins, has its own."""

    def __init__(self, table: Sequence[Sequence[int]]) -> None:
        rows = [[*row, sum(row)] for row in table]
        self.cells: list[list[int]] = [*rows, [sum(column) for column in zip(*rows, strict=True)]]
        self.height, self.width = len(table), len(table[0])
        self.hidden: set[Place] = set()
        self.alike = list(range(self.height + self.width + 2))
        self.dear = 1 + sum(abs(count) for row in table for count in row)
        self.prices: list[dict[int, int]] = [{} for _ in self.alike]
        for i, j in self.places():
            self._draw(i, j)

    def pattern(self, small: Sequence[Place]) -> Pattern:
        """Hide the small counts, then a way round for each that has none; the smallest first."""
        for place in small:
            self._hide(place)
        for place in sorted(small, key=lambda place: (self.count(place), place)):
            self._protect(place)
        inner = {(i, j) for i, j in self.hidden if i < self.height and j < self.width}
        return Pattern(
            frozenset(inner),
            frozenset(i for i, j in self.hidden if j == self.width and i < self.height),
            frozenset(j for i, j in self.hidden if i == self.height and j < self.width),
            (self.height, self.width) in self.hidden,
        )

    def places(self) -> Iterator[Place]:
        """Every cell, the margins after the last ones."""
        return ((i, j) for i in range(self.height + 1) for j in range(self.width + 1))

    def count(self, place: Place) -> int:
        """What stands there."""
        return self.cells[place[0]][place[1]]

    def _draw(self, i: int, j: int) -> None:
        """The arcs of a cell, with their price: its count, and more than all counts for a margin or the total, which people
        read first. A count may always grow, and shrink while it stays at least 1; a zero is shown and stays."""
        count, margins = self.cells[i][j], (i == self.height) + (j == self.width)
        if count == 0 and not margins:
            return
        row, column, price = i, self.height + 1 + j, abs(count) + margins * self.dear
        shrinks = count != 1
        if shrinks or margins != 1:
            self.prices[row][column] = price
        if shrinks or margins == 1:
            self.prices[column][row] = price

    def _hide(self, place: Place) -> None:
        """It costs nothing more from now on."""
        self.hidden.add(place)
        row, column = place[0], self.height + 1 + place[1]
        for line, other in ((row, column), (column, row)):
            if other in self.prices[line]:
                self.prices[line][other] = 0

    def _protect(self, place: Place) -> None:
        """Two lines that a way round has gone through stay connected both ways whatever one cell does, so that any hidden cell
        where two such lines cross can move: their class is kept in `alike`."""
        row, column = place[0], self.height + 1 + place[1]
        if self._class(row) == self._class(column):
            return
        up = self._way(column, row) if column in self.prices[row] else None
        down = self._way(row, column) if row in self.prices[column] and not (up and up[0] == 0) else None
        _, lines = min(way for way in (up, down) if way is not None)
        for one, other in pairwise(lines):
            self._hide((one, other - self.height - 1) if one <= self.height else (other, one - self.height - 1))
        for line in lines:
            self.alike[self._class(line)] = self._class(row)

    def _class(self, line: int) -> int:
        while self.alike[line] != line:
            line = self.alike[line]
        return line

    def _way(self, start: int, goal: int) -> tuple[int, list[int]] | None:
        """Dijkstra: price and lines of the cheapest way that does not go straight from one to the other; None when there is
        none. What is hidden may always grow with a cell of its own, so that one of its two ways exists."""
        costs, before, done = {start: 0}, {start: start}, set()
        queue = [(0, start)]
        while queue:
            cost, line = heappop(queue)
            if line == goal:
                break
            if line in done:
                continue
            done.add(line)
            for other, price in self.prices[line].items():
                better = cost + price
                if (other not in costs or better < costs[other]) and not (line == start and other == goal):
                    costs[other], before[other] = better, line
                    heappush(queue, (better, other))
        if goal not in costs:
            return None
        lines = [goal]
        while lines[-1] != start:
            lines.append(before[lines[-1]])
        return costs[goal], lines[::-1]
