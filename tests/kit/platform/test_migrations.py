"""Migrations lead an empty database to exactly the models, and back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect, make_url, text

from jobfair.kit.db import APPEND_ONLY, Database
from jobfair.migrations import schema


@pytest.fixture
def empty(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Database]:
    """A database without tables, of this test's own."""
    if kind == "sqlite":
        database = Database(f"sqlite:///{tmp_path / 'empty.db'}")
        yield database
        database.close()
        return
    server = request.getfixturevalue("postgres_server")
    name = f"jobfair_empty_{request.getfixturevalue('worker_id')}"
    root = create_engine(server, isolation_level="AUTOCOMMIT")
    with root.connect() as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    database = Database(make_url(server).set(database=name).render_as_string(hide_password=False))
    yield database
    database.close()
    with root.connect() as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
    root.dispose()


def _tables(database: Database) -> set[str]:
    with database.schema() as connection:
        return set(inspect(connection).get_table_names())


def _triggers(database: Database) -> set[str]:
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if database.dialect == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    )
    with database.schema() as connection:
        return set(connection.execute(text(query)).scalars())


def test_up_down_and_up_again(empty: Database) -> None:
    assert schema.current(empty) is None
    assert schema.upgrade(empty) == schema.newest_revision()
    assert schema.differences(empty) == []
    assert schema.current(empty) == schema.newest_revision()
    schema.downgrade(empty, "base")
    assert _tables(empty) == {"alembic_version"}
    schema.upgrade(empty)
    assert schema.differences(empty) == []


def test_creating_and_migrating_make_the_same_triggers(empty: Database) -> None:
    schema.upgrade(empty)
    migrated = _triggers(empty)
    schema.downgrade(empty, "base")
    assert _triggers(empty) == set()
    with empty.schema() as connection:
        connection.execute(text("DROP TABLE alembic_version"))
    schema.create(empty)
    assert _triggers(empty) == migrated
    for table in APPEND_ONLY:
        assert any(name.startswith(table) for name in migrated), table
    assert schema.differences(empty) == []


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("CREATE TABLE extra (id INTEGER PRIMARY KEY)", "remove_table"),
        ("ALTER TABLE organisation ADD COLUMN extra INTEGER", "remove_column"),
        ("DROP INDEX ix_audit_entry_action", "add_index"),
    ],
)
def test_a_difference_is_reported(empty: Database, statement: str, said: str) -> None:
    schema.upgrade(empty)
    with empty.schema() as connection:
        connection.execute(text(statement))
    assert [said in line for line in schema.differences(empty)] == [True]
