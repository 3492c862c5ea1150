"""What does one person's digest say, and on which day does it come?

One mail of plain text, at the frequency that its reader chose, and nothing when there is nothing to say. An alert is told
when it opens, when it gets worse, when its day is near and when that day is past: four times at most, whatever the frequency,
so that a mail always holds news. Only a handoff that waits for an answer comes back each time. No name, no birth date: a
reference, a pseudonym, and the page that tells the rest to who may read it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from conference.domain.french import format_date, format_number, typeset
from conference.domain.working_days import add_working_days, is_working_day

DAILY, WEEKLY = "daily", "weekly"
NEAR = 3
"""A day is near when it lies at most so many working days ahead."""
MOST = 20
"""Things told of each sort; the list holds the others."""


class News(StrEnum):
    """Why an alert is told."""

    NEW = "new"
    WORSE = "worse"
    ASSIGNED = "assigned"
    NEAR = "near"
    PAST = "past"


NEWS_WORDS = {
    News.NEW: "Nouvelle",
    News.WORSE: "S’aggrave",
    News.ASSIGNED: "Vous est confiée",
    News.NEAR: "Échéance proche",
    News.PAST: "Échéance passée",
}
Address = Callable[[str, int], str]
"""The address of the page of a thing, by kind and number; of the list of its kind for number 0."""


@dataclass(frozen=True, slots=True)
class ToldAlert:
    """One alert that is news to its reader. `name`: what its code is called; `pseudonym`: of its parcours, or the number of
    its convention."""

    id: int
    news: News
    name: str
    pseudonym: str
    message: str
    due_on: date | None


@dataclass(frozen=True, slots=True)
class ToldHandoff:
    """One handoff that the reader's organisation has to answer. `age`: working days since it was proposed."""

    id: int
    reference: str
    sender: str
    pseudonym: str
    first_day: date
    answer_by: date | None
    age: int


@dataclass(frozen=True, slots=True)
class Digest:
    """Everything that one person is told, since the day `since`: at most `MOST` of each sort, and how many there are.

    Of the forms left unfinished since then only the number: their titles were typed by somebody.
    """

    since: date
    handoffs: Sequence[ToldHandoff] = ()
    alerts: Sequence[ToldAlert] = ()
    drafts: int = 0
    handoff_count: int = 0
    alert_count: int = 0

    @property
    def is_empty(self) -> bool:
        """Is there nothing to say?"""
        return not (self.handoff_count or self.alert_count or self.drafts)


@dataclass(frozen=True, slots=True)
class Written:
    """A mail ready to be kept: its subject, and its text."""

    subject: str
    body: str


def period_of(frequency: str, day: date, closed: frozenset[date]) -> date | None:
    """The period whose digest is due on `day`: the day itself, or the Monday of its week; None when none is.

    A digest comes on working days only. The weekly one comes on the first of its week, or on the next one where the machine
    was off.
    """
    if not is_working_day(day, closed):
        return None
    if frequency == DAILY:
        return day
    return day - timedelta(days=day.weekday()) if frequency == WEEKLY else None


def news_of_day(due_on: date | None, *, since: date, on: date, closed: frozenset[date]) -> News | None:
    """What the coming of a day is told as on `on`, the last digest having told it as on `since`; None: nothing new."""
    if due_on is None or due_on < since:
        return None
    if due_on < on:
        return News.PAST
    near_before, near = add_working_days(since, NEAR, closed), add_working_days(on, NEAR, closed)
    return News.NEAR if near_before < due_on <= near else None


def write(digest: Digest, *, conference: str, frequency: str, address: Address, unsubscribe: str) -> Written:
    """The mail of a digest that is not empty."""
    parts = [
        "Bonjour,",
        typeset(f"Voici ce qui vous attend sur l’outil de la conférence : {_held(digest)}."),
        *_handoffs(digest, address),
        *_alerts(digest, address),
        *_drafts(digest.drafts, address),
        typeset(f"Vous recevez ce point {_often(frequency)}. Pour changer de rythme : {address('account', 0)}"),
        typeset(f"Pour ne plus le recevoir, sans vous connecter : {unsubscribe}"),
    ]
    return Written(f"{_subject(digest)} – {conference}", "\n\n".join(parts))


def _subject(digest: Digest) -> str:
    told = (
        (digest.handoff_count, "relais à répondre", "relais à répondre"),
        (digest.alert_count, "alerte", "alertes"),
        (digest.drafts, "brouillon", "brouillons"),
    )
    return ", ".join(_many(count, one, many) for count, one, many in told if count)


def _held(digest: Digest) -> str:
    since = f"ce qui est nouveau depuis le {format_date(digest.since)}" if digest.alerts or digest.drafts else ""
    waiting = "les relais qui attendent une réponse" if digest.handoffs else ""
    return " et ".join(part for part in (since, waiting) if part)


def _often(frequency: str) -> str:
    return "chaque jour ouvré" if frequency == DAILY else "chaque semaine"


def _handoffs(digest: Digest, address: Address) -> Iterator[str]:
    if digest.handoffs:
        yield "RELAIS À RÉPONDRE"
    for each in digest.handoffs:
        asked = f"{each.sender} vous propose {each.pseudonym} à partir du {format_date(each.first_day)}."
        told = f"– {each.reference}, {_age(each.age)} : {asked}{_answer_by(each.answer_by)}"
        yield f"{typeset(told)}\n  {address('handoff', each.id)}"
    yield from _others(digest.handoff_count - len(digest.handoffs), address("handoff", 0))


def _age(days: int) -> str:
    if days <= 0:
        return "reçu aujourd’hui"
    return f"reçu il y a {_many(days, 'jour ouvré', 'jours ouvrés')}"


def _answer_by(day: date | None) -> str:
    return f" Réponse attendue le {format_date(day)} au plus tard." if day else ""


def _alerts(digest: Digest, address: Address) -> Iterator[str]:
    if digest.alerts:
        yield "ALERTES"
    for each in digest.alerts:
        due = f" À régler au plus tard le {format_date(each.due_on)}." if each.due_on else ""
        told = f"– {NEWS_WORDS[each.news]} : {each.name}, {each.pseudonym}. {each.message}{due}"
        yield f"{typeset(told)}\n  {address('alert', each.id)}"
    yield from _others(digest.alert_count - len(digest.alerts), address("alert", 0))


def _drafts(count: int, address: Address) -> Iterator[str]:
    if count:
        yield "BROUILLONS"
        yield (
            f"– {_many(count, 'saisie commencée', 'saisies commencées')} et pas encore finie{'s' * (count > 1)}.\n  "
            + (address("draft", 0))
        )


def _others(count: int, where: str) -> Iterator[str]:
    if count > 0:
        yield f"{typeset('– et ' + _many(count, 'autre', 'autres') + ' :')}\n  {where}"


def _many(count: int, one: str, many: str) -> str:
    return f"{format_number(count)} {many if count > 1 else one}"
