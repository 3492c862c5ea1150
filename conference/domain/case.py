"""What is known of a person's situation when it is asked who pays each day?

A case is the whole argument of the engine, with the scales: person, steps, recorded rights, signed conventions, and
the day whose knowledge counts. Every datum that nobody has said is None, and None is never read as no."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from conference.domain.period import Period
from conference.domain.rate import Rate, by_day
from conference.domain.rights import Right, RightKind, checked


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


class InterruptionKind(StrEnum):
    """Why a course stood still for a person: it was interrupted, or the person was away without a reason given."""

    INTERRUPTION = "interruption"
    ABSENCE = "absence"


@dataclass(frozen=True, slots=True)
class Interruption:
    """Days of a step on which the person did not follow it."""

    period: Period
    kind: InterruptionKind = InterruptionKind.INTERRUPTION


@dataclass(frozen=True, slots=True)
class Person:
    """What the rules need to know of a person, and nothing else; None is not known.

    `no_benefit`: had no benefit at entry; `worked_6_of_12`: worked 6 months in 12 or 12 in 24 before it;
    `single_parent` stands for the family situations that the trainee scale treats alike."""

    birth_date: date | None = None
    disabled: bool | None = None
    no_benefit: bool | None = None
    worked_6_of_12: bool | None = None
    single_parent: bool | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a parcours; each calendar day of it needs an income when `needs_income` says so.

    `registered_on` is the day of prescription or registration, which chooses the rules (None: the first day);
    `weekly_hours` the length of a week of it; `approved_for_pay` whether trainees of this course may be paid;
    `funders` who pays the course itself, as free codes (none: not known); `age_at_entry` the age in whole years on its first
    day, where it is recorded instead of a birth date."""

    id: str
    kind: StepKind
    period: Period
    needs_income: bool
    registered_on: date | None = None
    weekly_hours: Decimal | None = None
    prescribed: bool | None = None
    qualifying: bool | None = None
    shortage_occupation: bool | None = None
    approved_for_pay: bool | None = None
    funders: tuple[str, ...] = ()
    interruptions: tuple[Interruption, ...] = ()
    age_at_entry: int | None = None

    @property
    def registered(self) -> date:
        """The day that chooses the rules."""
        return self.registered_on or self.period.first


@dataclass(frozen=True, slots=True)
class Convention:
    """A signed, active convention: `payer` pays these persons on its days while `left` euros of its ceiling remain.

    `daily_amount` in euros, None when the trainee scale sets it; `left` None when what remains is not known.
    Raises ValueError for an amount that is negative, beyond the cent or not a finite Decimal.
    """

    payer: str
    kind: RightKind
    period: Period
    left: Decimal | None
    daily_amount: Decimal | None = None
    rate: Rate | None = field(init=False)

    def __post_init__(self) -> None:
        if self.left is not None:
            checked(self.left)
        rate = None if self.daily_amount is None else by_day(checked(self.daily_amount))
        object.__setattr__(self, "rate", rate)


@dataclass(frozen=True, slots=True)
class Case:
    """Everything the engine is told. `known_on`: rights recorded after that day are not seen (None: all are)."""

    known_on: date | None
    person: Person
    steps: tuple[Step, ...]
    rights: tuple[Right, ...] = ()
    conventions: tuple[Convention, ...] = ()
