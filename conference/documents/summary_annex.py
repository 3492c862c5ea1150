"""What does the workbook beside the summary hold?

A first sheet that says what it is, one sheet per table of the document with the same figures, all the flows, and the
lines behind the month where the reader may list them. Numbers are numbers; formulas are neutralised by `workbook.py`.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from conference.documents.grid import grid_sheet
from conference.documents.sheet import CellRow, Sheet
from conference.documents.summary import mentions, summary_title
from conference.documents.summary_content import MonthSummary
from conference.documents.summary_grids import annex_grids
from conference.documents.summary_words import DEFINITIONS, completeness, known, perimeter
from conference.documents.workbook import book_bytes
from conference.domain.french import format_month, format_number, typeset


@dataclass(frozen=True)
class SummaryLines:
    """The lines with an entry booked in the month, with the amounts of that month; `totals` is their sum."""

    headings: tuple[str, ...]
    rows: Iterable[CellRow]
    totals: CellRow
    note: str


def summary_annex(summary: MonthSummary, lines: SummaryLines | None) -> bytes:
    """The workbook. The same figures and lines give the same bytes. `lines` None: the reader may list none."""
    said = (*mentions(summary), perimeter(summary), known(summary.known_on))
    sheets = [_read_me(summary, lines), *(grid_sheet(grid, said, summary.known_on) for grid in annex_grids(summary))]
    if lines is not None:
        sheets.append(_lines(summary, lines, said))
    return book_bytes(f"{summary_title(summary)} – annexe", sheets, summary.known_on)


def _lines(summary: MonthSummary, lines: SummaryLines, said: tuple[str, ...]) -> Sheet:
    title = f"Lignes ayant une écriture comptabilisée en {format_month(summary.month)}"
    widths = tuple(18 if heading.endswith("(€)") else 28 for heading in lines.headings)
    notes, known_on = (*said, lines.note), summary.known_on
    return Sheet(title, notes, lines.headings, lines.rows, lines.totals, known_on, name="Lignes", widths=widths)


def _read_me(summary: MonthSummary, lines: SummaryLines | None) -> Sheet:
    rows: list[CellRow] = [
        ("Document", f"{summary_title(summary)}, référence {summary.reference}"),
        ("Conférence", " – ".join(filter(None, (summary.conference, summary.region)))),
        ("Périmètre", perimeter(summary)),
        ("Connaissance", known(summary.known_on)),
        ("État", "Provisoire, le mois n’est pas clôturé" if summary.provisional else "Mois clôturé"),
        ("Complétude", completeness(summary.sent, summary.month)),
        ("Montants", "En euros, exacts au centime ; chaque feuille reprend un tableau du document"),
        ("Petits nombres", f"Un nombre de personnes inférieur à {format_number(summary.threshold)} n’est pas publié"),
        ("Lignes", lines.note if lines else "Cette annexe ne contient pas les lignes du registre"),
        *DEFINITIONS.items(),
        *(("Précaution", text) for text in summary.precautions),
    ]
    told = [tuple(typeset(str(cell)) for cell in row) for row in rows]
    return Sheet(
        title=f"{summary_title(summary)} – annexe",
        notes=mentions(summary),
        headings=("Rubrique", "Contenu"),
        rows=told,
        known_on=summary.known_on,
        name="Lire",
        widths=(34, 100),
        wraps=True,
    )
