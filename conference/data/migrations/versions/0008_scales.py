"""Scales: the values that an instance dates itself, withdrawn and never deleted.

Revision: 0008, after 0007.
"""

import sqlalchemy as sa
from alembic import op

import conference.data.types

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
IN_FORCE = sa.text("withdrawn_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "scale_value",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=True),
        sa.Column("amount", conference.data.types.FourDecimals(), nullable=False),
        sa.Column("law", sa.String(length=500), nullable=False),
        sa.Column("source", sa.String(length=500), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("to_check", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("recorded_by", NUMBER, nullable=True),
        sa.Column("recorded_at", conference.data.types.Instant(timezone=True), nullable=False),
        sa.Column("withdrawn_by", NUMBER, nullable=True),
        sa.Column("withdrawn_at", conference.data.types.Instant(timezone=True), nullable=True),
        sa.Column("withdrawn_motive", sa.String(length=500), nullable=False),
        sa.CheckConstraint("last IS NULL OR first <= last", name=op.f("ck_scale_value_dates_in_order")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_scale_value_amount_positive")),
        sa.CheckConstraint("law <> ''", name=op.f("ck_scale_value_law_told")),
        sa.CheckConstraint("source <> ''", name=op.f("ck_scale_value_source_told")),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_motive = '')", name=op.f("ck_scale_value_motive_of_withdrawal")
        ),
        sa.ForeignKeyConstraint(["recorded_by"], ["account.id"], name=op.f("fk_scale_value_recorded_by")),
        sa.ForeignKeyConstraint(["withdrawn_by"], ["account.id"], name=op.f("fk_scale_value_withdrawn_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scale_value")),
    )
    op.create_index(
        "uq_scale_value_code_first",
        "scale_value",
        ["code", "first"],
        unique=True,
        sqlite_where=IN_FORCE,
        postgresql_where=IN_FORCE,
    )
