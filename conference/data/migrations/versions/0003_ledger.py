"""The ledger: commitments, entries, and all that they add up to.

Revision: 0003, after 0002.
"""

import sqlalchemy as sa
from alembic import op

import conference.data.types

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    make_rollup_funder()
    make_rollup_month()
    make_rollup_total()
    make_annual_budget()
    make_dimension_set()
    make_commitment()
    make_balance()
    make_entry()
    make_transfer_pair()
    make_yearly_share()


def make_rollup_funder() -> None:
    op.create_table(
        "rollup_funder",
        sa.Column("forecast", conference.data.types.Cents(), nullable=False),
        sa.Column("commitment", conference.data.types.Cents(), nullable=False),
        sa.Column("release", conference.data.types.Cents(), nullable=False),
        sa.Column("settlement", conference.data.types.Cents(), nullable=False),
        sa.Column("order", conference.data.types.Cents(), nullable=False),
        sa.Column("payment", conference.data.types.Cents(), nullable=False),
        sa.Column("repayment", conference.data.types.Cents(), nullable=False),
        sa.Column("entry_count", sa.Integer(), nullable=False),
        sa.Column("month", conference.data.types.Month(), nullable=False),
        sa.Column("funder_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("to_funder_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("month", "funder_id", "to_funder_id", name=op.f("pk_rollup_funder")),
    )


def make_rollup_month() -> None:
    op.create_table(
        "rollup_month",
        sa.Column("forecast", conference.data.types.Cents(), nullable=False),
        sa.Column("commitment", conference.data.types.Cents(), nullable=False),
        sa.Column("release", conference.data.types.Cents(), nullable=False),
        sa.Column("settlement", conference.data.types.Cents(), nullable=False),
        sa.Column("order", conference.data.types.Cents(), nullable=False),
        sa.Column("payment", conference.data.types.Cents(), nullable=False),
        sa.Column("repayment", conference.data.types.Cents(), nullable=False),
        sa.Column("entry_count", sa.Integer(), nullable=False),
        sa.Column("month", conference.data.types.Month(), nullable=False),
        sa.Column("funder_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("to_funder_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("dimension_set_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("month", "funder_id", "to_funder_id", "dimension_set_id", name=op.f("pk_rollup_month")),
    )
    with op.batch_alter_table("rollup_month", schema=None) as batch_op:
        batch_op.create_index("ix_rollup_month_funder_id_month", ["funder_id", "month"], unique=False)


def make_rollup_total() -> None:
    op.create_table(
        "rollup_total",
        sa.Column("forecast", conference.data.types.Cents(), nullable=False),
        sa.Column("commitment", conference.data.types.Cents(), nullable=False),
        sa.Column("release", conference.data.types.Cents(), nullable=False),
        sa.Column("settlement", conference.data.types.Cents(), nullable=False),
        sa.Column("order", conference.data.types.Cents(), nullable=False),
        sa.Column("payment", conference.data.types.Cents(), nullable=False),
        sa.Column("repayment", conference.data.types.Cents(), nullable=False),
        sa.Column("entry_count", sa.Integer(), nullable=False),
        sa.Column("funder_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("to_funder_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("dimension_set_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("funder_id", "to_funder_id", "dimension_set_id", name=op.f("pk_rollup_total")),
    )


def make_annual_budget() -> None:
    op.create_table(
        "annual_budget",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("funder_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("amount", conference.data.types.Cents(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_annual_budget_amount_not_negative")),
        sa.CheckConstraint("year BETWEEN 1950 AND 2100", name=op.f("ck_annual_budget_year_known")),
        sa.ForeignKeyConstraint(["funder_id"], ["organisation.id"], name=op.f("fk_annual_budget_funder_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_annual_budget")),
        sa.UniqueConstraint("funder_id", "year", name=op.f("uq_annual_budget_funder_id_year")),
    )


def make_dimension_set() -> None:
    op.create_table(
        "dimension_set",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("scheme_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("audience_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("nature_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("level_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("territory_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sector_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["audience_id"], ["audience.id"], name=op.f("fk_dimension_set_audience_id")),
        sa.ForeignKeyConstraint(["level_id"], ["level.id"], name=op.f("fk_dimension_set_level_id")),
        sa.ForeignKeyConstraint(["nature_id"], ["nature.id"], name=op.f("fk_dimension_set_nature_id")),
        sa.ForeignKeyConstraint(["scheme_id"], ["scheme.id"], name=op.f("fk_dimension_set_scheme_id")),
        sa.ForeignKeyConstraint(["sector_id"], ["sector.id"], name=op.f("fk_dimension_set_sector_id")),
        sa.ForeignKeyConstraint(["territory_id"], ["territory.id"], name=op.f("fk_dimension_set_territory_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dimension_set")),
        sa.UniqueConstraint(
            "scheme_id",
            "audience_id",
            "nature_id",
            "level_id",
            "territory_id",
            "sector_id",
            name="uq_dimension_set_members",
        ),
    )


def make_commitment() -> None:
    op.create_table(
        "commitment",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("funder_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("to_funder_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("payer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("manager_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("provider_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("dimension_set_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("object", sa.String(length=1000), nullable=False),
        sa.Column("funder_reference", sa.String(length=120), nullable=True),
        sa.Column("decision_reference", sa.String(length=300), nullable=True),
        sa.Column("accounting_number", sa.String(length=60), nullable=True),
        sa.Column("first", sa.Date(), nullable=True),
        sa.Column("last", sa.Date(), nullable=True),
        sa.Column("persons", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("import_file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("source_sheet", sa.String(length=120), nullable=True),
        sa.Column("source_row", sa.Integer(), nullable=True),
        sa.Column("recorded_at", conference.data.types.Instant(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint("source IN ('form', 'file', 'console', 'api')", name=op.f("ck_commitment_source_known")),
        sa.CheckConstraint("first IS NULL OR last IS NULL OR first <= last", name=op.f("ck_commitment_dates_in_order")),
        sa.CheckConstraint("persons IS NULL OR persons > 0", name=op.f("ck_commitment_persons_positive")),
        sa.CheckConstraint(
            "to_funder_id IS NULL OR to_funder_id <> funder_id", name=op.f("ck_commitment_transfer_to_another")
        ),
        sa.ForeignKeyConstraint(
            ["dimension_set_id"], ["dimension_set.id"], name=op.f("fk_commitment_dimension_set_id")
        ),
        sa.ForeignKeyConstraint(["funder_id"], ["organisation.id"], name=op.f("fk_commitment_funder_id")),
        sa.ForeignKeyConstraint(["import_file_id"], ["import_file.id"], name=op.f("fk_commitment_import_file_id")),
        sa.ForeignKeyConstraint(["manager_id"], ["organisation.id"], name=op.f("fk_commitment_manager_id")),
        sa.ForeignKeyConstraint(["payer_id"], ["organisation.id"], name=op.f("fk_commitment_payer_id")),
        sa.ForeignKeyConstraint(["provider_id"], ["organisation.id"], name=op.f("fk_commitment_provider_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["account.id"], name=op.f("fk_commitment_recorded_by")),
        sa.ForeignKeyConstraint(["to_funder_id"], ["organisation.id"], name=op.f("fk_commitment_to_funder_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment")),
        sa.UniqueConstraint("id", "dimension_set_id", name="uq_commitment_id_dimension_set_id"),
        sa.UniqueConstraint("id", "funder_id", name="uq_commitment_id_funder_id"),
        sa.UniqueConstraint("reference", name=op.f("uq_commitment_reference")),
    )
    with op.batch_alter_table("commitment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_commitment_dimension_set_id"), ["dimension_set_id"], unique=False)
        batch_op.create_index("ix_commitment_funder_id_id", ["funder_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_commitment_import_file_id"), ["import_file_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_commitment_provider_id"), ["provider_id"], unique=False)


def make_balance() -> None:
    op.create_table(
        "balance",
        sa.Column("forecast", conference.data.types.Cents(), nullable=False),
        sa.Column("commitment", conference.data.types.Cents(), nullable=False),
        sa.Column("release", conference.data.types.Cents(), nullable=False),
        sa.Column("settlement", conference.data.types.Cents(), nullable=False),
        sa.Column("order", conference.data.types.Cents(), nullable=False),
        sa.Column("payment", conference.data.types.Cents(), nullable=False),
        sa.Column("repayment", conference.data.types.Cents(), nullable=False),
        sa.Column("entry_count", sa.Integer(), nullable=False),
        sa.Column("commitment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("funder_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("identity", sa.String(length=200), nullable=True),
        sa.Column("shared", conference.data.types.Cents(), nullable=False),
        sa.Column("committed_on", sa.Date(), nullable=True),
        sa.Column("moved_on", sa.Date(), nullable=True),
        sa.CheckConstraint('"commitment" >= 0', name=op.f("ck_balance_commitment_not_negative")),
        sa.CheckConstraint('"forecast" >= 0', name=op.f("ck_balance_forecast_not_negative")),
        sa.CheckConstraint(
            '"order" = 0 OR (settlement > 0 AND "order" <= settlement) OR (settlement = 0 AND "order" <= commitment - release)',
            name=op.f("ck_balance_ordered_within_settled"),
        ),
        sa.CheckConstraint(
            '"order" = 0 OR payment - repayment <= "order"', name=op.f("ck_balance_paid_within_ordered")
        ),
        sa.CheckConstraint('"order" >= 0', name=op.f("ck_balance_order_not_negative")),
        sa.CheckConstraint('"payment" >= 0', name=op.f("ck_balance_payment_not_negative")),
        sa.CheckConstraint('"release" >= 0', name=op.f("ck_balance_release_not_negative")),
        sa.CheckConstraint('"repayment" >= 0', name=op.f("ck_balance_repayment_not_negative")),
        sa.CheckConstraint('"settlement" >= 0', name=op.f("ck_balance_settlement_not_negative")),
        sa.CheckConstraint(
            "moved_on IS NULL OR committed_on IS NULL OR committed_on <= moved_on",
            name=op.f("ck_balance_dates_in_order"),
        ),
        sa.CheckConstraint(
            "payment - repayment <= commitment - release", name=op.f("ck_balance_paid_within_committed")
        ),
        sa.CheckConstraint("repayment <= payment", name=op.f("ck_balance_repaid_within_paid")),
        sa.CheckConstraint(
            "settlement = 0 OR payment - repayment <= settlement", name=op.f("ck_balance_paid_within_settled")
        ),
        sa.CheckConstraint(
            "settlement = 0 OR settlement <= commitment - release", name=op.f("ck_balance_settled_within_committed")
        ),
        sa.CheckConstraint(
            "shared = 0 OR shared = commitment - release", name=op.f("ck_balance_shares_sum_to_committed")
        ),
        sa.ForeignKeyConstraint(["commitment_id"], ["commitment.id"], name=op.f("fk_balance_commitment_id")),
        sa.ForeignKeyConstraint(["funder_id"], ["organisation.id"], name=op.f("fk_balance_funder_id")),
        sa.PrimaryKeyConstraint("commitment_id", name=op.f("pk_balance")),
        sa.UniqueConstraint("funder_id", "identity", name=op.f("uq_balance_funder_id_identity")),
    )


def make_entry() -> None:
    op.create_table(
        "entry",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("commitment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("funder_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("to_funder_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("amount", conference.data.types.Cents(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("booked_month", conference.data.types.Month(), nullable=False),
        sa.Column("recorded_at", conference.data.types.Instant(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reverses_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("motive", sa.String(length=500), nullable=True),
        sa.Column("reference", sa.String(length=120), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("import_file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("source_sheet", sa.String(length=120), nullable=True),
        sa.Column("source_row", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('forecast', 'commitment', 'release', 'settlement', 'order', 'payment', 'repayment')",
            name=op.f("ck_entry_kind_known"),
        ),
        sa.CheckConstraint("source IN ('form', 'file', 'console', 'api')", name=op.f("ck_entry_source_known")),
        sa.CheckConstraint(
            "(reverses_id IS NULL AND amount > 0) OR (reverses_id IS NOT NULL AND amount < 0)",
            name=op.f("ck_entry_sign_of_annulation"),
        ),
        sa.CheckConstraint("reverses_id IS NULL OR length(motive) > 0", name=op.f("ck_entry_motive_of_annulation")),
        sa.ForeignKeyConstraint(
            ["commitment_id", "funder_id"],
            ["commitment.id", "commitment.funder_id"],
            name=op.f("fk_entry_commitment_id_funder_id"),
        ),
        sa.ForeignKeyConstraint(["funder_id"], ["organisation.id"], name=op.f("fk_entry_funder_id")),
        sa.ForeignKeyConstraint(["import_file_id"], ["import_file.id"], name=op.f("fk_entry_import_file_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["account.id"], name=op.f("fk_entry_recorded_by")),
        sa.ForeignKeyConstraint(["reverses_id"], ["entry.id"], name=op.f("fk_entry_reverses_id")),
        sa.ForeignKeyConstraint(["to_funder_id"], ["organisation.id"], name=op.f("fk_entry_to_funder_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_entry_reverses_id")),
    )
    with op.batch_alter_table("entry", schema=None) as batch_op:
        batch_op.create_index("ix_entry_commitment_id", ["commitment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_entry_import_file_id"), ["import_file_id"], unique=False)
        batch_op.create_index("ix_entry_recorded_at", ["recorded_at"], unique=False)


def make_transfer_pair() -> None:
    op.create_table(
        "transfer_pair",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("given_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("spent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("dimension_set_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("recorded_at", conference.data.types.Instant(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint("given_id <> spent_id", name=op.f("ck_transfer_pair_two_sides")),
        sa.ForeignKeyConstraint(
            ["given_id", "dimension_set_id"],
            ["commitment.id", "commitment.dimension_set_id"],
            name=op.f("fk_transfer_pair_given_id_dimension_set_id"),
        ),
        sa.ForeignKeyConstraint(["recorded_by"], ["account.id"], name=op.f("fk_transfer_pair_recorded_by")),
        sa.ForeignKeyConstraint(
            ["spent_id", "dimension_set_id"],
            ["commitment.id", "commitment.dimension_set_id"],
            name=op.f("fk_transfer_pair_spent_id_dimension_set_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer_pair")),
        sa.UniqueConstraint("given_id", "spent_id", name=op.f("uq_transfer_pair_given_id_spent_id")),
    )
    with op.batch_alter_table("transfer_pair", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_transfer_pair_given_id"), ["given_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_transfer_pair_spent_id"), ["spent_id"], unique=False)


def make_yearly_share() -> None:
    op.create_table(
        "yearly_share",
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("amount", conference.data.types.Cents(), nullable=False),
        sa.CheckConstraint("year BETWEEN 1950 AND 2100", name=op.f("ck_yearly_share_year_known")),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_yearly_share_entry_id")),
        sa.PrimaryKeyConstraint("entry_id", "year", name=op.f("pk_yearly_share")),
    )
