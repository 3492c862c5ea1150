"""How is a parcours told: its journal in sentences, its days as a timeline?"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from conference.data.glossary import label
from conference.data.queries.parcours import ParcoursView
from conference.data.queries.parcours_history import HistoryFact
from conference.documents.coverage_timeline import days, lanes_of
from conference.documents.timeline import Bar, Lane, Style, Timeline
from conference.domain.coverage import CoverageStatus, Segment
from conference.domain.french import format_date
from conference.domain.period import Period


@dataclass(frozen=True)
class HistoryWords:
    """One entry as the macro `history` shows it."""

    at: datetime
    by: str
    what: str
    changes: tuple[tuple[str, str, str], ...] = ()


def history_words(facts: Iterable[HistoryFact], parcours: ParcoursView) -> list[HistoryWords]:
    """The journal of a parcours in French sentences."""
    titles = {step.id: step.title for step in parcours.steps}
    return [HistoryWords(fact.at, fact.by, _sentence(fact, titles), _changes(fact)) for fact in facts]


def _sentence(fact: HistoryFact, titles: dict[int, str]) -> str:
    told = fact.told
    if fact.verb == "open_parcours":
        said = "Parcours ouvert."
    elif fact.verb == "add_step":
        said = f"Étape ajoutée : {_titled(told, titles)}, {_span(told['first'], told['last'])}."
    elif fact.verb == "move_step":
        said = f"Dates modifiées : {_titled(told, titles)}."
    else:
        said = f"Droit enregistré : {label('right_kind', told['kind'])}, {_span(told['first'], told['last'])}."
    return " ".join([said, *(_alert(alert, titles) for alert in told.get("alerts", ()))])


def _titled(told: dict[str, Any], titles: dict[int, str]) -> str:
    return titles.get(told["step"], "étape")


def _alert(alert: dict[str, Any], titles: dict[int, str]) -> str:
    on = titles.get(int(alert["step"]), "étape")
    if alert["alert"] == "closed":
        return f"Alerte fermée sur « {on} » : plus aucun jour sans revenu."
    if alert["alert"] == "opened":
        return f"Alerte ouverte sur « {on} » : {days(alert['days'])} sans revenu."
    verb = "rouverte" if alert["alert"] == "reopened" else "modifiée"
    before, after = alert["days"]
    return f"Alerte {verb} sur « {on} » : de {days(before)} à {days(after)} sans revenu."


def _changes(fact: HistoryFact) -> tuple[tuple[str, str, str], ...]:
    if fact.verb != "move_step":
        return ()
    names = (("first", "Premier jour"), ("last", "Dernier jour"))
    return tuple(
        (name, _day(fact.told[key][0]), _day(fact.told[key][1]))
        for key, name in names
        if fact.told[key][0] != fact.told[key][1]
    )


def _day(text: str) -> str:
    return format_date(date.fromisoformat(text))


def _span(first: str, last: str) -> str:
    return f"le {_day(first)}" if first == last else f"du {_day(first)} au {_day(last)}"


def timeline_of(parcours: ParcoursView, today: date) -> Timeline | None:
    """Steps, rights and income by day; None when there is no day to draw."""
    spans = [Period(step.first, step.last) for step in parcours.steps]
    spans += [Period(granted.first, granted.last) for granted in parcours.rights]
    if not spans:
        return None
    span = Period(min(each.first for each in spans), max(each.last for each in spans))
    steps = [Bar(Period(step.first, step.last), step.title, "step") for step in parcours.steps]
    rights = [Bar(Period(one.first, one.last), label("right_kind", one.kind), "right") for one in parcours.rights]
    income = tuple(
        Bar(segment.period, _said(segment), _style(segment), f"{segment.days} j")
        for segment in parcours.coverage.segments
    )
    twice = [Bar(overlap.period, days(overlap.days), "overlap") for overlap in parcours.coverage.overlaps]
    lanes = [
        *lanes_of("Étapes", steps),
        *lanes_of("Droits", rights),
        Lane("Revenu", income),
        *lanes_of("Payé deux fois", twice),
    ]
    days_told = parcours.coverage.days
    return Timeline(
        title=f"Étapes, droits et revenu jour par jour du parcours {parcours.pseudonym}",
        description=(
            f"{days(days_told.needed)} à couvrir : {days(days_told.covered)} couverts, {days(days_told.gap)} sans revenu. "
            "Les tableaux de la page donnent les mêmes périodes."
        ),
        span=span,
        lanes=tuple(lane for lane in lanes if lane.bars),
        today=today,
    )


def _said(segment: Segment) -> str:
    if segment.kind is None:
        return f"{days(segment.days)} sans revenu"
    return label("right_kind", segment.kind)


def _style(segment: Segment) -> Style:
    return "gap" if segment.status is CoverageStatus.GAP else "covered"
