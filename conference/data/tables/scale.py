"""The values of the scales that this conférence dated itself, each with its text of law.

A line is never changed nor deleted: what was once used stays readable. One that proves wrong is marked withdrawn, with
its motive, and another takes its days.
"""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from conference.data.types import FourDecimals, Identifier, Instant


class ScaleValue(SQLModel, table=True):
    """`amount` of the scale `code`, in that scale's unit, from `first` to `last` (None: until the next line), both days
    included; `to_check` says that it is doubtful and `note` why. A withdrawn line counts no more."""

    __tablename__ = "scale_value"
    __table_args__ = (
        CheckConstraint("last IS NULL OR first <= last", name="dates_in_order"),
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("law <> ''", name="law_told"),
        CheckConstraint("source <> ''", name="source_told"),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_motive = '')", name="motive_of_withdrawal"),
        Index(
            "uq_scale_value_code_first",
            "code",
            "first",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Identifier)
    code: str = Field(max_length=60)
    first: date
    last: date | None = None
    amount: Decimal = Field(sa_type=FourDecimals)
    law: str = Field(max_length=500)
    source: str = Field(max_length=500)
    checked_on: date
    to_check: bool = False
    note: str = Field(default="", max_length=500)
    recorded_by: int | None = Field(default=None, foreign_key="account.id", sa_type=Identifier)
    recorded_at: datetime = Field(sa_type=Instant)
    withdrawn_by: int | None = Field(default=None, foreign_key="account.id", sa_type=Identifier)
    withdrawn_at: datetime | None = Field(default=None, sa_type=Instant)
    withdrawn_motive: str = Field(default="", max_length=500)
