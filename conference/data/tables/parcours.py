"""People's parcours, under their pseudonym: steps, who funds them, and the rights that pay the person.

No identity is kept here. Funder, payer and manager of a right are three things (DOMAIN §1).
"""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from conference.data.types import Cents, Identifier, Instant, word_check
from conference.domain.case import StepKind
from conference.domain.parcours import KeySituation, ParcoursKind
from conference.domain.rights import RightKind


class Parcours(SQLModel, table=True):
    """One person's way through training; `referent_id` is the organisation that follows the person."""

    __table_args__ = (
        UniqueConstraint("pseudonym"),
        word_check("kind", ParcoursKind),
        word_check("key_situation", KeySituation),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Identifier)
    pseudonym: str = Field(max_length=20)
    kind: str
    key_situation: str
    target: str = Field(default="", max_length=300)
    referent_id: int = Field(foreign_key="organisation.id", index=True, sa_type=Identifier)
    created_at: datetime = Field(sa_type=Instant)
    version: int = Field(default=1)


class Step(SQLModel, table=True):
    """One step, both days included. `needs_income`: each of its calendar days needs a payer."""

    __table_args__ = (
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
    version: int = Field(default=1)


class StepFunder(SQLModel, table=True):
    """A funder that has a share in a step: it may read the parcours."""

    __tablename__ = "step_funder"

    step_id: int = Field(primary_key=True, foreign_key="step.id", sa_type=Identifier)
    organisation_id: int = Field(primary_key=True, foreign_key="organisation.id", index=True, sa_type=Identifier)


class IncomeRight(SQLModel, table=True):
    """A right that a funder recorded: it pays the person from `first` to `last`, both days included."""

    __tablename__ = "income_right"
    __table_args__ = (
        CheckConstraint("first <= last", name="dates_in_order"),
        CheckConstraint("daily_amount IS NULL OR daily_amount >= 0", name="amount_not_negative"),
        word_check("kind", RightKind),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Identifier)
    parcours_id: int = Field(foreign_key="parcours.id", index=True, sa_type=Identifier)
    kind: str
    payer_id: int = Field(foreign_key="organisation.id", sa_type=Identifier)
    first: date
    last: date
    daily_amount: Decimal | None = Field(default=None, sa_type=Cents)
    origin: str = Field(default="", max_length=200)
    known_on: date
    recorded_by: int | None = Field(default=None, foreign_key="account.id", sa_type=Identifier)
