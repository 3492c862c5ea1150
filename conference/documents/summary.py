"""What does the month's summary say, page by page?

Key figures with what they were a year earlier, by funder, by scheme and audience, by nature and territory, who funds
what, twelve months, completeness, income gaps, and how it was counted: each part can be read alone, on paper, in black
and white. The same figures are attached as CSV. Everything is given: this file formats, it computes nothing.
"""

from decimal import Decimal

from conference.documents.chart import Chart, Flows
from conference.documents.csv_file import csv_bytes
from conference.documents.grid import Grid, grid_table, grid_values
from conference.documents.model import (
    Attachment,
    Block,
    Document,
    Figure,
    Heading,
    Items,
    KeyFigure,
    KeyFigures,
    Text,
    Together,
)
from conference.documents.render import render_pdf
from conference.documents.sheet import Sheet
from conference.documents.summary_charts import flows_chart, months_chart, territory_chart
from conference.documents.summary_content import MonthSummary
from conference.documents.summary_grids import (
    all_grids,
    completeness_grid,
    crossing_grid,
    flows_grid,
    funder_ever_grid,
    funder_month_grid,
    funder_year_grid,
    gaps_grid,
    gaps_words,
    key_grid,
    months_grid,
    nature_grid,
    territory_grid,
)
from conference.documents.summary_words import (
    DEMO,
    PROVISIONAL,
    capital,
    completeness,
    counted,
    definitions,
    known,
    of_month,
    perimeter,
    year_before,
    year_to_date,
)
from conference.domain.french import format_euros, format_month, format_number


def summary_pdf(summary: MonthSummary) -> bytes:
    """The summary as an archivable, accessible PDF. The same figures give the same bytes."""
    return render_pdf(summary_document(summary))


def summary_title(summary: MonthSummary) -> str:
    """Gives "Synthèse de mars 2026"."""
    return f"Synthèse {of_month(summary.month)}"


def mentions(summary: MonthSummary) -> tuple[str, ...]:
    """The words that the document bears on each page."""
    return tuple(word for word, is_so in ((DEMO, summary.demo), (PROVISIONAL, summary.provisional)) if is_so)


def summary_document(summary: MonthSummary) -> Document:
    """The summary as a document, before any layout."""
    return Document(
        title=summary_title(summary),
        reference=summary.reference,
        conference=summary.conference,
        region=summary.region,
        known_on=summary.known_on,
        lines=(perimeter(summary), known(summary.known_on)),
        mentions=mentions(summary),
        blocks=tuple(_blocks(summary)),
        attachments=(_figures(summary),),
        description=f"Engagements, paiements et ruptures de revenu {of_month(summary.month)}",
    )


def _blocks(summary: MonthSummary) -> list[Block]:
    return [
        *_key(summary),
        *_by_funder(summary),
        *_crossing(summary),
        *_by_member(summary),
        *_flows(summary),
        *_months(summary),
        *_completeness(summary),
        *_gaps(summary),
        *_method(summary),
    ]


def _key(summary: MonthSummary) -> list[Block]:
    key, before = summary.key, format_month(year_before(summary.month))
    gaps, note = gaps_words(summary)
    figures = (
        KeyFigure("Engagé du mois", format_euros(key.month.now.committed), _was(key.month.before.committed, before)),
        KeyFigure("Payé du mois", format_euros(key.month.now.paid), _was(key.month.before.paid, before)),
        KeyFigure("Reste à payer", format_euros(key.ever.now.still_to_pay), "depuis l’origine"),
        KeyFigure("Personnes prévues", _persons(summary), year_to_date(summary.month)),
        KeyFigure("Ruptures de revenu", gaps, note),
    )
    said = Text(completeness(summary.sent, summary.month), style="small")
    return [Heading("Chiffres clés"), KeyFigures(figures), _table(key_grid(summary)), said]


def _was(amount: Decimal, before: str) -> str:
    return f"{before}\u202f: {format_euros(amount)}"


def _persons(summary: MonthSummary) -> str:
    shown = counted(summary.key.persons.now)
    return shown if isinstance(shown, str) else format_number(shown)


def _table(grid: Grid, *, size: float = 8) -> Block:
    return grid_table(grid, size=size)


def _by_funder(summary: MonthSummary) -> list[Block]:
    ever = funder_ever_grid(summary)
    since = (_table(ever), Text(ever.note, style="small"))
    if summary.scope is not None:
        return [Together((Heading("Depuis l’origine"), *since))]
    month = Heading(capital(format_month(summary.month)), 2)
    return [
        Together((Heading("Par financeur"), month, _table(funder_month_grid(summary)))),
        Together((Heading(f"Année, {year_to_date(summary.month)}", 2), _table(funder_year_grid(summary)))),
        Together((Heading("Depuis l’origine", 2), *since)),
    ]


def _crossing(summary: MonthSummary) -> list[Block]:
    return [Together((Heading("Par dispositif et par public"), _table(crossing_grid(summary), size=7.5)))]


def _by_member(summary: MonthSummary) -> list[Block]:
    nature = (Heading("Nature de la dépense", 2), _table(nature_grid(summary)))
    chart = _drawn(territory_chart(summary), 330)
    territory = (Heading("Territoire", 2), *chart, _table(territory_grid(summary)))
    return [Together((Heading("Par nature et par territoire"), *nature)), Together(territory)]


def _drawn(chart: Chart | Flows, height: float) -> tuple[Block, Block]:
    """The drawing under its title: each is understood alone."""
    return Text(chart.title, style="strong"), Figure(chart, height=height)


def _flows(summary: MonthSummary) -> list[Block]:
    drawing = _drawn(flows_chart(summary), 290)
    return [Together((Heading("Qui finance quoi"), *drawing, _table(flows_grid(summary, whole=False), size=7.5)))]


def _months(summary: MonthSummary) -> list[Block]:
    committed, paid = months_chart(summary, "committed", "Engagé"), months_chart(summary, "paid", "Payé")
    return [
        Together((Heading("Douze mois"), *_drawn(committed, 160), *_drawn(paid, 160), _table(months_grid(summary))))
    ]


def _completeness(summary: MonthSummary) -> list[Block]:
    said = Text(completeness(summary.sent, summary.month))
    return [Together((Heading("Complétude"), said, _table(completeness_grid(summary))))]


def _gaps(summary: MonthSummary) -> list[Block]:
    if not summary.gaps.is_hidden and not summary.gaps.parcours:
        told: Block = Text("Aucune rupture de revenu connue dans les parcours en cours.")
    else:
        told = _table(gaps_grid(summary))
    return [Together((Heading("Ruptures de revenu"), told))]


def _method(summary: MonthSummary) -> list[Block]:
    some = Items(summary.precautions) if summary.precautions else Text("Aucune précaution particulière.")
    return [
        Together((Heading("Comment ces chiffres sont comptés"), Items(definitions()))),
        Together((Heading("Précautions"), some)),
    ]


def _figures(summary: MonthSummary) -> Attachment:
    """Every figure of the tables as CSV for French Excel, one a line."""
    sheet = Sheet(
        title=f"{summary_title(summary)} – {summary.conference}",
        notes=(*mentions(summary), perimeter(summary), known(summary.known_on)),
        headings=("Tableau", "Ligne", "Colonne", "Valeur"),
        rows=[row for grid in all_grids(summary) for row in grid_values(grid)],
    )
    reference = summary.reference
    return Attachment(f"{reference}.csv", "text/csv", csv_bytes(sheet), f"Chiffres de la synthèse {reference}", "Data")
