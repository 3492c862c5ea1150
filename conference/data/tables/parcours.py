"""People's parcours, under their pseudonym: steps, who funds them, what came of them, and the rights that pay the person.

No identity is kept here: the few facts that the rules ask of a person are, each None until somebody says it. A funder's own
reference makes a parcours, a step or a right known again in its next file. Funder, payer and manager of a right are three
things (DOMAIN §1).
"""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from conference.data.types import Cents, FourDecimals, Identifier, Instant, word_check
from conference.domain.case import InterruptionKind, StepKind
from conference.domain.parcours import KeySituation, ParcoursKind
from conference.domain.results import QualificationResult, RuptureMotive, StepOutcome, WorkResult
from conference.domain.rights import RightKind


class Origin(SQLModel):
    """Where a row came from, when it is a file: its sheet and its record there; `own_reference` is the sender's own."""

    own_reference: str | None = Field(default=None, max_length=120)
    import_file_id: int | None = Field(default=None, foreign_key="import_file.id", index=True, sa_type=Identifier)
    source_sheet: str | None = Field(default=None, max_length=120)
    source_row: int | None = None


class Parcours(Origin, table=True):
    """One person's way through training; `referent_id` is the organisation that follows the person.

    `disabled`, `no_benefit` (none at entry), `worked_6_of_12`, `single_parent`: what the rules ask, None until it is said.
    `version` grows with every change of the parcours, its steps, rights, plans or handoffs.
    """

    __table_args__ = (
        UniqueConstraint("pseudonym"),
        Index("uq_parcours_own_reference", "referent_id", "own_reference", unique=True),
        CheckConstraint("merged_into_id IS NULL OR merged_into_id <> id", name="merged_into_another"),
        word_check("kind", ParcoursKind),
        word_check("key_situation", KeySituation),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Identifier)
    pseudonym: str = Field(max_length=20)
    kind: str
    key_situation: str
    target: str = Field(default="", max_length=300)
    referent_id: int = Field(foreign_key="organisation.id", index=True, sa_type=Identifier)
    territory_id: int | None = Field(default=None, foreign_key="territory.id", index=True, sa_type=Identifier)
    audience_id: int | None = Field(default=None, foreign_key="audience.id", sa_type=Identifier)
    disabled: bool | None = None
    no_benefit: bool | None = None
    worked_6_of_12: bool | None = None
    single_parent: bool | None = None
    merged_into_id: int | None = Field(default=None, foreign_key="parcours.id", sa_type=Identifier)
    anonymised_at: datetime | None = Field(default=None, sa_type=Instant)
    created_at: datetime = Field(sa_type=Instant)
    version: int = Field(default=1)


class Step(Origin, table=True):
    """One step, both days included. `needs_income`: each of its calendar days needs a payer.

    `registered_on` (prescription or registration) chooses the rules; `age_at_entry` is the age in whole years on its first
    day; `prescribed`, `qualifying`, `shortage_occupation`, `approved_for_pay` are conditions, None until somebody says. A
    withdrawn step is kept and counts no more.
    """

    __table_args__ = (
        Index("uq_step_own_reference", "parcours_id", "own_reference", unique=True),
        CheckConstraint("age_at_entry IS NULL OR age_at_entry BETWEEN 10 AND 110", name="age_known"),
        CheckConstraint("weekly_hours IS NULL OR weekly_hours > 0", name="weekly_hours_positive"),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_motive = '')", name="motive_of_withdrawal"),
        CheckConstraint("first <= last", name="dates_in_order"),
        CheckConstraint("hours IS NULL OR hours > 0", name="hours_positive"),
        word_check("kind", StepKind),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Identifier)
    parcours_id: int = Field(foreign_key="parcours.id", index=True, sa_type=Identifier)
    kind: str
    title: str = Field(max_length=200)
    first: date
    last: date
    hours: int | None = None
    needs_income: bool = True
    provider_id: int | None = Field(default=None, foreign_key="organisation.id", sa_type=Identifier)
    action_id: int | None = Field(default=None, foreign_key="collective_action.id", index=True, sa_type=Identifier)
    registered_on: date | None = None
    weekly_hours: Decimal | None = Field(default=None, sa_type=FourDecimals)
    age_at_entry: int | None = None
    prescribed: bool | None = None
    qualifying: bool | None = None
    shortage_occupation: bool | None = None
    approved_for_pay: bool | None = None
    withdrawn_at: datetime | None = Field(default=None, sa_type=Instant)
    withdrawn_motive: str = Field(default="", max_length=500)
    version: int = Field(default=1)


