"""How does a table of the dashboard become a file, exactly?

The same builder, the same filters, all its members. The first lines state the filters, the date, the author and the
completeness. What leaves the screen is published: counts of persons under the published threshold are hidden, and others with
them so that none can be found (SEMANTICS §4).
"""

from collections.abc import Callable, Iterator

from flask import Blueprint, Response, current_app, g, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from conference.data.glossary import label
from conference.data.queries.completeness import funders_that_sent, sent_by_funder
from conference.data.queries.profile import shown_profile
from conference.documents.csv_file import csv_bytes
from conference.documents.sheet import Cell, CellRow, Sheet
from conference.documents.workbook import xlsx_bytes
from conference.domain.figures import Axis, Measure
from conference.domain.file_kinds import XLSX
from conference.domain.french import day_in_france, typeset
from conference.domain.refusal import NotFound
from conference.domain.suppression import Pattern, hidden_cells, shown_count
from conference.web.access import right
from conference.web.dashboard import Selection, crossed_selection, selection, year_budgets
from conference.web.dashboard_crossing import crossed_table
from conference.web.dashboard_filters import WORDS, CrossingForm, words_in_force
from conference.web.dashboard_tables import (
    ShownTable,
    axis_table,
    completeness_table,
    flows_table,
    funders_table,
)
from conference.web.exports import completeness_words, established
from conference.web.transaction import business

pages = Blueprint("dashboard_export", __name__)
PERSONS = label("measure", "persons")


@pages.get("/tableau-de-bord/export.xlsx")
@right("dashboard.read")
def xlsx() -> AnyResponse:
    """A table as a workbook."""
    return _sent(xlsx_bytes, XLSX, "xlsx")


@pages.get("/tableau-de-bord/export.csv")
@right("dashboard.read")
def csv() -> AnyResponse:
    """A table as CSV for French Excel."""
    return _sent(csv_bytes, "text/csv; charset=utf-8", "csv")


def _sent(make: Callable[[Sheet], bytes], kind: str, ending: str) -> AnyResponse:
    crossed = request.args.get("tableau") == "croisement"
    found = crossed_selection()[1] if crossed else selection()
    if found.asked is None:
        page = "/tableau-de-bord/croiser" if crossed else "/tableau-de-bord"
        return redirect(f"{page}?{request.query_string.decode('ascii', 'replace')}")
    shown = _table(found)
    name = f"tableau-de-bord-{shown.name}-{day_in_france(g.at):%Y-%m-%d}.{ending}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(make(_sheet(found, shown)), content_type=kind, headers=headers)


def _table(found: Selection) -> ShownTable:
    """The table that the address names (`tableau`), with all its members and every count. 404 for another word."""
    wanted, axis = request.args.get("tableau", ""), WORDS.get(request.args.get("axe", ""))
    asked = found.asked
    if asked is None:
        raise NotFound()
    if wanted == "financeurs":
        return funders_table(found.told(Axis.FUNDER).whole(), year_budgets(asked))
    if wanted == "axe" and axis is not None:
        return axis_table(found.told(axis).whole(), axis)
    if isinstance(found.form, CrossingForm):
        rows, columns, measure = found.form.crossed
        return crossed_table(found.told(rows, columns), rows, columns, measure, most=None)
    if wanted == "parts":
        told = found.told(Axis.FUNDER, Axis.NATURE)
        return crossed_table(told, Axis.FUNDER, Axis.NATURE, Measure.COMMITTED, most=None, name="parts")
    if wanted == "flux":
        return flows_table(found.told(Axis.FUNDER, Axis.SCHEME, Axis.AUDIENCE), most=None)
    if wanted == "transmis":
        return completeness_table(sent_by_funder(business(), asked.filters), asked.period)
    raise NotFound()


def _sheet(found: Selection, shown: ShownTable) -> Sheet:
    headings = tuple(f"{each.label} ({each.unit})" if each.unit else each.label for each in shown.headings)
    rows, foot = _published(shown)
    return Sheet(
        title=shown.caption,
        notes=tuple(_notes(found)),
        headings=headings,
        rows=rows,
        sums=tuple(foot[:-1]),
        totals=foot[-1] if foot else None,
        known_on=g.at,
        name=shown.name,
    )


def _published(shown: ShownTable) -> tuple[list[CellRow], list[CellRow]]:
    """Rows and sums, with the counts of persons that may be published."""
    rows: list[CellRow] = [(row.label, *(cell.value for cell in row.cells)) for row in shown.rows]
    foot: list[CellRow] = [(row.label, *(cell.value for cell in row.cells)) for row in shown.foot]
    place = next((rank for rank, each in enumerate(shown.headings) if each.label == PERSONS), None)
    if place is None:
        return rows, foot
    threshold = current_app.extensions["settings"].published_threshold
    counts = [_count(row, place) for row in rows]
    hidden = hidden_cells([[count] for count in counts], threshold)
    mask = f"moins de {threshold} ou protégé"
    rows = [_masked(row, place, mask) if (rank, 0) in hidden.cells else row for rank, row in enumerate(rows)]
    foot = [row if _may_tell(row[place], sum(counts), hidden, threshold) else _masked(row, place, mask) for row in foot]
    return rows, foot


def _may_tell(total: Cell, whole: int, hidden: Pattern, threshold: int) -> bool:
    """May a total stand under these rows? One without internal transfers tells, by its difference with their sum, how many
    persons these foresee."""
    if not isinstance(total, int):
        return True
    if shown_count(total, threshold) is None or hidden.total or hidden.columns:
        return False
    return total == whole or (not hidden.cells and shown_count(whole - total, threshold) is not None)


def _count(row: CellRow, place: int) -> int:
    value = row[place]
    return value if isinstance(value, int) else 0


def _masked(row: CellRow, place: int, mask: str) -> CellRow:
    return (*row[:place], mask, *row[place + 1 :])


def _notes(found: Selection) -> Iterator[str]:
    asked = found.asked
    if asked is None:
        return
    session = business()
    if shown_profile(session).is_demo:
        yield "Démonstration – données fictives"
    words = [f"{name} : {value}" for name, value, _ in words_in_force(found.form, asked, "")]
    yield typeset(f"Période : {asked.period}. Filtres : {' ; '.join(words) if words else 'aucun'}")
    yield established()
    yield completeness_words(*funders_that_sent(session, asked.filters), "cette période")
