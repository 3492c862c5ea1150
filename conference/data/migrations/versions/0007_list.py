"""The list of lines over a million entries: indexes for its order, its counts, its months, and the lines that say nothing.

Revision: 0007, after 0006.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

SILENT = " AND ".join(
    f'"{kind}" = 0' for kind in ("commitment", "release", "settlement", "order", "payment", "repayment")
)


def upgrade() -> None:
    op.drop_index("ix_commitment_dimension_set_id", table_name="commitment")
    op.drop_index("ix_commitment_funder_id_id", table_name="commitment")
    op.create_index("ix_commitment_funder_id", "commitment", ["funder_id", "decided_on", "dimension_set_id"])
    op.create_index("ix_commitment_dimension_set_id", "commitment", ["dimension_set_id", "funder_id"])
    op.create_index("ix_commitment_decided_on", "commitment", ["decided_on", "funder_id", "dimension_set_id"])
    op.create_index("ix_entry_booked_month", "entry", ["booked_month", "commitment_id", "kind", "amount"])
    op.create_index(
        "ix_balance_silent",
        "balance",
        ["funder_id", "commitment_id"],
        sqlite_where=sa.text(SILENT),
        postgresql_where=sa.text(SILENT),
    )
