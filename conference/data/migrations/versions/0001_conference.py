"""The conférence itself: profile, months, counters, organisations and the six lists.

Revision: 0001, after none.
"""

import sqlalchemy as sa
from alembic import op

import conference.data.types

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    make_audience()
    make_conference_profile()
    make_counter()
    make_level()
    make_month_state()
    make_nature()
    make_organisation()
    make_scheme()
    make_sector()
    make_territory()


def make_audience() -> None:
    op.create_table(
        "audience",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=True),
        sa.Column("parent_code", sa.String(length=60), nullable=True),
        sa.Column("successor_code", sa.String(length=60), nullable=True),
        sa.Column("lheo", sa.String(length=20), nullable=True),
        sa.Column("source", sa.String(length=120), nullable=True),
        sa.Column("definition", sa.String(length=500), nullable=True),
        sa.Column("first", sa.Date(), nullable=True),
        sa.Column("last", sa.Date(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("first IS NULL OR last IS NULL OR first <= last", name=op.f("ck_audience_dates_in_order")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audience")),
        sa.UniqueConstraint("code", name=op.f("uq_audience_code")),
    )


def make_conference_profile() -> None:
    op.create_table(
        "conference_profile",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("region", sa.String(length=200), nullable=False),
        sa.Column("first_month", conference.data.types.Month(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("needs_setup", sa.Boolean(), nullable=False),
        sa.Column("created_at", conference.data.types.Instant(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_conference_profile_single_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conference_profile")),
    )


def make_counter() -> None:
    op.create_table(
        "counter",
        sa.Column("series", sa.String(length=40), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("series", name=op.f("pk_counter")),
    )


def make_level() -> None:
    op.create_table(
        "level",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=True),
        sa.Column("parent_code", sa.String(length=60), nullable=True),
        sa.Column("successor_code", sa.String(length=60), nullable=True),
        sa.Column("lheo", sa.String(length=20), nullable=True),
        sa.Column("source", sa.String(length=120), nullable=True),
        sa.Column("definition", sa.String(length=500), nullable=True),
        sa.Column("first", sa.Date(), nullable=True),
        sa.Column("last", sa.Date(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("first IS NULL OR last IS NULL OR first <= last", name=op.f("ck_level_dates_in_order")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_level")),
        sa.UniqueConstraint("code", name=op.f("uq_level_code")),
    )


def make_month_state() -> None:
    op.create_table(
        "month_state",
        sa.Column("month", conference.data.types.Month(), nullable=False),
        sa.Column("entry_count", sa.Integer(), nullable=False),
        sa.Column("entry_total", conference.data.types.Cents(), nullable=False),
        sa.Column("closed_count", sa.Integer(), nullable=True),
        sa.Column("closed_at", conference.data.types.Instant(timezone=True), nullable=True),
        sa.CheckConstraint("(closed_count IS NULL) = (closed_at IS NULL)", name=op.f("ck_month_state_closing_whole")),
        sa.CheckConstraint(
            "closed_count IS NULL OR closed_count = entry_count",
            name=op.f("ck_month_state_closed_month_takes_no_entry"),
        ),
        sa.PrimaryKeyConstraint("month", name=op.f("pk_month_state")),
    )


def make_nature() -> None:
    op.create_table(
        "nature",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=True),
        sa.Column("parent_code", sa.String(length=60), nullable=True),
        sa.Column("successor_code", sa.String(length=60), nullable=True),
        sa.Column("lheo", sa.String(length=20), nullable=True),
        sa.Column("source", sa.String(length=120), nullable=True),
        sa.Column("definition", sa.String(length=500), nullable=True),
        sa.Column("first", sa.Date(), nullable=True),
        sa.Column("last", sa.Date(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("first IS NULL OR last IS NULL OR first <= last", name=op.f("ck_nature_dates_in_order")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nature")),
        sa.UniqueConstraint("code", name=op.f("uq_nature_code")),
    )


def make_organisation() -> None:
    op.create_table(
        "organisation",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("short_name", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("siret", sa.String(), nullable=True),
        sa.Column("is_funder", sa.Boolean(), nullable=False),
        sa.Column("to_check", sa.Boolean(), nullable=False),
        sa.Column("first", sa.Date(), nullable=True),
        sa.Column("last", sa.Date(), nullable=True),
        sa.Column("successor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("confirmation_threshold", conference.data.types.Cents(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('region', 'assedic', 'anpe', 'france_travail', 'pole_emploi', 'opca', 'opco', 'agefiph', 'fongecif', 'transitions_pro', 'etat', 'chambre', 'departement', 'commune', 'provider', 'coordination', 'other')",
            name=op.f("ck_organisation_kind_known"),
        ),
        sa.CheckConstraint(
            "confirmation_threshold IS NULL OR confirmation_threshold > 0",
            name=op.f("ck_organisation_threshold_positive"),
        ),
        sa.CheckConstraint(
            "first IS NULL OR last IS NULL OR first <= last", name=op.f("ck_organisation_dates_in_order")
        ),
        sa.CheckConstraint("siret IS NULL OR length(siret) = 14", name=op.f("ck_organisation_siret_length")),
        sa.CheckConstraint(
            "successor_id IS NULL OR successor_id <> id", name=op.f("ck_organisation_successor_is_another")
        ),
        sa.ForeignKeyConstraint(["successor_id"], ["organisation.id"], name=op.f("fk_organisation_successor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("code", name=op.f("uq_organisation_code")),
    )
    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_organisation_siret"), ["siret"], unique=False)


def make_scheme() -> None:
    op.create_table(
        "scheme",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=True),
        sa.Column("parent_code", sa.String(length=60), nullable=True),
        sa.Column("successor_code", sa.String(length=60), nullable=True),
        sa.Column("lheo", sa.String(length=20), nullable=True),
        sa.Column("source", sa.String(length=120), nullable=True),
        sa.Column("definition", sa.String(length=500), nullable=True),
        sa.Column("first", sa.Date(), nullable=True),
        sa.Column("last", sa.Date(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("first IS NULL OR last IS NULL OR first <= last", name=op.f("ck_scheme_dates_in_order")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scheme")),
        sa.UniqueConstraint("code", name=op.f("uq_scheme_code")),
    )


def make_sector() -> None:
    op.create_table(
        "sector",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=True),
        sa.Column("parent_code", sa.String(length=60), nullable=True),
        sa.Column("successor_code", sa.String(length=60), nullable=True),
        sa.Column("lheo", sa.String(length=20), nullable=True),
        sa.Column("source", sa.String(length=120), nullable=True),
        sa.Column("definition", sa.String(length=500), nullable=True),
        sa.Column("first", sa.Date(), nullable=True),
        sa.Column("last", sa.Date(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("first IS NULL OR last IS NULL OR first <= last", name=op.f("ck_sector_dates_in_order")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sector")),
        sa.UniqueConstraint("code", name=op.f("uq_sector_code")),
    )


def make_territory() -> None:
    op.create_table(
        "territory",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=True),
        sa.Column("parent_code", sa.String(length=60), nullable=True),
        sa.Column("successor_code", sa.String(length=60), nullable=True),
        sa.Column("lheo", sa.String(length=20), nullable=True),
        sa.Column("source", sa.String(length=120), nullable=True),
        sa.Column("definition", sa.String(length=500), nullable=True),
        sa.Column("first", sa.Date(), nullable=True),
        sa.Column("last", sa.Date(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("first IS NULL OR last IS NULL OR first <= last", name=op.f("ck_territory_dates_in_order")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_territory")),
        sa.UniqueConstraint("code", name=op.f("uq_territory_code")),
    )
