"""The conférence itself: its name, its region, its months, and its counters."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from conference.data.types import Cents, Instant, Month

MONTH_OPEN_RULE = "closed_month_takes_no_entry"


class ConferenceProfile(SQLModel, table=True):
    """The one row that says which conférence this instance is."""

    __tablename__ = "conference_profile"
    __table_args__ = (CheckConstraint("id = 1", name="single_row"),)

    id: int = Field(default=1, primary_key=True)
    name: str = Field(max_length=200)
    region: str = Field(default="", max_length=200)
    first_month: date = Field(sa_type=Month)
    is_demo: bool = False
    needs_setup: bool = True
    created_at: datetime = Field(sa_type=Instant)
    version: int = Field(default=1)


class MonthState(SQLModel, table=True):
    """A booked month. `closed_count` is the number of entries at its closing: the CHECK then refuses any other."""

    __tablename__ = "month_state"
    __table_args__ = (
        CheckConstraint("closed_count IS NULL OR closed_count = entry_count", name=MONTH_OPEN_RULE),
        CheckConstraint("(closed_count IS NULL) = (closed_at IS NULL)", name="closing_whole"),
    )

    month: date = Field(primary_key=True, sa_type=Month)
    entry_count: int = 0
    entry_total: Decimal = Field(default=Decimal("0.00"), sa_type=Cents)
    closed_count: int | None = None
    closed_at: datetime | None = Field(default=None, sa_type=Instant)


class Counter(SQLModel, table=True):
    """Last number given in a series (`commitment-2026`, `parcours-2026`): references have no holes."""

    series: str = Field(primary_key=True, max_length=40)
    last: int = 0
