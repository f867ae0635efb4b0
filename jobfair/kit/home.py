"""Opens a home: its key file and its database."""

from sqlalchemy import inspect, select

from jobfair.config import Settings
from jobfair.kit import audit, crypto
from jobfair.kit.db import Database
from jobfair.kit.errors import Refusal
from jobfair.kit.i18n import N_


class KeysMissing(Refusal):
    """The database was written to and the key file is gone; a new one would open nothing of it."""

    code = "keys_missing"
    message = N_(
        "The data keys are missing: %(path)s. What is stored opens with this file alone: put it "
        "back from its safe copy and start again."
    )


def open_home(settings: Settings) -> Database:
    """Open the key file and the database of a home, making the key file on first use.

    Raises:
        KeysMissing: the database was written to and the key file is gone.
        KeyFault: the key file is damaged.
    """
    database = Database(settings.database_url, before_commit=(audit.seal_chain,))
    if not settings.key_file.exists():
        if _was_used(database):
            raise KeysMissing(path=str(settings.key_file))
        crypto.create_key_file(settings.key_file)
    crypto.use_vault(crypto.open_vault(settings.key_file))
    return database


def _was_used(database: Database) -> bool:
    with database.reading() as session:
        if not inspect(session.connection()).has_table(audit.AuditEntry.__tablename__):
            return False
        return session.execute(select(audit.AuditEntry.seq).limit(1)).first() is not None
