"""The dashboard: decisions and persons in the rollups, the last day and instant of each funder, views kept under a name.

What the entries already say is added up once.

Revision: 0006, after 0005.
"""

import sqlalchemy as sa
from alembic import op

import conference.data.types

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KEYS = {
    "rollup_month": ("month", "funder_id", "to_funder_id", "dimension_set_id"),
    "rollup_total": ("funder_id", "to_funder_id", "dimension_set_id"),
    "rollup_funder": ("month", "funder_id", "to_funder_id"),
}
SOURCES = {
    "month": "e.booked_month",
    "funder_id": "e.funder_id",
    "to_funder_id": "coalesce(e.to_funder_id, 0)",
    "dimension_set_id": "c.dimension_set_id",
}
ENGAGED = "CASE WHEN e.id = f.id THEN 1 WHEN e.reverses_id = f.id THEN -1 ELSE 0 END"


def upgrade() -> None:
    for name, keys in KEYS.items():
        add_counts(name)
        fill_counts(name, keys)
    add_last()
    make_named_view()


def add_counts(name: str) -> None:
    with op.batch_alter_table(name, schema=None) as batch:
        batch.add_column(sa.Column("line_count", NUMBER, nullable=False, server_default="0"))
        batch.add_column(sa.Column("person_count", NUMBER, nullable=False, server_default="0"))
    for column in ("line_count", "person_count"):
        with op.batch_alter_table(name, schema=None) as batch:
            batch.alter_column(column, server_default=None)


def fill_counts(name: str, keys: tuple[str, ...]) -> None:
    told = ", ".join(f"{SOURCES[key]} AS {key}" for key in keys)
    found = f"""
        SELECT {told}, sum({ENGAGED}) AS line_count, sum({ENGAGED} * coalesce(c.persons, 0)) AS person_count
        FROM entry e JOIN commitment c ON c.id = e.commitment_id
        JOIN (SELECT commitment_id, min(id) AS id FROM entry WHERE kind = 'commitment' AND reverses_id IS NULL
              GROUP BY commitment_id) f ON f.commitment_id = e.commitment_id
        WHERE e.id = f.id OR e.reverses_id = f.id
        GROUP BY {", ".join(str(rank) for rank in range(1, len(keys) + 1))}"""
    same = " AND ".join(f"x.{key} = {name}.{key}" for key in keys)
    op.execute(
        f"UPDATE {name} SET line_count = x.line_count, person_count = x.person_count FROM ({found}) AS x WHERE {same}"
    )


def add_last() -> None:
    with op.batch_alter_table("rollup_funder", schema=None) as batch:
        batch.add_column(sa.Column("last_on", sa.Date(), nullable=True))
        batch.add_column(sa.Column("last_recorded_at", conference.data.types.Instant(timezone=True), nullable=True))
    op.execute("""
        UPDATE rollup_funder SET last_on = x.last_on, last_recorded_at = x.last_recorded_at
        FROM (SELECT booked_month, funder_id, coalesce(to_funder_id, 0) AS to_funder_id, max(effective_on) AS last_on,
                     max(recorded_at) AS last_recorded_at FROM entry GROUP BY 1, 2, 3) AS x
        WHERE x.booked_month = rollup_funder.month AND x.funder_id = rollup_funder.funder_id
          AND x.to_funder_id = rollup_funder.to_funder_id""")
    with op.batch_alter_table("rollup_funder", schema=None) as batch:
        batch.alter_column("last_on", nullable=False)
        batch.alter_column("last_recorded_at", nullable=False)


def make_named_view() -> None:
    op.create_table(
        "named_view",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("account_id", NUMBER, nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("address", sa.String(length=1000), nullable=False),
        sa.Column("kept_at", conference.data.types.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_named_view_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_named_view")),
        sa.UniqueConstraint("account_id", "name", name=op.f("uq_named_view_account_id_name")),
    )
