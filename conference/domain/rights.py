"""What facts does the coverage engine reason on: which steps, which recorded rights, and which may be paid together?

Decision: a right is a fact that a funder recorded, never something computed; what a rule presumes is found by the
engine and never becomes a `Right`. `payer` is a free code of the conférence (`region`, `france_travail`, `assedic`…):
a new organisation needs no release. Which pairs of rights may be paid on the same day is data, with its source.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from conference.domain.period import Period


class StepKind(StrEnum):
    """What a person does during a step of the parcours; labels are in the glossary."""

    ORIENTATION = "orientation"
    VAE = "vae"
    BILAN = "bilan"
    TRAINING = "training"
    ASSESSMENT = "assessment"
    WORK_STUDY = "work_study"
    LEAVE = "leave"
    JOB = "job"
    OTHER = "other"


class RightKind(StrEnum):
    """What pays a person's days; R2F is `rff`, its later name; labels are in the glossary."""

    AREF = "aref"
    ARE = "are"
    ASP = "asp"
    ATI = "ati"
    ASR = "asr"
    ATP = "atp"
    AFF = "aff"
    AFDEF = "afdef"
    RFF = "rff"
    TRAINEE_PAY = "trainee_pay"
    WAGE = "wage"
    CIF = "cif"
    PTP = "ptp"
    ASS = "ass"
    AGEFIPH = "agefiph"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a parcours; each calendar day of it needs an income when `needs_income` says so."""

    id: str
    kind: StepKind
    period: Period
    needs_income: bool


@dataclass(frozen=True, slots=True)
class Right:
    """A right recorded by a funder, for every calendar day of `period`.

    `daily_amount` is in gross euros a day, None when it is not known; `known_on` is the day the right was recorded,
    None when it was always known; `main` says that the funder recorded it as the main income of these days.
    Raises ValueError for an amount that is negative or not a finite Decimal.
    """

    kind: RightKind
    payer: str
    period: Period
    daily_amount: Decimal | None = None
    known_on: date | None = None
    main: bool = False

    def __post_init__(self) -> None:
        amount = self.daily_amount
        if amount is None:
            return
        if not isinstance(amount, Decimal):
            raise ValueError("Le montant journalier doit être un nombre décimal exact.")
        if not amount.is_finite() or amount < 0:
            raise ValueError("Le montant journalier ne peut pas être négatif.")

    def is_known(self, on: date) -> bool:
        """Had the conférence learnt of this right by the end of that day?"""
        return self.known_on is None or self.known_on <= on


@dataclass(frozen=True, slots=True)
class CumulablePair:
    """Two kinds of rights that two payers may rightly pay on the same day."""

    kinds: frozenset[RightKind]
    source: str


_CIF_CDD = (
    "CIF-CDD : l’assurance chômage maintient l’allocation, le Fongecif paie les frais et tout ou partie du salaire."
)

CUMULABLE = (
    CumulablePair(
        frozenset({RightKind.AREF, RightKind.CIF}),
        _CIF_CDD,
    ),
    CumulablePair(
        frozenset({RightKind.ARE, RightKind.CIF}),
        _CIF_CDD,
    ),
    CumulablePair(
        frozenset({RightKind.RFF, RightKind.WAGE}),
        "Délibération 2011/11 de Pôle emploi : la rémunération de fin de formation se cumule avec un salaire.",
    ),
    CumulablePair(
        frozenset({RightKind.TRAINEE_PAY, RightKind.WAGE}),
        "Rémunération des stagiaires : elle se cumule avec le salaire d’un emploi.",
    ),
)

_CUMULABLE_KINDS = frozenset(pair.kinds for pair in CUMULABLE)


def are_cumulable(one: Right, other: Right) -> bool:
    """May these two rights pay the same day without being an overlap? True for the same kind and payer: it is one."""
    if (one.kind, one.payer) == (other.kind, other.payer):
        return True
    return frozenset({one.kind, other.kind}) in _CUMULABLE_KINDS
