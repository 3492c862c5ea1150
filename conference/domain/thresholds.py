"""Which delays and thresholds may a conférence choose, and what are they until it does?

Each has a code, a default, bounds and a unit; the chosen ones are rows of `setting`, read into one `Thresholds` that is given
to the domain as an argument. Labels are in the glossary (group `threshold`).
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Threshold:
    """One delay or threshold: whole `unit`s (`days`, `working_days`, `months`, `euros`, `percent`), bounds included."""

    code: str
    default: int
    least: int
    most: int
    unit: str


THRESHOLDS = (
    Threshold("gap_look_ahead", 120, 7, 730, "days"),
    Threshold("gap_urgent", 30, 1, 365, "days"),
    Threshold("relay_request_ahead", 60, 7, 365, "days"),
    Threshold("income_floor", 500, 0, 3000, "euros"),
    Threshold("dead_time", 30, 1, 365, "days"),
    Threshold("plan_look_ahead", 90, 7, 730, "days"),
    Threshold("instalment_ahead", 30, 1, 365, "days"),
    Threshold("handoff_answer", 10, 1, 60, "working_days"),
    Threshold("handoff_colleagues", 5, 1, 60, "working_days"),
    Threshold("handoff_coordinator", 2, 1, 60, "working_days"),
    Threshold("retention", 36, 6, 240, "months"),
)
"""`handoff_answer`: working days given to answer; `handoff_colleagues`, `handoff_coordinator`: working days left before that
day when colleagues, then the coordinator, are reminded too. `retention`: months after the last step before a parcours is
anonymised. `income_floor`: gross euros a month under which an income is told to be low."""

_BY_CODE = {each.code: each for each in THRESHOLDS}


def threshold(code: str) -> Threshold:
    """The threshold of that code. Raises KeyError when there is none."""
    return _BY_CODE[code]


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The values in force; `chosen` are those that differ from their default."""

    chosen: Mapping[str, int]

    def __getitem__(self, code: str) -> int:
        return self.chosen.get(code, threshold(code).default)


DEFAULTS = Thresholds({})
