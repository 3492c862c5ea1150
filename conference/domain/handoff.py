"""How does a handoff go from one funder to the next, and who may move it?

One table of transitions (from, verb, to, who): the sender drafts, proposes and withdraws, the receiver answers, and time
alone makes a proposal expire. What has been answered stays: a new proposal is a new handoff. The amount that the sender
releases is found by `released` (SEMANTICS §7).
"""

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
