"""What a funder means to spend in a year: shown beside what it commits, never enforced."""

from decimal import Decimal

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from conference.data.types import Cents, Identifier


class AnnualBudget(SQLModel, table=True):
    """Budget of one funder for one year, in euros."""

    __tablename__ = "annual_budget"
    __table_args__ = (
        UniqueConstraint("funder_id", "year"),
        CheckConstraint("amount >= 0", name="amount_not_negative"),
        CheckConstraint("year BETWEEN 1950 AND 2100", name="year_known"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Identifier)
    funder_id: int = Field(foreign_key="organisation.id", sa_type=Identifier)
    year: int
    amount: Decimal = Field(sa_type=Cents)
    version: int = Field(default=1)
