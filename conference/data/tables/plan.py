"""Financing plans: what a step or a collective action costs by nature, who takes which part, and when it falls due.

What no share takes is still to find. A share becomes a commitment in one gesture: `step_funding` then says which commitment
pays which person's step, and how much of it.
"""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from conference.data.types import Cents, FourDecimals, Identifier, Instant, word_check
from conference.domain.case import StepKind


class CollectiveAction(SQLModel, table=True):
    """One course that many people follow, with one cost: each of them has a step that names it. `owner_id` keeps it."""

    __tablename__ = "collective_action"
    __table_args__ = (
        CheckConstraint("first <= last", name="dates_in_order"),
        CheckConstraint("hours IS NULL OR hours > 0", name="hours_positive"),
        CheckConstraint("places IS NULL OR places > 0", name="places_positive"),
        word_check("kind", StepKind),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Identifier)
    owner_id: int = Field(foreign_key="organisation.id", index=True, sa_type=Identifier)
    kind: str
    title: str = Field(max_length=200)
    first: date
    last: date
    hours: int | None = None
    weekly_hours: Decimal | None = Field(default=None, sa_type=FourDecimals)
    places: int | None = None
    needs_income: bool = True
    provider_id: int | None = Field(default=None, foreign_key="organisation.id", sa_type=Identifier)
    registered_on: date | None = None
    prescribed: bool | None = None
    qualifying: bool | None = None
    shortage_occupation: bool | None = None
    approved_for_pay: bool | None = None
    created_at: datetime = Field(sa_type=Instant)
    version: int = Field(default=1)


class PlanCost(SQLModel, table=True):
    """What a step, or a collective action, costs of one nature, in euros."""

    __tablename__ = "plan_cost"
    __table_args__ = (
        UniqueConstraint("step_id", "nature_id"),
        UniqueConstraint("action_id", "nature_id"),
        CheckConstraint("(step_id IS NULL) <> (action_id IS NULL)", name="step_or_action"),
        CheckConstraint("amount > 0", name="amount_positive"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Identifier)
    step_id: int | None = Field(default=None, foreign_key="step.id", sa_type=Identifier)
    action_id: int | None = Field(default=None, foreign_key="collective_action.id", sa_type=Identifier)
    nature_id: int = Field(foreign_key="nature.id", sa_type=Identifier)
    amount: Decimal = Field(sa_type=Cents)


class PlanShare(SQLModel, table=True):
    """What one funder takes of a cost, in euros; `percent` is kept where it was said so (40 is 40 %).

    `commitment_id`: the commitment that it became.
    """

    __tablename__ = "plan_share"
    __table_args__ = (
        UniqueConstraint("cost_id", "funder_id"),
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("percent IS NULL OR percent > 0", name="percent_positive"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Identifier)
    cost_id: int = Field(foreign_key="plan_cost.id", sa_type=Identifier)
    funder_id: int = Field(foreign_key="organisation.id", index=True, sa_type=Identifier)
    amount: Decimal = Field(sa_type=Cents)
    percent: Decimal | None = Field(default=None, sa_type=FourDecimals)
    commitment_id: int | None = Field(default=None, foreign_key="commitment.id", index=True, sa_type=Identifier)


class PlanInstalment(SQLModel, table=True):
    """A part of a share that falls due on a day; the parts of a share sum to it, or it has none."""

    __tablename__ = "plan_instalment"
    __table_args__ = (CheckConstraint("amount > 0", name="amount_positive"),)

    share_id: int = Field(primary_key=True, foreign_key="plan_share.id", sa_type=Identifier)
    due_on: date = Field(primary_key=True)
    amount: Decimal = Field(sa_type=Cents)


class StepFunding(SQLModel, table=True):
    """A commitment pays a person's step: `amount` is that person's part of it, in euros, as first committed."""

    __tablename__ = "step_funding"
    __table_args__ = (CheckConstraint("amount > 0", name="amount_positive"),)

    commitment_id: int = Field(primary_key=True, foreign_key="commitment.id", sa_type=Identifier)
    step_id: int = Field(primary_key=True, foreign_key="step.id", index=True, sa_type=Identifier)
    amount: Decimal = Field(sa_type=Cents)
