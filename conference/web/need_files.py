"""How do the table of needs, and the figures of a convention, become files?

The same builders and the same filters. What leaves the screen is published: sums of fewer persons than the published threshold
are hidden, whoever downloads them, and others with them so that none can be found (SEMANTICS §4).
"""

from collections.abc import Callable, Iterator

from flask import Blueprint, Response, current_app, g, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from conference.data.queries.convention_figures import ConventionFigures, convention_figures
from conference.data.queries.needs import needs_by
from conference.data.queries.profile import shown_profile
from conference.documents.csv_file import csv_bytes
from conference.documents.sheet import Cell, CellRow, Sheet
from conference.documents.workbook import xlsx_bytes
from conference.domain.file_kinds import XLSX
from conference.domain.french import day_in_france, typeset
from conference.domain.needs import Member, Need, NeedTable
from conference.web.access import actor, right
from conference.web.exports import established
from conference.web.need_filters import ROOT, Asked, GroupForm, NeedForm, asked_of, need_form, words_in_force
from conference.web.needs import axis_name
from conference.web.transaction import business

pages = Blueprint("need_file", __name__)


@pages.get(f"{ROOT}/export.xlsx")
@right("need.read")
def xlsx() -> AnyResponse:
    """The table as a workbook."""
    return _sent(_table_sheet, xlsx_bytes, XLSX, "xlsx")


@pages.get(f"{ROOT}/export.csv")
@right("need.read")
def csv() -> AnyResponse:
    """The table as CSV for French Excel."""
    return _sent(_table_sheet, csv_bytes, "text/csv; charset=utf-8", "csv")


@pages.get(f"{ROOT}/convention.xlsx")
@right("alert.list")
def convention() -> AnyResponse:
    """The figures of a convention as a workbook."""
    return _sent(_convention_sheet, xlsx_bytes, XLSX, "xlsx")


def _sent(
    sheet: Callable[[NeedForm, Asked], Sheet], make: Callable[[Sheet], bytes], kind: str, ending: str
) -> AnyResponse:
    form = need_form(business(), request.args)
    if not form.validate():
        return redirect(f"{ROOT}?{request.query_string.decode('ascii', 'replace')}")
    made = sheet(form, asked_of(form))
    name = f"{made.name.replace(' ', '-')}-{day_in_france(g.at):%Y-%m-%d}.{ending}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(make(made), content_type=kind, headers=headers)


def _table_sheet(form: NeedForm, asked: Asked) -> Sheet:
    rows, columns = form.axes
    table = needs_by(business(), actor(), asked.filters, rows, columns, threshold=_threshold(), published=True)

    def line(row: Member | None) -> CellRow:
        cells = [_need(table.find(row.code if row else None, column)) for column in _codes(table)]
        return (row.label if row else "Total", *(each for cell in cells for each in cell))

    return Sheet(
        title=f"Besoin de relais, {axis_name(rows).lower()} par {axis_name(columns).lower()}, {asked.period}",
        notes=tuple(_notes(form, asked, hides=table.hides)),
        headings=_headings(axis_name(rows), table, ("jours", "€", "jours sans montant")),
        rows=[line(each) for each in table.rows],
        totals=line(None),
        known_on=g.at,
        name="besoin de relais",
    )


def _convention_sheet(form: GroupForm, asked: Asked) -> Sheet:
    figures = convention_figures(business(), actor(), asked.filters, threshold=_threshold(), published=True)
    table = figures.table

    def line(row: Member | None) -> CellRow:
        code = row.code if row else None
        cells = [(_persons(figures, code, column), *_need(table.find(code, column))) for column in _codes(table)]
        return (row.label if row else "Total", *(each for cell in cells for each in cell))

    return Sheet(
        title=f"Chiffres d’une convention, {asked.period}",
        notes=(
            *_notes(form, asked, hides=table.hides),
            "Une personne qui a des jours sans payeur pendant deux mois compte dans chacun, et une fois dans le total.",
        ),
        headings=_headings("Mois", table, ("personnes", "jours", "€", "jours sans montant")),
        rows=[line(each) for each in table.rows],
        totals=line(None),
        known_on=g.at,
        name="chiffres convention",
    )


def _codes(table: NeedTable) -> tuple[str | None, ...]:
    return (*(each.code for each in table.columns), None)


def _headings(first: str, table: NeedTable, measures: tuple[str, ...]) -> tuple[str, ...]:
    names = [*(each.label for each in table.columns), "Total"]
    return (first, *(f"{name} ({measure})" for name in names for measure in measures))


def _need(need: Need | None) -> tuple[Cell, Cell, Cell]:
    if need is None:
        return (_mask(),) * 3
    return (need.days, need.amount, need.unknown_days) if need.days else (None, None, None)


def _persons(figures: ConventionFigures, row: str | None, column: str | None) -> Cell:
    persons = figures.persons_of(row, column)
    return _mask() if persons is None else persons or None


def _mask() -> str:
    return f"moins de {_threshold()} ou protégé"


def _threshold() -> int:
    found: int = current_app.extensions["settings"].published_threshold
    return found


def _notes(form: GroupForm, asked: Asked, *, hides: bool) -> Iterator[str]:
    if shown_profile(business()).is_demo:
        yield "Démonstration – données fictives"
    words = [f"{name} : {value}" for name, value, _ in words_in_force(form, asked, "")]
    yield typeset(f"Filtres : {' ; '.join(words) if words else 'aucun'}")
    yield established()
    yield "Jours de formation que personne ne paie. Les jours sans montant connu ne valent pas zéro euro."
    if hides:
        yield typeset(f"« {_mask()} » : moins de {_threshold()} personnes, ou un chiffre qui ferait retrouver ceux-là.")
