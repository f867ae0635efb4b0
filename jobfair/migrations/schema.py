"""Creates, upgrades and checks the tables of a database."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect
from sqlalchemy.engine import Connection

from jobfair.kit.db import Base, Database
from jobfair.migrations import tables  # noqa: F401 - importing it fills the metadata

_FOLDER = Path(__file__).resolve().parent


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.attributes["connection"] = connection
    return config


def newest_revision() -> str:
    """Return the revision the models stand at."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    if head is None:
        raise RuntimeError("there is no migration")
    return head


def _run(database: Database, step: Callable[[Config], Any]) -> None:
    with database.schema() as connection:
        step(_config(connection))


def create(database: Database) -> str:
    """Create all tables at once in an empty database, stamp it, and return its revision."""
    with database.schema() as connection:
        Base.metadata.create_all(connection)
        command.stamp(_config(connection), "head")
    return newest_revision()


def upgrade(database: Database) -> str:
    """Bring a database, empty or old, to the newest revision and return it."""
    _run(database, lambda config: command.upgrade(config, "head"))
    return newest_revision()


def downgrade(database: Database, revision: str) -> None:
    """Take a database back to an earlier revision."""
    _run(database, lambda config: command.downgrade(config, revision))


def current(database: Database) -> str | None:
    """Return the revision a database stands at, None for an empty one."""
    with database.schema() as connection:
        if not inspect(connection).get_table_names():
            return None
        return MigrationContext.configure(connection).get_current_revision()


def differences(database: Database) -> list[str]:
    """Return how the tables differ from the models, one plain line each; empty when they agree."""
    with database.schema() as connection:
        found = MigrationContext.configure(connection, opts={"compare_type": True})
        return [repr(entry) for entry in compare_metadata(found, Base.metadata)]