class StepFunder(SQLModel, table=True):
    """A funder that has a share in a step: it may read the parcours."""

    __tablename__ = "step_funder"

    step_id: int = Field(primary_key=True, foreign_key="step.id", sa_type=Identifier)
    organisation_id: int = Field(primary_key=True, foreign_key="organisation.id", index=True, sa_type=Identifier)


class StepInterruption(SQLModel, table=True):
    """Days of a step on which the person did not follow it, both included."""

    __tablename__ = "step_interruption"
    __table_args__ = (CheckConstraint("first <= last", name="dates_in_order"), word_check("kind", InterruptionKind))

    id: int | None = Field(default=None, primary_key=True, sa_type=Identifier)
    step_id: int = Field(foreign_key="step.id", index=True, sa_type=Identifier)
    kind: str
    first: date
    last: date


class StepResult(SQLModel, table=True):
    """What came of a step; None is not known yet. `ended_on`: the last day followed where it was broken off."""

    __tablename__ = "step_result"
    __table_args__ = (
        word_check("outcome", StepOutcome),
        word_check("qualification", QualificationResult),
        word_check("work_3_months", WorkResult),
        word_check("work_6_months", WorkResult),
        word_check("motive", RuptureMotive),
        CheckConstraint("motive IS NULL OR outcome IN ('broken_off', 'not_begun')", name="motive_of_rupture"),
    )

    step_id: int = Field(primary_key=True, foreign_key="step.id", sa_type=Identifier)
    outcome: str | None = None
    ended_on: date | None = None
    motive: str | None = None
    qualification: str | None = None
    work_3_months: str | None = None
    work_6_months: str | None = None
    recorded_at: datetime = Field(sa_type=Instant)
    recorded_by: int | None = Field(default=None, foreign_key="account.id", sa_type=Identifier)
    version: int = Field(default=1)


class IncomeRight(Origin, table=True):
    """A right that a funder recorded: it pays the person from `first` to `last`, both days included.

    Gross euros a day or a month, one of them at most. `main`: recorded as the main income of its days; `opened_months`: the
    length of the whole right that was opened. A withdrawn right is kept and counts no more.
    """

    __tablename__ = "income_right"
    __table_args__ = (
        CheckConstraint("first <= last", name="dates_in_order"),
        CheckConstraint("daily_amount IS NULL OR daily_amount >= 0", name="amount_not_negative"),
        CheckConstraint("monthly_amount IS NULL OR monthly_amount >= 0", name="monthly_amount_not_negative"),
        CheckConstraint("daily_amount IS NULL OR monthly_amount IS NULL", name="one_amount"),
        CheckConstraint("opened_months IS NULL OR opened_months > 0", name="opened_months_positive"),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_motive = '')", name="motive_of_withdrawal"),
        Index("uq_income_right_own_reference", "parcours_id", "own_reference", unique=True),
        word_check("kind", RightKind),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Identifier)
    parcours_id: int = Field(foreign_key="parcours.id", index=True, sa_type=Identifier)
    kind: str
    payer_id: int = Field(foreign_key="organisation.id", sa_type=Identifier)
    funder_id: int | None = Field(default=None, foreign_key="organisation.id", sa_type=Identifier)
    manager_id: int | None = Field(default=None, foreign_key="organisation.id", sa_type=Identifier)
    first: date
    last: date
    daily_amount: Decimal | None = Field(default=None, sa_type=Cents)
    monthly_amount: Decimal | None = Field(default=None, sa_type=Cents)
    opened_months: int | None = None
    main: bool = False
    origin: str = Field(default="", max_length=200)
    known_on: date
    recorded_by: int | None = Field(default=None, foreign_key="account.id", sa_type=Identifier)
    withdrawn_at: datetime | None = Field(default=None, sa_type=Instant)
    withdrawn_by: int | None = Field(default=None, foreign_key="account.id", sa_type=Identifier)
    withdrawn_motive: str = Field(default="", max_length=500)
