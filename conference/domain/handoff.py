"""How does a handoff go from one funder to the next, and who may move it?

One table of transitions (from, verb, to, who): the sender drafts, proposes and withdraws, the receiver answers, and time
alone makes a proposal expire. What has been answered stays: a new proposal is a new handoff. The amount that the sender
releases is found by `released` (SEMANTICS §7): never more than it still owes, never what the plan spends before that day.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from conference.domain.money import ZERO, split
from conference.domain.period import Period


class HandoffStatus(StrEnum):
    """Where a handoff stands; labels are in the glossary."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class HandoffMotive(StrEnum):
    """Why a funder refuses a handoff: a closed list, to which a text is added."""

    NO_CREDIT = "no_credit"
    OUT_OF_SCOPE = "out_of_scope"
    NOT_ELIGIBLE = "not_eligible"
    INCOMPLETE = "incomplete"
    DATES = "dates"
    OTHER_FUNDER = "other_funder"
    PERSON_DECLINED = "person_declined"
    OTHER = "other"


class Side(StrEnum):
    """Who may move a handoff."""

    SENDER = "sender"
    RECEIVER = "receiver"
    CLOCK = "clock"


@dataclass(frozen=True, slots=True)
class Transition:
    """One allowed move."""

    before: HandoffStatus
    verb: str
    after: HandoffStatus
    side: Side


TRANSITIONS = (
    Transition(HandoffStatus.DRAFT, "propose", HandoffStatus.PROPOSED, Side.SENDER),
    Transition(HandoffStatus.DRAFT, "withdraw", HandoffStatus.WITHDRAWN, Side.SENDER),
    Transition(HandoffStatus.PROPOSED, "withdraw", HandoffStatus.WITHDRAWN, Side.SENDER),
    Transition(HandoffStatus.PROPOSED, "accept", HandoffStatus.ACCEPTED, Side.RECEIVER),
    Transition(HandoffStatus.PROPOSED, "refuse", HandoffStatus.REFUSED, Side.RECEIVER),
    Transition(HandoffStatus.PROPOSED, "expire", HandoffStatus.EXPIRED, Side.CLOCK),
)
OPEN = (HandoffStatus.DRAFT, HandoffStatus.PROPOSED)
OPENS_PARCOURS = (HandoffStatus.PROPOSED, HandoffStatus.ACCEPTED)
"""States in which the receiver reaches the parcours (SEMANTICS §4)."""


def transition(before: HandoffStatus, verb: str) -> Transition | None:
    """The move that `verb` makes from `before`, None when it makes none."""
    return next((each for each in TRANSITIONS if each.before is before and each.verb == verb), None)


def planned_from(
    total: Decimal, period: Period, first_day: date, instalments: tuple[tuple[date, Decimal], ...] = ()
) -> Decimal:
    """The part of `total` euros planned for `period` that lies on `first_day` or after: the instalments due from that day
    on, or without any the share of its calendar days, to the cent."""
    if instalments:
        return sum((amount for day, amount in instalments if day >= first_day), ZERO)
    after = min(max((period.last - first_day).days + 1, 0), period.days)
    _, later = split(total, [period.days - after, after]) if 0 < after < period.days else (ZERO, ZERO)
    return total if after == period.days else later


def released(committed: Decimal, paid: Decimal, planned: Decimal) -> Decimal:
    """What the sender releases, in euros: what is planned from the handoff's day on, never more than is left to pay."""
    return max(min(committed - paid, planned), ZERO)


def person_part(total: Decimal, part: Decimal, whole: Decimal) -> Decimal:
    """What of `total` euros falls to one person of a commitment of `whole` euros, `part` of which is theirs; all of it where
    the whole is theirs."""
    return total if part >= whole else split(total, [part, whole - part])[0]


def tail_by_year(amount: Decimal, left: Iterable[tuple[int, Decimal]]) -> tuple[tuple[int, Decimal], ...]:
    """`amount` euros taken from the latest years of `left`, (year, euros still committed), as a release after a day does:
    what is handed over is the end of the course. Empty when `left` is; what no year holds falls on the earliest one."""
    years = sorted(left)
    taken: dict[int, Decimal] = {}
    rest = amount
    for year, most in reversed(years):
        taken[year] = min(most, rest)
        rest -= taken[year]
    if years and rest:
        taken[years[0][0]] += rest
    return tuple((year, taken[year]) for year, _ in years if taken[year])


def cut_tail(instalments: Sequence[tuple[date, Decimal]], total: Decimal) -> tuple[tuple[date, Decimal], ...]:
    """The earliest of `instalments` that sum to `total` euros, the last one cut where it must be."""
    kept = []
    left = total
    for day, amount in sorted(instalments):
        if left > 0:
            kept.append((day, min(amount, left)))
            left -= amount
    return tuple(kept)
