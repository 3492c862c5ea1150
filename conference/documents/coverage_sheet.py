"""What does a person read about the income of their training, on one page to take away?

Plain sentences in the second person: what was looked at, the days drawn, who pays what until when, what nobody pays
and why, who could take over, what remains to check. It is no decision and says so. Nothing names the person: a line
is left to write on.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from conference.documents.coverage_timeline import Label, coverage_timeline, days
from conference.documents.model import (
    Block,
    Column,
    Document,
    Figure,
    Heading,
    Items,
    KeyFigure,
    KeyFigures,
    Row,
    Table,
    Text,
)
from conference.documents.render import render_pdf
from conference.domain.case import Case
from conference.domain.french import format_date, format_euros
from conference.domain.period import Period
from conference.domain.segment import Coverage, CoverageStatus, Segment, Takeover
from conference.domain.verdict import Condition, Verdict

DEMO = "Démonstration"


@dataclass(frozen=True)
class CoverageSheet:
    """A case, its answer, and what the instance is called. `known_on`: aware instant at which it was made."""

    case: Case
    found: Coverage
    conference: str
    known_on: datetime
    region: str = ""
    demo: bool = False


def coverage_sheet(sheet: CoverageSheet, label: Label) -> bytes:
    """The page as an archivable, accessible PDF. The same case gives the same bytes on the same instant."""
    return render_pdf(coverage_document(sheet, label))


def coverage_document(sheet: CoverageSheet, label: Label) -> Document:
    """The page as a document, before any layout. `label(group, code)`: the French name of a code."""
    day = sheet.case.known_on or sheet.known_on.date()
    return Document(
        title="Votre revenu pendant la formation",
        reference=f"Simulation du {format_date(sheet.known_on.date())}",
        conference=sheet.conference,
        region=sheet.region,
        known_on=sheet.known_on,
        lines=(f"D’après ce qui est connu au {format_date(day)}", "Document indicatif, qui ne vaut pas décision"),
        mentions=(DEMO,) if sheet.demo else (),
        blocks=tuple(_blocks(sheet.case, sheet.found, label)),
        description="Qui paie chaque jour d’une formation, quels jours personne ne paie, et qui peut prendre le relais",
    )


def payer_name(code: str | None, label: Label) -> str:
    """A payer's code as a person reads it: the name of that kind of organisation, else the code's own words."""
    if code is None:
        return "Personne"
    try:
        return label("organisation_kind", code)
    except LookupError:
        return code.replace("_", " ").capitalize()


def sentences(found: Coverage) -> list[str]:
    """What matters, in one sentence for each thing; the days without income first."""
    told = []
    for gap in (one for one in found.segments if one.status is CoverageStatus.GAP):
        amount = "un montant qui reste à vérifier" if gap.amount is None else format_euros(gap.amount)
        told.append(
            f"{_capital(_between(gap.period))}, personne ne paie pendant {days(gap.days)}, soit {amount} à trouver."
        )
    if not told:
        told.append("Chaque jour qui demande un revenu est payé ou peut l’être.")
    if found.days.presumed:
        told.append(
            f"{_capital(days(found.days.presumed))} sont présumés payés par la loi, la décision reste à demander."
        )
    if found.days.available:
        told.append(
            f"{_capital(days(found.days.available))} peuvent être payés par une convention, à demander au financeur."
        )
    if found.reduced.days:
        told.append(
            f"Pendant {days(found.reduced.days)}, le revenu baisse, au total de {format_euros(found.reduced.loss)}."
        )
    return told


def _blocks(case: Case, found: Coverage, label: Label) -> Iterator[Block]:
    yield Text("Nom et prénom ………………………………………………………………………………………………")
    yield Text(" ".join((_looked_at(case), *sentences(found))), "strong")
    yield KeyFigures(tuple(_figures(found)))
    drawn = coverage_timeline(case, found, label)
    if drawn is not None:
        yield Figure(drawn)
    yield _segments(found.segments, label)
    yield from _why(found.segments)
    yield from _takeover(found.takeover, label)
    yield Text(
        "Le besoin est compté au dernier montant par jour connu. Seul le payeur décide. Dites-lui tout changement "
        "(dates, absence, emploi), et demandez sa réponse par écrit avant la fin de vos droits.",
        "small",
    )


def _looked_at(case: Case) -> str:
    spans = [_between(step.period) for step in case.steps if step.needs_income]
    if not spans:
        return "Aucune étape ne demande de revenu."
    return f"Votre formation se déroule {' puis '.join(spans)}."


def _figures(found: Coverage) -> Iterator[KeyFigure]:
    counts = found.days
    yield KeyFigure("À couvrir", days(counts.needed))
    yield KeyFigure("Payés", days(counts.covered), f"et {days(counts.presumed)} présumés" if counts.presumed else "")
    yield KeyFigure("Sans revenu", days(counts.gap))
    yield KeyFigure("À trouver", "à vérifier" if found.need is None else format_euros(found.need))


def _segments(segments: Sequence[Segment], label: Label) -> Table:
    columns = (
        Column("Période"),
        Column("Jours", numeric=True),
        Column("État"),
        Column("Qui paie"),
        Column("Par jour", numeric=True),
        Column("Montant", numeric=True),
    )
    rows = tuple(Row(_cells(one, label), strong=one.status is CoverageStatus.GAP) for one in segments)
    return Table("Qui paie quoi, jusqu’à quand", columns, rows, "Aucun jour ne demande de revenu.", size=8)


def _cells(segment: Segment, label: Label) -> tuple[str, ...]:
    daily, amount = segment.daily_amount, segment.amount
    paying = payer_name(segment.payer, label)
    return (
        _between(segment.period),
        str(segment.days),
        label("coverage_status", segment.status),
        paying if segment.kind is None else f"{paying}, {label('right_kind', segment.kind)}",
        "à vérifier" if daily is None else format_euros(daily),
        "à vérifier" if amount is None else format_euros(amount),
    )


def _why(segments: Sequence[Segment]) -> Iterator[Block]:
    """The reason of each gap, then what remains to check in the rest."""
    told = list(dict.fromkeys(one.reason.text for one in segments if one.status is CoverageStatus.GAP))
    told += _to_check(one for segment in segments for one in segment.why)
    if told:
        yield Heading("Pourquoi, et ce qui reste à vérifier", 1, numbered=False)
        yield Items(tuple(told[:8]))


def _to_check(conditions: Iterator[Condition]) -> list[str]:
    return list(dict.fromkeys(each.text for each in conditions if each.verdict is Verdict.TO_CHECK))


def _takeover(rows: Sequence[Takeover], label: Label) -> Iterator[Block]:
    """Each scheme once: those that can or might pay with what to ask, then those that cannot with the reason."""
    if not rows:
        return
    yield Heading("Qui peut prendre le relais", 1, numbered=False)
    by_scheme: dict[str, Takeover] = {}
    for row in rows:
        best = by_scheme.get(row.scheme)
        if best is None or _order(row) < _order(best):
            by_scheme[row.scheme] = row
    ordered = sorted(by_scheme.values(), key=_order)
    yield Items(tuple(_scheme(row, label) for row in ordered))


def _order(row: Takeover) -> int:
    return (Verdict.YES, Verdict.TO_CHECK, Verdict.NO).index(row.verdict)


def _scheme(row: Takeover, label: Label) -> str:
    deciding = [one.text for one in row.why if one.verdict is row.verdict]
    said = label("verdict", row.verdict).lower()
    reason = "Les conditions sont remplies." if row.verdict is Verdict.YES else " ".join(deciding[:2])
    return f"{label('scheme', row.scheme)}, {said}. {reason}"


def _between(period: Period) -> str:
    if period.days == 1:
        return f"le {format_date(period.first)}"
    return f"du {format_date(period.first)} au {format_date(period.last)}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
