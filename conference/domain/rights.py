"""Which rights to an income has a funder recorded, and which may be paid together?

Decision: a right is a fact that a funder recorded, never something computed; what a rule presumes is found by the
engine and never becomes a `Right`. `payer`, `funder` and `manager` are free codes of the conférence (`region`,
`france_travail`, `assedic`…): a new organisation needs no release. Which pairs of rights may be paid on the same day
is data, with its source."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from conference.domain.period import Period
from conference.domain.rate import Rate, by_day, by_month, by_thirtieth


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
class Right:
    """A right recorded by a funder, for every calendar day of `period`.

    `daily_amount` and `monthly_amount` are gross euros, one of them at most; both None when the amount is not known.
    `rate` is the exact amount of a day: a trainee's monthly pay is divided by 30, any other monthly amount taken × 12
    ÷ 365. `known_on` is the day the right was recorded, None when it was always known; `main` says that the funder
    recorded it as the main income of these days; `opened_months` is the length of the whole right that was opened.
    Funder, payer and manager may be three bodies. Raises ValueError for two amounts, or for one that is negative,
    beyond the cent or not a finite Decimal."""

    kind: RightKind
    payer: str
    period: Period
    daily_amount: Decimal | None = None
    known_on: date | None = None
    main: bool = False
    monthly_amount: Decimal | None = None
    opened_months: int | None = None
    funder: str | None = None
    manager: str | None = None
    rate: Rate | None = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "rate", self._rate())

    def _rate(self) -> Rate | None:
        if self.daily_amount is not None and self.monthly_amount is not None:
            raise ValueError("Donnez le montant par jour ou par mois, pas les deux.")
        if self.daily_amount is not None:
            return by_day(checked(self.daily_amount))
        if self.monthly_amount is None:
            return None
        monthly = checked(self.monthly_amount)
        return by_thirtieth(monthly) if self.kind is RightKind.TRAINEE_PAY else by_month(monthly)

    def is_known(self, on: date) -> bool:
        """Had the conférence learnt of this right by the end of that day?"""
        return self.known_on is None or self.known_on <= on


def checked(amount: Decimal) -> Decimal:
    """The amount, when it is one. Raises ValueError, in French, otherwise."""
    if not isinstance(amount, Decimal):
        raise ValueError("Le montant doit être un nombre décimal exact.")
    if not amount.is_finite() or amount < 0:
        raise ValueError("Le montant ne peut pas être négatif.")
    return amount


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
