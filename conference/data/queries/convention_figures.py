"""What would a convention have to pay: how many persons, days and euros, by month and by possible payer?

The figures with which the conférence asks a payer, never a name: days and euros are those of the table of needs, persons are
distinct in each cell and in each margin, so that their sum is more than their total when one lacks days in two months. What
the table hides hides its persons as well, and what would tell how many they are.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, literal, select
from sqlmodel import Session

from conference.data.queries.need_selection import GAPS, chosen, key_of
from conference.data.queries.needs import needs_by
from conference.data.types import month_date
from conference.domain.needs import NeedAxis, NeedFilters, NeedTable, Pair, payer_code, with_persons
from conference.domain.permissions import Actor


@dataclass(frozen=True)
class ConventionFigures:
    """Needs by month (rows) and possible payer (columns), and the distinct persons of each cell and margin.

    `selection`: what chooses their gaps, as the words of its address in their order (`NeedFilters.text`), so that a document
    made of them says of what they are.
    """

    selection: str
    table: NeedTable
    persons: Mapping[Pair, int]

    def persons_of(self, row: str | None, column: str | None) -> int | None:
        """Distinct persons there; None when it is hidden."""
        return None if (row, column) in self.table.hidden else self.persons.get((row, column), 0)


def convention_figures(
    session: Session, reader: Actor, filters: NeedFilters, *, threshold: int, published: bool = False
) -> ConventionFigures:
    """The figures of a selection. What holds fewer than `threshold` persons is hidden as in `needs_by`; Forbidden as there."""
    table = needs_by(session, reader, filters, NeedAxis.MONTH, NeedAxis.PAYER, threshold=threshold, published=published)
    persons = _persons(session, filters)
    return ConventionFigures(filters.text, with_persons(table, persons), persons)


def _persons(session: Session, filters: NeedFilters) -> dict[Pair, int]:
    wanted, found = chosen(session, filters, GAPS), dict[Pair, int]()
    month, payer = key_of(GAPS, NeedAxis.MONTH), GAPS.c.payer
    for keys in ((month, payer), (month,), (payer,), ()):
        shown = [key if key in keys else literal(None) for key in (month, payer)]
        query = select(*shown, func.count(GAPS.c.parcours_id.distinct())).where(*wanted).group_by(*keys)
        for row in session.connection().execute(query):
            name = None if row[0] is None else f"{month_date(int(row[0])):%Y-%m}"
            found[name, None if row[1] is None else payer_code(row[1])] = int(row[2])
    return found
