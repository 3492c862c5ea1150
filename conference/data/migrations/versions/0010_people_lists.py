"""Lists of people: what opened since a day, and who read what of a person, each by an index.

Revision: 0010, after 0009.
"""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_alert_opened_at", "alert", ["opened_at"])
    op.create_index("ix_trace_subject", "trace", ["subject", "kind"])
