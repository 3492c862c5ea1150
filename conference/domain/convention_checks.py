"""What of the money of a convention needs somebody's eye?

Pure checks over facts told once, as those of parcours; an alert about a convention is known by its code and its cause, never
by a day or an amount. Decision: a day that passes is not worse by itself (a decision would reopen each night): an instalment
that becomes late is told as urgent, and only more euros left or an earlier day reopen what was decided.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from conference.domain.alert_facts import Finding
from conference.domain.alert_words import AlertSeverity
from conference.domain.french import format_date, format_euros

INSTALMENT_DUE = "instalment_due"


@dataclass(frozen=True, slots=True)
class Instalment:
    """A payment of the schedule of a convention in force: `left` of its `amount` is to pay, in euros, by `organisation_id`."""

    reference: str
    key: int
    organisation_id: int
    kind: str
    due_on: date
    amount: Decimal
    left: Decimal


def instalment_due(instalments: Iterable[Instalment], on: date, ahead: int) -> Iterator[Finding]:
    """Each instalment that falls due within `ahead` days of the day `on`, or that is past, and is not wholly paid.

    `kind` is told as it is given: its label.
    """
    for each in instalments:
        if each.left <= 0 or each.due_on - timedelta(days=ahead) > on:
            continue
        is_late = each.due_on < on
        yield Finding(
            INSTALMENT_DUE,
            str(each.key),
            AlertSeverity.URGENT if is_late else AlertSeverity.IMPORTANT,
            each.due_on,
            each.due_on,
            0,
            each.left,
            each.organisation_id,
            _said(each, is_late),
        )


def _said(each: Instalment, is_late: bool) -> str:
    paid = "" if each.left == each.amount else f" (reste {format_euros(each.left)})"
    when = "était à verser" if is_late else "est à verser"
    return (
        f"Convention {each.reference}\u202f: {each.kind.lower()} de {format_euros(each.amount)}{paid}, qui {when} le "
        f"{format_date(each.due_on)}."
    )
