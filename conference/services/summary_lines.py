"""Which lines stand behind the month of a summary, and what of them may be shown?

Those with an entry booked in the month, with the amounts of that month. The summary of the conférence is made to be
shared: its own lines are whole for a funder that asks for it, all others keep the columns of `LINE_COLUMNS[OTHER]`, and
the command line, which belongs to no funder, gets none whole. The summary of one funder holds its lines alone, whole when
that funder or the command line asks for it. Who may list no line gets no sheet.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from sqlmodel import Session

from conference.data.glossary import label
from conference.data.queries.commitment_filters import MASKED, Filters
from conference.data.queries.commitments import Line, all_commitments, list_commitments
from conference.data.queries.summaries import SummaryScope
from conference.documents.sheet import Cell, CellRow
from conference.documents.summary_annex import SummaryLines
from conference.domain.french import typeset
from conference.domain.permissions import Actor, Relation, Role, is_granted

COLUMNS: tuple[tuple[str, str, Callable[[Line], Cell]], ...] = (
    ("reference", "Référence", lambda line: line.reference),
    ("period", "Date de décision", lambda line: line.decided_on),
    ("month", "Mois de la décision", lambda line: f"{line.month:%m/%Y}"),
    ("funder", "Financeur", lambda line: line.funder),
    ("to_funder", "Versé par", lambda line: line.to_funder),
    ("object", "Objet", lambda line: line.object),
    ("provider", "Prestataire", lambda line: line.provider),
    ("scheme", "Dispositif", lambda line: line.scheme),
    ("audience", "Public", lambda line: line.audience),
    ("nature", "Nature", lambda line: line.nature),
    ("level", "Niveau", lambda line: line.level),
    ("territory", "Territoire", lambda line: line.territory),
    ("sector", "Secteur", lambda line: line.sector),
    ("persons", "Personnes", lambda line: line.persons),
    ("funder_reference", "Référence du financeur", lambda line: line.funder_reference),
    ("status", "État", lambda line: label("commitment_status", line.status) if line.status else None),
    ("committed", "Engagé du mois (€)", lambda line: line.committed),
    ("paid", "Payé du mois (€)", lambda line: line.paid),
    ("still_to_pay", "Engagé moins payé du mois (€)", lambda line: line.still_to_pay),
)
"""Name in LINE_COLUMNS, heading, value. The last three are summed."""


def month_lines(session: Session, month: date, scope: SummaryScope | None, *, by: Actor) -> SummaryLines | None:
    """The lines of the month that `by` may list; None when the matrix grants none."""
    if not is_granted(by, "commitment.list", Relation.OTHER) or not is_granted(by, "commitment.export", Relation.OTHER):
        return None
    reader, whole = _reader(by, scope), _sees_whole(by, scope)
    filters = Filters(funders=(scope.code,) if scope else (), first_month=month, last_month=month)
    columns = [column for column in COLUMNS if whole or column[0] in MASKED]
    totals = list_commitments(session, reader, filters, size=1).totals.sums
    blank: tuple[Cell, ...] = ("Total", *[None] * (len(columns) - 4))
    return SummaryLines(
        headings=tuple(heading for _, heading, _ in columns),
        rows=(_row(line, columns) for line in all_commitments(session, reader, filters, sort="funder")),
        totals=(*blank, totals.committed, totals.paid, totals.still_to_pay),
        note=typeset(_note(whole, scope)),
    )


def _row(line: Line, columns: list[tuple[str, str, Callable[[Line], Cell]]]) -> CellRow:
    return tuple(read(line) for _, _, read in columns)


def _reader(by: Actor, scope: SummaryScope | None) -> Actor:
    """The console sees every line whole, which a document for all may not hold: there it reads as a coordinator does."""
    return replace(by, role=Role.COORDINATOR) if by.role is Role.CONSOLE and scope is None else by


def _sees_whole(by: Actor, scope: SummaryScope | None) -> bool:
    """Is there a line that `by` sees whole in this document?"""
    if by.role is Role.CONSOLE:
        return scope is not None
    return is_granted(by, "commitment.read", Relation.OWN) and (scope is None or scope.id == by.organisation_id)


def _note(whole: bool, scope: SummaryScope | None) -> str:
    if whole and scope:
        return "Les lignes sont celles du financeur, entières ; les montants sont ceux du mois"
    if whole:
        return "Vos lignes sont entières, celles des autres financeurs ne montrent pas tout ; les montants sont ceux du mois"
    return "Les lignes ne montrent que ce que tous les financeurs partagent ; les montants sont ceux du mois"
