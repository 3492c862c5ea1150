"""What is a convention between funders, and how does it live?

A convention is a chain of versions of the whole: the first text, then its avenants, each drafted, reviewed, put to signature
and signed by the same circuit. What is in force is the latest signed version: its parties, its plan, its ceiling. One table of
transitions says who may move what; what undoes something asks for a motive.
"""

from dataclasses import dataclass
from enum import StrEnum


class ConventionKind(StrEnum):
    """The kinds that have a model text of their own (PRODUCT §8); an avenant is a version of any of them."""

    PROTOCOL = "protocol"
    INCOME = "income"
    CO_FUNDING = "co_funding"
    RELAY = "relay"
    BONUS = "bonus"


class ConventionStatus(StrEnum):
    """Where a convention stands; a version knows the first four and `abandoned` only."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    TO_SIGN = "to_sign"
    SIGNED = "signed"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    SETTLED = "settled"
    TERMINATED = "terminated"
    ABANDONED = "abandoned"


class ArticleRole(StrEnum):
    """What an article is about; the first eleven are asked of every convention (PRODUCT §8)."""

    OBJECT = "object"
    DURATION = "duration"
    COMMITMENTS = "commitments"
    FINANCING_PLAN = "financing_plan"
    PAYMENT = "payment"
    FOLLOW_UP = "follow_up"
    DATA = "data"
    MODIFICATION = "modification"
    TERMINATION = "termination"
    DISPUTES = "disputes"
    ANNEXES = "annexes"
    PREAMBLE = "preamble"
    CONTROL = "control"
    SANCTIONS = "sanctions"
    BONUS = "bonus"
    INCOME = "income"
    OTHER = "other"


REQUIRED_ROLES = tuple(ArticleRole)[:11]


class PartyRole(StrEnum):
    """What a party does in a convention."""

    FUNDER = "funder"
    BENEFICIARY = "beneficiary"
    MANAGER = "manager"
    PARTNER = "partner"


class AvenantChange(StrEnum):
    """What an avenant changes: what types it."""

    CEILING = "ceiling"
    PLAN = "plan"
    INSTALMENTS = "instalments"
    DURATION = "duration"
    PARTIES = "parties"
    ARTICLES = "articles"
    BONUS = "bonus"
    INCOME = "income"


class InstalmentKind(StrEnum):
    """What a payment of the schedule is."""

    ADVANCE = "advance"
    INTERIM = "interim"
    BALANCE = "balance"


class SignatureMeans(StrEnum):
    """How a party signs."""

    PAPER = "paper"
    SEAL = "seal"
    ELSEWHERE = "elsewhere"


class ConventionFileKind(StrEnum):
    """What a file of a convention is. None is ever replaced: another one is added."""

    TEXT = "text"
    SCAN = "scan"
    SEALED = "sealed"
    ELSEWHERE = "elsewhere"
    PROOF = "proof"
    ANNEX = "annex"


class Mover(StrEnum):
    """Who may move a convention: any party that drafts, who conducts it (a coordinator, or a signatory of a party), the last
    signature or the clock."""

    DRAFTER = "drafter"
    CONDUCTOR = "conductor"
    SIGNATURE = "signature"
    CLOCK = "clock"


@dataclass(frozen=True, slots=True)
class Transition:
    """One allowed move. `version`: it moves the version at hand (an avenant leaves its convention where it is); without, it
    moves the convention in force. `motive`: it undoes something."""

    before: ConventionStatus
    verb: str
    after: ConventionStatus
    mover: Mover
    motive: bool = False
    version: bool = True


_S, _M = ConventionStatus, Mover

TRANSITIONS = (
    Transition(_S.DRAFT, "submit", _S.IN_REVIEW, _M.DRAFTER),
    Transition(_S.IN_REVIEW, "return", _S.DRAFT, _M.CONDUCTOR, motive=True),
    Transition(_S.IN_REVIEW, "put_to_sign", _S.TO_SIGN, _M.CONDUCTOR),
    Transition(_S.TO_SIGN, "take_back", _S.IN_REVIEW, _M.CONDUCTOR, motive=True),
    Transition(_S.TO_SIGN, "complete", _S.SIGNED, _M.SIGNATURE),
    Transition(_S.SIGNED, "unsign", _S.TO_SIGN, _M.CONDUCTOR, motive=True),
    Transition(_S.DRAFT, "abandon", _S.ABANDONED, _M.DRAFTER, motive=True),
    Transition(_S.IN_REVIEW, "abandon", _S.ABANDONED, _M.CONDUCTOR, motive=True),
    Transition(_S.TO_SIGN, "abandon", _S.ABANDONED, _M.CONDUCTOR, motive=True),
    Transition(_S.SIGNED, "start", _S.ACTIVE, _M.CLOCK, version=False),
    Transition(_S.ACTIVE, "suspend", _S.SUSPENDED, _M.CONDUCTOR, motive=True, version=False),
    Transition(_S.SUSPENDED, "resume", _S.ACTIVE, _M.CONDUCTOR, version=False),
    Transition(_S.ACTIVE, "settle", _S.SETTLED, _M.CONDUCTOR, motive=True, version=False),
    Transition(_S.SIGNED, "terminate", _S.TERMINATED, _M.CONDUCTOR, motive=True, version=False),
    Transition(_S.ACTIVE, "terminate", _S.TERMINATED, _M.CONDUCTOR, motive=True, version=False),
    Transition(_S.SUSPENDED, "terminate", _S.TERMINATED, _M.CONDUCTOR, motive=True, version=False),
)

EDITABLE = (ConventionStatus.DRAFT, ConventionStatus.IN_REVIEW)
"""States of a version whose text may change; in review, only the articles that a comment opened."""
OPEN = (ConventionStatus.DRAFT, ConventionStatus.IN_REVIEW, ConventionStatus.TO_SIGN)
"""States of a version that is not settled yet: a convention has one such version at most."""
IN_FORCE = (ConventionStatus.SIGNED, ConventionStatus.ACTIVE)
"""States of a convention that takes commitments."""
ENDED = (ConventionStatus.SETTLED, ConventionStatus.TERMINATED, ConventionStatus.ABANDONED)


def transition(before: ConventionStatus, verb: str) -> Transition | None:
    """The move that `verb` makes from `before`, None when it makes none."""
    return next((each for each in TRANSITIONS if each.before is before and each.verb == verb), None)
