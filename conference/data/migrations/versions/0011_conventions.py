"""Conventions: their versions, parties, articles, money and signatures; an alert may be about a convention.

Revision: 0011, after 0010.
"""

import sqlalchemy as sa
from alembic import op

import conference.data.types

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    make_library_article()
    make_convention()
    make_convention_balance()
    make_convention_commitment()
    make_convention_payment()
    make_convention_version()
    make_convention_article()
    make_convention_bonus()
    make_convention_event()
    make_convention_file()
    make_convention_income()
    make_convention_party()
    make_article_comment()
    make_article_writing()
    make_convention_instalment()
    make_convention_share()
    make_signatory()
    make_signature()
    change_alert()


def make_library_article() -> None:
    op.create_table(
        "library_article",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("text", sa.String(length=20000), nullable=False),
        sa.Column("kinds", sa.String(length=120), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", conference.data.types.Instant(timezone=True), nullable=False),
        sa.Column("recorded_by", NUMBER, nullable=True),
        sa.Column("withdrawn_at", conference.data.types.Instant(timezone=True), nullable=True),
        sa.Column("withdrawn_by", NUMBER, nullable=True),
        sa.Column("withdrawn_motive", sa.String(length=500), nullable=False),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_motive = '')", name=op.f("ck_library_article_motive_of_withdrawal")
        ),
        sa.CheckConstraint(
            "role IN ('object', 'duration', 'commitments', 'financing_plan', 'payment', 'follow_up', 'data', 'modification', 'termination', 'disputes', 'annexes', 'preamble', 'control', 'sanctions', 'bonus', 'income', 'other')",
            name=op.f("ck_library_article_role_known"),
        ),
        sa.CheckConstraint("length(text) > 0", name=op.f("ck_library_article_text_written")),
        sa.ForeignKeyConstraint(["recorded_by"], ["account.id"], name=op.f("fk_library_article_recorded_by")),
        sa.ForeignKeyConstraint(["withdrawn_by"], ["account.id"], name=op.f("fk_library_article_withdrawn_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_library_article")),
    )
    op.create_index(
        "uq_library_article_code_first",
        "library_article",
        ["code", "first"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )


def make_convention() -> None:
    op.create_table(
        "convention",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("number", sa.String(length=20), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("owner_id", NUMBER, nullable=False),
        sa.Column("selection", sa.String(length=1000), nullable=False),
        sa.Column("handoff_id", NUMBER, nullable=True),
        sa.Column("step_id", NUMBER, nullable=True),
        sa.Column("action_id", NUMBER, nullable=True),
        sa.Column("renews_id", NUMBER, nullable=True),
        sa.Column("created_at", conference.data.types.Instant(timezone=True), nullable=False),
        sa.Column("created_by", NUMBER, nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('protocol', 'income', 'co_funding', 'relay', 'bonus')", name=op.f("ck_convention_kind_known")
        ),
        sa.CheckConstraint(
            "number IS NOT NULL OR status IN ('draft', 'in_review', 'abandoned')",
            name=op.f("ck_convention_numbered_to_sign"),
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'in_review', 'to_sign', 'signed', 'active', 'suspended', 'settled', 'terminated', 'abandoned')",
            name=op.f("ck_convention_status_known"),
        ),
        sa.CheckConstraint("renews_id IS NULL OR renews_id <> id", name=op.f("ck_convention_renews_another")),
        sa.ForeignKeyConstraint(["action_id"], ["collective_action.id"], name=op.f("fk_convention_action_id")),
        sa.ForeignKeyConstraint(["created_by"], ["account.id"], name=op.f("fk_convention_created_by")),
        sa.ForeignKeyConstraint(["handoff_id"], ["handoff.id"], name=op.f("fk_convention_handoff_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["organisation.id"], name=op.f("fk_convention_owner_id")),
        sa.ForeignKeyConstraint(["renews_id"], ["convention.id"], name=op.f("fk_convention_renews_id")),
        sa.ForeignKeyConstraint(["step_id"], ["step.id"], name=op.f("fk_convention_step_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_convention")),
        sa.UniqueConstraint("number", name=op.f("uq_convention_number")),
    )
    op.create_index(op.f("ix_convention_owner_id"), "convention", ["owner_id"], unique=False)
    op.create_index("ix_convention_status", "convention", ["status", "id"], unique=False)


def make_convention_balance() -> None:
    op.create_table(
        "convention_balance",
        sa.Column("convention_id", NUMBER, nullable=False),
        sa.Column("ceiling", conference.data.types.Cents(), nullable=True),
        sa.Column("forecast", conference.data.types.Cents(), nullable=False),
        sa.Column("committed", conference.data.types.Cents(), nullable=False),
        sa.Column("paid", conference.data.types.Cents(), nullable=False),
        sa.CheckConstraint(
            "ceiling IS NULL OR committed + forecast <= ceiling", name=op.f("ck_convention_balance_within_ceiling")
        ),
        sa.CheckConstraint("forecast >= 0 AND committed >= 0", name=op.f("ck_convention_balance_sums_not_negative")),
        sa.ForeignKeyConstraint(["convention_id"], ["convention.id"], name=op.f("fk_convention_balance_convention_id")),
        sa.PrimaryKeyConstraint("convention_id", name=op.f("pk_convention_balance")),
    )


def make_convention_commitment() -> None:
    op.create_table(
        "convention_commitment",
        sa.Column("commitment_id", NUMBER, nullable=False),
        sa.Column("convention_id", NUMBER, nullable=False),
        sa.Column("funder_id", NUMBER, nullable=False),
        sa.Column("instalment_key", sa.Integer(), nullable=True),
        sa.Column("linked_at", conference.data.types.Instant(timezone=True), nullable=False),
        sa.Column("linked_by", NUMBER, nullable=True),
        sa.ForeignKeyConstraint(
            ["commitment_id", "funder_id"],
            ["commitment.id", "commitment.funder_id"],
            name=op.f("fk_convention_commitment_commitment_id_funder_id"),
        ),
        sa.ForeignKeyConstraint(
            ["convention_id"], ["convention.id"], name=op.f("fk_convention_commitment_convention_id")
        ),
        sa.ForeignKeyConstraint(["linked_by"], ["account.id"], name=op.f("fk_convention_commitment_linked_by")),
        sa.PrimaryKeyConstraint("commitment_id", name=op.f("pk_convention_commitment")),
    )
    op.create_index(
        op.f("ix_convention_commitment_convention_id"), "convention_commitment", ["convention_id"], unique=False
    )


def make_convention_payment() -> None:
    op.create_table(
        "convention_payment",
        sa.Column("entry_id", NUMBER, nullable=False),
        sa.Column("convention_id", NUMBER, nullable=False),
        sa.Column("instalment_key", sa.Integer(), nullable=False),
        sa.Column("linked_at", conference.data.types.Instant(timezone=True), nullable=False),
        sa.Column("linked_by", NUMBER, nullable=True),
        sa.ForeignKeyConstraint(["convention_id"], ["convention.id"], name=op.f("fk_convention_payment_convention_id")),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_convention_payment_entry_id")),
        sa.ForeignKeyConstraint(["linked_by"], ["account.id"], name=op.f("fk_convention_payment_linked_by")),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_convention_payment")),
    )
    op.create_index(op.f("ix_convention_payment_convention_id"), "convention_payment", ["convention_id"], unique=False)


def make_convention_version() -> None:
    op.create_table(
        "convention_version",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("convention_id", NUMBER, nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("changes", sa.String(length=120), nullable=False),
        sa.Column("first", sa.Date(), nullable=True),
        sa.Column("last", sa.Date(), nullable=True),
        sa.Column("ceiling", conference.data.types.Cents(), nullable=True),
        sa.Column("bonus_base", conference.data.types.Cents(), nullable=True),
        sa.Column("beneficiary_id", NUMBER, nullable=True),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("ordered", sa.Boolean(), nullable=False),
        sa.Column("is_grant", sa.Boolean(), nullable=False),
        sa.Column("payment_conditions", sa.String(length=256), nullable=False),
        sa.Column("eu_notified", sa.Boolean(), nullable=False),
        sa.Column("decision_reference", sa.String(length=300), nullable=False),
        sa.Column("created_at", conference.data.types.Instant(timezone=True), nullable=False),
        sa.Column("created_by", NUMBER, nullable=True),
        sa.Column("in_force", sa.Boolean(), nullable=False),
        sa.Column("frozen_at", conference.data.types.Instant(timezone=True), nullable=True),
        sa.Column("fingerprint", sa.String(length=64), nullable=True),
        sa.Column("file_sha256", sa.String(length=64), nullable=True),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("NOT in_force OR status = 'signed'", name=op.f("ck_convention_version_in_force_signed")),
        sa.CheckConstraint(
            "status <> 'signed' OR signed_on IS NOT NULL", name=op.f("ck_convention_version_signed_on_a_day")
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'in_review', 'to_sign', 'signed', 'abandoned')",
            name=op.f("ck_convention_version_status_of_version"),
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'in_review', 'to_sign', 'signed', 'active', 'suspended', 'settled', 'terminated', 'abandoned')",
            name=op.f("ck_convention_version_status_known"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('to_sign', 'signed') OR (frozen_at IS NOT NULL AND file_sha256 IS NOT NULL)",
            name=op.f("ck_convention_version_frozen_to_sign"),
        ),
        sa.CheckConstraint(
            "bonus_base IS NULL OR bonus_base > 0", name=op.f("ck_convention_version_bonus_base_positive")
        ),
        sa.CheckConstraint("ceiling IS NULL OR ceiling > 0", name=op.f("ck_convention_version_ceiling_positive")),
        sa.CheckConstraint(
            "first IS NULL OR last IS NULL OR first <= last", name=op.f("ck_convention_version_dates_in_order")
        ),
        sa.ForeignKeyConstraint(
            ["beneficiary_id"], ["organisation.id"], name=op.f("fk_convention_version_beneficiary_id")
        ),
        sa.ForeignKeyConstraint(["convention_id"], ["convention.id"], name=op.f("fk_convention_version_convention_id")),
        sa.ForeignKeyConstraint(["created_by"], ["account.id"], name=op.f("fk_convention_version_created_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_convention_version")),
        sa.UniqueConstraint("convention_id", "rank", name=op.f("uq_convention_version_convention_id_rank")),
    )
    op.create_index(op.f("ix_convention_version_convention_id"), "convention_version", ["convention_id"], unique=False)
    op.create_index(
        "uq_convention_version_in_force",
        "convention_version",
        ["convention_id"],
        unique=True,
        sqlite_where=sa.text("in_force"),
        postgresql_where=sa.text("in_force"),
    )
    op.create_index(
        "uq_convention_version_open",
        "convention_version",
        ["convention_id"],
        unique=True,
        sqlite_where=sa.text("status IN ('draft', 'in_review', 'to_sign')"),
        postgresql_where=sa.text("status IN ('draft', 'in_review', 'to_sign')"),
    )


def make_convention_article() -> None:
    op.create_table(
        "convention_article",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("version_id", NUMBER, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("text", sa.String(length=20000), nullable=False),
        sa.Column("source", sa.String(length=60), nullable=False),
        sa.Column("source_date", sa.Date(), nullable=True),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.Column("writing", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "role IN ('object', 'duration', 'commitments', 'financing_plan', 'payment', 'follow_up', 'data', 'modification', 'termination', 'disputes', 'annexes', 'preamble', 'control', 'sanctions', 'bonus', 'income', 'other')",
            name=op.f("ck_convention_article_role_known"),
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["convention_version.id"], name=op.f("fk_convention_article_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_convention_article")),
    )
    op.create_index("ix_convention_article_version_id", "convention_article", ["version_id", "position"], unique=False)


def make_convention_bonus() -> None:
    op.create_table(
        "convention_bonus",
        sa.Column("version_id", NUMBER, nullable=False),
        sa.Column("from_rate", conference.data.types.FourDecimals(), nullable=False),
        sa.Column("percent", conference.data.types.FourDecimals(), nullable=False),
        sa.CheckConstraint("from_rate BETWEEN 0 AND 1000000", name=op.f("ck_convention_bonus_rate_known")),
        sa.ForeignKeyConstraint(["version_id"], ["convention_version.id"], name=op.f("fk_convention_bonus_version_id")),
        sa.PrimaryKeyConstraint("version_id", "from_rate", name=op.f("pk_convention_bonus")),
    )


def make_convention_event() -> None:
    op.create_table(
        "convention_event",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("convention_id", NUMBER, nullable=False),
        sa.Column("version_id", NUMBER, nullable=True),
        sa.Column("at", conference.data.types.Instant(timezone=True), nullable=False),
        sa.Column("verb", sa.String(length=40), nullable=False),
        sa.Column("account_id", NUMBER, nullable=True),
        sa.Column("organisation_id", NUMBER, nullable=True),
        sa.Column("motive", sa.String(length=1000), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_convention_event_account_id")),
        sa.ForeignKeyConstraint(["convention_id"], ["convention.id"], name=op.f("fk_convention_event_convention_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_convention_event_organisation_id")
        ),
        sa.ForeignKeyConstraint(["version_id"], ["convention_version.id"], name=op.f("fk_convention_event_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_convention_event")),
    )
    op.create_index("ix_convention_event_convention_id", "convention_event", ["convention_id", "id"], unique=False)


def make_convention_file() -> None:
    op.create_table(
        "convention_file",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("convention_id", NUMBER, nullable=False),
        sa.Column("version_id", NUMBER, nullable=True),
        sa.Column("organisation_id", NUMBER, nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", NUMBER, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("pages", sa.String(length=60), nullable=False),
        sa.Column("finding", sa.String(length=2000), nullable=False),
        sa.Column("added_at", conference.data.types.Instant(timezone=True), nullable=False),
        sa.Column("added_by", NUMBER, nullable=True),
        sa.CheckConstraint(
            "kind IN ('text', 'scan', 'sealed', 'elsewhere', 'proof', 'annex')",
            name=op.f("ck_convention_file_kind_known"),
        ),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_convention_file_sha256_length")),
        sa.CheckConstraint("size > 0", name=op.f("ck_convention_file_size_positive")),
        sa.ForeignKeyConstraint(["added_by"], ["account.id"], name=op.f("fk_convention_file_added_by")),
        sa.ForeignKeyConstraint(["convention_id"], ["convention.id"], name=op.f("fk_convention_file_convention_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_convention_file_organisation_id")
        ),
        sa.ForeignKeyConstraint(["version_id"], ["convention_version.id"], name=op.f("fk_convention_file_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_convention_file")),
    )
    op.create_index(op.f("ix_convention_file_convention_id"), "convention_file", ["convention_id"], unique=False)
    op.create_index(op.f("ix_convention_file_sha256"), "convention_file", ["sha256"], unique=False)
    op.create_index(op.f("ix_convention_file_version_id"), "convention_file", ["version_id"], unique=False)


def make_convention_income() -> None:
    op.create_table(
        "convention_income",
        sa.Column("version_id", NUMBER, nullable=False),
        sa.Column("payer_id", NUMBER, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("daily_amount", conference.data.types.Cents(), nullable=True),
        sa.Column("audience_id", NUMBER, nullable=True),
        sa.Column("territory_id", NUMBER, nullable=True),
        sa.CheckConstraint(
            "kind IN ('aref', 'are', 'asp', 'ati', 'asr', 'atp', 'aff', 'afdef', 'rff', 'trainee_pay', 'wage', 'cif', 'ptp', 'ass', 'agefiph', 'other')",
            name=op.f("ck_convention_income_kind_known"),
        ),
        sa.CheckConstraint(
            "daily_amount IS NULL OR daily_amount > 0", name=op.f("ck_convention_income_daily_amount_positive")
        ),
        sa.ForeignKeyConstraint(["audience_id"], ["audience.id"], name=op.f("fk_convention_income_audience_id")),
        sa.ForeignKeyConstraint(["payer_id"], ["organisation.id"], name=op.f("fk_convention_income_payer_id")),
        sa.ForeignKeyConstraint(["territory_id"], ["territory.id"], name=op.f("fk_convention_income_territory_id")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["convention_version.id"], name=op.f("fk_convention_income_version_id")
        ),
        sa.PrimaryKeyConstraint("version_id", name=op.f("pk_convention_income")),
    )


def make_convention_party() -> None:
    op.create_table(
        "convention_party",
        sa.Column("version_id", NUMBER, nullable=False),
        sa.Column("organisation_id", NUMBER, nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("authority", sa.String(length=500), nullable=False),
        sa.Column("duties", sa.String(length=4000), nullable=False),
        sa.CheckConstraint(
            "role IN ('funder', 'beneficiary', 'manager', 'partner')", name=op.f("ck_convention_party_role_known")
        ),
        sa.CheckConstraint("rank > 0", name=op.f("ck_convention_party_rank_positive")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_convention_party_organisation_id")
        ),
        sa.ForeignKeyConstraint(["version_id"], ["convention_version.id"], name=op.f("fk_convention_party_version_id")),
        sa.PrimaryKeyConstraint("version_id", "organisation_id", name=op.f("pk_convention_party")),
    )
    op.create_index(op.f("ix_convention_party_organisation_id"), "convention_party", ["organisation_id"], unique=False)


def make_article_comment() -> None:
    op.create_table(
        "article_comment",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("article_id", NUMBER, nullable=False),
        sa.Column("text", sa.String(length=2000), nullable=False),
        sa.Column("at", conference.data.types.Instant(timezone=True), nullable=False),
        sa.Column("account_id", NUMBER, nullable=True),
        sa.Column("organisation_id", NUMBER, nullable=True),
        sa.Column("resolved_at", conference.data.types.Instant(timezone=True), nullable=True),
        sa.Column("resolved_by", NUMBER, nullable=True),
        sa.Column("resolution", sa.String(length=500), nullable=False),
        sa.CheckConstraint(
            "(resolved_at IS NULL) OR (resolution <> '')", name=op.f("ck_article_comment_resolution_told")
        ),
        sa.CheckConstraint("length(text) > 0", name=op.f("ck_article_comment_text_written")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_article_comment_account_id")),
        sa.ForeignKeyConstraint(["article_id"], ["convention_article.id"], name=op.f("fk_article_comment_article_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_article_comment_organisation_id")
        ),
        sa.ForeignKeyConstraint(["resolved_by"], ["account.id"], name=op.f("fk_article_comment_resolved_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_comment")),
    )
    op.create_index(op.f("ix_article_comment_article_id"), "article_comment", ["article_id"], unique=False)


def make_article_writing() -> None:
    op.create_table(
        "article_writing",
        sa.Column("article_id", NUMBER, nullable=False),
        sa.Column("writing", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("text", sa.String(length=20000), nullable=False),
        sa.Column("at", conference.data.types.Instant(timezone=True), nullable=False),
        sa.Column("account_id", NUMBER, nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_article_writing_account_id")),
        sa.ForeignKeyConstraint(["article_id"], ["convention_article.id"], name=op.f("fk_article_writing_article_id")),
        sa.PrimaryKeyConstraint("article_id", "writing", name=op.f("pk_article_writing")),
    )


def make_convention_instalment() -> None:
    op.create_table(
        "convention_instalment",
        sa.Column("version_id", NUMBER, nullable=False),
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("organisation_id", NUMBER, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("amount", conference.data.types.Cents(), nullable=False),
        sa.Column("percent", conference.data.types.FourDecimals(), nullable=True),
        sa.Column("condition", sa.String(length=500), nullable=False),
        sa.CheckConstraint(
            "kind IN ('advance', 'interim', 'balance')", name=op.f("ck_convention_instalment_kind_known")
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_convention_instalment_amount_positive")),
        sa.CheckConstraint("percent IS NULL OR percent > 0", name=op.f("ck_convention_instalment_percent_positive")),
        sa.ForeignKeyConstraint(
            ["version_id", "organisation_id"],
            ["convention_party.version_id", "convention_party.organisation_id"],
            name=op.f("fk_convention_instalment_version_id_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("version_id", "key", name=op.f("pk_convention_instalment")),
    )
    op.create_index(
        op.f("ix_convention_instalment_organisation_id"), "convention_instalment", ["organisation_id"], unique=False
    )


def make_convention_share() -> None:
    op.create_table(
        "convention_share",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("version_id", NUMBER, nullable=False),
        sa.Column("organisation_id", NUMBER, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("nature_id", NUMBER, nullable=False),
        sa.Column("beneficiary_id", NUMBER, nullable=True),
        sa.Column("amount", conference.data.types.Cents(), nullable=False),
        sa.Column("percent", conference.data.types.FourDecimals(), nullable=True),
        sa.CheckConstraint("amount > 0", name=op.f("ck_convention_share_amount_positive")),
        sa.CheckConstraint("percent IS NULL OR percent > 0", name=op.f("ck_convention_share_percent_positive")),
        sa.CheckConstraint("year BETWEEN 1950 AND 2100", name=op.f("ck_convention_share_year_known")),
        sa.ForeignKeyConstraint(
            ["beneficiary_id"], ["organisation.id"], name=op.f("fk_convention_share_beneficiary_id")
        ),
        sa.ForeignKeyConstraint(["nature_id"], ["nature.id"], name=op.f("fk_convention_share_nature_id")),
        sa.ForeignKeyConstraint(
            ["version_id", "organisation_id"],
            ["convention_party.version_id", "convention_party.organisation_id"],
            name=op.f("fk_convention_share_version_id_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_convention_share")),
    )
    op.create_index(op.f("ix_convention_share_version_id"), "convention_share", ["version_id"], unique=False)


def make_signatory() -> None:
    op.create_table(
        "signatory",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("version_id", NUMBER, nullable=False),
        sa.Column("organisation_id", NUMBER, nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("function", sa.String(length=200), nullable=False),
        sa.Column("delegate_of", sa.String(length=200), nullable=False),
        sa.Column("proof_id", NUMBER, nullable=True),
        sa.CheckConstraint("length(name) > 0", name=op.f("ck_signatory_name_written")),
        sa.CheckConstraint("rank > 0", name=op.f("ck_signatory_rank_positive")),
        sa.ForeignKeyConstraint(["proof_id"], ["convention_file.id"], name=op.f("fk_signatory_proof_id")),
        sa.ForeignKeyConstraint(
            ["version_id", "organisation_id"],
            ["convention_party.version_id", "convention_party.organisation_id"],
            name=op.f("fk_signatory_version_id_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signatory")),
        sa.UniqueConstraint("version_id", "rank", name=op.f("uq_signatory_version_id_rank")),
    )
    op.create_index(op.f("ix_signatory_organisation_id"), "signatory", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_signatory_version_id"), "signatory", ["version_id"], unique=False)


def make_signature() -> None:
    op.create_table(
        "signature",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("signatory_id", NUMBER, nullable=False),
        sa.Column("means", sa.String(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("file_id", NUMBER, nullable=False),
        sa.Column("recorded_at", conference.data.types.Instant(timezone=True), nullable=False),
        sa.Column("recorded_by", NUMBER, nullable=True),
        sa.Column("taken_back_at", conference.data.types.Instant(timezone=True), nullable=True),
        sa.Column("taken_back_by", NUMBER, nullable=True),
        sa.Column("taken_back_motive", sa.String(length=500), nullable=False),
        sa.CheckConstraint(
            "(taken_back_at IS NULL) = (taken_back_motive = '')", name=op.f("ck_signature_motive_of_taking_back")
        ),
        sa.CheckConstraint("means IN ('paper', 'seal', 'elsewhere')", name=op.f("ck_signature_means_known")),
        sa.ForeignKeyConstraint(["file_id"], ["convention_file.id"], name=op.f("fk_signature_file_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["account.id"], name=op.f("fk_signature_recorded_by")),
        sa.ForeignKeyConstraint(["signatory_id"], ["signatory.id"], name=op.f("fk_signature_signatory_id")),
        sa.ForeignKeyConstraint(["taken_back_by"], ["account.id"], name=op.f("fk_signature_taken_back_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signature")),
    )
    op.create_index(
        "uq_signature_standing",
        "signature",
        ["signatory_id"],
        unique=True,
        sqlite_where=sa.text("taken_back_at IS NULL"),
        postgresql_where=sa.text("taken_back_at IS NULL"),
    )


def change_alert() -> None:
    with op.batch_alter_table("alert", schema=None) as batch:
        batch.add_column(sa.Column("convention_id", NUMBER, nullable=True))
        batch.alter_column("parcours_id", existing_type=NUMBER, nullable=True)
        batch.create_index(batch.f("ix_alert_convention_id"), ["convention_id"], unique=False)
        batch.create_unique_constraint(batch.f("uq_alert_code_convention_id_cause"), ["code", "convention_id", "cause"])
        batch.create_foreign_key(batch.f("fk_alert_convention_id"), "convention", ["convention_id"], ["id"])
        batch.create_check_constraint(
            batch.f("ck_alert_one_subject"), "(parcours_id IS NULL) <> (convention_id IS NULL)"
        )
