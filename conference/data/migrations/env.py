"""Alembic's entry: the connection is always given by `conference.data.migrations`."""

from alembic import context

from conference.data.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    compare_type=True,
    transaction_per_migration=False,
)
context.run_migrations()
