"""The money behind a convention: its plan by party, year and nature, its schedule, and what the ledger did under it.

`convention_balance` carries the rule of the ceiling as a CHECK constraint, written in the transaction of each entry: a
commitment that would pass it cannot be committed, whoever else commits at that instant.
"""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKeyConstraint
from sqlmodel import Field, SQLModel

from conference.data.types import Cents, FourDecimals, Identifier, Instant, word_check
from conference.domain.convention import InstalmentKind
from conference.domain.money import ZERO


class ConventionShare(SQLModel, table=True):
    """What one party puts in for one year and nature, in euros; `percent` is kept where it was said so (40 is 40 %).

    `beneficiary_id`: who receives it, None for the beneficiary of the version.
    """

    __tablename__ = "convention_share"
    __table_args__ = (
        ForeignKeyConstraint(
            ["version_id", "organisation_id"], ["convention_party.version_id", "convention_party.organisation_id"]
        ),
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("percent IS NULL OR percent > 0", name="percent_positive"),
        CheckConstraint("year BETWEEN 1950 AND 2100", name="year_known"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Identifier)
    version_id: int = Field(index=True, sa_type=Identifier)
    organisation_id: int = Field(sa_type=Identifier)
    year: int
    nature_id: int = Field(foreign_key="nature.id", sa_type=Identifier)
    beneficiary_id: int | None = Field(default=None, foreign_key="organisation.id", sa_type=Identifier)
    amount: Decimal = Field(sa_type=Cents)
    percent: Decimal | None = Field(default=None, sa_type=FourDecimals)


class ConventionInstalment(SQLModel, table=True):
    """A payment of the schedule, in euros. `key` is the same from one version of a convention to the next, so that what was
    paid under it stays its own."""

    __tablename__ = "convention_instalment"
    __table_args__ = (
        word_check("kind", InstalmentKind),
        ForeignKeyConstraint(
            ["version_id", "organisation_id"], ["convention_party.version_id", "convention_party.organisation_id"]
        ),
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("percent IS NULL OR percent > 0", name="percent_positive"),
    )

    version_id: int = Field(primary_key=True, sa_type=Identifier)
    key: int = Field(primary_key=True)
    organisation_id: int = Field(index=True, sa_type=Identifier)
    kind: str
    due_on: date
    amount: Decimal = Field(sa_type=Cents)
    percent: Decimal | None = Field(default=None, sa_type=FourDecimals)
    condition: str = Field(default="", max_length=500)


class ConventionBonus(SQLModel, table=True):
    """From a return-to-work rate at 3 months on (percent), what is added to the price, in percent of it (malus: negative)."""

    __tablename__ = "convention_bonus"
    __table_args__ = (CheckConstraint("from_rate BETWEEN 0 AND 1000000", name="rate_known"),)

    version_id: int = Field(primary_key=True, foreign_key="convention_version.id", sa_type=Identifier)
    from_rate: Decimal = Field(primary_key=True, sa_type=FourDecimals)
    percent: Decimal = Field(sa_type=FourDecimals)


class ConventionCommitment(SQLModel, table=True):
    """A commitment of the ledger made under a convention, and the instalment it is for, where it is for one."""

    __tablename__ = "convention_commitment"
    __table_args__ = (ForeignKeyConstraint(["commitment_id", "funder_id"], ["commitment.id", "commitment.funder_id"]),)

    commitment_id: int = Field(primary_key=True, sa_type=Identifier)
    convention_id: int = Field(foreign_key="convention.id", index=True, sa_type=Identifier)
    funder_id: int = Field(sa_type=Identifier)
    instalment_key: int | None = None
    linked_at: datetime = Field(sa_type=Instant)
    linked_by: int | None = Field(default=None, foreign_key="account.id", sa_type=Identifier)


class ConventionPayment(SQLModel, table=True):
    """A payment or repayment of the ledger that pays an instalment of a convention."""

    __tablename__ = "convention_payment"

    entry_id: int = Field(primary_key=True, foreign_key="entry.id", sa_type=Identifier)
    convention_id: int = Field(foreign_key="convention.id", index=True, sa_type=Identifier)
    instalment_key: int
    linked_at: datetime = Field(sa_type=Instant)
    linked_by: int | None = Field(default=None, foreign_key="account.id", sa_type=Identifier)


class ConventionBalance(SQLModel, table=True):
    """What was engaged under a convention, in euros, against the ceiling in force (None: no envelope).

    `forecast`: commitments that wait for a second confirmation, which count against the ceiling (SEMANTICS §1).
    """

    __tablename__ = "convention_balance"
    __table_args__ = (
        CheckConstraint("ceiling IS NULL OR committed + forecast <= ceiling", name="within_ceiling"),
        CheckConstraint("forecast >= 0 AND committed >= 0", name="sums_not_negative"),
    )

    convention_id: int = Field(primary_key=True, foreign_key="convention.id", sa_type=Identifier)
    ceiling: Decimal | None = Field(default=None, sa_type=Cents)
    forecast: Decimal = Field(default=ZERO, sa_type=Cents)
    committed: Decimal = Field(default=ZERO, sa_type=Cents)
    paid: Decimal = Field(default=ZERO, sa_type=Cents)
