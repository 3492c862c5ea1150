"""How does one turn the pages of a list that may hold a million rows?

A page follows, or comes before, a row that was seen: nothing is skipped to get there, and a row that comes in meanwhile moves
nothing. Rows are counted up to `MOST`; beyond, the list says that there are more. The number of a page only tells where one
is, except in an address without a row, where pages are skipped.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select
from sqlmodel import Session

PAGE = 50
"""Rows on one page of a list."""
MOST = 10_000
"""Rows that are counted."""
Count = tuple[int, bool]
"""Rows of a list, `MOST` at most, and whether there are more."""


@dataclass(frozen=True)
class Turn:
    """Which page is asked: that which follows the row `after`, that which comes before the row `before` (identifiers, the
    first one wins), or else the `page`-th."""

    page: int = 1
    after: int | None = None
    before: int | None = None

    @property
    def skipped(self) -> int:
        """Rows to skip: none where a row is named."""
        return 0 if self.after or self.before else (self.page - 1) * PAGE


FIRST = Turn()


@dataclass(frozen=True)
class Page:
    """What the foot of a page tells: `total` rows, or more than `MOST` (`is_more`); whether the list goes on after it; the
    identifiers of its first and last rows."""

    page: int
    total: int
    is_more: bool
    goes_on: bool
    first: int | None
    last: int | None

    @property
    def pages(self) -> int | None:
        """Number of pages, at least one; None where rows are not all counted."""
        return None if self.is_more else max(1, -(-self.total // PAGE))


def counted(session: Session, rows: Select[Any]) -> Count:
    """How many rows a query has, up to `MOST`, and whether it has more."""
    found = session.execute(select(func.count()).select_from(rows.limit(MOST + 1).subquery())).scalar_one()
    return min(int(found), MOST), int(found) > MOST


def turned(turn: Turn, total: Count, read: Callable[[Turn], Sequence[int]]) -> tuple[Page, Sequence[int]]:
    """The page asked, and the identifiers of its rows in the order of the list. `read` gives the identifiers of a turn, one
    more than a page at most, those nearest to the row first; the first page stands for one that no longer is."""
    number, is_more = total
    if not is_more:
        turn = Turn(min(max(turn.page, 1), max(1, -(-number // PAGE))), turn.after, turn.before)
    ids = read(turn)
    if not ids and turn != FIRST:
        turn = FIRST
        ids = read(turn)
    more, shown = len(ids) > PAGE, ids[:PAGE]
    if turn.before and not turn.after:
        more, shown = True, shown[::-1]
    edges = (shown[0], shown[-1]) if shown else (None, None)
    return Page(turn.page, number, is_more, more, *edges), shown
