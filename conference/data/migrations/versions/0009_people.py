"""People: facts, plans, handoffs, coverage, needs, alerts, identities, runs and messages.

Revision: 0009, after 0008.
"""

import sqlalchemy as sa
from alembic import op

import conference.data.types

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    make_need_cell()
    make_run()
    make_collective_action()
    make_outbox_message()
    make_setting()
    make_coverage_version()
    make_identity()
    make_parcours_merge()
    make_alert_comment()
    make_alert_event()
    make_coverage_state()
    make_gap()
    make_handoff()
    make_plan_cost()
    make_step_funding()
    make_step_interruption()
    make_step_result()
    make_handoff_release()
    make_handoff_share()
    make_plan_share()
    make_plan_instalment()
    change_account()
    change_alert()
    change_income_right()
    change_parcours()
    change_step()


def make_need_cell() -> None:
    op.create_table(
        "need_cell",
        sa.Column("month", conference.data.types.Month(), nullable=False),
        sa.Column("territory_id", NUMBER, nullable=False),
        sa.Column("audience_id", NUMBER, nullable=False),
        sa.Column("payer", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("amount", conference.data.types.Cents(), nullable=False),
        sa.Column("unknown_days", sa.Integer(), nullable=False),
        sa.Column("parcours", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "days >= 0 AND parcours >= 0 AND unknown_days >= 0", name=op.f("ck_need_cell_counts_not_negative")
        ),
        sa.PrimaryKeyConstraint("month", "territory_id", "audience_id", "payer", "reason", name=op.f("pk_need_cell")),
    )


def make_run() -> None:
    op.create_table(
        "run",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("period", sa.String(length=20), nullable=False),
        sa.Column("scope", sa.String(length=60), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("owner", sa.String(length=80), nullable=False),
        sa.Column("lease_until", conference.data.types.Instant(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("started_at", conference.data.types.Instant(timezone=True), nullable=True),
        sa.Column("ended_at", conference.data.types.Instant(timezone=True), nullable=True),
        sa.Column("report", sa.String(length=1000), nullable=False),
        sa.Column("failure", sa.String(length=1000), nullable=False),
        sa.CheckConstraint("(status = 'running') = (lease_until IS NOT NULL)", name=op.f("ck_run_lease_while_running")),
        sa.CheckConstraint("status IN ('waiting', 'running', 'done', 'failed')", name=op.f("ck_run_status_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run")),
        sa.UniqueConstraint("kind", "period", "scope", name=op.f("uq_run_kind_period_scope")),
    )
    op.create_index("ix_run_status", "run", ["status", "lease_until"])


def make_collective_action() -> None:
    op.create_table(
        "collective_action",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("owner_id", NUMBER, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=True),
        sa.Column("weekly_hours", conference.data.types.FourDecimals(), nullable=True),
        sa.Column("places", sa.Integer(), nullable=True),
        sa.Column("needs_income", sa.Boolean(), nullable=False),
        sa.Column("provider_id", NUMBER, nullable=True),
        sa.Column("registered_on", sa.Date(), nullable=True),
        sa.Column("prescribed", sa.Boolean(), nullable=True),
        sa.Column("qualifying", sa.Boolean(), nullable=True),
        sa.Column("shortage_occupation", sa.Boolean(), nullable=True),
        sa.Column("approved_for_pay", sa.Boolean(), nullable=True),
        sa.Column("created_at", conference.data.types.Instant(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('orientation', 'vae', 'bilan', 'training', 'assessment', 'work_study', 'leave', 'job', 'other')",
            name=op.f("ck_collective_action_kind_known"),
        ),
        sa.CheckConstraint("first <= last", name=op.f("ck_collective_action_dates_in_order")),
        sa.CheckConstraint("hours IS NULL OR hours > 0", name=op.f("ck_collective_action_hours_positive")),
        sa.CheckConstraint("places IS NULL OR places > 0", name=op.f("ck_collective_action_places_positive")),
        sa.ForeignKeyConstraint(["owner_id"], ["organisation.id"], name=op.f("fk_collective_action_owner_id")),
        sa.ForeignKeyConstraint(["provider_id"], ["organisation.id"], name=op.f("fk_collective_action_provider_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collective_action")),
    )
    op.create_index("ix_collective_action_owner_id", "collective_action", ["owner_id"])


def make_outbox_message() -> None:
    op.create_table(
        "outbox_message",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("account_id", NUMBER, nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("links", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("created_at", conference.data.types.Instant(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try_at", conference.data.types.Instant(timezone=True), nullable=True),
        sa.Column("sent_at", conference.data.types.Instant(timezone=True), nullable=True),
        sa.Column("failure", sa.String(length=500), nullable=False),
        sa.CheckConstraint(
            "status IN ('waiting', 'sent', 'dropped', 'failed')", name=op.f("ck_outbox_message_status_known")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_outbox_message_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_message")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_message_key")),
    )
    op.create_index("ix_outbox_message_account_id", "outbox_message", ["account_id"])
    op.create_index("ix_outbox_message_status", "outbox_message", ["status", "next_try_at"])


def make_setting() -> None:
    op.create_table(
        "setting",
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("changed_at", conference.data.types.Instant(timezone=True), nullable=False),
        sa.Column("changed_by", NUMBER, nullable=True),
        sa.ForeignKeyConstraint(["changed_by"], ["account.id"], name=op.f("fk_setting_changed_by")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_setting")),
    )


def make_coverage_version() -> None:
    op.create_table(
        "coverage_version",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("parcours_id", NUMBER, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("computed_at", conference.data.types.Instant(timezone=True), nullable=False),
        sa.Column("needed", sa.Integer(), nullable=False),
        sa.Column("covered", sa.Integer(), nullable=False),
        sa.Column("presumed", sa.Integer(), nullable=False),
        sa.Column("available", sa.Integer(), nullable=False),
        sa.Column("gap", sa.Integer(), nullable=False),
        sa.Column("overlap", sa.Integer(), nullable=False),
        sa.Column("reduced", sa.Integer(), nullable=False),
        sa.Column("loss", conference.data.types.Cents(), nullable=False),
        sa.Column("need", conference.data.types.Cents(), nullable=True),
        sa.Column("segments", sa.String(), nullable=False),
        sa.CheckConstraint("needed = covered + presumed + available + gap", name=op.f("ck_coverage_version_days_sum")),
        sa.ForeignKeyConstraint(["parcours_id"], ["parcours.id"], name=op.f("fk_coverage_version_parcours_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coverage_version")),
        sa.UniqueConstraint("parcours_id", "number", name=op.f("uq_coverage_version_parcours_id_number")),
    )


def make_identity() -> None:
    op.create_table(
        "identity",
        sa.Column("parcours_id", NUMBER, nullable=False),
        sa.Column("wrapped_key", sa.String(), nullable=False),
        sa.Column("sealed", sa.String(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("recorded_at", conference.data.types.Instant(timezone=True), nullable=False),
        sa.Column("recorded_by", NUMBER, nullable=True),
        sa.Column("erased_at", conference.data.types.Instant(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(erased_at IS NULL) = (wrapped_key <> '')", name=op.f("ck_identity_key_until_erased")),
        sa.CheckConstraint("(wrapped_key = '') = (sealed = '')", name=op.f("ck_identity_sealed_with_its_key")),
        sa.ForeignKeyConstraint(["parcours_id"], ["parcours.id"], name=op.f("fk_identity_parcours_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["account.id"], name=op.f("fk_identity_recorded_by")),
        sa.PrimaryKeyConstraint("parcours_id", name=op.f("pk_identity")),
    )
    op.create_index("ix_identity_digest", "identity", ["digest"])


def make_parcours_merge() -> None:
    op.create_table(
        "parcours_merge",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("kept_id", NUMBER, nullable=False),
        sa.Column("merged_id", NUMBER, nullable=False),
        sa.Column("asked_by_id", NUMBER, nullable=False),
        sa.Column("answered_by_id", NUMBER, nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("motive", sa.String(length=500), nullable=False),
        sa.Column("moved", sa.String(), nullable=False),
        sa.Column("asked_at", conference.data.types.Instant(timezone=True), nullable=False),
        sa.Column("answered_at", conference.data.types.Instant(timezone=True), nullable=True),
        sa.Column("undone_at", conference.data.types.Instant(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status IN ('asked', 'agreed', 'refused', 'withdrawn', 'undone')",
            name=op.f("ck_parcours_merge_status_known"),
        ),
        sa.CheckConstraint("kept_id <> merged_id", name=op.f("ck_parcours_merge_two_parcours")),
        sa.ForeignKeyConstraint(["answered_by_id"], ["organisation.id"], name=op.f("fk_parcours_merge_answered_by_id")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["organisation.id"], name=op.f("fk_parcours_merge_asked_by_id")),
        sa.ForeignKeyConstraint(["kept_id"], ["parcours.id"], name=op.f("fk_parcours_merge_kept_id")),
        sa.ForeignKeyConstraint(["merged_id"], ["parcours.id"], name=op.f("fk_parcours_merge_merged_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parcours_merge")),
    )
    op.create_index("ix_parcours_merge_answered_by_id", "parcours_merge", ["answered_by_id"])
    op.create_index("ix_parcours_merge_kept_id", "parcours_merge", ["kept_id", "status"])
    op.create_index("ix_parcours_merge_merged_id", "parcours_merge", ["merged_id", "status"])


def make_alert_comment() -> None:
    op.create_table(
        "alert_comment",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("alert_id", NUMBER, nullable=False),
        sa.Column("at", conference.data.types.Instant(timezone=True), nullable=False),
        sa.Column("account_id", NUMBER, nullable=True),
        sa.Column("text", sa.String(length=2000), nullable=False),
        sa.CheckConstraint("length(text) > 0", name=op.f("ck_alert_comment_text_written")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_alert_comment_account_id")),
        sa.ForeignKeyConstraint(["alert_id"], ["alert.id"], name=op.f("fk_alert_comment_alert_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_comment")),
    )
    op.create_index("ix_alert_comment_alert_id", "alert_comment", ["alert_id"])


def make_alert_event() -> None:
    op.create_table(
        "alert_event",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("alert_id", NUMBER, nullable=False),
        sa.Column("at", conference.data.types.Instant(timezone=True), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=True),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("need", conference.data.types.Cents(), nullable=True),
        sa.Column("account_id", NUMBER, nullable=True),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.CheckConstraint(
            "kind IN ('opened', 'changed', 'worsened', 'decided', 'reopened', 'closed', 'assigned')",
            name=op.f("ck_alert_event_kind_known"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_alert_event_account_id")),
        sa.ForeignKeyConstraint(["alert_id"], ["alert.id"], name=op.f("fk_alert_event_alert_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_event")),
    )
    op.create_index("ix_alert_event_alert_id", "alert_event", ["alert_id"])


def make_coverage_state() -> None:
    op.create_table(
        "coverage_state",
        sa.Column("parcours_id", NUMBER, nullable=False),
        sa.Column("version_id", NUMBER, nullable=False),
        sa.Column("parcours_version", sa.Integer(), nullable=False),
        sa.Column("scales_digest", sa.String(length=64), nullable=False),
        sa.Column("recheck_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["parcours_id"], ["parcours.id"], name=op.f("fk_coverage_state_parcours_id")),
        sa.ForeignKeyConstraint(["version_id"], ["coverage_version.id"], name=op.f("fk_coverage_state_version_id")),
        sa.PrimaryKeyConstraint("parcours_id", name=op.f("pk_coverage_state")),
    )
    op.create_index("ix_coverage_state_recheck_on", "coverage_state", ["recheck_on"])


def make_gap() -> None:
    op.create_table(
        "gap",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("parcours_id", NUMBER, nullable=False),
        sa.Column("step_id", NUMBER, nullable=False),
        sa.Column("month", conference.data.types.Month(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("amount", conference.data.types.Cents(), nullable=True),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("payer", sa.String(length=40), nullable=False),
        sa.Column("territory_id", NUMBER, nullable=False),
        sa.Column("audience_id", NUMBER, nullable=False),
        sa.CheckConstraint("days > 0", name=op.f("ck_gap_days_positive")),
        sa.CheckConstraint("first <= last", name=op.f("ck_gap_dates_in_order")),
        sa.ForeignKeyConstraint(["parcours_id"], ["parcours.id"], name=op.f("fk_gap_parcours_id")),
        sa.ForeignKeyConstraint(["step_id"], ["step.id"], name=op.f("fk_gap_step_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gap")),
    )
    op.create_index("ix_gap_cell", "gap", ["month", "territory_id", "audience_id", "payer", "reason"])
    op.create_index("ix_gap_parcours_id", "gap", ["parcours_id"])


def make_handoff() -> None:
    op.create_table(
        "handoff",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("parcours_id", NUMBER, nullable=False),
        sa.Column("sender_id", NUMBER, nullable=False),
        sa.Column("receiver_id", NUMBER, nullable=False),
        sa.Column("from_step_id", NUMBER, nullable=False),
        sa.Column("to_step_id", NUMBER, nullable=True),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("answer_by", sa.Date(), nullable=True),
        sa.Column("message", sa.String(length=2000), nullable=False),
        sa.Column("motive", sa.String(), nullable=True),
        sa.Column("answer", sa.String(length=2000), nullable=False),
        sa.Column("snapshot", sa.String(), nullable=False),
        sa.Column("created_at", conference.data.types.Instant(timezone=True), nullable=False),
        sa.Column("created_by", NUMBER, nullable=True),
        sa.Column("proposed_at", conference.data.types.Instant(timezone=True), nullable=True),
        sa.Column("read_at", conference.data.types.Instant(timezone=True), nullable=True),
        sa.Column("answered_at", conference.data.types.Instant(timezone=True), nullable=True),
        sa.Column("answered_by", NUMBER, nullable=True),
        sa.Column("outcome_read_at", conference.data.types.Instant(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "motive IN ('no_credit', 'out_of_scope', 'not_eligible', 'incomplete', 'dates', 'other_funder', 'person_declined', 'other')",
            name=op.f("ck_handoff_motive_known"),
        ),
        sa.CheckConstraint("motive IS NULL OR status = 'refused'", name=op.f("ck_handoff_motive_of_refusal")),
        sa.CheckConstraint(
            "status = 'draft' OR proposed_at IS NOT NULL OR status = 'withdrawn'", name=op.f("ck_handoff_proposed_once")
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'proposed', 'accepted', 'refused', 'expired', 'withdrawn')",
            name=op.f("ck_handoff_status_known"),
        ),
        sa.CheckConstraint("sender_id <> receiver_id", name=op.f("ck_handoff_two_funders")),
        sa.ForeignKeyConstraint(["answered_by"], ["account.id"], name=op.f("fk_handoff_answered_by")),
        sa.ForeignKeyConstraint(["created_by"], ["account.id"], name=op.f("fk_handoff_created_by")),
        sa.ForeignKeyConstraint(["from_step_id"], ["step.id"], name=op.f("fk_handoff_from_step_id")),
        sa.ForeignKeyConstraint(["parcours_id"], ["parcours.id"], name=op.f("fk_handoff_parcours_id")),
        sa.ForeignKeyConstraint(["receiver_id"], ["organisation.id"], name=op.f("fk_handoff_receiver_id")),
        sa.ForeignKeyConstraint(["sender_id"], ["organisation.id"], name=op.f("fk_handoff_sender_id")),
        sa.ForeignKeyConstraint(["to_step_id"], ["step.id"], name=op.f("fk_handoff_to_step_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handoff")),
        sa.UniqueConstraint("reference", name=op.f("uq_handoff_reference")),
    )
    op.create_index("ix_handoff_parcours_id", "handoff", ["parcours_id"])
    op.create_index("ix_handoff_receiver_id", "handoff", ["receiver_id", "status"])
    op.create_index("ix_handoff_sender_id", "handoff", ["sender_id", "status"])


def make_plan_cost() -> None:
    op.create_table(
        "plan_cost",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("step_id", NUMBER, nullable=True),
        sa.Column("action_id", NUMBER, nullable=True),
        sa.Column("nature_id", NUMBER, nullable=False),
        sa.Column("amount", conference.data.types.Cents(), nullable=False),
        sa.CheckConstraint("(step_id IS NULL) <> (action_id IS NULL)", name=op.f("ck_plan_cost_step_or_action")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_plan_cost_amount_positive")),
        sa.ForeignKeyConstraint(["action_id"], ["collective_action.id"], name=op.f("fk_plan_cost_action_id")),
        sa.ForeignKeyConstraint(["nature_id"], ["nature.id"], name=op.f("fk_plan_cost_nature_id")),
        sa.ForeignKeyConstraint(["step_id"], ["step.id"], name=op.f("fk_plan_cost_step_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_cost")),
        sa.UniqueConstraint("action_id", "nature_id", name=op.f("uq_plan_cost_action_id_nature_id")),
        sa.UniqueConstraint("step_id", "nature_id", name=op.f("uq_plan_cost_step_id_nature_id")),
    )


def make_step_funding() -> None:
    op.create_table(
        "step_funding",
        sa.Column("commitment_id", NUMBER, nullable=False),
        sa.Column("step_id", NUMBER, nullable=False),
        sa.Column("amount", conference.data.types.Cents(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_step_funding_amount_positive")),
        sa.ForeignKeyConstraint(["commitment_id"], ["commitment.id"], name=op.f("fk_step_funding_commitment_id")),
        sa.ForeignKeyConstraint(["step_id"], ["step.id"], name=op.f("fk_step_funding_step_id")),
        sa.PrimaryKeyConstraint("commitment_id", "step_id", name=op.f("pk_step_funding")),
    )
    op.create_index("ix_step_funding_step_id", "step_funding", ["step_id"])


def make_step_interruption() -> None:
    op.create_table(
        "step_interruption",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("step_id", NUMBER, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.CheckConstraint("kind IN ('interruption', 'absence')", name=op.f("ck_step_interruption_kind_known")),
        sa.CheckConstraint("first <= last", name=op.f("ck_step_interruption_dates_in_order")),
        sa.ForeignKeyConstraint(["step_id"], ["step.id"], name=op.f("fk_step_interruption_step_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_step_interruption")),
    )
    op.create_index("ix_step_interruption_step_id", "step_interruption", ["step_id"])


def make_step_result() -> None:
    op.create_table(
        "step_result",
        sa.Column("step_id", NUMBER, nullable=False),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("motive", sa.String(), nullable=True),
        sa.Column("qualification", sa.String(), nullable=True),
        sa.Column("work_3_months", sa.String(), nullable=True),
        sa.Column("work_6_months", sa.String(), nullable=True),
        sa.Column("recorded_at", conference.data.types.Instant(timezone=True), nullable=False),
        sa.Column("recorded_by", NUMBER, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "motive IN ('no_income', 'work', 'health', 'family', 'transport', 'content', 'provider', 'other')",
            name=op.f("ck_step_result_motive_known"),
        ),
        sa.CheckConstraint(
            "motive IS NULL OR outcome IN ('broken_off', 'not_begun')", name=op.f("ck_step_result_motive_of_rupture")
        ),
        sa.CheckConstraint(
            "outcome IN ('completed', 'broken_off', 'not_begun')", name=op.f("ck_step_result_outcome_known")
        ),
        sa.CheckConstraint(
            "qualification IN ('full', 'partial', 'none', 'not_aimed')", name=op.f("ck_step_result_qualification_known")
        ),
        sa.CheckConstraint(
            "work_3_months IN ('lasting', 'short', 'training', 'no', 'unreached')",
            name=op.f("ck_step_result_work_3_months_known"),
        ),
        sa.CheckConstraint(
            "work_6_months IN ('lasting', 'short', 'training', 'no', 'unreached')",
            name=op.f("ck_step_result_work_6_months_known"),
        ),
        sa.ForeignKeyConstraint(["recorded_by"], ["account.id"], name=op.f("fk_step_result_recorded_by")),
        sa.ForeignKeyConstraint(["step_id"], ["step.id"], name=op.f("fk_step_result_step_id")),
        sa.PrimaryKeyConstraint("step_id", name=op.f("pk_step_result")),
    )


def make_handoff_release() -> None:
    op.create_table(
        "handoff_release",
        sa.Column("handoff_id", NUMBER, nullable=False),
        sa.Column("commitment_id", NUMBER, nullable=False),
        sa.Column("foreseen", conference.data.types.Cents(), nullable=False),
        sa.Column("released", conference.data.types.Cents(), nullable=True),
        sa.Column("entry_id", NUMBER, nullable=True),
        sa.CheckConstraint("foreseen >= 0", name=op.f("ck_handoff_release_foreseen_not_negative")),
        sa.ForeignKeyConstraint(["commitment_id"], ["commitment.id"], name=op.f("fk_handoff_release_commitment_id")),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_handoff_release_entry_id")),
        sa.ForeignKeyConstraint(["handoff_id"], ["handoff.id"], name=op.f("fk_handoff_release_handoff_id")),
        sa.PrimaryKeyConstraint("handoff_id", "commitment_id", name=op.f("pk_handoff_release")),
    )
    op.create_index("ix_handoff_release_commitment_id", "handoff_release", ["commitment_id"])


def make_handoff_share() -> None:
    op.create_table(
        "handoff_share",
        sa.Column("handoff_id", NUMBER, nullable=False),
        sa.Column("nature_id", NUMBER, nullable=False),
        sa.Column("asked", conference.data.types.Cents(), nullable=False),
        sa.Column("accepted", conference.data.types.Cents(), nullable=True),
        sa.Column("commitment_id", NUMBER, nullable=True),
        sa.CheckConstraint("accepted IS NULL OR accepted >= 0", name=op.f("ck_handoff_share_accepted_not_negative")),
        sa.CheckConstraint("asked > 0", name=op.f("ck_handoff_share_asked_positive")),
        sa.ForeignKeyConstraint(["commitment_id"], ["commitment.id"], name=op.f("fk_handoff_share_commitment_id")),
        sa.ForeignKeyConstraint(["handoff_id"], ["handoff.id"], name=op.f("fk_handoff_share_handoff_id")),
        sa.ForeignKeyConstraint(["nature_id"], ["nature.id"], name=op.f("fk_handoff_share_nature_id")),
        sa.PrimaryKeyConstraint("handoff_id", "nature_id", name=op.f("pk_handoff_share")),
    )
    op.create_index("ix_handoff_share_commitment_id", "handoff_share", ["commitment_id"])


def make_plan_share() -> None:
    op.create_table(
        "plan_share",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("cost_id", NUMBER, nullable=False),
        sa.Column("funder_id", NUMBER, nullable=False),
        sa.Column("amount", conference.data.types.Cents(), nullable=False),
        sa.Column("percent", conference.data.types.FourDecimals(), nullable=True),
        sa.Column("commitment_id", NUMBER, nullable=True),
        sa.CheckConstraint("amount > 0", name=op.f("ck_plan_share_amount_positive")),
        sa.CheckConstraint("percent IS NULL OR percent > 0", name=op.f("ck_plan_share_percent_positive")),
        sa.ForeignKeyConstraint(["commitment_id"], ["commitment.id"], name=op.f("fk_plan_share_commitment_id")),
        sa.ForeignKeyConstraint(["cost_id"], ["plan_cost.id"], name=op.f("fk_plan_share_cost_id")),
        sa.ForeignKeyConstraint(["funder_id"], ["organisation.id"], name=op.f("fk_plan_share_funder_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_share")),
        sa.UniqueConstraint("cost_id", "funder_id", name=op.f("uq_plan_share_cost_id_funder_id")),
    )
    op.create_index("ix_plan_share_commitment_id", "plan_share", ["commitment_id"])
    op.create_index("ix_plan_share_funder_id", "plan_share", ["funder_id"])


def make_plan_instalment() -> None:
    op.create_table(
        "plan_instalment",
        sa.Column("share_id", NUMBER, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("amount", conference.data.types.Cents(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_plan_instalment_amount_positive")),
        sa.ForeignKeyConstraint(["share_id"], ["plan_share.id"], name=op.f("fk_plan_instalment_share_id")),
        sa.PrimaryKeyConstraint("share_id", "due_on", name=op.f("pk_plan_instalment")),
    )


def change_account() -> None:
    with op.batch_alter_table("account", schema=None) as batch:
        batch.add_column(sa.Column("digest", sa.String(), nullable=False, server_default="weekly"))
        batch.create_check_constraint(batch.f("ck_account_digest_known"), "digest IN ('never', 'daily', 'weekly')")
    with op.batch_alter_table("account", schema=None) as batch:
        batch.alter_column("digest", server_default=None)


def change_alert() -> None:
    with op.batch_alter_table("alert", schema=None) as batch:
        batch.add_column(sa.Column("severity", sa.String(), nullable=False, server_default="important"))
        batch.add_column(sa.Column("organisation_id", NUMBER, nullable=True))
        batch.add_column(sa.Column("owner_id", NUMBER, nullable=True))
        batch.add_column(sa.Column("due_on", sa.Date(), nullable=True))
        batch.add_column(sa.Column("outcome", sa.String(), nullable=True))
        batch.add_column(sa.Column("outcome_motive", sa.String(length=1000), nullable=False, server_default=""))
        batch.add_column(sa.Column("decided_at", conference.data.types.Instant(timezone=True), nullable=True))
        batch.add_column(sa.Column("decided_by", NUMBER, nullable=True))
        batch.add_column(sa.Column("decided_days", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("decided_need", conference.data.types.Cents(), nullable=True))
        batch.add_column(sa.Column("decided_first_day", sa.Date(), nullable=True))
        batch.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        batch.create_index(batch.f("ix_alert_organisation_id"), ["organisation_id"], unique=False)
        batch.create_index(batch.f("ix_alert_owner_id"), ["owner_id"], unique=False)
        batch.create_index("ix_alert_status", ["status", "first_day", "id"], unique=False)
        batch.create_foreign_key(batch.f("fk_alert_organisation_id"), "organisation", ["organisation_id"], ["id"])
        batch.create_foreign_key(batch.f("fk_alert_owner_id"), "account", ["owner_id"], ["id"])
        batch.create_foreign_key(batch.f("fk_alert_decided_by"), "account", ["decided_by"], ["id"])
        batch.drop_constraint(batch.f("ck_alert_status_known"), type_="check")
        batch.create_check_constraint(batch.f("ck_alert_status_known"), "status IN ('open', 'decided', 'closed')")
        batch.create_check_constraint(
            batch.f("ck_alert_severity_known"), "severity IN ('urgent', 'important', 'watch')"
        )
        batch.create_check_constraint(
            batch.f("ck_alert_outcome_known"),
            "outcome IN ('funded', 'handoff', 'other_income', 'accepted', 'lifted', 'error', 'other')",
        )
        batch.create_check_constraint(
            batch.f("ck_alert_outcome_when_decided"), "(status = 'decided') = (outcome IS NOT NULL)"
        )
        batch.create_check_constraint(
            batch.f("ck_alert_motive_of_outcome"), "outcome IS NULL OR length(outcome_motive) > 0"
        )
    with op.batch_alter_table("alert", schema=None) as batch:
        batch.alter_column("severity", server_default=None)
    with op.batch_alter_table("alert", schema=None) as batch:
        batch.alter_column("outcome_motive", server_default=None)
    with op.batch_alter_table("alert", schema=None) as batch:
        batch.alter_column("version", server_default=None)


def change_income_right() -> None:
    with op.batch_alter_table("income_right", schema=None) as batch:
        batch.add_column(sa.Column("own_reference", sa.String(length=120), nullable=True))
        batch.add_column(sa.Column("import_file_id", NUMBER, nullable=True))
        batch.add_column(sa.Column("source_sheet", sa.String(length=120), nullable=True))
        batch.add_column(sa.Column("source_row", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("funder_id", NUMBER, nullable=True))
        batch.add_column(sa.Column("manager_id", NUMBER, nullable=True))
        batch.add_column(sa.Column("monthly_amount", conference.data.types.Cents(), nullable=True))
        batch.add_column(sa.Column("opened_months", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("main", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.add_column(sa.Column("withdrawn_at", conference.data.types.Instant(timezone=True), nullable=True))
        batch.add_column(sa.Column("withdrawn_by", NUMBER, nullable=True))
        batch.add_column(sa.Column("withdrawn_motive", sa.String(length=500), nullable=False, server_default=""))
        batch.create_index(batch.f("ix_income_right_import_file_id"), ["import_file_id"], unique=False)
        batch.create_index("uq_income_right_own_reference", ["parcours_id", "own_reference"], unique=True)
        batch.create_foreign_key(batch.f("fk_income_right_manager_id"), "organisation", ["manager_id"], ["id"])
        batch.create_foreign_key(batch.f("fk_income_right_funder_id"), "organisation", ["funder_id"], ["id"])
        batch.create_foreign_key(batch.f("fk_income_right_import_file_id"), "import_file", ["import_file_id"], ["id"])
        batch.create_foreign_key(batch.f("fk_income_right_withdrawn_by"), "account", ["withdrawn_by"], ["id"])
        batch.create_check_constraint(
            batch.f("ck_income_right_monthly_amount_not_negative"), "monthly_amount IS NULL OR monthly_amount >= 0"
        )
        batch.create_check_constraint(
            batch.f("ck_income_right_one_amount"), "daily_amount IS NULL OR monthly_amount IS NULL"
        )
        batch.create_check_constraint(
            batch.f("ck_income_right_opened_months_positive"), "opened_months IS NULL OR opened_months > 0"
        )
        batch.create_check_constraint(
            batch.f("ck_income_right_motive_of_withdrawal"), "(withdrawn_at IS NULL) = (withdrawn_motive = '')"
        )
    with op.batch_alter_table("income_right", schema=None) as batch:
        batch.alter_column("main", server_default=None)
    with op.batch_alter_table("income_right", schema=None) as batch:
        batch.alter_column("withdrawn_motive", server_default=None)


def change_parcours() -> None:
    with op.batch_alter_table("parcours", schema=None) as batch:
        batch.add_column(sa.Column("own_reference", sa.String(length=120), nullable=True))
        batch.add_column(sa.Column("import_file_id", NUMBER, nullable=True))
        batch.add_column(sa.Column("source_sheet", sa.String(length=120), nullable=True))
        batch.add_column(sa.Column("source_row", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("territory_id", NUMBER, nullable=True))
        batch.add_column(sa.Column("audience_id", NUMBER, nullable=True))
        batch.add_column(sa.Column("disabled", sa.Boolean(), nullable=True))
        batch.add_column(sa.Column("no_benefit", sa.Boolean(), nullable=True))
        batch.add_column(sa.Column("worked_6_of_12", sa.Boolean(), nullable=True))
        batch.add_column(sa.Column("single_parent", sa.Boolean(), nullable=True))
        batch.add_column(sa.Column("merged_into_id", NUMBER, nullable=True))
        batch.add_column(sa.Column("anonymised_at", conference.data.types.Instant(timezone=True), nullable=True))
        batch.create_index(batch.f("ix_parcours_import_file_id"), ["import_file_id"], unique=False)
        batch.create_index("uq_parcours_own_reference", ["referent_id", "own_reference"], unique=True)
        batch.create_foreign_key(batch.f("fk_parcours_territory_id"), "territory", ["territory_id"], ["id"])
        batch.create_foreign_key(batch.f("fk_parcours_import_file_id"), "import_file", ["import_file_id"], ["id"])
        batch.create_foreign_key(batch.f("fk_parcours_audience_id"), "audience", ["audience_id"], ["id"])
        batch.create_foreign_key(batch.f("fk_parcours_merged_into_id"), "parcours", ["merged_into_id"], ["id"])
        batch.create_check_constraint(
            batch.f("ck_parcours_merged_into_another"), "merged_into_id IS NULL OR merged_into_id <> id"
        )


def change_step() -> None:
    with op.batch_alter_table("step", schema=None) as batch:
        batch.add_column(sa.Column("own_reference", sa.String(length=120), nullable=True))
        batch.add_column(sa.Column("import_file_id", NUMBER, nullable=True))
        batch.add_column(sa.Column("source_sheet", sa.String(length=120), nullable=True))
        batch.add_column(sa.Column("source_row", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("action_id", NUMBER, nullable=True))
        batch.add_column(sa.Column("registered_on", sa.Date(), nullable=True))
        batch.add_column(sa.Column("weekly_hours", conference.data.types.FourDecimals(), nullable=True))
        batch.add_column(sa.Column("age_at_entry", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("prescribed", sa.Boolean(), nullable=True))
        batch.add_column(sa.Column("qualifying", sa.Boolean(), nullable=True))
        batch.add_column(sa.Column("shortage_occupation", sa.Boolean(), nullable=True))
        batch.add_column(sa.Column("approved_for_pay", sa.Boolean(), nullable=True))
        batch.add_column(sa.Column("withdrawn_at", conference.data.types.Instant(timezone=True), nullable=True))
        batch.add_column(sa.Column("withdrawn_motive", sa.String(length=500), nullable=False, server_default=""))
        batch.create_index(batch.f("ix_step_action_id"), ["action_id"], unique=False)
        batch.create_index(batch.f("ix_step_import_file_id"), ["import_file_id"], unique=False)
        batch.create_index("uq_step_own_reference", ["parcours_id", "own_reference"], unique=True)
        batch.create_foreign_key(batch.f("fk_step_import_file_id"), "import_file", ["import_file_id"], ["id"])
        batch.create_foreign_key(batch.f("fk_step_action_id"), "collective_action", ["action_id"], ["id"])
        batch.create_check_constraint(
            batch.f("ck_step_age_known"), "age_at_entry IS NULL OR age_at_entry BETWEEN 10 AND 110"
        )
        batch.create_check_constraint(
            batch.f("ck_step_weekly_hours_positive"), "weekly_hours IS NULL OR weekly_hours > 0"
        )
        batch.create_check_constraint(
            batch.f("ck_step_motive_of_withdrawal"), "(withdrawn_at IS NULL) = (withdrawn_motive = '')"
        )
    with op.batch_alter_table("step", schema=None) as batch:
        batch.alter_column("withdrawn_motive", server_default=None)
