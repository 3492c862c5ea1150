"""Which counts of persons may be shown, so that none of the small ones can be found?

A count from 1 to threshold − 1 is hidden (primary suppression); 0 is shown. In a published table with its margins, other
counts are then hidden so that no hidden one can be computed from those that are shown (secondary suppression).

What a reader is taken to know: every count that is shown, that rows, columns and the total add up, and that a hidden count
is at least 1. Each hidden count must then keep two possible values at least. Whether it does is a question of alternating
cycles: raising one hidden cell by 1 is possible when the change can go round through other hidden cells (Cox, 1995, on
network models of suppression); where it cannot, the cheapest such way round is hidden too. A way always exists through the
margins and the total, which may grow. Amounts are public money and are never hidden (SEMANTICS §4).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush

Place = tuple[int, int]


@dataclass(frozen=True)
class Pattern:
    """What is hidden: `cells` by (row, column), the sums of `rows` and of `columns`, and the `total`."""

    cells: frozenset[Place] = frozenset()
    rows: frozenset[int] = frozenset()
    columns: frozenset[int] = frozenset()
    total: bool = False


def shown_count(count: int, threshold: int) -> int | None:
    """`count`, or None when it is from 1 to `threshold` − 1. What a screen shows, cell by cell."""
    return None if 0 < count < threshold else count


def hidden_cells(table: Sequence[Sequence[int]], threshold: int) -> Pattern:
    """What to hide of a table of counts (at least 0, rows of one length) and of its margins; the same table gives the same.

    A list is a table of one column; the sum of its only column is its total. Raises ValueError on rows of several lengths
    or a negative count.
    """
    if len({len(row) for row in table}) > 1 or any(count < 0 for row in table for count in row):
        raise ValueError("a table of counts has rows of one length, and none is negative")
    if not table or not table[0]:
        return Pattern()
    return _Suppression(table, threshold).pattern()


class _Suppression:
    """The table with its margins as a last row and a last column. A margin counts with the opposite sign, so that every line
    adds up to nothing; the total, margin of margins, has its own."""

    def __init__(self, table: Sequence[Sequence[int]], threshold: int) -> None:
        rows = [[*row, sum(row)] for row in table]
        self.cells: list[list[int]] = [*rows, [sum(column) for column in zip(*rows, strict=True)]]
        self.height, self.width = len(table), len(table[0])
        self.hidden = {place for place in self._places() if 0 < self._count(place) < threshold}

    def pattern(self) -> Pattern:
        """Hide until nothing hidden can be found."""
        while (exposed := self._exposed()) is not None:
            self.hidden |= self._way(exposed, may_hide=True) or set()
        inner = {(i, j) for i, j in self.hidden if i < self.height and j < self.width}
        return Pattern(
            frozenset(inner),
            frozenset(i for i, j in self.hidden if j == self.width and i < self.height),
            frozenset(j for i, j in self.hidden if i == self.height and j < self.width),
            (self.height, self.width) in self.hidden,
        )

    def _places(self) -> Iterator[Place]:
        return ((i, j) for i in range(self.height + 1) for j in range(self.width + 1))

    def _count(self, place: Place) -> int:
        return self.cells[place[0]][place[1]]

    def _exposed(self) -> Place | None:
        """A hidden cell with one possible value only; the smallest first."""
        found = [place for place in self.hidden if self._way(place, may_hide=False) is None]
        return min(found, key=lambda place: (self._count(place), place), default=None)

    def _way(self, start: Place, *, may_hide: bool) -> set[Place] | None:
        """The cells to hide on the cheapest way round that changes `start`, none to hide when it is free already."""
        ways = [way for upwards in (True, False) if (way := self._round(start, upwards, may_hide)) is not None]
        return min(ways, key=lambda way: (way[0], sorted(way[1])))[1] if ways else None

    def _round(self, start: Place, upwards: bool, may_hide: bool) -> tuple[int, set[Place]] | None:
        """Dijkstra over lines: from a line of `start` back to the other one, rows to columns by +1, columns to rows by −1."""
        if not self._moves(start, upwards):
            return None
        row, column = ("row", start[0]), ("column", start[1])
        source, goal = (column, row) if upwards else (row, column)
        queue: list[tuple[int, tuple[str, int], tuple[Place, ...]]] = [(0, source, ())]
        done = set()
        while queue:
            cost, line, way = heappop(queue)
            if line == goal:
                return cost, {place for place in way if place not in self.hidden}
            if line in done:
                continue
            done.add(line)
            for place, following, price in self._steps(line, start, may_hide):
                if following not in done:
                    heappush(queue, (cost + price, following, (*way, place)))
        return None

    def _steps(
        self, line: tuple[str, int], start: Place, may_hide: bool
    ) -> Iterator[tuple[Place, tuple[str, int], int]]:
        kind, number = line
        upwards = kind == "row"
        for other in range(self.width + 1 if upwards else self.height + 1):
            place = (number, other) if upwards else (other, number)
            if place == start or not self._moves(place, upwards):
                continue
            if place in self.hidden or may_hide:
                yield place, ("column" if upwards else "row", other), self._price(place)

    def _moves(self, place: Place, upwards: bool) -> bool:
        """May the cell move so in the signed table? A count may always grow, and shrink while it stays at least 1."""
        is_margin = (place[0] == self.height) != (place[1] == self.width)
        count = self._count(place)
        grows = upwards != is_margin
        return count > 0 and (grows or count > 1)

    def _price(self, place: Place) -> int:
        """What is lost by hiding it: its count, and more for a margin or the total, which people read first."""
        if place in self.hidden:
            return 0
        total = self.cells[self.height][self.width] + 1
        margins = (place[0] == self.height) + (place[1] == self.width)
        return self._count(place) + margins * total * (self.height + self.width)
