"""What does the month's summary say on its one page?

Key figures, what each funder committed and paid (month, year, since the first entry) with the sum, the internal
transfers and the shared total, twelve months as a chart beside their figures, the income gaps, and how it was
counted. The same figures are attached as CSV. Everything is given: this file formats, it computes nothing.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from conference.documents.chart import Chart, Series
from conference.documents.csv_file import csv_bytes
from conference.documents.model import (
    Attachment,
    Beside,
    Block,
    Column,
    Document,
    Figure,
    Heading,
    KeyFigure,
    KeyFigures,
    Row,
    Table,
    Text,
)
from conference.documents.render import render_pdf
from conference.documents.sheet import CellRow, Sheet
from conference.domain.french import SHORT_MONTHS, format_euros, format_instant, format_month, format_number

PARIS = ZoneInfo("Europe/Paris")
PROVISIONAL = "Provisoire"
DEMO = "Démonstration"
METHOD = (
    "Engagé\u202f: engagements moins dégagements. Payé\u202f: paiements moins reversements. "
    "Reste à payer\u202f: engagé moins payé. Chaque écriture compte dans son mois de comptabilisation. "
    "Le total partagé est la somme des financeurs moins les transferts internes, qui sinon compteraient deux fois."
)


@dataclass(frozen=True)
class Amounts:
    """Euros committed, paid and still to pay."""

    committed: Decimal
    paid: Decimal
    still_to_pay: Decimal


@dataclass(frozen=True)
class SummaryLine:
    """One line of the table: the month, the year up to that month, and since the first entry."""

    label: str
    month: Amounts
    year: Amounts
    all_time: Amounts


@dataclass(frozen=True)
class GapFigures:
    """Income gaps: people in a parcours (None when masked, under five), days, and euros (None when not known)."""

    parcours: int | None
    days: int
    need: Decimal | None


@dataclass(frozen=True)
class MonthSummary:
    """All that the summary shows. `month` is its first day; `known_on` the aware instant of the last entry included."""

    conference: str
    region: str
    month: date
    provisional: bool
    demo: bool
    known_on: datetime | None
    lines: tuple[SummaryLine, ...]
    sum_of_funders: SummaryLine
    internal_transfers: SummaryLine
    shared_total: SummaryLine
    twelve_months: tuple[tuple[date, Decimal, Decimal], ...]
    """(first day of the month, committed, paid), oldest first."""
    gaps: GapFigures
    completeness: str


def summary_pdf(summary: MonthSummary) -> bytes:
    """The summary as an archivable, accessible PDF. The same figures give the same bytes."""
    return render_pdf(summary_document(summary))


def summary_reference(month: date) -> str:
    """`date(2026, 3, 1)` → "SYN-2026-03"."""
    return f"SYN-{month:%Y-%m}"


def summary_document(summary: MonthSummary) -> Document:
    """The summary as a document, before any layout."""
    mentions = [word for word, is_so in ((DEMO, summary.demo), (PROVISIONAL, summary.provisional)) if is_so]
    return Document(
        title=f"Synthèse {_of(summary.month)}",
        reference=summary_reference(summary.month),
        conference=summary.conference,
        region=summary.region,
        known_on=summary.known_on,
        lines=(_known(summary.known_on),),
        mentions=tuple(mentions),
        blocks=_blocks(summary),
        attachments=(_figures(summary),),
        description=f"Engagements, paiements et ruptures de revenu {_of(summary.month)}",
    )


def _of(month: date) -> str:
    """Gives "de mars 2026", "d’avril 2026"."""
    written = format_month(month)
    return f"d’{written}" if written[0] in "ao" else f"de {written}"


def _days(number: int) -> str:
    return f"{format_number(number)} jour{'s' if number > 1 else ''}"


def _known(known_on: datetime | None) -> str:
    return f"Connu le {format_instant(known_on.astimezone(PARIS))}" if known_on else "Aucune écriture connue"


def _blocks(summary: MonthSummary) -> tuple[Block, ...]:
    return (
        _key_figures(summary),
        Heading("Par financeur, en euros"),
        _by_funder(summary),
        Heading("Douze mois"),
        Beside(Figure(_chart(summary), height=152), _twelve_months(summary), share=0.58),
        Heading("Ruptures de revenu"),
        Text(_gaps(summary.gaps)),
        Heading("Comment ces chiffres sont comptés"),
        Text(f"{METHOD} {summary.completeness}", style="small"),
    )


def _key_figures(summary: MonthSummary) -> KeyFigures:
    total, month = summary.shared_total, format_month(summary.month)
    need = "À vérifier" if summary.gaps.need is None else format_euros(summary.gaps.need)
    return KeyFigures(
        (
            KeyFigure("Engagé", format_euros(total.month.committed), f"en {month}"),
            KeyFigure("Payé", format_euros(total.month.paid), f"en {month}"),
            KeyFigure("Reste à payer", format_euros(total.all_time.still_to_pay), "depuis l’origine"),
            KeyFigure("Ruptures de revenu", need, f"{_days(summary.gaps.days)} à couvrir"),
        )
    )


def _by_funder(summary: MonthSummary) -> Table:
    month = format_month(summary.month)
    groups = (month[0].upper() + month[1:], f"Année {summary.month.year}", "Depuis l’origine")
    kinds = ("Engagé", "Payé", "Reste à payer")
    columns = (Column("Financeur"), *(Column(kind, True, group) for group in groups for kind in kinds))
    rows = [_row(line) for line in summary.lines]
    rows += [_row(summary.sum_of_funders, strong=True), _row(summary.internal_transfers)]
    rows.append(_row(summary.shared_total, strong=True))
    caption = f"Engagé, payé et reste à payer par financeur, {month}, en euros"
    return Table(caption, columns, tuple(rows), size=7.5, show_caption=False)


def _row(line: SummaryLine, *, strong: bool = False) -> Row:
    amounts = [amount for each in (line.month, line.year, line.all_time) for amount in _three(each)]
    return Row((line.label, *(_figure(amount) for amount in amounts)), strong=strong)


def _three(amounts: Amounts) -> tuple[Decimal, Decimal, Decimal]:
    return amounts.committed, amounts.paid, amounts.still_to_pay


def _figure(amount: Decimal) -> str:
    """An amount in a table whose heading names the unit."""
    return format_euros(amount).removesuffix("\u00a0€")


def _chart(summary: MonthSummary) -> Chart:
    months = [month for month, _, _ in summary.twelve_months]
    years = {month.year for month in months}
    first = {min(month for month in months if month.year == year) for year in years}
    names = [SHORT_MONTHS[month.month - 1] + (f"\n{month.year}" if month in first else "") for month in months]
    committed = Series("Engagé", tuple(amount for _, amount, _ in summary.twelve_months))
    paid = Series("Payé", tuple(amount for _, _, amount in summary.twelve_months))
    description = "Barres par mois\u202f: engagé et payé, total partagé. Les chiffres sont dans le tableau qui suit."
    source = "registre commun de la conférence, total partagé."
    return Chart("Engagé et payé sur douze mois", description, tuple(names), (committed, paid), source=source)


def _twelve_months(summary: MonthSummary) -> Table:
    columns = (Column("Mois"), Column("Engagé (€)", True), Column("Payé (€)", True))
    rows = tuple(
        Row((format_month(month), _figure(committed), _figure(paid)))
        for month, committed, paid in summary.twelve_months
    )
    return Table("Engagé et payé par mois, total partagé, en euros", columns, rows, size=7.5, show_caption=False)


def _gaps(gaps: GapFigures) -> str:
    if gaps.parcours == 0:
        return "Aucune rupture de revenu connue dans les parcours en cours."
    count = "moins de 5" if gaps.parcours is None else format_number(gaps.parcours)
    need = "montant à vérifier" if gaps.need is None else f"{format_euros(gaps.need)} à trouver"
    return f"Parcours concernés\u202f: {count}. Sans revenu\u202f: {_days(gaps.days)}. Besoin de relais\u202f: {need}."


def _figures(summary: MonthSummary) -> Attachment:
    """The figures of the page as CSV for French Excel."""
    reference = summary_reference(summary.month)
    sheet = Sheet(
        title=f"Synthèse – {format_month(summary.month)}",
        notes=(summary.conference, _known(summary.known_on)),
        headings=("Tableau", "Libellé", "Période", "Engagé", "Payé", "Reste à payer"),
        rows=_csv_rows(summary),
    )
    name = f"{reference}.csv"
    return Attachment(name, "text/csv", csv_bytes(sheet), f"Chiffres de la synthèse {reference}", "Data")


def _csv_rows(summary: MonthSummary) -> list[CellRow]:
    month, year = f"{summary.month:%Y-%m}", f"{summary.month:%Y}"
    rows: list[CellRow] = []
    for line in (*summary.lines, summary.sum_of_funders, summary.internal_transfers, summary.shared_total):
        periods = ((month, line.month), (year, line.year), ("origine", line.all_time))
        rows += [("Financeurs", line.label, period, *_three(amounts)) for period, amounts in periods]
    rows += [
        ("Douze mois", "Total partagé", f"{day:%Y-%m}", committed, paid, None)
        for day, committed, paid in summary.twelve_months
    ]
    gaps = summary.gaps
    count: str | int = "moins de 5" if gaps.parcours is None else gaps.parcours
    rows.append(("Ruptures de revenu", "Parcours", month, count, None, None))
    rows.append(("Ruptures de revenu", "Jours", month, gaps.days, None, None))
    rows.append(("Ruptures de revenu", "Besoin de relais", month, gaps.need, None, None))
    return rows
