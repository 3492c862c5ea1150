"""What came of a step: was it followed to its end, did it qualify, did it lead to work?

Closed lists, so that rates have a numerator and a denominator (DOMAIN §6); what nobody has said is not recorded.
"""

from enum import StrEnum


class StepOutcome(StrEnum):
    """How a step ended."""

    COMPLETED = "completed"
    BROKEN_OFF = "broken_off"
    NOT_BEGUN = "not_begun"


class RuptureMotive(StrEnum):
    """Why a step was broken off or not begun."""

    NO_INCOME = "no_income"
    WORK = "work"
    HEALTH = "health"
    FAMILY = "family"
    TRANSPORT = "transport"
    CONTENT = "content"
    PROVIDER = "provider"
    OTHER = "other"


class QualificationResult(StrEnum):
    """What the step gave of the qualification that it prepares."""

    FULL = "full"
    PARTIAL = "partial"
    NONE = "none"
    NOT_AIMED = "not_aimed"


class WorkResult(StrEnum):
    """Was the person at work on a given day after the step?"""

    LASTING = "lasting"
    SHORT = "short"
    TRAINING = "training"
    NO = "no"
    UNREACHED = "unreached"
