"""How does the list on screen become a file, exactly?

Same filters, same order, same masked columns, all its pages. The first lines state the filters, the date, the author and
the completeness; formulas are neutralised by `documents`.
"""

from collections.abc import Callable, Iterator
from decimal import Decimal

from flask import Blueprint, Response, g, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from conference.data.glossary import label
from conference.data.queries.commitment_filters import Filters
from conference.data.queries.commitments import Line, Page, all_commitments, list_commitments
from conference.data.queries.completeness import funders_that_sent
from conference.data.queries.profile import shown_profile
from conference.documents.csv_file import csv_bytes
from conference.documents.sheet import Cell, CellRow, Sheet
from conference.documents.workbook import xlsx_bytes
from conference.domain.file_kinds import XLSX
from conference.domain.french import PARIS, day_in_france, format_euros, format_instant, format_number, typeset
from conference.web.access import actor, right
from conference.web.commitment_filters import FilterForm, filter_form, filters_of, query_sort, sort_of, words_of
from conference.web.transaction import business

pages = Blueprint("export", __name__)

COLUMNS: tuple[tuple[str, Callable[[Line], Cell]], ...] = (
    ("Référence", lambda line: line.reference),
    ("Date de décision", lambda line: line.decided_on),
    ("Mois", lambda line: f"{line.month:%m/%Y}"),
    ("Financeur", lambda line: line.funder),
    ("Versé par", lambda line: line.to_funder),
    ("Objet", lambda line: line.object),
    ("Prestataire", lambda line: line.provider),
    ("SIRET du prestataire", lambda line: line.provider_siret),
    ("Dispositif", lambda line: line.scheme),
    ("Public", lambda line: line.audience),
    ("Nature", lambda line: line.nature),
    ("Niveau", lambda line: line.level),
    ("Territoire", lambda line: line.territory),
    ("Secteur", lambda line: line.sector),
    ("Début", lambda line: line.first),
    ("Fin", lambda line: line.last),
    ("Personnes", lambda line: line.persons),
    ("Votre référence", lambda line: line.funder_reference),
    ("Référence de la décision", lambda line: line.decision_reference),
    ("Numéro comptable", lambda line: line.accounting_number),
    ("État", lambda line: label("commitment_status", line.status) if line.status else None),
    ("Prévision (€)", lambda line: line.forecast),
    ("Engagé (€)", lambda line: line.committed),
    ("Payé (€)", lambda line: line.paid),
    ("Reste à payer (€)", lambda line: line.still_to_pay),
)
AMOUNTS = 4
"""The last columns, which are summed."""


@pages.get("/engagements/export.xlsx")
@right("commitment.export")
def xlsx() -> AnyResponse:
    """The list as a workbook."""
    return _sent(xlsx_bytes, XLSX, "xlsx")


@pages.get("/engagements/export.csv")
@right("commitment.export")
def csv() -> AnyResponse:
    """The list as CSV for French Excel."""
    return _sent(csv_bytes, "text/csv; charset=utf-8", "csv")


def _sent(make: Callable[[Sheet], bytes], kind: str, ending: str) -> AnyResponse:
    form = filter_form(business(), actor(), request.args)
    if not form.validate():
        return redirect("/engagements?" + request.query_string.decode("ascii", "replace"))
    name = f"engagements-{day_in_france(g.at):%Y-%m-%d}.{ending}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(make(_sheet(form)), content_type=kind, headers=headers)


def _sheet(form: FilterForm) -> Sheet:
    session, reader, filters = business(), actor(), filters_of(form)
    page = list_commitments(session, reader, filters, size=1)
    lines = all_commitments(session, reader, filters, sort=query_sort(sort_of(request.args)))
    return Sheet(
        title=f"Engagements – {shown_profile(session).name}",
        notes=tuple(_notes(form, filters, page)),
        headings=tuple(heading for heading, _ in COLUMNS),
        rows=(_row(line) for line in lines),
        totals=_totals(page),
        known_on=g.at,
    )


def _row(line: Line) -> CellRow:
    return tuple(read(line) for _, read in COLUMNS)


def _totals(page: Page) -> CellRow:
    sums = page.totals.sums
    blank: list[Cell] = ["Total"] + [None] * (len(COLUMNS) - AMOUNTS - 1)
    return (*blank, None, sums.committed, sums.paid, sums.still_to_pay)


def _notes(form: FilterForm, filters: Filters, page: Page) -> Iterator[str]:
    if shown_profile(business()).is_demo:
        yield "Démonstration – données fictives"
    words = [typeset(f"{name} : {value}") for _, name, value in words_of(form)]
    yield typeset("Filtres : ") + (" ; ".join(words) if words else "aucun")
    yield established()
    yield completeness_words(*funders_that_sent(business(), filters), "cette sélection")
    if filters.by_month:
        yield "Montants : écritures comptabilisées dans les mois demandés"
    yield typeset(f"Lignes : {format_number(page.totals.count)}. Celles des autres financeurs ne montrent pas tout.")
    if page.hidden.count:
        yield _together(page)
    if page.internal.committed or page.internal.paid:
        yield typeset(
            f"Transferts internes : {format_euros(page.internal.committed)} engagés ; "
            f"total partagé : {format_euros(page.shared_committed)} engagés, {format_euros(page.shared_paid)} payés"
        )


def _together(page: Page) -> str:
    committed: Decimal = page.hidden.sums.committed
    return typeset(
        f"En plus, {format_number(page.hidden.count)} lignes d’autres financeurs, connues ensemble seulement : "
        f"{format_euros(committed)} engagés, {format_euros(page.hidden.sums.paid)} payés"
    )


def established() -> str:
    """When and by whom a file is made."""
    who = f"{actor().label}, {actor().organisation_label}"
    return typeset(f"Établi le {format_instant(g.at.astimezone(PARIS))} par {who}")


def completeness_words(sent: int, expected: int, where: str) -> str:
    """« 5 financeurs sur 7 », in a file."""
    told = f"{sent} financeurs sur {expected} ont" if sent > 1 else f"{sent} financeur sur {expected} a"
    return typeset(f"Complétude : {told} des écritures dans {where}")
