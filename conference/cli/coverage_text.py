"""How is the answer of the engine told to a person at a terminal?

One paragraph of figures, one line by segment with its reasons under it, then what else the answer holds. The words
are those of the glossary; whoever wants to compute reads the JSON.
"""

from collections.abc import Iterable, Iterator

from conference.data.glossary import label
from conference.domain.french import format_date, format_euros, format_number, typeset
from conference.domain.period import Period
from conference.domain.segment import Coverage, CoverageStatus, Segment
from conference.domain.verdict import Condition, Verdict

VERDICTS = {Verdict.YES: "oui", Verdict.NO: "non", Verdict.TO_CHECK: "à vérifier"}
UNKNOWN = "montant à vérifier"


def told(found: Coverage, number: int) -> list[str]:
    """The lines that tell the answer of one case; `number` counts from 1."""
    return [*_figures(found, number), *_segments(found.segments), *_others(found)]


def _figures(found: Coverage, number: int) -> Iterator[str]:
    days = found.days
    counts = (
        (CoverageStatus.COVERED, days.covered),
        (CoverageStatus.PRESUMED, days.presumed),
        (CoverageStatus.AVAILABLE, days.available),
        (CoverageStatus.GAP, days.gap),
    )
    parts = ", ".join(f"{_label(status).lower()} {format_number(count)}" for status, count in counts)
    yield typeset(f"Cas n° {number} : {_days(days.needed)} à couvrir ({parts}).")
    need = UNKNOWN if found.need is None else format_euros(found.need)
    yield typeset(f"Besoin des jours sans revenu : {need}.")
    if found.reduced.days:
        yield typeset(f"Payés moins qu’avant : {_days(found.reduced.days)}, perte {format_euros(found.reduced.loss)}.")


def _segments(segments: Iterable[Segment]) -> Iterator[str]:
    for segment in segments:
        who = "" if segment.kind is None else f", {label('right_kind', segment.kind.value)} ({segment.payer})"
        yield ""
        yield typeset(f"{_run(segment.period)} : {_label(segment.status)}{who}, {_money(segment)}.")
        yield f"  {segment.reason.text}"
        yield from _why(segment.why)


def _others(found: Coverage) -> Iterator[str]:
    if found.dead_time or found.overlaps or found.takeover:
        yield ""
    for period in found.dead_time:
        yield typeset(f"Entre deux étapes : {_run(period)}.")
    for overlap in found.overlaps:
        kinds = ", ".join(label("right_kind", kind.value) for kind in overlap.kinds)
        yield typeset(f"Payé deux fois : {_run(overlap.period)}, {kinds}.")
    for row in found.takeover:
        yield typeset(f"Reprise par {row.scheme} : {VERDICTS[row.verdict]}, {_run(row.period)}.")
        yield from _why(row.why)


def _why(conditions: Iterable[Condition]) -> Iterator[str]:
    for each in conditions:
        source = f" ({each.source})" if each.source else ""
        yield f"  – {VERDICTS[each.verdict]} : {each.text}{source}".replace(" :", "\u202f:", 1)


def _label(status: CoverageStatus) -> str:
    return label("coverage_status", status.value)


def _money(segment: Segment) -> str:
    if segment.daily_amount is None or segment.amount is None:
        return UNKNOWN
    return f"{format_euros(segment.daily_amount)} par jour, {format_euros(segment.amount)} en tout"


def _run(period: Period) -> str:
    return f"du {format_date(period.first)} au {format_date(period.last)}, {_days(period.days)}"


def _days(count: int) -> str:
    return f"{format_number(count)} jour{'s' if count > 1 else ''}"
