"""In which words is an alert settled: how grave it is, where it stands, what was decided?

An alert is open until somebody decides or its cause goes; a decision stays until the finding gets worse (SEMANTICS §8).
"""

from enum import StrEnum


class AlertStatus(StrEnum):
    """Where an alert stands."""

    OPEN = "open"
    DECIDED = "decided"
    CLOSED = "closed"


class AlertSeverity(StrEnum):
    """How grave an alert is, the gravest first."""

    URGENT = "urgent"
    IMPORTANT = "important"
    WATCH = "watch"


class AlertOutcome(StrEnum):
    """What was decided of an alert: a closed list, each with a motive."""

    FUNDED = "funded"
    HANDOFF = "handoff"
    OTHER_INCOME = "other_income"
    ACCEPTED = "accepted"
    LIFTED = "lifted"
    ERROR = "error"
    OTHER = "other"


class AlertEventKind(StrEnum):
    """What happened to an alert."""

    OPENED = "opened"
    CHANGED = "changed"
    WORSENED = "worsened"
    DECIDED = "decided"
    REOPENED = "reopened"
    CLOSED = "closed"
    ASSIGNED = "assigned"
