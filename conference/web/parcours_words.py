"""How is a parcours told: its journal in sentences, its days as a timeline?"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from conference.data.glossary import label
from conference.data.journal_labels import VERBS
from conference.data.queries.handoffs import HandoffRow
from conference.data.queries.parcours_history import HistoryFact
from conference.data.queries.parcours_origins import Origin
from conference.data.queries.parcours_view import ParcoursView
from conference.documents.coverage_timeline import coverage_timeline, days, lanes_of
from conference.documents.timeline import Bar, Lane, Timeline
from conference.domain.french import format_date, typeset
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


def whole_history(
    facts: Iterable[HistoryFact], origins: Iterable[Origin], parcours: ParcoursView
) -> list[HistoryWords]:
    """The journal of a parcours, and the file that opened it: an import has one entry for all that it brings."""
    opened = (each for each in origins if each.title is None and each.right_kind is None)
    told = [HistoryWords(each.imported_at, each.by, "Parcours ouvert par un fichier importé.") for each in opened]
    return sorted([*history_words(facts, parcours), *told], key=lambda each: each.at, reverse=True)


def _sentence(fact: HistoryFact, titles: dict[int, str]) -> str:
    told = fact.told
    if fact.verb == "add_step":
        said = f"Étape ajoutée : {_titled(told, titles)}, {_span(told['first'], told['last'])}."
    elif fact.verb == "move_step":
        said = f"Dates modifiées : {_titled(told, titles)}."
    elif fact.verb in ("record_right", "withdraw_right"):
        said = f"{VERBS[fact.verb]} : {label('right_kind', told['kind'])}, {_span(told['first'], told['last'])}."
    elif fact.verb in ("record_interruption", "remove_interruption"):
        said = f"{VERBS[fact.verb]} : {_titled(told, titles)}, {_span(told['first'], told['last'])}."
    elif "step" in told:
        said = f"{VERBS.get(fact.verb, fact.verb)} : {_titled(told, titles)}."
    else:
        said = f"{VERBS.get(fact.verb, fact.verb)}."
    return typeset(" ".join([said, *(_alert(alert, titles) for alert in told.get("alerts", ()))]))


def _titled(told: dict[str, Any], titles: dict[int, str]) -> str:
    return titles.get(told["step"], "étape retirée")


_HAPPENED = {"opened": "ouverte", "closed": "fermée", "reopened": "rouverte", "worsened": "aggravée"}


def _alert(alert: dict[str, Any], titles: dict[int, str]) -> str:
    code = alert.get("code", "income_gap")
    if code != "income_gap":
        return f"Alerte {_HAPPENED.get(alert['alert'], 'modifiée')} : {label('alert_code', code)}."
    on = titles.get(int(alert["step"]), "étape")
    if alert["alert"] == "closed":
        return f"Alerte fermée sur « {on} » : plus aucun jour sans revenu."
    if alert["alert"] == "opened":
        return f"Alerte ouverte sur « {on} » : {days(alert['days'])} sans revenu."
    verb = _HAPPENED.get(alert["alert"], "modifiée")
    before, after = alert["days"]
    return f"Alerte {verb} sur « {on} » : de {days(before)} à {days(after)} sans revenu."


def _changes(fact: HistoryFact) -> tuple[tuple[str, str, str], ...]:
    """The days that moved; other changes are said in the sentence."""
    names = (("first", "Premier jour"), ("last", "Dernier jour"))
    moved = [(name, fact.told[key]) for key, name in names if isinstance(fact.told.get(key), list)]
    return tuple((name, _day(before), _day(after)) for name, (before, after) in moved if before != after)


def _day(text: str) -> str:
    return format_date(date.fromisoformat(text))


def _span(first: str, last: str) -> str:
    return f"le {_day(first)}" if first == last else f"du {_day(first)} au {_day(last)}"


def timeline_of(parcours: ParcoursView, handoffs: Iterable[HandoffRow], today: date) -> Timeline | None:
    """Steps, who funds them, handoffs, rights and income by day; None when there is no day to draw."""
    drawn = coverage_timeline(parcours.case, parcours.coverage, label)
    if drawn is None:
        return None
    steps = [Bar(Period(step.first, step.last), step.title, "step") for step in parcours.steps]
    funders = [Bar(Period(step.first, step.last), ", ".join(step.funders), "right") for step in parcours.steps]
    passed = [bar for one in handoffs if (bar := _handoff(one, drawn.span)) is not None]
    lanes = [*lanes_of("Étapes", steps), *lanes_of("Financeurs", funders), *lanes_of("Relais", passed)]
    return replace(
        drawn,
        title=f"Étapes, droits et revenu jour par jour du parcours {parcours.pseudonym}",
        description=f"{drawn.description} Les tableaux de la page donnent les mêmes périodes.",
        lanes=(*lanes, *(lane for lane in drawn.lanes if lane.label != "Étapes" and not _is_step(lane))),
        today=today,
    )


def _handoff(row: HandoffRow, span: Period) -> Bar | None:
    """From its first day to the end of what is drawn: who pays, or would pay, then."""
    if row.status not in ("proposed", "accepted") or not span.first <= row.first_day <= span.last:
        return None
    words = f"{row.sender} → {row.receiver} ({label('handoff_status', row.status).lower()})"
    return Bar(Period(row.first_day, span.last), words, "right" if row.status == "accepted" else "available", "→")


def _is_step(lane: Lane) -> bool:
    """Rows of steps that follow the first bear no label."""
    return all(bar.style == "step" for bar in lane.bars)
