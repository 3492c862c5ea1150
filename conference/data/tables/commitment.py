"""The ledger: commitments and the entries that make their story.

All append-only: triggers forbid UPDATE and DELETE (`data.triggers`). What changes with each entry is apart, in
`data.tables.sums`, where CHECK constraints keep the rules of the ledger.
"""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from conference.data.types import Cents, Identifier, Instant, Month, word_check
from conference.domain.ledger import EntryKind, EntrySource


class DimensionSet(SQLModel, table=True):
    """One combination of the six dimensions. Commitments and rollups point to it; two sides of a transfer share it."""

    __tablename__ = "dimension_set"
    __table_args__ = (
        UniqueConstraint(
            "scheme_id",
            "audience_id",
            "nature_id",
            "level_id",
            "territory_id",
            "sector_id",
            name="uq_dimension_set_members",
        ),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Identifier)
    scheme_id: int = Field(foreign_key="scheme.id", sa_type=Identifier)
    audience_id: int = Field(foreign_key="audience.id", sa_type=Identifier)
    nature_id: int = Field(foreign_key="nature.id", sa_type=Identifier)
    level_id: int = Field(foreign_key="level.id", sa_type=Identifier)
    territory_id: int = Field(foreign_key="territory.id", sa_type=Identifier)
    sector_id: int = Field(foreign_key="sector.id", sa_type=Identifier)


class Commitment(SQLModel, table=True):
    """One decision of one funder to pay. `to_funder_id` is set when it pays through another funder (a transfer)."""

    __table_args__ = (
        UniqueConstraint("reference"),
        UniqueConstraint("id", "funder_id", name="uq_commitment_id_funder_id"),
        UniqueConstraint("id", "dimension_set_id", name="uq_commitment_id_dimension_set_id"),
        CheckConstraint("first IS NULL OR last IS NULL OR first <= last", name="dates_in_order"),
        CheckConstraint("persons IS NULL OR persons > 0", name="persons_positive"),
        CheckConstraint("to_funder_id IS NULL OR to_funder_id <> funder_id", name="transfer_to_another"),
        word_check("source", EntrySource),
        Index("ix_commitment_funder_id", "funder_id", "decided_on", "dimension_set_id"),
        Index("ix_commitment_dimension_set_id", "dimension_set_id", "funder_id"),
        Index("ix_commitment_decided_on", "decided_on", "funder_id", "dimension_set_id"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Identifier)
    reference: str = Field(max_length=20)
    funder_id: int = Field(foreign_key="organisation.id", sa_type=Identifier)
    to_funder_id: int | None = Field(default=None, foreign_key="organisation.id", sa_type=Identifier)
    payer_id: int | None = Field(default=None, foreign_key="organisation.id", sa_type=Identifier)
    manager_id: int | None = Field(default=None, foreign_key="organisation.id", sa_type=Identifier)
    provider_id: int | None = Field(default=None, foreign_key="organisation.id", index=True, sa_type=Identifier)
    dimension_set_id: int = Field(foreign_key="dimension_set.id", sa_type=Identifier)
    decided_on: date
    object: str = Field(default="", max_length=1000)
    funder_reference: str | None = Field(default=None, max_length=120)
    decision_reference: str | None = Field(default=None, max_length=300)
    accounting_number: str | None = Field(default=None, max_length=60)
    first: date | None = None
    last: date | None = None
    persons: int | None = None
    source: str
    import_file_id: int | None = Field(default=None, foreign_key="import_file.id", index=True, sa_type=Identifier)
    source_sheet: str | None = Field(default=None, max_length=120)
    source_row: int | None = None
    recorded_at: datetime = Field(sa_type=Instant)
    recorded_by: int | None = Field(default=None, foreign_key="account.id", sa_type=Identifier)


class Entry(SQLModel, table=True):
    """One fact about a commitment. `amount` is positive, or negative for the annulation of the entry `reverses_id`."""

    __table_args__ = (
        UniqueConstraint("reverses_id"),
        ForeignKeyConstraint(["commitment_id", "funder_id"], ["commitment.id", "commitment.funder_id"]),
        CheckConstraint(
            "(reverses_id IS NULL AND amount > 0) OR (reverses_id IS NOT NULL AND amount < 0)",
            name="sign_of_annulation",
        ),
        CheckConstraint("reverses_id IS NULL OR length(motive) > 0", name="motive_of_annulation"),
        word_check("kind", EntryKind),
        word_check("source", EntrySource),
        Index("ix_entry_commitment_id", "commitment_id"),
        Index("ix_entry_recorded_at", "recorded_at"),
        Index("ix_entry_booked_month", "booked_month", "commitment_id", "kind", "amount"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Identifier)
    commitment_id: int = Field(sa_type=Identifier)
    funder_id: int = Field(foreign_key="organisation.id", sa_type=Identifier)
    to_funder_id: int | None = Field(default=None, foreign_key="organisation.id", sa_type=Identifier)
    kind: str
    amount: Decimal = Field(sa_type=Cents)
    effective_on: date
    booked_month: date = Field(sa_type=Month)
    recorded_at: datetime = Field(sa_type=Instant)
    recorded_by: int | None = Field(default=None, foreign_key="account.id", sa_type=Identifier)
    reverses_id: int | None = Field(default=None, foreign_key="entry.id", sa_type=Identifier)
    motive: str | None = Field(default=None, max_length=500)
    reference: str | None = Field(default=None, max_length=120)
    source: str
    import_file_id: int | None = Field(default=None, foreign_key="import_file.id", index=True, sa_type=Identifier)
    source_sheet: str | None = Field(default=None, max_length=120)
    source_row: int | None = None


class YearlyShare(SQLModel, table=True):
    """Part of an engagement, a dégagement or their annulation that falls on one year; parts sum to the entry."""

    __tablename__ = "yearly_share"
    __table_args__ = (CheckConstraint("year BETWEEN 1950 AND 2100", name="year_known"),)

    entry_id: int = Field(primary_key=True, foreign_key="entry.id", sa_type=Identifier)
    year: int = Field(primary_key=True)
    amount: Decimal = Field(sa_type=Cents)


class TransferPair(SQLModel, table=True):
    """The two sides of a transfer: what one funder gives, and the line by which the other spends it.

    The composite foreign keys make both sides share their dimensions, so that any filter holds both or neither.
    """

    __tablename__ = "transfer_pair"
    __table_args__ = (
        UniqueConstraint("given_id", "spent_id"),
        ForeignKeyConstraint(["given_id", "dimension_set_id"], ["commitment.id", "commitment.dimension_set_id"]),
        ForeignKeyConstraint(["spent_id", "dimension_set_id"], ["commitment.id", "commitment.dimension_set_id"]),
        CheckConstraint("given_id <> spent_id", name="two_sides"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Identifier)
    given_id: int = Field(sa_type=Identifier, index=True)
    spent_id: int = Field(sa_type=Identifier, index=True)
    dimension_set_id: int = Field(sa_type=Identifier)
    recorded_at: datetime = Field(sa_type=Instant)
    recorded_by: int | None = Field(default=None, foreign_key="account.id", sa_type=Identifier)
