"""Real files: remarks row by row, remembered columns, the undoing of an import.

The JSON report of each file becomes rows of `import_remark`.

Revision: 0005, after 0004.
"""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

import conference.data.types

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    make_import_remark()
    make_column_mapping()
    move_reports()
    change_import_file()


def make_import_remark() -> None:
    op.create_table(
        "import_remark",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("import_file_id", NUMBER, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("sheet", sa.String(length=120), nullable=True),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("cell", sa.String(length=20), nullable=True),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("message", sa.String(length=500), nullable=False),
        sa.CheckConstraint("kind IN ('refused', 'warning', 'gone', 'note')", name=op.f("ck_import_remark_kind_known")),
        sa.ForeignKeyConstraint(["import_file_id"], ["import_file.id"], name=op.f("fk_import_remark_import_file_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_remark")),
    )
    op.create_index("ix_import_remark_import_file_id", "import_remark", ["import_file_id", "kind", "id"])


def make_column_mapping() -> None:
    op.create_table(
        "column_mapping",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("organisation_id", NUMBER, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("columns", sa.String(), nullable=False),
        sa.Column("chosen_at", conference.data.types.Instant(timezone=True), nullable=False),
        sa.Column("chosen_by", NUMBER, nullable=True),
        sa.ForeignKeyConstraint(["chosen_by"], ["account.id"], name=op.f("fk_column_mapping_chosen_by")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_column_mapping_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_column_mapping")),
        sa.UniqueConstraint("organisation_id", "digest", name=op.f("uq_column_mapping_organisation_id_digest")),
    )


def move_reports() -> None:
    connection = op.get_bind()
    remark = sa.table(
        "import_remark", *(sa.column(name) for name in "import_file_id kind row cell code message".split())
    )
    for file_id, report in connection.execute(sa.text("SELECT id, report FROM import_file ORDER BY id")).all():
        told: Any = json.loads(report) or {}
        rows = [
            {**{name: each[name] for name in ("row", "cell", "code")}, "kind": kind, "message": each["message"][:500]}
            for kind, found in (("refused", told.get("refused", ())), ("warning", told.get("warnings", ())))
            for each in found
        ]
        rows += [
            {"row": 0, "cell": None, "code": "gone", "kind": "gone", "message": each} for each in told.get("gone", ())
        ]
        if rows:
            connection.execute(remark.insert(), [{"import_file_id": file_id, **row} for row in rows])


def change_import_file() -> None:
    with op.batch_alter_table("import_file", schema=None) as batch:
        batch.add_column(sa.Column("staged_id", sa.String(length=40), nullable=True))
        batch.add_column(sa.Column("rows", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("undone_at", conference.data.types.Instant(timezone=True), nullable=True))
        batch.add_column(sa.Column("undone_by", NUMBER, nullable=True))
        batch.add_column(sa.Column("undo_motive", sa.String(length=500), nullable=True))
        batch.add_column(sa.Column("undone", sa.Integer(), nullable=False, server_default="0"))
        batch.create_foreign_key(batch.f("fk_import_file_undone_by"), "account", ["undone_by"], ["id"])
        batch.create_check_constraint(
            batch.f("ck_import_file_motive_of_undo"),
            "(undone_at IS NULL AND undo_motive IS NULL) OR (undone_at IS NOT NULL AND length(undo_motive) > 0)",
        )
        batch.create_unique_constraint(batch.f("uq_import_file_staged_id"), ["staged_id"])
        batch.drop_column("report")
    op.execute('UPDATE import_file SET "rows" = created + adjusted + unchanged + refused')
    for name in ("rows", "undone"):
        with op.batch_alter_table("import_file", schema=None) as batch:
            batch.alter_column(name, server_default=None)
