"""People: parcours, steps, rights and alerts.

Revision: 0004, after 0003.
"""

import sqlalchemy as sa
from alembic import op

import conference.data.types

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    make_parcours()
    make_alert()
    make_income_right()
    make_step()
    make_step_funder()


def make_parcours() -> None:
    op.create_table(
        "parcours",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("pseudonym", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("key_situation", sa.String(), nullable=False),
        sa.Column("target", sa.String(length=300), nullable=False),
        sa.Column("referent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", conference.data.types.Instant(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("key_situation IN ('1', '2', '3', '4', '5')", name=op.f("ck_parcours_key_situation_known")),
        sa.CheckConstraint(
            "kind IN ('insertion', 'professionnalisation', 'mobilite_subie', 'mobilite_choisie')",
            name=op.f("ck_parcours_kind_known"),
        ),
        sa.ForeignKeyConstraint(["referent_id"], ["organisation.id"], name=op.f("fk_parcours_referent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parcours")),
        sa.UniqueConstraint("pseudonym", name=op.f("uq_parcours_pseudonym")),
    )
    with op.batch_alter_table("parcours", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_parcours_referent_id"), ["referent_id"], unique=False)


def make_alert() -> None:
    op.create_table(
        "alert",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("parcours_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("cause", sa.String(length=60), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=True),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("need", conference.data.types.Cents(), nullable=True),
        sa.Column("message", sa.String(length=500), nullable=False),
        sa.Column("opened_at", conference.data.types.Instant(timezone=True), nullable=False),
        sa.Column("changed_at", conference.data.types.Instant(timezone=True), nullable=False),
        sa.Column("closed_at", conference.data.types.Instant(timezone=True), nullable=True),
        sa.CheckConstraint("status IN ('open', 'closed')", name=op.f("ck_alert_status_known")),
        sa.CheckConstraint("days >= 0", name=op.f("ck_alert_days_not_negative")),
        sa.ForeignKeyConstraint(["parcours_id"], ["parcours.id"], name=op.f("fk_alert_parcours_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert")),
        sa.UniqueConstraint("code", "parcours_id", "cause", name=op.f("uq_alert_code_parcours_id_cause")),
    )
    with op.batch_alter_table("alert", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_alert_parcours_id"), ["parcours_id"], unique=False)


def make_income_right() -> None:
    op.create_table(
        "income_right",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("parcours_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("payer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("daily_amount", conference.data.types.Cents(), nullable=True),
        sa.Column("origin", sa.String(length=200), nullable=False),
        sa.Column("known_on", sa.Date(), nullable=False),
        sa.Column("recorded_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint(
            "kind IN ('aref', 'are', 'asp', 'ati', 'asr', 'atp', 'aff', 'afdef', 'rff', 'trainee_pay', 'wage', 'cif', 'ptp', 'ass', 'agefiph', 'other')",
            name=op.f("ck_income_right_kind_known"),
        ),
        sa.CheckConstraint(
            "daily_amount IS NULL OR daily_amount >= 0", name=op.f("ck_income_right_amount_not_negative")
        ),
        sa.CheckConstraint("first <= last", name=op.f("ck_income_right_dates_in_order")),
        sa.ForeignKeyConstraint(["parcours_id"], ["parcours.id"], name=op.f("fk_income_right_parcours_id")),
        sa.ForeignKeyConstraint(["payer_id"], ["organisation.id"], name=op.f("fk_income_right_payer_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["account.id"], name=op.f("fk_income_right_recorded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_income_right")),
    )
    with op.batch_alter_table("income_right", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_income_right_parcours_id"), ["parcours_id"], unique=False)


def make_step() -> None:
    op.create_table(
        "step",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("parcours_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=True),
        sa.Column("needs_income", sa.Boolean(), nullable=False),
        sa.Column("provider_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('orientation', 'vae', 'bilan', 'training', 'assessment', 'work_study', 'leave', 'job', 'other')",
            name=op.f("ck_step_kind_known"),
        ),
        sa.CheckConstraint("first <= last", name=op.f("ck_step_dates_in_order")),
        sa.CheckConstraint("hours IS NULL OR hours > 0", name=op.f("ck_step_hours_positive")),
        sa.ForeignKeyConstraint(["parcours_id"], ["parcours.id"], name=op.f("fk_step_parcours_id")),
        sa.ForeignKeyConstraint(["provider_id"], ["organisation.id"], name=op.f("fk_step_provider_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_step")),
    )
    with op.batch_alter_table("step", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_step_parcours_id"), ["parcours_id"], unique=False)


def make_step_funder() -> None:
    op.create_table(
        "step_funder",
        sa.Column("step_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_step_funder_organisation_id")),
        sa.ForeignKeyConstraint(["step_id"], ["step.id"], name=op.f("fk_step_funder_step_id")),
        sa.PrimaryKeyConstraint("step_id", "organisation_id", name=op.f("pk_step_funder")),
    )
    with op.batch_alter_table("step_funder", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_step_funder_organisation_id"), ["organisation_id"], unique=False)
