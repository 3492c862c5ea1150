"""The list of alerts in its own order, by an index; parcours of a territory.

Revision: 0012, after 0011.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("alert", sa.Column("settle_by", sa.Date(), nullable=True))
    op.execute("UPDATE alert SET settle_by = coalesce(due_on, first_day, '9999-12-31')")
    with op.batch_alter_table("alert", schema=None) as batch:
        batch.alter_column("settle_by", existing_type=sa.Date(), nullable=False)
        batch.create_check_constraint(
            batch.f("ck_alert_settle_by_told"), "settle_by = coalesce(due_on, first_day, '9999-12-31')"
        )
        batch.drop_index("ix_alert_status")
        batch.create_index(
            "ix_alert_settle_by", ["status", "settle_by", "severity", "code", "parcours_id"], unique=False
        )
        batch.create_index("ix_alert_age", ["status", "opened_at"], unique=False)
    op.create_index("ix_parcours_territory_id", "parcours", ["territory_id"])
