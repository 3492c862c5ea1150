"""How are the days of a case drawn: steps, rights, income, what is paid less or twice, the days between two steps?

Each kind of bar has its own hatching and words; the table beside it says the same. `label(group, code)` gives the French
name of a code, since the words live in the glossary.
"""

from collections.abc import Callable, Sequence

from conference.documents.timeline import Bar, Lane, Style, Timeline
from conference.domain.case import Case
from conference.domain.french import format_number
from conference.domain.period import Period
from conference.domain.segment import Coverage, CoverageStatus, Segment

Label = Callable[[str, str], str]
_STYLES: dict[CoverageStatus, Style] = {
    CoverageStatus.COVERED: "covered",
    CoverageStatus.PRESUMED: "presumed",
    CoverageStatus.AVAILABLE: "available",
    CoverageStatus.GAP: "gap",
}


def coverage_timeline(case: Case, found: Coverage, label: Label) -> Timeline | None:
    """The drawing of a case and of its answer; None when there is no day to draw."""
    if not case.steps:
        return None
    span = _span(case)
    known = [one for one in case.rights if case.known_on is None or one.is_known(case.known_on)]
    rights = [(within, label("right_kind", one.kind)) for one in known if (within := one.period.intersection(span))]
    lanes = (
        *lanes_of("Étapes", [Bar(one.period, label("step_kind", one.kind), "step") for one in case.steps]),
        *lanes_of("Droits", [Bar(period, words, "right") for period, words in rights]),
        Lane("Revenu", tuple(_income(one, label) for one in found.segments)),
        *lanes_of("Payé moins", [Bar(one.period, days(one.days), "reduced") for one in found.reduced.parts]),
        *lanes_of("Payé deux fois", [Bar(one.period, days(one.days), "overlap") for one in found.overlaps]),
        *lanes_of("Temps mort", [Bar(run, days(run.days), "dead") for run in found.dead_time]),
    )
    return Timeline(
        title="Étapes, droits et revenu jour par jour",
        description=told(found),
        span=span,
        lanes=tuple(lane for lane in lanes if lane.bars),
        today=case.known_on,
    )


def told(found: Coverage) -> str:
    """The counts in one sentence."""
    parts = [
        f"{days(count)} {words}"
        for count, words in (
            (found.days.covered, "payés"),
            (found.days.presumed, "présumés"),
            (found.days.available, "mobilisables par convention"),
            (found.days.gap, "sans revenu"),
        )
        if count
    ]
    return f"{days(found.days.needed)} à couvrir, dont {', '.join(parts) or 'aucun'}."


def days(count: int) -> str:
    """`47` → "47 jours"."""
    return f"{format_number(count)} jour{'s' if count > 1 else ''}"


def lanes_of(name: str, bars: Sequence[Bar]) -> list[Lane]:
    """Bars in as few rows as needed so that none covers another; only the first row is named."""
    rows: list[list[Bar]] = []
    for bar in sorted(bars, key=lambda each: each.period):
        free = next((row for row in rows if row[-1].period.last < bar.period.first), None)
        if free is None:
            rows.append([bar])
        else:
            free.append(bar)
    return [Lane(name if number == 0 else "", tuple(row)) for number, row in enumerate(rows)]


def _span(case: Case) -> Period:
    return Period(min(step.period.first for step in case.steps), max(step.period.last for step in case.steps))


def _income(segment: Segment, label: Label) -> Bar:
    status = label("coverage_status", segment.status)
    words = status if segment.kind is None else f"{label('right_kind', segment.kind)} ({status.lower()})"
    return Bar(segment.period, words, _STYLES[segment.status], f"{segment.days} j")
