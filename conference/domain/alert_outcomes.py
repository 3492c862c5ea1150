"""Which outcomes may settle which alert?

A closed list by code, so that what was decided can be counted: nobody « lifts » a day without income, and only a warning
about money is lifted. Every decision has a motive.
"""

from conference.domain.alert_words import AlertOutcome

_INCOME = (
    AlertOutcome.FUNDED,
    AlertOutcome.HANDOFF,
    AlertOutcome.OTHER_INCOME,
    AlertOutcome.ACCEPTED,
    AlertOutcome.ERROR,
    AlertOutcome.OTHER,
)
_HANDOFF = (AlertOutcome.FUNDED, AlertOutcome.HANDOFF, AlertOutcome.ACCEPTED, AlertOutcome.ERROR, AlertOutcome.OTHER)
_MONEY = (AlertOutcome.LIFTED, AlertOutcome.FUNDED, AlertOutcome.ACCEPTED, AlertOutcome.ERROR, AlertOutcome.OTHER)

OUTCOMES: dict[str, tuple[AlertOutcome, ...]] = {
    "income_gap": _INCOME,
    "relay_to_request": _INCOME,
    "income_low": _INCOME,
    "paid_twice": (AlertOutcome.LIFTED, AlertOutcome.ERROR, AlertOutcome.OTHER),
    "dead_time": (AlertOutcome.HANDOFF, AlertOutcome.ACCEPTED, AlertOutcome.ERROR, AlertOutcome.OTHER),
    "handoff_unanswered": _HANDOFF,
    "handoff_refused": _HANDOFF,
    "step_unfunded": _MONEY[1:],
    "step_over_funded": _MONEY[2:],
    "double_funding": _MONEY,
    "not_cumulable": _MONEY,
    "instalment_due": _MONEY[1:],
}


def outcomes_of(code: str) -> tuple[AlertOutcome, ...]:
    """The outcomes of an alert of that code; a code that is not listed has those of any alert but « lifted »."""
    return OUTCOMES.get(code, _INCOME)
