"""Alembic's entry: the connection is always given by `conference.data.migrations`."""

from typing import Any, Literal

from alembic import context
from sqlmodel.sql.sqltypes import AutoString

from conference.data.tables import metadata


def plain_text(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Write SQLModel's own text type as the plain one, so that a revision depends on SQLAlchemy alone."""
    if kind == "type" and isinstance(item, AutoString):
        return f"sa.String(length={item.length})" if item.length else "sa.String()"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    render_item=plain_text,
    compare_type=True,
    transaction_per_migration=False,
)
context.run_migrations()
