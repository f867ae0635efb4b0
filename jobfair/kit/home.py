"""Opens a home: its key file and its database."""

from jobfair.config import Settings
from jobfair.kit import audit, crypto
from jobfair.kit.db import Database


def open_home(settings: Settings) -> Database:
    """Open the key file and the database of a home, making the key file on first use."""
    crypto.create_key_file(settings.key_file)
    crypto.use_vault(crypto.open_vault(settings.key_file))
    return Database(settings.database_url, before_commit=(audit.seal_chain,))
