"""What the engine answered for each parcours: every version that differed, the state of today, and its gaps.

`coverage_state` says of which version of the parcours and of which scales the answer is, so that a nightly run asks again
only where something changed; `gap` cuts the days that nobody pays by month; `need_cell` adds them up for the table of needs,
in the transaction of the gaps it sums.
"""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from conference.data.types import Cents, Identifier, Instant, Month
from conference.domain.money import ZERO


class CoverageVersion(SQLModel, table=True):
    """One answer of the engine, kept for ever. Days counted; `need` in gross euros, None when an amount is not known.

    `segments` is compact JSON, one list a segment: first, last, status, kind, payer, cents a day, cents, reason.
    """

    __tablename__ = "coverage_version"
    __table_args__ = (
        UniqueConstraint("parcours_id", "number"),
        CheckConstraint("needed = covered + presumed + available + gap", name="days_sum"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Identifier)
    parcours_id: int = Field(foreign_key="parcours.id", sa_type=Identifier)
    number: int
    computed_at: datetime = Field(sa_type=Instant)
    needed: int
    covered: int
    presumed: int
    available: int
    gap: int
    overlap: int
    reduced: int
    loss: Decimal = Field(default=ZERO, sa_type=Cents)
    need: Decimal | None = Field(default=None, sa_type=Cents)
    segments: str


class CoverageState(SQLModel, table=True):
    """Of which facts the current answer is. `recheck_on`: the day on which an alert may change although no fact does."""

    __tablename__ = "coverage_state"

    parcours_id: int = Field(primary_key=True, foreign_key="parcours.id", sa_type=Identifier)
    version_id: int = Field(foreign_key="coverage_version.id", sa_type=Identifier)
    parcours_version: int
    scales_digest: str = Field(max_length=64)
    recheck_on: date | None = Field(default=None, index=True)


class Gap(SQLModel, table=True):
    """Days of one month that nobody pays, in one step, with one reason. `payer`: the scheme that could take over, or `none`.

    `amount` is its part of the need, in gross euros: parts of a segment sum to it; None when it is not known.
    """

    __table_args__ = (
        CheckConstraint("days > 0", name="days_positive"),
        CheckConstraint("first <= last", name="dates_in_order"),
        Index("ix_gap_cell", "month", "territory_id", "audience_id", "payer", "reason"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Identifier)
    parcours_id: int = Field(foreign_key="parcours.id", index=True, sa_type=Identifier)
    step_id: int = Field(foreign_key="step.id", sa_type=Identifier)
    month: date = Field(sa_type=Month)
    first: date
    last: date
    days: int
    amount: Decimal | None = Field(default=None, sa_type=Cents)
    reason: str = Field(max_length=40)
    payer: str = Field(max_length=40)
    territory_id: int = Field(default=0, sa_type=Identifier)
    audience_id: int = Field(default=0, sa_type=Identifier)


class NeedCell(SQLModel, table=True):
    """Gaps added up by month, territory, audience, possible payer and reason; 0 stands for a territory or audience not said.

    `amount`: the known euros; `unknown_days`: days without an amount; `parcours`: distinct parcours in the cell.
    """

    __tablename__ = "need_cell"
    __table_args__ = (CheckConstraint("days >= 0 AND parcours >= 0 AND unknown_days >= 0", name="counts_not_negative"),)

    month: date = Field(primary_key=True, sa_type=Month)
    territory_id: int = Field(primary_key=True, sa_type=Identifier)
    audience_id: int = Field(primary_key=True, sa_type=Identifier)
    payer: str = Field(primary_key=True, max_length=40)
    reason: str = Field(primary_key=True, max_length=40)
    days: int = 0
    amount: Decimal = Field(default=ZERO, sa_type=Cents)
    unknown_days: int = 0
    parcours: int = 0
