"""How does the list of alerts become a file, exactly?

Same filters, same order, all its pages; pseudonyms only, no nominative datum. The first lines state the filters, the date and
the author; formulas are neutralised by `documents`.
"""

from collections.abc import Callable, Iterator

from flask import Blueprint, Response, g

from conference.data.glossary import label
from conference.data.queries.alerts import AlertLine, all_alerts
from conference.data.queries.profile import shown_profile
from conference.documents.csv_file import csv_bytes
from conference.documents.sheet import Cell, Sheet
from conference.documents.workbook import xlsx_bytes
from conference.domain.file_kinds import XLSX
from conference.domain.french import day_in_france, format_number, typeset
from conference.domain.money import ZERO
from conference.web.access import actor, right
from conference.web.alerts import DUE, NAMES, OWNER_NAMES, SORT_NAMES, asked_filters
from conference.web.exports import established
from conference.web.transaction import business

pages = Blueprint("alert_export", __name__)

COLUMNS: tuple[tuple[str, Callable[[AlertLine], Cell]], ...] = (
    ("Alerte", lambda line: label("alert_code", line.code)),
    ("Parcours ou convention", lambda line: line.about),
    ("Référent", lambda line: line.referent or None),
    ("Sur", lambda line: line.subject or None),
    ("Constat", lambda line: line.message),
    ("Gravité", lambda line: label("alert_severity", line.severity)),
    ("Premier jour", lambda line: line.first_day),
    ("Échéance", lambda line: line.due_on or line.first_day),
    ("Pour", lambda line: line.organisation),
    ("Responsable", lambda line: line.owner),
    ("Ouverte le", lambda line: day_in_france(line.opened_at)),
    ("État", lambda line: label("alert_status", line.status)),
    ("Issue", lambda line: label("alert_outcome", line.outcome) if line.outcome else None),
    ("Jours", lambda line: line.days),
    ("Euros (€)", lambda line: line.need),
)


@pages.get("/alertes/export.xlsx")
@right("alert.list")
def xlsx() -> Response:
    """The list as a workbook."""
    return _sent(xlsx_bytes, XLSX, "xlsx")


@pages.get("/alertes/export.csv")
@right("alert.list")
def csv() -> Response:
    """The list as CSV for French Excel."""
    return _sent(csv_bytes, "text/csv; charset=utf-8", "csv")


def _sent(make: Callable[[Sheet], bytes], kind: str, ending: str) -> Response:
    asked, filters = asked_filters()
    lines = all_alerts(business(), actor(), filters)
    gaps = [line for line in lines if line.code == "income_gap"]
    blank: list[Cell] = ["Jours sans revenu", *[None] * (len(COLUMNS) - 3)]
    sheet = Sheet(
        title=f"Alertes – {shown_profile(business()).name}",
        notes=tuple(_notes(asked, len(lines))),
        headings=tuple(heading for heading, _ in COLUMNS),
        rows=(tuple(read(line) for _, read in COLUMNS) for line in lines),
        totals=(*blank, sum(line.days for line in gaps), sum((line.need or ZERO for line in gaps), ZERO)),
        known_on=g.at,
    )
    name = f"alertes-{day_in_france(g.at):%Y-%m-%d}.{ending}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(make(sheet), content_type=kind, headers=headers)


def _notes(asked: dict[str, str], count: int) -> Iterator[str]:
    if shown_profile(business()).is_demo:
        yield "Démonstration – données fictives"
    words = [("État", NAMES[asked["statut"]]), ("Ordre", SORT_NAMES[asked["tri"]])]
    if asked["type"]:
        words.append(("Alerte", label("alert_code", asked["type"])))
    if asked["gravite"]:
        words.append(("Gravité", label("alert_severity", asked["gravite"])))
    if asked["responsable"]:
        words.append(("Responsable", OWNER_NAMES[asked["responsable"]]))
    if asked["echeance"]:
        words.append(("À régler dans", DUE[asked["echeance"]]))
    yield typeset("Filtres : " + " ; ".join(f"{name} : {value}" for name, value in words))
    yield established()
    yield typeset(f"Lignes : {format_number(count)}. Celles des parcours et des conventions que vous pouvez lire.")
