"""Alembic environment: runs on the connection it is given, under the write lock."""

from alembic import context

from jobfair.kit.db import Base
from jobfair.migrations import tables  # noqa: F401 - importing it fills the metadata

connection = context.config.attributes["connection"]
if connection.dialect.name == "postgresql":
    connection.exec_driver_sql("SET lock_timeout = '4s'")
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
    compare_server_default=True,
)
with context.begin_transaction():
    context.run_migrations()
