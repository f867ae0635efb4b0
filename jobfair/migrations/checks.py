"""Changing what a table's check allows, where no row is against the new one."""

import sqlalchemy as sa
from alembic import op


def change_check(table: str, name: str, before: str, after: str) -> None:
    """Let a table's check say something else.

    SQLite keeps a check as text in its schema and nothing of it with the rows; making the table
    anew would take its triggers and all that refers to it along. Source: sqlite.org/lang_altertable
    section 7, the simpler procedure for changes that do not concern what is stored.

    Args:
        table: its name.
        name: of the constraint, as the database knows it.
        before: the condition, word for word as it was written.
        after: the condition from now on; every row must already satisfy it.
    """
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        op.drop_constraint(op.f(name), table, type_="check")
        op.create_check_constraint(op.f(name), table, after)
        return
    version = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    connection.execute(
        sa.text(
            "UPDATE sqlite_master SET sql = replace(sql, :before, :after) "
            "WHERE type = 'table' AND name = :table"
        ),
        {"before": before, "after": after, "table": table},
    )
    connection.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema = OFF")
