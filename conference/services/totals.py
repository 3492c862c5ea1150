"""Which totals does the command line ask for?"""

from collections.abc import Sequence
from datetime import date

from sqlmodel import Session

from conference.data.queries.totals import Selection, TotalRow, Totals, plus, totals
from conference.domain.ledger import Balance


def totals_of_years(session: Session, by: Sequence[str], years: Sequence[int]) -> Totals:
    """Totals by `by` of what was booked in `years` (none: ever). Years apart are read apart, then added."""
    if not years:
        return totals(session, by)
    parts = [totals(session, by, Selection(None, date(y, 1, 1), date(y, 12, 1))) for y in sorted(set(years))]
    cells: dict[tuple[object, ...], TotalRow] = {}
    for row in (row for part in parts for row in part.rows):
        known = cells.get(row.key, TotalRow(row.key, Balance(), Balance()))
        cells[row.key] = TotalRow(row.key, plus(known.gross, row.gross), plus(known.internal, row.internal))
    gross, internal = Balance(), Balance()
    for part in parts:
        gross, internal = plus(gross, part.sum_of_funders), plus(internal, part.internal_transfers)
    return Totals(tuple(by), tuple(cells[key] for key in sorted(cells)), gross, internal)
